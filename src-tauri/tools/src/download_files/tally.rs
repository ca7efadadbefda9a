//! How far all downloads are together, in bytes.
//!
//! How much there is in all is known when the length of each file is; until then bytes are counted
//! without a percent. Bytes that are fetched a second time, since a server changed its mind, are not
//! counted twice.

use std::sync::{Mutex, MutexGuard, PoisonError};

use toolroom_toolkit::{Phase, ProgressReporter};

/// How far all downloads are together.
#[derive(Debug)]
pub struct Tally {
    progress: ProgressReporter,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    items: Vec<Share>,
    /// What came over the network, be it counted above or not.
    received: u64,
    ended: usize,
}

/// One download's part of it.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    planned: Option<u64>,
    counted: u64,
    is_ended: bool,
}

impl Tally {
    /// Of so many downloads.
    pub fn new(progress: ProgressReporter, downloads: usize) -> Self {
        progress.begin(Phase::new("Downloading").counting("bytes", None));
        let tally = Self {
            progress,
            state: Mutex::new(State {
                items: vec![Share::default(); downloads],
                received: 0,
                ended: 0,
            }),
        };
        tally.say(&tally.state());
        tally
    }

    /// It has become known how much there is to fetch for a download. The first word stands.
    pub fn plan(&self, item: usize, bytes: u64) {
        let mut state = self.state();
        let share = &mut state.items[item];
        if share.planned.is_none() {
            share.planned = Some(bytes.max(share.counted));
            self.set_total(&state);
        }
    }

    /// So many bytes came for a download, of which `position` are useful by now.
    pub fn receive(&self, item: usize, bytes: u64, position: u64) {
        let mut state = self.state();
        state.received += bytes;
        let share = &mut state.items[item];
        let useful = position.min(share.planned.unwrap_or(u64::MAX));
        let more = useful.saturating_sub(share.counted);
        share.counted += more;
        if more > 0 {
            self.progress.advance(more);
        }
    }

    /// A download has ended, well or not: it brings no more.
    pub fn end(&self, item: usize) {
        let mut state = self.state();
        state.items[item].is_ended = true;
        state.ended += 1;
        self.set_total(&state);
        self.say(&state);
    }

    /// What came over the network.
    pub fn received(&self) -> u64 {
        self.state().received
    }

    fn set_total(&self, state: &State) {
        let total: Option<u64> = state
            .items
            .iter()
            .map(|share| match share.is_ended {
                true => Some(share.counted),
                false => share.planned,
            })
            .sum();
        if let Some(total) = total {
            self.progress.set_total(total);
        }
    }

    fn say(&self, state: &State) {
        let (ended, count) = (state.ended, state.items.len());
        self.progress.message(format!("{ended} of {count} done"));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_percent_never_falls_and_ends_at_100_whatever_servers_say(
            steps in proptest::collection::vec((0usize..4, 0u8..3, 0u64..1000), 0..60),
        ) {
            let progress = ProgressReporter::default();
            let tally = Tally::new(progress.clone(), 4);
            let mut ended = [false; 4];
            let mut last = 0;
            for (item, kind, bytes) in steps {
                if ended[item] {
                    continue;
                }
                match kind {
                    0 => tally.plan(item, bytes),
                    1 => tally.receive(item, bytes, bytes),
                    _ => {
                        tally.end(item);
                        ended[item] = true;
                    }
                }
                let sample = progress.sample();
                prop_assert!(sample.percent >= last);
                last = sample.percent;
            }
            for item in (0..4).filter(|item| !ended[*item]) {
                tally.end(item);
            }
            let sample = progress.sample();
            prop_assert_eq!(sample.percent, 100);
            prop_assert_eq!(Some(sample.done), sample.total);
        }
    }
}
