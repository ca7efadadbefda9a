//! Where a job stands, in a word and a color.

use toolroom_shared::{JobStatus, JobSummary};

use crate::texts;

/// Where a job stands: its status, and what is about to change it.
#[must_use]
pub fn standing(job: &JobSummary) -> &'static str {
    match job.status {
        JobStatus::Queued | JobStatus::Running if job.cancel_requested => texts::CANCELING,
        JobStatus::Running if job.paused => texts::PAUSING,
        JobStatus::Queued if job.paused => texts::PAUSED,
        JobStatus::Queued if job.next_attempt_at.is_some() => texts::RETRYING,
        status => status.as_str(),
    }
}

/// The color that stands for where a job is.
#[must_use]
pub const fn tone(job: &JobSummary) -> &'static str {
    match job.status {
        // Something went wrong, and somebody should perhaps look.
        JobStatus::Queued if job.next_attempt_at.is_some() && !job.paused => "warn",
        status => tone_of(status),
    }
}

/// The color that stands for a status.
#[must_use]
pub const fn tone_of(status: JobStatus) -> &'static str {
    match status {
        JobStatus::Queued => "idle",
        JobStatus::Running => "busy",
        JobStatus::Succeeded => "good",
        JobStatus::Failed => "bad",
        JobStatus::Canceled => "warn",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stores::test_job::a_job;

    #[test]
    fn a_held_job_a_waiting_retry_and_a_job_that_is_to_end_say_so() {
        let in_words = |status, change: fn(&mut JobSummary)| {
            let mut job = JobSummary::from(&a_job("a", 1, status));
            change(&mut job);
            standing(&job)
        };
        let retry =
            |job: &mut JobSummary| job.next_attempt_at = Some("2026-11-21T13:02:11Z".into());
        let pause = |job: &mut JobSummary| job.paused = true;
        let cancel = |job: &mut JobSummary| {
            job.paused = true;
            job.cancel_requested = true;
        };
        assert_eq!(in_words(JobStatus::Queued, |_| ()), "queued");
        assert_eq!(in_words(JobStatus::Queued, retry), "waiting to retry");
        assert_eq!(in_words(JobStatus::Queued, pause), "paused");
        assert_eq!(in_words(JobStatus::Running, pause), "pausing…");
        assert_eq!(in_words(JobStatus::Running, cancel), "canceling…");
        assert_eq!(in_words(JobStatus::Canceled, cancel), "canceled");
    }
}
