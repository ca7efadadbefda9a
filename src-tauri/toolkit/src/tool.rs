//! The trait that makes a type a tool.

use std::future::Future;

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use toolroom_shared::{InputProblem, Permission, ToolBehavior, ToolCategory, ToolLimits};

use crate::{Example, Messages, ToolError, ToolExecutionContext};

/// What a tool tells about itself beside the types of its input and output.
#[derive(Clone, Debug)]
pub struct About {
    /// The id in kebab-case: the file's and the type's name.
    pub name: &'static str,
    /// The name as people read it.
    pub title: &'static str,
    /// One or two sentences on what it does.
    pub description: &'static str,
    /// The shelf that it stands on.
    pub category: ToolCategory,
    /// The version of its input and output, as in semantic versioning.
    pub version: &'static str,
    /// What it does to the world outside its job.
    pub permissions: &'static [Permission],
    /// What bounds its jobs unless a start says otherwise.
    pub limits: ToolLimits,
    /// What the engine may do with its jobs.
    pub behavior: ToolBehavior,
}

/// A tool: typed input in, typed output out, with progress and cancellation on the way.
///
/// ```
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
/// use toolroom_toolkit::{
///     About, ExecutableTool, ToolBehavior, ToolCategory, ToolError, ToolExecutionContext,
///     ToolLimits,
/// };
///
/// /// Counts the words of a text.
/// pub struct CountWords;
///
/// #[derive(Deserialize, JsonSchema)]
/// #[serde(deny_unknown_fields)]
/// pub struct Input {
///     /// The text whose words are counted.
///     #[schemars(title = "Text")]
///     text: String,
/// }
///
/// #[derive(Serialize, JsonSchema)]
/// pub struct Output {
///     /// How many words there are.
///     #[schemars(title = "Words")]
///     words: usize,
/// }
///
/// impl ExecutableTool for CountWords {
///     type Input = Input;
///     type Output = Output;
///
///     const ABOUT: About = About {
///         name: "count-words",
///         title: "Count words",
///         description: "Counts the words of a text.",
///         category: ToolCategory::Text,
///         version: "1.0.0",
///         permissions: &[],
///         limits: ToolLimits::NONE,
///         // Counting twice does no harm.
///         behavior: ToolBehavior { starts_again: true, ..ToolBehavior::CAUTIOUS },
///     };
///
///     async fn execute(
///         &self,
///         _ctx: ToolExecutionContext,
///         input: Input,
///     ) -> Result<Output, ToolError> {
///         Ok(Output { words: input.text.split_whitespace().count() })
///     }
/// }
/// ```
pub trait ExecutableTool: Send + Sync + 'static {
    /// What it takes. An object; unknown fields should be refused (`deny_unknown_fields`).
    type Input: DeserializeOwned + JsonSchema + Send + 'static;
    /// What it gives.
    type Output: Serialize + JsonSchema + Send + 'static;

    /// What it tells about itself.
    const ABOUT: About;

    /// Examples of its use, for people and for the tests, which run each with a cancel at every phase.
    #[must_use]
    fn examples() -> Vec<Example> {
        Vec::new()
    }

    /// What a job of it can be sent while it runs; it finds it in
    /// [`ToolExecutionContext::inbox`]. Most take nothing.
    #[must_use]
    fn messages() -> Option<Messages> {
        None
    }

    /// What is wrong with an input that its schema allows. Quick, and without side effects: it
    /// is asked while a person types.
    fn check(&self, input: &Self::Input) -> Vec<InputProblem> {
        let _ = input;
        Vec::new()
    }

    /// Does the work. Must not block: file and CPU work goes through
    /// [`ToolExecutionContext::blocking`].
    fn execute(
        &self,
        ctx: ToolExecutionContext,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, ToolError>> + Send;
}
