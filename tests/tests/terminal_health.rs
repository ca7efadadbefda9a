//! `toolroom health`: of an engine in the same process, of one in another, and after a polite end.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::{fs, process::Command};

use serde_json::Value;
use toolroom_shared::{HealthSnapshot, ServiceState};
use toolroom_tests::terminal::{LongRun, stdout, tell};

#[test]
fn an_engine_of_ones_own_is_looked_at_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let said = stdout(&tell(folder.path(), &["health"]));
    assert!(said.starts_with("All is well."), "{said}");
    for part in ["store-writer: running", "Memory:", "Disk left:"] {
        assert!(said.contains(part), "no {part} in: {said}");
    }
    let json = stdout(&tell(folder.path(), &["health", "--json"]));
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["source"], "this_process");
    let health: HealthSnapshot = serde_json::from_value(report).unwrap();
    let up = |state| state == ServiceState::Running;
    assert!(health.services.iter().all(|service| up(service.state)));
    assert!(!folder.path().join("data/health.json").exists());
    assert!(!folder.path().join("data/engine.json").exists());
}

#[test]
fn another_process_is_told_of_and_a_polite_end_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let long = LongRun::begin(folder.path(), "");
    let json = stdout(&tell(folder.path(), &["health", "--json"]));
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["source"], "other_process", "{report}");
    let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
    assert_eq!(report["pid"].to_string(), pid.trim());

    let told = Command::new("kill").args(["-TERM", pid.trim()]).status();
    assert!(told.unwrap().success());
    let (code, _) = long.ended();
    assert_eq!(code, Some(130));
    for left in ["health.json", "engine.json"] {
        let file = folder.path().join("data").join(left);
        assert!(!file.exists(), "{left} was left behind");
    }
    // The history was closed in order: its log is empty or gone.
    let log = folder.path().join("data/toolroom.db-wal");
    assert_eq!(log.metadata().map_or(0, |about| about.len()), 0);
}
