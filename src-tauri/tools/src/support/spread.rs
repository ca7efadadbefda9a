//! One piece of work for each of many things, on as many threads as there are cores.

use std::{
    num::NonZeroUsize,
    panic,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use toolroom_toolkit::ToolExecutionContext;

/// More threads than this only get into each other's way.
const MOST_THREADS: usize = 16;
/// How much is read, over all threads together, before a cancel is looked for.
const READ_AHEAD: usize = 4 << 20;

/// Does `each` for every item, and gives the results in the order of the items; none where a cancel
/// came first. Each thread has a buffer to read into, so small that all together hold at most
/// [`READ_AHEAD`] bytes.
pub fn spread<T: Sync, R: Send>(
    ctx: &ToolExecutionContext,
    items: &[T],
    each: impl Fn(&T, &mut [u8]) -> Option<R> + Sync,
) -> Vec<Option<R>> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = cores.min(MOST_THREADS).min(items.len()).max(1);
    let buffer = (READ_AHEAD / threads).clamp(64 << 10, 1 << 20);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut buffer = vec![0; buffer];
        let mut done = Vec::new();
        loop {
            // One at a time: of several one could be long, and the other threads wait for it at the end.
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index).filter(|_| !ctx.is_canceled()) else {
                return done;
            };
            done.push((index, each(item, &mut buffer)));
        }
    };
    let mut results = Vec::new();
    results.resize_with(items.len(), || None);
    let mut keep = |done: Vec<(usize, Option<R>)>| {
        for (index, result) in done {
            results[index] = result;
        }
    };
    thread::scope(|scope| {
        // This thread works too.
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        keep(work());
        for other in others {
            match other.join() {
                Ok(done) => keep(done),
                Err(cause) => panic::resume_unwind(cause),
            }
        }
    });
    results
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use toolroom_toolkit::JobId;

    proptest! {
        #[test]
        fn every_item_is_done_once_and_the_order_stays(count in 0usize..500) {
            let ctx = ToolExecutionContext::new(JobId("j".into()));
            let items: Vec<_> = (0..count).collect();
            let done = spread(&ctx, &items, |item, _| { ctx.progress.advance(1); Some(*item) });
            prop_assert_eq!(done, items.into_iter().map(Some).collect::<Vec<_>>());
            prop_assert_eq!(ctx.progress.sample().done, count as u64);
        }
    }
}
