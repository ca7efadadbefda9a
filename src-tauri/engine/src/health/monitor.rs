//! The service that looks at the engine each second, and what it saw last.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use tokio::{runtime::Handle, sync::watch, time::MissedTickBehavior};
use toolroom_shared::{AppError, Caller, EngineLoad, HealthSnapshot, WarningCode};

use super::{
    alarms::{Alarms, HealthThresholds},
    caches::Caches,
    file,
    probe::Probe,
};
use crate::{
    clock::Clock,
    services::{Service, ServiceContext, ServiceEnd, ServiceList},
};

/// How long caches are left alone after they were asked to be smaller.
const BETWEEN_CLEANINGS: Duration = Duration::from_secs(60);

/// How an engine looks at itself.
#[derive(Clone, Debug)]
pub struct HealthConfig {
    /// How often.
    pub every: Duration,
    /// From where on there is something to worry about.
    pub thresholds: HealthThresholds,
}

impl Default for HealthConfig {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(1),
            thresholds: HealthThresholds::default(),
        }
    }
}

/// How the engine is, for every door.
#[async_trait]
pub trait HealthApi: Send + Sync {
    /// How it is: what was seen last, a second ago at the most.
    async fn health(&self, caller: Caller) -> Result<HealthSnapshot, AppError>;

    /// What is seen from now on.
    fn watch_health(&self, caller: Caller) -> watch::Receiver<Arc<HealthSnapshot>>;
}

/// Tells what an engine has to do. Must not block.
pub type LoadSource = Arc<dyn Fn() -> EngineLoad + Send + Sync>;

/// What was seen last. Clones are the same one.
#[derive(Clone, Debug)]
pub struct HealthMonitor {
    seen: watch::Sender<Arc<HealthSnapshot>>,
    /// From where on there is something to worry about.
    thresholds: watch::Sender<Arc<HealthThresholds>>,
}

impl Default for HealthMonitor {
    fn default() -> Self {
        Self {
            seen: watch::Sender::new(Arc::default()),
            thresholds: watch::Sender::new(Arc::default()),
        }
    }
}

#[async_trait]
impl HealthApi for HealthMonitor {
    async fn health(&self, _caller: Caller) -> Result<HealthSnapshot, AppError> {
        let mut seen = self.seen.subscribe();
        // Right after the start nothing has been seen yet.
        let first = seen.wait_for(|seen| !seen.at.is_empty()).await;
        Ok(first.map(|seen| (**seen).clone()).unwrap_or_default())
    }

    fn watch_health(&self, _caller: Caller) -> watch::Receiver<Arc<HealthSnapshot>> {
        self.seen.subscribe()
    }
}

/// What the service looks at.
#[derive(Clone)]
struct Looked {
    every: Duration,
    clock: Clock,
    folder: Option<PathBuf>,
    load: LoadSource,
    services: ServiceList,
    caches: Caches,
    monitor: HealthMonitor,
}

impl HealthMonitor {
    /// From the next look on there is something to worry about from here on.
    pub fn set_thresholds(&self, thresholds: HealthThresholds) {
        self.thresholds.send_replace(Arc::new(thresholds));
    }

    /// The service that looks, and writes what it saw into `folder` for other processes.
    pub fn service(
        &self,
        config: HealthConfig,
        clock: Clock,
        folder: Option<PathBuf>,
        load: LoadSource,
        services: ServiceList,
        caches: Caches,
    ) -> Service {
        self.set_thresholds(config.thresholds);
        let looked = Looked {
            every: config.every,
            clock,
            folder,
            load,
            services,
            caches,
            monitor: self.clone(),
        };
        Service::new("health", move |context| {
            look_until_stopped(looked.clone(), context)
        })
    }
}

async fn look_until_stopped(looked: Looked, context: ServiceContext) -> ServiceEnd {
    let mut ticks = tokio::time::interval(looked.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut probe = Probe::new(looked.folder.clone());
    let mut alarms = Alarms::default();
    let (mut cleaned, mut written): (Option<Instant>, Option<Instant>) = (None, None);
    loop {
        let due = tokio::select! {
            () = context.stopped() => break,
            due = ticks.tick() => due,
        };
        let lag = due.elapsed();
        // What asks the system may block: a disk that is far away, for one.
        let (resources, asked) = blocking(move || (probe.read(), probe)).await?;
        probe = asked;
        // Before it looks, since it sees itself, too.
        context.ready();
        let mut seen = looked.look(lag);
        seen.resources = resources;
        let thresholds = looked.monitor.thresholds.borrow().clone();
        let other_warnings = alarms.judge(&mut seen, &thresholds, looked.clock.now());
        let seen = Arc::new(seen);
        looked.monitor.seen.send_replace(seen.clone());
        let is_high = seen
            .warnings
            .iter()
            .any(|warning| warning.code == WarningCode::HighMemory);
        if is_high && cleaned.is_none_or(|at| at.elapsed() >= BETWEEN_CLEANINGS) {
            cleaned = Some(Instant::now());
            looked.clean().await?;
        }
        let is_due = written.is_none_or(|at| at.elapsed() >= file::WRITTEN_EVERY);
        if let Some(folder) = looked.folder.clone()
            && (is_due || other_warnings)
        {
            written = Some(Instant::now());
            // Where it can't be written, nobody reads it; the disk has its own warning.
            let _ = blocking(move || file::write(&folder, &seen)).await?;
        }
    }
    if let Some(folder) = looked.folder {
        blocking(move || file::remove(&folder)).await?;
    }
    Ok(())
}

impl Looked {
    fn look(&self, lag: Duration) -> HealthSnapshot {
        let metrics = Handle::current().metrics();
        let mut load = (self.load)();
        load.tasks = count(metrics.num_alive_tasks());
        load.tasks_waiting = count(metrics.global_queue_depth());
        load.lag_ms = lag.as_secs_f64() * 1_000.0;
        HealthSnapshot {
            at: self.clock.now().to_rfc3339(),
            pid: std::process::id(),
            load,
            services: self.services.health(),
            ..HealthSnapshot::default()
        }
    }

    async fn clean(&self) -> Result<(), String> {
        let caches = self.caches.clone();
        let asked = blocking(move || caches.give_back()).await?;
        eprintln!(
            "toolroom: memory is high; what was kept for later was given back: {}.",
            asked.join(", ")
        );
        Ok(())
    }
}

/// Does what may block where it holds up nothing.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    // joined: right here
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| "What was asked of the system was broken off.".to_owned())
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::{health::read_stored, services::Supervisor};

    #[tokio::test]
    async fn what_is_seen_is_told_written_and_taken_away_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let supervisor = Supervisor::new(Clock::default());
        let (monitor, waiting) = (HealthMonitor::default(), Arc::new(AtomicU32::new(0)));
        let source = waiting.clone();
        let load: LoadSource = Arc::new(move || EngineLoad {
            blocking_waiting: source.load(Ordering::Relaxed),
            ..EngineLoad::default()
        });
        let config = HealthConfig {
            every: Duration::from_millis(5),
            ..HealthConfig::default()
        };
        let folder_of_it = Some(folder.path().to_owned());
        let (list, caches) = (supervisor.list(), Caches::default());
        let clock = Clock::default();
        supervisor.add(monitor.service(config, clock, folder_of_it, load, list, caches));
        supervisor.ready().await;
        let seen = monitor.health(Caller::App).await.unwrap();
        assert_eq!(seen.services[0].name, "health");
        assert!(seen.load.tasks > 0 && seen.warnings.is_empty());

        let mut seen = monitor.watch_health(Caller::App);
        waiting.store(101, Ordering::Relaxed);
        let warned = seen.wait_for(|seen| !seen.warnings.is_empty()).await;
        assert_eq!(
            warned.unwrap().warnings[0].code,
            WarningCode::BlockingBacklog
        );
        // A warning that changes is written without waiting for the next time.
        let written = || read_stored(folder.path()).map(|stored| stored.health.warnings.len());
        while written() != Some(1) {
            seen.changed().await.unwrap();
        }
        assert!(supervisor.stop(Duration::from_secs(5)).await.is_empty());
        assert_eq!(read_stored(folder.path()), None);
    }

    #[tokio::test]
    async fn high_memory_asks_the_caches_and_not_at_every_look() {
        let supervisor = Supervisor::new(Clock::default());
        let (monitor, asked) = (HealthMonitor::default(), Arc::new(AtomicU32::new(0)));
        let caches = Caches::default();
        let count = asked.clone();
        caches.add("test", move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        let config = HealthConfig {
            every: Duration::from_millis(2),
            thresholds: HealthThresholds {
                memory_over_rest: 0,
                ..HealthThresholds::default()
            },
        };
        let load: LoadSource = Arc::new(EngineLoad::default);
        let (list, clock) = (supervisor.list(), Clock::default());
        supervisor.add(monitor.service(config, clock, None, load, list, caches));
        let mut seen = monitor.watch_health(Caller::App);
        let mut ballast = Vec::new();
        let mut looks = 0;
        while asked.load(Ordering::Relaxed) == 0 || looks < 20 {
            ballast.push(vec![1u8; 1024 * 1024]);
            seen.changed().await.unwrap();
            looks += 1;
            if cfg!(not(target_os = "linux")) && looks > 20 {
                return; // what isn't told worries nobody
            }
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        supervisor.stop(Duration::from_secs(5)).await;
    }
}
