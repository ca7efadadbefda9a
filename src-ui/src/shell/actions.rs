//! What can be done anywhere, as the palette lists it. Pages offer their own.

use crate::dom;
use crate::keys::Command;
use crate::stores::{Action, Overlay, use_action, use_stores};

/// Offers them for as long as the frame stands.
pub fn offer() {
    let stores = use_stores();
    let show = |overlay: Overlay| {
        let overlays = stores.overlays.clone();
        move || overlays.show(overlay)
    };
    use_action(anywhere(
        "cancel-all",
        "Cancel all jobs",
        "Asks first",
        show(Overlay::CancelAll),
    ));
    for (id, title, theme) in [
        ("theme-light", "Use the light theme", "light"),
        ("theme-dark", "Use the dark theme", "dark"),
        ("theme-system", "Use the system's theme", "system"),
    ] {
        let settings = stores.settings.clone();
        let does = move || settings.set("appearance", "theme", theme.into());
        use_action(anywhere(id, title, "Appearance, color scheme", does));
    }
    let search = Action {
        command: Some(Command::Search),
        ..anywhere("search", "Search on this page", "", dom::focus_search)
    };
    use_action(search);
    use_action(anywhere(
        "notices",
        "Show the notices",
        "What went wrong or was done lately",
        show(Overlay::Notices),
    ));
    let shortcuts = Action {
        command: Some(Command::Shortcuts),
        ..anywhere(
            "shortcuts",
            "Show the shortcuts",
            "Keyboard, keys",
            show(Overlay::Shortcuts),
        )
    };
    use_action(shortcuts);
}

fn anywhere(
    id: &'static str,
    title: &str,
    about: &str,
    does: impl Fn() + Send + Sync + 'static,
) -> Action {
    Action {
        about: about.to_owned(),
        is_here: false,
        ..Action::here(id, title, does)
    }
}
