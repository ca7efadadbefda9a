//! The supervisor: begins services in the order in which they are added, each when the one before
//! it is ready, and stops them in reverse.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{Notify, watch},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{OwnedTask, Service, ServiceList, ServiceRecord, keeper::Keeper};
use crate::clock::Clock;

/// How long a service that was broken off may take to be gone: as long as one step of it.
const BREAK_OFF: Duration = Duration::from_millis(250);

/// Keeps services. Dropped, it stops them all at once.
#[derive(Debug)]
pub struct Supervisor {
    runtime: Handle,
    clock: Clock,
    list: ServiceList,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    services: Vec<Entry>,
    closed: bool,
}

#[derive(Debug)]
struct Entry {
    record: Arc<ServiceRecord>,
    ready: watch::Receiver<bool>,
    stop: CancellationToken,
    kill: Arc<Notify>,
    task: OwnedTask,
}

impl Supervisor {
    /// One without services, on the current Tokio runtime.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            runtime: Handle::current(),
            clock,
            list: ServiceList::default(),
            kept: Mutex::default(),
        }
    }

    /// Adds a service, which is begun as soon as those before it have been ready once. Never
    /// waits. Nothing is added to a supervisor that has been stopped.
    pub fn add(&self, service: Service) {
        let mut kept = self.kept();
        if kept.closed {
            return;
        }
        let record = ServiceRecord::new(service.name, service.backoff, self.clock.clone());
        let record = Arc::new(record);
        let (ready, is_ready) = watch::channel(false);
        let (stop, kill) = (CancellationToken::new(), Arc::new(Notify::new()));
        let keeper = Keeper {
            service,
            record: record.clone(),
            ready,
            before: kept.services.last().map(|entry| entry.ready.clone()),
            stop: stop.clone(),
            kill: kill.clone(),
        };
        self.list.push(record.clone());
        kept.services.push(Entry {
            record,
            ready: is_ready,
            stop,
            kill,
            task: OwnedTask::spawn_on(&self.runtime, keeper.keep()),
        });
    }

    /// Lists a service that keeps itself, since it is a thread. Its owner begins and ends it.
    pub fn list_other(&self, record: Arc<ServiceRecord>) {
        self.list.push(record);
    }

    /// The services, to be looked at.
    #[must_use]
    pub fn list(&self) -> ServiceList {
        self.list.clone()
    }

    /// Waits until every service has been ready once.
    pub async fn ready(&self) {
        let all: Vec<_> = {
            let kept = self.kept();
            kept.services
                .iter()
                .map(|entry| entry.ready.clone())
                .collect()
        };
        for mut ready in all {
            // One that is gone is waited for by nobody.
            let _ = ready.wait_for(|ready| *ready).await;
        }
    }

    /// Ends a service as a fault in it would: it is begun again. Whether there is one of that name.
    pub fn kill(&self, name: &str) -> bool {
        let kept = self.kept();
        let found = kept
            .services
            .iter()
            .find(|entry| entry.record.name() == name);
        if let Some(entry) = found {
            // Not remembered: one that rests just now isn't killed when it comes back.
            entry.kill.notify_waiters();
        }
        found.is_some()
    }

    /// Stops all, the last first, each when the one after it is gone. Together they have `limit`;
    /// which had to be broken off.
    pub async fn stop(&self, limit: Duration) -> Vec<&'static str> {
        let mut services = {
            let mut kept = self.kept();
            kept.closed = true;
            std::mem::take(&mut kept.services)
        };
        let deadline = Instant::now() + limit;
        let mut broken_off = Vec::new();
        while let Some(mut entry) = services.pop() {
            entry.stop.cancel();
            // Each has its share of what is left, so that one can't take the time of all.
            let others = u32::try_from(services.len()).unwrap_or(u32::MAX);
            let left = deadline.saturating_duration_since(Instant::now());
            let share = left / others.saturating_add(1);
            if timeout(share, entry.task.ended()).await.is_err() {
                entry.task.stop();
                let _ = timeout(BREAK_OFF, entry.task.ended()).await;
                entry.record.stopped(false);
                broken_off.push(entry.record.name());
            }
        }
        broken_off
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
