//! Saying in a dialog why there is no window: whoever started the app with a click sees no terminal.

use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

use crate::context;

/// Shows the words and waits until they are read. Does nothing where there is no display.
pub fn say(words: &str) {
    #[cfg(debug_assertions)]
    if let Some(stand_in) = super::stand_in::StandIn::from_environment() {
        // Its test sees that nothing was written down.
        let _ = stand_in.note(&serde_json::json!({ "say": words }));
        return;
    }
    if !has_display() {
        return;
    }
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .build(context());
    // The words stand in the terminal already.
    let Ok(app) = app else { return };
    let ended = app.handle().clone();
    app.dialog()
        .message(words)
        .title("Toolroom")
        .kind(MessageDialogKind::Error)
        .show(move |_| ended.exit(0));
    app.run_return(|_, _| {});
}

/// Without one the toolkit would break off with a panic.
fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
