//! What the person is told of jobs that have ended while the window was out of sight: pure, the time
//! comes from outside.
//!
//! An end rings after a short wait; what ends meanwhile is told with it. So nobody is told twice within
//! that time, and nothing is left out.

use std::time::Duration;

use tokio::time::Instant;
use toolroom_shared::JobId;

use crate::native::Notice;

/// How long others are waited for, that one notification tells of all.
pub const GATHERED_FOR: Duration = Duration::from_secs(3);

/// A job that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Which.
    pub job_id: JobId,
    /// Its tool, as people know it.
    pub title: String,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// What is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    /// The words.
    pub notice: Notice,
    /// The job that a click leads to, if it is about one alone.
    pub job_id: Option<JobId>,
    /// How many jobs it tells of.
    pub jobs: usize,
}

/// Gathers what has ended.
#[derive(Debug, Default)]
pub struct Bell {
    first: Option<(Instant, Ended)>,
    others: usize,
    failed: usize,
}

impl Bell {
    /// Takes note of an end.
    pub fn add(&mut self, now: Instant, ended: Ended) {
        self.failed += usize::from(ended.failure.is_some());
        match self.first {
            None => self.first = Some((now + GATHERED_FOR, ended)),
            Some(_) => self.others += 1,
        }
    }

    /// When it is to be rung; none if there is nothing to tell.
    pub fn due(&self) -> Option<Instant> {
        self.first.as_ref().map(|(due, _)| *due)
    }

    /// Forgets everything: the person sees it.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// What is to be told, due or not.
    pub fn ring(&mut self) -> Option<Ring> {
        let Self {
            first,
            others,
            failed,
        } = std::mem::take(self);
        let (_, ended) = first?;
        let jobs = others + 1;
        if jobs == 1 {
            let outcome = if failed == 0 { "is done" } else { "failed" };
            return Some(Ring {
                notice: Notice {
                    title: format!("{} {outcome}", ended.title),
                    text: ended.failure.unwrap_or_default(),
                },
                job_id: Some(ended.job_id),
                jobs,
            });
        }
        let failures = match failed {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        Some(Ring {
            notice: Notice {
                title: format!("{jobs} jobs ended{failures}"),
                text: String::new(),
            },
            job_id: None,
            jobs,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ended(failed: bool) -> Ended {
        Ended {
            job_id: JobId("j".into()),
            title: "Hash files".into(),
            failure: failed.then(|| "The disk is full.".to_owned()),
        }
    }

    proptest! {
        /// Ends come at any time; whoever rings does so when it is due.
        #[test]
        fn every_end_is_told_once_in_time_and_never_twice_in_short_order(
            ends in proptest::collection::vec((0..9_000_u64, any::<bool>()), 0..40),
        ) {
            let begin = Instant::now();
            let (mut bell, mut now) = (Bell::default(), begin);
            let (mut told, mut failures) = (0, 0);
            let mut rung: Vec<Instant> = Vec::new();
            let mut ring = |bell: &mut Bell, at: Instant| {
                if let Some(ring) = bell.ring() {
                    told += ring.jobs;
                    let failed = ring.notice.title.split(", ").nth(1).map_or_else(
                        || usize::from(ring.notice.title.ends_with("failed")),
                        |words| words.split(' ').next().unwrap().parse().unwrap(),
                    );
                    failures += failed;
                    rung.push(at);
                }
            };
            for (wait, failed) in &ends {
                let next = now + Duration::from_millis(*wait);
                if let Some(due) = bell.due().filter(|due| *due <= next) {
                    prop_assert!(due <= now + GATHERED_FOR, "nothing waits for longer");
                    ring(&mut bell, due);
                }
                now = next;
                bell.add(now, ended(*failed));
            }
            let last = bell.due().unwrap_or(now);
            ring(&mut bell, last);
            prop_assert_eq!(bell.due(), None);
            prop_assert_eq!(told, ends.len());
            prop_assert_eq!(failures, ends.iter().filter(|(_, failed)| *failed).count());
            prop_assert!(rung.windows(2).all(|pair| pair[1] - pair[0] >= GATHERED_FOR));
        }
    }

    #[test]
    fn one_job_is_told_by_name_and_many_by_their_number() {
        let (mut bell, now) = (Bell::default(), Instant::now());
        bell.add(now, ended(true));
        let one = bell.ring().unwrap();
        assert_eq!(one.notice.title, "Hash files failed");
        assert_eq!(one.notice.text, "The disk is full.");
        assert_eq!(one.job_id, Some(JobId("j".into())));
        for failed in [false, true, false, false, false] {
            bell.add(now, ended(failed));
        }
        let many = bell.ring().unwrap();
        assert_eq!(many.notice.title, "5 jobs ended, 1 failed");
        assert_eq!(many.job_id, None);
        bell.add(now, ended(false));
        bell.forget();
        assert_eq!(bell.ring(), None);
    }
}
