//! A job in words: where it stands, and what becomes of it when nobody runs its engine.

use serde::Serialize;
use serde_json::Value;
use toolroom_shared::{JobStatus, JobSummary};

use crate::times;

/// Where it stands, and what is about to change that.
pub fn status(job: &JobSummary) -> String {
    let mut words = job.status.to_string();
    if job.status.is_terminal() {
        return words;
    }
    // A percent isn't kept on disk while it changes: 0 may just mean that it isn't known here.
    if job.status == JobStatus::Running && job.progress_pct > 0 {
        words.push_str(&format!(" {} %", job.progress_pct));
    }
    if job.cancel_requested {
        words.push_str(", canceling");
    } else if job.paused {
        words.push_str(match job.status {
            JobStatus::Running => ", pausing",
            _ => ", paused",
        });
    } else if let Some(at) = &job.next_attempt_at {
        words.push_str(&format!(", retry at {}", times::full(at)));
    }
    words
}

/// A name of the contract, such as the one of a kind of change, as a word.
pub fn word(name: &impl Serialize) -> String {
    match serde_json::to_value(name) {
        Ok(Value::String(text)) => text.replace('_', " "),
        _ => String::new(),
    }
}

/// What becomes of jobs that are unfinished although nobody runs their engine, in sentences.
pub fn left_over(jobs: &[JobSummary]) -> Vec<String> {
    let interrupted = sentence(
        jobs.iter().filter(|job| job.status == JobStatus::Running),
        "was interrupted and is settled at the next start.",
        "running jobs were interrupted and are settled at the next start.",
    );
    let waiting = sentence(
        // One that is held back waits for more than a window.
        jobs.iter()
            .filter(|job| job.status == JobStatus::Queued && !job.paused),
        "waits for the next window.",
        "queued jobs wait for the next window.",
    );
    interrupted.into_iter().chain(waiting).collect()
}

fn sentence<'a>(
    mut jobs: impl Iterator<Item = &'a JobSummary>,
    of_one: &str,
    of_many: &str,
) -> Option<String> {
    let first = jobs.next()?;
    Some(match jobs.count() {
        0 => format!("Job {} {of_one}", first.job_id),
        more => format!("{} {of_many}", more + 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_job::a_job;
    use toolroom_shared::TransitionKind;

    fn in_status(status: JobStatus) -> JobSummary {
        JobSummary {
            status,
            ..(&a_job()).into()
        }
    }

    #[test]
    fn the_status_says_what_the_job_is_about_to_do() {
        let queued = in_status(JobStatus::Queued);
        let running = JobSummary {
            progress_pct: 42,
            ..in_status(JobStatus::Running)
        };
        let cases = [
            (queued.clone(), "queued"),
            (in_status(JobStatus::Running), "running"),
            (running.clone(), "running 42 %"),
            (
                JobSummary {
                    cancel_requested: true,
                    ..running.clone()
                },
                "running 42 %, canceling",
            ),
            (
                JobSummary {
                    paused: true,
                    ..running
                },
                "running 42 %, pausing",
            ),
            (
                JobSummary {
                    paused: true,
                    ..queued.clone()
                },
                "queued, paused",
            ),
            (
                JobSummary {
                    next_attempt_at: Some("2026-03-04T05:06:07Z".into()),
                    ..queued
                },
                "queued, retry at 2026-03-04 05:06:07 UTC",
            ),
            (
                JobSummary {
                    cancel_requested: true,
                    progress_pct: 42,
                    ..in_status(JobStatus::Canceled)
                },
                "canceled",
            ),
        ];
        for (job, said) in cases {
            assert_eq!(status(&job), said);
        }
    }

    #[test]
    fn what_was_left_is_named_if_it_is_one_job_and_counted_if_it_is_several() {
        let jobs = [JobStatus::Queued, JobStatus::Running, JobStatus::Queued].map(in_status);
        assert_eq!(
            left_over(&jobs),
            [
                "Job id was interrupted and is settled at the next start.",
                "2 queued jobs wait for the next window.",
            ]
        );
        let paused = JobSummary {
            paused: true,
            ..in_status(JobStatus::Queued)
        };
        assert!(left_over(&[paused, in_status(JobStatus::Failed)]).is_empty());
    }

    #[test]
    fn names_of_the_contract_are_words() {
        assert_eq!(word(&TransitionKind::CancelRequested), "cancel requested");
    }
}
