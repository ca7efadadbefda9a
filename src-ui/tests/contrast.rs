//! The declared colors can be read: in both themes, in every accent, on every ground that text
//! stands on.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../styles/tokens.css");
const THEMES: [&str; 2] = ["light", "dark"];
/// What the accessibility guidelines ask of text, and of what isn't text.
const TEXT: f64 = 4.5;
const MARK: f64 = 3.0;

type Colors = BTreeMap<String, [String; 2]>;

/// The colors that a block declares, for light and for dark.
fn declared(selector: &str) -> Colors {
    let from = TOKENS.find(&format!("{selector} {{")).unwrap();
    let block = TOKENS[from..].split('}').next().unwrap();
    block
        .lines()
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": ")?;
            let pair = value.strip_prefix("light-dark(#")?.strip_suffix(");")?;
            let (light, dark) = pair.split_once(", #")?;
            Some((name.to_owned(), [light.to_owned(), dark.to_owned()]))
        })
        .collect()
}

fn accents() -> Vec<&'static str> {
    let named = TOKENS.split("[data-accent=\"").skip(1);
    named.filter_map(|rest| rest.split('"').next()).collect()
}

/// Every set of colors that can be in force: the accents over the rest.
fn sets() -> Vec<(&'static str, Colors)> {
    let base = declared(":root");
    let mut sets = vec![("teal", base.clone())];
    for accent in accents() {
        let mut colors = base.clone();
        let own = declared(&format!(":root[data-accent=\"{accent}\"]"));
        assert_eq!(own.len(), 4, "{accent} declares each of its colors");
        colors.extend(own);
        sets.push((accent, colors));
    }
    sets
}

fn luminance(color: &str) -> f64 {
    let part = |place: usize| {
        let byte = u8::from_str_radix(&color[place..place + 2], 16).unwrap();
        let share = f64::from(byte) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_measure_is_the_guidelines_own() {
    assert!((contrast("000000", "ffffff") - 21.0).abs() < 1e-9);
    assert!((contrast("777777", "ffffff") - 4.478).abs() < 1e-3);
}

#[test]
fn there_are_six_accents() {
    let accents = accents();
    assert_eq!(accents, ["blue", "violet", "rose", "amber", "graphite"]);
}

#[test]
fn every_text_can_be_read_on_every_ground_it_stands_on() {
    let grounds = ["ground", "sidebar", "surface", "sunken"];
    let mut pairs: Vec<(String, String, f64)> = Vec::new();
    for ground in grounds {
        for ink in [
            "ink",
            "ink-2",
            "ink-3",
            "accent-ink",
            "bad-ink",
            "good-ink",
            "warn-ink",
        ] {
            pairs.push((ink.into(), ground.into(), TEXT));
        }
        for mark in ["accent", "busy", "good", "bad", "warn"] {
            pairs.push((mark.into(), ground.into(), MARK));
        }
    }
    // A chosen row shows all that other rows show.
    for ink in ["ink", "ink-2", "ink-3", "accent-ink"] {
        pairs.push((ink.into(), "accent-weak".into(), TEXT));
    }
    for tone in ["busy", "good", "bad", "warn"] {
        pairs.push((format!("{tone}-ink"), format!("{tone}-weak"), TEXT));
    }
    for ink in ["ink", "ink-2", "ink-3"] {
        pairs.push((ink.into(), "idle-weak".into(), TEXT));
    }
    pairs.push(("on-accent".into(), "accent".into(), TEXT));
    let mut failures = Vec::new();
    for (accent, colors) in sets() {
        for (ink, ground, least) in &pairs {
            for (theme, name) in THEMES.iter().enumerate() {
                let found = contrast(&colors[ink][theme], &colors[ground][theme]);
                if found < *least {
                    failures.push(format!(
                        "{accent}, {name}: {ink} on {ground} has {found:.2}, not {least}"
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
