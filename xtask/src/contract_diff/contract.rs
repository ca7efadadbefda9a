//! Two contracts side by side: commands, arguments, events.
//!
//! What their schemas say is `compare`'s business.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use serde_json::{Map, Value};

use super::change::{Change, Direction, Spot};
use super::compare::Comparison;
use super::shape::{Alternative, Reader, Shape};

/// The layout of the file that this can read.
const FORMAT: u64 = 1;

/// A contract's description, checked as far as it is compared.
pub struct Contract {
    description: Value,
}

impl Contract {
    /// The description in a file's text; `place` is where it came from, for people.
    pub fn parse(text: &str, place: &str) -> Result<Self> {
        let Ok(description) = serde_json::from_str::<Value>(text) else {
            bail!("{place} is no JSON; `cargo xtask codegen` writes it anew");
        };
        let format = description.get("format").and_then(Value::as_u64);
        if format != Some(FORMAT) {
            bail!("{place} has another layout than {FORMAT}, and can't be compared");
        }
        Ok(Self { description })
    }

    fn part(&self, name: &str) -> Map<String, Value> {
        match self.description.get(name) {
            Some(Value::Object(part)) => part.clone(),
            _ => Map::new(),
        }
    }

    /// The hash of what the contract means.
    pub fn hash(&self) -> Option<&str> {
        self.description.get("hash")?.as_str()
    }

    /// Whether not a word differs.
    pub fn is_the_same_as(&self, other: &Self) -> bool {
        self.description == other.description
    }
}

/// Everything that changed from one contract to the other, each once, what breaks first.
pub fn changes(old: &Contract, new: &Contract) -> Vec<Change> {
    let (old_schemas, new_schemas) = (old.part("schemas"), new.part("schemas"));
    let mut diff = Diff {
        comparison: Comparison::new(
            Reader {
                schemas: &old_schemas,
            },
            Reader {
                schemas: &new_schemas,
            },
        ),
        changes: Vec::new(),
    };
    if old.description.get("plugin") != new.description.get("plugin") {
        diff.breaks("The plugin is called otherwise, and with it every command and event.");
    }
    diff.commands(&old.part("commands"), &new.part("commands"));
    diff.events(&old.part("events"), &new.part("events"));
    let mut changes = diff.changes;
    changes.extend(diff.comparison.changes);
    changes.sort_by(|left, right| {
        (!left.breaks, &left.sentence).cmp(&(!right.breaks, &right.sentence))
    });
    changes.dedup();
    changes
}

struct Diff<'a> {
    comparison: Comparison<'a>,
    changes: Vec<Change>,
}

impl Diff<'_> {
    fn breaks(&mut self, sentence: impl Into<String>) {
        self.changes.push(Change::breaking(sentence));
    }

    fn is_harmless(&mut self, sentence: impl Into<String>) {
        self.changes.push(Change::harmless(sentence));
    }

    fn commands(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        for (name, side) in both(old, new) {
            match side {
                (Some(_), None) => self.breaks(format!("The command {name} is gone.")),
                (None, Some(_)) => self.is_harmless(format!("The command {name} is new.")),
                (Some(old), Some(new)) => self.command(name, old, new),
                (None, None) => {}
            }
        }
    }

    fn command(&mut self, name: &str, old: &Value, new: &Value) {
        match (old.get("deprecated"), new.get("deprecated")) {
            (None, Some(_)) => self.is_harmless(format!("The command {name} is deprecated.")),
            (Some(_), None) => {
                self.is_harmless(format!("The command {name} isn't deprecated any more."));
            }
            _ => {}
        }
        let (old_args, new_args) = (arguments(old), arguments(new));
        let names: BTreeSet<_> = old_args.keys().chain(new_args.keys()).collect();
        for argument in names {
            match (old_args.get(argument), new_args.get(argument)) {
                (Some(old), None) => self.argument_gone(name, argument, old),
                (None, Some(new)) => self.argument_added(name, argument, new),
                (Some(old), Some(new)) => self.argument(name, argument, old, new),
                (None, None) => {}
            }
        }
        let ok = Spot::part(format!("what {name} answers"));
        self.compare(old, new, "ok", Direction::ToClient, &ok);
        match (old["err"].is_null(), new["err"].is_null()) {
            (false, false) => {
                let err = Spot::part(format!("what {name} fails with"));
                self.compare(old, new, "err", Direction::ToClient, &err);
            }
            // A client that expects no error takes it for anything.
            (true, false) => self.is_harmless(format!("The command {name} can fail.")),
            (false, true) => self.is_harmless(format!("The command {name} can't fail any more.")),
            (true, true) => {}
        }
    }

    fn argument_gone(&mut self, command: &str, argument: &str, old: &Value) {
        if old.get("channel").is_some() {
            self.breaks(format!(
                "The channel {argument} of {command} is gone: whoever listens to it hears nothing."
            ));
        } else {
            self.is_harmless(format!(
                "The argument {argument} of {command} is gone: whoever sends it isn't refused."
            ));
        }
    }

    fn argument_added(&mut self, command: &str, argument: &str, new: &Value) {
        if self.may_be_left_out(new) {
            self.is_harmless(format!(
                "The argument {argument} of {command} is new and may be left out."
            ));
        } else {
            self.breaks(format!(
                "The argument {argument} of {command} is new and must be there."
            ));
        }
    }

    /// Tauri takes what isn't there for none, if the argument itself may be none.
    fn may_be_left_out(&self, argument: &Value) -> bool {
        let Some(schema) = argument.get("schema") else {
            return false;
        };
        match self.comparison.new.shape(schema) {
            Shape::OneOf(alternatives) => {
                alternatives.contains(&Alternative::Null) && alternatives.len() > 1
            }
            Shape::Anything => false,
        }
    }

    fn argument(&mut self, command: &str, argument: &str, old: &Value, new: &Value) {
        let spot = Spot::part(format!("the argument {argument} of {command}"));
        match (old.get("channel").is_some(), new.get("channel").is_some()) {
            (false, false) => self.compare(old, new, "schema", Direction::ToBackend, &spot),
            (true, true) => self.compare(old, new, "channel", Direction::ToClient, &spot),
            (true, false) => self.breaks(format!(
                "The argument {argument} of {command} is a value and was a channel."
            )),
            (false, true) => self.breaks(format!(
                "The argument {argument} of {command} is a channel and was a value."
            )),
        }
    }

    fn events(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        for (name, side) in both(old, new) {
            match side {
                (Some(_), None) => self.breaks(format!("The event {name} is gone.")),
                (None, Some(_)) => self.is_harmless(format!("The event {name} is new.")),
                (Some(old), Some(new)) => {
                    let spot = Spot::part(format!("the event {name}"));
                    self.compare(old, new, "payload", Direction::ToClient, &spot);
                }
                (None, None) => {}
            }
        }
    }

    fn compare(&mut self, old: &Value, new: &Value, key: &str, direction: Direction, spot: &Spot) {
        self.comparison
            .schemas(&old[key], &new[key], direction, spot);
    }
}

/// Every name of two lists, with what stands under it.
fn both<'m>(
    old: &'m Map<String, Value>,
    new: &'m Map<String, Value>,
) -> BTreeMap<&'m str, (Option<&'m Value>, Option<&'m Value>)> {
    let names = old.keys().chain(new.keys());
    names
        .map(|name| (name.as_str(), (old.get(name), new.get(name))))
        .collect()
}

fn arguments(command: &Value) -> BTreeMap<String, &Value> {
    let args = command.get("args").and_then(Value::as_array);
    args.into_iter()
        .flatten()
        .filter_map(|argument| Some((argument.get("name")?.as_str()?.to_owned(), argument)))
        .collect()
}
