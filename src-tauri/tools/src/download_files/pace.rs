//! How many bytes may come in a second, over all downloads together.

use std::{
    num::NonZeroU64,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// How many bytes may come in a second, over all downloads together.
#[derive(Debug)]
pub struct Pace {
    /// Bytes a second.
    most: NonZeroU64,
    /// When what was taken until now will have had its time.
    free: Mutex<Instant>,
}

impl Pace {
    /// So many bytes a second, from now on.
    pub fn new(most: NonZeroU64) -> Self {
        Self {
            most,
            free: Mutex::new(Instant::now()),
        }
    }

    /// Waits for as long as so many bytes take that have just come. Who isn't read from stops sending.
    pub async fn take(&self, bytes: u64) {
        let took = Duration::from_secs_f64(bytes as f64 / self.most.get() as f64);
        let until = {
            let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
            // Time that nobody used is gone: there are no bursts.
            *free = (*free).max(Instant::now()) + took;
            *free
        };
        sleep_until(until).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test(start_paused = true)]
    async fn all_together_take_as_long_as_the_rate_says_and_idle_time_is_not_saved_up() {
        let pace = Arc::new(Pace::new(NonZeroU64::new(1_000).unwrap()));
        tokio::time::advance(Duration::from_secs(60)).await;
        let begin = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let pace = pace.clone();
            tasks.spawn(async move {
                for _ in 0..5 {
                    pace.take(500).await;
                }
            });
        }
        while let Some(end) = tasks.join_next().await {
            end.unwrap();
        }
        // 10,000 bytes at 1,000 a second; the clock counts in milliseconds.
        let took = begin.elapsed().as_millis();
        assert!((10_000..10_050).contains(&took), "{took} ms");
    }
}
