//! Gathers what happens to jobs into messages for the page: the first change goes out at once, what
//! follows ten times a second at the most.

use std::time::Duration;

use tokio::time::Instant;
use toolroom_engine::{StreamItem, Subscription};

/// How far two messages are apart at least.
const BEAT: Duration = Duration::from_millis(100);

/// Gathers the items of one stream.
#[derive(Debug)]
pub struct Beat {
    next: Instant,
}

impl Beat {
    /// One whose first message goes out at once.
    pub fn new() -> Self {
        Self {
            next: Instant::now(),
        }
    }

    /// Waits for an item, and takes with it what comes until the beat is over, `most` at the most.
    /// None once the engine is gone.
    ///
    /// What is over `most` is left in the stream, which is bounded: a page can't be sent more than
    /// it can take in, and what it misses is told as a gap.
    pub async fn gather(
        &mut self,
        stream: &mut Subscription,
        most: usize,
    ) -> Option<Vec<StreamItem>> {
        let mut items = vec![stream.next().await?];
        loop {
            if items.len() >= most {
                tokio::time::sleep_until(self.next).await; // sleep: the rest of the beat
                break;
            }
            tokio::select! {
                biased;
                item = stream.next() => match item {
                    Some(item) => items.push(item),
                    None => break,
                },
                () = tokio::time::sleep_until(self.next) => break, // sleep: the beat itself
            }
            if Instant::now() >= self.next {
                break;
            }
        }
        self.next = Instant::now() + BEAT;
        Some(items)
    }
}
