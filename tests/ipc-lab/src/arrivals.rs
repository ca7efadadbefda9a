//! When calls arrived: a clock that is finer than the page's, which WebKit rounds to a millisecond.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// The times of calls since somebody asked.
#[derive(Default)]
pub struct Arrivals {
    times: Mutex<Vec<Instant>>,
}

impl Arrivals {
    /// A call has arrived just now.
    pub fn note(&self) {
        let now = Instant::now();
        self.times
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(now);
    }

    /// How far each call was from the one before, in microseconds, and forgets them. Of calls one
    /// after the other that is how long each took, until its answer had been read.
    pub fn take_gaps(&self) -> Vec<f64> {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let gaps = times
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).as_nanos() as f64 / 1e3)
            .collect();
        times.clear();
        gaps
    }
}
