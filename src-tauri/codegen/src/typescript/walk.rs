//! Walks through a type: into its fields, elements and the arguments of its references, but not
//! into what references name.

use specta::datatype::{Attributes, DataType, Fields, NamedReferenceType, Reference};

/// Where serde's `from`, `try_from` and `into` are kept: types that stand for a container.
const CONVERSIONS: [&str; 3] = [
    "serde:container:from_resolved",
    "serde:container:try_from_resolved",
    "serde:container:into_resolved",
];

/// Calls `visit` with `data_type` and with all that stands in it.
pub fn each<'a, E>(
    data_type: &'a DataType,
    visit: &mut impl FnMut(&'a DataType) -> Result<(), E>,
) -> Result<(), E> {
    visit(data_type)?;
    match data_type {
        DataType::List(list) => each(&list.ty, visit),
        DataType::Map(map) => {
            each(map.key_ty(), visit)?;
            each(map.value_ty(), visit)
        }
        DataType::Nullable(inner) => each(inner, visit),
        DataType::Tuple(tuple) => all(&tuple.elements, visit),
        DataType::Intersection(parts) => all(parts, visit),
        DataType::Struct(strct) => {
            conversions(&strct.attributes, visit)?;
            all(types_of(&strct.fields), visit)
        }
        DataType::Enum(enm) => {
            conversions(&enm.attributes, visit)?;
            all(
                enm.variants
                    .iter()
                    .flat_map(|(_, variant)| types_of(&variant.fields)),
                visit,
            )
        }
        DataType::Reference(Reference::Named(reference)) => match &reference.inner {
            NamedReferenceType::Inline { dt, .. } => each(dt, visit),
            NamedReferenceType::Reference { generics, .. } => {
                all(generics.iter().map(|(_, argument)| argument), visit)
            }
            NamedReferenceType::Recursive(_) => Ok(()),
        },
        DataType::Primitive(_)
        | DataType::Generic(_)
        | DataType::Reference(Reference::Opaque(_)) => Ok(()),
    }
}

fn all<'a, E>(
    data_types: impl IntoIterator<Item = &'a DataType>,
    visit: &mut impl FnMut(&'a DataType) -> Result<(), E>,
) -> Result<(), E> {
    data_types
        .into_iter()
        .try_for_each(|data_type| each(data_type, visit))
}

fn conversions<'a, E>(
    attributes: &'a Attributes,
    visit: &mut impl FnMut(&'a DataType) -> Result<(), E>,
) -> Result<(), E> {
    let targets = CONVERSIONS
        .iter()
        .filter_map(|key| attributes.get_named_as::<DataType>(key));
    all(targets, visit)
}

fn types_of(fields: &Fields) -> Vec<&DataType> {
    let fields = match fields {
        Fields::Unit => Vec::new(),
        Fields::Unnamed(unnamed) => unnamed.fields.iter().collect(),
        Fields::Named(named) => named.fields.iter().map(|(_, field)| field).collect(),
    };
    fields
        .into_iter()
        .filter_map(|field| field.ty.as_ref())
        .collect()
}

/// Lets `change` replace `data_type` and whatever stands in it, from the outside in. The arguments
/// of references are left out unless `arguments` says otherwise.
pub fn change_each(data_type: &mut DataType, arguments: bool, change: &impl Fn(&mut DataType)) {
    change(data_type);
    match data_type {
        DataType::List(list) => change_each(&mut list.ty, arguments, change),
        DataType::Map(map) => {
            change_each(map.key_ty_mut(), arguments, change);
            change_each(map.value_ty_mut(), arguments, change);
        }
        DataType::Nullable(inner) => change_each(inner, arguments, change),
        DataType::Tuple(tuple) => {
            for element in &mut tuple.elements {
                change_each(element, arguments, change);
            }
        }
        DataType::Intersection(parts) => {
            for part in parts {
                change_each(part, arguments, change);
            }
        }
        DataType::Struct(strct) => change_fields(&mut strct.fields, arguments, change),
        DataType::Enum(enm) => {
            for (_, variant) in &mut enm.variants {
                change_fields(&mut variant.fields, arguments, change);
            }
        }
        DataType::Reference(Reference::Named(reference)) => match &mut reference.inner {
            NamedReferenceType::Inline { dt, .. } => change_each(dt, arguments, change),
            NamedReferenceType::Reference { generics, .. } if arguments => {
                for (_, argument) in generics {
                    change_each(argument, arguments, change);
                }
            }
            NamedReferenceType::Reference { .. } | NamedReferenceType::Recursive(_) => {}
        },
        DataType::Primitive(_)
        | DataType::Generic(_)
        | DataType::Reference(Reference::Opaque(_)) => {}
    }
}

fn change_fields(fields: &mut Fields, arguments: bool, change: &impl Fn(&mut DataType)) {
    let fields: Vec<_> = match fields {
        Fields::Unit => Vec::new(),
        Fields::Unnamed(unnamed) => unnamed.fields.iter_mut().collect(),
        Fields::Named(named) => named.fields.iter_mut().map(|(_, field)| field).collect(),
    };
    for field in fields {
        if let Some(data_type) = &mut field.ty {
            change_each(data_type, arguments, change);
        }
    }
}
