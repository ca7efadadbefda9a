//! The wish to close the window while jobs are unfinished: the page asks the person, once.
//!
//! Whoever ends the app otherwise (a signal, the end of the session) asks nobody.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Manager, Wry};
use tauri_specta::Event;
use toolroom_engine::OwnedTask;
use toolroom_shared::{self as shared, Caller, CloseAnswer};

use crate::{MAIN_WINDOW, state::AppState};

/// How long a page may take to say that it asks. One that doesn't can't: the app ends without.
const PATIENCE: Duration = Duration::from_secs(10);

/// The window is to be closed while jobs are unfinished.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct CloseAsked(pub shared::CloseAsked);

/// How far the question has come.
#[derive(Debug, Default)]
enum Question {
    /// Nobody wants to close.
    #[default]
    None,
    /// The page was told, and hasn't answered yet; ends the app when it takes too long.
    Told(#[allow(dead_code)] OwnedTask), // held, so that it is dropped with the question
    /// The person is being asked.
    Asked,
}

/// The question to the person.
#[derive(Debug, Default)]
pub struct Closing {
    question: Mutex<Question>,
}

impl Closing {
    /// Whether the window may be closed at once. If not, the page is told to ask.
    pub fn may_close(&self, app: &AppHandle<Wry>) -> bool {
        let unfinished = unfinished(app);
        if unfinished == 0 {
            return true;
        }
        let mut question = self.question();
        if matches!(*question, Question::Asked) {
            return false;
        }
        let asked = CloseAsked(shared::CloseAsked { unfinished });
        if asked.emit(app).is_err() {
            return true;
        }
        let app = app.clone();
        let runtime = tauri::async_runtime::handle();
        *question = Question::Told(OwnedTask::spawn_on(runtime.inner(), async move {
            tokio::time::sleep(PATIENCE).await; // sleep: the page's time to answer
            app.exit(0);
        }));
        false
    }

    /// Does what the person, or the page for them, has answered.
    pub fn answer(&self, app: &AppHandle<Wry>, answer: CloseAnswer) {
        *self.question() = match answer {
            CloseAnswer::Asking => Question::Asked,
            _ => Question::None,
        };
        match answer {
            CloseAnswer::Asking | CloseAnswer::Stay => {}
            CloseAnswer::KeepGoing => hide(app),
            CloseAnswer::Quit => app.exit(0),
        }
    }

    /// The page that was asking is gone: the next wish is asked anew.
    pub fn forget(&self) {
        *self.question() = Question::None;
    }

    fn question(&self) -> MutexGuard<'_, Question> {
        self.question.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unfinished(app: &AppHandle<Wry>) -> u32 {
    let Some(state) = app.try_state::<AppState>() else {
        return 0;
    };
    let stream = tauri::async_runtime::block_on(state.api().subscribe(Caller::Window, None));
    stream.map_or(0, |stream| {
        u32::try_from(stream.snapshot.len()).unwrap_or(u32::MAX)
    })
}

/// Takes the window out of sight; what ends the app then is `endings`' business.
fn hide(app: &AppHandle<Wry>) {
    let (Some(window), Some(state)) = (
        app.get_webview_window(MAIN_WINDOW),
        app.try_state::<AppState>(),
    ) else {
        return;
    };
    match window.hide() {
        Ok(()) => state.sight().set_hidden(true),
        Err(error) => eprintln!("toolroom: the window could not be hidden: {error}"),
    }
}

/// Brings the window up, wherever it is.
pub fn bring_up(app: &AppHandle<Wry>) {
    let (Some(window), Some(state)) = (
        app.get_webview_window(MAIN_WINDOW),
        app.try_state::<AppState>(),
    ) else {
        return;
    };
    state.sight().set_hidden(false);
    let up = window
        .show()
        .and_then(|()| window.unminimize())
        .and_then(|()| window.set_focus());
    if let Err(error) = up {
        eprintln!("toolroom: the window could not be brought up: {error}");
    }
}
