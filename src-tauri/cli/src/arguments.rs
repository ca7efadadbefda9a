//! What can be typed, and what it asks for. Each tool is a sub-command of `run`, its fields flags.

mod audit;

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::Value;
use toolroom_shared::{AppError, ErrorCode, JobId, JobStatus, ToolDefinition};

use crate::{
    examples, field_flags,
    permissions::{self, PermissionsRequest},
    run_input,
    secret::{self, SecretRequest},
    settings::{self, SettingsRequest},
};

pub use audit::AuditRequest;

/// What was asked for, and of which data folder.
pub struct Request {
    /// Where everything is kept, if it was said.
    pub data_dir: Option<PathBuf>,
    /// What was asked for.
    pub wanted: Wanted,
}

/// What was asked for.
pub enum Wanted {
    /// List the tools.
    Tools {
        /// As JSON.
        json: bool,
    },
    /// Run a tool.
    Run(RunRequest),
    /// List the jobs.
    Jobs(JobsRequest),
    /// Show one job.
    Job(JobRequest),
    /// Look at the audit trail.
    Audit(AuditRequest),
    /// Show or change what callers may do.
    Permissions(PermissionsRequest),
    /// End a job.
    Cancel {
        /// Which.
        job_id: JobId,
    },
    /// Say how the engine is.
    Health {
        /// As JSON.
        json: bool,
    },
    /// Keep, list or forget secrets.
    Secret(SecretRequest),
    /// Show or change the settings.
    Settings(SettingsRequest),
    /// Run a job once more.
    Retry {
        /// Which.
        job_id: JobId,
        /// Print the final snapshot as JSON, and nothing else.
        json: bool,
    },
}

/// A run that was asked for.
pub struct RunRequest {
    /// The tool's name.
    pub tool_name: String,
    /// Its input, from `--input` and the field flags together.
    pub input: Value,
    /// Print the final snapshot as JSON, and nothing else.
    pub json: bool,
}

/// A list of jobs that was asked for.
#[derive(Debug, PartialEq)]
pub struct JobsRequest {
    /// Only jobs in one of these; in any if empty.
    pub statuses: Vec<JobStatus>,
    /// Only jobs in which these words occur.
    pub search: Option<String>,
    /// How many at the most.
    pub limit: u32,
    /// As JSON.
    pub json: bool,
}

/// A job that was asked for.
#[derive(Debug, PartialEq)]
pub struct JobRequest {
    /// Which.
    pub job_id: JobId,
    /// What its tool wrote to its log, and nothing else of it.
    pub log: bool,
    /// As JSON.
    pub json: bool,
}

const EXIT_CODES: &str =
    "Exit codes: 0 succeeded, 1 failed, 2 bad input or unknown tool, 130 canceled";

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
                .after_help(EXIT_CODES)
                .subcommand_value_name("TOOL")
                .subcommand_help_heading("Tools")
                .subcommand_required(true)
                .arg_required_else_help(true)
                .subcommands(tools.iter().map(tool_command)),
        )
        .subcommand(jobs_command())
        .subcommand(
            Command::new("job")
                .about("Shows one job: what it was given, what it gave, and what happened to it")
                .arg(job_id())
                .arg(
                    Arg::new("log")
                        .long("log")
                        .action(ArgAction::SetTrue)
                        .help("Print what its tool wrote to its log, and nothing else"),
                )
                .arg(json_flag(
                    "Print the job with its whole output; with --log, an array of lines",
                )),
        )
        .subcommand(audit::command())
        .subcommand(
            Command::new("cancel")
                .about("Cancels a job that waits; what another process runs is canceled there")
                .arg(job_id()),
        )
        .subcommand(permissions::command())
        .subcommand(
            Command::new("retry")
                .about("Runs a job that has ended once more, as a new job, and waits for its end")
                .after_help(EXIT_CODES)
                .arg(job_id())
                .arg(final_job_flag()),
        )
        .subcommand(
            Command::new("health")
                .about(
                    "Says how the engine is: load, memory, disk, services, and what to worry about",
                )
                .arg(json_flag("Print the whole report")),
        )
        .subcommand(secret::command())
        .subcommand(settings::command())
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
        .arg(
            Arg::new("preset")
                .long("preset")
                .value_name("NAME")
                .conflicts_with("input")
                .help("The input that is kept by this name; fields given as flags go over it"),
        )
        .arg(final_job_flag())
        .next_help_heading("Fields")
        .args(field_flags::args(&tool.input_schema))
        .after_help(examples::help(tool).unwrap_or_default())
}

fn jobs_command() -> Command {
    Command::new("jobs")
        .about("Lists the jobs, newest first, also while another process runs them")
        .arg(
            Arg::new("status")
                .long("status")
                .value_name("STATUS")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .value_parser(JobStatus::ALL.map(JobStatus::as_str))
                .help("Only jobs in this status; can be given several times"),
        )
        .arg(Arg::new("search").long("search").value_name("TEXT").help(
            "Only jobs in whose tool, input, message, error or output each of these words occurs",
        ))
        .arg(
            Arg::new("limit")
                .long("limit")
                .value_name("N")
                .value_parser(value_parser!(u32).range(1..))
                .default_value("50")
                .help("How many at the most"),
        )
        .arg(json_flag(
            "Print an array of jobs, without inputs and outputs",
        ))
}

fn job_id() -> Arg {
    Arg::new("id")
        .value_name("ID")
        .required(true)
        .help("The job's id, as `toolroom jobs` lists it")
}

fn final_job_flag() -> Arg {
    json_flag("Print the final job as JSON on standard output, and nothing else there")
}

fn json_flag(help: &'static str) -> Arg {
    Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .help(help)
}

/// What was typed, as a request.
pub fn request(matches: &ArgMatches, tools: &[ToolDefinition]) -> Result<Request, AppError> {
    let mut deepest = matches;
    while let Some((_, matches)) = deepest.subcommand() {
        deepest = matches;
    }
    // Wherever it was typed, it is known down there.
    let data_dir = deepest.get_one::<PathBuf>("data-dir").cloned();
    Ok(Request {
        wanted: wanted(matches, tools, data_dir.as_ref())?,
        data_dir,
    })
}

fn wanted(
    matches: &ArgMatches,
    tools: &[ToolDefinition],
    data_dir: Option<&PathBuf>,
) -> Result<Wanted, AppError> {
    Ok(match matches.subcommand() {
        Some(("tools", matches)) => Wanted::Tools {
            json: matches.get_flag("json"),
        },
        Some(("run", matches)) => Wanted::Run(run_request(matches, tools, data_dir)?),
        Some(("jobs", matches)) => Wanted::Jobs(jobs_request(matches)),
        Some(("job", matches)) => Wanted::Job(JobRequest {
            job_id: given_id(matches)?,
            log: matches.get_flag("log"),
            json: matches.get_flag("json"),
        }),
        Some(("health", matches)) => Wanted::Health {
            json: matches.get_flag("json"),
        },
        Some(("audit", matches)) => Wanted::Audit(
            audit::request(matches).ok_or_else(|| not_said("Say show, verify or export."))?,
        ),
        Some(("permissions", matches)) => Wanted::Permissions(permissions::request(matches)?),
        Some(("cancel", matches)) => Wanted::Cancel {
            job_id: given_id(matches)?,
        },
        Some(("secret", matches)) => Wanted::Secret(secret::request(matches)?),
        Some(("settings", matches)) => Wanted::Settings(settings::request(matches)?),
        Some(("retry", matches)) => Wanted::Retry {
            job_id: given_id(matches)?,
            json: matches.get_flag("json"),
        },
        // The parser requires one of them.
        _ => {
            return Err(not_said(
                "Say what to do: tools, run, jobs, job, cancel, retry, health, audit, secret, settings or permissions.",
            ));
        }
    })
}

fn run_request(
    matches: &ArgMatches,
    tools: &[ToolDefinition],
    data_dir: Option<&PathBuf>,
) -> Result<RunRequest, AppError> {
    let Some((tool, matches)) = matches
        .subcommand()
        .and_then(|(name, matches)| Some((tools.iter().find(|tool| tool.name == name)?, matches)))
    else {
        return Err(not_said("Say which tool to run."));
    };
    let fields = field_flags::values(matches, &tool.input_schema)?;
    let input = match matches.get_one::<String>("preset") {
        Some(name) => {
            let presets = toolroom_app::presets(data_dir.cloned(), tools)?;
            let preset = presets.get(&tool.name, name)?;
            run_input::over(preset.input, fields, &tool.input_schema)?
        }
        None => {
            let given = matches.get_one::<String>("input").map(String::as_str);
            run_input::read(given, fields, &tool.input_schema)?
        }
    };
    Ok(RunRequest {
        tool_name: tool.name.clone(),
        input,
        json: matches.get_flag("json"),
    })
}

fn jobs_request(matches: &ArgMatches) -> JobsRequest {
    let named: Vec<_> = matches
        .get_many::<String>("status")
        .into_iter()
        .flatten()
        .collect();
    JobsRequest {
        statuses: JobStatus::ALL
            .into_iter()
            .filter(|status| named.iter().any(|name| *name == status.as_str()))
            .collect(),
        search: matches.get_one::<String>("search").cloned(),
        limit: matches.get_one::<u32>("limit").copied().unwrap_or(1),
        json: matches.get_flag("json"),
    }
}

fn given_id(matches: &ArgMatches) -> Result<JobId, AppError> {
    let id = matches.get_one::<String>("id");
    // The parser requires one.
    id.map(|id| JobId(id.clone()))
        .ok_or_else(|| not_said("Say which job."))
}

fn not_said(message: &str) -> AppError {
    AppError::new(ErrorCode::InvalidInput, message)
}

#[cfg(test)]
mod tests;
