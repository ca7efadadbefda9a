//! A tool behind one type, as the engine holds it: JSON in, JSON out.

use std::{future::Future, pin::Pin, sync::Arc};

use serde_json::Value;
use toolroom_shared::{InputProblem, ToolDefinition};

use crate::{
    Example, ExecutableTool, JsonOutput, ToolError, ToolExecutionContext, example,
    input_problem::from_decode_error, schema,
};

/// Work that was decoded and checked, and only waits to be run.
pub type PreparedJob = Box<
    dyn FnOnce(
            ToolExecutionContext,
        ) -> Pin<Box<dyn Future<Output = Result<JsonOutput, ToolError>> + Send>>
        + Send,
>;

/// Any [`ExecutableTool`], with its types hidden. Not meant to be implemented by hand.
pub trait DynTool: Send + Sync {
    /// The tool's definition, its schemas made from its types.
    fn definition(&self) -> ToolDefinition;

    /// Examples of its use.
    fn examples(&self) -> Vec<Example>;

    /// Decodes an input and checks it, and gives the work to run.
    ///
    /// # Errors
    /// What is wrong at which field, when the input doesn't decode or the tool refuses it.
    fn prepare(self: Arc<Self>, input: &Value) -> Result<PreparedJob, Vec<InputProblem>>;
}

impl<T: ExecutableTool> DynTool for T {
    fn definition(&self) -> ToolDefinition {
        let about = T::ABOUT;
        let mut input_schema = schema::of_input::<T::Input>();
        example::put_into(&mut input_schema, &T::examples());
        ToolDefinition {
            name: about.name.to_owned(),
            title: about.title.to_owned(),
            description: about.description.to_owned(),
            category: about.category,
            version: about.version.to_owned(),
            input_schema,
            output_schema: schema::of_output::<T::Output>(),
            message_schema: T::messages().map(|messages| messages.schema),
            permissions: about.permissions.to_vec(),
            limits: about.limits,
            behavior: about.behavior,
        }
    }

    fn examples(&self) -> Vec<Example> {
        T::examples()
    }

    fn prepare(self: Arc<Self>, input: &Value) -> Result<PreparedJob, Vec<InputProblem>> {
        let input: T::Input = serde_path_to_error::deserialize(input)
            .map_err(|error| vec![from_decode_error(&error)])?;
        let problems = self.check(&input);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Box::new(move |ctx| {
            Box::pin(async move {
                let pool = ctx.pool.clone();
                let output = self.execute(ctx, input).await?;
                match JsonOutput::of_any_size(output, &pool).await {
                    Some(written) => written.map_err(|error| ToolError::unwritable_output(&error)),
                    // The engine is closing.
                    None => Err(ToolError::canceled()),
                }
            })
        }))
    }
}
