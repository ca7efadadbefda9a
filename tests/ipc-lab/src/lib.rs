//! An app that only answers: what the typed IPC is tested and measured against, in a real window.
//!
//! Its commands give back what they are given, send what they are asked for and fail as they are
//! told. What comes of it is looked at by the page beside it, and judged by the tests and the bench
//! that drive the window.

mod arrivals;
mod commands;
mod contract;
mod floods;
#[path = "../../../src-tauri/src/json_text.rs"] // large answers travel as the app's do
mod json_text;

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use tauri::{App, Manager, WebviewUrl, WebviewWindowBuilder};

use arrivals::Arrivals;
use contract::NOT_HANDLED;
pub use contract::{MAIN_WINDOW, NOT_GRANTED, contract};

/// Opens the lab's window and runs until it is closed. `--data-dir` says where the web view keeps
/// its own; `--bare` shows an empty page instead of the lab's, for others to be measured beside.
#[must_use]
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.collect();
    let page = if arguments.iter().any(|argument| argument == "--bare") {
        WebviewUrl::App("bare.html".into())
    } else {
        WebviewUrl::default()
    };
    match try_run(page, data_dir(arguments.into_iter())) {
        Ok(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        Err(error) => {
            eprintln!("toolroom-ipc-lab: {error}");
            ExitCode::FAILURE
        }
    }
}

fn try_run(page: WebviewUrl, data_dir: Option<PathBuf>) -> tauri::Result<i32> {
    let contract = contract();
    let handler = contract.invoke_handler();
    let app = tauri::Builder::default()
        .invoke_handler(move |call| call.message.command() != NOT_HANDLED && handler(call))
        .setup(move |app| {
            contract.mount_events(app);
            app.manage(Arrivals::default());
            open(app, page, data_dir)?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    Ok(app.run_return(|_, _| {}))
}

fn open(app: &App, page: WebviewUrl, data_dir: Option<PathBuf>) -> tauri::Result<()> {
    let mut window = WebviewWindowBuilder::new(app, MAIN_WINDOW, page)
        .title("Toolroom IPC lab")
        .inner_size(800.0, 600.0);
    if let Some(folder) = data_dir {
        window = window.data_directory(folder.join("window"));
    }
    window.build()?;
    Ok(())
}

fn data_dir(mut arguments: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    arguments.find(|argument| argument == "--data-dir")?;
    arguments.next().map(PathBuf::from)
}
