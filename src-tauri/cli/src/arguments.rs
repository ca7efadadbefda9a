//! What can be typed, and what it asks for. Each tool is a sub-command of `run`, its fields flags.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::{Map, Value};
use toolroom_shared::{AppError, ErrorCode, ToolDefinition};

use crate::field_flags;

/// What was asked for.
pub enum Request {
    /// List the tools.
    Tools {
        /// As JSON.
        json: bool,
    },
    /// Run a tool.
    Run(RunRequest),
}

/// A run that was asked for.
pub struct RunRequest {
    /// The tool's name.
    pub tool_name: String,
    /// Its input, from `--input` and the field flags together.
    pub input: Value,
    /// Print the final snapshot as JSON, and nothing else.
    pub json: bool,
    /// Where everything is kept, if it was said.
    pub data_dir: Option<PathBuf>,
}

/// Everything that can be typed.
pub fn command(tools: &[ToolDefinition]) -> Command {
    Command::new("toolroom")
        .version(env!("CARGO_PKG_VERSION"))
        .about(
            "Runs tools as jobs: with progress, a cancel that works, and results as text or JSON.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(
            Arg::new("data-dir")
                .long("data-dir")
                .value_name("DIR")
                .global(true)
                .value_parser(value_parser!(PathBuf))
                .help(format!(
                    "Where everything is kept [default: {} or the user's data folder]",
                    toolroom_app::DATA_DIR_VARIABLE
                )),
        )
        .subcommand(
            Command::new("tools")
                .about("Lists the tools")
                .arg(json_flag("Print an array of tool definitions")),
        )
        .subcommand(
            Command::new("run")
                .about("Runs a tool and waits for its end; Ctrl-C cancels it")
                .after_help(
                    "Exit codes: 0 succeeded, 1 failed, 2 bad input or unknown tool, 130 canceled",
                )
                .subcommand_value_name("TOOL")
                .subcommand_help_heading("Tools")
                .subcommand_required(true)
                .arg_required_else_help(true)
                .subcommands(tools.iter().map(tool_command)),
        )
}

fn tool_command(tool: &ToolDefinition) -> Command {
    Command::new(tool.name.clone())
        .about(tool.description.clone())
        .arg(
            Arg::new("input")
                .long("input")
                .value_name("JSON")
                .allow_hyphen_values(true)
                .help("The whole input as JSON, @FILE, or - for standard input; fields given as flags go over it"),
        )
        .arg(json_flag(
            "Print the final job as JSON on standard output, and nothing else there",
        ))
        .next_help_heading("Fields")
        .args(field_flags::args(&tool.input_schema))
}

fn json_flag(help: &'static str) -> Arg {
    Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .help(help)
}

/// What was typed, as a request.
pub fn request(matches: &ArgMatches, tools: &[ToolDefinition]) -> Result<Request, AppError> {
    match matches.subcommand() {
        Some(("tools", matches)) => Ok(Request::Tools {
            json: matches.get_flag("json"),
        }),
        Some(("run", matches)) => run_request(matches, tools),
        // The parser requires one of the two.
        _ => Err(bad_input("Say what to do: tools or run.")),
    }
}

fn run_request(matches: &ArgMatches, tools: &[ToolDefinition]) -> Result<Request, AppError> {
    let Some((tool, matches)) = matches
        .subcommand()
        .and_then(|(name, matches)| Some((tools.iter().find(|tool| tool.name == name)?, matches)))
    else {
        return Err(bad_input("Say which tool to run."));
    };
    let mut input = match matches.get_one::<String>("input") {
        Some(text) => given_input(text)?,
        None => Value::Object(Map::new()),
    };
    let fields = field_flags::values(matches, &tool.input_schema);
    if !fields.is_empty() {
        let Some(object) = input.as_object_mut() else {
            return Err(bad_input(
                "The input is not an object, so fields can't be set in it.",
            ));
        };
        object.extend(fields);
    }
    Ok(Request::Run(RunRequest {
        tool_name: tool.name.clone(),
        input,
        json: matches.get_flag("json"),
        data_dir: matches.get_one::<PathBuf>("data-dir").cloned(),
    }))
}

fn given_input(text: &str) -> Result<Value, AppError> {
    let read = |result: std::io::Result<String>, from: &str| {
        result.map_err(|error| {
            bad_input(&format!(
                "The input could not be read from {from}: {error}."
            ))
        })
    };
    let text = match text {
        "-" => read(std::io::read_to_string(std::io::stdin()), "standard input")?,
        text => match text.strip_prefix('@') {
            Some(file) => read(std::fs::read_to_string(file), file)?,
            None => text.to_owned(),
        },
    };
    serde_json::from_str(&text)
        .map_err(|error| bad_input(&format!("The input is not valid JSON: {error}.")))
}

fn bad_input(message: &str) -> AppError {
    AppError::new(ErrorCode::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tools() -> Vec<ToolDefinition> {
        toolroom_app::registry().unwrap().definitions()
    }

    fn parse(line: &[&str]) -> Result<RunRequest, AppError> {
        let tools = tools();
        let words = ["toolroom", "run", tools[0].name.as_str()];
        let matches = command(&tools)
            .try_get_matches_from(words.iter().chain(line))
            .unwrap();
        match request(&matches, &tools)? {
            Request::Run(run) => Ok(run),
            Request::Tools { .. } => panic!("a run was asked for"),
        }
    }

    #[test]
    fn the_command_is_well_formed_for_every_tool() {
        command(&tools()).debug_assert();
    }

    #[test]
    fn fields_go_over_the_input_they_are_given_with() {
        let run = parse(&[
            "--input",
            r#"{"paths":["a"],"overwrite":true}"#,
            "--paths",
            "b",
            "c",
        ]);
        assert_eq!(
            run.unwrap().input,
            json!({ "paths": ["b", "c"], "overwrite": true })
        );
    }

    #[test]
    fn input_that_is_no_json_is_bad_input() {
        let refused = parse(&["--input", "{"]).err().unwrap();
        assert_eq!(refused.code, ErrorCode::InvalidInput);
    }

    #[test]
    fn the_data_folder_can_be_said_before_or_after_the_tool() {
        let run = parse(&["--data-dir", "d"]).unwrap();
        assert_eq!(run.data_dir, Some("d".into()));
    }
}
