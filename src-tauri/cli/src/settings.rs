//! `toolroom settings`: shows and changes what can be set, also while another process runs the engine, which
//! notices within a second.
//!
//! What there is to set, and what fits, is said by the settings' schema: no setting is named here.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Map, Value, json};
use toolroom_engine::{LocalSettings, Registry};
use toolroom_shared::{AppError, Caller, ErrorCode, InputProblem, SettingsState};

use crate::{render, session::with_toolroom};

/// What was asked of the settings.
#[derive(Debug, PartialEq)]
pub enum SettingsRequest {
    /// Show them.
    Show {
        /// As JSON.
        json: bool,
    },
    /// Change one, or put one or a section back to its default.
    Change {
        /// `SECTION.FIELD`, or a section alone.
        what: String,
        /// As it was typed; none puts it back.
        value: Option<String>,
    },
}

/// What can be typed.
pub fn command() -> Command {
    let field = |help: &'static str| {
        Arg::new("field")
            .value_name("SECTION.FIELD")
            .required(true)
            .help(help)
    };
    Command::new("settings")
        .about("Shows and changes what can be set: limits, what is kept, how the window looks")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("show").about("Shows what is set").arg(
                Arg::new("json")
                    .long("json")
                    .action(ArgAction::SetTrue)
                    .help("Print the settings as JSON"),
            ),
        )
        .subcommand(
            Command::new("set")
                .about("Sets one of them; it holds at once, also in a window that is open")
                .arg(field("Which, as `toolroom settings show` lists it"))
                .arg(
                    Arg::new("value")
                        .value_name("VALUE")
                        .required(true)
                        .allow_hyphen_values(true)
                        .help("Its value; `null` where it may be empty"),
                ),
        )
        .subcommand(
            Command::new("reset")
                .about("Puts a setting, or a whole section, back to its default")
                .arg(field("Which; a SECTION alone is all of it")),
        )
}

/// What was typed, as a request.
pub fn request(matches: &ArgMatches) -> Result<SettingsRequest, AppError> {
    let text = |matches: &ArgMatches, name: &str| matches.get_one::<String>(name).cloned();
    Ok(match matches.subcommand() {
        Some(("show", matches)) => SettingsRequest::Show {
            json: matches.get_flag("json"),
        },
        Some((_, matches)) => SettingsRequest::Change {
            what: text(matches, "field").unwrap_or_default(),
            value: matches
                .try_get_one::<String>("value")
                .ok()
                .flatten()
                .cloned(),
        },
        // The parser requires one of them.
        None => {
            let message = "Say what to do: show, set or reset.";
            return Err(AppError::new(ErrorCode::InvalidInput, message));
        }
    })
}

/// Does what was asked for.
///
/// # Errors
/// `invalid_input`, for what can't be set so; `storage`.
pub fn run(
    registry: Registry,
    data_dir: Option<PathBuf>,
    request: SettingsRequest,
) -> Result<(), AppError> {
    let settings = toolroom_app::settings_elsewhere(data_dir.clone())?;
    let text = match request {
        SettingsRequest::Show { json } => {
            let state = settings.now();
            for problem in &state.problems {
                render::say(&problem.sentence());
            }
            let whole = whole(&state)?;
            match json {
                true => render::json(&whole)?,
                false => lines(&whole),
            }
        }
        SettingsRequest::Change { what, value } => {
            let change = change(&what, value.as_deref())?;
            let state = made(&settings, registry, data_dir, &change)?;
            lines(&part(&whole(&state)?, &change))
        }
    };
    render::print(&text);
    Ok(())
}

/// Makes a change through an engine, which notes it in the trail; where another process runs the engine,
/// in the file, and that one notes it.
fn made(
    settings: &LocalSettings,
    registry: Registry,
    data_dir: Option<PathBuf>,
    change: &Value,
) -> Result<SettingsState, AppError> {
    let through_engine = with_toolroom(registry, data_dir, async |toolroom| {
        let settings = toolroom.settings();
        settings
            .change_settings(Caller::Terminal, change.clone())
            .await
    });
    match through_engine {
        Err(error) if error.code == ErrorCode::EngineBusy => {
            let state = settings
                .change_file(change)
                .map_err(in_terms_of_the_terminal)?;
            Ok(SettingsState::clone(&state))
        }
        other => other.map_err(in_terms_of_the_terminal),
    }
}

fn change(what: &str, value: Option<&str>) -> Result<Value, AppError> {
    // What isn't JSON is a word, such as `dark`.
    let value = value.map_or(Value::Null, |text| {
        serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
    });
    match what.split_once('.') {
        Some((section, field)) => Ok(json!({ section: { field: value } })),
        None if value.is_null() => Ok(json!({ what: null })),
        None => {
            let message = format!(
                "{what} is no setting but a section at the most. Say which of it, as in limits.queue_depth. Nothing was changed."
            );
            Err(AppError::new(ErrorCode::InvalidInput, message))
        }
    }
}

/// Pointers as they are typed here.
fn in_terms_of_the_terminal(mut error: AppError) -> AppError {
    let problems = error.input_problems();
    if !problems.is_empty() {
        let said = |problem: &InputProblem| {
            let what = problem.pointer.trim_start_matches('/').replace('/', ".");
            format!("{what}: {}", problem.message)
        };
        let said: Vec<_> = problems.iter().map(said).collect();
        error.message = format!("Nothing was changed. {}", said.join(" "));
    }
    error
}

fn whole(state: &SettingsState) -> Result<Value, AppError> {
    serde_json::to_value(&state.settings)
        .map_err(|error| AppError::new(ErrorCode::Internal, error.to_string()))
}

/// What a change was about.
fn part(whole: &Value, change: &Value) -> Value {
    let mut part = Map::new();
    for (section, fields) in change.as_object().into_iter().flatten() {
        let mut now = whole[section.as_str()].clone();
        if let (Some(now), Some(fields)) = (now.as_object_mut(), fields.as_object()) {
            now.retain(|name, _| fields.contains_key(name));
        }
        part.insert(section.clone(), now);
    }
    Value::Object(part)
}

fn lines(whole: &Value) -> String {
    let mut lines = Vec::new();
    for (section, fields) in whole.as_object().into_iter().flatten() {
        for (name, value) in fields.as_object().into_iter().flatten() {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Null => "not set".to_owned(),
                other => other.to_string(),
            };
            lines.push(format!("{section}.{name}: {value}"));
        }
    }
    lines.join("\n")
}
