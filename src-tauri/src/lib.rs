//! The window: a thin shell around the engine.
//!
//! Builds the app, opens the data folder, shows the page and forwards the engine's events to it.
//! `commands` are adapters onto `JobApi`; `contract` lists them for the typed clients. What a
//! command means is the engine's business, how it looks the page's.

mod about;
mod arguments;
mod beat;
mod bell;
mod closing;
mod commands;
mod contract;
mod crash;
#[cfg(debug_assertions)]
mod debug_door;
mod drops;
mod endings;
mod events;
mod frontend;
mod hand_over;
mod health;
mod json_text;
mod keeping_place;
mod native;
mod open_requests;
mod page_fault;
mod permissions;
mod placement;
mod settings;
mod sight;
mod signals;
mod state;
#[cfg(test)]
mod test_engine;
mod watching;
mod window;

use std::{env, ffi::OsString, path::PathBuf, process::ExitCode, sync::Arc};

use tauri::{AppHandle, Manager, RunEvent, WindowEvent, Wry};
use toolroom_app::{EngineRole, Holder, Toolroom};
use toolroom_shared::{AppError, ErrorCode, OpenRequest};

use arguments::Arguments;
pub use contract::{MAIN_WINDOW, contract};
use frontend::Frontend;
use hand_over::Message;
use keeping_place::KeptPlace;
use state::AppState;

/// Opens the app and runs it until it is closed. If its window is there already, that one comes up and
/// this one ends.
#[must_use]
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::read(arguments) {
        Ok(arguments) => arguments,
        Err(answer) => {
            // Where nobody reads it, nobody has asked.
            let _ = answer.print();
            return ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(2));
        }
    };
    let folder = env::current_dir().unwrap_or_default();
    let request = arguments.request(&folder);
    match try_run(arguments.data_dir, request) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("toolroom: {error}");
            native::say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn try_run(
    data_dir: Option<PathBuf>,
    request: Option<OpenRequest>,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    // Commands and the engine share one runtime.
    tauri::async_runtime::set(runtime.handle().clone());
    let opened = {
        let _in_runtime = runtime.enter();
        // Before there is a window, so that a folder that can't be used is said and not shown.
        Toolroom::open(
            toolroom_app::registry()?,
            data_dir.clone(),
            EngineRole::Window,
        )
    };
    let toolroom = match opened {
        Ok(toolroom) => toolroom,
        Err(error) => return elsewhere(error, data_dir, request).map_err(Into::into),
    };
    if let Some(notice) = toolroom.notice() {
        eprintln!("toolroom: {notice}");
    }
    let kept = Arc::new(KeptPlace::in_folder(toolroom.data_dir().to_owned()));
    let contract = contract();
    let at_first = kept.clone();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(contract.invoke_handler())
        .setup(move |app| {
            contract.mount_events(app);
            let api = toolroom.api();
            // Before there is a window: what happens from now on is told to its page.
            let frontend = tauri::async_runtime::block_on(Frontend::new(&*api))?;
            let data_dir = toolroom.data_dir().to_owned();
            let settings = toolroom.settings_now().settings.clone();
            let handle = app.handle().clone();
            let state = AppState::new(toolroom, frontend, native::services(&handle));
            if let Some(request) = request {
                state.open_requests().add(request);
            }
            add_services(&state, &handle, &at_first, &data_dir);
            app.manage(state);
            window::open(app, &data_dir, &at_first.get(), &settings)?;
            Ok(())
        })
        .build(context())?;
    let code = app.run_return(move |app, event| {
        if let Some(state) = app.try_state::<AppState>() {
            handle(app, &state, &kept, &event);
        }
    });
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// What is compiled in: the page, and what it may do.
fn context() -> tauri::Context<Wry> {
    tauri::generate_context!()
}

/// The window's own services: stopped before the engine's, the last first.
fn add_services(
    state: &AppState,
    app: &AppHandle<Wry>,
    kept: &Arc<KeptPlace>,
    #[cfg_attr(not(any(unix, debug_assertions)), allow(unused))] data_dir: &std::path::Path,
) {
    let services = state.services();
    services.add(health::service(app.clone(), state.health()));
    services.add(settings::service(app.clone(), state.settings()));
    services.add(permissions::service(app.clone(), state.permissions()));
    #[cfg(debug_assertions)]
    services.add(debug_door::service(data_dir.to_owned(), state.shared_api()));
    services.add(keeping_place::service(kept.clone()));
    services.add(endings::service(
        app.clone(),
        state.shared_api(),
        state.native().clone(),
        state.sight().clone(),
    ));
    #[cfg(unix)]
    services.add(hand_over::service(app.clone(), data_dir));
    services.add(signals::service(app.clone()));
}

fn handle(app: &AppHandle<Wry>, state: &AppState, kept: &KeptPlace, event: &RunEvent) {
    let note = || {
        if let Some(window) = app.get_webview_window(MAIN_WINDOW) {
            kept.note(&window);
        }
    };
    match event {
        RunEvent::WindowEvent { label, event, .. } => match event {
            WindowEvent::Destroyed => state.frontend().end_watches_of(label),
            WindowEvent::Moved(_) | WindowEvent::Resized(_) => note(),
            WindowEvent::Focused(is_in_front) => {
                state.sight().set_in_front(*is_in_front);
                note();
            }
            WindowEvent::CloseRequested { api, .. } => {
                note();
                let asks = state.general_settings().ask_before_closing;
                if asks && !state.closing().may_close(app) {
                    api.prevent_close();
                }
            }
            WindowEvent::DragDrop(event) => {
                if let Some(window) = app.get_webview_window(label) {
                    drops::tell(&window, event);
                }
            }
            _ => {}
        },
        RunEvent::ExitRequested { .. } => note(),
        RunEvent::Exit => {
            kept.write();
            tauri::async_runtime::block_on(state.shut_down());
        }
        _ => {}
    }
}

/// The folder can't be opened. If that is because its window is there, that one is asked instead.
fn elsewhere(
    error: AppError,
    data_dir: Option<PathBuf>,
    request: Option<OpenRequest>,
) -> Result<ExitCode, AppError> {
    let holder: Option<Holder> = serde_json::from_value(error.details["holder"].clone()).ok();
    let is_window = holder.is_some_and(|holder| holder.role == EngineRole::Window);
    if error.code != ErrorCode::EngineBusy || !is_window {
        return Err(error);
    }
    let folder = toolroom_app::find_data_folder(data_dir)?;
    match hand_over::hand_over(&folder, &Message::Show { request }) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(why) => {
            eprintln!("toolroom: the window that is there can't be reached: {why}");
            Err(error)
        }
    }
}
