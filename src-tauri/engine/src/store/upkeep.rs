//! What is done when nothing waits to be written: words go into the index, old jobs go, and old
//! entries of the audit trail into files.
//!
//! Each step is short, and between two of them changes are written. Under a load that never ends
//! it is done all the same, a step between two batches, so that it never gets out of hand.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{
    artifact::Artifacts,
    audit::Trail,
    error::StoreError,
    handle::{Durability, StoreOptions},
    retention, search_index,
};

/// How long nothing must have been written before what there is of upkeep is done.
const IDLE: Duration = Duration::from_millis(200);
/// How many ended jobs are indexed at once as soon as there is a moment.
const INDEXED_AT_ONCE: usize = 256;
/// How many are indexed between two batches, when there is no moment.
const INDEXED_UNDER_LOAD: usize = 512;
/// How many ended jobs may wait for it at the most: searches read their words one by one.
const UNINDEXED: usize = 20_000;
/// After how many ended jobs old ones are looked for.
const ENDED_BEFORE_PRUNING: usize = 512;
/// How often old jobs are looked for when nothing happens, if jobs are kept for a time.
const AGING: Duration = Duration::from_secs(3_600);
/// How long upkeep rests after it failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How long the audit trail stays where it is after moving it failed.
const AFTER_FAILED_ROTATION: Duration = Duration::from_secs(60);

/// What there is to do.
pub(super) struct Upkeep {
    unindexed: usize,
    /// How many finished jobs there are: counting them takes too long to do it often.
    finished: u64,
    /// How many jobs have ended since old ones were last looked for.
    ended: usize,
    prune: bool,
    /// There is more of the audit trail in the database than should be.
    rotate: bool,
    /// Its oldest entries could not be moved: other work goes first for a while.
    no_rotation_before: Option<Instant>,
    /// When to begin, if nothing happens until then.
    at: Option<Instant>,
    /// Not to be done before, since it failed.
    not_before: Option<Instant>,
    /// The last turn was upkeep: now something else has the right of way.
    just_done: bool,
}

impl Upkeep {
    pub(super) fn new(connection: &Connection, rotate: bool) -> Result<Self, StoreError> {
        Ok(Self {
            unindexed: search_index::waiting(connection)?,
            finished: retention::finished(connection)?,
            // As if one had: the limits may be lower than last time.
            ended: 1,
            prune: false,
            rotate,
            no_rotation_before: None,
            at: Some(Instant::now() + IDLE),
            not_before: None,
            just_done: false,
        })
    }

    /// Changes were written, this many jobs have ended with them, and there is more of the audit
    /// trail than should be.
    pub(super) fn written(&mut self, ended: usize, rotate: bool) {
        self.just_done = false;
        let may_rotate = self
            .no_rotation_before
            .is_none_or(|at| at <= Instant::now());
        self.rotate = rotate && may_rotate;
        self.unindexed += ended;
        self.finished += ended as u64;
        self.ended += ended;
        if self.ended >= ENDED_BEFORE_PRUNING {
            (self.ended, self.prune) = (0, true);
        }
        self.at = Some(Instant::now() + IDLE);
    }

    /// Jobs were removed or taken in past it.
    pub(super) fn recount(&mut self, connection: &Connection) -> Result<(), StoreError> {
        self.unindexed = search_index::waiting(connection)?;
        self.finished = retention::finished(connection)?;
        self.at = Some(Instant::now() + IDLE);
        Ok(())
    }

    /// The limits have changed: jobs may be past one now, and so may the audit trail be.
    pub(super) fn look_again(&mut self, rotate: bool) {
        (self.prune, self.rotate) = (true, rotate);
        self.at = Some(Instant::now() + IDLE);
    }

    /// When to look again, if nothing happens until then.
    pub(super) fn at(&self) -> Option<Instant> {
        self.at.max(self.not_before)
    }

    /// Whether a step is due even though changes wait.
    pub(super) fn is_urgent(&self) -> bool {
        let is_much = self.unindexed > UNINDEXED || self.prune || self.rotate;
        !self.just_done && self.not_before.is_none() && is_much
    }

    /// Whether a step is due while nothing waits.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        if let Some(at) = self.not_before {
            return at <= now;
        }
        let is_much = self.unindexed >= INDEXED_AT_ONCE || self.prune || self.rotate;
        is_much || self.at.is_some_and(|at| at <= now)
    }

    /// Does one step.
    pub(super) fn step(
        &mut self,
        connection: &Connection,
        artifacts: &Artifacts,
        trail: &mut Trail<'_>,
        options: &StoreOptions,
    ) -> Result<(), StoreError> {
        self.just_done = true;
        self.not_before = None;
        let done = self.try_step(connection, artifacts, trail, options);
        if done.is_err() {
            self.not_before = Some(Instant::now() + AFTER_FAILURE);
        }
        done
    }

    fn try_step(
        &mut self,
        connection: &Connection,
        artifacts: &Artifacts,
        trail: &mut Trail<'_>,
        options: &StoreOptions,
    ) -> Result<(), StoreError> {
        if self.rotate {
            self.rotate = false;
            self.no_rotation_before = Some(Instant::now() + AFTER_FAILED_ROTATION);
            // Written twice if the power goes, which does no harm.
            unsynced(connection, options.durability, || {
                trail.rotate(&options.audit)
            })?;
            self.rotate = trail.is_over(&options.audit);
            self.no_rotation_before = None;
            // A step of its own, since it takes longer than others.
            return Ok(());
        }
        let idle = self.at.is_some_and(|at| at <= Instant::now());
        let pruned = self.prune;
        if self.prune {
            let (removed, more) =
                retention::prune(connection, artifacts, &options.retention, self.finished)?;
            self.finished = self.finished.saturating_sub(removed);
            self.prune = more;
        }
        // Under load both are done in one step, or words would come faster than they go.
        if pruned && self.unindexed <= UNINDEXED {
            return Ok(());
        }
        if self.unindexed > 0 {
            let limit = match self.unindexed {
                many if many > UNINDEXED => INDEXED_UNDER_LOAD,
                _ => INDEXED_AT_ONCE,
            };
            let moved = unsynced(connection, options.durability, || {
                search_index::fill(connection, limit)
            })?;
            self.unindexed = match moved {
                // Pruning has removed some that were counted.
                0 => 0,
                moved => self.unindexed.saturating_sub(moved),
            };
        } else if idle {
            // Once more at the end of a time of work, and now and then where jobs age.
            self.prune = self.ended > 0 || options.retention.max_age.is_some();
            self.ended = 0;
            self.at = options.retention.max_age.map(|_| Instant::now() + AGING);
        }
        Ok(())
    }
}

/// Does `work` without waiting for the disk: if the power goes, it is done again.
fn unsynced<R>(
    connection: &Connection,
    durability: Durability,
    work: impl FnOnce() -> Result<R, StoreError>,
) -> Result<R, StoreError> {
    if durability == Durability::Normal {
        return work();
    }
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let done = work();
    connection.pragma_update(None, "synchronous", "FULL")?;
    done
}
