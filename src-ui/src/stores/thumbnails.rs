//! What the pictures that jobs name look like, small.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::Client;
use toolroom_shared::JobId;

use super::LinkStore;
use crate::result::Preview;
use crate::texts;

/// How many are kept: some ten kilobytes each.
const KEPT: usize = 300;

type Kept = HashMap<(JobId, String), ArcRwSignal<Preview>>;

/// Asks for small pictures, once for each file of a job.
#[derive(Clone)]
pub struct ThumbnailsStore {
    client: Client,
    link: LinkStore,
    kept: Arc<Mutex<Kept>>,
}

impl ThumbnailsStore {
    /// A store without any.
    #[must_use]
    pub fn new(client: Client, link: LinkStore) -> Self {
        Self {
            client,
            link,
            kept: Arc::default(),
        }
    }

    /// What the picture at a path that the job names looks like. One that there wasn't is asked for again.
    #[must_use]
    pub fn preview(&self, job: JobId, path: String) -> ArcReadSignal<Preview> {
        let key = (job, path);
        let (preview, is_asked) = {
            let mut kept = self.kept();
            if kept.len() >= KEPT && !kept.contains_key(&key) {
                kept.clear();
            }
            let known = kept.get(&key).cloned();
            let is_asked = known.as_ref().is_some_and(|preview| {
                preview.with_untracked(|preview| !matches!(preview, Preview::Nothing(_)))
            });
            let preview = known.unwrap_or_else(|| ArcRwSignal::new(Preview::Loading));
            kept.insert(key.clone(), preview.clone());
            (preview, is_asked)
        };
        if !is_asked {
            preview.set(Preview::Loading);
            let (store, preview) = (self.clone(), preview.clone());
            spawn_local(async move { preview.set(store.ask(key.0, key.1).await) });
        }
        preview.read_only()
    }

    async fn ask(&self, job: JobId, path: String) -> Preview {
        let answer = self.client.get_thumbnail(job, path).await;
        self.link.note(&answer);
        match answer {
            Ok(Some(small)) => Preview::Here(small),
            Ok(None) => Preview::Nothing(texts::NO_PREVIEW.to_owned()),
            Err(error) => Preview::Nothing(texts::failure(&error)),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;
    use serde_json::json;
    use toolroom_ipc::FakeTransport;

    use super::*;
    use crate::stores::test_tasks;

    #[test]
    fn a_picture_is_asked_for_once_and_what_is_none_says_so() {
        let backend = FakeTransport::default();
        let client = Client::new(Arc::new(backend.clone()));
        let store = ThumbnailsStore::new(client, LinkStore::default());
        let job = JobId("j".into());
        let small = json!({"url": "data:image/png;base64,", "width": 3, "height": 2});
        backend.answer("get_thumbnail", move |args| {
            Ok(match args["path"].as_str() {
                Some("/a.png") => small.clone(),
                _ => json!(null),
            })
        });
        let seen = block_on(store.ask(job.clone(), "/a.png".into()));
        assert!(matches!(seen, Preview::Here(small) if small.width == 3));
        let none = block_on(store.ask(job.clone(), "/b.txt".into()));
        assert_eq!(none, Preview::Nothing(texts::NO_PREVIEW.into()));

        test_tasks::leave_undone();
        let first = store.preview(job.clone(), "/a.png".into());
        let second = store.preview(job, "/a.png".into());
        assert_eq!(first.get_untracked(), Preview::Loading);
        assert_eq!(second.get_untracked(), Preview::Loading);
        assert_eq!(store.kept().len(), 1);
    }
}
