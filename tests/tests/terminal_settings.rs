//! Settings from the terminal: shown, changed, refused, put back, and in the audit trail.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::path::Path;

use serde_json::Value;
use toolroom_shared::{AuditOperation, AuditRecord};
use toolroom_tests::terminal::{LongRun, stderr, stdout, tell};

fn shown(folder: &Path) -> Value {
    let shown = tell(folder, &["settings", "show", "--json"]);
    serde_json::from_slice(&shown.stdout).unwrap()
}

/// What was set, oldest first, with who set it.
fn noted(folder: &Path) -> Vec<(String, Option<String>)> {
    let shown = tell(
        folder,
        &["audit", "show", "--json", "--operation", "setting"],
    );
    let mut entries: Vec<AuditRecord> = serde_json::from_slice(&shown.stdout).unwrap();
    entries.reverse();
    assert!(
        entries
            .iter()
            .all(|entry| entry.operation == AuditOperation::Setting)
    );
    entries
        .into_iter()
        .map(|entry| (entry.caller, entry.subject))
        .collect()
}

#[test]
fn a_setting_is_set_found_again_and_put_back_and_each_is_in_the_trail() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(shown(folder)["limits"]["queue_depth"], 10_000);
    assert!(!folder.join("data").exists());
    let set = tell(folder, &["settings", "set", "limits.queue_depth", "7"]);
    assert_eq!(stdout(&set), "limits.queue_depth: 7\n", "{set:?}");
    let set = tell(folder, &["settings", "set", "appearance.theme", "dark"]);
    assert_eq!(stdout(&set), "appearance.theme: dark\n", "{set:?}");
    let now = shown(folder);
    assert_eq!(now["limits"]["queue_depth"], 7);
    assert_eq!(now["appearance"]["theme"], "dark");
    let back = tell(folder, &["settings", "reset", "limits"]);
    assert!(
        stdout(&back).contains("limits.queue_depth: 10000\n"),
        "{back:?}"
    );
    let terminal = |what: &str| ("terminal".to_owned(), Some(what.to_owned()));
    assert_eq!(
        noted(folder),
        [
            terminal("limits.queue_depth: 7"),
            terminal("appearance.theme: \"dark\""),
            terminal("limits.queue_depth: 10000"),
        ]
    );
}

#[test]
fn what_can_not_be_set_is_said_as_it_was_typed_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (what, value, said) in [
        (
            "limits.queue_depth",
            "0",
            "limits.queue_depth: Must be at least 1.",
        ),
        (
            "appearance.theme",
            "pink",
            "appearance.theme: Must be one of",
        ),
        ("limits.spead", "1", "limits.spead: There is no such field."),
        ("limits", "1", "Say which of it"),
    ] {
        let refused = tell(folder, &["settings", "set", what, value]);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(stderr(&refused).contains(said), "{refused:?}");
        assert!(refused.stdout.is_empty());
    }
    assert!(!folder.join("data/settings.json").exists());
}

#[test]
fn what_is_set_while_another_process_runs_the_engine_is_taken_in_and_noted_there() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut long = LongRun::begin(folder, "");
    let set = tell(folder, &["settings", "set", "limits.queue_depth", "9"]);
    assert_eq!(stdout(&set), "limits.queue_depth: 9\n", "{set:?}");
    let wanted = (
        "terminal".to_owned(),
        Some("limits.queue_depth: 9".to_owned()),
    );
    while noted(folder) != [wanted.clone()] {
        // sleep: a file tells nobody
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    long.press_ctrl_c();
    assert_eq!(long.ended().0, Some(130));
}
