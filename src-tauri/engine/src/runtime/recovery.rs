//! What becomes of the jobs that an engine before this one left unfinished.
//!
//! What waited waits again. What ran waits again where its tool says that it can begin again, and
//! has failed as interrupted where it doesn't.

use std::{sync::Arc, time::Duration};

use fail::fail_point;
use serde_json::Value;
use toolroom_shared::JobStatus;

use super::{
    job_table::{JobChange, JobOutcome},
    live_jobs::LiveJob,
    queue::Place,
    scheduler::{Cause, Handling, Scheduler},
    state::State,
};
use crate::{record::JobRecord, secrets::GivenSecrets};

/// Progress raises a job's revision without being stored. After a restart revisions go on beyond
/// any that a client can have seen: at ten a second this is more than a day of progress.
const REVISIONS_UNSTORED: u32 = 1_000_000;

impl Scheduler {
    /// Takes in what was left, oldest first.
    pub fn recover(self: &Arc<Self>, left: Vec<JobRecord>, run_left_over: bool) {
        let mut state = self.state();
        for job in left {
            self.recover_one(&mut state, job, run_left_over);
            fail_point!("recovering");
        }
        self.start_what_may_run(&mut state);
    }

    fn recover_one(self: &Arc<Self>, state: &mut State, job: JobRecord, run_left_over: bool) {
        let seq = job.seq();
        let tool = self.registry.of_job(&job.origin.tool);
        let ran = job.status == JobStatus::Running;
        let starts_again = tool.as_ref().is_ok_and(|tool| {
            let behavior = self.registry.at(*tool).behavior;
            behavior.may_begin_again(job.checkpoint.is_some())
        });
        let input = job.input.as_deref().unwrap_or(&Value::Null);
        let secrets = match &tool {
            Ok(tool) => self.registry.kept(*tool, input),
            Err(_) => Ok(GivenSecrets::default()),
        };
        let (secrets, gone) = match secrets {
            Ok(secrets) => (secrets, None),
            Err(error) => (GivenSecrets::default(), Some(error)),
        };
        let job = Arc::new(JobRecord {
            revision: job
                .revision
                .saturating_add(if ran { REVISIONS_UNSTORED } else { 0 }),
            ..job
        });
        state.live.insert(Box::new(LiveJob {
            decided: job.clone(),
            visible: Some(job.clone()),
            in_flight: 0,
            tool: tool.as_ref().copied().unwrap_or_default(),
            secrets,
            access: None,
            work: None,
            running: None,
            waiting: None,
            kept: None,
        }));
        if let Err(error) = tool {
            let failed = JobChange::Ended(JobOutcome::Failed(Arc::new(error), None));
            let why = Cause::engine("its tool is gone");
            self.decide(state, seq, failed, why, Handling::default());
            return;
        }
        // What can't be begun again has been interrupted, whatever it needed.
        if let Some(error) = gone.filter(|_| !ran || starts_again) {
            let failed = JobChange::Ended(JobOutcome::Failed(Arc::new(error), None));
            let why = Cause::engine("a secret that was typed in is gone");
            self.decide(state, seq, failed, why, Handling::default());
            return;
        }
        if !run_left_over {
            state.left_over += 1;
        }
        if ran {
            let change = JobChange::Interrupted {
                starts_again,
                checkpoint: job.checkpoint.clone(),
                partial: None,
            };
            let why = Cause::engine("Toolroom ended while it ran");
            // Seen before it is stored: were that to fail, the next engine would decide the same.
            let handling = Handling {
                show_at_once: true,
                ..Handling::default()
            };
            self.decide(state, seq, change, why, handling);
            if !run_left_over {
                self.hold(state, seq);
            }
        } else if run_left_over {
            self.wait_again(state, &job);
        }
    }

    fn wait_again(self: &Arc<Self>, state: &mut State, job: &JobRecord) {
        if job.paused {
            return;
        }
        let Some(at) = job.next_attempt_at else {
            if let Some(live) = state.live.get(job.seq()) {
                state.queue.push(live.tool, Place::of(job));
            }
            return;
        };
        // However the clock has jumped meanwhile, nobody waits longer than a policy says.
        let delay: Duration = at.since(self.clock.now());
        self.wait_for_retry(state, job.seq(), delay.min(self.retry.longest_delay()));
    }

    /// Takes a job out of the queue again that is left to another engine.
    fn hold(&self, state: &mut State, seq: u64) {
        if let Some(live) = state.live.get(seq) {
            let (tool, place) = (live.tool, Place::of(&live.decided));
            state.queue.remove(tool, place);
        }
    }
}
