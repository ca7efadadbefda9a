//! What goes through the transport in memory, and what is left behind.

mod channels;
mod listeners;

use futures::FutureExt;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Step {
    number: usize,
}

fn poll_once<F: Future + Unpin>(future: F) -> Option<F::Output> {
    future.now_or_never()
}
