//! Whatever is done to an audit trail behind the engine's back is found, and stays found.

use std::{fs, sync::Arc};

use rusqlite::Connection;
use tempfile::TempDir;
use toolroom_shared::AuditOperation;

use super::{
    audit::{entries, fault, live, note, reader, rotated, rotating, whole},
    support::{Desk, wait_until},
};
use crate::store::StoreOptions;

#[test]
fn files_that_are_changed_or_gone_are_found_and_named() {
    let desk = rotated();
    let third = desk.path().join("audit/000003.jsonl");
    let text = fs::read_to_string(&third).unwrap();
    let header: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let first = header["first"].as_u64().unwrap();
    fs::write(&third, text.replacen("hash-files", "hash-filez", 1)).unwrap();
    let (number, message) = fault(&reader(&desk));
    assert!((first..first + 4).contains(&number), "{number}");
    assert!(message.contains("audit/000003.jsonl"), "{message}");
    fs::remove_file(&third).unwrap();
    let (number, message) = fault(&reader(&desk));
    assert_eq!(number, first);
    assert!(
        message.contains("missing") && message.contains("000003"),
        "{message}"
    );
    fs::write(&third, text).unwrap();
    assert_eq!(whole(&reader(&desk)), 41);
}

#[test]
fn the_file_of_the_history_refuses_changes_of_the_trail_and_what_is_done_nevertheless_is_found() {
    let desk = rotated();
    let reader = reader(&desk);
    let beside = desk.beside();
    for sql in [
        "UPDATE audit SET last = last",
        "DELETE FROM audit WHERE first = (SELECT max(first) FROM audit)",
    ] {
        let refused = beside.execute_batch(sql).unwrap_err().to_string();
        assert!(refused.contains("audit trail is never"), "{refused}");
    }
    beside
        .execute_batch(
            "DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_leaves_only_into_files;",
        )
        .unwrap();
    let done = |sql: &str, undo: &str| {
        beside
            .execute_batch("CREATE TABLE kept AS SELECT * FROM audit")
            .unwrap();
        beside.execute_batch(sql).unwrap();
        let fault = fault(&reader);
        beside
            .execute_batch(&format!(
                "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept; {undo}"
            ))
            .unwrap();
        assert_eq!(whole(&reader), 41);
        fault
    };
    let first: i64 = beside
        .query_row("SELECT min(first) FROM audit", [], |row| row.get(0))
        .unwrap();
    let first = first.cast_unsigned();
    let cut = "DELETE FROM audit WHERE first = (SELECT max(first) FROM audit)";
    assert_eq!(done(cut, "").0, 41);
    let begin = "DELETE FROM audit WHERE first = (SELECT min(first) FROM audit)";
    assert_eq!(done(begin, "").0, first);
    assert_eq!(done("DELETE FROM audit", "").0, first);
    let lengthened = "UPDATE audit SET page = page || x'00' WHERE first = 41";
    assert_eq!(done(lengthened, "").0, 42);
    let cleared = "UPDATE audit SET page = 'gone' WHERE first = 41";
    assert_eq!(done(cleared, "").0, 41);
    let head = "CREATE TABLE head AS SELECT * FROM meta WHERE key = 'audit_head';";
    let restore = "INSERT OR REPLACE INTO meta SELECT * FROM head; DROP TABLE head;";
    let forgotten = format!("{head} DELETE FROM meta WHERE key = 'audit_head'");
    assert_eq!(done(&forgotten, restore).0, 42);
}

#[test]
fn a_tail_that_was_cut_off_between_two_engines_stays_found() {
    let desk = Desk::new();
    live(&desk, 1);
    let folder = desk.closed();
    let connection = Connection::open(folder.path().join("toolroom.db")).unwrap();
    connection
        .execute_batch(
            "DROP TRIGGER audit_leaves_only_into_files; DELETE FROM audit WHERE first = 3;",
        )
        .unwrap();
    drop(connection);
    let desk = Desk::at(folder, StoreOptions::default()).unwrap();
    desk.write_all([note("later")]);
    assert_eq!(fault(&reader(&desk)).0, 3);
    let told = entries(&reader(&desk));
    let news = &told[2];
    assert_eq!((news.number, news.operation), (4, AuditOperation::Begin));
    let subject = news.subject.as_deref().unwrap();
    assert!(subject.contains("end with entry 2"), "{subject}");
    assert_eq!(told[3].subject.as_deref(), Some("later"));
}

#[test]
fn a_history_that_was_set_aside_takes_its_trail_along_and_the_new_one_says_so() {
    let desk = rotated();
    let folder = desk.closed();
    fs::write(folder.path().join("toolroom.db"), "damage").unwrap();
    let desk = Desk::at(folder, rotating()).unwrap();
    let aside = desk.set_aside.clone().unwrap();
    assert!(aside.with_extension("audit").join("000001.jsonl").exists());
    assert!(!desk.path().join("audit").exists());
    let told = entries(&reader(&desk));
    let subject = told[0].subject.as_deref().unwrap();
    let name = aside.file_name().unwrap().to_str().unwrap();
    assert!(subject.contains(name), "{subject}");
    assert_eq!(whole(&reader(&desk)), 1);
}

#[test]
fn files_of_a_history_that_is_gone_are_put_aside_and_not_overwritten() {
    let desk = rotated();
    let folder = desk.closed();
    let first = fs::read(folder.path().join("audit/000001.jsonl")).unwrap();
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(folder.path().join(format!("toolroom.db{ending}")));
    }
    let desk = Desk::at(folder, rotating()).unwrap();
    let kept = desk.path().join("audit.before-1/000001.jsonl");
    assert_eq!(fs::read(kept).unwrap(), first);
    let told = entries(&reader(&desk));
    assert!(
        told[0]
            .subject
            .as_deref()
            .unwrap()
            .contains("audit.before-1")
    );
}

/// What a kill between two steps of a rotation leaves: the file, and the entries still in the
/// table.
#[test]
fn a_file_whose_entries_never_left_the_table_is_written_again() {
    let desk = Desk::new();
    (1..=8).for_each(|seq| live(&desk, seq));
    let folder: Arc<TempDir> = desk.closed();
    fs::create_dir(folder.path().join("audit")).unwrap();
    for name in ["000001.jsonl", "000001.tmp"] {
        fs::write(folder.path().join("audit").join(name), "half of it").unwrap();
    }
    let desk = Desk::at(folder, StoreOptions::default()).unwrap();
    assert_eq!(whole(&reader(&desk)), 17);
    let desk = desk.reopened(rotating());
    wait_until(|| desk.path().join("audit/000002.jsonl").exists());
    assert_eq!(whole(&reader(&desk)), 17);
    assert_eq!(entries(&reader(&desk)).len(), 17);
}

#[test]
fn what_is_damaged_is_not_moved() {
    let desk = Desk::new();
    (1..=8).for_each(|seq| live(&desk, seq));
    let folder = desk.closed();
    let connection = Connection::open(folder.path().join("toolroom.db")).unwrap();
    connection
        .execute_batch(
            "DROP TRIGGER audit_is_never_changed;
             UPDATE audit SET page = zeroblob(length(page)) WHERE first = 2;",
        )
        .unwrap();
    drop(connection);
    let desk = Desk::at(folder, rotating()).unwrap();
    desk.write_all([note("later")]);
    assert_eq!(fault(&reader(&desk)).0, 2);
    let folder = desk.closed();
    assert!(!folder.path().join("audit/000001.jsonl").exists());
}
