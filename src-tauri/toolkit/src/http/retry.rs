//! Whether a failed request is worth another, and when: exponential backoff with jitter, and what the
//! server asks for.

use std::time::{Duration, SystemTime};

use super::error::{HttpError, HttpErrorKind};

/// How often and how soon a failed request is tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRetryPolicy {
    /// How often it is attempted in all, the first time included.
    pub attempts: u32,
    /// How long the first retry waits; each further one waits twice as long.
    pub first_delay: Duration,
    /// How long any of them waits at the most by itself.
    pub max_delay: Duration,
    /// How long a server may ask to be left alone. If it asks for longer, it isn't asked again at all.
    pub max_retry_after: Duration,
}

impl Default for HttpRetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            first_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(30),
            max_retry_after: Duration::from_secs(120),
        }
    }
}

impl HttpRetryPolicy {
    /// How long to wait before another attempt; none if there is to be none. `failures` counts this
    /// one, and `chance` is from 0 to 1.
    ///
    /// Never shorter than the server asks for, and otherwise between half and the whole of what the
    /// number of failures calls for, so that those that failed together don't come back together.
    #[must_use]
    pub fn delay(&self, error: &HttpError, failures: u32, chance: f64) -> Option<Duration> {
        if !error.may_pass() || failures >= self.attempts {
            return None;
        }
        let asked_for = error.retry_after().unwrap_or_default();
        if asked_for > self.max_retry_after {
            return None;
        }
        let doublings = failures.saturating_sub(1).min(31);
        let whole = self.first_delay.saturating_mul(1 << doublings);
        let whole = whole.min(self.max_delay);
        let own = whole.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0);
        Some(own.max(asked_for))
    }
}

impl HttpErrorKind {
    /// Whether the same request may succeed later. `status` is what the server answered, if it did.
    pub(super) fn may_pass(self, status: Option<u16>) -> bool {
        match self {
            Self::Unreachable
            | Self::Refused
            | Self::ConnectTimedOut
            | Self::TimedOut
            | Self::NoAnswer
            | Self::CutShort
            | Self::TooManyRequests => true,
            Self::ServerError => matches!(status, Some(500 | 502 | 503 | 504)),
            // It took too long to ask, or it is too early.
            Self::OtherStatus => matches!(status, Some(408 | 425)),
            _ => false,
        }
    }
}

/// What a `Retry-After` asks for: seconds, or until a date.
pub(super) fn retry_after(value: &[u8], now: SystemTime) -> Option<Duration> {
    let text = str::from_utf8(value).ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than fits is for ever.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    // A date that has passed asks for nothing.
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(kind: HttpErrorKind, asked_for: Option<u64>) -> HttpError {
        HttpError::new(kind, "example.org").asking_for(asked_for.map(Duration::from_secs))
    }

    proptest! {
        #[test]
        fn a_delay_is_between_half_and_the_whole_of_its_step_and_never_shorter_than_asked_for(
            failures in 1u32..100,
            chance in 0.0f64..=1.0,
            asked_for in proptest::option::of(0u64..400),
        ) {
            let policy = HttpRetryPolicy { attempts: 100, ..HttpRetryPolicy::default() };
            let error = error(HttpErrorKind::TooManyRequests, asked_for);
            let asked_for = asked_for.unwrap_or_default();
            let delay = policy.delay(&error, failures, chance);
            if failures == 100 || asked_for > 120 {
                prop_assert_eq!(delay, None);
            } else {
                let delay = delay.unwrap();
                let whole = (1u64 << (failures - 1).min(10)).min(30);
                prop_assert!(delay >= Duration::from_millis(whole * 500));
                prop_assert!(delay >= Duration::from_secs(asked_for));
                prop_assert!(delay <= Duration::from_secs(whole.max(asked_for)));
            }
        }

        #[test]
        fn a_later_retry_never_waits_less(failures in 1u32..60, chance in 0.0f64..=1.0) {
            let policy = HttpRetryPolicy { attempts: 100, ..HttpRetryPolicy::default() };
            let error = error(HttpErrorKind::TimedOut, None);
            prop_assert!(
                policy.delay(&error, failures, chance) <= policy.delay(&error, failures + 1, chance)
            );
        }

        #[test]
        fn any_retry_after_is_read_or_refused(value in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = retry_after(&value, SystemTime::UNIX_EPOCH);
        }

        #[test]
        fn a_date_asks_for_the_time_until_then(now in 0u64..4_000_000_000, ahead in 0u64..1_000_000) {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(now);
            let ahead = Duration::from_secs(ahead);
            let date = httpdate::fmt_http_date(now + ahead);
            prop_assert_eq!(retry_after(date.as_bytes(), now), Some(ahead));
            prop_assert_eq!(retry_after(date.as_bytes(), now + ahead * 2), Some(Duration::ZERO));
            let seconds = ahead.as_secs().to_string();
            prop_assert_eq!(retry_after(seconds.as_bytes(), now), Some(ahead));
        }
    }

    #[test]
    fn what_will_not_change_is_not_asked_for_again() {
        let policy = HttpRetryPolicy::default();
        let statuses = [408, 425, 429, 500, 502, 503, 504];
        for status in 400..600 {
            let error = HttpError::of_status(status, "example.org", None);
            assert_eq!(
                policy.delay(&error, 1, 0.5).is_some(),
                statuses.contains(&status),
                "{status}"
            );
        }
        for kind in [
            HttpErrorKind::Tls,
            HttpErrorKind::NameNotFound,
            HttpErrorKind::Garbage,
        ] {
            assert_eq!(policy.delay(&error(kind, None), 1, 0.5), None);
        }
    }

    #[test]
    fn seconds_beyond_all_numbers_are_for_ever() {
        let asked = retry_after("9".repeat(40).as_bytes(), SystemTime::now());
        assert_eq!(asked, Some(Duration::from_secs(u64::MAX)));
        assert_eq!(retry_after(b"soon", SystemTime::now()), None);
        assert_eq!(retry_after(b"-1", SystemTime::now()), None);
    }
}
