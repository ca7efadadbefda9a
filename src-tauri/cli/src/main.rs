//! The binary `toolroom`: every tool from a terminal, with a progress bar or as JSON, and every
//! job of a data folder to look at, to cancel and to run again.
//!
//! Exit codes: 0 succeeded, 1 failed, 2 bad input or unknown tool, 130 canceled.

mod arguments;
mod audit;
mod cancel;
mod examples;
mod field_flags;
mod follow;
mod health;
mod job;
mod job_log;
mod job_words;
mod jobs;
mod permissions;
mod progress_bar;
mod render;
mod retry;
mod run;
mod run_input;
mod secret;
mod secret_flag;
mod session;
mod settings;
mod stop_signal;
#[cfg(test)]
mod test_job;
mod times;
mod whole_output;

use std::process::ExitCode;

use toolroom_shared::{AppError, ErrorCode, ToolDefinition};

use arguments::Wanted;

fn main() -> ExitCode {
    toolroom_app::hide_what_panics_say();
    match real_main() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            render::say(&error.message);
            ExitCode::from(match error.code {
                ErrorCode::InvalidInput
                | ErrorCode::UnknownTool
                | ErrorCode::UnknownPreset
                | ErrorCode::InvalidQuery => 2,
                _ => 1,
            })
        }
    }
}

fn real_main() -> Result<u8, AppError> {
    let registry = toolroom_app::registry()?;
    let tools = registry.definitions();
    // Ends the process by itself for --help, --version and what can't be understood (code 2).
    let matches = arguments::command(&tools).get_matches();
    let request = arguments::request(&matches, &tools)?;
    let data_dir = request.data_dir;
    match request.wanted {
        Wanted::Tools { json } => list_tools(&tools, json).map(|()| 0),
        Wanted::Run(request) => run::run(registry, data_dir, request),
        Wanted::Jobs(request) => jobs::list(data_dir, &request).map(|()| 0),
        Wanted::Job(request) => job::show(data_dir, &request).map(|()| 0),
        Wanted::Audit(request) => audit::audit(data_dir, request),
        Wanted::Permissions(request) => {
            let done = permissions::run(data_dir.clone(), request, &tools);
            session::note_changes(registry, data_dir);
            done.map(|()| 0)
        }
        Wanted::Cancel { job_id } => cancel::cancel(registry, data_dir, &job_id).map(|()| 0),
        Wanted::Health { json } => health::show(registry, data_dir, json).map(|()| 0),
        Wanted::Secret(request) => {
            let done = secret::run(data_dir.clone(), request);
            session::note_changes(registry, data_dir);
            done.map(|()| 0)
        }
        Wanted::Settings(request) => settings::run(registry, data_dir, request).map(|()| 0),
        Wanted::Retry { job_id, json } => retry::retry(registry, data_dir, &job_id, json),
    }
}

fn list_tools(tools: &[ToolDefinition], json: bool) -> Result<(), AppError> {
    let text = if json {
        render::json(&tools)?
    } else {
        render::tool_list(tools)
    };
    render::print(&text);
    Ok(())
}
