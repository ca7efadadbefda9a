//! What to worry about: limits, and warnings that begin past a limit and end well before it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toolroom_shared::{HealthSnapshot, HealthWarning, ServiceState, WarningCode};

use crate::clock::Timestamp;

const MIB: u64 = 1024 * 1024;
/// A warning ends a fifth of its limit away from where it began, so that a figure that trembles
/// around the limit doesn't tell of it again and again.
const FIFTH: u64 = 5;

/// From where on there is something to worry about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HealthThresholds {
    /// More tasks than these.
    pub tasks: u32,
    /// More pieces of blocking work that wait than these.
    pub blocking_waiting: u32,
    /// More bytes of memory than these over what is held at rest.
    pub memory_over_rest: u64,
    /// Fewer bytes on the disk than these.
    pub disk_free: u64,
    /// More open files than this many percent of what is allowed.
    pub open_files_percent: u32,
}

impl Default for HealthThresholds {
    fn default() -> Self {
        Self {
            tasks: 1_000,
            blocking_waiting: 100,
            memory_over_rest: 100 * MIB,
            disk_free: 1_024 * MIB,
            open_files_percent: 80,
        }
    }
}

/// The warnings that are on, and since when.
#[derive(Debug, Default)]
pub struct Alarms {
    on: BTreeMap<WarningCode, Timestamp>,
}

impl Alarms {
    /// Judges what was seen. Whether other warnings are on than before.
    pub fn judge(
        &mut self,
        seen: &mut HealthSnapshot,
        limits: &HealthThresholds,
        now: Timestamp,
    ) -> bool {
        let found = findings(seen, limits, |code| self.on.contains_key(&code));
        let before: Vec<_> = self.on.keys().copied().collect();
        self.on
            .retain(|code, _| found.iter().any(|(found, _)| found == code));
        seen.warnings = found
            .into_iter()
            .map(|(code, message)| HealthWarning {
                code,
                message,
                since: self.on.entry(code).or_insert(now).to_rfc3339(),
            })
            .collect();
        !self.on.keys().copied().eq(before)
    }
}

/// What there is to worry about; `was_on` says what there was before.
fn findings(
    seen: &HealthSnapshot,
    limits: &HealthThresholds,
    was_on: impl Fn(WarningCode) -> bool,
) -> Vec<(WarningCode, String)> {
    use WarningCode as Code;
    let (load, resources) = (&seen.load, &seen.resources);
    let mut found = Vec::new();
    let too_many = |code, value: u64, limit: u64| {
        let end = limit - limit / FIFTH;
        value > if was_on(code) { end } else { limit }
    };
    if too_many(Code::ManyTasks, load.tasks.into(), limits.tasks.into()) {
        let message = format!(
            "{} tasks are alive; {} are expected at the most. If jobs don't get on, cancel some.",
            load.tasks, limits.tasks
        );
        found.push((Code::ManyTasks, message));
    }
    let (waiting, most) = (load.blocking_waiting, limits.blocking_waiting);
    if too_many(Code::BlockingBacklog, waiting.into(), most.into()) {
        let message = format!(
            "{waiting} pieces of work wait for a thread. New jobs begin late; they will get their turn."
        );
        found.push((Code::BlockingBacklog, message));
    }
    if let (Some(held), Some(at_rest)) = (resources.memory_bytes, resources.resting_memory_bytes) {
        let over = held.saturating_sub(at_rest);
        if too_many(Code::HighMemory, over, limits.memory_over_rest) {
            let message = format!(
                "Toolroom holds {} of memory more than at rest. What it keeps for later was given back; if it goes on, let fewer jobs run at once.",
                size(over)
            );
            found.push((Code::HighMemory, message));
        }
    }
    if let Some(free) = resources.disk_free_bytes {
        let end = limits.disk_free.saturating_add(limits.disk_free / FIFTH);
        let is_on = was_on(Code::LowDisk);
        if free < if is_on { end } else { limits.disk_free } {
            let message = format!(
                "{} are left on the disk with the data folder. Make room, or jobs can't be stored.",
                size(free)
            );
            found.push((Code::LowDisk, message));
        }
    }
    if let (Some(open), Some(most)) = (resources.open_files, resources.open_files_limit) {
        let limit = u64::from(most) * u64::from(limits.open_files_percent) / 100;
        if too_many(Code::ManyFiles, open.into(), limit) {
            let message = format!(
                "{open} files are open, and {most} is what the system allows. Let fewer jobs run at once."
            );
            found.push((Code::ManyFiles, message));
        }
    }
    let is_down = |state| match state {
        ServiceState::Resting => true,
        ServiceState::Waiting | ServiceState::Starting => was_on(Code::ServiceDown),
        ServiceState::Running | ServiceState::Stopped => false,
    };
    let down: Vec<_> = seen
        .services
        .iter()
        .filter(|service| is_down(service.state))
        .map(|service| service.name.as_str())
        .collect();
    if !down.is_empty() {
        let message = format!(
            "A part of Toolroom has fallen and is begun again: {}. If that doesn't end, start Toolroom anew.",
            down.join(", ")
        );
        found.push((Code::ServiceDown, message));
    }
    found
}

/// A number of bytes for people.
fn size(bytes: u64) -> String {
    format!("{} MiB", bytes / MIB)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use toolroom_shared::ServiceHealth;

    /// Figures that are exactly this many percent of each limit.
    fn at_percent(percent: u64) -> HealthSnapshot {
        let limits = HealthThresholds::default();
        let of = |limit: u64| limit * percent / 100;
        let mut seen = HealthSnapshot::default();
        seen.load.tasks = of(limits.tasks.into()) as u32;
        seen.load.blocking_waiting = of(limits.blocking_waiting.into()) as u32;
        seen.resources.resting_memory_bytes = Some(MIB);
        seen.resources.memory_bytes = Some(MIB + of(limits.memory_over_rest));
        // Here less is worse.
        seen.resources.disk_free_bytes = Some(of(limits.disk_free));
        seen.resources.open_files_limit = Some(1_000);
        seen.resources.open_files = Some(of(800) as u32);
        seen
    }

    fn codes(seen: &HealthSnapshot) -> Vec<WarningCode> {
        seen.warnings.iter().map(|warning| warning.code).collect()
    }

    proptest! {
        #[test]
        fn a_warning_begins_past_its_limit_and_ends_a_fifth_before_it(
            percents in prop::collection::vec(50u64..150, 1..40)
        ) {
            let (mut alarms, limits) = (Alarms::default(), HealthThresholds::default());
            let (mut high, mut low) = (false, false);
            for (time, percent) in (0..).zip(percents) {
                let mut seen = at_percent(percent);
                let before = (high, low);
                high = percent > if high { 80 } else { 100 };
                low = percent < if low { 120 } else { 100 };
                let changed = alarms.judge(&mut seen, &limits, Timestamp(time));
                prop_assert_eq!(changed, before != (high, low));
                let on = codes(&seen);
                prop_assert_eq!(on.contains(&WarningCode::LowDisk), low);
                prop_assert_eq!(on.len(), usize::from(low) + 4 * usize::from(high));
            }
        }
    }

    #[test]
    fn a_warning_keeps_the_moment_at_which_it_began() {
        let (mut alarms, limits) = (Alarms::default(), HealthThresholds::default());
        let mut first = at_percent(110);
        assert!(alarms.judge(&mut first, &limits, Timestamp(1_000)));
        let mut second = at_percent(111);
        assert!(!alarms.judge(&mut second, &limits, Timestamp(2_000)));
        assert_eq!(second.warnings[0].since, first.warnings[0].since);
        assert!(second.warnings[0].message.contains("1110"));
    }

    #[test]
    fn a_service_that_fell_is_named_until_it_runs_again() {
        let (mut alarms, limits) = (Alarms::default(), HealthThresholds::default());
        let mut told = |state| {
            let mut seen = HealthSnapshot::default();
            seen.services.push(ServiceHealth {
                name: "store-writer".to_owned(),
                state,
                restarts: 1,
                last_error: None,
                since: String::new(),
            });
            alarms.judge(&mut seen, &limits, Timestamp(0));
            seen.warnings
        };
        assert!(told(ServiceState::Starting).is_empty());
        assert!(
            told(ServiceState::Resting)[0]
                .message
                .contains("store-writer")
        );
        assert_eq!(told(ServiceState::Starting).len(), 1);
        assert!(told(ServiceState::Running).is_empty());
    }

    #[test]
    fn what_the_system_does_not_tell_worries_nobody() {
        let mut seen = HealthSnapshot::default();
        assert!(!Alarms::default().judge(&mut seen, &HealthThresholds::default(), Timestamp(0)));
        assert_eq!(seen.warnings, []);
    }
}
