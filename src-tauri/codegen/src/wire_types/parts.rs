//! What travels, each by itself: the arguments, results and messages of commands, and events.

use specta::{
    Types,
    datatype::{DataType, Deprecated, Function, NamedDataType, NamedReference, Reference, Tuple},
};

use super::{Argument, Command, Event, Part, Phase, docs, type_arguments};
use crate::wire_rules::argument_name;

/// Gives each part a name of its own among the types.
pub struct Parts<'a> {
    /// All types; parts are added to them.
    pub types: &'a mut Types,
}

impl Parts<'_> {
    /// A part that holds `data_type`.
    pub fn part(&mut self, place: String, phase: Option<Phase>, data_type: DataType) -> Part {
        let named = NamedDataType::new(place.clone(), self.types, |_, named| {
            named.ty = Some(data_type);
        });
        Part {
            place,
            phase,
            alias: named.reference(Vec::new()),
        }
    }

    /// A command.
    pub fn command(&mut self, command: &Function) -> Command {
        let name = command.name();
        let args = command
            .args()
            .iter()
            .map(|(argument, data_type)| self.argument(name, argument, data_type))
            .collect();
        let unit = DataType::Tuple(Tuple::new(Vec::new()));
        let (ok, err) = match command.result() {
            None => (unit, None),
            Some(result) => match two_sides(result, self.types) {
                Some((ok, err)) => (ok, Some(err)),
                None => (result.clone(), None),
            },
        };
        Command {
            name: name.to_owned(),
            docs: docs(&command.docs),
            deprecated: command.deprecated.as_ref().map(note),
            args,
            ok: self.part(
                format!("the result of the command {name}"),
                Some(Phase::Serialize),
                ok,
            ),
            err: err.map(|err| {
                let place = format!("the error of the command {name}");
                self.part(place, Some(Phase::Serialize), err)
            }),
        }
    }

    fn argument(&mut self, command: &str, argument: &str, data_type: &DataType) -> Argument {
        let message = match data_type {
            DataType::Reference(Reference::Named(reference)) => {
                channel_message(reference, self.types)
            }
            _ => None,
        };
        let place = format!("the argument {argument} of the command {command}");
        let is_channel = message.is_some();
        let part = match message {
            Some(message) => self.part(
                format!("the messages of {place}"),
                Some(Phase::Serialize),
                message,
            ),
            None => self.part(place, Some(Phase::Deserialize), data_type.clone()),
        };
        Argument {
            name: argument_name(argument),
            part,
            is_channel,
        }
    }

    /// An event.
    pub fn event(&mut self, name: &str, payload: &Reference) -> Event {
        let event_docs = match payload {
            Reference::Named(reference) => self.types.get(reference).map(|named| docs(&named.docs)),
            Reference::Opaque(_) => None,
        };
        Event {
            name: name.to_owned(),
            docs: event_docs.unwrap_or_default(),
            payload: self.part(
                format!("the event {name}"),
                Some(Phase::Serialize),
                DataType::Reference(payload.clone()),
            ),
        }
    }
}

fn note(deprecated: &Deprecated) -> String {
    deprecated.note.as_deref().unwrap_or_default().to_owned()
}

/// The two sides of a command's result, if it is one.
fn two_sides(result: &DataType, types: &Types) -> Option<(DataType, DataType)> {
    let DataType::Reference(Reference::Named(reference)) = result else {
        return None;
    };
    let named = types.get(reference)?;
    let is_result =
        named.name == "Result" && matches!(&*named.module_path, "std::result" | "core::result");
    match type_arguments(reference) {
        [(_, ok), (_, err)] if is_result => Some((ok.clone(), err.clone())),
        _ => None,
    }
}

/// What a channel carries, if this is one.
pub fn channel_message(reference: &NamedReference, types: &Types) -> Option<DataType> {
    let named = types.get(reference)?;
    let is_channel = named.name == "TAURI_CHANNEL" && named.module_path.starts_with("tauri::");
    match type_arguments(reference) {
        [(_, message)] if is_channel => Some(message.clone()),
        _ => None,
    }
}
