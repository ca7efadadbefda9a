//! The files of jobs, opened and shown by the system; and the system's dialog for choosing paths.

use leptos::task::spawn_local;
use toolroom_ipc::{Client, IpcError};
use toolroom_shared::{AppError, GivenPaths, JobId, PathWish};

use super::{LinkStore, NoticesStore};
use crate::texts;

/// Asks the system.
#[derive(Clone)]
pub struct JobFilesStore {
    client: Client,
    link: LinkStore,
    notices: NoticesStore,
}

impl JobFilesStore {
    /// A store that says in notices what didn't work.
    #[must_use]
    pub fn new(client: Client, link: LinkStore, notices: NoticesStore) -> Self {
        Self {
            client,
            link,
            notices,
        }
    }

    /// Opens a file or folder that the job names.
    pub fn open(&self, job: JobId, path: String) {
        let store = self.clone();
        spawn_local(async move {
            let answer = store.client.open_path(job, path).await;
            store.see(&answer);
        });
    }

    /// Shows a file or folder that the job names in its folder.
    pub fn reveal(&self, job: JobId, path: String) {
        let store = self.clone();
        spawn_local(async move {
            let answer = store.client.reveal_path(job, path).await;
            store.see(&answer);
        });
    }

    /// Lets the person choose; `answer` is called if they do.
    pub fn choose(&self, wish: PathWish, answer: impl FnOnce(Vec<String>) + 'static) {
        let store = self.clone();
        spawn_local(async move {
            if let Some(chosen) = store.choose_now(wish).await {
                answer(chosen);
            }
        });
    }

    async fn choose_now(&self, wish: PathWish) -> Option<Vec<String>> {
        let answer = self.client.choose_paths(wish).await;
        self.see(&answer);
        let GivenPaths { paths, left_out } = answer.ok()?;
        if let Some(words) = texts::left_out(left_out) {
            self.notices.tell(words);
        }
        (!paths.is_empty()).then_some(paths)
    }

    fn see<T>(&self, answer: &Result<T, IpcError<AppError>>) {
        self.link.note(answer);
        if let Err(error) = answer {
            self.notices.tell_of(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::executor::block_on;
    use leptos::prelude::*;
    use serde_json::json;
    use toolroom_ipc::FakeTransport;
    use toolroom_shared::PathKind;

    use super::*;
    use crate::{clock::Clock, stores::test_tasks};

    #[test]
    fn what_is_chosen_is_given_and_what_is_left_out_is_said() {
        test_tasks::leave_undone();
        let backend = FakeTransport::default();
        let notices = NoticesStore::new(Clock::by_hand(&Arc::default()));
        let client = Client::new(Arc::new(backend.clone()));
        let store = JobFilesStore::new(client, LinkStore::default(), notices.clone());
        let wish = PathWish {
            kind: PathKind::File,
            several: true,
            title: "Files".into(),
            beside: None,
        };
        backend.answer("choose_paths", |_| {
            Ok(json!({"paths": ["/a"], "left_out": 2}))
        });
        let chosen = block_on(store.choose_now(wish.clone()));
        assert_eq!(chosen, Some(vec!["/a".to_owned()]));
        let asked = json!({"kind": "file", "several": true, "title": "Files", "beside": null});
        assert_eq!(backend.calls("choose_paths")[0]["wish"], asked);
        backend.answer("choose_paths", |_| Ok(json!({"paths": [], "left_out": 0})));
        assert_eq!(block_on(store.choose_now(wish)), None);
        let said = untrack(|| notices.shown());
        assert!(said[0].text.starts_with("2 of them"), "{}", said[0].text);
    }
}
