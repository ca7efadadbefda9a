//! An engine with a policy, a tool that reads a file, and what tests ask of them.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::support::{Hand, config, limits};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tempfile::TempDir;
use toolroom_engine::{
    ClosingLimits, Decision, DecisionLog, EngineConfig, JobApi, JobManager, Operation, Outcome,
    PermissionApi, PermissionConfig, PermissionFiles,
};
use toolroom_shared::{
    AppError, Caller, ErrorCode, Grant, JobId, JobStatus, Permission, Question, QuestionAnswer,
    StartOptions, ToolBehavior, ToolCategory, ToolLimits,
};
use toolroom_toolkit::{About, ExecutableTool, InputPath, ToolError, ToolExecutionContext};

/// Reads one file.
pub struct Look;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Where {
    at: InputPath,
}

#[derive(Serialize, JsonSchema)]
pub struct Looked {
    text: String,
}

impl ExecutableTool for Look {
    type Input = Where;
    type Output = Looked;
    const ABOUT: About = About {
        name: "look",
        title: "Look",
        description: "Reads a file.",
        category: ToolCategory::Files,
        version: "1.0.0",
        permissions: &[Permission::ReadFiles],
        limits: ToolLimits::NONE,
        behavior: ToolBehavior::CAUTIOUS,
    };

    async fn execute(&self, ctx: ToolExecutionContext, input: Where) -> Result<Looked, ToolError> {
        let look = ctx.blocking(move |ctx| {
            let mut text = String::new();
            let read = ctx.input(&input.at)?.open()?.read_to_string(&mut text);
            read.map_err(|error| ToolError::failed(ErrorCode::Io, error.to_string()))?;
            Ok(Looked { text })
        });
        look.await
    }
}

/// Remembers what it is told.
#[derive(Debug, Default)]
pub struct Trail(Mutex<Vec<Decision>>);

impl DecisionLog for Trail {
    fn decided(&self, decision: &Decision) {
        self.0.lock().unwrap().push(decision.clone());
    }
}

impl Trail {
    pub fn told(&self) -> Vec<(String, Operation, Outcome, Option<ErrorCode>)> {
        let told = std::mem::take(&mut *self.0.lock().unwrap());
        told.into_iter()
            .map(|one| (one.caller.to_string(), one.operation, one.outcome, one.code))
            .collect()
    }
}

pub struct Desk {
    pub folder: TempDir,
    pub api: JobManager,
    pub hand: Hand,
    pub trail: Arc<Trail>,
}

impl Desk {
    pub fn new(ask_for: Duration) -> Self {
        Self::at(tempfile::tempdir().unwrap(), ask_for)
    }

    /// With a history and a policy in the folder.
    pub fn at(folder: TempDir, ask_for: Duration) -> Self {
        let (hand, trail) = (Hand::default(), Arc::<Trail>::default());
        let mut registry = crate::support::registry(&hand);
        registry.add(Box::new(Look)).unwrap();
        let config = EngineConfig {
            permissions: PermissionConfig {
                files: Some(PermissionFiles::in_folder(folder.path())),
                ask_for,
                log: trail.clone(),
            },
            limits: limits(1, 100),
            ..config(folder.path())
        };
        Self {
            api: JobManager::open(registry, config).unwrap().manager,
            folder,
            hand,
            trail,
        }
    }

    pub async fn reopened(self, ask_for: Duration) -> Self {
        let now = ClosingLimits {
            let_run: Duration::ZERO,
            ..ClosingLimits::default()
        };
        assert!(self.api.shut_down(now).await);
        let folder = self.folder;
        drop(self.api);
        Self::at(folder, ask_for)
    }

    pub fn files(&self) -> PermissionFiles {
        PermissionFiles::in_folder(self.folder.path())
    }

    pub fn file(&self, name: &str) -> PathBuf {
        let path = self.folder.path().canonicalize().unwrap().join(name);
        fs::write(&path, name).unwrap();
        path
    }

    pub async fn grant(&self, who: &str, change: impl FnOnce(&mut Grant)) {
        let permissions = self.api.permissions();
        let mut policy = permissions.policy(Caller::Window).await.unwrap();
        change(policy.grant_mut(&caller(who)));
        permissions
            .set_policy(Caller::Window, policy)
            .await
            .unwrap();
    }

    pub async fn start(&self, who: &str, tool: &str, input: Value) -> Result<JobId, AppError> {
        let started = self
            .api
            .start(caller(who), tool, input, StartOptions::default());
        started.await.map(|handle| handle.job_id)
    }

    pub async fn look(&self, who: &str, at: &Path) -> Result<JobStatus, AppError> {
        let job = self.start(who, "look", json!({ "at": at })).await?;
        Ok(self.api.wait(caller(who), &job).await.unwrap().status)
    }

    /// The question that is open, as soon as there is one.
    pub async fn question(&self) -> Question {
        let permissions = self.api.permissions();
        let mut changes = permissions
            .permission_changes(Caller::Window)
            .await
            .unwrap();
        loop {
            let open = permissions.questions(Caller::Window).await.unwrap();
            if let [question] = &open[..] {
                return question.clone();
            }
            assert!(open.is_empty() && changes.next().await);
        }
    }

    pub async fn answer(&self, answer: QuestionAnswer) {
        let id = self.question().await.id;
        let permissions = self.api.permissions();
        permissions
            .answer(Caller::Window, id, answer)
            .await
            .unwrap();
    }
}

pub fn caller(text: &str) -> Caller {
    text.parse().unwrap()
}

pub const LONG: Duration = Duration::from_secs(60);
