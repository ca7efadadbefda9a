//! The ordered, numbered stream of everything that happens to jobs, and its subscribers.
//!
//! Bounded: a slow reader never slows a job, and is told how much it missed.

use std::sync::{Arc, Weak};

use tokio::sync::watch;
use toolroom_shared::{Caller, JobEvent, JobSummary, TransitionKind};

use super::event_ring::{EventRing, Found};
use crate::record::JobRecord;

/// What a subscriber receives.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamItem {
    /// The next event.
    Event(Box<JobEvent>),
    /// This many events came and went before they could be read; what follows goes on after them.
    Gap(u64),
}

/// The recent events.
#[derive(Debug)]
pub struct EventLog {
    ring: EventRing<(TransitionKind, JobRecord)>,
    newest: watch::Sender<u64>,
}

impl EventLog {
    /// A log that remembers the last `room` events, numbered from one after `before`.
    pub fn new(room: usize, before: u64) -> Self {
        Self {
            ring: EventRing::new(room, before),
            newest: watch::Sender::new(before),
        }
    }

    /// Appends an event.
    pub fn publish(&self, kind: TransitionKind, job: JobRecord) {
        let number = self.ring.push((kind, job));
        if self.newest.receiver_count() > 0 {
            self.newest.send_replace(number);
        }
    }

    /// Keeps the last `room` events of those that there are, and as many as ever from now on.
    pub fn shrink_to(&self, room: usize) {
        self.ring.shrink_to(room);
    }

    /// Remembers this many events from now on.
    pub fn set_room(&self, room: usize) {
        self.ring.set_room(room);
    }

    /// How many events it remembers.
    pub fn room(&self) -> usize {
        self.ring.room()
    }

    /// The stream after the event `since`, if that can still be given without a gap.
    pub fn resume(self: &Arc<Self>, since: u64) -> Option<Subscription> {
        let subscription = self.subscription(since.checked_add(1)?);
        match self.ring.find(since + 1) {
            Found::Event(_) => Some(subscription),
            Found::NotYet => (self.ring.newest() == since).then_some(subscription),
            Found::Gone(_) => None,
        }
    }

    /// Everything after now.
    pub fn subscribe(self: &Arc<Self>) -> Subscription {
        self.subscription(self.ring.newest() + 1)
    }

    fn subscription(self: &Arc<Self>, next: u64) -> Subscription {
        let newest = self.newest.subscribe();
        // While nobody reads, the number that readers wait for isn't kept up.
        self.newest.send_replace(self.ring.newest());
        Subscription {
            snapshot: Vec::new(),
            next,
            missed: 0,
            newest,
            log: Arc::downgrade(self),
            only: None,
        }
    }
}

/// A reader of the stream, at its own pace.
#[derive(Debug)]
pub struct Subscription {
    /// Every unfinished job at the moment of subscribing; empty for a stream that was taken up
    /// again where it was left.
    pub snapshot: Vec<JobSummary>,
    next: u64,
    missed: u64,
    newest: watch::Receiver<u64>,
    log: Weak<EventLog>,
    only: Option<Caller>,
}

impl Subscription {
    /// The same, with nothing told of the jobs of any other caller.
    pub(super) fn of_caller(mut self, only: Option<Caller>) -> Self {
        self.only = only;
        self
    }

    /// The number of the last event that was read or that the snapshot covers: what to go on
    /// from with `subscribe(since)`.
    #[must_use]
    pub const fn last_seq(&self) -> u64 {
        self.next - 1
    }

    /// How many events are to be told as missed before anything else.
    #[must_use]
    pub const fn missed(&self) -> u64 {
        self.missed
    }

    /// Tells of `missed` events first.
    pub(super) const fn tell_gap(&mut self, missed: u64) {
        self.missed = missed;
    }

    /// The next item; none once the engine is gone.
    pub async fn next(&mut self) -> Option<StreamItem> {
        if self.missed > 0 {
            return Some(StreamItem::Gap(std::mem::take(&mut self.missed)));
        }
        loop {
            let next = self.next;
            self.newest.wait_for(|newest| *newest >= next).await.ok()?;
            let log = self.log.upgrade()?;
            match log.ring.find(next) {
                Found::Event((kind, job)) => {
                    self.next += 1;
                    let only = self.only.as_ref();
                    if only.is_some_and(|only| job.origin.caller != *only) {
                        continue;
                    }
                    return Some(StreamItem::Event(Box::new(JobEvent {
                        seq: next,
                        kind,
                        job: job.summary(),
                    })));
                }
                Found::Gone(oldest) => {
                    self.next = oldest;
                    return Some(StreamItem::Gap(oldest - next));
                }
                Found::NotYet => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::test_job;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_reader_sees_every_number_once_or_is_told_of_the_gap(
            room in 1usize..8,
            before in 0u64..3,
            // true publishes, false reads.
            script in proptest::collection::vec(any::<bool>(), 0..80),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let log = Arc::new(EventLog::new(room, before));
                let mut reader = log.subscribe();
                let (mut published, mut accounted) = (before, before);
                let mut read = async |accounted: &mut u64| {
                    match reader.next().await.unwrap() {
                        StreamItem::Event(event) => {
                            assert_eq!(event.seq, *accounted + 1);
                            *accounted += 1;
                        }
                        StreamItem::Gap(missed) => *accounted += missed,
                    }
                    assert_eq!(reader.last_seq(), *accounted);
                };
                for publishes in script {
                    if publishes {
                        log.publish(TransitionKind::Progress, JobRecord::clone(&test_job()));
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

        #[test]
        fn a_stream_is_taken_up_again_exactly_where_it_was_left_or_not_at_all(
            room in 1usize..6,
            published in 0u64..12,
            since in 0u64..15,
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let log = Arc::new(EventLog::new(room, 0));
                for _ in 0..published {
                    log.publish(TransitionKind::Progress, JobRecord::clone(&test_job()));
                }
                let kept = since <= published && published - since <= room as u64;
                let resumed = log.resume(since);
                assert_eq!(resumed.is_some(), kept);
                if let Some(mut resumed) = resumed {
                    log.publish(TransitionKind::Progress, JobRecord::clone(&test_job()));
                    // The one just published may have pushed out the first.
                    let expected = if published - since < room as u64 { since + 1 } else { since + 2 };
                    loop {
                        if let StreamItem::Event(event) = resumed.next().await.unwrap() {
                            assert_eq!(event.seq, expected);
                            break;
                        }
                    }
                }
            });
        }
    }

    #[tokio::test]
    async fn a_reader_ends_when_the_engine_is_gone() {
        let log = Arc::new(EventLog::new(4, 0));
        let mut reader = log.subscribe();
        drop(log);
        assert_eq!(reader.next().await, None);
    }
}
