//! Contracts whose names can't be on the wire, or meet there, and what is said of them.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    clippy::just_underscores_and_digits,
    missing_docs
)] // made for tests

mod refusals;

use refusals::{the_one, told};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::{Builder, collect_commands, collect_events};

#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Step {
    number: u32,
}

#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Step2 {
    inner: Option<String>,
}

mod meeting {
    #[tauri::command]
    #[specta::specta]
    #[allow(non_snake_case)]
    pub fn getThing() {}
}

#[tauri::command]
#[specta::specta]
fn get_thing() {}

#[tauri::command]
#[specta::specta]
#[allow(non_snake_case)]
fn twice(a_b: u8, aB: u8) {
    let _ = (a_b, aB);
}

#[test]
fn names_that_meet_in_lower_camel_case_are_told_apart_by_nobody() {
    the_one(
        Builder::new().commands(collect_commands![get_thing, meeting::getThing]),
        &["get_thing", "getThing", "commands"],
    );
    the_one(
        Builder::new().commands(collect_commands![twice]),
        &["a_b", "aB", "arguments", "twice"],
    );
}

#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Odd {
    #[serde(rename = "__proto__")]
    field: u8,
}

#[tauri::command]
#[specta::specta]
fn take_odd(odd: Odd, __: u8) {
    let _ = (odd.field, __);
}

#[derive(Clone, Serialize, Deserialize, Type, tauri_specta::Event)]
#[tauri_specta(event_name = "thing stored")]
pub struct ThingStored(u8);

#[test]
fn names_that_cannot_be_on_the_wire_are_refused() {
    let told = told(
        Builder::new()
            .commands(collect_commands![take_odd])
            .events(collect_events![ThingStored]),
    );
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(told[0].contains("\"thing stored\""), "{told:#?}");
    assert!(
        told[1].contains("The argument __ of the command take_odd"),
        "{told:#?}"
    );
    assert!(told[2].contains("field __proto__ of Odd"), "{told:#?}");
}

mod twin {
    #[derive(Clone, serde::Serialize, serde::Deserialize, specta::Type)]
    pub struct Step {
        name: String,
    }
}

#[tauri::command]
#[specta::specta]
fn take_twins(one: Step, other: twin::Step) {
    let _ = (one, other);
}

#[test]
fn two_types_of_one_name_are_refused() {
    the_one(
        Builder::new().commands(collect_commands![take_twins]),
        &["Step", "twin", "Rename one"],
    );
}

mod split_twins {
    #[derive(Clone, serde::Serialize, serde::Deserialize, specta::Type)]
    pub struct Step2 {
        other: Option<u8>,
    }
}

#[tauri::command]
#[specta::specta]
fn take_split_twins(one: Step2, other: split_twins::Step2) {
    let _ = (one, other);
}

/// specta-serde would take the halves of one for those of the other.
#[test]
fn two_types_of_one_name_are_refused_even_where_their_phases_differ() {
    for _ in 0..20 {
        let contract = Builder::new().commands(collect_commands![take_split_twins]);
        the_one(contract, &["Step2", "Rename one"]);
    }
}
