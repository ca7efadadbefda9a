//! Reads a contract: its commands and events, with their types as uses of a [`TypeGraph`].
//!
//! [`TypeGraph`]: super::types::TypeGraph

use std::collections::BTreeMap;

use specta::{
    Types,
    datatype::{DataType, Deprecated, Fields, Function, NamedReferenceType, Reference},
};
use specta_serde::Phase;
use tauri_specta::BuilderConfiguration;

use super::{names, types::Use, ways::is_channel};
use crate::CodegenError;

/// An index into the uses of a contract.
pub type UseIndex = usize;

/// A contract as a client sees it.
#[derive(Default)]
pub struct Contract {
    /// The commands, in the order of their names.
    pub commands: Vec<Command>,
    /// The events, in the order of their names.
    pub events: Vec<Event>,
    /// Every place where a type stands.
    pub uses: Vec<Use>,
}

/// One command.
pub struct Command {
    /// Its name on the wire.
    pub wire: String,
    /// Its function.
    pub function: String,
    /// What it does.
    pub docs: String,
    /// Whether it is advised against.
    pub deprecated: Option<Deprecated>,
    /// What it takes.
    pub arguments: Vec<Argument>,
    /// What it gives; nothing but null if none.
    pub ok: Option<UseIndex>,
    /// What it fails with; none if it can't.
    pub err: Option<UseIndex>,
}

/// One argument of a command.
pub struct Argument {
    /// Its name on the wire.
    pub key: String,
    /// Its type; of a channel that of its messages.
    pub data_type: UseIndex,
    /// Whether it is a channel.
    pub is_channel: bool,
}

/// One event.
pub struct Event {
    /// Its name on the wire.
    pub wire: String,
    /// The function that listens to it.
    pub function: String,
    /// What it tells.
    pub docs: String,
    /// Whether it is advised against.
    pub deprecated: Option<Deprecated>,
    /// Its payload.
    pub payload: UseIndex,
}

impl Contract {
    /// Reads what the builder holds.
    pub fn read(source: &BuilderConfiguration) -> Result<Self, CodegenError> {
        let mut contract = Self::default();
        for command in &source.commands {
            contract.add_command(source, command)?;
        }
        contract
            .commands
            .sort_by(|left, right| left.wire.cmp(&right.wire));
        for (event, (_, payload)) in &source.events {
            contract.add_event(source, event, payload);
        }
        for root in source.types.roots() {
            contract.add_use("a type of its own".to_owned(), Phase::Serialize, root);
        }
        contract.check_functions()?;
        Ok(contract)
    }

    fn add_command(
        &mut self,
        source: &BuilderConfiguration,
        command: &Function,
    ) -> Result<(), CodegenError> {
        let name = command.name();
        let place = format!("the command {name}");
        let mut arguments = Vec::new();
        for (argument, data_type) in command.args() {
            let key = names::camel_case(argument);
            if !names::is_identifier(&key) {
                return Err(CodegenError::UnsupportedType {
                    place,
                    what: format!("an argument called {argument:?}, by which nobody can pass it"),
                });
            }
            let place = format!("the argument {argument} of {place}");
            let message = message_of(data_type, &source.types);
            arguments.push(Argument {
                key,
                is_channel: message.is_some(),
                data_type: match message {
                    // The backend writes to a channel, although it is handed over as an argument.
                    Some(message) => self.add_use(place, Phase::Serialize, message),
                    None => self.add_use(place, Phase::Deserialize, data_type),
                },
            });
        }
        let (ok, err) = match command.result() {
            Some(result) => match sides_of(result, &source.types) {
                Some((ok, err)) => (Some(ok), Some(err)),
                None => (Some(result), None),
            },
            None => (None, None),
        };
        let accessor = source.command_accessor_name(command);
        let ok = ok.map(|ok| self.add_use(place.clone(), Phase::Serialize, ok));
        let err = err.map(|err| self.add_use(place, Phase::Serialize, err));
        self.commands.push(Command {
            wire: on_the_wire(source, name, "|"),
            function: names::identifier(&names::camel_case(accessor)),
            docs: command.docs.to_string(),
            deprecated: command.deprecated.clone(),
            arguments,
            ok,
            err,
        });
        Ok(())
    }

    fn add_event(&mut self, source: &BuilderConfiguration, event: &str, payload: &Reference) {
        let named = match payload {
            Reference::Named(reference) => source.types.get(reference),
            Reference::Opaque(_) => None,
        };
        let payload = DataType::Reference(payload.clone());
        // A newtype looks on the wire like what is in it: events are wrapped so, to be told apart.
        let inner = named.and_then(|named| match &named.ty {
            Some(DataType::Struct(strct)) if named.generics.is_empty() => match &strct.fields {
                Fields::Unnamed(fields) => match fields.fields.as_slice() {
                    [field] => field.ty.as_ref(),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        });
        let payload = self.add_use(
            format!("the event {event}"),
            Phase::Serialize,
            inner.unwrap_or(&payload),
        );
        self.events.push(Event {
            wire: on_the_wire(source, event, ":"),
            function: names::camel_case(&format!("on-{event}")),
            docs: named
                .map(|named| named.docs.to_string())
                .unwrap_or_default(),
            deprecated: named.and_then(|named| named.deprecated.clone()),
            payload,
        });
    }

    fn add_use(&mut self, place: String, phase: Phase, data_type: &DataType) -> UseIndex {
        self.uses.push(Use {
            place,
            phase,
            data_type: data_type.clone(),
        });
        self.uses.len() - 1
    }

    fn check_functions(&self) -> Result<(), CodegenError> {
        let commands = self
            .commands
            .iter()
            .map(|command| (&command.function, format!("the command {}", command.wire)));
        let events = self
            .events
            .iter()
            .map(|event| (&event.function, format!("the event {}", event.wire)));
        let mut owners: BTreeMap<&String, String> = BTreeMap::new();
        for (function, owner) in commands.chain(events) {
            if let Some(first) = owners.insert(function, owner.clone()) {
                return Err(CodegenError::NameTaken {
                    place: owner,
                    name: function.clone(),
                    by: first,
                });
            }
        }
        Ok(())
    }
}

/// A name as the framework wants it: that of a plugin goes before.
fn on_the_wire(source: &BuilderConfiguration, name: &str, separator: &str) -> String {
    match source.plugin_name {
        Some(plugin) => format!("plugin:{plugin}{separator}{name}"),
        None => name.to_owned(),
    }
}

/// The two sides of a `Result`.
fn sides_of<'a>(data_type: &'a DataType, types: &Types) -> Option<(&'a DataType, &'a DataType)> {
    let DataType::Reference(Reference::Named(reference)) = data_type else {
        return None;
    };
    let named = types.get(reference)?;
    if named.name != "Result" || !named.module_path.starts_with("std::result") {
        return None;
    }
    match &reference.inner {
        NamedReferenceType::Reference { generics, .. } => match generics.as_slice() {
            [(_, ok), (_, err)] => Some((ok, err)),
            _ => None,
        },
        NamedReferenceType::Inline { .. } | NamedReferenceType::Recursive(_) => None,
    }
}

/// The messages of a channel, if it is one.
fn message_of<'a>(data_type: &'a DataType, types: &Types) -> Option<&'a DataType> {
    let DataType::Reference(Reference::Named(reference)) = data_type else {
        return None;
    };
    let NamedReferenceType::Reference { generics, .. } = &reference.inner else {
        return None;
    };
    let (_, message) = generics.first()?;
    is_channel(types.get(reference)?).then_some(message)
}
