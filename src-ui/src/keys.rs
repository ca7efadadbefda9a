//! The window's shortcuts, in one table: what listens to keys and what shows them both read it.
//!
//! Keys that move within a list or a dialog are that component's own business.

use toolroom_shared::TabId;

/// What a shortcut does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Opens the palette.
    Palette,
    /// Goes to a page.
    Go(TabId),
    /// Runs what the page has to run: the action that offered itself for it.
    Run,
    /// Puts the focus into the page's search.
    Search,
    /// Shows the shortcuts.
    Shortcuts,
    /// Closes what is open. Each thing that opens listens to it by itself.
    Close,
}

/// A key, alone or with Ctrl, and what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// What it does.
    pub command: Command,
    /// Whether Ctrl (on a Mac: Command) is held. Without it the key is text where one types.
    pub ctrl: bool,
    /// The key, as the browser names it.
    pub key: &'static str,
    /// What it does, in words.
    pub does: &'static str,
}

/// A key that was pressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Press {
    /// What the key gives on this keyboard.
    pub key: String,
    /// Where the key is.
    pub code: String,
    /// Ctrl, or Command on a Mac.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
}

const fn with_ctrl(command: Command, key: &'static str, does: &'static str) -> Shortcut {
    Shortcut {
        command,
        ctrl: true,
        key,
        does,
    }
}

const fn alone(command: Command, key: &'static str, does: &'static str) -> Shortcut {
    Shortcut {
        ctrl: false,
        ..with_ctrl(command, key, does)
    }
}

/// Every shortcut, in the order in which they are shown.
pub const SHORTCUTS: [Shortcut; 11] = [
    with_ctrl(Command::Palette, "k", "Find anything"),
    with_ctrl(Command::Run, "Enter", "Run the form"),
    alone(Command::Search, "/", "Search on this page"),
    with_ctrl(Command::Go(TabId::Tools), "1", "Go to Tools"),
    with_ctrl(Command::Go(TabId::Jobs), "2", "Go to Jobs"),
    with_ctrl(Command::Go(TabId::Chat), "3", "Go to Chat"),
    with_ctrl(Command::Go(TabId::Terminal), "4", "Go to Terminal"),
    with_ctrl(Command::Go(TabId::Monitor), "5", "Go to Monitor"),
    with_ctrl(Command::Go(TabId::SettingsGeneral), ",", "Go to Settings"),
    alone(Command::Shortcuts, "?", "Show the shortcuts"),
    alone(Command::Close, "Escape", "Close what is open"),
];

impl Shortcut {
    /// The keys as people read them.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let key = match self.key {
            "Enter" => "⏎".to_owned(),
            "Escape" => "Esc".to_owned(),
            key => key.to_uppercase(),
        };
        let ctrl = self.ctrl.then(|| "Ctrl".to_owned());
        ctrl.into_iter().chain([key]).collect()
    }

    fn is(&self, press: &Press) -> bool {
        let is_digit = self.key.bytes().all(|byte| byte.is_ascii_digit());
        let same_key = self.key.eq_ignore_ascii_case(&press.key)
            // On some keyboards digits want Shift, which Ctrl 1 is not to ask for.
            || is_digit && press.code.strip_prefix("Digit") == Some(self.key);
        // Shift is part of how a sign is typed, but makes a shortcut with a letter another one.
        let shift_fits = !press.shift || !self.key.bytes().all(|byte| byte.is_ascii_alphabetic());
        same_key && shift_fits && !press.alt && self.ctrl == press.ctrl
    }
}

/// The shortcut of a command.
#[must_use]
pub fn shortcut(command: Command) -> Option<&'static Shortcut> {
    SHORTCUTS
        .iter()
        .find(|shortcut| shortcut.command == command)
}

/// What that key does here; nothing if it is for the text that is being typed.
#[must_use]
pub fn command(press: &Press, is_typing: bool) -> Option<Command> {
    let found = SHORTCUTS.iter().find(|shortcut| shortcut.is(press))?;
    let is_text = is_typing && !found.ctrl && found.key.chars().count() == 1;
    (!is_text).then_some(found.command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(shortcut: &Shortcut) -> Press {
        Press {
            key: shortcut.key.to_owned(),
            ctrl: shortcut.ctrl,
            ..Press::default()
        }
    }

    #[test]
    fn each_shortcut_is_found_by_its_keys_and_by_nothing_else() {
        for shortcut in &SHORTCUTS {
            assert_eq!(command(&press(shortcut), false), Some(shortcut.command));
            let with_alt = Press {
                alt: true,
                ..press(shortcut)
            };
            assert_eq!(command(&with_alt, false), None, "{}", shortcut.does);
        }
    }

    #[test]
    fn a_command_has_one_shortcut_and_a_shortcut_has_words() {
        for (place, one) in SHORTCUTS.iter().enumerate() {
            assert!(!one.does.is_empty());
            for other in &SHORTCUTS[..place] {
                assert_ne!(one.command, other.command);
            }
        }
    }

    #[test]
    fn every_page_but_the_settings_own_has_a_shortcut() {
        for tab in TabId::ALL {
            let expected = !tab.is_settings() || tab == TabId::SettingsGeneral;
            assert_eq!(shortcut(Command::Go(tab)).is_some(), expected, "{tab:?}");
        }
    }

    #[test]
    fn what_is_typed_stays_text() {
        let sign = |key: &str| Press {
            key: key.to_owned(),
            shift: key == "?",
            ..Press::default()
        };
        assert_eq!(command(&sign("?"), false), Some(Command::Shortcuts));
        for key in ["?", "/"] {
            assert_eq!(command(&sign(key), true), None, "{key}");
        }
        assert_eq!(command(&sign("Escape"), true), Some(Command::Close));
    }

    #[test]
    fn digits_are_found_where_they_want_shift() {
        let press = Press {
            key: "É".to_owned(),
            code: "Digit2".to_owned(),
            ctrl: true,
            ..Press::default()
        };
        assert_eq!(command(&press, true), Some(Command::Go(TabId::Jobs)));
    }
}
