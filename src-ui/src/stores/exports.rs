//! What a person takes out of a result as a file.

use leptos::task::spawn_local;
use toolroom_ipc::Client;

use super::{LinkStore, NoticesStore};

/// Has texts saved, and says where they are.
#[derive(Clone)]
pub struct ExportsStore {
    client: Client,
    link: LinkStore,
    notices: NoticesStore,
}

impl ExportsStore {
    /// A store that has saved nothing.
    #[must_use]
    pub fn new(client: Client, link: LinkStore, notices: NoticesStore) -> Self {
        Self {
            client,
            link,
            notices,
        }
    }

    /// Saves a text among the person's downloads and says where, or why not.
    pub fn save(&self, file_name: String, text: String) {
        let me = self.clone();
        spawn_local(async move { me.save_now(file_name, text).await });
    }

    pub(super) async fn save_now(&self, file_name: String, text: String) {
        let answer = self.client.save_text(file_name, text).await;
        self.link.note(&answer);
        match answer {
            Ok(path) => self.notices.tell(format!("Saved as {path}")),
            Err(error) => self.notices.tell_of(&error),
        }
    }
}
