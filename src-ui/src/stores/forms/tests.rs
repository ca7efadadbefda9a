//! A form's checking and running against a backend in memory.

use super::*;
use crate::form::FieldValue;
use crate::stores::NoticesStore;
use futures::executor::block_on;
use serde_json::json;
use toolroom_ipc::FakeTransport;
use toolroom_shared::{Preset, ToolBehavior, ToolCategory, ToolLimits};

fn session(backend: &FakeTransport) -> FormSession {
    let client = Client::new(Arc::new(backend.clone()));
    let clock = Clock::by_hand(&Arc::default());
    let link = LinkStore::default();
    let notices = NoticesStore::new(clock.clone());
    let jobs = JobsStore::new(client.clone(), clock.clone(), link.clone(), notices);
    let tool = Arc::new(ToolDefinition {
        name: "any-tool".into(),
        title: "Any tool".into(),
        description: String::new(),
        category: ToolCategory::Files,
        version: "1.0.0".into(),
        input_schema: json!({"type": "object", "required": ["paths"], "properties": {
            "paths": {"type": "array", "items": {"type": "string", "format": "path"}},
            "size": {"type": "integer"},
        }}),
        output_schema: json!({}),
        message_schema: None,
        permissions: vec![],
        limits: ToolLimits::default(),
        behavior: ToolBehavior::default(),
    });
    FormsStore::new(client, clock, link, jobs).session(&tool)
}

#[test]
fn problems_stop_a_run_and_the_first_field_gets_the_focus() {
    let backend = FakeTransport::default();
    backend.answer("check_input", |_| {
        Ok(json!([{"pointer": "/size", "message": "Too small."},
                  {"pointer": "/paths", "message": "Choose something."}]))
    });
    let session = session(&backend);
    block_on(session.run_now());
    assert!(backend.calls("start_tool_job").is_empty());
    assert_eq!(session.shown_problems().len(), 2);
    let (_, focus) = session.focus.get_untracked().unwrap();
    assert_eq!(focus, "/paths");
}

#[test]
fn only_touched_fields_show_problems_before_a_run() {
    let backend = FakeTransport::default();
    backend.answer("check_input", |_| {
        Ok(json!([{"pointer": "/size", "message": "Too small."},
                  {"pointer": "/paths", "message": "Choose something."}]))
    });
    let session = session(&backend);
    session.touched.update(|t| {
        t.insert("/size".into());
    });
    block_on(session.check_after_pause(0));
    let shown = session.shown_problems();
    assert_eq!(shown.keys().collect::<Vec<_>>(), ["/size"]);
}

#[test]
fn an_overtaken_check_says_nothing() {
    let backend = FakeTransport::default();
    let session = session(&backend);
    block_on(session.check_after_pause(7));
    assert!(backend.calls("check_input").is_empty());
}

#[test]
fn a_run_sends_what_is_pending_and_each_has_a_key_of_its_own() {
    let backend = FakeTransport::default();
    backend.answer("check_input", |_| Ok(json!([])));
    backend.answer("start_tool_job", |_| Ok(json!({"job_id": "j"})));
    let session = session(&backend);
    session.values.update(|v| v.set_pending("/paths", "/a"));
    block_on(session.run_now());
    block_on(session.run_now());
    let calls = backend.calls("start_tool_job");
    assert_eq!(calls[0]["inputJson"], json!({"paths": ["/a"]}));
    let key = |index: usize| calls[index]["options"]["idempotency_key"].clone();
    assert!(key(0).is_string());
    assert_ne!(key(0), key(1));
}

#[test]
fn what_can_not_be_read_is_a_problem_of_the_form_itself() {
    let backend = FakeTransport::default();
    backend.answer("check_input", |_| {
        Ok(json!([{"pointer": "/size", "message": "Is required."}]))
    });
    let session = session(&backend);
    session
        .values
        .update(|v| v.set("/size", FieldValue::Text("big".into())));
    block_on(session.run_now());
    assert_eq!(session.shown_problems()["/size"], ["Enter a whole number."]);
}

#[test]
fn a_refused_start_shows_its_problems_or_its_words() {
    let backend = FakeTransport::default();
    backend.answer("check_input", |_| Ok(json!([])));
    backend.answer("start_tool_job", |_| {
        Err(
            json!({"code": "queue_full", "message": "The queue is full.",
                   "details": null, "retryable": true}),
        )
    });
    let session = session(&backend);
    block_on(session.run_now());
    assert_eq!(
        session.refusal.get_untracked(),
        Some(Refusal {
            reason: "The queue is full.".into(),
            job: None,
        })
    );
}

#[test]
fn a_start_that_repeats_an_unfinished_job_leads_to_that_job() {
    let backend = FakeTransport::default();
    backend.answer("check_input", |_| Ok(json!([])));
    backend.answer("start_tool_job", |_| {
        Err(
            json!({"code": "duplicate_input", "message": "Job j does the same.",
                   "details": {"job_id": "j"}, "retryable": true}),
        )
    });
    let session = session(&backend);
    block_on(session.run_now());
    let refusal = session.refusal.get_untracked().unwrap();
    assert_eq!(refusal.job, Some(JobId("j".into())));
}

#[test]
fn a_preset_is_filled_in_and_says_whether_it_was_changed_since() {
    let session = session(&FakeTransport::default());
    assert_eq!(session.preset_in_use(), None);
    let preset = Preset {
        name: "Small".into(),
        input: json!({"paths": ["/a"], "size": 7}),
    };
    session.apply_preset(&preset);
    assert_eq!(session.input(), preset.input);
    assert_eq!(session.preset_in_use(), Some(("Small".into(), false)));
    let edit = |text: &str| {
        let text = FieldValue::Text(text.into());
        session.values.update(|values| values.set("/size", text));
    };
    edit("8");
    assert_eq!(session.preset_in_use(), Some(("Small".into(), true)));
    edit("7");
    session.preset_renamed("Small", "Tiny");
    assert_eq!(session.preset_in_use(), Some(("Tiny".into(), false)));
    session.reset();
    assert_eq!(session.preset_in_use(), None);
}

#[test]
fn the_line_for_a_terminal_says_what_stands_in_the_form() {
    let session = session(&FakeTransport::default());
    session.values.update(|values| {
        values.set_pending("/paths", "/a b");
        values.set("/size", FieldValue::Text("9".into()));
    });
    assert_eq!(
        session.command_line(),
        "toolroom run any-tool --paths '/a b' --size 9"
    );
}

#[test]
fn an_earlier_input_is_filled_in_and_secrets_are_left_empty_and_counted() {
    let backend = FakeTransport::default();
    let session = session(&backend);
    assert_eq!(
        session.fill_in(&json!({"paths": ["/a", "/b"], "size": 7})),
        0
    );
    let (input, found) = session
        .values
        .with_untracked(|values| session.model.input(values));
    assert_eq!(
        (input, found.len()),
        (json!({"paths": ["/a", "/b"], "size": 7}), 0)
    );
    let mut tool = ToolDefinition::clone(&session.tool);
    tool.input_schema["properties"]["key"] =
        json!({"type": "string", "x-secret": true, "writeOnly": true});
    let session = FormSession::new(session.backend.clone(), Arc::new(tool));
    let kept = json!({"paths": ["/a"], "key": {"redacted": true}});
    assert_eq!(session.fill_in(&kept), 1);
    let (input, _) = session
        .values
        .with_untracked(|values| session.model.input(values));
    assert_eq!(input, json!({"paths": ["/a"]}));
}
