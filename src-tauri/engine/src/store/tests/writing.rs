//! Changes are written together, in their order, and each is settled once.

use std::{sync::Arc, time::Duration};

use proptest::prelude::*;
use serde_json::json;
use toolroom_shared::{JobStatus, TransitionKind};

use super::support::{
    Desk, accepted, ended, entry, job, later, log, moved, running, transition, whole_life,
    with_origin,
};
use crate::store::{Change, Payload, StoreErrorKind, StoreOptions};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn changes_are_settled_once_in_their_order_whatever_shares_a_commit(
        max_batch in 1usize..40,
        changes in proptest::collection::vec((1u64..8, 0usize..3), 1..60),
    ) {
        let desk = Desk::with(StoreOptions { max_batch, ..StoreOptions::default() });
        let mut jobs: Vec<_> = (1..8).map(job).collect();
        let mut given = 0;
        for job in &jobs {
            desk.store.write(accepted(job), given).unwrap();
            given += 1;
        }
        for (seq, what) in changes {
            let job = &mut jobs[usize::try_from(seq).unwrap() - 1];
            let change = match what {
                0 => Change::Checkpoint { seq, checkpoint: Arc::new(json!(given)) },
                _ => {
                    *job = later(job, |job| job.rank += 1);
                    moved(job)
                }
            };
            desk.store.write(change, given).unwrap();
            given += 1;
        }
        let settled = desk.settled(usize::try_from(given).unwrap());
        for (expected, (ticket, result)) in (0..).zip(settled) {
            prop_assert_eq!((ticket, result), (expected, Ok(())));
        }
        for job in jobs {
            let read = desk.history().job(job.origin.id).unwrap().unwrap();
            prop_assert_eq!((read.rank, read.revision), (job.rank, job.revision));
            let entries = desk.history().transitions(job.seq()).unwrap();
            let revisions: Vec<_> = entries.iter().map(|entry| entry.revision).collect();
            prop_assert_eq!(revisions, (1..=job.revision).collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_job_that_is_accepted_and_begun_at_once_has_both_in_its_history() {
    let desk = Desk::new();
    let job = running(&job(1));
    let mut change = accepted(&job);
    if let Change::Transition(change) = &mut change {
        change.entry.revision = 1;
        change.next_entry = Some(entry(&job, TransitionKind::Started));
    }
    assert_eq!(desk.write(change), Ok(()));
    let entries = desk.history().transitions(1).unwrap();
    let kinds: Vec<_> = entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [TransitionKind::Queued, TransitionKind::Started]);
    let unfinished = desk.history().unfinished().unwrap();
    assert_eq!(unfinished, [job]);
}

#[test]
fn a_key_that_is_used_twice_is_refused_and_takes_nobody_with_it() {
    let desk = Desk::new();
    let keyed = |seq| with_origin(job(seq), |origin| origin.idempotency_key = Some("k".into()));
    let (first, second, third) = (keyed(1), keyed(2), job(3));
    for (ticket, change) in (0..).zip([
        accepted(&first),
        accepted(&second),
        moved(&running(&second)),
        accepted(&third),
    ]) {
        desk.store.write(change, ticket).unwrap();
    }
    assert_eq!(
        desk.settled(4),
        [
            (0, Ok(())),
            (1, Err(StoreErrorKind::DuplicateKey)),
            (2, Err(StoreErrorKind::NoJob)),
            (3, Ok(())),
        ]
    );
    let found = desk.history().by_key(&first.origin.caller, "k").unwrap();
    assert_eq!(found, Some(first));
    assert_eq!(desk.history().job(second.origin.id).unwrap(), None);
}

#[test]
fn a_change_of_a_job_that_is_not_there_is_refused() {
    let desk = Desk::new();
    let checkpoint = Arc::new(json!(1));
    for change in [
        moved(&running(&job(7))),
        log(7, 1..=2),
        Change::Checkpoint { seq: 7, checkpoint },
    ] {
        assert_eq!(desk.write(change), Err(StoreErrorKind::NoJob));
    }
}

#[test]
fn a_change_that_can_never_be_written_takes_nobody_with_it() {
    let desk = Desk::new();
    let (one, two) = (job(1), job(2));
    desk.write_all([accepted(&one)]);
    // The same revision again contradicts the history, which is only added to.
    let changes = [moved(&one), accepted(&two), moved(&running(&one))];
    for (ticket, change) in (0..).zip(changes) {
        desk.store.write(change, ticket).unwrap();
    }
    let results = desk.settled(3);
    assert_eq!(
        results,
        [(0, Err(StoreErrorKind::Other)), (1, Ok(())), (2, Ok(()))]
    );
    assert_eq!(desk.history().unfinished().unwrap().len(), 2);
}

#[test]
fn a_checkpoint_replaces_the_one_before_and_goes_when_the_job_ends() {
    let desk = Desk::new();
    let job = job(1);
    let save = |value: i32| Change::Checkpoint {
        seq: 1,
        checkpoint: Arc::new(json!({ "at": value })),
    };
    desk.write_all([accepted(&job), save(1), save(2)]);
    let read = desk.history().unfinished().unwrap().remove(0);
    assert_eq!(read.checkpoint, Some(Arc::new(json!({ "at": 2 }))));
    let (ended, end) = ended(&running(&job), JobStatus::Canceled, None);
    desk.write_all([save(3), end]);
    let read = desk.history().job(job.origin.id).unwrap();
    assert_eq!(read, Some(ended));
}

#[test]
fn the_newest_lines_of_a_log_are_kept() {
    let desk = Desk::new();
    desk.write_all([accepted(&job(1)), log(1, 1..=9_000), log(1, 9_500..=12_000)]);
    let (lines, more, kept) = desk.history().log(1, 0, 5).unwrap();
    let numbers: Vec<_> = lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, [2_001, 2_002, 2_003, 2_004, 2_005]);
    assert!(more);
    // 499 of the last 10,000 numbers were never written.
    assert_eq!(kept, 10_000 - 499);
    let (lines, more, _) = desk.history().log(1, 11_998, 5).unwrap();
    assert_eq!((lines.len(), more), (2, false));
    assert_eq!(lines[1].text, "line 12000");
}

#[test]
fn after_the_end_changes_are_given_back() {
    let desk = Desk::new();
    desk.store.write(accepted(&job(1)), 1).unwrap();
    assert!(desk.store.close(Duration::from_secs(60)));
    assert_eq!(desk.store.write(accepted(&job(2)), 2), Err(2));
    assert_eq!(desk.settled(1), [(1, Ok(()))]);
    assert!(desk.store.close(Duration::ZERO));
    // All is in the file itself, and nothing beside it.
    assert!(!desk.path().join("toolroom.db-wal").exists());
}

#[test]
fn whoever_is_told_may_fail_without_ending_the_writing() {
    let folder = tempfile::tempdir().unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    let opened = crate::store::Store::open(
        folder.path(),
        StoreOptions::default(),
        Box::new(move |batch: Vec<crate::store::Settled<u64>>| {
            let _ = tell.send(batch.len());
            assert!(batch[0].ticket != 1, "a fault of whoever is told");
        }),
    )
    .unwrap();
    for seq in 1..3 {
        opened.store.write(accepted(&job(seq)), seq).unwrap();
        assert_eq!(told.recv().unwrap(), 1);
    }
    assert_eq!(opened.store.history().unfinished().unwrap().len(), 2);
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let desk = Desk::new();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let store = &desk.store;
            scope.spawn(move || {
                for number in 0..200 {
                    let seq = writer * 200 + number + 1;
                    for change in whole_life(&job(seq)) {
                        store.write(change, seq).unwrap();
                    }
                }
            });
        }
    });
    let settled = desk.settled(2_400);
    assert!(settled.iter().all(|(_, result)| result.is_ok()));
    let rows: i64 = desk
        .beside()
        .query_row("SELECT count(*) FROM transitions", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 2_400);
}

#[test]
fn a_job_that_ends_in_the_batch_that_accepts_it_is_whole() {
    let desk = Desk::new();
    let job = job(1);
    desk.write_all(whole_life(&job));
    let read = desk.history().job(job.origin.id).unwrap().unwrap();
    assert_eq!(read.status, JobStatus::Succeeded);
    assert_eq!(read.origin, job.origin);
    assert!(desk.history().unfinished().unwrap().is_empty());
    let failed = transition(&read, TransitionKind::Failed, Payload::Nothing);
    assert_eq!(desk.write(failed), Err(StoreErrorKind::Other));
}
