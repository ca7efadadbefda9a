//! What is found when a folder is opened: a history, nothing, or something else.

use std::{fs, path::Path, sync::Arc};

use proptest::prelude::*;
use rusqlite::Connection;
use toolroom_shared::JobStatus;

use super::support::{Desk, accepted, back_to, ended, job, running, whole_life, with_origin};
use crate::{
    record::Output,
    store::{History, StoreErrorKind, StoreOptions},
};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn reopening_gives_back_everything() {
    let desk = Desk::new();
    assert_eq!((desk.opens, desk.next_seq), (1, 1));
    let waiting = job(2);
    desk.write_all(whole_life(&job(1)));
    desk.write_all([accepted(&waiting)]);
    let before = desk.history().page(&super::reading::all()).unwrap();
    let desk = desk.reopened(StoreOptions::default());
    assert_eq!((desk.opens, desk.next_seq), (2, 3));
    assert_eq!(desk.set_aside, None);
    let after = desk.history().page(&super::reading::all()).unwrap();
    assert_eq!(after, before);
    assert_eq!(desk.history().unfinished().unwrap(), [waiting]);
}

#[test]
fn a_history_from_before_callers_had_names_is_taken_over_and_takes_names() {
    let keyed = |seq, caller: &str| {
        with_origin(job(seq), |origin| {
            origin.caller = caller.parse().unwrap();
            origin.idempotency_key = Some("k".into());
        })
    };
    let desk = Desk::new();
    let (old, ended_before) = (keyed(1, "terminal"), job(2));
    desk.write_all([accepted(&old)]);
    desk.write_all(whole_life(&ended_before));
    let before = desk.history().page(&super::reading::all()).unwrap();
    let told_before = desk.history().transitions(2).unwrap();
    let folder = desk.closed();
    back_to(folder.path(), 2);

    let desk = Desk::at(folder, StoreOptions::default()).unwrap();
    assert_eq!(desk.set_aside, None);
    let after = desk.history().page(&super::reading::all()).unwrap();
    assert_eq!(after, before);
    assert_eq!(desk.history().transitions(2).unwrap(), told_before);
    // One key is another's with another name.
    let named = [keyed(3, "http:a"), keyed(4, "http:b"), keyed(5, "mcp:a")];
    desk.write_all(named.iter().map(accepted));
    for job in named.iter().chain([&old]) {
        let found = desk.history().by_key(&job.origin.caller, "k").unwrap();
        assert_eq!(found.as_ref(), Some(job));
    }
    let twice = desk.write(accepted(&keyed(6, "http:b")));
    assert_eq!(twice, Err(StoreErrorKind::DuplicateKey));
}

#[test]
fn what_is_no_history_is_set_aside_byte_for_byte() {
    let mut header_only = b"SQLite format 3\0".to_vec();
    header_only.resize(5_000, 7);
    for content in [b"not a database".to_vec(), vec![0; 9_000], header_only] {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        fs::write(folder.path().join("toolroom.db"), &content).unwrap();
        fs::create_dir(folder.path().join("artifacts")).unwrap();
        fs::write(folder.path().join("artifacts/mine.json"), "[1]").unwrap();
        let desk = Desk::at(folder, StoreOptions::default()).unwrap();
        let aside = desk.set_aside.clone().unwrap();
        assert_eq!(fs::read(&aside).unwrap(), content);
        let outputs = aside.with_extension("artifacts");
        assert_eq!(fs::read(outputs.join("mine.json")).unwrap(), b"[1]");
        desk.write_all(whole_life(&job(1)));
    }
}

#[test]
fn a_second_damaged_file_does_not_take_the_place_of_the_first() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    for number in 0..3 {
        fs::write(
            folder.path().join("toolroom.db"),
            format!("damage {number}"),
        )
        .unwrap();
        Desk::at(Arc::clone(&folder), StoreOptions::default())
            .unwrap()
            .closed();
    }
    let kept = names(folder.path());
    let kept = kept
        .iter()
        .filter(|name| name.contains("corrupt") && name.ends_with(".db"));
    assert_eq!(kept.count(), 3);
}

#[test]
fn a_damaged_file_is_set_aside_with_its_log() {
    let desk = Desk::new();
    desk.write_all(whole_life(&job(1)));
    let crashed = Arc::new(tempfile::tempdir().unwrap());
    for name in ["toolroom.db", "toolroom.db-wal"] {
        fs::copy(desk.path().join(name), crashed.path().join(name)).unwrap();
    }
    fs::write(
        crashed.path().join("toolroom.db"),
        "overwritten by accident",
    )
    .unwrap();
    let log = fs::read(crashed.path().join("toolroom.db-wal")).unwrap();
    let desk = Desk::at(crashed, StoreOptions::default()).unwrap();
    let aside = desk.set_aside.unwrap();
    let kept = fs::read(aside.with_extension("db-wal")).unwrap();
    assert!(!log.is_empty() && kept == log);
}

#[test]
fn a_log_without_its_file_is_set_aside_and_not_deleted() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    fs::write(folder.path().join("toolroom.db-wal"), "what there is").unwrap();
    let desk = Desk::at(folder, StoreOptions::default()).unwrap();
    let kept = desk.set_aside.unwrap().with_extension("db-wal");
    assert_eq!(fs::read(kept).unwrap(), b"what there is");
}

#[test]
fn a_table_that_is_missing_is_damage() {
    let desk = Desk::new();
    let folder = desk.closed();
    let connection = Connection::open(folder.path().join("toolroom.db")).unwrap();
    connection.execute_batch("DROP TABLE outputs").unwrap();
    drop(connection);
    let desk = Desk::at(folder, StoreOptions::default()).unwrap();
    assert!(desk.set_aside.is_some());
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_untouched() {
    let desk = Desk::new();
    desk.write_all(whole_life(&job(1)));
    let folder = desk.closed();
    let path = folder.path().join("toolroom.db");
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    // Left behind with a log, as by a crash.
    let crashed = Arc::new(tempfile::tempdir().unwrap());
    for name in ["toolroom.db", "toolroom.db-wal"] {
        fs::copy(folder.path().join(name), crashed.path().join(name)).unwrap();
    }
    let contents = |name: &str| fs::read(crashed.path().join(name)).unwrap();
    let before = (contents("toolroom.db"), contents("toolroom.db-wal"));
    let error = Desk::at(Arc::clone(&crashed), StoreOptions::default())
        .err()
        .unwrap();
    assert_eq!(error.kind, StoreErrorKind::Other);
    assert!(error.message.contains("newer"), "{error}");
    let error = History::open(crashed.path()).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Other);
    assert_eq!(
        (contents("toolroom.db"), contents("toolroom.db-wal")),
        before
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_log_that_is_cut_anywhere_leaves_the_first_changes_whole(cut in 0.0f64..1.0) {
        let desk = Desk::with(StoreOptions { max_batch: 3, ..StoreOptions::default() });
        for seq in 1..=40 {
            desk.write_all(whole_life(&job(seq)));
        }
        let crashed = Arc::new(tempfile::tempdir().unwrap());
        for name in ["toolroom.db", "toolroom.db-wal"] {
            fs::copy(desk.path().join(name), crashed.path().join(name)).unwrap();
        }
        let log = fs::OpenOptions::new()
            .write(true)
            .open(crashed.path().join("toolroom.db-wal"))
            .unwrap();
        let length = log.metadata().unwrap().len() as f64;
        log.set_len((length * cut) as u64).unwrap();
        let desk = Desk::at(crashed, StoreOptions::default()).unwrap();
        let next = desk.next_seq;
        for seq in 1..next {
            let entries = desk.history().transitions(seq).unwrap();
            prop_assert!(entries.len() == 3 || seq + 1 == next, "job {} of {}", seq, next);
        }
        desk.write_all(whole_life(&job(next)));
    }
}

#[test]
fn a_folder_without_a_history_stays_without_one_when_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    assert!(History::open(folder.path()).unwrap().is_none());
    assert!(names(folder.path()).is_empty());
    let missing = folder.path().join("missing");
    assert!(History::open(&missing).unwrap().is_none());
    assert!(!missing.exists());
}

#[test]
fn a_history_is_read_while_it_is_written_and_when_nobody_writes() {
    let desk = Desk::new();
    let history = History::open(desk.path()).unwrap().unwrap();
    for seq in 1..=5 {
        desk.write_all(whole_life(&job(seq)));
        assert_eq!(
            history.page(&super::reading::all()).unwrap().total,
            seq as u32
        );
    }
    let folder = desk.closed();
    assert_eq!(history.page(&super::reading::all()).unwrap().total, 5);
    let history = History::open(folder.path()).unwrap().unwrap();
    assert_eq!(history.page(&super::reading::all()).unwrap().total, 5);
}

#[test]
fn outputs_of_jobs_that_were_not_stored_go_at_the_next_start() {
    let desk = Desk::new();
    let one = running(&job(1));
    let stored = desk.store.artifacts().write(one.origin.id, "[1]").unwrap();
    let lost = job(2);
    desk.store.artifacts().write(lost.origin.id, "[2]").unwrap();
    let mut one = one;
    one.output = Some(Output::Artifact { bytes: stored });
    desk.write_all([
        accepted(&one),
        accepted(&lost),
        ended(&one, JobStatus::Succeeded, None).1,
    ]);
    let desk = desk.reopened(StoreOptions::default());
    let artifacts = desk.store.artifacts();
    assert_eq!(artifacts.total_bytes().unwrap(), 3);
    assert!(artifacts.read(one.origin.id, 0, 10).is_ok());
    let read = desk.history().job(one.origin.id).unwrap().unwrap();
    assert_eq!(read.output, Some(Output::Artifact { bytes: 3 }));
}

#[cfg(unix)]
#[test]
fn the_history_is_for_its_owners_eyes_only() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.write_all([accepted(&job(1))]);
    for name in ["toolroom.db", "toolroom.db-wal", "toolroom.db-shm"] {
        let about = desk.path().join(name).metadata().unwrap();
        assert_eq!(about.permissions().mode() & 0o777, 0o600, "{name}");
    }
}
