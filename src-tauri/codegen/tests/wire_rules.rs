//! A contract for each rule that breaks it, and what is said of it.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    clippy::just_underscores_and_digits,
    missing_docs
)] // made for tests

mod refusals;

use std::collections::HashMap;

use refusals::{the_one, told};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;
use tauri::ipc::Channel;
use tauri_specta::{Builder, collect_commands};

#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Counter {
    small: u32,
    big: u64,
}

#[tauri::command]
#[specta::specta]
fn count_all() -> Vec<Option<Counter>> {
    Vec::new()
}

#[tauri::command]
#[specta::specta]
fn count_again(counter: Counter) {
    let _ = counter;
}

#[test]
fn a_number_that_javascript_rounds_is_named_once_with_its_type_and_field() {
    the_one(
        Builder::new().commands(collect_commands![count_all, count_again]),
        &[
            "the argument counter of the command count_again",
            "field big of Counter",
            "u64",
            "f64",
            "2^53",
        ],
    );
}

#[tauri::command]
#[specta::specta]
fn take_size(size: usize, signed: HashMap<String, i128>) {
    let _ = (size, signed);
}

#[test]
fn wide_numbers_are_refused_in_arguments_and_containers_too() {
    let told = told(Builder::new().commands(collect_commands![take_size]));
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].starts_with("The argument size of the command take_size is"));
    assert!(told[1].contains("i128"));
}

#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Numbers {
    #[specta(type = f64)]
    exact: u64,
    anything: Value,
    perhaps: Option<Value>,
}

#[tauri::command]
#[specta::specta]
fn all_is_well(numbers: Numbers, value: Value) -> Numbers {
    let _ = value;
    numbers
}

#[test]
fn numbers_that_are_f64_on_the_wire_and_any_json_are_allowed() {
    assert_eq!(
        told(Builder::new().commands(collect_commands![all_is_well])),
        [""; 0]
    );
}

#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Step {
    number: u32,
}

#[derive(Type)]
pub struct Listening {
    on_step: Channel<Step>,
}

impl<'de> Deserialize<'de> for Listening {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("only its type is looked at"))
    }
}

#[tauri::command]
#[specta::specta]
fn listen_well(on_step: Channel<Step>) {
    let _ = on_step;
}

#[tauri::command]
#[specta::specta]
fn listen_inside(listening: Listening) {
    let _ = listening.on_step;
}

#[tauri::command]
#[specta::specta]
fn give_channels(on_step: Channel<Step>) -> Vec<Channel<Step>> {
    vec![on_step]
}

#[test]
fn a_channel_is_an_argument_and_nothing_else() {
    the_one(
        Builder::new().commands(collect_commands![give_channels]),
        &["The result of the command give_channels", "channel"],
    );
    assert_eq!(
        told(Builder::new().commands(collect_commands![listen_well])),
        [""; 0]
    );
    the_one(
        Builder::new().commands(collect_commands![listen_inside]),
        &[
            "the argument listening of the command listen_inside",
            "on_step of Listening",
            "channel",
        ],
    );
}

#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Renamed {
    #[serde(rename(serialize = "sent", deserialize = "received"))]
    field: String,
}

#[tauri::command]
#[specta::specta]
fn take_renamed(renamed: Renamed) {
    let _ = renamed;
}

#[test]
fn a_type_that_is_written_otherwise_than_it_is_read_must_be_two() {
    the_one(
        Builder::new().commands(collect_commands![take_renamed]),
        &["type Renamed", "received, sent", "Make two types of it"],
    );
}

#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Aliased {
    #[serde(alias = "old")]
    new: String,
}

#[tauri::command]
#[specta::specta]
fn take_aliased(aliased: Aliased) {
    let _ = aliased;
}

#[test]
fn an_alias_is_another_shape() {
    the_one(
        Builder::new().commands(collect_commands![take_aliased]),
        &["Aliased", "two types"],
    );
}

#[derive(Clone, Default, Serialize, Deserialize, Type)]
pub struct Lenient {
    #[serde(default)]
    a: Vec<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    b: Vec<u8>,
    c: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    d: Option<Step2>,
}

#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Step2 {
    inner: Option<String>,
}

#[tauri::command]
#[specta::specta]
fn take_lenient(lenient: Lenient) -> Lenient {
    lenient
}

#[test]
fn fields_that_may_be_left_out_are_no_other_shape() {
    assert_eq!(
        told(Builder::new().commands(collect_commands![take_lenient])),
        [""; 0]
    );
}

#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Forgetful {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
}

#[tauri::command]
#[specta::specta]
fn forget() -> Forgetful {
    Forgetful { words: Vec::new() }
}

#[test]
fn what_may_be_left_out_when_it_is_written_may_be_missing_when_it_is_read() {
    the_one(
        Builder::new().commands(collect_commands![forget]),
        &["field words of Forgetful", "#[serde(default)]"],
    );
}

#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
pub struct Name(String);

#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
pub enum Kind {
    Warm,
    Cold,
}

#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Maps {
    good: HashMap<String, u8>,
    named: HashMap<Name, u8>,
    kinds: HashMap<Kind, u8>,
    bad: HashMap<u32, u8>,
}

#[tauri::command]
#[specta::specta]
fn give_maps() -> Option<Maps> {
    None
}

#[test]
fn a_map_is_looked_up_by_text() {
    the_one(
        Builder::new().commands(collect_commands![give_maps]),
        &["field bad of Maps", "keys", "String"],
    );
}

#[tauri::command]
#[specta::specta]
fn two_at_once(__: i64) {
    let _ = __;
}

#[test]
fn all_problems_of_a_contract_are_found_at_once() {
    let told = told(Builder::new().commands(collect_commands![
        count_all,
        listen_inside,
        take_aliased,
        forget,
        give_maps,
        two_at_once,
    ]));
    assert_eq!(told.len(), 7, "{told:#?}");
}
