//! What the palette remembers and finds out: entries that were chosen, and jobs by their words.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::Client;
use toolroom_shared::{JobSummary, JobsQuery};

use super::{JobsStore, LinkStore};
use crate::clock::Clock;
use crate::{dom, palette};

/// Where the chosen entries are kept.
const KEPT_AS: &str = "palette-recent";
/// Milliseconds without a keystroke before jobs are searched for.
const PAUSE: u32 = 120;
/// How many jobs are shown.
const JOBS: u32 = 8;
/// As much as the backend takes.
const LONGEST: usize = 200;

/// What was found of the jobs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundJobs {
    /// The jobs, newest first.
    pub jobs: Vec<JobSummary>,
    /// A search is on its way.
    pub searching: bool,
}

/// Keeps what the palette knows.
#[derive(Clone)]
pub struct PaletteStore {
    client: Client,
    clock: Clock,
    link: LinkStore,
    jobs: JobsStore,
    recent: ArcRwSignal<Option<Vec<String>>>,
    found: ArcRwSignal<FoundJobs>,
    /// Counts queries: only the latest one's answer counts.
    edition: Arc<AtomicU64>,
}

impl PaletteStore {
    /// A store that has found nothing yet.
    #[must_use]
    pub fn new(client: Client, clock: Clock, link: LinkStore, jobs: JobsStore) -> Self {
        Self {
            client,
            clock,
            link,
            jobs,
            recent: ArcRwSignal::default(),
            found: ArcRwSignal::default(),
            edition: Arc::default(),
        }
    }

    /// The ids of entries that were chosen, the latest first, tracked.
    #[must_use]
    pub fn recent(&self) -> Vec<String> {
        if self.recent.with_untracked(Option::is_none) {
            let kept = dom::kept(KEPT_AS)
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default();
            self.recent.set(Some(kept));
        }
        self.recent.get().unwrap_or_default()
    }

    /// Remembers that an entry was chosen.
    pub fn choose(&self, id: &str) {
        let recent = palette::remember(untrack(|| self.recent()), id);
        if let Ok(text) = serde_json::to_string(&recent) {
            dom::keep(KEPT_AS, &text);
        }
        self.recent.set(Some(recent));
    }

    /// The jobs that were found, tracked.
    #[must_use]
    pub fn found(&self) -> FoundJobs {
        self.found.get()
    }

    /// Searches for jobs, once nothing more is typed for a moment. An empty query finds none.
    pub fn search(&self, query: &str) {
        let edition = self.edition.fetch_add(1, Ordering::Relaxed) + 1;
        let query: String = query.trim().chars().take(LONGEST).collect();
        if query.is_empty() {
            self.found.set(FoundJobs::default());
            return;
        }
        self.found.update(|found| found.searching = true);
        let store = self.clone();
        spawn_local(async move { store.search_now(query, edition).await });
    }

    async fn search_now(&self, query: String, edition: u64) {
        let is_latest = || self.edition.load(Ordering::Relaxed) == edition;
        self.clock.sleep(PAUSE).await;
        if !is_latest() {
            return;
        }
        let query = JobsQuery {
            search: Some(query),
            limit: Some(JOBS),
            ..JobsQuery::default()
        };
        let answer = self.client.list_jobs(query).await;
        self.link.note(&answer);
        if !is_latest() {
            return;
        }
        // A search that fails finds nothing here; the page of the jobs would say why.
        let jobs = answer.map(|page| page.jobs).unwrap_or_default();
        self.jobs.put_summaries(jobs.clone());
        for job in &jobs {
            self.jobs.want_title(&job.job_id);
        }
        self.found.set(FoundJobs {
            jobs,
            searching: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stores::NoticesStore;
    use crate::stores::test_job::a_job;
    use futures::executor::block_on;
    use serde_json::json;
    use toolroom_ipc::FakeTransport;
    use toolroom_shared::{JobStatus, JobSummary};

    fn store(backend: &FakeTransport) -> PaletteStore {
        let client = Client::new(Arc::new(backend.clone()));
        let clock = Clock::by_hand(&Arc::default());
        let link = LinkStore::default();
        let notices = NoticesStore::new(clock.clone());
        let jobs = JobsStore::new(client.clone(), clock.clone(), link.clone(), notices);
        PaletteStore::new(client, clock, link, jobs)
    }

    /// Searches as typing does, without a browser that would do it by itself.
    fn typed(store: &PaletteStore) -> u64 {
        store.edition.fetch_add(1, Ordering::Relaxed) + 1
    }

    #[test]
    fn an_answer_to_an_earlier_query_comes_too_late() {
        let backend = FakeTransport::default();
        backend.answer("list_jobs", |args| {
            let name = args["query"]["search"].as_str().unwrap_or_default();
            // All details are known: nothing further is asked for.
            let job = a_job(name, 1, JobStatus::Succeeded);
            Ok(json!({"jobs": [JobSummary::from(&job)], "total": 1, "next_cursor": null}))
        });
        let store = store(&backend);
        for name in ["early", "late"] {
            store
                .jobs
                .put_snapshot(&a_job(name, 1, JobStatus::Succeeded));
        }
        let early = typed(&store);
        let late = typed(&store);
        block_on(store.search_now("early".to_owned(), early));
        assert_eq!(backend.calls("list_jobs").len(), 0);
        block_on(store.search_now("late".to_owned(), late));
        let found = untrack(|| store.found());
        let ids: Vec<&str> = found.jobs.iter().map(|job| job.job_id.as_str()).collect();
        assert_eq!(ids, ["late"]);
        assert!(!found.searching);
        store.search("  ");
        assert_eq!(untrack(|| store.found()), FoundJobs::default());
    }
}
