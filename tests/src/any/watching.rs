//! What those are sent who watch jobs.

use proptest::{collection::vec, prelude::*};
use toolroom_shared::{EventSeq, FrontendReady, JobUpdate, JobsUpdate, WatchId};

use super::{
    jobs::{event, snapshot, summaries},
    json::{text, whole},
};

pub fn event_seq() -> impl Strategy<Value = EventSeq> {
    whole().prop_map(EventSeq)
}

pub fn watch_id() -> impl Strategy<Value = WatchId> {
    any::<u32>().prop_map(WatchId)
}

pub fn frontend_ready() -> impl Strategy<Value = FrontendReady> {
    (text(), event_seq(), any::<u32>()).prop_map(|(version, last_event, missed)| FrontendReady {
        version,
        last_event,
        missed,
    })
}

pub fn jobs_update() -> impl Strategy<Value = JobsUpdate> {
    prop_oneof![
        (event_seq(), summaries()).prop_map(|(seq, jobs)| JobsUpdate::Snapshot { seq, jobs }),
        vec(event(), 0..3).prop_map(|events| JobsUpdate::Events { events }),
        any::<u32>().prop_map(|missed| JobsUpdate::Gap { missed }),
    ]
}

pub fn job_update() -> impl Strategy<Value = JobUpdate> {
    prop_oneof![
        snapshot().prop_map(|job| JobUpdate::Snapshot { job }),
        event().prop_map(|event| JobUpdate::Event { event }),
    ]
}
