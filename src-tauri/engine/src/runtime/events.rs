//! The ordered, numbered stream of everything that happens to jobs, and its subscribers.
//!
//! A bounded ring: a slow reader never slows a job, and is told how much it missed.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;
use toolroom_shared::{JobEvent, JobSummary, TransitionKind};

/// What a subscriber receives.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamItem {
    /// The next event.
    Event(Arc<JobEvent>),
    /// This many events came and went before they could be read; what follows goes on after them.
    Gap(u64),
}

/// The recent events, numbered from 1.
#[derive(Debug)]
pub struct EventLog {
    ring: Mutex<Ring>,
    newest: watch::Sender<u64>,
    room: usize,
}

#[derive(Debug)]
struct Ring {
    events: VecDeque<Arc<JobEvent>>,
    newest: u64,
}

impl EventLog {
    /// A log that remembers the last `room` events.
    pub fn new(room: usize) -> Self {
        Self {
            ring: Mutex::new(Ring {
                events: VecDeque::with_capacity(room.min(1024)),
                newest: 0,
            }),
            newest: watch::Sender::new(0),
            room,
        }
    }

    /// Appends an event.
    pub fn publish(&self, kind: TransitionKind, job: JobSummary) {
        let mut ring = self.ring();
        ring.newest += 1;
        let seq = ring.newest;
        if ring.events.len() == self.room {
            ring.events.pop_front();
        }
        ring.events.push_back(Arc::new(JobEvent { seq, kind, job }));
        self.newest.send_replace(seq);
    }

    /// Everything after now, with `snapshot` to start from.
    pub fn subscribe(self: &Arc<Self>, snapshot: Vec<JobSummary>) -> Subscription {
        let next = self.ring().newest + 1;
        Subscription {
            snapshot,
            next,
            newest: self.newest.subscribe(),
            log: Arc::downgrade(self),
        }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reader of the stream, at its own pace.
#[derive(Debug)]
pub struct Subscription {
    /// Every unfinished job at the moment of subscribing.
    pub snapshot: Vec<JobSummary>,
    next: u64,
    newest: watch::Receiver<u64>,
    log: std::sync::Weak<EventLog>,
}

impl Subscription {
    /// The next item; none once the engine is gone.
    pub async fn next(&mut self) -> Option<StreamItem> {
        let next = self.next;
        self.newest.wait_for(|newest| *newest >= next).await.ok()?;
        let log = self.log.upgrade()?;
        let ring = log.ring();
        let oldest = ring.events.front()?.seq;
        if oldest > self.next {
            let missed = oldest - self.next;
            self.next = oldest;
            return Some(StreamItem::Gap(missed));
        }
        let index = usize::try_from(self.next - oldest).ok()?;
        let event = ring.events.get(index)?.clone();
        self.next += 1;
        Some(StreamItem::Event(event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::job_table::accepted;
    use proptest::prelude::*;
    use toolroom_shared::{Caller, JobId, JobPriority};

    fn job() -> JobSummary {
        let job = accepted(
            JobId("j".into()),
            "t",
            serde_json::Value::Null,
            JobPriority::Normal,
            Caller::App,
            String::new(),
        );
        JobSummary::from(&job)
    }

    proptest! {
        #[test]
        fn a_reader_sees_every_number_once_or_is_told_of_the_gap(
            room in 1usize..8,
            // true publishes, false reads.
            script in proptest::collection::vec(any::<bool>(), 0..80),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let log = Arc::new(EventLog::new(room));
                let mut reader = log.subscribe(Vec::new());
                let (mut published, mut accounted) = (0u64, 0u64);
                let mut read = async |accounted: &mut u64| {
                    match reader.next().await.unwrap() {
                        StreamItem::Event(event) => {
                            assert_eq!(event.seq, *accounted + 1);
                            *accounted += 1;
                        }
                        StreamItem::Gap(missed) => *accounted += missed,
                    }
                };
                for publishes in script {
                    if publishes {
                        log.publish(TransitionKind::Progress, job());
                        published += 1;
                    } else if accounted < published {
                        read(&mut accounted).await;
                    }
                }
                while accounted < published {
                    read(&mut accounted).await;
                }
            });
        }
    }

    #[tokio::test]
    async fn a_reader_ends_when_the_engine_is_gone() {
        let log = Arc::new(EventLog::new(4));
        let mut reader = log.subscribe(Vec::new());
        drop(log);
        assert_eq!(reader.next().await, None);
    }
}
