//! The window: a thin shell around the engine.
//!
//! Builds the app, opens the data folder, shows the page and forwards the engine's events to it.
//! `commands` are adapters onto `JobApi`; `contract` lists them for the typed clients. What a
//! command means is the engine's business, how it looks the page's.

mod beat;
mod commands;
mod contract;
mod crash;
mod events;
mod frontend;
mod health;
mod json_text;
mod page_fault;
mod signals;
mod state;
#[cfg(test)]
mod test_engine;
mod watching;
mod window;

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use tauri::{Manager, RunEvent, WindowEvent};
use toolroom_app::{EngineRole, Toolroom};

pub use contract::{MAIN_WINDOW, contract};
use frontend::Frontend;
use state::AppState;

/// Opens the app and runs it until its window is closed.
#[must_use]
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    match try_run(data_dir(arguments)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("toolroom: {error}");
            ExitCode::FAILURE
        }
    }
}

fn try_run(data_dir: Option<PathBuf>) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    // Commands and the engine share one runtime.
    tauri::async_runtime::set(runtime.handle().clone());
    let toolroom = {
        let _in_runtime = runtime.enter();
        // Before there is a window, so that a folder that can't be used is said and not shown.
        Toolroom::open(toolroom_app::registry()?, data_dir, EngineRole::Window)?
    };
    if let Some(notice) = toolroom.notice() {
        eprintln!("toolroom: {notice}");
    }
    let contract = contract();
    let app = tauri::Builder::default()
        .invoke_handler(contract.invoke_handler())
        .setup(move |app| {
            contract.mount_events(app);
            let api = toolroom.api();
            // Before there is a window: what happens from now on is told to its page.
            let frontend = tauri::async_runtime::block_on(Frontend::new(&*api))?;
            let data_dir = toolroom.data_dir().to_owned();
            // Stopped before the engine's own, the last first.
            let services = toolroom.services();
            services.add(health::service(app.handle().clone(), toolroom.health()));
            services.add(signals::service(app.handle().clone()));
            app.manage(AppState::new(toolroom, frontend));
            window::open(app, &data_dir)?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    let code = app.run_return(|app, event| {
        let Some(state) = app.try_state::<AppState>() else {
            return;
        };
        match event {
            RunEvent::WindowEvent {
                label,
                event: WindowEvent::Destroyed,
                ..
            } => state.frontend().end_watches_of(&label),
            RunEvent::Exit => tauri::async_runtime::block_on(state.shut_down()),
            _ => {}
        }
    });
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// The value of `--data-dir`, in either spelling.
fn data_dir(mut arguments: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    while let Some(argument) = arguments.next() {
        if argument == "--data-dir" {
            return arguments.next().map(PathBuf::from);
        }
        if let Some(folder) = argument
            .to_str()
            .and_then(|text| text.strip_prefix("--data-dir="))
        {
            return Some(folder.into());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_folder_is_read_in_either_spelling() {
        let read = |line: &[&str]| data_dir(line.iter().map(OsString::from));
        assert_eq!(read(&["--data-dir", "a"]), Some("a".into()));
        assert_eq!(read(&["x", "--data-dir=a b"]), Some("a b".into()));
        assert_eq!(read(&["x"]), None);
    }
}
