//! What a value of a type can be in JSON. By this a client tells a command's own error from what
//! the framework refuses with.

use specta::{
    Types,
    datatype::{
        DataType, Enum, Fields, Generic, NamedReference, NamedReferenceType, Primitive, Reference,
    },
};

/// Kinds of JSON values, by the names that the client's runtime has for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JsonKinds(u8);

impl JsonKinds {
    /// Nothing at all.
    pub const NONE: Self = Self(0);
    const NULL: Self = Self(1);
    const BOOLEAN: Self = Self(1 << 1);
    const NUMBER: Self = Self(1 << 2);
    const STRING: Self = Self(1 << 3);
    const ARRAY: Self = Self(1 << 4);
    /// An object.
    pub const OBJECT: Self = Self(1 << 5);
    const ANY: Self = Self((1 << 6) - 1);

    const NAMES: [(Self, &'static str); 6] = [
        (Self::NULL, "null"),
        (Self::BOOLEAN, "boolean"),
        (Self::NUMBER, "number"),
        (Self::STRING, "string"),
        (Self::ARRAY, "array"),
        (Self::OBJECT, "object"),
    ];

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The names, in one order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES
            .into_iter()
            .filter(move |(kind, _)| self.0 & kind.0 != 0)
            .map(|(_, name)| name)
    }
}

/// What a value of `data_type`, already as it looks on the wire, can be.
pub fn of(data_type: &DataType, types: &Types, floats_can_be_null: bool) -> JsonKinds {
    Walk {
        types,
        floats_can_be_null,
        visited: Vec::new(),
    }
    .of(data_type, &[])
}

struct Walk<'a> {
    types: &'a Types,
    floats_can_be_null: bool,
    visited: Vec<NamedReference>,
}

impl Walk<'_> {
    fn of(&mut self, data_type: &DataType, arguments: &[(Generic, DataType)]) -> JsonKinds {
        match data_type {
            DataType::Primitive(primitive) => match primitive {
                Primitive::bool => JsonKinds::BOOLEAN,
                Primitive::str | Primitive::char => JsonKinds::STRING,
                Primitive::f16 | Primitive::f32 | Primitive::f64 if self.floats_can_be_null => {
                    JsonKinds::NUMBER.or(JsonKinds::NULL)
                }
                _ => JsonKinds::NUMBER,
            },
            DataType::List(_) => JsonKinds::ARRAY,
            DataType::Tuple(tuple) if tuple.elements.is_empty() => JsonKinds::NULL,
            DataType::Tuple(_) => JsonKinds::ARRAY,
            DataType::Map(_) | DataType::Intersection(_) => JsonKinds::OBJECT,
            DataType::Nullable(inner) => JsonKinds::NULL.or(self.of(inner, arguments)),
            DataType::Struct(strct) => match &strct.fields {
                Fields::Unit => JsonKinds::NULL,
                fields => self.of_fields(fields, arguments),
            },
            DataType::Enum(enm) => self.of_enum(enm, arguments),
            DataType::Generic(generic) => arguments
                .iter()
                .find(|(parameter, _)| parameter == generic)
                // The arguments themselves name no parameters of this type.
                .map_or(JsonKinds::ANY, |(_, argument)| self.of(argument, &[])),
            DataType::Reference(Reference::Named(reference)) => self.of_named(reference),
            DataType::Reference(Reference::Opaque(_)) => JsonKinds::ANY,
        }
    }

    fn of_enum(&mut self, enm: &Enum, arguments: &[(Generic, DataType)]) -> JsonKinds {
        enm.variants
            .iter()
            .filter(|(_, variant)| !variant.skip)
            .map(|(_, variant)| match &variant.fields {
                Fields::Unit => JsonKinds::STRING,
                fields => self.of_fields(fields, arguments),
            })
            .fold(JsonKinds::NONE, JsonKinds::or)
    }

    fn of_fields(&mut self, fields: &Fields, arguments: &[(Generic, DataType)]) -> JsonKinds {
        match fields {
            Fields::Unit => JsonKinds::NULL,
            Fields::Named(_) => JsonKinds::OBJECT,
            Fields::Unnamed(fields) => match fields.fields.as_slice() {
                [field] => field
                    .ty
                    .as_ref()
                    .map_or(JsonKinds::NULL, |inner| self.of(inner, arguments)),
                _ => JsonKinds::ARRAY,
            },
        }
    }

    fn of_named(&mut self, reference: &NamedReference) -> JsonKinds {
        let arguments = match &reference.inner {
            NamedReferenceType::Inline { dt, .. } => return self.of(dt, &[]),
            NamedReferenceType::Reference { generics, .. } => generics.as_slice(),
            NamedReferenceType::Recursive(_) => return JsonKinds::ANY,
        };
        // A type that is made of itself adds nothing the second time.
        if self.visited.contains(reference) {
            return JsonKinds::NONE;
        }
        self.visited.push(reference.clone());
        let types = self.types;
        let named = types.get(reference).and_then(|named| named.ty.as_ref());
        named.map_or(JsonKinds::ANY, |inner| self.of(inner, arguments))
    }
}
