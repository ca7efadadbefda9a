//! Holds requests and running jobs to what their callers may do.
//!
//! What that is, `permissions` decides; here is where it is asked.

use std::sync::Arc;

use serde_json::Value;
use toolroom_shared::{AppError, Caller, JobId};
use toolroom_toolkit::{Access, Reach, ToolExecutionContext};

use super::{
    job_manager::{JobManager, storage_gone},
    job_reader,
    queue::ToolIndex,
    scheduler::Scheduler,
};
use crate::{Operation, record::JobRecord, registry::unknown_tool, secrets::GivenSecrets};

impl JobManager {
    /// The tool of this name, if `caller` may use it. Who was not granted it is told the same whether or
    /// not there is one.
    ///
    /// # Errors
    /// `permission_denied`; `unknown_tool`, which names only tools that `caller` may use.
    pub(super) async fn tool_for(
        &self,
        caller: &Caller,
        name: &str,
        operation: Operation,
    ) -> Result<ToolIndex, AppError> {
        let permissions = &self.scheduler.permissions;
        if let Err(error) = permissions.may_use(caller, name).await {
            permissions.tell(caller, operation, Some(name), None, Err(&error));
            return Err(error);
        }
        let found = self.registry.index(name);
        if found.is_ok() || !caller.is_stranger() {
            return found;
        }
        let usable = permissions.usable(caller, self.registry.definitions());
        let usable = usable.await?;
        let known: Vec<_> = usable.iter().map(|tool| tool.name.as_str()).collect();
        Err(unknown_tool(name, &known))
    }

    /// A job that `caller` may see and touch. Another's is as good as none, and that is told.
    ///
    /// # Errors
    /// `unknown_job`.
    pub(super) async fn find_for(
        &self,
        caller: &Caller,
        job_id: &JobId,
        operation: Operation,
    ) -> Result<Arc<JobRecord>, AppError> {
        let job = self.find(job_id).await?;
        self.check_own(caller, &job, operation).await?;
        Ok(job)
    }

    async fn check_own(
        &self,
        caller: &Caller,
        job: &JobRecord,
        operation: Operation,
    ) -> Result<(), AppError> {
        let permissions = &self.scheduler.permissions;
        let is_own = !caller.is_stranger() || job.origin.caller == *caller;
        let result = match is_own || permissions.sees_others(caller).await? {
            true => Ok(()),
            false => Err(job_reader::unknown(&job.job_id())),
        };
        let job_id = job.job_id();
        if result.is_err() || operation != Operation::Read {
            let tool = Some(&*job.origin.tool);
            permissions.tell(
                caller,
                operation,
                tool,
                Some(&job_id),
                result.as_ref().copied(),
            );
        }
        result
    }

    /// Whose jobs `caller` may see: none stands for everybody's.
    pub(super) async fn only_jobs_of(&self, caller: &Caller) -> Result<Option<Caller>, AppError> {
        let sees_others = self.scheduler.permissions.sees_others(caller).await?;
        Ok((!sees_others).then(|| caller.clone()))
    }

    /// What a job may reach that `caller` wants to start with `input`, as it is kept, and with what isn't
    /// kept of it; a refusal is told.
    ///
    /// # Errors
    /// `permission_denied`, `permission_asked`, `rate_limited`, and `invalid_input` before anybody is
    /// asked.
    pub(super) async fn admit(
        &self,
        caller: &Caller,
        tool: ToolIndex,
        input: &Arc<Value>,
        secrets: &GivenSecrets,
        operation: Operation,
    ) -> Result<Access, AppError> {
        let definition = self.registry.at(tool);
        let permissions = &self.scheduler.permissions;
        let admitted = async {
            if caller.is_stranger() {
                drop(self.registry.prepare_at(tool, secrets.input(input))?);
            }
            permissions.admit(caller, definition, input).await
        };
        let result = admitted.await;
        let told = result.as_ref().map(drop);
        permissions.tell(caller, operation, Some(&definition.name), None, told);
        result
    }
}

impl Scheduler {
    /// Holds a job's attempt to what it may reach.
    pub(super) async fn confine(
        &self,
        job: &JobRecord,
        access: Option<Access>,
        ctx: ToolExecutionContext,
    ) -> Result<ToolExecutionContext, AppError> {
        let access = match access {
            Some(access) => access,
            None => self.access_again(job).await?,
        };
        let opens_folders = [&access.read, &access.write]
            .into_iter()
            .any(|reach| matches!(reach, Reach::Within(_)));
        if !opens_folders {
            return Ok(ctx.confined(access));
        }
        let confined = self.pool.run(move || ctx.confined(access)).await;
        confined.ok_or_else(storage_gone)
    }

    /// What a job may reach that an earlier engine has taken in.
    async fn access_again(&self, job: &JobRecord) -> Result<Access, AppError> {
        let tool = self.registry.of_job(&job.origin.tool)?;
        let definition = self.registry.at(tool).clone();
        let (permissions, caller) = (self.permissions.clone(), job.origin.caller.clone());
        let input = job.input.clone().unwrap_or_default();
        let decided = move || permissions.readmit(&caller, &definition, &input);
        self.pool.run(decided).await.ok_or_else(storage_gone)?
    }
}
