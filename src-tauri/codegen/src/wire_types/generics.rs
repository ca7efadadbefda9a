//! Fills in type parameters.

use specta::datatype::{DataType, Fields, Generic, NamedReferenceType, Reference};

/// Puts `arguments` in the place of the parameters that stand in `data_type`.
pub fn fill_in(data_type: &mut DataType, arguments: &[(Generic, DataType)]) {
    if arguments.is_empty() {
        return;
    }
    match data_type {
        DataType::Generic(parameter) => {
            if let Some((_, argument)) = arguments.iter().find(|(name, _)| name == parameter) {
                *data_type = argument.clone();
            }
        }
        DataType::List(list) => fill_in(&mut list.ty, arguments),
        DataType::Map(map) => {
            fill_in(map.key_ty_mut(), arguments);
            fill_in(map.value_ty_mut(), arguments);
        }
        DataType::Nullable(inner) => fill_in(inner, arguments),
        DataType::Struct(strukt) => fill_in_fields(&mut strukt.fields, arguments),
        DataType::Enum(choice) => {
            for (_, variant) in &mut choice.variants {
                fill_in_fields(&mut variant.fields, arguments);
            }
        }
        DataType::Tuple(tuple) => {
            for element in &mut tuple.elements {
                fill_in(element, arguments);
            }
        }
        DataType::Intersection(parts) => {
            for part in parts {
                fill_in(part, arguments);
            }
        }
        DataType::Reference(Reference::Named(reference)) => match &mut reference.inner {
            NamedReferenceType::Reference { generics, .. } => {
                for (_, argument) in generics {
                    fill_in(argument, arguments);
                }
            }
            NamedReferenceType::Inline { dt, .. } => fill_in(dt, arguments),
            NamedReferenceType::Recursive(_) => {}
        },
        DataType::Primitive(_) | DataType::Reference(Reference::Opaque(_)) => {}
    }
}

fn fill_in_fields(fields: &mut Fields, arguments: &[(Generic, DataType)]) {
    let fields: Vec<_> = match fields {
        Fields::Unit => return,
        Fields::Unnamed(unnamed) => unnamed.fields.iter_mut().collect(),
        Fields::Named(named) => named.fields.iter_mut().map(|(_, field)| field).collect(),
    };
    for field in fields {
        if let Some(data_type) = &mut field.ty {
            fill_in(data_type, arguments);
        }
    }
}
