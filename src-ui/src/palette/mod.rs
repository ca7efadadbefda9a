//! What the palette finds: entries by a few letters of their names, those chosen lately first.
//!
//! Pure: what the entries are and what they do is the shell's business.

mod rank;

pub use rank::{Found, Hit, marked, rank};

/// What kind of thing an entry is. The order is the one on screen when nothing was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// What the page on screen offers.
    Here,
    /// Tools.
    Tools,
    /// Pages.
    Pages,
    /// Pages of the settings.
    Settings,
    /// What can be done anywhere.
    Actions,
    /// Jobs that the backend found: always last, since they come a moment later.
    Jobs,
}

/// Something to find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Tells entries apart, and is remembered of those that were chosen.
    pub id: String,
    /// Its kind.
    pub group: Group,
    /// Its name.
    pub title: String,
    /// More in a few words; found by them too.
    pub about: String,
    /// Further words that it is found by, and that aren't shown.
    pub also: String,
}

impl Group {
    /// The heading above entries of this kind.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Here => "On this page",
            Self::Tools => "Tools",
            Self::Pages => "Pages",
            Self::Settings => "Settings",
            Self::Actions => "Actions",
            Self::Jobs => "Jobs",
        }
    }
}

/// How many chosen entries are remembered.
const REMEMBERED: usize = 24;

/// The ids of entries that were chosen, the latest first, with one more.
#[must_use]
pub fn remember(mut recent: Vec<String>, id: &str) -> Vec<String> {
    recent.retain(|other| other != id);
    recent.insert(0, id.to_owned());
    recent.truncate(REMEMBERED);
    recent
}
