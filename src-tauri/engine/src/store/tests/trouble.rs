//! A full disk, a file that another program holds: starts are refused at once, and what has
//! happened to a job is kept until it can be written.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::{Value, json};
use toolroom_shared::JobStatus;

use super::support::{Desk, accepted, ended, job, later, moved, running, with_input};
use crate::{
    record::JobRecord,
    store::{Change, StoreErrorKind, StoreOptions},
};

/// A job with an input of this many bytes.
fn large(seq: u64, bytes: usize) -> JobRecord {
    with_input(job(seq), Value::String("x".repeat(bytes)))
}

/// A disk of 300 pages, most of them taken by something that can be removed.
fn nearly_full() -> (Desk, Connection) {
    let options = StoreOptions {
        max_pages: Some(300),
        ..StoreOptions::default()
    };
    let desk = Desk::with(options);
    let beside = desk.beside();
    beside
        .execute_batch("CREATE TABLE ballast(x); INSERT INTO ballast VALUES(zeroblob(800 * 1024));")
        .unwrap();
    (desk, beside)
}

#[test]
fn on_a_full_disk_starts_are_refused_and_an_end_goes_through_once_there_is_room() {
    let (desk, beside) = nearly_full();
    let first = running(&job(1));
    desk.write_all([accepted(&first)]);
    assert_eq!(
        desk.write(accepted(&large(2, 900_000))),
        Err(StoreErrorKind::Full)
    );
    let (first, end) = ended(
        &first,
        JobStatus::Succeeded,
        Some(&json!("y".repeat(600_000))),
    );
    desk.store.write(end, 1).unwrap();
    // The end is parked: a start that comes later is answered before it.
    desk.store.write(accepted(&large(3, 900_000)), 2).unwrap();
    assert_eq!(desk.settled(1), [(2, Err(StoreErrorKind::Full))]);
    // There is room for a small one.
    desk.store.write(accepted(&job(4)), 3).unwrap();
    assert_eq!(desk.settled(1), [(3, Ok(()))]);
    beside.execute_batch("DROP TABLE ballast").unwrap();
    assert_eq!(desk.settled(1), [(1, Ok(()))]);
    let read = desk.history().job(first.origin.id).unwrap().unwrap();
    assert_eq!(read.status, JobStatus::Succeeded);
    assert!(read.output.is_some());
}

#[test]
fn on_a_full_disk_what_fits_is_written_and_what_does_not_is_not() {
    let (desk, _beside) = nearly_full();
    // Together they don't fit. The thread is kept busy by the first, so the others share a batch.
    for seq in 1..=20 {
        let bytes = if seq % 2 == 0 { 900_000 } else { 100 };
        desk.store.write(accepted(&large(seq, bytes)), seq).unwrap();
    }
    for (ticket, result) in desk.settled(20) {
        let expected = if ticket % 2 == 0 {
            Err(StoreErrorKind::Full)
        } else {
            Ok(())
        };
        assert_eq!(result, expected, "{ticket}");
    }
    assert_eq!(desk.history().unfinished().unwrap().len(), 10);
}

#[test]
fn what_waits_longer_than_patience_is_settled_with_its_error() {
    let options = StoreOptions {
        max_pages: Some(200),
        patience: Duration::from_millis(250),
        ..StoreOptions::default()
    };
    let desk = Desk::with(options);
    let (one, two) = (running(&job(1)), running(&job(2)));
    desk.write_all([accepted(&one), accepted(&two)]);
    let begun = Instant::now();
    let output = json!("y".repeat(900_000));
    desk.store
        .write(ended(&one, JobStatus::Succeeded, Some(&output)).1, 1)
        .unwrap();
    assert_eq!(desk.settled(1), [(1, Err(StoreErrorKind::Full))]);
    assert!(begun.elapsed() >= Duration::from_millis(250));
    // Nothing is parked any more, and what there is room for is written.
    desk.write_all([moved(&later(&two, |job| job.rank = 3))]);
}

#[test]
fn a_file_that_another_program_holds_is_written_when_it_lets_go() {
    let options = StoreOptions {
        busy_timeout: Duration::from_millis(20),
        ..StoreOptions::default()
    };
    let desk = Desk::with(options);
    let mut one = running(&job(1));
    desk.write_all([accepted(&one)]);
    let beside = desk.beside();
    beside.execute_batch("BEGIN IMMEDIATE").unwrap();
    for ticket in 1..=5 {
        one = later(&one, |job| job.rank += 1);
        desk.store.write(moved(&one), ticket).unwrap();
    }
    desk.store.write(accepted(&job(2)), 9).unwrap();
    assert_eq!(desk.settled(1), [(9, Err(StoreErrorKind::Busy))]);
    // Reading goes on meanwhile.
    assert_eq!(desk.history().unfinished().unwrap().len(), 1);
    beside.execute_batch("ROLLBACK").unwrap();
    let expected: Vec<_> = (1..=5).map(|ticket| (ticket, Ok(()))).collect();
    assert_eq!(desk.settled(5), expected);
    let read = desk.history().job(one.origin.id).unwrap().unwrap();
    assert_eq!((read.rank, read.revision), (5, one.revision));
}

#[test]
fn closing_gives_up_on_what_is_parked_when_the_time_is_over() {
    let options = StoreOptions {
        busy_timeout: Duration::from_millis(10),
        ..StoreOptions::default()
    };
    let desk = Desk::with(options);
    let one = running(&job(1));
    desk.write_all([accepted(&one)]);
    let beside = desk.beside();
    beside.execute_batch("BEGIN IMMEDIATE").unwrap();
    let end = ended(&one, JobStatus::Failed, None).1;
    desk.store.write(end, 1).unwrap();
    let limit = Duration::from_millis(300);
    let begun = Instant::now();
    desk.store.close(limit);
    assert!(begun.elapsed() >= limit);
    assert_eq!(desk.settled(1), [(1, Err(StoreErrorKind::Busy))]);
}

#[test]
fn damage_that_is_met_while_writing_is_told_and_the_file_set_aside_at_the_next_start() {
    let desk = Desk::new();
    for seq in 1..=400 {
        desk.store.write(accepted(&large(seq, 3_000)), seq).unwrap();
    }
    desk.settled(400);
    let folder = desk.closed();
    // Damage in the middle, where no quick look falls.
    let path = folder.path().join("toolroom.db");
    let connection = Connection::open(&path).unwrap();
    let page: usize = connection
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_jobs_1'",
            [],
            |row| row.get(0).map(|page: u32| page as usize),
        )
        .unwrap();
    connection.close().unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[(page - 1) * 4096..page * 4096].fill(0x5A);
    std::fs::write(&path, &bytes).unwrap();

    let desk = Desk::at(std::sync::Arc::clone(&folder), StoreOptions::default()).unwrap();
    assert_eq!(desk.set_aside, None);
    assert_eq!(
        desk.write(accepted(&job(1_000))),
        Err(StoreErrorKind::Corrupt)
    );
    let change = Change::Checkpoint {
        seq: 400,
        checkpoint: std::sync::Arc::new(json!(1)),
    };
    // What doesn't touch the damage goes on.
    assert_eq!(desk.write(change), Ok(()));
    let desk = desk.reopened(StoreOptions::default());
    assert!(desk.set_aside.is_some());
    assert_eq!(desk.opens, 1);
}
