//! Where a tool says how far it is. A report costs one atomic addition; the engine looks ten
//! times a second.

use std::{
    borrow::Cow,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::Revealed;

/// Stands for "not known" where a total is stored.
const UNKNOWN: u64 = u64::MAX;

/// A part of the work with its own name and its own count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    name: String,
    unit: &'static str,
    total: Option<u64>,
    span: (u8, u8),
}

impl Phase {
    /// A phase named `name`, such as "Hashing", of unknown length.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            unit: "",
            total: None,
            span: (0, 100),
        }
    }

    /// It counts `unit`s, such as `bytes` or `files`, and there are `total` of them.
    #[must_use]
    pub const fn counting(mut self, unit: &'static str, total: Option<u64>) -> Self {
        self.unit = unit;
        self.total = total;
        self
    }

    /// It stands for the part of the whole job from `from` to `to` percent; all of it unless set.
    #[must_use]
    pub const fn spanning(mut self, from: u8, to: u8) -> Self {
        self.span = (from, to);
        self
    }
}

/// How far a tool is at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressSample {
    /// The phase's name; empty before the first.
    pub stage: String,
    /// The latest thing that the tool had to say.
    pub message: Option<String>,
    /// What is counted.
    pub unit: &'static str,
    /// Units done in this phase.
    pub done: u64,
    /// Units there are in this phase, once that is known.
    pub total: Option<u64>,
    /// The whole job, 0 to 100, as far as that is known.
    pub percent: u8,
}

/// Where a reporter stands; see [`ProgressReporter::marks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgressMarks {
    said: u64,
    done: u64,
    total: u64,
}

impl Default for ProgressMarks {
    /// Those of a reporter that has said nothing yet.
    fn default() -> Self {
        Self {
            said: 0,
            done: 0,
            total: UNKNOWN,
        }
    }
}

/// Where a tool says how far it is. Clones report to the same job.
#[derive(Clone, Debug, Default)]
pub struct ProgressReporter {
    cell: Arc<Cell>,
    revealed: Revealed,
}

#[derive(Debug)]
struct Cell {
    #[cfg(any(test, feature = "testing"))]
    watch: std::sync::OnceLock<crate::testing::Watch>,
    /// How often the words were changed.
    said: AtomicU64,
    done: AtomicU64,
    total: AtomicU64,
    words: Mutex<Words>,
}

#[derive(Debug)]
struct Words {
    stage: String,
    message: Option<String>,
    unit: &'static str,
    span: (u8, u8),
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            #[cfg(any(test, feature = "testing"))]
            watch: std::sync::OnceLock::new(),
            said: AtomicU64::new(0),
            done: AtomicU64::new(0),
            total: AtomicU64::new(UNKNOWN),
            words: Mutex::new(Words {
                stage: String::new(),
                message: None,
                unit: "",
                span: (0, 100),
            }),
        }
    }
}

impl ProgressReporter {
    /// The same without the secrets in `revealed`. For the engine.
    #[must_use]
    pub fn without(mut self, revealed: &Revealed) -> Self {
        self.revealed = revealed.clone();
        self
    }

    /// Begins a phase: its count starts at nothing.
    pub fn begin(&self, phase: Phase) {
        let stage = self.revealed.scrub_text(&phase.name).into_owned();
        let mut words = self.words();
        words.stage = stage;
        words.unit = phase.unit;
        words.span = phase.span;
        self.cell.done.store(0, Ordering::Relaxed);
        self.cell
            .total
            .store(phase.total.unwrap_or(UNKNOWN), Ordering::Relaxed);
        self.cell.said.fetch_add(1, Ordering::Relaxed);
        drop(words);
        self.watched(None);
    }

    /// `count` more units of this phase are done.
    pub fn advance(&self, count: u64) {
        self.cell.done.fetch_add(count, Ordering::Relaxed);
        self.watched(Some(count));
    }

    /// It has become known how many units this phase has.
    pub fn set_total(&self, total: u64) {
        self.cell.total.store(total, Ordering::Relaxed);
        self.watched(Some(0));
    }

    /// Says something, such as the file that is being read. Only the latest is kept.
    pub fn message(&self, text: impl Into<String>) {
        let text = text.into();
        let text = match self.revealed.scrub_text(&text) {
            Cow::Owned(scrubbed) => scrubbed,
            Cow::Borrowed(_) => text,
        };
        let mut words = self.words();
        if words.message.as_ref() != Some(&text) {
            words.message = Some(text);
            self.cell.said.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How far the work is, as numbers that are equal for as long as it has said nothing new. For
    /// the engine, which looks at many jobs of which few have.
    #[must_use]
    pub fn marks(&self) -> ProgressMarks {
        ProgressMarks {
            said: self.cell.said.load(Ordering::Relaxed),
            done: self.cell.done.load(Ordering::Relaxed),
            total: self.cell.total.load(Ordering::Relaxed),
        }
    }

    /// How far the work is now.
    #[must_use]
    pub fn sample(&self) -> ProgressSample {
        let words = self.words();
        let done = self.cell.done.load(Ordering::Relaxed);
        let total = match self.cell.total.load(Ordering::Relaxed) {
            UNKNOWN => None,
            total => Some(total),
        };
        ProgressSample {
            stage: words.stage.clone(),
            message: words.message.clone(),
            unit: words.unit,
            done,
            total,
            percent: percent(done, total, words.span),
        }
    }

    /// Has every step told to the test kit: nothing for a new phase, or how many units were done.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn watch(&self, watch: crate::testing::Watch) {
        // A reporter is watched once.
        let _ = self.cell.watch.set(watch);
    }

    fn watched(&self, step: Option<u64>) {
        #[cfg(any(test, feature = "testing"))]
        if let Some(watch) = self.cell.watch.get() {
            watch.tell(|| self.sample(), step);
        }
        #[cfg(not(any(test, feature = "testing")))]
        let _ = step;
    }

    fn words(&self) -> MutexGuard<'_, Words> {
        self.cell
            .words
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn percent(done: u64, total: Option<u64>, (from, to): (u8, u8)) -> u8 {
    let part = match total {
        None => 0,
        Some(0) => 100,
        Some(total) => u128::from(done.min(total)) * 100 / u128::from(total),
    };
    let width = u128::from(to.saturating_sub(from));
    u8::try_from(u128::from(from) + part * width / 100).map_or(100, |percent| percent.min(100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn percent_never_falls_as_work_is_done_and_stays_in_its_span(
            total in 0u64..,
            steps in proptest::collection::vec(0u64..1 << 60, 0..20),
            from in 0u8..=100,
            width in 0u8..=100,
        ) {
            let to = from.saturating_add(width).min(100);
            let mut done = 0u64;
            let mut last = 0;
            for step in steps {
                done = done.saturating_add(step);
                let now = percent(done, Some(total), (from, to));
                prop_assert!(now >= last && now >= from && now <= to);
                last = now;
            }
            prop_assert_eq!(percent(total, Some(total), (from, to)), to);
        }
    }

    #[test]
    fn a_new_phase_counts_from_nothing_and_keeps_what_was_said() {
        let progress = ProgressReporter::default();
        progress.begin(Phase::new("Scanning").counting("files", None));
        progress.advance(7);
        progress.message("a/b");
        progress.begin(Phase::new("Hashing").counting("bytes", Some(200)));
        progress.advance(50);
        assert_eq!(
            progress.sample(),
            ProgressSample {
                stage: "Hashing".into(),
                message: Some("a/b".into()),
                unit: "bytes",
                done: 50,
                total: Some(200),
                percent: 25,
            }
        );
    }
}
