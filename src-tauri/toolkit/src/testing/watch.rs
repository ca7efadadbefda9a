//! Sees every step of a tool: cancels where a script says so, and keeps what was shown.

use std::sync::{Arc, Mutex};

use tokio_util::sync::CancellationToken;

use crate::ProgressSample;

/// How much more a tool may do once it was asked to stop.
const MORE_BYTES: u64 = 4 << 20;
const MORE_STEPS: u64 = 50;
/// What bytes are counted as.
const BYTES: &str = "bytes";

/// Where a run is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelAt {
    /// When the phase of that number begins, from 0.
    Phase(usize),
    /// As soon as so many units were done that aren't bytes.
    Steps(u64),
    /// As soon as so many bytes were done.
    Bytes(u64),
}

/// Sees every step of a tool. Clones are the same one.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    seen: Arc<Mutex<Seen>>,
    cancel: CancellationToken,
    at: Option<CancelAt>,
}

/// What was seen of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// The samples whose phase or percent differ from those before.
    pub samples: Vec<ProgressSample>,
    pub phases: usize,
    pub steps: u64,
    pub bytes: u64,
    /// Steps and bytes at the moment of the cancel.
    pub canceled_at: Option<(u64, u64)>,
}

impl Watch {
    pub(crate) fn new(cancel: CancellationToken, at: Option<CancelAt>) -> Self {
        Self {
            seen: Arc::default(),
            cancel,
            at,
        }
    }

    /// A step, and how things stand after it: nothing for a new phase, or how many units were done.
    /// The tool's threads take turns here, so that what is kept is in order.
    pub(crate) fn tell(&self, sample: impl FnOnce() -> ProgressSample, step: Option<u64>) {
        let mut seen = self.seen.lock().unwrap();
        let sample = sample();
        let mut phase = seen.phases;
        match step {
            None => seen.phases += 1,
            Some(count) if sample.unit == BYTES => seen.bytes += count,
            Some(count) => seen.steps += count,
        }
        if step.is_some() {
            // Only a beginning is one.
            phase = usize::MAX;
        }
        let is_reached = match self.at {
            Some(CancelAt::Phase(number)) => phase == number,
            Some(CancelAt::Steps(count)) => seen.steps >= count,
            Some(CancelAt::Bytes(count)) => seen.bytes >= count,
            None => false,
        };
        if is_reached && seen.canceled_at.is_none() {
            seen.canceled_at = Some((seen.steps, seen.bytes));
            self.cancel.cancel();
        }
        let is_news = seen
            .samples
            .last()
            .is_none_or(|last| (&last.stage, last.percent) != (&sample.stage, sample.percent));
        if is_news {
            seen.samples.push(sample);
        }
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }
}

impl Seen {
    /// What must be true of every tool.
    ///
    /// # Panics
    /// If it isn't.
    pub(crate) fn check(&self, is_whole: bool) {
        for pair in self.samples.windows(2) {
            assert!(
                pair[0].percent <= pair[1].percent,
                "the percent fell: {:?}, then {:?}",
                pair[0],
                pair[1]
            );
        }
        if let (true, Some(last)) = (is_whole, self.samples.last()) {
            assert_eq!(
                last.percent, 100,
                "it ended well, but showed {last:?} at the end"
            );
        }
        if let Some((steps, bytes)) = self.canceled_at {
            let (steps, bytes) = (self.steps - steps, self.bytes - bytes);
            assert!(
                steps <= MORE_STEPS,
                "it did {steps} more steps after it was asked to stop, and may do {MORE_STEPS}"
            );
            assert!(
                bytes <= MORE_BYTES,
                "it did {bytes} more bytes after it was asked to stop, and may do {MORE_BYTES}"
            );
        }
    }
}
