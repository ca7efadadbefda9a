//! What types are called in schemas: their own names, and `Page_Stored` for a generic one.

use specta::datatype::{DataType, NamedReference, NamedReferenceType, Primitive, Reference};

use super::SchemaWriter;
use crate::wire_types;

impl SchemaWriter<'_, '_> {
    /// What the named type is called with its type arguments, `Page_Stored`, and what tells it
    /// from others of that name.
    pub(super) fn name(&mut self, reference: &NamedReference) -> Option<(String, String)> {
        let named = self.wire.named(reference)?;
        let (mut name, mut identity) = (named.name.to_owned(), named.identity.to_owned());
        for (_, argument) in wire_types::type_arguments(reference) {
            let (part, of) = self.argument_name(argument);
            name = format!("{name}_{part}");
            identity = format!("{identity}, {of}");
        }
        Some((name, identity))
    }

    fn argument_name(&mut self, argument: &DataType) -> (String, String) {
        let mut of = |prefix: &str, inner: &DataType| {
            let (name, identity) = self.argument_name(inner);
            (
                format!("{prefix}_{name}"),
                format!("{prefix} of {identity}"),
            )
        };
        let plain = |name: &str| (name.to_owned(), name.to_owned());
        match argument {
            DataType::Primitive(primitive) => plain(&primitive_name(primitive)),
            DataType::List(list) => of("List", &list.ty),
            DataType::Map(map) => of("Map", map.value_ty()),
            DataType::Nullable(inner) => of("Option", inner),
            DataType::Tuple(tuple) => {
                let mut both = plain("Tuple");
                for element in &tuple.elements {
                    let (name, identity) = self.argument_name(element);
                    both = (
                        format!("{}_{name}", both.0),
                        format!("{}, {identity}", both.1),
                    );
                }
                both
            }
            DataType::Reference(Reference::Named(reference)) => match &reference.inner {
                NamedReferenceType::Inline { dt, .. } => self.argument_name(dt),
                _ => self.name(reference).unwrap_or_else(|| plain("Unknown")),
            },
            _ => {
                self.refuse("a type without a name as a type argument", "Give it a name");
                plain("Unknown")
            }
        }
    }
}

/// What `primitive` is called in Rust.
pub fn primitive_name(primitive: &Primitive) -> String {
    match primitive {
        Primitive::str => "String".to_owned(),
        other => format!("{other:?}"),
    }
}
