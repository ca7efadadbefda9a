//! Runs a tool as the engine would.

use std::sync::Arc;

use serde_json::Value;
use toolroom_shared::{AppError, JobId, each_path};

use super::{CancelAt, TestFolder, Watch, watch::Seen};
use crate::{
    Access, DynTool, ExecutableTool, InputChecker, ProgressSample, Roots, ToolError,
    ToolExecutionContext,
};

/// A run of a tool in a test.
#[must_use]
pub struct TestRun<'a> {
    tool: Arc<dyn DynTool>,
    folder: Option<&'a TestFolder>,
    input: Value,
    cancel_at: Option<CancelAt>,
    ctx: ToolExecutionContext,
}

/// A run that is over.
#[derive(Debug)]
pub struct TestEnd {
    /// How it ended.
    pub result: Result<Value, ToolError>,
    /// How far it showed to be, in order: whenever its phase or its percent changed.
    pub samples: Vec<ProgressSample>,
    /// What it wrote to its log.
    pub log: Vec<String>,
    /// How many phases it had.
    pub phases: usize,
    /// How many units it counted that weren't bytes.
    pub steps: u64,
    /// How many bytes it counted.
    pub bytes: u64,
    /// Whether the script has cancelled it.
    pub was_asked_to_stop: bool,
}

impl<'a> TestRun<'a> {
    /// A run of `tool`, with an empty input, allowed everything that it declares.
    pub fn of(tool: impl ExecutableTool) -> Self {
        Self::of_any(Arc::new(tool))
    }

    /// A run of a tool whose type is not known.
    pub fn of_any(tool: Arc<dyn DynTool>) -> Self {
        let access = Access::declared(&tool.definition().permissions);
        Self {
            tool,
            folder: None,
            input: Value::Object(serde_json::Map::new()),
            cancel_at: None,
            ctx: ToolExecutionContext::new(JobId("test".to_owned())).confined(access),
        }
    }

    /// Relative paths in the input are meant against this folder, and at the end nothing half-written
    /// may be in it.
    pub fn within(mut self, folder: &'a TestFolder) -> Self {
        self.folder = Some(folder);
        self
    }

    /// Its input.
    pub fn input(mut self, input: Value) -> Self {
        self.input = input;
        self
    }

    /// Cancels it there.
    pub fn cancel_at(mut self, at: CancelAt) -> Self {
        self.cancel_at = Some(at);
        self
    }

    /// Where it may read and write, of what it declares.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.ctx.roots = roots.declared(&self.tool.definition().permissions);
        self
    }

    /// What it may reach, whatever it declares.
    pub fn access(mut self, access: Access) -> Self {
        self.ctx = self.ctx.confined(access);
        self
    }

    /// What it is given, to be changed as a test likes.
    pub fn context(&mut self) -> &mut ToolExecutionContext {
        &mut self.ctx
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// If the input isn't accepted, the percent falls or isn't 100 at a good end, it goes on for longer
    /// than 4 MiB or 50 steps after a cancel, or leaves a partial file.
    pub async fn run(self) -> TestEnd {
        let Self {
            tool,
            folder,
            mut input,
            cancel_at,
            ctx,
        } = self;
        let schema = tool.definition().input_schema;
        if let Some(folder) = folder {
            each_path(&mut input, &schema, &mut |path| {
                *path = folder.join(&*path).to_str().unwrap().to_owned();
            });
        }
        let problems = InputChecker::new(&schema).unwrap().problems(&input);
        assert!(
            problems.is_empty(),
            "the input isn't accepted: {problems:?}"
        );
        let work = tool
            .prepare(&input)
            .unwrap_or_else(|problems| panic!("the input isn't accepted: {problems:?}"));
        let watch = Watch::new(ctx.cancel.clone(), cancel_at);
        ctx.progress.watch(watch.clone());
        let log = ctx.log.clone();
        let result = work(ctx).await;
        let Seen {
            samples,
            phases,
            steps,
            bytes,
            canceled_at,
        } = {
            let seen = watch.seen();
            seen.check(result.is_ok());
            seen
        };
        if let Some(folder) = folder {
            folder.assert_nothing_is_half_written();
        }
        let (lines, _) = log.take();
        TestEnd {
            result: result.map(|output| output.into_value().unwrap()),
            samples,
            log: lines.into_iter().map(|line| line.text).collect(),
            phases,
            steps,
            bytes,
            was_asked_to_stop: canceled_at.is_some(),
        }
    }
}

impl TestEnd {
    /// Its output.
    ///
    /// # Panics
    /// If it has none.
    #[must_use]
    pub fn output(&self) -> &Value {
        match &self.result {
            Ok(output) => output,
            Err(error) => panic!("it ended without an output: {error:?}"),
        }
    }

    /// What it failed with.
    ///
    /// # Panics
    /// If it didn't fail.
    #[must_use]
    pub fn error(&self) -> &AppError {
        match &self.result {
            Err(ToolError::Failed(failure)) => &failure.error,
            other => panic!("it didn't fail: {other:?}"),
        }
    }

    /// What was done when it ended before it was done.
    #[must_use]
    pub fn partial(&self) -> Option<&Value> {
        match &self.result {
            Err(ToolError::Canceled { partial }) => partial.as_ref(),
            Err(ToolError::Failed(failure)) => failure.partial.as_ref(),
            Ok(_) | Err(ToolError::Paused) => None,
        }
    }

    /// Whether it ended by the cancel.
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        matches!(self.result, Err(ToolError::Canceled { .. }))
    }
}
