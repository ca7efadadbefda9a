//! What happened to a job and what its tool wrote: asked for while a view shows it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_shared::{JobId, JobStatus, JobTransition, LogLine};

use super::JobsStore;
use crate::texts;

/// How many lines of a log are asked for at a time.
const PAGE: u32 = 500;
/// What has happened is told at once and stored a moment later: how often the history is asked
/// for what it must have soon,
const TRIES: u32 = 8;
/// and how many milliseconds lie between.
const BETWEEN_TRIES: u32 = 250;

/// A job's log as far as it is loaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    /// Its lines, the oldest first.
    pub lines: Vec<LogLine>,
    /// How many lines of the whole log were dropped because there were too many.
    pub dropped: u32,
    /// Why it could not be had, in words.
    pub failure: Option<String>,
    /// Something has come, if only that there is nothing.
    pub loaded: bool,
    loading: bool,
    /// It was asked for while it was loading.
    again: bool,
}

/// What happened to a job, as far as that is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Transitions {
    /// It is being asked for.
    #[default]
    Loading,
    /// It is here, the oldest first.
    Ready(Vec<JobTransition>),
    /// It could not be had; why, in words.
    Failed(String),
}

impl JobsStore {
    /// Gets the lines that came since `log` was asked for last, page after page to the end.
    /// Cheap to call again and again.
    pub fn read_log(&self, id: JobId, log: ArcRwSignal<Log>) {
        let store = self.clone();
        spawn_local(async move { store.read_log_now(&id, &log).await });
    }

    pub(super) async fn read_log_now(&self, id: &JobId, log: &ArcRwSignal<Log>) {
        let is_loading = log.try_update_untracked(|log| {
            log.again = log.loading;
            std::mem::replace(&mut log.loading, true)
        });
        if is_loading != Some(false) {
            return;
        }
        let mut tries = 0;
        loop {
            let after = log.with_untracked(|log| log.lines.last().map_or(0, |line| line.number));
            let ask = || self.client.read_job_log(id.clone(), after, PAGE);
            let answer = self.patience.ask(ask).await;
            let written = self
                .job(id)
                .map_or(0, |job| job.with_untracked(|job| job.summary.log_lines));
            let goes_on = log.try_update(|log| {
                log.loaded = true;
                let again = std::mem::take(&mut log.again);
                let goes_on = match answer {
                    Ok(page) => {
                        let came = !page.lines.is_empty();
                        log.failure = None;
                        log.dropped = page.dropped;
                        log.lines.extend(page.lines);
                        let newest = log.lines.last().map_or(0, |line| line.number);
                        if came && page.more || again {
                            Some(0)
                        } else {
                            (newest < written && tries < TRIES).then_some(BETWEEN_TRIES)
                        }
                    }
                    Err(error) => {
                        log.failure = Some(texts::failure(&error));
                        None
                    }
                };
                log.loading = goes_on.is_some();
                goes_on
            });
            match goes_on.flatten() {
                None => return,
                Some(0) => {}
                Some(pause) => {
                    tries += 1;
                    // sleep: nobody tells when lines are stored
                    self.clock.sleep(pause).await;
                }
            }
        }
    }

    /// Asks what happened to the job. What is shown stays until the answer is there.
    pub fn read_transitions(&self, id: JobId, state: ArcRwSignal<Transitions>) {
        let store = self.clone();
        spawn_local(async move { store.read_transitions_now(&id, &state).await });
    }

    pub(super) async fn read_transitions_now(&self, id: &JobId, state: &ArcRwSignal<Transitions>) {
        for _ in 0..TRIES {
            let ask = || self.client.list_job_transitions(id.clone());
            let answer = self.patience.ask(ask).await;
            let new = match answer {
                Ok(all) => Transitions::Ready(all),
                Err(error) => Transitions::Failed(texts::failure(&error)),
            };
            let is_current = match &new {
                Transitions::Ready(all) => self.tell_of_now(id, all.last()),
                _ => true,
            };
            state.maybe_update(|old| {
                // Of two answers that overtook each other the longer is the later.
                let is_older = matches!(
                    (&*old, &new),
                    (Transitions::Ready(old), Transitions::Ready(new)) if new.len() <= old.len()
                );
                if !is_older {
                    *old = new;
                }
                !is_older
            });
            if is_current {
                return;
            }
            // sleep: nobody tells when a change is stored
            self.clock.sleep(BETWEEN_TRIES).await;
        }
    }

    /// Whether the latest of a job's transitions led to where the job is known to stand.
    fn tell_of_now(&self, id: &JobId, latest: Option<&JobTransition>) -> bool {
        let Some(job) = self.job(id) else { return true };
        job.with_untracked(|job| {
            let job = &job.summary;
            latest.is_some_and(|latest| {
                // The revision of a job at work rises also with its progress.
                let works = job.status == JobStatus::Running;
                latest.revision >= job.revision
                    || works && latest.status == job.status && latest.attempt == job.attempt
            })
        })
    }
}
