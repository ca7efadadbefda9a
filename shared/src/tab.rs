//! The window's pages: the one list that the sidebar, the router and automation share.

use serde::{Deserialize, Serialize};

/// A page of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum TabId {
    /// Choose a tool, fill in its form, run it.
    Tools,
    /// Every job, newest first.
    Jobs,
}

impl TabId {
    /// Every page, in the order of the sidebar.
    pub const ALL: [Self; 2] = [Self::Tools, Self::Jobs];

    /// The stable id: in the address, in `data-page-id` and on the wire.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Jobs => "jobs",
        }
    }

    /// The page's name as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tools => "Tools",
            Self::Jobs => "Jobs",
        }
    }

    /// The page with that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pages_id_is_what_stands_on_the_wire() {
        for tab in TabId::ALL {
            assert_eq!(
                serde_json::to_value(tab).unwrap(),
                serde_json::json!(tab.id())
            );
            assert_eq!(TabId::from_id(tab.id()), Some(tab));
        }
    }
}
