//! Which tools there are: name to tool, decoding and checking at the edge.

use std::sync::{Arc, OnceLock};

use serde_json::Value;
use toolroom_shared::{AppError, ErrorCode, InputProblem, ToolDefinition};
use toolroom_toolkit::{DynTool, InputChecker, PreparedJob, SchemaError, secret_gone};

use crate::secrets::{GivenSecrets, gone_problems, unsaid};

/// Names that no field of a tool may have: they are flags of the terminal's own.
pub const RESERVED_FIELDS: [&str; 8] = [
    "input", "preset", "json", "data-dir", "help", "version", "quiet", "verbose",
];

/// A tool can't be taken in: a fault in the tool, found when the app starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryError {
    /// The tool.
    pub tool: String,
    /// What is wrong with it.
    pub reason: String,
}

impl std::fmt::Display for RegistryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "The tool {} can't be used: {}", self.tool, self.reason)
    }
}

impl std::error::Error for RegistryError {}

struct Registered {
    name: Arc<str>,
    definition: ToolDefinition,
    has_secrets: bool,
    input_checker: LateChecker,
    message_checker: LateChecker,
    tool: Arc<dyn DynTool>,
}

/// There is no such tool; `known` are those that may be told of.
pub(crate) fn unknown_tool(tool_name: &str, known: &[&str]) -> AppError {
    AppError::new(
        ErrorCode::UnknownTool,
        format!(
            "There is no tool named {tool_name}. There are: {}.",
            known.join(", ")
        ),
    )
}

/// Checks by a schema that is read at its first use: a command needs that of one tool, and to read
/// those of all takes time and memory at its start.
#[derive(Default)]
struct LateChecker(OnceLock<Result<InputChecker, SchemaError>>);

impl LateChecker {
    fn problems(&self, schema: &Value, value: &Value) -> Vec<InputProblem> {
        match self.0.get_or_init(|| InputChecker::new(schema)) {
            Ok(checker) => checker.problems(value),
            Err(error) => vec![InputProblem::new(
                "",
                format!(
                    "The tool's own schema is not usable, so nothing can be checked: {error}. Please report it."
                ),
            )],
        }
    }
}

/// The tools, in the order of their names.
#[derive(Default)]
pub struct Registry {
    tools: Vec<Registered>,
}

impl Registry {
    /// Takes in a tool.
    ///
    /// # Errors
    /// When the name is taken or not kebab-case, when the input is not an object, or when a field has
    /// the name of one of the terminal's flags. In a development build, when a schema can't be used,
    /// too; the test kit looks at those of every tool.
    pub fn add(&mut self, tool: Box<dyn DynTool>) -> Result<(), RegistryError> {
        let definition = tool.definition();
        let refuse = |reason: String| RegistryError {
            tool: definition.name.clone(),
            reason,
        };
        if !is_kebab_case(&definition.name) {
            return Err(refuse("its name is not in kebab-case.".to_owned()));
        }
        let Err(position) = self.position(&definition.name) else {
            return Err(refuse("another tool has the same name.".to_owned()));
        };
        check_fields(&definition.input_schema).map_err(refuse)?;
        if cfg!(debug_assertions) {
            let schemas = [&definition.input_schema, &definition.output_schema];
            for schema in schemas.into_iter().chain(&definition.message_schema) {
                InputChecker::new(schema)
                    .map_err(|error| refuse(format!("a schema of it is not usable: {error}.")))?;
            }
        }
        let registered = Registered {
            name: definition.name.as_str().into(),
            has_secrets: toolroom_shared::has_secrets(&definition.input_schema),
            definition,
            input_checker: LateChecker::default(),
            message_checker: LateChecker::default(),
            tool: Arc::from(tool),
        };
        self.tools.insert(position, registered);
        Ok(())
    }

    /// Every tool, in the order of their names.
    #[must_use]
    pub fn definitions(&self) -> Vec<ToolDefinition> {
        self.tools
            .iter()
            .map(|registered| registered.definition.clone())
            .collect()
    }

    /// The number of a tool, by which it is found at once. Numbers hold once all tools are in.
    ///
    /// # Errors
    /// `unknown_tool`.
    pub(crate) fn index(&self, tool_name: &str) -> Result<usize, AppError> {
        self.position(tool_name).map_err(|_| {
            let known: Vec<_> = self.tools.iter().map(|tool| &*tool.name).collect();
            unknown_tool(tool_name, &known)
        })
    }

    /// The number of a job's tool, which an earlier version may have had.
    ///
    /// # Errors
    /// `unknown_tool`, without a word on other tools: not everyone who has jobs may use all.
    pub(crate) fn of_job(&self, tool_name: &str) -> Result<usize, AppError> {
        self.position(tool_name).map_err(|_| {
            let message = format!("There is no tool named {tool_name} any more.");
            AppError::new(ErrorCode::UnknownTool, message)
        })
    }

    /// The definition of a tool.
    pub(crate) fn at(&self, index: usize) -> &ToolDefinition {
        &self.tools[index].definition
    }

    /// The name of a tool, to be shared by its jobs.
    pub(crate) fn name(&self, index: usize) -> &Arc<str> {
        &self.tools[index].name
    }

    /// How many jobs of each tool may run at once, in the order of their numbers.
    pub(crate) fn concurrency(&self) -> impl Iterator<Item = Option<u32>> {
        self.tools
            .iter()
            .map(|tool| tool.definition.limits.concurrency)
    }

    /// What is wrong with an input; nothing if it would be accepted.
    ///
    /// # Errors
    /// `unknown_tool`.
    pub fn check(&self, tool_name: &str, input: &Value) -> Result<Vec<InputProblem>, AppError> {
        let registered = self.find(tool_name)?;
        let gone = registered.gone(input);
        if !gone.is_empty() {
            return Ok(gone);
        }
        Ok(registered.prepare(input).err().unwrap_or_default())
    }

    /// Decodes an input into work that is ready to run.
    ///
    /// # Errors
    /// `unknown_tool`, `invalid_input`, `secret_gone`.
    pub fn prepare(&self, tool_name: &str, input: &Value) -> Result<PreparedJob, AppError> {
        self.prepare_at(self.index(tool_name)?, input)
    }

    /// The same for a tool by its number.
    pub(crate) fn prepare_at(&self, index: usize, input: &Value) -> Result<PreparedJob, AppError> {
        let gone = self.tools[index].gone(input);
        if !gone.is_empty() {
            let details = serde_json::json!({ "problems": gone });
            return Err(AppError {
                details,
                ..secret_gone()
            });
        }
        self.tools[index]
            .prepare(input)
            .map_err(|problems| AppError::invalid_input(&problems))
    }

    /// What is kept of an input, and what its job has beside that while it is in memory.
    pub(crate) fn keep(&self, index: usize, input: Value) -> (Value, GivenSecrets) {
        let tool = &self.tools[index];
        if tool.has_secrets {
            GivenSecrets::of(input, &tool.definition.input_schema)
        } else {
            (input, GivenSecrets::default())
        }
    }

    /// What a job that was left by an engine before has in memory; an error if a secret is gone.
    pub(crate) fn kept(&self, index: usize, input: &Value) -> Result<GivenSecrets, AppError> {
        let tool = &self.tools[index];
        match (tool.has_secrets, tool.gone(input).is_empty()) {
            (false, _) => Ok(GivenSecrets::default()),
            (true, true) => Ok(GivenSecrets::watched()),
            (true, false) => Err(secret_gone()),
        }
    }

    /// What is wrong with a message to a job of the tool; none if the tool takes no messages.
    pub(crate) fn check_message(&self, index: usize, message: &Value) -> Option<Vec<InputProblem>> {
        let registered = &self.tools[index];
        let schema = registered.definition.message_schema.as_ref()?;
        Some(registered.message_checker.problems(schema, message))
    }

    fn find(&self, tool_name: &str) -> Result<&Registered, AppError> {
        Ok(&self.tools[self.index(tool_name)?])
    }

    fn position(&self, tool_name: &str) -> Result<usize, usize> {
        self.tools
            .binary_search_by(|tool| (*tool.name).cmp(tool_name))
    }
}

impl Registered {
    fn prepare(&self, input: &Value) -> Result<PreparedJob, Vec<InputProblem>> {
        let schema = &self.definition.input_schema;
        let problems = self.input_checker.problems(schema, input);
        let prepared = if problems.is_empty() {
            self.tool.clone().prepare(input)
        } else {
            Err(problems)
        };
        match prepared {
            Err(problems) if self.has_secrets => Err(unsaid(problems, input, schema)),
            prepared => prepared,
        }
    }

    /// A problem for each secret that isn't there any more.
    fn gone(&self, input: &Value) -> Vec<InputProblem> {
        if self.has_secrets {
            gone_problems(input, &self.definition.input_schema)
        } else {
            Vec::new()
        }
    }
}

fn is_kebab_case(name: &str) -> bool {
    !name.is_empty()
        && name.split('-').all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

fn check_fields(input_schema: &Value) -> Result<(), String> {
    if input_schema.get("type").and_then(Value::as_str) != Some("object") {
        return Err("its input is not an object with fields.".to_owned());
    }
    let fields = input_schema.get("properties").and_then(Value::as_object);
    for field in fields.into_iter().flat_map(|fields| fields.keys()) {
        let flag = field.replace('_', "-");
        if RESERVED_FIELDS.contains(&flag.as_str()) {
            return Err(format!(
                "its field {field} has the name of the terminal's flag --{flag}."
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};
    use serde_json::json;
    use toolroom_toolkit::{
        About, ExecutableTool, ToolBehavior, ToolCategory, ToolError, ToolExecutionContext,
        ToolLimits,
    };

    #[derive(Serialize, JsonSchema)]
    struct Nothing {}

    macro_rules! tool {
        ($tool:ident, $name:literal, $input:ident { $($field:ident: $ty:ty),* }) => {
            struct $tool;
            #[derive(Deserialize, JsonSchema)]
            #[serde(deny_unknown_fields)]
            #[allow(dead_code)]
            struct $input { $($field: $ty),* }
            impl ExecutableTool for $tool {
                type Input = $input;
                type Output = Nothing;
                const ABOUT: About = About {
                    name: $name,
                    title: $name,
                    description: "",
                    category: ToolCategory::Files,
                    version: "1.0.0",
                    permissions: &[],
                    limits: ToolLimits::NONE,
                    behavior: ToolBehavior::CAUTIOUS,
                };
                async fn execute(&self, _: ToolExecutionContext, _: $input) -> Result<Nothing, ToolError> {
                    Ok(Nothing {})
                }
            }
        };
    }

    tool!(Plain, "plain", PlainInput { size: u8 });
    tool!(Shadow, "shadow", ShadowInput { data_dir: String });
    tool!(Shouting, "Shouting", ShoutingInput { size: u8 });

    fn registry() -> Registry {
        let mut registry = Registry::default();
        registry.add(Box::new(Plain)).unwrap();
        registry
    }

    #[test]
    fn a_name_is_taken_once() {
        let refused = registry().add(Box::new(Plain)).unwrap_err();
        assert_eq!(refused.reason, "another tool has the same name.");
    }

    #[test]
    fn a_name_that_is_not_kebab_case_is_refused() {
        assert!(registry().add(Box::new(Shouting)).is_err());
    }

    #[test]
    fn a_field_that_would_shadow_a_flag_is_refused() {
        let refused = registry().add(Box::new(Shadow)).unwrap_err();
        assert!(refused.reason.contains("--data-dir"), "{refused}");
    }

    #[test]
    fn an_unknown_tool_is_answered_with_those_there_are() {
        let error = registry().check("plane", &json!({})).unwrap_err();
        assert_eq!(error.code, ErrorCode::UnknownTool);
        assert!(error.message.contains("plain"));
    }

    #[test]
    fn a_wrong_field_is_refused_with_its_pointer_before_anything_runs() {
        let Err(error) = registry().prepare("plain", &json!({"size": 300})) else {
            panic!("300 is no u8");
        };
        assert_eq!(error.code, ErrorCode::InvalidInput);
        assert_eq!(error.input_problems()[0].pointer, "/size");
    }
}
