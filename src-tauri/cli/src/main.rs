//! The binary `toolroom`: every tool from a terminal, with a progress bar or as JSON.
//!
//! Exit codes: 0 succeeded, 1 failed, 2 bad input or unknown tool, 130 canceled.

mod arguments;
mod field_flags;
mod progress_bar;
mod render;
mod run;

use std::{io::Write, process::ExitCode};

use toolroom_shared::{AppError, ErrorCode, ToolDefinition};

fn main() -> ExitCode {
    match real_main() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // With standard error gone there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "toolroom: {}", error.message);
            ExitCode::from(match error.code {
                ErrorCode::InvalidInput | ErrorCode::UnknownTool | ErrorCode::InvalidQuery => 2,
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
    match arguments::request(&matches, &tools)? {
        arguments::Request::Tools { json } => list_tools(&tools, json).map(|()| 0),
        arguments::Request::Run(request) => run::run(registry, request),
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
