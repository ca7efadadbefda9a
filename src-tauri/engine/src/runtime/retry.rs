//! Whether a failed attempt is followed by another, and when: exponential backoff with jitter, by
//! the policy of who let the tool down.

use std::{collections::HashMap, time::Duration};

use toolroom_toolkit::ToolFailure;

/// How often and how soon something that failed is tried again.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    /// How often it is attempted in all, the first time included.
    pub max_attempts: u32,
    /// How long the first retry waits.
    pub first_delay: Duration,
    /// By how much each further one waits longer.
    pub factor: f64,
    /// How long any of them waits at the most.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            first_delay: Duration::from_secs(1),
            factor: 2.0,
            max_delay: Duration::from_secs(120),
        }
    }
}

/// Which policy holds for whom.
#[derive(Clone, Debug, Default)]
pub struct RetryPolicies {
    /// For who isn't named below.
    pub otherwise: RetryPolicy,
    /// By the name of the provider.
    pub providers: HashMap<String, RetryPolicy>,
}

impl RetryPolicies {
    /// How long to wait before another attempt; none if there is to be none.
    ///
    /// `failures` counts this one, `max_attempts` is what the start or the tool says, and `chance`
    /// is from 0 to 1.
    pub fn delay(
        &self,
        failure: &ToolFailure,
        failures: u32,
        max_attempts: Option<u32>,
        chance: f64,
    ) -> Option<Duration> {
        let policy = failure
            .provider
            .as_ref()
            .and_then(|provider| self.providers.get(provider))
            .unwrap_or(&self.otherwise);
        let attempts = max_attempts.unwrap_or(policy.max_attempts);
        if !failure.error.retryable || failures >= attempts {
            return None;
        }
        let asked_for = failure.retry_after.unwrap_or_default();
        Some(policy.backoff(failures, chance).max(asked_for))
    }

    /// The longest that any retry waits by itself.
    pub fn longest_delay(&self) -> Duration {
        let policies = self.providers.values().chain([&self.otherwise]);
        policies
            .map(|policy| policy.max_delay)
            .max()
            .unwrap_or_default()
    }
}

impl RetryPolicy {
    /// Between half and the whole of what the number of failures calls for, so that jobs that
    /// failed together don't come back together.
    fn backoff(&self, failures: u32, chance: f64) -> Duration {
        let exponent = i32::try_from(failures.saturating_sub(1)).unwrap_or(i32::MAX);
        let whole = self.first_delay.as_secs_f64() * self.factor.max(1.0).powi(exponent);
        let whole = whole.min(self.max_delay.as_secs_f64());
        Duration::from_secs_f64(whole * (0.5 + chance.clamp(0.0, 1.0) / 2.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use toolroom_shared::{AppError, ErrorCode};

    fn failure(retryable: bool, provider: Option<&str>) -> ToolFailure {
        ToolFailure {
            error: AppError {
                retryable,
                ..AppError::new(ErrorCode::Io, "no")
            },
            partial: None,
            provider: provider.map(str::to_owned),
            retry_after: None,
        }
    }

    proptest! {
        #[test]
        fn each_retry_waits_longer_up_to_the_limit_and_never_past_it(
            failures in 1u32..80,
            chance in 0.0f64..=1.0,
        ) {
            let policies = RetryPolicies::default();
            let delay = policies.delay(&failure(true, None), failures, Some(100), chance).unwrap();
            let whole = (1u64 << (failures - 1).min(30)).min(120);
            prop_assert!(delay <= Duration::from_secs(whole));
            prop_assert!(delay >= Duration::from_millis(whole * 500));
        }
    }

    #[test]
    fn only_errors_that_may_pass_are_tried_again_and_not_for_ever() {
        let policies = RetryPolicies::default();
        assert_eq!(policies.delay(&failure(false, None), 1, None, 0.5), None);
        assert!(policies.delay(&failure(true, None), 2, None, 0.5).is_some());
        assert_eq!(policies.delay(&failure(true, None), 3, None, 0.5), None);
        assert_eq!(policies.delay(&failure(true, None), 1, Some(1), 0.5), None);
    }

    #[test]
    fn a_providers_own_policy_and_wish_hold() {
        let mut policies = RetryPolicies::default();
        let patient = RetryPolicy {
            max_attempts: 9,
            ..RetryPolicy::default()
        };
        policies.providers.insert("slow".into(), patient);
        assert!(
            policies
                .delay(&failure(true, Some("slow")), 8, None, 0.5)
                .is_some()
        );
        assert_eq!(
            policies.delay(&failure(true, Some("other")), 8, None, 0.5),
            None
        );
        let mut asked = failure(true, Some("slow"));
        asked.retry_after = Some(Duration::from_secs(600));
        assert_eq!(
            policies.delay(&asked, 1, None, 0.5),
            Some(Duration::from_secs(600))
        );
    }
}
