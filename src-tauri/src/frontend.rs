//! What belongs to a page and ends with it: its watches, and the hints that it is sent.
//!
//! A page that is reloaded says so only by getting ready again: what the page before it had begun
//! ends then. What is sent is `watching`'s and `events`' business.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tauri::{AppHandle, Runtime};
use toolroom_engine::{JobApi, OwnedTask};
use toolroom_shared::{AppError, Caller, ErrorCode, EventSeq, FrontendReady, WatchId};

use crate::events;

/// The pages, and what runs for them.
pub struct Frontend {
    /// The last event before there was a page.
    before_all: EventSeq,
    running: Mutex<Running>,
}

#[derive(Default)]
struct Running {
    /// By window and number.
    watches: HashMap<(String, u32), OwnedTask>,
    newest: u32,
    /// With the window whose page they are for.
    hints: Option<(String, OwnedTask)>,
}

impl Frontend {
    /// For pages of which none is there yet.
    ///
    /// # Errors
    /// What the engine refuses with.
    pub async fn new(api: &dyn JobApi) -> Result<Self, AppError> {
        let now = api.subscribe(Caller::Window, None).await?.last_seq();
        Ok(Self {
            before_all: EventSeq(now),
            running: Mutex::default(),
        })
    }

    /// A page is there, has registered its listeners, and has seen everything up to `last_event`;
    /// nothing, if it says none. It is told of everything since.
    ///
    /// # Errors
    /// `contract_mismatch`, if the page was made for another contract.
    pub async fn ready<R: Runtime>(
        &self,
        app: &AppHandle<R>,
        api: Arc<dyn JobApi>,
        window: &str,
        contract_hash: &str,
        last_event: Option<EventSeq>,
    ) -> Result<FrontendReady, AppError> {
        check_contract(contract_hash)?;
        let last_event = last_event.unwrap_or(self.before_all);
        let stream = api.subscribe(Caller::Window, Some(last_event.0)).await?;
        let missed = u32::try_from(stream.missed()).unwrap_or(u32::MAX);
        self.end_watches_of(window);
        let hints = OwnedTask::spawn(events::forward(app.clone(), stream));
        self.running().hints = Some((window.to_owned(), hints));
        Ok(FrontendReady {
            version: app.package_info().version.to_string(),
            last_event,
            missed,
        })
    }

    /// Lets a watch of `window` go on until it is ended.
    pub fn begin_watch(
        &self,
        window: &str,
        watch: impl Future<Output = ()> + Send + 'static,
    ) -> WatchId {
        let mut running = self.running();
        running.watches.retain(|_, watch| !watch.has_ended());
        running.newest = running.newest.wrapping_add(1);
        let number = running.newest;
        let watch = OwnedTask::spawn(watch);
        running.watches.insert((window.to_owned(), number), watch);
        WatchId(number)
    }

    /// Ends a watch of `window`. One that has ended by itself is gone already.
    pub fn end_watch(&self, window: &str, id: WatchId) {
        self.running().watches.remove(&(window.to_owned(), id.0));
    }

    /// Ends every watch of `window`: its page is gone.
    pub fn end_watches_of(&self, window: &str) {
        self.running()
            .watches
            .retain(|(other, _), _| other != window);
    }

    /// Ends everything for `window`: its page has crashed, and another may get ready in its place.
    pub fn end_page_of(&self, window: &str) {
        self.end_watches_of(window);
        let mut running = self.running();
        if running.hints.as_ref().is_some_and(|(of, _)| of == window) {
            running.hints = None;
        }
    }

    /// How many watches go on.
    #[cfg(test)]
    pub fn watches(&self) -> usize {
        self.running().watches.len()
    }

    /// Ends everything.
    pub fn close(&self) {
        let ended = std::mem::take(&mut *self.running());
        drop(ended);
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Refuses a page that was made for another contract, and says so on this side too.
fn check_contract(theirs: &str) -> Result<(), AppError> {
    let ours = toolroom_shared::contract_hash();
    if theirs == ours {
        return Ok(());
    }
    eprintln!("toolroom: the page was made for the contract {theirs}, and this app has {ours}.");
    let message = "The page was made for another version of the app. Nothing was done. Close the window and start the app again; if that doesn't help, install it anew.";
    let mut error = AppError::new(ErrorCode::ContractMismatch, message);
    error.details = serde_json::json!({ "app": ours, "page": theirs });
    Err(error)
}

#[cfg(test)]
mod tests {
    use tauri::{
        Listener,
        test::{MockRuntime, mock_app},
    };
    use tauri_specta::Builder;
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
    use toolroom_shared::{JobId, ToolJobCompleted, contract_hash};

    use super::*;
    use crate::{
        contract::contract_events,
        test_engine::{engine, run},
    };

    /// An app, and what its pages are told of jobs that were completed.
    fn app() -> (tauri::App<MockRuntime>, UnboundedReceiver<ToolJobCompleted>) {
        let app = mock_app();
        Builder::<MockRuntime>::new()
            .events(contract_events())
            .mount_events(&app);
        let (sender, told) = unbounded_channel();
        app.listen_any("tool-job-completed", move |event| {
            let _ = sender.send(serde_json::from_str(event.payload()).unwrap());
        });
        (app, told)
    }

    /// Waits until it is told that `job` was completed; which others were told of before.
    async fn told_of(
        told: &mut UnboundedReceiver<ToolJobCompleted>,
        job: &JobId,
    ) -> (Vec<JobId>, EventSeq) {
        let mut before = Vec::new();
        loop {
            let hint = told.recv().await.unwrap();
            let mut jobs = hint.jobs.into_iter().map(|job| job.job_id);
            before.extend(jobs.by_ref().take_while(|other| other != job));
            if !before.contains(job) && jobs.next().is_none() {
                return (before, hint.last_event);
            }
        }
    }

    #[tokio::test]
    async fn what_happened_before_the_page_was_ready_is_told_to_it_once() {
        let (app, mut told) = app();
        let api = engine(4_096);
        let frontend = Frontend::new(&*api).await.unwrap();
        let at_setup = run(&*api).await;
        let ready = |last| frontend.ready(app.handle(), api.clone(), "main", contract_hash(), last);
        let first = ready(None).await.unwrap();
        assert_eq!(first.missed, 0);
        let (before, seen) = told_of(&mut told, &at_setup).await;
        assert_eq!(before, []);

        // The page is reloaded; meanwhile nobody listens.
        drop(frontend.running().hints.take().unwrap());
        let between = run(&*api).await;
        let again = ready(Some(seen)).await.unwrap();
        assert_eq!((again.last_event, again.missed), (seen, 0));
        let (before, _) = told_of(&mut told, &between).await;
        assert_eq!(before, [], "what was seen is not told again");
        frontend.close();
    }

    #[tokio::test]
    async fn what_could_not_be_kept_is_counted() {
        let (app, _told) = app();
        let api = engine(2);
        let frontend = Frontend::new(&*api).await.unwrap();
        run(&*api).await;
        let answer = frontend.ready(app.handle(), api, "main", contract_hash(), None);
        assert!(answer.await.unwrap().missed > 0);
        frontend.close();
    }

    #[tokio::test]
    async fn a_page_of_another_contract_is_refused_and_told_which() {
        let (app, _told) = app();
        let api = engine(2);
        let frontend = Frontend::new(&*api).await.unwrap();
        let answer = frontend.ready(app.handle(), api, "main", "other", None);
        let error = answer.await.unwrap_err();
        assert_eq!(error.code, ErrorCode::ContractMismatch);
        assert_eq!(error.details["page"], "other");
    }

    #[tokio::test]
    async fn a_page_that_gets_ready_again_ends_the_watches_of_the_one_before() {
        let (app, _told) = app();
        let api = engine(2);
        let frontend = Frontend::new(&*api).await.unwrap();
        let forever = std::future::pending::<()>;
        let first = frontend.begin_watch("main", forever());
        frontend.begin_watch("main", forever());
        frontend.begin_watch("other", forever());
        // One window can't end what another watches.
        frontend.end_watch("other", first);
        assert_eq!(frontend.watches(), 3);
        frontend.end_watch("main", first);
        assert_eq!(frontend.watches(), 2);
        let answer = frontend.ready(app.handle(), api, "main", contract_hash(), None);
        answer.await.unwrap();
        assert_eq!(frontend.watches(), 1);
        frontend.close();
        assert_eq!(frontend.watches(), 0);
    }

    #[tokio::test]
    async fn a_page_that_crashed_leaves_nothing_running_and_other_windows_alone() {
        let (app, _told) = app();
        let api = engine(2);
        let frontend = Frontend::new(&*api).await.unwrap();
        let answer = frontend.ready(app.handle(), api.clone(), "main", contract_hash(), None);
        answer.await.unwrap();
        let held = Arc::new(());
        for window in ["main", "other"] {
            let held = held.clone();
            frontend.begin_watch(window, async move {
                let _held = held;
                std::future::pending().await
            });
        }
        frontend.end_page_of("main");
        assert_eq!(frontend.watches(), 1);
        assert!(frontend.running().hints.is_none());
        while Arc::strong_count(&held) > 2 {
            tokio::task::yield_now().await;
        }
        frontend.close();
    }
}
