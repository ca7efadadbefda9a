//! How much is kept, and what is done to it: cleaning up, writing jobs into a file, taking them in. And what
//! the app is made of.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::{Client, IpcError};
use toolroom_shared::{About, AppError, CleanUp, HistoryCopy, StorageReport};

use super::LinkStore;
use crate::texts;

/// Something that was asked for: it is on its way, here, or could not be had.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Asked<T> {
    /// It was not asked for yet, or is on its way.
    #[default]
    Waiting,
    /// It is here.
    Here(T),
    /// It could not be had; why, in words.
    Failed(String),
}

/// What can be done to what is kept, one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Removing jobs.
    CleanUp,
    /// Writing jobs into a file.
    Export,
    /// Taking jobs in from a file.
    Import,
}

/// Keeps what is known of all that is kept.
#[derive(Clone)]
pub struct StorageStore {
    client: Client,
    link: LinkStore,
    report: ArcRwSignal<Asked<StorageReport>>,
    about: ArcRwSignal<Asked<Arc<About>>>,
    /// What a clean-up would remove, and how old it must be.
    survey: ArcRwSignal<Option<(u32, CleanUp)>>,
    busy: ArcRwSignal<Option<Work>>,
    outcome: ArcRwSignal<Option<(Work, Result<String, String>)>>,
}

impl StorageStore {
    /// A store that has not asked yet.
    #[must_use]
    pub fn new(client: Client, link: LinkStore) -> Self {
        Self {
            client,
            link,
            report: ArcRwSignal::default(),
            about: ArcRwSignal::default(),
            survey: ArcRwSignal::default(),
            busy: ArcRwSignal::default(),
            outcome: ArcRwSignal::default(),
        }
    }

    /// How much is kept, tracked.
    #[must_use]
    pub fn report(&self) -> Asked<StorageReport> {
        self.report.get()
    }

    /// What the app is made of, tracked.
    #[must_use]
    pub fn about(&self) -> Asked<Arc<About>> {
        self.about.get()
    }

    /// What a clean-up would remove, and how many days old it must be at the least, tracked; none unless
    /// that was asked for.
    #[must_use]
    pub fn survey(&self) -> Option<(u32, CleanUp)> {
        self.survey.get()
    }

    /// What is being done, tracked.
    #[must_use]
    pub fn busy(&self) -> Option<Work> {
        self.busy.get()
    }

    /// What came of some work, if it was done last, tracked.
    #[must_use]
    pub fn outcome(&self, of: Work) -> Option<Result<String, String>> {
        let (work, outcome) = self.outcome.get()?;
        (work == of).then_some(outcome)
    }

    /// Asks how much is kept.
    pub fn load(&self) {
        let store = self.clone();
        spawn_local(async move { store.load_now().await });
    }

    /// Asks what the app is made of.
    pub fn load_about(&self) {
        let store = self.clone();
        spawn_local(async move {
            let answer = store.client.get_about().await;
            store.about.set(store.noted(answer.map(Arc::new)));
        });
    }

    /// Asks what a clean-up of all that is older than `days` would remove.
    pub fn survey_clean_up(&self, days: u32) {
        let store = self.clone();
        spawn_local(async move {
            let work = store.client.survey_clean_up(days);
            let found = store.done(Work::CleanUp, work).await;
            store.survey.set(found.map(|found| (days, found)));
        });
    }

    /// Removes nothing after all.
    pub fn keep_all(&self) {
        self.survey.set(None);
    }

    /// Removes what was looked at.
    pub fn clean_up(&self) {
        let Some((days, _)) = self.survey.get_untracked() else {
            return;
        };
        let store = self.clone();
        spawn_local(async move { store.clean_up_now(days).await });
    }

    /// Writes the jobs that have ended into a new file.
    pub fn export(&self, path: String) {
        let store = self.clone();
        spawn_local(async move {
            let work = store.client.export_history(path);
            if let Some(copied) = store.done(Work::Export, work).await {
                store.say(Work::Export, exported(copied));
            }
        });
    }

    /// Takes in the jobs of such a file.
    pub fn import(&self, path: String) {
        let store = self.clone();
        spawn_local(async move {
            let work = store.client.import_history(path);
            if let Some(copied) = store.done(Work::Import, work).await {
                store.say(Work::Import, imported(copied));
                store.load_now().await;
            }
        });
    }

    async fn load_now(&self) {
        let answer = self.client.get_storage().await;
        self.report.set(self.noted(answer));
    }

    async fn clean_up_now(&self, days: u32) {
        let work = self.client.clean_up(days);
        if let Some(removed) = self.done(Work::CleanUp, work).await {
            self.survey.set(None);
            let jobs = texts::jobs(removed.jobs, false);
            self.say(Work::CleanUp, format!("{jobs} removed."));
            self.load_now().await;
        }
    }

    /// Does one piece of work at a time. What it gave; why not is kept as what came of it.
    async fn done<T>(
        &self,
        work: Work,
        call: impl Future<Output = Result<T, IpcError<AppError>>>,
    ) -> Option<T> {
        if self.busy.get_untracked().is_some() {
            return None;
        }
        self.busy.set(Some(work));
        self.outcome.set(None);
        let answer = call.await;
        self.busy.set(None);
        match self.noted(answer) {
            Asked::Here(value) => Some(value),
            Asked::Failed(why) => {
                self.outcome.set(Some((work, Err(why))));
                None
            }
            Asked::Waiting => None,
        }
    }

    fn noted<T>(&self, answer: Result<T, IpcError<AppError>>) -> Asked<T> {
        self.link.note(&answer);
        match answer {
            Ok(value) => Asked::Here(value),
            Err(error) => Asked::Failed(texts::failure(&error)),
        }
    }

    fn say(&self, work: Work, words: String) {
        self.outcome.set(Some((work, Ok(words))));
    }
}

fn exported(copied: HistoryCopy) -> String {
    let jobs = texts::jobs(copied.jobs, false);
    match copied.left_out {
        0 => format!("{jobs} written."),
        more => format!("{jobs} written. {} not ended and stayed out.", have(more)),
    }
}

fn imported(copied: HistoryCopy) -> String {
    let jobs = texts::jobs(copied.jobs, false);
    match copied.left_out {
        0 => format!("{jobs} taken in."),
        1 => format!("{jobs} taken in. 1 was there already and stayed as it is."),
        more => format!("{jobs} taken in. {more} were there already and stayed as they are."),
    }
}

fn have(jobs: u32) -> String {
    match jobs {
        1 => "1 has".to_owned(),
        more => format!("{more} have"),
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;
    use serde_json::json;
    use toolroom_ipc::FakeTransport;

    use super::*;

    fn store(backend: &FakeTransport) -> StorageStore {
        StorageStore::new(Client::new(Arc::new(backend.clone())), LinkStore::default())
    }

    #[test]
    fn nothing_is_removed_that_was_not_looked_at() {
        let backend = FakeTransport::default();
        let store = store(&backend);
        store.clean_up();
        assert!(backend.calls("clean_up").is_empty());
    }

    #[test]
    fn a_clean_up_says_what_it_removed_and_asks_how_much_is_left() {
        let backend = FakeTransport::default();
        backend.answer("clean_up", |_| Ok(json!({"jobs": 3, "output_bytes": 0})));
        backend.answer("get_storage", |_| {
            Ok(
                json!({"folder": "/d", "jobs": 1, "database_bytes": 1, "outputs_bytes": 0,
                "audit_bytes": 0, "window_bytes": 0}),
            )
        });
        let store = store(&backend);
        block_on(store.clean_up_now(30));
        assert_eq!(backend.calls("clean_up"), [json!({"olderThanDays": 30})]);
        let said = untrack(|| store.outcome(Work::CleanUp));
        assert_eq!(said, Some(Ok("3 jobs removed.".to_owned())));
        assert!(matches!(untrack(|| store.report()), Asked::Here(report) if report.jobs == 1));
    }

    #[test]
    fn a_refusal_is_said_where_the_work_was_asked_for() {
        let backend = FakeTransport::default();
        backend.answer("export_history", |_| {
            Err(
                json!({"code": "already_exists", "message": "It is there.", "details": null,
                "retryable": false}),
            )
        });
        let store = store(&backend);
        let work = store.client.export_history("/f".to_owned());
        assert_eq!(block_on(store.done(Work::Export, work)), None);
        let said = untrack(|| store.outcome(Work::Export));
        assert_eq!(said, Some(Err("It is there.".to_owned())));
        assert_eq!(untrack(|| store.outcome(Work::Import)), None);
        assert_eq!(untrack(|| store.busy()), None);
    }

    #[test]
    fn what_stayed_out_is_said_in_words() {
        let copied = |jobs, left_out| HistoryCopy { jobs, left_out };
        assert_eq!(exported(copied(2, 0)), "2 jobs written.");
        assert_eq!(
            exported(copied(1, 1)),
            "1 job written. 1 has not ended and stayed out."
        );
        assert_eq!(
            imported(copied(0, 2)),
            "0 jobs taken in. 2 were there already and stayed as they are."
        );
    }
}
