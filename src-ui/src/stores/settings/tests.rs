//! Settings against a backend in memory.

use std::sync::atomic::Ordering;

use futures::executor::block_on;
use serde_json::json;
use toolroom_ipc::FakeTransport;
use toolroom_shared::Settings;

use super::*;
use crate::form::FieldValue;

fn state(revision: u32, queue_depth: u32) -> Value {
    let mut settings = serde_json::to_value(Settings::default()).unwrap();
    settings["limits"]["queue_depth"] = json!(queue_depth);
    json!({ "revision": revision, "settings": settings, "problems": [] })
}

fn schema() -> Value {
    json!({"type": "object", "properties": {
        "limits": {"type": "object", "default": {}, "properties": {
            "events_kept": {"type": "integer", "default": 4096, "x-advanced": true},
            "queue_depth": {"type": "integer", "default": 10_000, "minimum": 1},
            "jobs_of_one_tool": {"type": ["integer", "null"], "default": null},
        }},
        "appearance": {"type": "object", "default": {}, "properties": {
            "theme": {"type": "string", "enum": ["system", "dark"], "default": "system"},
        }},
    }})
}

fn store(backend: &FakeTransport) -> SettingsStore {
    backend.answer("get_settings", |_| {
        Ok(json!({ "schema": schema(), "state": state(1, 10_000) }))
    });
    let client = Client::new(Arc::new(backend.clone()));
    let store = SettingsStore::new(
        client,
        Clock::by_hand(&Arc::default()),
        LinkStore::default(),
    );
    block_on(store.load_now());
    store
}

fn field(store: &SettingsStore, name: &str) -> SettingField {
    let fields = store.fields("limits");
    fields
        .into_iter()
        .find(|field| field.field.name == name)
        .unwrap()
}

fn typed(field: &SettingField, text: &str) {
    let key = field.field.key.clone();
    field
        .values
        .update(|values| values.set(&key, FieldValue::Text(text.into())));
    field.edition.fetch_add(1, Ordering::Relaxed);
    field.is_typed.store(true, Ordering::Relaxed);
}

fn text(field: &SettingField) -> String {
    let key = &field.field.key;
    field
        .values
        .with_untracked(|values| values.text(key).to_owned())
}

#[test]
fn sections_have_their_fields_and_what_few_people_need_comes_last() {
    let store = store(&FakeTransport::default());
    let names: Vec<_> = store
        .fields("limits")
        .iter()
        .map(|field| field.field.name.clone())
        .collect();
    assert_eq!(names, ["queue_depth", "jobs_of_one_tool", "events_kept"]);
    assert_eq!(store.fields("appearance").len(), 1);
    assert_eq!(text(&field(&store, "queue_depth")), "10000");
}

#[test]
fn a_field_sends_itself_alone_and_what_holds_then_is_shown() {
    let backend = FakeTransport::default();
    let store = store(&backend);
    backend.answer("change_settings", |_| Ok(state(2, 7)));
    let depth = field(&store, "queue_depth");
    assert!(!untrack(|| depth.is_changed()));
    typed(&depth, "7");
    assert!(block_on(depth.save_now()));
    let sent = json!({"changeJson": {"limits": {"queue_depth": 7}}});
    assert_eq!(backend.calls("change_settings"), [sent]);
    assert!(untrack(|| depth.is_changed()));
    // Nothing new was typed.
    assert!(!block_on(depth.save_now()));
    assert_eq!(backend.calls("change_settings").len(), 1);
}

#[test]
fn what_is_refused_stays_in_its_field_with_the_backends_words() {
    let backend = FakeTransport::default();
    let store = store(&backend);
    backend.answer("change_settings", |_| {
        let problems =
            json!([{"pointer": "/limits/queue_depth", "message": "Must be at least 1."}]);
        Err(
            json!({"code": "invalid_input", "message": "Nothing was changed.",
                   "details": { "problems": problems }, "retryable": false}),
        )
    });
    let depth = field(&store, "queue_depth");
    typed(&depth, "0");
    block_on(depth.save_now());
    let shown = untrack(|| depth.shown_problems());
    assert_eq!(shown["/limits/queue_depth"], ["Must be at least 1."]);
    // What is told meanwhile doesn't take away what has to be mended.
    store.take(serde_json::from_value(state(3, 9)).unwrap());
    assert_eq!(text(&depth), "0");
    backend.answer("reset_settings", |_| Ok(state(4, 10_000)));
    block_on(depth.reset_now());
    assert_eq!(text(&depth), "10000");
    assert!(untrack(|| depth.shown_problems()).is_empty());
}

#[test]
fn what_is_no_number_is_never_sent_and_an_emptied_field_goes_back_to_its_default() {
    let backend = FakeTransport::default();
    let store = store(&backend);
    backend.answer("change_settings", |_| Ok(state(2, 10_000)));
    let depth = field(&store, "queue_depth");
    typed(&depth, "many");
    block_on(depth.save_now());
    assert!(backend.calls("change_settings").is_empty());
    assert_eq!(untrack(|| depth.shown_problems()).len(), 1);
    typed(&depth, "");
    block_on(depth.save_now());
    let sent = json!({"changeJson": {"limits": {"queue_depth": null}}});
    assert_eq!(backend.calls("change_settings"), [sent]);
}

#[test]
fn what_was_known_before_never_goes_over_what_came_later() {
    let store = store(&FakeTransport::default());
    let depth = field(&store, "queue_depth");
    store.take(serde_json::from_value(state(5, 50)).unwrap());
    store.take(serde_json::from_value(state(4, 40)).unwrap());
    assert_eq!(text(&depth), "50");
    assert!(untrack(|| store.appearance()).is_some());
}

#[test]
fn settings_that_could_not_be_had_can_be_asked_for_again() {
    let backend = FakeTransport::default();
    let client = Client::new(Arc::new(backend.clone()));
    let clock = Clock::by_hand(&Arc::default());
    let store = SettingsStore::new(client, clock, LinkStore::default());
    block_on(store.load_now());
    assert!(matches!(
        untrack(|| store.phase()),
        SettingsPhase::Failed(_)
    ));
    backend.answer("get_settings", |_| {
        Ok(json!({ "schema": schema(), "state": state(1, 1) }))
    });
    block_on(store.load_now());
    assert_eq!(untrack(|| store.phase()), SettingsPhase::Ready);
}
