//! Makes types fit for TypeScript, before `specta_serde` brings them into the shape that they have
//! on the wire: any JSON, floating-point numbers, a `Result` in a value, and what docs may hold.

use std::{borrow::Cow, collections::BTreeSet};

use specta::{
    Types,
    datatype::{DataType, Fields, NamedDataType, Primitive},
};
use specta_typescript::{Number, define};

use super::{
    text,
    types::Use,
    walk,
    ways::{key, reach},
};
use crate::CodegenError;

/// Leaves what is used, and makes it fit for TypeScript.
pub fn prepare(
    types: &mut Types,
    uses: &mut [Use],
    finite_floats: bool,
) -> Result<(), CodegenError> {
    let mut used_types = BTreeSet::new();
    for used in uses.iter() {
        reach(types, &used.data_type, &used.place, &mut used_types)?;
    }
    let change: fn(&mut DataType) = if finite_floats { finite } else { phased };
    types.iter_mut(|named| {
        if !used_types.contains(&key(named)) {
            // An event's wrapper most often has the name of what it wraps.
            named.ty = None;
            return;
        }
        if named.name == "Value" && named.module_path.starts_with("serde_json") {
            named.module_path = JSON_VALUE.into();
            named.ty = Some(define("unknown").into());
        } else if is_result(named) {
            named.name = "RustResult".into();
            named.docs = "A `Result` of Rust's within a value.".into();
        }
        tidy_docs(named);
        if let Some(data_type) = &mut named.ty {
            walk::change_each(data_type, finite_floats, &change);
        }
    });
    for used in uses {
        walk::change_each(&mut used.data_type, finite_floats, &change);
    }
    Ok(())
}

fn tidy_docs(named: &mut NamedDataType) {
    named.docs = text::plain_docs(&named.docs).into();
    if let Some(deprecated) = &mut named.deprecated {
        deprecated.note = text::deprecation(deprecated).map(Cow::Owned);
    }
    let Some(data_type) = &mut named.ty else {
        return;
    };
    let tidy = |data_type: &mut DataType| {
        let fields: Vec<_> = match data_type {
            DataType::Struct(strct) => vec![&mut strct.fields],
            DataType::Enum(enm) => {
                let variants = enm.variants.iter_mut();
                variants.map(|(_, variant)| &mut variant.fields).collect()
            }
            _ => return,
        };
        for fields in fields {
            let fields: Vec<_> = match fields {
                Fields::Unit => continue,
                Fields::Unnamed(fields) => fields.fields.iter_mut().collect(),
                Fields::Named(fields) => fields.fields.iter_mut().map(|(_, it)| it).collect(),
            };
            for field in fields {
                field.docs = text::plain_docs(&field.docs).into();
                if let Some(deprecated) = &mut field.deprecated {
                    deprecated.note = text::deprecation(deprecated).map(Cow::Owned);
                }
            }
        }
    };
    walk::change_each(data_type, true, &tidy);
}

/// Floating-point numbers that are finite.
pub fn finite(data_type: &mut DataType) {
    if is_number(data_type) {
        *data_type = number();
    }
}

/// Floating-point numbers that are null on the way from the backend when they aren't finite, and
/// never on the way to it: serde takes no null for a number.
fn phased(data_type: &mut DataType) {
    match data_type {
        DataType::Primitive(_) if is_number(data_type) => {
            *data_type = specta_serde::phased(data_type.clone(), number());
        }
        _ => {
            if is_number(data_type) {
                *data_type = number();
            }
        }
    }
}

fn is_number(data_type: &DataType) -> bool {
    match data_type {
        DataType::Primitive(primitive) => {
            matches!(primitive, Primitive::f16 | Primitive::f32 | Primitive::f64)
        }
        // `serde_json::Number`, whose 64-bit variants are no reason to refuse it.
        DataType::Enum(enm) => enm.attributes.contains_key("specta:finite_number"),
        _ => false,
    }
}

fn number() -> DataType {
    <Number as specta::Type>::definition(&mut Types::default())
}

/// Whether it stands for any JSON.
pub fn is_json_value(named: &NamedDataType) -> bool {
    named.module_path == JSON_VALUE
}

/// What [`prepare`] marks `serde_json::Value` with, whose name is chosen later.
const JSON_VALUE: &str = "serde_json::Value";

fn is_result(named: &NamedDataType) -> bool {
    named.name == "Result" && named.module_path.starts_with("std::result")
}
