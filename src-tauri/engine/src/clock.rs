//! The time of day: as jobs keep it, as snapshots show it, and as a test may set it.
//!
//! Only what people read is the time of day. What is waited for is measured by Tokio's clock, which
//! doesn't jump.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A moment, in milliseconds since 1970 (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment this much later.
    pub fn after(self, delay: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(delay.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// How long it is from `earlier` to this; nothing if it isn't earlier.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// In RFC 3339 and UTC, to the millisecond.
    pub fn to_rfc3339(self) -> String {
        // Times that the calendar doesn't have come from a clock that is badly wrong.
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .ok()
            .and_then(|date| date.format(&Rfc3339).ok())
            .unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned())
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(date: OffsetDateTime) -> Self {
        Self(i64::try_from(date.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH);
        let milliseconds = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        Self(since.map_or_else(|before| -milliseconds(before.duration()), milliseconds))
    }
}

/// Tells the time of day.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    set: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// A clock that shows what `milliseconds` since 1970 (UTC) is set to.
    #[must_use]
    pub const fn set_by(milliseconds: Arc<AtomicI64>) -> Self {
        Self {
            set: Some(milliseconds),
        }
    }

    /// Now.
    pub(crate) fn now(&self) -> Timestamp {
        match &self.set {
            Some(set) => Timestamp(set.load(Ordering::Relaxed)),
            None => SystemTime::now().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_day_is_utc_to_the_millisecond_at_most() {
        let now = Clock::default().now().to_rfc3339();
        assert!(now.ends_with('Z'), "{now}");
        let fraction = now.split('.').nth(1).map_or(0, |f| f.len() - 1);
        assert!(fraction <= 3, "{now}");
    }

    #[test]
    fn a_clock_that_is_badly_wrong_breaks_nothing() {
        for wrong in [i64::MIN, i64::MAX] {
            assert!(Timestamp(wrong).to_rfc3339().ends_with('Z'));
            let _ = Timestamp(wrong).after(Duration::MAX);
            let _ = Timestamp(wrong).since(Timestamp(-1));
        }
    }
}
