//! The window's pages: the one list that the sidebar, the router and automation share.

use serde::{Deserialize, Serialize};

/// A page of the window, or of its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum TabId {
    /// Choose a tool, fill in its form, run it.
    Tools,
    /// Every job, newest first.
    Jobs,
    /// Talk to a model that can use the tools.
    Chat,
    /// A shell beside the jobs.
    Terminal,
    /// How the app is: load, services, the audit trail.
    Monitor,
    /// What the app does by itself.
    SettingsGeneral,
    /// Theme, accent, density.
    SettingsAppearance,
    /// How much runs at a time, and when to warn.
    SettingsLimits,
    /// Who may do what, and the secrets.
    SettingsPermissions,
    /// Programs that drive the app.
    SettingsAutomation,
    /// The models that chat and tools may use.
    SettingsModels,
    /// The engine without a window.
    SettingsDaemon,
    /// What is kept, how long, and how large it is.
    SettingsStorage,
    /// Versions, contract, licences.
    SettingsAbout,
}

impl TabId {
    /// Every page, in the order of the sidebar; those of the settings last.
    pub const ALL: [Self; 14] = [
        Self::Tools,
        Self::Jobs,
        Self::Chat,
        Self::Terminal,
        Self::Monitor,
        Self::SettingsGeneral,
        Self::SettingsAppearance,
        Self::SettingsLimits,
        Self::SettingsPermissions,
        Self::SettingsAutomation,
        Self::SettingsModels,
        Self::SettingsDaemon,
        Self::SettingsStorage,
        Self::SettingsAbout,
    ];

    /// The stable id: in `data-page-id` and on the wire.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Jobs => "jobs",
            Self::Chat => "chat",
            Self::Terminal => "terminal",
            Self::Monitor => "monitor",
            Self::SettingsGeneral => "settings-general",
            Self::SettingsAppearance => "settings-appearance",
            Self::SettingsLimits => "settings-limits",
            Self::SettingsPermissions => "settings-permissions",
            Self::SettingsAutomation => "settings-automation",
            Self::SettingsModels => "settings-models",
            Self::SettingsDaemon => "settings-daemon",
            Self::SettingsStorage => "settings-storage",
            Self::SettingsAbout => "settings-about",
        }
    }

    /// Where it stands, as a path within the page's address.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Tools => "/tools",
            Self::Jobs => "/jobs",
            Self::Chat => "/chat",
            Self::Terminal => "/terminal",
            Self::Monitor => "/monitor",
            Self::SettingsGeneral => "/settings/general",
            Self::SettingsAppearance => "/settings/appearance",
            Self::SettingsLimits => "/settings/limits",
            Self::SettingsPermissions => "/settings/permissions",
            Self::SettingsAutomation => "/settings/automation",
            Self::SettingsModels => "/settings/models",
            Self::SettingsDaemon => "/settings/daemon",
            Self::SettingsStorage => "/settings/storage",
            Self::SettingsAbout => "/settings/about",
        }
    }

    /// The page's name as people read it; of a page of the settings its name within them.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tools => "Tools",
            Self::Jobs => "Jobs",
            Self::Chat => "Chat",
            Self::Terminal => "Terminal",
            Self::Monitor => "Monitor",
            Self::SettingsGeneral => "General",
            Self::SettingsAppearance => "Appearance",
            Self::SettingsLimits => "Limits",
            Self::SettingsPermissions => "Permissions",
            Self::SettingsAutomation => "Automation",
            Self::SettingsModels => "Models",
            Self::SettingsDaemon => "Daemon",
            Self::SettingsStorage => "Storage",
            Self::SettingsAbout => "About",
        }
    }

    /// Whether it is a page of the settings.
    #[must_use]
    pub const fn is_settings(self) -> bool {
        !matches!(
            self,
            Self::Tools | Self::Jobs | Self::Chat | Self::Terminal | Self::Monitor
        )
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

    #[test]
    fn a_page_stands_where_its_id_says() {
        for tab in TabId::ALL {
            assert_eq!(tab.path()[1..].replace('/', "-"), tab.id());
            assert_eq!(tab.is_settings(), tab.id().starts_with("settings-"));
        }
    }
}
