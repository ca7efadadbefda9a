//! Listens to the window's shortcuts, and brings the focus along when the page changes.

use leptos::ev;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use toolroom_shared::TabId;

use crate::dom;
use crate::keys::{self, Command, Press};
use crate::stores::{Overlay, use_stores};
use crate::texts;

/// Does what the shortcuts say, for as long as the frame stands.
pub fn listen() {
    let stores = use_stores();
    let navigate = use_navigate();
    let listener = window_event_listener(ev::keydown, move |ev| {
        if ev.default_prevented() {
            return;
        }
        let press = Press {
            key: ev.key(),
            code: ev.code(),
            ctrl: ev.ctrl_key() || ev.meta_key(),
            shift: ev.shift_key(),
            alt: ev.alt_key(),
        };
        let Some(command) = keys::command(&press, dom::is_typing()) else {
            return;
        };
        // A dialog has its own keys, and what lies below it is out of reach.
        let is_covered = dom::is_dialog_open();
        let is_done = match command {
            Command::Palette if stores.overlays.is_open(Overlay::Palette) => {
                stores.overlays.close(Overlay::Palette);
                true
            }
            Command::Close => false,
            _ if is_covered => command != Command::Search,
            Command::Palette => {
                stores.overlays.show(Overlay::Palette);
                true
            }
            Command::Go(tab) => {
                navigate(tab.path(), NavigateOptions::default());
                dom::focus_heading();
                true
            }
            // Held down, it would start a job for each repetition.
            Command::Run => ev.repeat() || stores.actions.run(Command::Run),
            Command::Search | Command::Shortcuts => stores.actions.run(command),
        };
        if is_done {
            // Nothing of it is for whatever else may listen.
            ev.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Names the window after the page that is shown, and puts the focus on the heading of a new one.
pub fn follow_pages() {
    let path = use_location().pathname;
    let tab = Memo::new(move |_| path.with(|path| at(path)));
    Effect::new(move |before: Option<Option<TabId>>| {
        let tab = tab.get();
        dom::set_title(&title(tab));
        // The first page takes no focus: nobody has asked for it. A mere way to another page, as
        // from the root, is none.
        if before.flatten().is_some_and(|before| Some(before) != tab) {
            dom::focus_heading();
        }
        tab
    });
}

/// The page at an address.
fn at(path: &str) -> Option<TabId> {
    TabId::ALL.into_iter().find(|tab| {
        path.strip_prefix(tab.path())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn title(tab: Option<TabId>) -> String {
    match tab {
        Some(tab) if tab.is_settings() => {
            format!("{}: {} — {}", texts::SETTINGS, tab.title(), texts::APP)
        }
        Some(tab) => format!("{} — {}", tab.title(), texts::APP),
        None => texts::APP.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_its_address_and_by_what_stands_below_it() {
        for tab in TabId::ALL {
            assert_eq!(at(tab.path()), Some(tab));
            assert_eq!(at(&format!("{}/one", tab.path())), Some(tab));
            assert_eq!(at(&format!("{}one", tab.path())), None);
        }
        assert_eq!(at("/settings"), None);
    }

    #[test]
    fn no_two_pages_have_the_same_title() {
        for (place, tab) in TabId::ALL.iter().enumerate() {
            for other in &TabId::ALL[..place] {
                assert_ne!(title(Some(*tab)), title(Some(*other)));
            }
        }
    }
}
