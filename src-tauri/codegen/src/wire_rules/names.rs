//! Rules about names: which can't be on the wire, and which meet there.

use std::collections::BTreeMap;

use heck::ToLowerCamelCase as _;
use tauri_specta::BuilderConfiguration;

/// An argument's name on the wire: Tauri makes it lowerCamelCase.
#[must_use]
pub fn argument_name(argument: &str) -> String {
    argument.to_lower_camel_case()
}

/// Looks at the names of commands, arguments and events.
pub fn problems(contract: &BuilderConfiguration) -> Vec<String> {
    let mut problems = Vec::new();
    let commands: Vec<_> = contract.commands.iter().map(|c| c.name()).collect();
    meetings("commands", "", &commands, &mut problems);
    let events: Vec<_> = contract.events.keys().copied().collect();
    meetings("events", "", &events, &mut problems);
    for name in commands {
        if !is_identifier(name) {
            problems.push(format!(
                "The command {name:?} can't be granted by that name. Take letters, digits and _, and no digit first."
            ));
        }
    }
    for name in events {
        let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "-/:_".contains(letter);
        if name.is_empty() || !name.chars().all(is_allowed) {
            problems.push(format!(
                "Tauri refuses the event name {name:?}. Take letters, digits, -, /, : and _."
            ));
        }
    }
    for command in &contract.commands {
        let place = format!(" of the command {}", command.name());
        let names: Vec<_> = command.args().iter().map(|(name, _)| &**name).collect();
        meetings("arguments", &place, &names, &mut problems);
        for name in names {
            let on_the_wire = argument_name(name);
            if !is_identifier(&on_the_wire) || on_the_wire == PROTOTYPE {
                problems.push(format!(
                    "The argument {name}{place} would be {on_the_wire:?} on the wire, which no client can write as a name. Call it by a word."
                ));
            }
        }
    }
    problems
}

/// What JavaScript takes for something else than a property.
const PROTOTYPE: &str = "__proto__";

/// What is wrong with a field's name on the wire.
pub fn field_problem(name: &str) -> Option<String> {
    match name {
        "" => Some(
            "has no name on the wire. Name it with #[serde(rename = \"…\")]".to_owned(),
        ),
        PROTOTYPE => Some(
            "has a name that JavaScript takes for an object's ancestor. Name it otherwise with #[serde(rename = \"…\")]".to_owned(),
        ),
        _ => None,
    }
}

fn meetings(kind: &str, place: &str, names: &[&str], problems: &mut Vec<String>) {
    let mut by_client: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in names {
        by_client
            .entry(name.to_lower_camel_case())
            .or_default()
            .push(name);
    }
    for (name, same) in by_client.iter().filter(|(_, same)| same.len() > 1) {
        problems.push(format!(
            "The {kind} {}{place} are all {name} to a client. Rename all but one.",
            same.join(" and ")
        ));
    }
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}
