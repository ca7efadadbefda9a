//! What happens by itself: getting ready, following jobs, and the ticks that reconcile.

use futures::future::{Either, select};
use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::{CONTRACT_HASH, IpcError};
use toolroom_shared::ErrorCode;

use super::Stores;
use crate::dom;

/// Milliseconds between two looks at unfinished jobs.
const RECONCILE_EVERY: u32 = 1_000;
/// Milliseconds between two looks for jobs that were not told of.
const DISCOVER_EVERY: u32 = 2_000;
/// Milliseconds between two looks at how the app is.
const LOOK_EVERY: u32 = 1_000;
/// Milliseconds before a channel that has ended is opened anew.
const FOLLOW_AGAIN_AFTER: u32 = 1_000;
/// Milliseconds after which an answer counts as missing.
const PATIENCE: u32 = 5_000;

/// Starts everything that runs for as long as the page does.
pub(super) fn start(stores: &Stores) {
    stores.tools.load();
    stores.settings.start();
    spawn_local(follow(stores.clone()));
    spawn_local(hear_permissions(stores.clone()));
    spawn_local(look(stores.clone()));
    spawn_local(discover(stores.clone()));
    spawn_local(tick(stores.clone()));
    spawn_local(reconcile(stores.clone()));
    spawn_local(stores.given_paths.clone().follow());
    spawn_local(stores.closing.clone().follow());
    spawn_local(listen_to_health(stores.clone()));
}

/// Says that the page is there, then follows the jobs for as long as it is.
async fn follow(stores: Stores) {
    // First of all: with it the backend ends what a page before this one followed.
    while !get_ready(&stores).await {
        stores.clock.sleep(FOLLOW_AGAIN_AFTER).await;
    }
    loop {
        // Without it the ticks still find out everything, only later.
        let outcome = stores.jobs.follow().await;
        stores.link.note(&outcome);
        stores.clock.sleep(FOLLOW_AGAIN_AFTER).await;
    }
}

/// Shakes hands. Whether the backend knows of the page.
async fn get_ready(stores: &Stores) -> bool {
    // Said twice it means the same: nothing is followed yet.
    let ask = || stores.client.frontend_ready(CONTRACT_HASH.to_owned(), None);
    let answer = stores.patience.ask(ask).await;
    match answer {
        Ok(_) => true,
        Err(IpcError::Command(error)) if error.code == ErrorCode::ContractMismatch => {
            stores.link.mismatched(error.message);
            false
        }
        Err(_) => false,
    }
}

/// Hears what is granted and asked for as long as the page lives.
async fn hear_permissions(stores: Stores) {
    let listener = loop {
        match stores.permissions.listen().await {
            Ok(listener) => break listener,
            Err(_) => stores.clock.sleep(FOLLOW_AGAIN_AFTER).await,
        }
    };
    stores.permissions.load_now().await;
    while stores.permissions.has_failed() {
        stores.clock.sleep(DISCOVER_EVERY).await;
        stores.permissions.load_now().await;
    }
    // From now on it is told; the listener is kept as long as the page lives.
    std::future::pending::<()>().await;
    drop(listener);
}

/// Looks for jobs of which nothing was told.
async fn discover(stores: Stores) {
    loop {
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

/// Looks at the engine's health while anybody can see it.
async fn look(stores: Stores) {
    loop {
        if dom::is_visible()
            && within_patience(&stores, stores.health.look())
                .await
                .is_none()
        {
            stores.health.went_unanswered();
        }
        stores.clock.sleep(LOOK_EVERY).await;
    }
}

async fn listen_to_health(stores: Stores) {
    // Ends only when it could not begin.
    while stores.health.listen().await.is_err() {
        stores.clock.sleep(FOLLOW_AGAIN_AFTER).await;
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::executor::block_on;
    use serde_json::json;
    use toolroom_ipc::{Client, FakeTransport};
    use toolroom_shared::AppError;

    use super::*;
    use crate::clock::Clock;

    fn stores(backend: &FakeTransport) -> Stores {
        Stores::new(
            &Client::new(Arc::new(backend.clone())),
            Clock::by_hand(&Arc::default()),
        )
    }

    #[test]
    fn the_page_says_for_which_contract_it_was_made() {
        let backend = FakeTransport::default();
        backend.answer("frontend_ready", |_| {
            Ok(json!({"version": "1.0.0", "last_event": 4, "missed": 0}))
        });
        let stores = stores(&backend);
        assert!(block_on(get_ready(&stores)));
        let told = json!({"contractHash": CONTRACT_HASH, "lastEvent": null});
        assert_eq!(backend.calls("frontend_ready"), [told]);
        assert_eq!(untrack(|| stores.link.mismatch()), None);
    }

    #[test]
    fn another_contract_is_said_in_the_backends_words() {
        let backend = FakeTransport::default();
        backend.answer("frontend_ready", |_| {
            Err(json!(AppError::new(
                ErrorCode::ContractMismatch,
                "Install it anew."
            )))
        });
        let stores = stores(&backend);
        assert!(!block_on(get_ready(&stores)));
        let said = untrack(|| stores.link.mismatch());
        assert_eq!(said.as_deref(), Some("Install it anew."));
    }
}
