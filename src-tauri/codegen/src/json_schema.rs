//! JSON Schemas (2020-12) of the contract's types.
//!
//! A [`SchemaWriter`] turns what serde writes or reads into a schema and remembers every named type
//! on the way. Which types there are, and what serde does to them, is `wire_types`' business; how
//! the named ones are called in the end is [`definitions`]'.

pub mod definitions;
mod enums;
mod names;
mod pieces;

use serde_json::{Value, json};
use specta::datatype::{
    DataType, Deprecated, Field, Fields, List, Map, NamedReference, NamedReferenceType, Primitive,
    Reference,
};

use crate::wire_types::{self, Phase, WireTypes};
use definitions::Definitions;
use enums::Others;

pub use names::primitive_name;

/// Writes schemas of one phase.
pub struct SchemaWriter<'a, 'w> {
    /// The types.
    pub wire: &'w WireTypes,
    /// Whether the backend writes or reads.
    pub phase: Phase,
    /// Whether documentation is carried over.
    pub docs: bool,
    /// Where named types are put, and what can't be described.
    pub found: &'a mut Definitions,
    /// What is being described, for people.
    pub place: &'a str,
}

impl SchemaWriter<'_, '_> {
    /// The schema of `data_type`. What can't be described is `true`, and told in `found`.
    pub fn schema(&mut self, data_type: &DataType) -> Value {
        match data_type {
            DataType::Primitive(primitive) => of_primitive(primitive),
            DataType::List(list) => self.list(list),
            DataType::Map(map) => self.map(map),
            DataType::Nullable(inner) => pieces::nullable(self.schema(inner)),
            DataType::Struct(strukt) => self.fields(&strukt.fields),
            DataType::Enum(choice) => self.choice(choice, Others::Refused),
            DataType::Tuple(tuple) if tuple.elements.is_empty() => json!({"type": "null"}),
            DataType::Tuple(tuple) => {
                let elements: Vec<_> = tuple.elements.iter().map(|ty| self.schema(ty)).collect();
                let least = elements.len();
                pieces::tuple(elements, least)
            }
            DataType::Intersection(parts) => self.intersection(parts),
            DataType::Reference(Reference::Named(reference)) => self.reference(reference),
            DataType::Reference(Reference::Opaque(opaque)) => {
                let what = format!("the opaque type {}", opaque.type_name());
                self.refuse(&what, "Write a type that serde describes")
            }
            DataType::Generic(parameter) => {
                let what = format!(
                    "the type parameter {}, which nothing fills in",
                    parameter.name()
                );
                self.refuse(&what, "Name a type there")
            }
        }
    }

    fn reference(&mut self, reference: &NamedReference) -> Value {
        if self.wire.is_any(reference) {
            return Value::Bool(true);
        }
        match &reference.inner {
            NamedReferenceType::Inline { dt, .. } => return self.schema(dt),
            NamedReferenceType::Recursive(_) => {
                return self.refuse(
                    "a type that is written out in place and holds itself",
                    "Take #[specta(inline)] away",
                );
            }
            NamedReferenceType::Reference { .. } => {}
        }
        // Where a channel may stand is a rule of its own.
        if self.wire.is_channel(reference) {
            return Value::Bool(true);
        }
        let Some(body) = self.wire.body(reference, self.phase) else {
            return self.refuse("a type without a definition", "Derive specta::Type for it");
        };
        let Some((name, identity)) = self.name(reference) else {
            return self.refuse("a type that nobody collected", "Derive specta::Type for it");
        };
        if self.found.begin(&name, self.phase, &identity) {
            let mut schema = self.schema(&body);
            if let Some(named) = self.wire.named(reference) {
                let definition = named.definition;
                schema = self.documented(schema, &definition.docs, definition.deprecated.as_ref());
            }
            self.found.finish(&name, self.phase, schema);
        }
        definitions::reference(&name, self.phase)
    }

    fn list(&mut self, list: &List) -> Value {
        let mut schema = json!({"type": "array", "items": self.schema(&list.ty)});
        if let Some(length) = list.length {
            schema["minItems"] = json!(length);
            schema["maxItems"] = json!(length);
        }
        schema
    }

    fn map(&mut self, map: &Map) -> Value {
        let mut schema = json!({
            "type": "object",
            "additionalProperties": self.schema(map.value_ty()),
        });
        let keys = self.schema(map.key_ty());
        if keys != json!({"type": "string"}) {
            schema["propertyNames"] = keys;
        }
        schema
    }

    /// A struct or what a variant holds.
    fn fields(&mut self, fields: &Fields) -> Value {
        match fields {
            Fields::Unit => json!({"type": "null"}),
            Fields::Unnamed(fields) => {
                let live: Vec<_> = fields.fields.iter().filter(|f| f.ty.is_some()).collect();
                if let ([field], 1) = (live.as_slice(), fields.fields.len()) {
                    return self.field(field);
                }
                // Only what stands at the end can be left out.
                let needed = live
                    .iter()
                    .rposition(|f| !f.optional)
                    .map_or(0, |last| last + 1);
                let elements = live.into_iter().map(|field| self.field(field)).collect();
                pieces::tuple(elements, needed)
            }
            Fields::Named(fields) => {
                let fields: Vec<_> = fields
                    .fields
                    .iter()
                    .filter(|(_, field)| field.ty.is_some())
                    .map(|(name, field)| (name.to_string(), self.field(field), !field.optional))
                    .collect();
                pieces::object(fields)
            }
        }
    }

    fn field(&mut self, field: &Field) -> Value {
        let schema = field
            .ty
            .as_ref()
            .map_or(Value::Bool(true), |ty| self.schema(ty));
        self.documented(schema, &field.docs, field.deprecated.as_ref())
    }

    /// What holds for every part at once: a flattened struct. A flattened map takes whatever
    /// properties the others leave.
    fn intersection(&mut self, parts: &[DataType]) -> Value {
        let mut schemas = Vec::new();
        let mut rest = None;
        for part in parts {
            match self.flattened_map(part) {
                Some(map) => rest = Some(self.schema(map.value_ty())),
                None => schemas.push(self.flattened(part)),
            }
        }
        match (schemas.as_slice(), rest) {
            ([one], None) => one.clone(),
            (_, None) => json!({"type": "object", "allOf": schemas}),
            (_, Some(rest)) => json!({
                "type": "object",
                "allOf": schemas,
                "unevaluatedProperties": rest,
            }),
        }
    }

    /// A flattened enum shares its object with others, so that a variant's key isn't the only one.
    fn flattened(&mut self, part: &DataType) -> Value {
        let body = match part {
            DataType::Reference(Reference::Named(reference)) => {
                self.wire.body(reference, self.phase)
            }
            other => Some(other.clone()),
        };
        match body {
            Some(DataType::Enum(choice)) if enums::has_strict(&choice) => {
                self.choice(&choice, Others::Allowed)
            }
            _ => self.schema(part),
        }
    }

    fn flattened_map(&self, part: &DataType) -> Option<Map> {
        match part {
            DataType::Map(map) => Some(map.clone()),
            DataType::Reference(Reference::Named(reference)) => match &reference.inner {
                NamedReferenceType::Inline { dt, .. } => self.flattened_map(dt),
                _ => self.flattened_map(&self.wire.body(reference, self.phase)?),
            },
            DataType::Struct(newtype) => self.flattened_map(wire_types::newtype_content(newtype)?),
            _ => None,
        }
    }

    fn documented(&self, schema: Value, docs: &str, deprecated: Option<&Deprecated>) -> Value {
        let docs = if self.docs {
            wire_types::docs(docs)
        } else {
            String::new()
        };
        pieces::annotated(schema, &docs, deprecated.is_some())
    }

    fn refuse(&mut self, what: &str, instead: &str) -> Value {
        let place = self.place;
        self.found.problem(format!(
            "In {place} stands {what}, which can't be described. {instead}."
        ));
        Value::Bool(true)
    }
}

fn of_primitive(primitive: &Primitive) -> Value {
    let integer =
        |least: Value, most: Value| json!({"type": "integer", "minimum": least, "maximum": most});
    match primitive {
        Primitive::i8 => integer(i8::MIN.into(), i8::MAX.into()),
        Primitive::i16 => integer(i16::MIN.into(), i16::MAX.into()),
        Primitive::i32 => integer(i32::MIN.into(), i32::MAX.into()),
        Primitive::u8 => integer(u8::MIN.into(), u8::MAX.into()),
        Primitive::u16 => integer(u16::MIN.into(), u16::MAX.into()),
        Primitive::u32 => integer(u32::MIN.into(), u32::MAX.into()),
        // Not on the wire: a rule of its own.
        Primitive::i64 | Primitive::i128 | Primitive::isize => json!({"type": "integer"}),
        Primitive::u64 | Primitive::u128 | Primitive::usize => {
            json!({"type": "integer", "minimum": 0})
        }
        // serde_json writes null for what isn't finite, and no client reads that as a number: to
        // send it is a fault of the backend and no part of the contract.
        Primitive::f16 | Primitive::f32 | Primitive::f64 | Primitive::f128 => {
            json!({"type": "number"})
        }
        Primitive::bool => json!({"type": "boolean"}),
        Primitive::char => json!({"type": "string", "minLength": 1, "maxLength": 1}),
        Primitive::str => json!({"type": "string"}),
    }
}
