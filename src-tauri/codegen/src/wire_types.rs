//! The contract's types as serde writes and reads them.
//!
//! specta-serde knows what serde's attributes do; here its answer is made easy to ask for: one
//! [`Part`] for everything that travels, by phase. What a part looks like in JSON Schema or in a
//! client is the business of those.

use std::collections::HashMap;

use specta::{
    Format as _, Types,
    datatype::{
        DataType, Fields, NamedDataType, NamedReference, NamedReferenceType, Reference, Struct,
    },
};
use specta_serde::{PhasesFormat, select_phase_datatype};
use tauri_specta::BuilderConfiguration;

pub use specta_serde::Phase;

use crate::CodegenError;
use parts::Parts;

mod generics;
mod names;
mod parts;

/// Both phases, the written one first.
pub const PHASES: [Phase; 2] = [Phase::Serialize, Phase::Deserialize];

/// Something that travels by itself: an argument, a result, a message, an event.
pub struct Part {
    /// Where it stands, for people: `the argument query of the command find_things`.
    pub place: String,
    /// The phase that the backend is in: it reads arguments and writes everything else. None for
    /// a type that the builder lists by itself, which may travel either way.
    pub phase: Option<Phase>,
    alias: Reference,
}

/// An argument.
pub struct Argument {
    /// Its name on the wire.
    pub name: String,
    /// What it holds; the messages, if it is a channel.
    pub part: Part,
    /// Whether it is a channel.
    pub is_channel: bool,
}

/// A command.
pub struct Command {
    /// Its name on the wire.
    pub name: String,
    /// Its documentation.
    pub docs: String,
    /// Set if it is deprecated; empty without a note.
    pub deprecated: Option<String>,
    /// Its arguments, without what the framework fills in.
    pub args: Vec<Argument>,
    /// What it answers.
    pub ok: Part,
    /// What it refuses with; none if it can't.
    pub err: Option<Part>,
}

/// An event.
pub struct Event {
    /// Its name on the wire.
    pub name: String,
    /// Its documentation.
    pub docs: String,
    /// What it carries.
    pub payload: Part,
}

/// A type that has a name, looked up.
pub struct Named<'a> {
    /// Its name, the same in both phases.
    pub name: &'a str,
    /// Where it is defined, so that two types of one name can be told apart.
    pub identity: &'a str,
    /// As it is in this phase.
    pub definition: &'a NamedDataType,
}

/// The types of a contract, and what travels.
pub struct WireTypes {
    /// The plugin's name, if the contract is that of a plugin.
    pub plugin: Option<&'static str>,
    /// Every command, by name.
    pub commands: Vec<Command>,
    /// Every event, by name.
    pub events: Vec<Event>,
    /// Types that the builder lists by themselves.
    pub listed: Vec<Part>,
    types: Types,
    bases: HashMap<Reference, names::Base>,
}

impl WireTypes {
    /// Those of `contract`.
    ///
    /// # Errors
    /// When specta-serde can't tell how a type is written, or two types get in each other's way.
    pub fn of(contract: &BuilderConfiguration) -> Result<Self, CodegenError> {
        let mut types = contract.types.clone();
        let mut bases = names::bases(&contract.types);
        names::tell_newtypes_apart(&mut types);
        // A part gets a name, so that it is rewritten like any type, in both phases.
        let mut parts = Parts { types: &mut types };
        let mut commands: Vec<_> = contract.commands.iter().collect();
        commands.sort_by_key(|command| command.name());
        let commands = commands
            .into_iter()
            .map(|command| parts.command(command))
            .collect();
        let events = contract
            .events
            .iter()
            .map(|(name, (_, payload))| parts.event(name, payload))
            .collect();
        let listed = contract
            .types
            .roots()
            .enumerate()
            .map(|(number, root)| {
                let place = format!("the listed type number {}", number + 1);
                parts.part(place, None, root.clone())
            })
            .collect();
        let types = PhasesFormat
            .map_types(&types)
            .map_err(|error| CodegenError::UnknownFormat(error.to_string()))?
            .into_owned();
        names::name_both_phases(&contract.types, &types, &mut bases)?;
        Ok(Self {
            plugin: contract.plugin_name,
            commands,
            events,
            listed,
            types,
            bases,
        })
    }

    /// What `part` holds in `phase`.
    pub fn shape(&self, part: &Part, phase: Phase) -> DataType {
        let alias = DataType::Reference(part.alias.clone());
        match select_phase_datatype(&alias, &self.types, phase) {
            DataType::Reference(Reference::Named(reference)) => {
                let named = self.types.get(&reference);
                named
                    .and_then(|named| named.ty.clone())
                    .map_or(alias, |ty| select_phase_datatype(&ty, &self.types, phase))
            }
            other => other,
        }
    }

    /// Everything that travels, but events: see [`Self::payload`].
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        let of_commands = self.commands.iter().flat_map(|command| {
            let args = command.args.iter().map(|argument| &argument.part);
            args.chain([&command.ok]).chain(&command.err)
        });
        of_commands.chain(&self.listed)
    }

    /// What an event carries: a newtype there is a wrapper for the event's sake and isn't seen.
    pub fn payload(&self, event: &Event, phase: Phase) -> DataType {
        let shape = self.shape(&event.payload, phase);
        if let DataType::Reference(Reference::Named(reference)) = &shape
            && let Some(body) = self.body(reference, phase)
            && let DataType::Struct(newtype) = &body
            && let Some(inner) = newtype_content(newtype)
        {
            return inner.clone();
        }
        shape
    }

    /// The type that `reference` names; none for what is written out in place.
    pub fn named(&self, reference: &NamedReference) -> Option<Named<'_>> {
        let definition = self.types.get(reference)?;
        let base = self.bases.get(&definition.reference(Vec::new()))?;
        Some(Named {
            name: &base.name,
            identity: &base.identity,
            definition,
        })
    }

    /// How the type that `reference` names looks in `phase`, its type parameters filled in.
    pub fn body(&self, reference: &NamedReference, phase: Phase) -> Option<DataType> {
        if !matches!(reference.inner, NamedReferenceType::Reference { .. }) {
            return None;
        }
        let mut body = self.types.get(reference)?.ty.clone()?;
        generics::fill_in(&mut body, type_arguments(reference));
        Some(select_phase_datatype(&body, &self.types, phase))
    }

    /// Whether this is `serde_json::Value`: anything at all, whatever it is made of.
    pub fn is_any(&self, reference: &NamedReference) -> bool {
        self.types
            .get(reference)
            .is_some_and(|named| named.name == "Value" && named.module_path == "serde_json")
    }

    /// Whether this is a channel.
    pub fn is_channel(&self, reference: &NamedReference) -> bool {
        parts::channel_message(reference, &self.types).is_some()
    }
}

/// The one field of a newtype.
pub fn newtype_content(newtype: &Struct) -> Option<&DataType> {
    match &newtype.fields {
        Fields::Unnamed(fields) => match fields.fields.as_slice() {
            [field] => field.ty.as_ref(),
            _ => None,
        },
        Fields::Unit | Fields::Named(_) => None,
    }
}

/// The types that fill in a generic type's parameters.
pub fn type_arguments(reference: &NamedReference) -> &[(specta::datatype::Generic, DataType)] {
    match &reference.inner {
        NamedReferenceType::Reference { generics, .. } => generics,
        NamedReferenceType::Inline { .. } | NamedReferenceType::Recursive(_) => &[],
    }
}

/// Documentation without the blanks that comments begin with.
pub fn docs(docs: &str) -> String {
    let lines: Vec<_> = docs.trim().lines().map(str::trim).collect();
    lines.join("\n")
}
