//! What is known of a service: how it stands, how often it fell, and why last.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use toolroom_shared::{ServiceHealth, ServiceState};

use super::Backoff;
use crate::clock::{Clock, Timestamp};

/// What is known of one service. Written by who keeps it, read by anyone.
#[derive(Debug)]
pub struct ServiceRecord {
    name: &'static str,
    backoff: Backoff,
    clock: Clock,
    standing: Mutex<Standing>,
}

#[derive(Debug)]
struct Standing {
    state: ServiceState,
    since: Timestamp,
    restarts: u32,
    falls_in_a_row: u32,
    begun: Option<Instant>,
    last_error: Option<String>,
}

impl ServiceRecord {
    /// Of a service that hasn't been begun.
    #[must_use]
    pub fn new(name: &'static str, backoff: Backoff, clock: Clock) -> Self {
        let standing = Standing {
            state: ServiceState::Waiting,
            since: clock.now(),
            restarts: 0,
            falls_in_a_row: 0,
            begun: None,
            last_error: None,
        };
        Self {
            name,
            backoff,
            clock,
            standing: Mutex::new(standing),
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// It is begun, for the first time or again.
    pub fn begin(&self) {
        let mut standing = self.standing();
        if standing.begun.replace(Instant::now()).is_some() {
            standing.restarts = standing.restarts.saturating_add(1);
        }
        self.turn(&mut standing, ServiceState::Starting);
    }

    /// It does its work.
    pub fn ready(&self) {
        self.turn(&mut self.standing(), ServiceState::Running);
    }

    /// It has fallen. How long it rests.
    pub fn fell(&self, why: String) -> Duration {
        let mut standing = self.standing();
        let ran = standing.begun.map_or(Duration::ZERO, |at| at.elapsed());
        if ran >= self.backoff.quiet {
            standing.falls_in_a_row = 0;
        }
        standing.falls_in_a_row = standing.falls_in_a_row.saturating_add(1);
        standing.last_error = Some(why);
        self.turn(&mut standing, ServiceState::Resting);
        self.backoff.rest(standing.falls_in_a_row, fastrand::f64())
    }

    /// It was stopped, and ended by itself or not.
    pub fn stopped(&self, by_itself: bool) {
        let mut standing = self.standing();
        if !by_itself {
            standing.last_error = Some("It didn't stop in time and was broken off.".to_owned());
        }
        self.turn(&mut standing, ServiceState::Stopped);
    }

    /// How it stands.
    #[must_use]
    pub fn health(&self) -> ServiceHealth {
        let standing = self.standing();
        ServiceHealth {
            name: self.name.to_owned(),
            state: standing.state,
            restarts: standing.restarts,
            last_error: standing.last_error.clone(),
            since: standing.since.to_rfc3339(),
        }
    }

    fn turn(&self, standing: &mut Standing, state: ServiceState) {
        if standing.state != state {
            standing.state = state;
            standing.since = self.clock.now();
        }
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The services of an engine in the order in which they are begun. Clones are the same list.
#[derive(Clone, Debug, Default)]
pub struct ServiceList {
    records: Arc<Mutex<Vec<Arc<ServiceRecord>>>>,
}

impl ServiceList {
    /// Adds one that is begun after all others.
    pub fn push(&self, record: Arc<ServiceRecord>) {
        self.records().push(record);
    }

    /// How they stand.
    #[must_use]
    pub fn health(&self) -> Vec<ServiceHealth> {
        self.records()
            .iter()
            .map(|record| record.health())
            .collect()
    }

    fn records(&self) -> MutexGuard<'_, Vec<Arc<ServiceRecord>>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
