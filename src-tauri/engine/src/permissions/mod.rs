//! Who may do what: the policy, the decision on each start, and the questions to the person.
//!
//! `decide` is the rule, pure; `wanted` reads from an input what a start would reach; `rate` counts
//! starts; `asking` asks the person; `files` keeps policy and questions where the terminal can change them; `log` is who hears
//! of each decision, `words` what it is told of changes. What a job may reach while it runs is held up by the toolkit; which requests are
//! asked about here is the runtime's business.

mod api;
mod asking;
mod decide;
mod files;
mod log;
mod questions;
mod rate;
mod wanted;
mod words;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::Value;
use time::OffsetDateTime;
use tokio::{sync::watch, time::Instant};
use toolroom_shared::{AppError, Caller, ErrorCode, JobId, Policy, ToolDefinition};
use toolroom_toolkit::Access;

use self::{
    decide::{Granted, Verdict, decide},
    files::Signature,
    questions::OpenQuestions,
    rate::Bucket,
    wanted::{Wanted, seen_through},
};
use crate::clock::Clock;
pub use api::{PermissionApi, PermissionChanges};
pub use files::PermissionFiles;
pub use log::{Decision, DecisionLog, NoDecisionLog, Operation, Outcome};

/// How old what is known of the files may be.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often an answer from another process is looked for while somebody waits for one.
const ANSWER_EVERY: Duration = Duration::from_millis(250);

/// How permissions are kept and asked for.
#[derive(Clone, Debug)]
pub struct PermissionConfig {
    /// Where the policy is kept; none: in memory, for as long as the engine lives.
    pub files: Option<PermissionFiles>,
    /// How long a start waits for a person's answer.
    pub ask_for: Duration,
    /// Who is told of each decision.
    pub log: Arc<dyn DecisionLog>,
}

impl Default for PermissionConfig {
    fn default() -> Self {
        Self {
            files: None,
            ask_for: Duration::from_secs(30),
            log: Arc::new(NoDecisionLog),
        }
    }
}

/// Decides for one engine. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Permissions {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: PermissionConfig,
    clock: Clock,
    /// How long a start waits for a person's answer.
    ask_for: Mutex<Duration>,
    state: Mutex<State>,
    /// Raised by one whenever the policy or the open questions change.
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    policy: Arc<Policy>,
    policy_seen: Signature,
    questions_seen: Signature,
    looked_at: Option<Instant>,
    buckets: HashMap<Caller, (u32, Bucket)>,
    questions: OpenQuestions,
    last_question: u32,
}

impl Permissions {
    /// Those of an engine that begins: whatever an earlier one has asked, nobody waits for any more.
    pub(crate) fn new(config: PermissionConfig, clock: Clock) -> Self {
        Self {
            shared: Arc::new(Shared {
                ask_for: Mutex::new(config.ask_for),
                config,
                clock,
                state: Mutex::default(),
                changed: watch::Sender::new(0),
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.shared.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }

    /// How long a start waits for a person's answer.
    fn ask_for(&self) -> Duration {
        let ask_for = self.shared.ask_for.lock();
        *ask_for.unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts wait for a person's answer so long from now on.
    pub(crate) fn set_ask_for(&self, ask_for: Duration) {
        let kept = self.shared.ask_for.lock();
        *kept.unwrap_or_else(PoisonError::into_inner) = ask_for;
    }

    fn files(&self) -> Option<&PermissionFiles> {
        self.shared.config.files.as_ref()
    }

    fn tell_change(&self) {
        self.shared.changed.send_modify(|number| *number += 1);
    }

    /// Tells of a decision. Costs nothing where nobody wants to know.
    pub(crate) fn tell(
        &self,
        caller: &Caller,
        operation: Operation,
        tool: Option<&str>,
        job: Option<&JobId>,
        result: Result<(), &AppError>,
    ) {
        let outcome = match result.err().map(|error| &error.code) {
            None => Outcome::Allowed,
            Some(ErrorCode::PermissionAsked) => Outcome::Asked,
            Some(_) => Outcome::Refused,
        };
        if !self.shared.config.log.wants(operation, outcome) {
            return;
        }
        self.shared.config.log.decided(&Decision {
            at: OffsetDateTime::now_utc(),
            caller: caller.clone(),
            operation,
            tool: tool.map(str::to_owned),
            job: job.cloned(),
            outcome,
            code: result.err().map(|error| error.code.clone()),
            subject: String::new(),
        });
    }

    /// Tells that a person changed something, and what.
    fn tell_changed(
        &self,
        caller: &Caller,
        operation: Operation,
        tool: Option<&str>,
        what: String,
    ) {
        self.shared.config.log.decided(&Decision {
            at: OffsetDateTime::now_utc(),
            caller: caller.clone(),
            operation,
            tool: tool.map(str::to_owned),
            job: None,
            outcome: Outcome::Allowed,
            code: None,
            subject: what,
        });
    }

    /// Takes in what another process has changed. Waits for the disk.
    pub(crate) fn look_again(&self) {
        if let Some(files) = self.files() {
            self.read_policy(files);
            self.hear_answers();
        }
    }

    /// Runs what may wait for the disk where that holds up nothing else.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let me = self.clone();
        // joined: right here
        tokio::task::spawn_blocking(move || work(&me))
            .await
            .map_err(|_| AppError::new(ErrorCode::ShuttingDown, "Toolroom is closing."))
    }

    /// What is granted now. Reads the file if it may have changed; a damaged one grants nothing.
    fn policy_now(&self) -> Arc<Policy> {
        let Some(files) = self.files() else {
            return self.state().policy.clone();
        };
        {
            let state = self.state();
            if state.looked_at.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
                return state.policy.clone();
            }
        }
        self.read_policy(files)
    }

    fn read_policy(&self, files: &PermissionFiles) -> Arc<Policy> {
        let signature = files.policy_signature();
        {
            let mut state = self.state();
            let is_known = state.looked_at.is_some() && state.policy_seen == signature;
            state.looked_at = Some(Instant::now());
            if is_known {
                return state.policy.clone();
            }
        }
        let policy = files.policy().unwrap_or_else(|_| {
            // Whether or not it can be put aside, it grants nothing.
            let _ = files.set_aside();
            Policy::default()
        });
        let policy = Arc::new(policy);
        let mut state = self.state();
        state.policy = policy.clone();
        state.policy_seen = signature;
        drop(state);
        self.tell_change();
        policy
    }

    /// Whether `caller` may start `tool` at all.
    pub(crate) async fn may_use(&self, caller: &Caller, tool: &str) -> Result<(), AppError> {
        if !caller.is_stranger() {
            return Ok(());
        }
        let policy = self.blocking(Self::policy_now).await?;
        match policy.grant(caller) {
            Some(grant) if grant.has_tool(tool) => Ok(()),
            _ => Err(decide::no_tool(caller, tool)),
        }
    }

    /// Whether `caller` may see and touch the jobs of others.
    pub(crate) async fn sees_others(&self, caller: &Caller) -> Result<bool, AppError> {
        if !caller.is_stranger() {
            return Ok(true);
        }
        let policy = self.blocking(Self::policy_now).await?;
        Ok(policy.grant(caller).is_some_and(|grant| grant.others_jobs))
    }

    /// Which of these tools `caller` may start.
    pub(crate) async fn usable(
        &self,
        caller: &Caller,
        mut tools: Vec<ToolDefinition>,
    ) -> Result<Vec<ToolDefinition>, AppError> {
        if caller.is_stranger() {
            let policy = self.blocking(Self::policy_now).await?;
            let grant = policy.grant(caller);
            tools.retain(|tool| grant.is_some_and(|grant| grant.has_tool(&tool.name)));
        }
        Ok(tools)
    }

    /// Decides on a start whose input was checked, and asks the person if it must be asked. What its
    /// job may reach.
    ///
    /// # Errors
    /// `permission_denied`, `permission_asked`, `rate_limited`.
    pub(crate) async fn admit(
        &self,
        caller: &Caller,
        tool: &ToolDefinition,
        input: &Arc<Value>,
    ) -> Result<Access, AppError> {
        if !caller.is_stranger() {
            return Ok(Access::declared(&tool.permissions));
        }
        let (asker, wanted_tool, given) = (caller.clone(), tool.clone(), input.clone());
        let (verdict, granted) = self
            .blocking(move |me| me.verdict(&asker, &wanted_tool, &given))
            .await?;
        let a_minute = granted.grant.starts_per_minute;
        if !matches!(verdict, Verdict::Refused(_)) {
            self.count(caller, a_minute)?;
        }
        match verdict {
            Verdict::Allowed(access) => Ok(access),
            Verdict::Refused(error) => Err(error),
            Verdict::Ask(ask) => {
                self.ask(caller, &tool.name, &ask).await?;
                Ok(ask.allowed(&granted, tool))
            }
        }
    }

    /// What a job may reach that an earlier engine took in. Nobody is asked any more: what isn't
    /// granted is refused. May wait for the disk.
    pub(crate) fn readmit(
        &self,
        caller: &Caller,
        tool: &ToolDefinition,
        input: &Value,
    ) -> Result<Access, AppError> {
        match self.verdict(caller, tool, input).0 {
            Verdict::Allowed(access) => Ok(access),
            Verdict::Refused(error) => Err(error),
            Verdict::Ask(_) => Err(decide::not_granted_any_more(caller, &tool.name)),
        }
    }

    fn verdict(&self, caller: &Caller, tool: &ToolDefinition, input: &Value) -> (Verdict, Granted) {
        let policy = match caller.is_stranger() {
            true => self.policy_now(),
            false => Arc::default(),
        };
        let granted = policy.grant(caller).map(Granted::of);
        let may_name = granted
            .as_ref()
            .is_some_and(|granted| granted.grant.has_tool(&tool.name));
        // Who may not use the tool learns nothing of what a path leads to.
        let wanted = match may_name {
            true => Wanted::of(tool, input, &mut seen_through),
            false => Wanted::default(),
        };
        let verdict = decide(caller, granted.as_ref(), tool, &wanted);
        (verdict, granted.unwrap_or_default())
    }

    fn count(&self, caller: &Caller, a_minute: u32) -> Result<(), AppError> {
        let now = Instant::now();
        let mut state = self.state();
        let fresh = (a_minute, Bucket::full(a_minute, now));
        let entry = state.buckets.entry(caller.clone()).or_insert(fresh);
        if entry.0 != a_minute {
            *entry = fresh;
        }
        if a_minute == 0 {
            return Err(decide::too_often(caller, 0, Duration::from_secs(60)));
        }
        entry
            .1
            .take(a_minute, now)
            .map_err(|wait| decide::too_often(caller, a_minute, wait))
    }
}
