//! Rules about single types: numbers, channels, maps, names of fields.

use std::collections::HashSet;

use specta::datatype::{
    DataType, Enum, Fields, NamedReference, NamedReferenceType, Primitive, Reference,
};

use super::names::field_problem;
use crate::{
    json_schema::primitive_name,
    wire_types::{self, PHASES, Phase, WireTypes},
};

/// Looks at everything that travels, in the phase in which it does.
pub fn problems(wire: &WireTypes) -> Vec<String> {
    let mut walk = Walk {
        wire,
        phase: Phase::Serialize,
        seen: HashSet::new(),
        told: HashSet::new(),
        problems: Vec::new(),
    };
    for part in wire.parts() {
        let phases = part
            .phase
            .as_ref()
            .map_or(&PHASES[..], std::slice::from_ref);
        for phase in phases {
            walk.part(&part.place, &wire.shape(part, *phase), *phase);
        }
    }
    for event in &wire.events {
        let payload = wire.payload(event, Phase::Serialize);
        walk.part(&event.payload.place, &payload, Phase::Serialize);
    }
    walk.problems
}

/// Where something stands.
#[derive(Clone)]
struct Spot<'a> {
    /// What travels: `the result of the command get_job`.
    place: &'a str,
    /// The named type that it is in, and the way to it from there: `Page`, `items`.
    owner: Option<String>,
    fields: Vec<String>,
}

impl Spot<'_> {
    fn field(&self, name: &str) -> Self {
        let mut spot = self.clone();
        spot.fields.push(name.to_owned());
        spot
    }

    /// The place, for people, and what must be told only once.
    fn text(&self) -> String {
        let mut text = String::new();
        if !self.fields.is_empty() {
            text = format!("the field {} of ", self.fields.join("."));
        }
        match &self.owner {
            Some(owner) => text + owner,
            None => text + self.place,
        }
    }
}

struct Walk<'w> {
    wire: &'w WireTypes,
    phase: Phase,
    seen: HashSet<(String, bool)>,
    told: HashSet<String>,
    problems: Vec<String>,
}

impl Walk<'_> {
    fn part(&mut self, place: &str, shape: &DataType, phase: Phase) {
        self.phase = phase;
        let spot = Spot {
            place,
            owner: None,
            fields: Vec::new(),
        };
        self.visit(shape, &spot);
    }

    fn visit(&mut self, data_type: &DataType, spot: &Spot<'_>) {
        match data_type {
            DataType::Primitive(primitive) => self.number(primitive, spot),
            DataType::List(list) => self.visit(&list.ty, spot),
            DataType::Map(map) => {
                self.key(map.key_ty(), spot);
                self.visit(map.value_ty(), spot);
            }
            DataType::Nullable(inner) => self.visit(inner, spot),
            DataType::Struct(strukt) => self.fields(&strukt.fields, spot),
            DataType::Enum(choice) => {
                for (_, variant) in &choice.variants {
                    self.fields(&variant.fields, spot);
                }
            }
            DataType::Tuple(tuple) => {
                for element in &tuple.elements {
                    self.visit(element, spot);
                }
            }
            DataType::Intersection(parts) => {
                for part in parts {
                    self.visit(part, spot);
                }
            }
            DataType::Reference(Reference::Named(reference)) => self.reference(reference, spot),
            DataType::Reference(Reference::Opaque(_)) | DataType::Generic(_) => {}
        }
    }

    fn fields(&mut self, fields: &Fields, spot: &Spot<'_>) {
        match fields {
            Fields::Unit => {}
            Fields::Unnamed(fields) => {
                for data_type in fields.fields.iter().filter_map(|field| field.ty.as_ref()) {
                    self.visit(data_type, spot);
                }
            }
            Fields::Named(fields) => {
                for (name, field) in &fields.fields {
                    let spot = spot.field(name);
                    if let Some(problem) = field_problem(name) {
                        self.tell(&spot, &problem);
                    }
                    if let Some(data_type) = &field.ty {
                        self.visit(data_type, &spot);
                    }
                }
            }
        }
    }

    fn reference(&mut self, reference: &NamedReference, spot: &Spot<'_>) {
        if self.wire.is_any(reference) {
            return;
        }
        if self.wire.is_channel(reference) {
            self.tell(
                spot,
                "holds a channel, and a client can make one only for an argument. Make the channel an argument of its own: `on_step: Channel<Step>`",
            );
            return;
        }
        if let NamedReferenceType::Inline { dt, .. } = &reference.inner {
            self.visit(dt, spot);
            return;
        }
        // What fills in a type's parameters is looked at where it is named.
        for (_, argument) in wire_types::type_arguments(reference) {
            self.visit(argument, spot);
        }
        let Some(named) = self.wire.named(reference) else {
            return;
        };
        let is_read = self.phase == Phase::Deserialize;
        if !self.seen.insert((named.identity.to_owned(), is_read)) {
            return;
        }
        let owner = Spot {
            place: spot.place,
            owner: Some(named.name.to_owned()),
            fields: Vec::new(),
        };
        if let Some(body) = &named.definition.ty {
            self.visit(body, &owner);
        }
    }

    fn number(&mut self, primitive: &Primitive, spot: &Spot<'_>) {
        let is_wide = matches!(
            primitive,
            Primitive::i64
                | Primitive::u64
                | Primitive::i128
                | Primitive::u128
                | Primitive::isize
                | Primitive::usize
        );
        if is_wide {
            let name = primitive_name(primitive);
            self.tell(
                spot,
                &format!(
                    "is a number that JavaScript may round ({name}). Write #[specta(type = f64)] on it if it stays below 2^53, else make it a newtype around a String"
                ),
            );
        }
    }

    fn key(&mut self, key: &DataType, spot: &Spot<'_>) {
        if !self.is_text(key) {
            self.tell(
                spot,
                "is a map whose keys aren't text. Take a String for a key, a newtype around one or an enum without fields",
            );
        }
    }

    fn is_text(&self, key: &DataType) -> bool {
        match key {
            DataType::Primitive(primitive) => {
                matches!(primitive, Primitive::str | Primitive::char)
            }
            DataType::Struct(newtype) => {
                wire_types::newtype_content(newtype).is_some_and(|content| self.is_text(content))
            }
            DataType::Enum(choice) => is_names(choice),
            DataType::Reference(Reference::Named(reference)) => match &reference.inner {
                NamedReferenceType::Inline { dt, .. } => self.is_text(dt),
                NamedReferenceType::Reference { .. } => self
                    .wire
                    .body(reference, self.phase)
                    .is_some_and(|body| self.is_text(&body)),
                NamedReferenceType::Recursive(_) => false,
            },
            // Filled in where the type is named, and looked at then.
            DataType::Generic(_) => true,
            _ => false,
        }
    }

    fn tell(&mut self, spot: &Spot<'_>, what: &str) {
        let text = spot.text();
        if !self.told.insert(format!("{text} {what}")) {
            return;
        }
        let mut sentence = match &spot.owner {
            Some(_) => format!("In {}, {text} {what}.", spot.place),
            None => format!("{text} {what}."),
        };
        if let Some(first) = sentence.get(..1).map(str::to_uppercase) {
            sentence.replace_range(..1, &first);
        }
        self.problems.push(sentence);
    }
}

/// Whether an enum is nothing but its variants' names.
fn is_names(choice: &Enum) -> bool {
    choice
        .variants
        .iter()
        .all(|(_, variant)| match &variant.fields {
            Fields::Unit => true,
            Fields::Unnamed(fields) => match fields.fields.as_slice() {
                [field] => matches!(&field.ty, Some(DataType::Enum(name)) if is_names(name)),
                _ => false,
            },
            Fields::Named(_) => false,
        })
}
