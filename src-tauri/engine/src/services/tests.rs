//! Services under a clock that stands still until something is waited for: every rest is exact,
//! and no test takes the time that it tells of.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use proptest::prelude::*;
use tokio::time::{Instant, sleep};
use toolroom_shared::ServiceState;

use super::*;
use crate::clock::Clock;

const LIMIT: Duration = Duration::from_secs(4);

fn supervisor() -> Supervisor {
    Supervisor::new(Clock::default())
}

/// What happened, in its order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Runs until it is stopped, and notes when it is begun and when it is gone.
fn steady(name: &'static str, log: &Log) -> Service {
    let log = log.clone();
    Service::new(name, move |context| {
        let log = log.clone();
        async move {
            log.note(format!("{name} begins"));
            sleep(Duration::from_millis(10)).await; // sleep: what it takes to get ready
            context.ready();
            log.note(format!("{name} is ready"));
            context.stopped().await;
            log.note(format!("{name} stops"));
            Ok(())
        }
    })
}

#[tokio::test(start_paused = true)]
async fn services_begin_in_order_when_the_one_before_is_ready_and_stop_in_reverse() {
    let (supervisor, log) = (supervisor(), Log::default());
    for name in ["a", "b", "c"] {
        supervisor.add(steady(name, &log));
    }
    supervisor.ready().await;
    tokio::task::yield_now().await;
    let begun = [
        "a begins",
        "a is ready",
        "b begins",
        "b is ready",
        "c begins",
        "c is ready",
    ];
    assert_eq!(log.taken(), begun);
    let standing = supervisor.list().health();
    assert!(
        standing
            .iter()
            .all(|one| one.state == ServiceState::Running)
    );
    assert!(supervisor.stop(LIMIT).await.is_empty());
    assert_eq!(log.taken(), ["c stops", "b stops", "a stops"]);
    let standing = supervisor.list().health();
    assert!(
        standing
            .iter()
            .all(|one| one.state == ServiceState::Stopped)
    );
    supervisor.add(steady("late", &log));
    tokio::task::yield_now().await;
    assert!(log.taken().is_empty(), "nothing is begun after the stop");
}

#[tokio::test(start_paused = true)]
async fn one_that_falls_comes_back_with_rests_that_grow_and_is_reported() {
    let (supervisor, begun) = (supervisor(), Arc::new(Mutex::new(Vec::new())));
    let times = begun.clone();
    supervisor.add(Service::new("falls", move |context| {
        let times = times.clone();
        async move {
            let count = {
                let mut times = times.lock().unwrap();
                times.push(Instant::now());
                times.len()
            };
            match count {
                1 => Err("the cable is out".to_owned()),
                2 => panic!("what a panic says is told to nobody"),
                3 => Ok(()),
                _ => {
                    context.ready();
                    context.stopped().await;
                    Ok(())
                }
            }
        }
    }));
    supervisor.ready().await;
    let times = begun.lock().unwrap().clone();
    let backoff = Backoff::default();
    for (fall, pair) in (0..).zip(times.windows(2)) {
        let whole = backoff.first * 2u32.pow(fall);
        let rest = pair[1] - pair[0];
        // The clock of a test has whole milliseconds.
        let most = whole + Duration::from_millis(1);
        assert!(rest >= whole / 2 && rest <= most, "{rest:?} after {fall}");
    }
    let told = &supervisor.list().health()[0];
    assert_eq!((told.state, told.restarts), (ServiceState::Running, 3));
    assert_eq!(told.last_error.as_deref(), Some("It ended by itself."));
    supervisor.stop(LIMIT).await;
}

#[tokio::test(start_paused = true)]
async fn a_fall_after_a_quiet_while_counts_as_the_first() {
    let record = ServiceRecord::new("a", Backoff::default(), Clock::default());
    let backoff = Backoff::default();
    record.begin();
    for _ in 0..12 {
        record.fell("again".to_owned());
        record.begin();
    }
    assert!(record.fell("again".to_owned()) >= backoff.longest / 2);
    record.begin();
    tokio::time::advance(backoff.quiet).await;
    assert!(record.fell("after long".to_owned()) <= backoff.first);
}

#[tokio::test(start_paused = true)]
async fn one_that_does_not_stop_is_broken_off_within_the_limit_and_named() {
    let (supervisor, log) = (supervisor(), Log::default());
    supervisor.add(steady("first", &log));
    supervisor.add(Service::new("deaf", |context| async move {
        context.ready();
        std::future::pending().await
    }));
    supervisor.add(steady("last", &log));
    supervisor.ready().await;
    let begun = Instant::now();
    assert_eq!(supervisor.stop(LIMIT).await, ["deaf"]);
    assert!(begun.elapsed() <= LIMIT);
    let told = supervisor.list().health();
    assert!(told[1].last_error.is_some() && told[0].last_error.is_none());
    assert!(log.taken().contains(&"first stops".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_that_is_dropped_leaves_nothing_behind() {
    let (supervisor, held) = (supervisor(), Arc::new(()));
    for name in ["a", "b"] {
        let held = held.clone();
        supervisor.add(Service::new(name, move |context| {
            let held = held.clone();
            async move {
                let _held = held;
                context.ready();
                std::future::pending().await
            }
        }));
    }
    supervisor.ready().await;
    assert!(Arc::strong_count(&held) > 1);
    drop(supervisor);
    while Arc::strong_count(&held) > 1 {
        tokio::task::yield_now().await;
    }
}

/// One of several that run at once, which is never to be two.
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn one(of: &Arc<AtomicUsize>) -> Self {
        let before = of.fetch_add(1, Ordering::SeqCst);
        assert_eq!(before, 0, "there are two of one service");
        Self(of.clone())
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_killed_whenever_all_run_in_the_end_and_none_twice(
        kills in prop::collection::vec((0usize..4, 0u64..400), 0..60)
    ) {
        const NAMES: [&str; 4] = ["a", "b", "c", "d"];
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let supervisor = supervisor();
            let alive: Vec<_> = NAMES.iter().map(|_| Arc::new(AtomicUsize::new(0))).collect();
            for (name, alive) in NAMES.into_iter().zip(&alive) {
                let alive = alive.clone();
                supervisor.add(Service::new(name, move |context| {
                    let alive = alive.clone();
                    async move {
                        let _alive = Alive::one(&alive);
                        context.ready();
                        context.stopped().await;
                        Ok(())
                    }
                }));
            }
            for (which, after) in &kills {
                sleep(Duration::from_millis(*after)).await; // sleep: chance says when
                assert!(supervisor.kill(NAMES[*which]));
            }
            // The longest rest, and what it takes to come back.
            sleep(Backoff::default().longest * 2).await; // sleep: until all have rested
            for (service, alive) in supervisor.list().health().iter().zip(&alive) {
                assert_eq!(service.state, ServiceState::Running, "{}", service.name);
                assert_eq!(alive.load(Ordering::SeqCst), 1, "{}", service.name);
            }
            assert!(supervisor.stop(LIMIT).await.is_empty());
            assert!(alive.iter().all(|alive| alive.load(Ordering::SeqCst) == 0));
        });
    }
}
