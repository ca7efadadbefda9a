//! Puts a person's settings into force: what an engine begins with, and what changes while it runs.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use toolroom_shared::Settings;

use super::{config::EngineConfig, scheduler::Scheduler};
use crate::{
    health::{HealthMonitor, HealthThresholds},
    store::{AuditRotation, Keeping, Retention},
};

const MIB: u64 = 1024 * 1024;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl EngineConfig {
    /// The same with a person's settings in force from the beginning.
    pub(super) fn with(mut self, settings: &Settings) -> Self {
        let limits = &settings.limits;
        self.limits.concurrency = concurrency(settings);
        self.limits.queue_depth = limits.queue_depth as usize;
        self.limits.events_kept = limits.events_kept as usize;
        self.permissions.ask_for = ask_for(settings);
        if let Some(health) = &mut self.health {
            health.thresholds = thresholds(settings, &health.thresholds);
        }
        if let Some(history) = &mut self.history {
            let Keeping { retention, audit } = keeping(settings, &history.options.audit);
            history.options.retention = retention;
            history.options.audit = audit;
        }
        self
    }
}

impl Scheduler {
    /// Puts settings into force. What waits and may run by now begins; what runs goes on.
    pub(super) fn apply(self: &Arc<Self>, settings: &Settings) {
        let limits = &settings.limits;
        self.events.set_room(limits.events_kept as usize);
        self.permissions.set_ask_for(ask_for(settings));
        if let Some(store) = &self.store {
            store.keep(keeping(settings, &AuditRotation::default()));
        }
        let mut state = self.state();
        state.queue_depth = limits.queue_depth as usize;
        state
            .queue
            .set_limits(concurrency(settings), limits.jobs_of_one_tool);
        self.start_what_may_run(&mut state);
    }
}

/// From the next look on health is judged by these.
pub(super) fn judge_by(health: &HealthMonitor, settings: &Settings) {
    health.set_thresholds(thresholds(settings, &HealthThresholds::default()));
}

fn concurrency(settings: &Settings) -> NonZeroUsize {
    let jobs = settings.limits.jobs_at_a_time as usize;
    NonZeroUsize::new(jobs).unwrap_or(NonZeroUsize::MIN)
}

fn ask_for(settings: &Settings) -> Duration {
    Duration::from_secs(settings.limits.question_seconds.into())
}

fn thresholds(settings: &Settings, others: &HealthThresholds) -> HealthThresholds {
    let limits = &settings.limits;
    HealthThresholds {
        tasks: limits.warn_tasks,
        blocking_waiting: limits.warn_waiting_work,
        memory_over_rest: u64::from(limits.warn_memory_mib) * MIB,
        disk_free: u64::from(limits.warn_disk_mib) * MIB,
        ..others.clone()
    }
}

fn keeping(settings: &Settings, others: &AuditRotation) -> Keeping {
    let storage = &settings.storage;
    let max_entries = u64::from(storage.audit_entries);
    Keeping {
        retention: Retention {
            max_jobs: storage.keep_jobs.into(),
            max_age: storage.keep_days.map(|days| DAY * days),
            max_artifact_bytes: u64::from(storage.large_outputs_mib) * MIB,
        },
        audit: AuditRotation {
            max_entries,
            // Not more than may be there at all.
            file_entries: others.file_entries.min(max_entries),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreOptions;

    #[test]
    fn settings_that_nobody_has_touched_are_what_an_engine_begins_with_anyway() {
        let config = EngineConfig::default();
        let set = config.clone().with(&Settings::default());
        assert_eq!(set.limits.queue_depth, config.limits.queue_depth);
        assert_eq!(set.limits.concurrency, config.limits.concurrency);
        assert_eq!(set.limits.events_kept, config.limits.events_kept);
        assert_eq!(set.permissions.ask_for, config.permissions.ask_for);
        let defaults = HealthThresholds::default();
        assert_eq!(thresholds(&Settings::default(), &defaults), defaults);
        let store = StoreOptions::default();
        let kept = keeping(&Settings::default(), &store.audit);
        assert_eq!(kept.retention, store.retention);
        assert_eq!(kept.audit, store.audit);
    }
}
