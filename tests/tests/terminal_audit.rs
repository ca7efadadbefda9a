//! The audit trail from the terminal: shown, checked, exported, and found out when it was touched.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use toolroom_shared::{AuditDecision, AuditOperation, AuditRecord, AuditReport, JobStatus};
use toolroom_tests::terminal::{LongRun, run, snapshot, stderr, stdout, tell, toolroom};

#[test]
fn what_was_run_is_in_the_trail_which_is_whole_until_it_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("f"), "abc").unwrap();
    let none = tell(folder, &["audit", "verify"]);
    assert_eq!(none.status.code(), Some(0), "{none:?}");
    assert!(!folder.join("data").exists());

    let job = snapshot(&run(folder, &["hash-files", "--paths", "f", "--json"]));
    let shown = tell(folder, &["audit", "show", "--json"]);
    let entries: Vec<AuditRecord> = serde_json::from_slice(&shown.stdout).unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.operation, entry.status, entry.job_id.as_ref()))
        .collect();
    let id = Some(&job.job_id);
    assert_eq!(
        told,
        [
            (AuditOperation::End, Some(JobStatus::Succeeded), id),
            (AuditOperation::Start, Some(JobStatus::Queued), id),
            (AuditOperation::Begin, None, None),
        ]
    );
    assert_eq!(entries[1].caller, "terminal");
    let ends = tell(folder, &["audit", "show", "--operation", "end"]);
    assert_eq!(stdout(&ends).lines().count(), 2, "{ends:?}");
    let refused = tell(folder, &["audit", "show", "--since", "yesterday"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("Write a date"), "{refused:?}");

    let whole = tell(folder, &["audit", "verify"]);
    assert_eq!(whole.status.code(), Some(0));
    assert!(stdout(&whole).contains("3 entries"), "{whole:?}");
    let exported = tell(folder, &["audit", "export", "trail.jsonl"]);
    assert_eq!(exported.status.code(), Some(0), "{exported:?}");
    let check = ["audit", "verify", "--json", "--file", "trail.jsonl"];
    let report: AuditReport = serde_json::from_slice(&tell(folder, &check).stdout).unwrap();
    assert_eq!((report.checked, report.fault), (3, None));

    let text = fs::read_to_string(folder.join("trail.jsonl")).unwrap();
    fs::write(
        folder.join("trail.jsonl"),
        text.replace("Succeeded", "Failed"),
    )
    .unwrap();
    let broken = tell(folder, &["audit", "verify", "--file", "trail.jsonl"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(
        stdout(&broken).contains("Entry 3 was changed"),
        "{broken:?}"
    );
}

/// The entries of this operation, oldest first: who, what was decided, the tool and what it is about.
fn told(folder: &Path, operation: &str) -> Vec<(String, AuditDecision, Option<String>, String)> {
    let show = ["audit", "show", "--json", "--operation", operation];
    let mut entries: Vec<AuditRecord> =
        serde_json::from_slice(&tell(folder, &show).stdout).unwrap();
    entries.reverse();
    let parts = entries.into_iter().map(|entry| {
        let subject = entry.subject.unwrap_or_default();
        (entry.caller, entry.decision, entry.tool_name, subject)
    });
    parts.collect()
}

fn by_the_terminal(
    decision: AuditDecision,
    what: &str,
) -> (String, AuditDecision, Option<String>, String) {
    ("terminal".to_owned(), decision, None, what.to_owned())
}

fn well(folder: &Path, arguments: &[&str]) {
    let output = tell(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

/// Keeps a secret that is read from standard input.
fn keep(folder: &Path, arguments: &[&str]) -> Option<i32> {
    let mut child = toolroom(folder)
        .args([&["secret", "set"], arguments].concat())
        // No keyring answers at an address that doesn't exist.
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"CANARY-7f3a").unwrap();
    drop(input);
    child.wait().unwrap().code()
}

/// Every file below a folder that holds `text`.
fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else if String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(text) {
            found.push(path);
        }
    }
    found
}

#[test]
fn what_is_granted_and_kept_in_a_terminal_is_in_the_trail_at_once() {
    use AuditDecision::{Allowed, Refused};
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let grant = ["permissions", "grant", "http:desk", "--tool", "hash-files"];
    well(folder, &[&grant[..], &["--rate", "5"]].concat());
    // The same once more changes nothing, and so is nothing.
    well(folder, &[&grant[..], &["--rate", "5"]].concat());
    well(folder, &["permissions", "revoke", "http:desk"]);
    assert_eq!(
        told(folder, "permission"),
        [
            by_the_terminal(Allowed, "http:desk: tools +hash-files, 5 starts a minute"),
            by_the_terminal(Allowed, "http:desk: nothing any more"),
        ]
    );

    assert_eq!(keep(folder, &["TOKEN"]), Some(1));
    assert_eq!(keep(folder, &["TOKEN", "--allow-file"]), Some(0));
    assert_eq!(
        holding(folder, "CANARY-7f3a"),
        [folder.join("data/secrets.private")]
    );
    well(folder, &["secret", "remove", "TOKEN"]);
    assert_eq!(
        told(folder, "secret"),
        [
            by_the_terminal(Refused, "TOKEN kept"),
            by_the_terminal(Allowed, "TOKEN kept"),
            by_the_terminal(Allowed, "TOKEN forgotten"),
        ]
    );
    assert_eq!(holding(folder, "CANARY-7f3a"), Vec::<PathBuf>::new());
    well(folder, &["audit", "verify"]);
}

#[test]
fn what_is_granted_while_another_process_runs_the_engine_is_taken_over_by_that_one() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut long = LongRun::begin(folder, "");
    well(folder, &["permissions", "grant", "mcp:x", "--all-tools"]);
    well(folder, &["permissions", "revoke", "mcp:x"]);
    let expected = [
        by_the_terminal(AuditDecision::Allowed, "mcp:x: every tool"),
        by_the_terminal(AuditDecision::Allowed, "mcp:x: nothing any more"),
    ];
    let since = Instant::now();
    while told(folder, "permission") != expected {
        assert!(
            since.elapsed() < Duration::from_secs(30),
            "it isn't taken over"
        );
    }
    // What is noted last is taken over before that engine has closed.
    well(folder, &["permissions", "grant", "mcp:y", "--all-tools"]);
    long.press_ctrl_c();
    let (code, _) = long.ended();
    assert_eq!(code, Some(130));
    assert_eq!(told(folder, "permission").len(), 3);
    well(folder, &["audit", "verify"]);
}
