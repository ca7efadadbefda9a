//! What every window is told of jobs, without having asked.

use proptest::prelude::*;
use toolroom_shared::{ToolJobCanceled, ToolJobCompleted, ToolJobFailed, ToolJobProgress};

use super::{jobs::summaries, watching::event_seq};

pub fn progress() -> impl Strategy<Value = ToolJobProgress> {
    (summaries(), event_seq()).prop_map(|(jobs, last_event)| ToolJobProgress { jobs, last_event })
}

pub fn completed() -> impl Strategy<Value = ToolJobCompleted> {
    (summaries(), event_seq()).prop_map(|(jobs, last_event)| ToolJobCompleted { jobs, last_event })
}

pub fn failed() -> impl Strategy<Value = ToolJobFailed> {
    (summaries(), event_seq()).prop_map(|(jobs, last_event)| ToolJobFailed { jobs, last_event })
}

pub fn canceled() -> impl Strategy<Value = ToolJobCanceled> {
    (summaries(), event_seq()).prop_map(|(jobs, last_event)| ToolJobCanceled { jobs, last_event })
}
