//! Old history goes: whole jobs, finished ones only, the oldest first.

use std::time::Duration;

use proptest::prelude::*;
use toolroom_shared::JobStatus;

use super::{
    reading::all,
    support::{Desk, accepted, ended, job, log, running, wait_until, whole_life},
};
use crate::{
    record::Output,
    store::{Retention, SearchWords, StoreOptions},
};

fn keeping(retention: Retention) -> StoreOptions {
    StoreOptions {
        retention,
        ..StoreOptions::default()
    }
}

fn left(desk: &Desk) -> Vec<u64> {
    let jobs = desk.history().page(&all()).unwrap().jobs;
    jobs.iter().rev().map(|job| job.seq()).collect()
}

/// How many rows of other tables belong to no job, and how many to one.
fn rows_beside_jobs(desk: &Desk) -> (i64, i64) {
    let beside = desk.beside();
    let mut counts = (0, 0);
    for table in [
        "inputs",
        "outputs",
        "checkpoints",
        "transitions",
        "log_lines",
        "unindexed",
        "search_docsize",
    ] {
        let key = if table == "search_docsize" {
            "id"
        } else {
            "seq"
        };
        let sql = format!(
            "SELECT count(*) FILTER (WHERE {key} NOT IN (SELECT seq FROM jobs)), count(*) FROM {table}"
        );
        let (orphans, rows): (i64, i64) = beside
            .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        counts = (counts.0 + orphans, counts.1 + rows);
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_oldest_finished_jobs_go_whole(
        finished in proptest::collection::vec(any::<bool>(), 1..60),
        max_jobs in 0u64..30,
        index_first in any::<bool>(),
    ) {
        let desk = Desk::with(keeping(Retention { max_jobs: 1_000, ..Retention::default() }));
        for (seq, finished) in (1..).zip(&finished) {
            let job = running(&job(seq));
            desk.write_all([accepted(&job), log(seq, 1..=3)]);
            if *finished {
                desk.write_all([ended(&job, JobStatus::Failed, None).1]);
            }
        }
        if index_first {
            desk.wait_for_index();
        }
        let next_seq = finished.len() as u64 + 1;
        let count = finished.iter().filter(|finished| **finished).count() as u64;
        let mut surplus = count.saturating_sub(max_jobs);
        let expected: Vec<u64> = (1..)
            .zip(&finished)
            .filter(|(_, finished)| {
                let goes = **finished && surplus > 0;
                surplus -= u64::from(goes);
                !goes
            })
            .map(|(seq, _)| seq)
            .collect();
        let desk = desk.reopened(keeping(Retention { max_jobs, ..Retention::default() }));
        wait_until(|| left(&desk) == expected);
        prop_assert_eq!(rows_beside_jobs(&desk).0, 0);
        // A number is never given twice.
        let desk = desk.reopened(keeping(Retention { max_jobs, ..Retention::default() }));
        prop_assert_eq!(desk.next_seq, next_seq);
        let mut filter = all();
        filter.words = SearchWords::parse("hash");
        prop_assert_eq!(desk.history().page(&filter).unwrap().total as usize, expected.len());
    }
}

#[test]
fn jobs_past_their_age_go_and_younger_ones_stay() {
    let hour = Duration::from_secs(3_600);
    let desk = Desk::with(keeping(Retention {
        max_age: Some(hour),
        ..Retention::default()
    }));
    // The jobs of these tests are from 1970.
    desk.write_all((1..=3).flat_map(|seq| whole_life(&job(seq))));
    let now = time::OffsetDateTime::now_utc().into();
    let mut young = super::support::with_origin(job(4), |origin| origin.created_at = now);
    young.finished_at = Some(now);
    desk.write_all([accepted(&job(5)), accepted(&young)]);
    let (mut end, mut change) = ended(&running(&young), JobStatus::Succeeded, None);
    end.finished_at = Some(now);
    if let crate::store::Change::Transition(change) = &mut change {
        change.after = std::sync::Arc::new(end);
    }
    desk.write_all([change]);
    wait_until(|| left(&desk) == [4, 5]);
}

#[test]
fn large_outputs_past_their_limit_go_and_their_jobs_stay_and_say_so() {
    let desk = Desk::with(keeping(Retention {
        max_artifact_bytes: 250,
        ..Retention::default()
    }));
    for seq in 1..=5 {
        let mut job = running(&job(seq));
        if seq != 2 {
            let text = "7".repeat(100);
            let bytes = desk.store.artifacts().write(job.origin.id, &text).unwrap();
            job.output = Some(Output::Artifact { bytes });
        }
        desk.write_all([accepted(&job), ended(&job, JobStatus::Succeeded, None).1]);
    }
    // 4 and 5 have 200 bytes together; 2 has none.
    wait_until(|| desk.store.artifacts().total_bytes().unwrap() == 200);
    assert_eq!(left(&desk), [1, 2, 3, 4, 5]);
    let jobs = desk.history().page(&all()).unwrap().jobs;
    for job in jobs {
        let is_gone = matches!(job.seq(), 1 | 3);
        let says_so = job.summary().message.as_deref() == Some(crate::store::OUTPUT_REMOVED);
        assert_eq!(says_so, is_gone, "{}", job.seq());
        let has_one = job.summary().output_bytes.is_some();
        assert_eq!(has_one, matches!(job.seq(), 4 | 5), "{}", job.seq());
    }
}

#[test]
fn a_flood_of_ended_jobs_is_pruned_while_it_comes() {
    let desk = Desk::with(keeping(Retention {
        max_jobs: 100,
        ..Retention::default()
    }));
    desk.write_all((1..=3_000).flat_map(|seq| whole_life(&job(seq))));
    wait_until(|| left(&desk) == (2_901..=3_000).collect::<Vec<_>>());
    let (orphans, rows) = rows_beside_jobs(&desk);
    assert_eq!(orphans, 0);
    // An input, an output, three transitions and its words.
    assert_eq!(rows, 600);
}
