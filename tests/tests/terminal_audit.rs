//! The audit trail from the terminal: shown, checked, exported, and found out when it was touched.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::fs;

use toolroom_shared::{AuditOperation, AuditRecord, AuditReport, JobStatus};
use toolroom_tests::terminal::{run, snapshot, stderr, stdout, tell};

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
