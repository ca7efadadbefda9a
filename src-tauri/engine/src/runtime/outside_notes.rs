//! Takes over what was noted for the audit trail outside of this engine: what a person did in a terminal
//! while another process, or none, ran the engine.

use std::{sync::Arc, time::Duration};

use tokio::{sync::oneshot, time::MissedTickBehavior};

use super::scheduler::Scheduler;
use crate::{
    audit::AuditJournal,
    services::{Service, ServiceContext, ServiceEnd},
};

/// How often it is looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Scheduler {
    /// The service that looks: at once, each second, and once more at the end.
    pub fn outside_notes(self: &Arc<Self>, journal: AuditJournal) -> Service {
        let scheduler = self.clone();
        Service::new("outside-notes", move |context| {
            look_until_stopped(scheduler.clone(), journal.clone(), context)
        })
    }

    /// What waits stands in the trail, and waits no more.
    async fn take_over(&self, journal: &AuditJournal) -> Result<(), String> {
        let looked_at = journal.clone();
        let waiting = blocking(move || looked_at.waiting()).await?;
        let waiting = waiting.map_err(|error| error.message)?;
        let Some(mut waiting) = waiting else {
            return Ok(());
        };
        let notes = std::mem::take(&mut waiting.notes).into_iter();
        let stored: Vec<_> = notes
            .map(|(at, note)| {
                let (told, stored) = oneshot::channel();
                self.audit.note_of(at, note, told);
                stored
            })
            .collect();
        for stored in stored {
            if !matches!(stored.await, Ok(Ok(()))) {
                // They wait on, for the next look or the next engine.
                return Ok(());
            }
        }
        let done = blocking(move || waiting.done()).await?;
        done.map_err(|error| format!("What stands in the audit trail can't be told: {error}."))?;
        // What was noted was done to these files, as a rule.
        let permissions = self.permissions.clone();
        blocking(move || permissions.look_again()).await
    }
}

async fn look_until_stopped(
    scheduler: Arc<Scheduler>,
    journal: AuditJournal,
    context: ServiceContext,
) -> ServiceEnd {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let is_last = tokio::select! {
            biased;
            () = context.stopped() => true,
            _ = ticks.tick() => false,
        };
        scheduler.take_over(&journal).await?;
        context.ready();
        if is_last {
            return Ok(());
        }
    }
}

/// Does what may block where it holds up nothing.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    // joined: right here
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| "What was noted outside could not be read.".to_owned())
}
