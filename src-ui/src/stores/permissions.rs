//! What callers may do, and what they ask: as the backend tells it, with what the person changes.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::{Client, IpcError, Listener, Never};
use toolroom_shared::{
    AppError, Caller, ErrorCode, Grant, PermissionsState, Question, QuestionAnswer, QuestionId,
};

use super::{Done, Known, LinkStore, NoticesStore};
use crate::texts;

/// What became of a change: a sentence where it was refused.
pub type Changed = Done<Result<(), String>>;

/// Keeps what is granted and asked.
#[derive(Clone)]
pub struct PermissionsStore {
    client: Client,
    link: LinkStore,
    notices: NoticesStore,
    state: ArcRwSignal<Known<PermissionsState>>,
    /// Questions that the person has put away without an answer.
    put_away: ArcRwSignal<BTreeSet<QuestionId>>,
    /// Questions whose answer is on its way.
    answering: ArcRwSignal<BTreeSet<QuestionId>>,
    /// How often something was told: an answer to an older call is worth less.
    told: ArcStoredValue<u32>,
}

impl PermissionsStore {
    /// A store that has not asked yet.
    #[must_use]
    pub fn new(client: Client, link: LinkStore, notices: NoticesStore) -> Self {
        Self {
            client,
            link,
            notices,
            state: ArcRwSignal::default(),
            put_away: ArcRwSignal::default(),
            answering: ArcRwSignal::default(),
            told: ArcStoredValue::new(0),
        }
    }

    /// What is known, tracked.
    #[must_use]
    pub fn state(&self) -> Known<PermissionsState> {
        self.state.get()
    }

    /// The questions that are open, oldest first, tracked; those whose answer is on its way aren't
    /// among them.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        let answering = self.answering.get();
        self.state.with(|state| {
            let open = state.ready().map(|state| &state.questions[..]);
            let open = open.unwrap_or_default().iter();
            open.filter(|question| !answering.contains(&question.id))
                .cloned()
                .collect()
        })
    }

    /// The same without those that the person has put away, tracked.
    #[must_use]
    pub fn asked_now(&self) -> Vec<Question> {
        let put_away = self.put_away.get();
        let mut questions = self.questions();
        questions.retain(|question| !put_away.contains(&question.id));
        questions
    }

    /// What is granted to a caller, tracked.
    #[must_use]
    pub fn grant(&self, caller: &Caller) -> Option<Grant> {
        self.state.with(|state| {
            let granted = state.ready().and_then(|state| state.policy.grant(caller));
            granted.cloned()
        })
    }

    /// Takes a question out of sight; it stays open.
    pub fn put_away(&self, id: QuestionId) {
        self.put_away.update(|all| {
            all.insert(id);
        });
    }

    /// Asks for all of it, again if need be.
    pub fn load(&self) {
        let store = self.clone();
        spawn_local(async move { store.load_now().await });
    }

    /// Hears of changes for as long as the listener is kept.
    pub(super) async fn listen(&self) -> Result<Listener, IpcError<Never>> {
        let store = self.clone();
        let hear = move |told: Result<PermissionsState, _>| {
            // What can't be read is asked for: that says why.
            match told {
                Ok(state) => store.take(state),
                Err(_) => store.load(),
            }
        };
        self.client.on_permissions_changed(hear).await
    }

    fn take(&self, state: PermissionsState) {
        self.told.update_value(|told| *told += 1);
        let open: BTreeSet<_> = state.questions.iter().map(|question| question.id).collect();
        for kept in [&self.put_away, &self.answering] {
            kept.maybe_update(|kept| {
                let before = kept.len();
                kept.retain(|id| open.contains(id));
                kept.len() < before
            });
        }
        self.state.set(Known::Ready(state));
    }

    pub(super) async fn load_now(&self) {
        let told = self.told.get_value();
        let answer = self.client.get_permissions().await;
        self.link.note(&answer);
        if self.told.get_value() != told {
            return;
        }
        match answer {
            Ok(state) => self.take(state),
            Err(error) => self.state.set(Known::Failed(texts::failure(&error))),
        }
    }

    /// Whether it still has to be had, untracked.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.state
            .with_untracked(|state| matches!(state, Known::Failed(_)))
    }

    /// Changes what is granted to a caller, by what stands here.
    pub fn change(&self, who: Caller, change: impl FnOnce(&mut Grant), done: Changed) {
        let before = untrack(|| self.grant(&who));
        let mut grant = before.clone().unwrap_or_default();
        change(&mut grant);
        if before.as_ref() != Some(&grant) {
            self.set(who, before, Some(grant), done);
        }
    }

    /// Puts `grant` in the place of `before`; none stands for nothing at all.
    pub fn set(&self, who: Caller, before: Option<Grant>, grant: Option<Grant>, done: Changed) {
        let store = self.clone();
        spawn_local(async move { done(store.set_now(who, before, grant).await) });
    }

    pub(super) async fn set_now(
        &self,
        who: Caller,
        before: Option<Grant>,
        grant: Option<Grant>,
    ) -> Result<(), String> {
        let answer = self.client.set_grant(who, before, grant).await;
        self.link.note(&answer);
        match answer {
            Ok(policy) => {
                self.told.update_value(|told| *told += 1);
                self.state.update(|state| match state {
                    Known::Ready(state) => state.policy = policy,
                    other => {
                        *other = Known::Ready(PermissionsState {
                            policy,
                            questions: Vec::new(),
                        });
                    }
                });
                Ok(())
            }
            Err(error) => {
                // What stands here may be old.
                self.load_now().await;
                Err(texts::failure(&error))
            }
        }
    }

    /// Answers a question: it is gone from here at once, and back if that fails.
    pub fn answer(&self, id: QuestionId, answer: QuestionAnswer) {
        let store = self.clone();
        spawn_local(async move {
            if let Err(error) = store.answer_now(id, answer).await {
                store.notices.tell_of(&error);
            }
        });
    }

    pub(super) async fn answer_now(
        &self,
        id: QuestionId,
        answer: QuestionAnswer,
    ) -> Result<(), IpcError<AppError>> {
        self.answering.update(|all| {
            all.insert(id);
        });
        let answered = self.client.answer_question(id, answer).await;
        self.link.note(&answered);
        let Err(error) = answered else {
            return Ok(());
        };
        if matches!(&error, IpcError::Command(error) if error.code == ErrorCode::InvalidQuery) {
            // Answered elsewhere, or given up.
            self.load_now().await;
        }
        self.answering.update(|all| {
            all.remove(&id);
        });
        Err(error)
    }
}

#[cfg(test)]
mod tests;
