//! The wish to close the window while jobs are unfinished, which the backend passes on to the page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::Client;
use toolroom_shared::CloseAnswer;

/// Keeps whether the person is being asked.
#[derive(Clone)]
pub struct ClosingStore {
    client: Client,
    unfinished: ArcRwSignal<Option<u32>>,
}

impl ClosingStore {
    /// A store that nobody wants to close.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self {
            client,
            unfinished: ArcRwSignal::default(),
        }
    }

    /// How many jobs are unfinished, if the person is to be asked, tracked.
    #[must_use]
    pub fn asked(&self) -> Option<u32> {
        self.unfinished.get()
    }

    /// Passes the person's answer on.
    pub fn answer(&self, answer: CloseAnswer) {
        self.unfinished.set(None);
        self.tell(answer);
    }

    /// Listens for as long as the page is there.
    pub(super) async fn follow(self) {
        let store = self.clone();
        let listener = self
            .client
            .on_close_asked(move |asked| {
                if let Ok(asked) = asked {
                    store.unfinished.set(Some(asked.unfinished));
                    store.tell(CloseAnswer::Asking);
                }
            })
            .await;
        let _listening = listener;
        std::future::pending::<()>().await;
    }

    /// What isn't heard the backend makes up for: it ends without an answer.
    fn tell(&self, answer: CloseAnswer) {
        let client = self.client.clone();
        spawn_local(async move {
            let _ = client.answer_close(answer).await;
        });
    }
}
