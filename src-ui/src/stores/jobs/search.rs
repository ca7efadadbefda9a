//! A list of what a search found: the backend says which jobs those are.

use leptos::prelude::*;

use super::{JobsStore, ListKey};

impl JobsStore {
    /// Looks again for what the latest search finds, if jobs came or changed since.
    pub(super) async fn search_again(&self) {
        let shape = self.shape.get_untracked();
        let Some((key, listing)) = self.latest_search() else {
            return;
        };
        if listing.with_untracked(|listing| listing.searched_at == Some(shape)) {
            return;
        }
        let answer = self.client.list_jobs(key.query(None)).await;
        self.link.note(&answer);
        // Should it fail, the next step tries again.
        if let Ok(page) = answer {
            listing.update(|listing| {
                listing.searched_at = Some(shape);
                listing
                    .found
                    .extend(page.jobs.iter().map(|job| job.job_id.clone()));
            });
            self.put_summaries(page.jobs);
        }
    }

    /// Forgets earlier searches: one is shown at a time.
    pub(super) fn drop_searches_but(&self, key: &ListKey) {
        self.state()
            .lists
            .retain(|other, _| other.search.is_empty() || other == key);
    }

    fn latest_search(&self) -> Option<(ListKey, ArcRwSignal<super::Listing>)> {
        self.state()
            .lists
            .iter()
            .find(|(key, _)| !key.search.is_empty())
            .map(|(key, listing)| (key.clone(), listing.clone()))
    }
}
