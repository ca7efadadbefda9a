//! What happens by itself: listening, first loads, and the ticks that reconcile.

use futures::future::{Either, select};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Stores;
use crate::dom;

/// Milliseconds between two looks at unfinished jobs.
const RECONCILE_EVERY: u32 = 1_000;
/// Milliseconds between two looks for jobs that other doors started.
const DISCOVER_EVERY: u32 = 2_000;
/// Milliseconds after which an answer counts as missing.
const PATIENCE: u32 = 5_000;

/// Starts everything that runs for as long as the page does.
pub(super) fn start(stores: &Stores) {
    stores.tools.load();
    spawn_local(keep_listening(stores.clone()));
    spawn_local(tick(stores.clone()));
    spawn_local(reconcile(stores.clone()));
}

/// Listens first and loads then, so that nothing falls in between; then looks for new jobs.
async fn keep_listening(stores: Stores) {
    let mut listeners = Vec::new();
    let mut loaded = false;
    loop {
        if listeners.is_empty() {
            let answer = stores.jobs.listen().await;
            stores.link.note(&answer);
            // Without events the ticks still find out everything, only later.
            listeners = answer.unwrap_or_default();
        }
        if !loaded {
            loaded = within_patience(&stores, stores.jobs.load_active())
                .await
                .unwrap_or(false);
        }
        if dom::is_visible() {
            within_patience(&stores, stores.jobs.discover()).await;
            if stores.tools.has_failed() {
                stores.tools.load_now().await;
            }
        }
        stores.clock.sleep(DISCOVER_EVERY).await;
    }
}

async fn reconcile(stores: Stores) {
    loop {
        stores.clock.sleep(RECONCILE_EVERY).await;
        within_patience(&stores, stores.jobs.reconcile()).await;
    }
}

async fn tick(stores: Stores) {
    loop {
        stores.clock.sleep(1_000).await;
        stores.now.set(stores.clock.now_ms());
    }
}

/// What the work gave; nothing if it took too long, which the link then shows.
async fn within_patience<T>(stores: &Stores, work: impl Future<Output = T>) -> Option<T> {
    let work = std::pin::pin!(work);
    let patience = std::pin::pin!(stores.clock.sleep(PATIENCE));
    match select(work, patience).await {
        Either::Left((result, _)) => Some(result),
        Either::Right(_) => {
            stores.link.timed_out();
            None
        }
    }
}
