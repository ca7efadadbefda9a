//! The pieces that know no task, under every order of steps that a scheduler of threads can make
//! of them, or many thousands of those.

/// The very file of the engine, with other locks under it.
#[path = "event_ring.rs"]
#[allow(dead_code)]
mod event_ring;

mod sync {
    pub use shuttle::sync::{Mutex, MutexGuard};
    pub use std::sync::PoisonError;
}

use event_ring::{EventRing, Found};
use serde_json::json;
use shuttle::{
    sync::{Arc, Mutex},
    thread,
};

use super::{
    job_table::{self, JobChange, JobOutcome},
    test_job,
};
use crate::{clock::Timestamp, record::Output};

const ITERATIONS: usize = 5_000;

#[test]
fn a_reader_of_the_ring_sees_each_event_once_and_in_order_or_a_gap() {
    shuttle::check_random(
        || {
            let ring = Arc::new(EventRing::new(3, 10));
            let writers: Vec<_> = (0..2u64)
                .map(|writer| {
                    let ring = ring.clone();
                    thread::spawn(move || {
                        (0..4u64)
                            .map(|n| (ring.push((writer, n)), n))
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            let reader = {
                let ring = ring.clone();
                thread::spawn(move || {
                    let (mut next, mut seen, mut missed) = (11, Vec::new(), 0);
                    while next <= 18 {
                        match ring.find(next) {
                            Found::Event(event) => {
                                seen.push(event);
                                next += 1;
                            }
                            Found::Gone(oldest) => {
                                assert!(oldest > next);
                                missed += oldest - next;
                                next = oldest;
                            }
                            Found::NotYet => thread::yield_now(),
                        }
                    }
                    (seen, missed)
                })
            };
            for writer in writers {
                let numbers = writer.join().unwrap();
                // Each writer's own events are numbered in its order.
                assert!(numbers.windows(2).all(|pair| pair[0].0 < pair[1].0));
            }
            let (seen, missed) = reader.join().unwrap();
            assert_eq!(seen.len() as u64 + missed, 8);
            for writer in 0..2 {
                let own: Vec<_> = seen.iter().filter(|e| e.0 == writer).map(|e| e.1).collect();
                assert!(own.windows(2).all(|pair| pair[0] < pair[1]));
            }
        },
        ITERATIONS,
    );
}

/// The rule behind the engine's one lock: whoever decides first has decided.
#[test]
fn of_a_cancel_a_completion_and_an_interruption_exactly_one_end_stands() {
    shuttle::check_random(
        || {
            let started = job_table::apply(&test_job(), JobChange::Started, Timestamp(1)).unwrap();
            let job = Arc::new(Mutex::new(started.job));
            let output = Output::Inline(std::sync::Arc::new(json!(1)));
            let scripts = [
                vec![JobChange::CancelRequested],
                vec![JobChange::Ended(JobOutcome::Succeeded(output))],
                vec![
                    JobChange::CancelRequested,
                    JobChange::Ended(JobOutcome::Canceled(None)),
                ],
                vec![JobChange::Interrupted {
                    starts_again: false,
                    checkpoint: None,
                    partial: None,
                }],
            ];
            let threads: Vec<_> = scripts
                .into_iter()
                .map(|script| {
                    let job = job.clone();
                    thread::spawn(move || {
                        let mut told = Vec::new();
                        for change in script {
                            let mut job = job.lock().unwrap();
                            if let Some(applied) = job_table::apply(&job, change, Timestamp(2)) {
                                *job = applied.job;
                                told.push((job.revision, job.status));
                            }
                        }
                        told
                    })
                })
                .collect();
            let mut told = Vec::new();
            for thread in threads {
                told.extend(thread.join().unwrap());
            }
            told.sort_by_key(|(revision, _)| *revision);
            // Revisions are without a gap, and exactly the last tells of an end, which stands.
            let revisions: Vec<_> = told.iter().map(|(revision, _)| *revision).collect();
            let expected: Vec<_> = (3..3 + u32::try_from(told.len()).unwrap()).collect();
            assert_eq!(revisions, expected);
            let ends = told
                .iter()
                .filter(|(_, status)| status.is_terminal())
                .count();
            assert_eq!(ends, 1);
            assert_eq!(told.last().unwrap().1, job.lock().unwrap().status);
        },
        ITERATIONS,
    );
}
