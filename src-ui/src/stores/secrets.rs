//! The names of the secrets that are kept. The secrets themselves only pass through, on their way to
//! the backend.

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::{Client, IpcError};
use toolroom_shared::{ErrorCode, KeptSecret, SecretName};

use super::{Done, Known, LinkStore};
use crate::texts;

/// What became of keeping a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// It is kept.
    Kept,
    /// There is no keyring: the person is to be asked whether a file will do.
    NoKeyring,
    /// It isn't; why, in words.
    Refused(String),
}

/// Keeps which secrets there are.
#[derive(Clone)]
pub struct SecretsStore {
    client: Client,
    link: LinkStore,
    list: ArcRwSignal<Known<Vec<KeptSecret>>>,
}

impl SecretsStore {
    /// A store that has not asked yet.
    #[must_use]
    pub fn new(client: Client, link: LinkStore) -> Self {
        Self {
            client,
            link,
            list: ArcRwSignal::default(),
        }
    }

    /// What is kept, tracked. A view that shows it asks with [`SecretsStore::load`] first.
    #[must_use]
    pub fn list(&self) -> Known<Vec<KeptSecret>> {
        self.list.get()
    }

    /// The names, tracked; none as long as they aren't known.
    #[must_use]
    pub fn names(&self) -> Vec<SecretName> {
        self.list.with(|list| {
            let kept = list.ready().map(|kept| &kept[..]).unwrap_or_default();
            kept.iter().map(|one| one.name.clone()).collect()
        })
    }

    /// Asks which there are, again if need be: the terminal may have changed that.
    pub fn load(&self) {
        let store = self.clone();
        spawn_local(async move { store.load_now().await });
    }

    pub(super) async fn load_now(&self) {
        let answer = self.client.list_secrets().await;
        self.link.note(&answer);
        self.list.set(match answer {
            Ok(kept) => Known::Ready(kept),
            Err(error) => Known::Failed(texts::failure(&error)),
        });
    }

    /// Keeps a secret, in the place of one with the same name. With `allow_file` the person has agreed to
    /// a file where there is no keyring.
    pub fn keep(&self, name: SecretName, secret: String, allow_file: bool, done: Done<Keeping>) {
        let store = self.clone();
        spawn_local(async move { done(store.keep_now(name, secret, allow_file).await) });
    }

    pub(super) async fn keep_now(
        &self,
        name: SecretName,
        secret: String,
        allow_file: bool,
    ) -> Keeping {
        let answer = self.client.set_secret(name, secret, allow_file).await;
        self.link.note(&answer);
        match answer {
            Ok(()) => {
                self.load_now().await;
                Keeping::Kept
            }
            Err(IpcError::Command(error)) if error.code == ErrorCode::NoKeyring => {
                Keeping::NoKeyring
            }
            Err(error) => Keeping::Refused(texts::failure(&error)),
        }
    }

    /// Forgets a secret. One that is gone already is as good.
    pub fn remove(&self, name: SecretName, done: Done<Result<(), String>>) {
        let store = self.clone();
        spawn_local(async move { done(store.remove_now(name).await) });
    }

    pub(super) async fn remove_now(&self, name: SecretName) -> Result<(), String> {
        let answer = self.client.remove_secret(name).await;
        self.link.note(&answer);
        let is_gone = match &answer {
            Ok(()) => true,
            Err(IpcError::Command(error)) => error.code == ErrorCode::UnknownSecret,
            Err(_) => false,
        };
        if is_gone {
            self.load_now().await;
            return Ok(());
        }
        answer.map_err(|error| texts::failure(&error))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::executor::block_on;
    use serde_json::json;
    use toolroom_ipc::FakeTransport;
    use toolroom_shared::AppError;

    use super::*;

    fn store(backend: &FakeTransport) -> SecretsStore {
        let client = Client::new(Arc::new(backend.clone()));
        SecretsStore::new(client, LinkStore::default())
    }

    fn name() -> SecretName {
        SecretName::new("TOKEN").unwrap()
    }

    #[test]
    fn without_a_keyring_the_person_is_asked_and_then_it_is_kept_in_a_file() {
        let backend = FakeTransport::default();
        backend.answer("set_secret", |args| {
            match args["allowFile"] == json!(true) {
                true => Ok(json!(null)),
                false => Err(json!(AppError::new(ErrorCode::NoKeyring, "There is none."))),
            }
        });
        backend.answer("list_secrets", |_| {
            Ok(json!([{ "name": "TOKEN", "place": "file" }]))
        });
        let store = store(&backend);
        let keep = |allow| block_on(store.keep_now(name(), "text".into(), allow));
        assert_eq!(keep(false), Keeping::NoKeyring);
        assert_eq!(untrack(|| store.names()), []);
        assert_eq!(keep(true), Keeping::Kept);
        assert_eq!(untrack(|| store.names()), [name()]);
    }

    #[test]
    fn a_secret_that_is_gone_already_is_forgotten_as_well() {
        let backend = FakeTransport::default();
        let store = store(&backend);
        backend.answer("list_secrets", |_| Ok(json!([])));
        for (code, is_well) in [
            (ErrorCode::UnknownSecret, true),
            (ErrorCode::SecretStore, false),
        ] {
            let code = code.clone();
            backend.answer("remove_secret", move |_| {
                Err(json!(AppError::new(code.clone(), "No.")))
            });
            assert_eq!(block_on(store.remove_now(name())).is_ok(), is_well);
        }
    }
}
