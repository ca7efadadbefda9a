//! How the window looks, as a person can set it, and what of it stands on the page's root for its style.

use serde::{Deserialize, Serialize};

/// How the window looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(default, deny_unknown_fields))]
pub struct AppearanceSettings {
    /// Light, dark, or as the system has it.
    #[cfg_attr(feature = "schemars", schemars(title = "Theme"))]
    pub theme: Theme,
    /// The color of what is chosen and of what can be pressed.
    #[cfg_attr(feature = "schemars", schemars(title = "Accent"))]
    pub accent: Accent,
    /// How close together things stand.
    #[cfg_attr(feature = "schemars", schemars(title = "Density"))]
    pub density: Density,
    /// Whether things move when they change.
    #[cfg_attr(feature = "schemars", schemars(title = "Motion"))]
    pub motion: Motion,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    #[cfg_attr(feature = "schemars", schemars(title = "System"))]
    System,
    /// Dark on light.
    #[cfg_attr(feature = "schemars", schemars(title = "Light"))]
    Light,
    /// Light on dark.
    #[cfg_attr(feature = "schemars", schemars(title = "Dark"))]
    Dark,
}

/// A color by its name; which it is in either theme, the page's style says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Accent {
    /// Teal.
    #[default]
    #[cfg_attr(feature = "schemars", schemars(title = "Teal"))]
    Teal,
    /// Blue.
    #[cfg_attr(feature = "schemars", schemars(title = "Blue"))]
    Blue,
    /// Violet.
    #[cfg_attr(feature = "schemars", schemars(title = "Violet"))]
    Violet,
    /// Rose.
    #[cfg_attr(feature = "schemars", schemars(title = "Rose"))]
    Rose,
    /// Amber.
    #[cfg_attr(feature = "schemars", schemars(title = "Amber"))]
    Amber,
    /// Graphite.
    #[cfg_attr(feature = "schemars", schemars(title = "Graphite"))]
    Graphite,
}

/// How close together things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// With room around them.
    #[default]
    #[cfg_attr(feature = "schemars", schemars(title = "Comfortable"))]
    Comfortable,
    /// As many as can be read.
    #[cfg_attr(feature = "schemars", schemars(title = "Compact"))]
    Compact,
}

/// Whether things move when they change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Motion {
    /// As the system has it.
    #[default]
    #[cfg_attr(feature = "schemars", schemars(title = "System"))]
    System,
    /// Nothing moves.
    #[cfg_attr(feature = "schemars", schemars(title = "Never"))]
    Reduced,
}

impl Theme {
    /// The theme as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Accent {
    /// Every accent.
    pub const ALL: [Self; 6] = [
        Self::Teal,
        Self::Blue,
        Self::Violet,
        Self::Rose,
        Self::Amber,
        Self::Graphite,
    ];

    /// The accent as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Teal => "teal",
            Self::Blue => "blue",
            Self::Violet => "violet",
            Self::Rose => "rose",
            Self::Amber => "amber",
            Self::Graphite => "graphite",
        }
    }
}

impl AppearanceSettings {
    /// What stands on the page's root for its style: `data-` attributes, each by its name, and none where
    /// there is nothing to say.
    #[must_use]
    pub const fn on_root(&self) -> [(&'static str, Option<&'static str>); 4] {
        let theme = match self.theme {
            // What the system has, the style asks the system.
            Theme::System => None,
            chosen => Some(chosen.as_str()),
        };
        let density = match self.density {
            Density::Comfortable => "comfortable",
            Density::Compact => "compact",
        };
        let motion = match self.motion {
            Motion::System => None,
            Motion::Reduced => Some("reduced"),
        };
        [
            ("data-theme", theme),
            ("data-accent", Some(self.accent.as_str())),
            ("data-density", Some(density)),
            ("data-motion", motion),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_on_the_root_is_what_stands_on_the_wire() {
        let appearance = AppearanceSettings {
            theme: Theme::Dark,
            accent: Accent::Rose,
            density: Density::Compact,
            motion: Motion::Reduced,
        };
        let wire = serde_json::to_value(&appearance).unwrap();
        for (attribute, value) in appearance.on_root() {
            let field = attribute.trim_start_matches("data-");
            assert_eq!(wire[field], value.unwrap());
        }
        assert_eq!(AppearanceSettings::default().on_root()[0].1, None);
    }
}
