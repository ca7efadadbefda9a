//! What stands in each tool's form, its checking and its running.
//!
//! A form outlives its page: going to the jobs and back loses nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use toolroom_ipc::{Client, IpcError};
use toolroom_shared::{AppError, InputProblem, JobId, SecretForm, ToolDefinition, each_secret};

mod kept;

use super::{JobsStore, LinkStore, Patience};
use crate::clock::Clock;
use crate::form::problems::{self, ShownProblems};
use crate::form::{FormModel, FormValues};
use crate::texts;

/// Milliseconds without a keystroke before what was typed is checked.
const PAUSE: u32 = 300;

/// Keeps the form of every tool that was looked at.
#[derive(Clone)]
pub struct FormsStore {
    backend: Backend,
    sessions: Arc<Mutex<HashMap<String, FormSession>>>,
}

#[derive(Clone)]
struct Backend {
    client: Client,
    clock: Clock,
    link: LinkStore,
    jobs: JobsStore,
}

/// One tool's form.
#[derive(Clone)]
pub struct FormSession {
    backend: Backend,
    tool: Arc<ToolDefinition>,
    /// The form's fields.
    pub model: Arc<FormModel>,
    /// What stands in them.
    pub values: ArcRwSignal<FormValues>,
    /// A start is on its way.
    pub starting: ArcRwSignal<bool>,
    /// Why the last run could not be started, unless a field says so.
    pub refusal: ArcRwSignal<Option<Refusal>>,
    /// The field that should get the focus; the number tells one wish from the next.
    pub focus: ArcRwSignal<Option<(u64, String)>>,
    /// The preset that was filled in or kept last, with what is comparable of its input.
    preset: ArcRwSignal<Option<(String, Value)>>,
    problems: ArcRwSignal<Vec<InputProblem>>,
    touched: ArcRwSignal<BTreeSet<String>>,
    /// Run was pressed: every field shows what is wrong, touched or not.
    attempted: ArcRwSignal<bool>,
    /// Counts changes: only the check of the latest counts.
    edition: Arc<AtomicU64>,
}

/// Why a run could not be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, in words.
    pub reason: String,
    /// The job that stands in its way.
    pub job: Option<JobId>,
}

impl FormsStore {
    /// A store without forms.
    #[must_use]
    pub fn new(client: Client, clock: Clock, link: LinkStore, jobs: JobsStore) -> Self {
        Self {
            backend: Backend {
                client,
                clock,
                link,
                jobs,
            },
            sessions: Arc::default(),
        }
    }

    /// The tool's form, as it was left.
    #[must_use]
    pub fn session(&self, tool: &Arc<ToolDefinition>) -> FormSession {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = sessions.get(&tool.name)
            && session.tool == *tool
        {
            return session.clone();
        }
        let session = FormSession::new(self.backend.clone(), tool.clone());
        sessions.insert(tool.name.clone(), session.clone());
        session
    }
}

impl FormSession {
    fn new(backend: Backend, tool: Arc<ToolDefinition>) -> Self {
        let model = FormModel::of(&tool.input_schema);
        Self {
            values: ArcRwSignal::new(model.initial_values()),
            model: Arc::new(model),
            backend,
            tool,
            starting: ArcRwSignal::default(),
            refusal: ArcRwSignal::default(),
            focus: ArcRwSignal::default(),
            preset: ArcRwSignal::default(),
            problems: ArcRwSignal::default(),
            touched: ArcRwSignal::default(),
            attempted: ArcRwSignal::default(),
            edition: Arc::default(),
        }
    }

    /// What is wrong, where it is to be shown, tracked.
    #[must_use]
    pub fn shown_problems(&self) -> ShownProblems {
        let mut shown = self.problems.with(|problems| {
            self.values
                .with_untracked(|values| problems::placed(&self.model, values, problems))
        });
        if !self.attempted.get() {
            self.touched
                .with(|touched| shown.retain(|pointer, _| touched.contains(pointer)));
        }
        shown
    }

    /// Changes what stands in the field at `pointer`, and has it checked after a pause.
    pub fn edit(&self, pointer: &str, change: impl FnOnce(&mut FormValues)) {
        self.values.update(change);
        self.touched.update(|touched| {
            touched.insert(pointer.to_owned());
        });
        let edition = self.edition.fetch_add(1, Ordering::Relaxed) + 1;
        let session = self.clone();
        spawn_local(async move { session.check_after_pause(edition).await });
    }

    /// Puts the form back to how it was at first.
    pub fn reset(&self) {
        self.values.set(self.model.initial_values());
        self.preset.set(None);
        self.refusal.set(None);
        self.calm_down();
    }

    /// Puts an earlier input into the form. Secrets are left empty; says how many those are.
    pub fn fill_in(&self, input: &Value) -> usize {
        let mut input = input.clone();
        let mut left_out = 0;
        each_secret(&mut input, &self.tool.input_schema, &mut |_, secret| {
            if SecretForm::of(secret) != SecretForm::Named {
                left_out += 1;
                *secret = Value::Null;
            }
        });
        self.values.set(self.model.values_of(&input));
        self.refusal.set(None);
        self.calm_down();
        left_out
    }

    /// Checks the form and starts a job. While a start is on its way, nothing more is started.
    pub fn run(&self) {
        if self.starting.get_untracked() {
            return;
        }
        self.starting.set(true);
        let session = self.clone();
        spawn_local(async move {
            session.run_now().await;
            session.starting.set(false);
        });
    }

    async fn run_now(&self) {
        self.edition.fetch_add(1, Ordering::Relaxed);
        self.values.update(FormValues::commit_all_pending);
        self.refusal.set(None);
        let (input, found) = match self.check().await {
            Ok(checked) => checked,
            Err(error) => return self.refuse(&error),
        };
        if !found.is_empty() {
            return self.point_out(found);
        }
        match self.backend.jobs.start(self.tool.name.clone(), input).await {
            Ok(_) => self.calm_down(),
            Err(error) => self.refuse(&error),
        }
    }

    async fn check_after_pause(&self, edition: u64) {
        let is_latest = || self.edition.load(Ordering::Relaxed) == edition;
        self.backend.clock.sleep(PAUSE).await;
        if !is_latest() {
            return;
        }
        // Should the check fail, Run will say so.
        if let Ok((_, found)) = self.check().await
            && is_latest()
        {
            self.problems.set(found);
        }
    }

    /// The input and what is wrong with it, by our own reading and the backend's.
    async fn check(&self) -> Result<(Value, Vec<InputProblem>), IpcError<AppError>> {
        let (input, mut found) = self
            .values
            .with_untracked(|values| self.model.input(values));
        let name = self.tool.name.clone();
        let Backend {
            client,
            clock,
            link,
            ..
        } = &self.backend;
        let patience = Patience::new(clock.clone(), link.clone());
        let answer = patience.ask(|| client.check_input(name.clone(), input.clone()));
        let answer = answer.await;
        let unreadable: Vec<String> = found.iter().map(|p| p.pointer.clone()).collect();
        found.extend(
            answer?
                .into_iter()
                .filter(|problem| !unreadable.contains(&problem.pointer)),
        );
        Ok((input, found))
    }

    fn refuse(&self, error: &IpcError<AppError>) {
        let found = match error {
            IpcError::Command(error) => error.input_problems(),
            _ => Vec::new(),
        };
        if found.is_empty() {
            self.refusal.set(Some(Refusal {
                reason: texts::failure(error),
                job: texts::job_in_the_way(error),
            }));
        } else {
            self.point_out(found);
        }
    }

    fn point_out(&self, found: Vec<InputProblem>) {
        let shown = self
            .values
            .with_untracked(|values| problems::placed(&self.model, values, &found));
        self.problems.set(found);
        self.attempted.set(true);
        let first = self
            .values
            .with_untracked(|values| problems::first(&self.model, values, &shown));
        let pointer = first.unwrap_or_default();
        let wish = self.edition.fetch_add(1, Ordering::Relaxed);
        self.focus.set(Some((wish, pointer)));
    }

    fn calm_down(&self) {
        self.edition.fetch_add(1, Ordering::Relaxed);
        self.problems.set(Vec::new());
        self.touched.set(BTreeSet::new());
        self.attempted.set(false);
        self.focus.set(None);
    }
}

#[cfg(test)]
mod tests;
