//! In which directions each type goes, and what it is therefore called.
//!
//! `specta_serde` splits a type that looks different in the two directions into halves, and every
//! type that uses it. A half that goes alone keeps the type's name.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    panic::Location,
};

use specta::{
    Types,
    datatype::{DataType, Enum, Fields, NamedDataType, Reference},
};
use specta_serde::Phase;

use super::{
    fit::{finite, is_json_value},
    text,
    types::Use,
    walk,
};
use crate::CodegenError;

/// Tells types apart that have the same name.
pub type Key = (Cow<'static, str>, Cow<'static, str>, Location<'static>);

/// In which directions a type goes.
#[derive(Clone, Copy, Default)]
pub struct Ways {
    sent: bool,
    taken: bool,
}

pub fn key(named: &NamedDataType) -> Key {
    (
        named.module_path.clone(),
        named.name.clone(),
        named.location,
    )
}

/// Collects every type that `data_type` names, and those that they name.
pub fn reach(
    types: &Types,
    data_type: &DataType,
    place: &str,
    found: &mut BTreeSet<Key>,
) -> Result<(), CodegenError> {
    walk::each(data_type, &mut |data_type| {
        let DataType::Reference(Reference::Named(reference)) = data_type else {
            return Ok(());
        };
        let Some(named) = types.get(reference) else {
            return Err(unsupported(place, "a type that was not collected"));
        };
        if is_channel(named) {
            return Err(CodegenError::MisplacedChannel {
                place: place.to_owned(),
            });
        }
        if found.insert(key(named))
            && let Some(data_type) = &named.ty
        {
            reach(types, data_type, place, found)?;
        }
        Ok(())
    })
}

/// Whether it stands for `tauri::ipc::Channel`.
pub fn is_channel(named: &NamedDataType) -> bool {
    named.name == "TAURI_CHANNEL" && named.module_path.starts_with("tauri::")
}

/// The shape that a stand-in has got in one direction.
pub fn shape(types: &Types, stand_in: &Reference, phase: Phase) -> Option<DataType> {
    let Reference::Named(reference) = stand_in else {
        return None;
    };
    let named = types.get(reference)?;
    let chosen = match halves(types, named) {
        Some((sent, _)) if phase == Phase::Serialize => sent,
        Some((_, taken)) => taken,
        None => named,
    };
    chosen.ty.clone()
}

/// The two types that a type was split into: what is sent, and what is taken.
fn halves<'a>(
    types: &'a Types,
    named: &NamedDataType,
) -> Option<(&'a NamedDataType, &'a NamedDataType)> {
    let Some(DataType::Enum(Enum { variants, .. })) = &named.ty else {
        return None;
    };
    let half = |index: usize, suffix: &str| {
        let (_, variant) = variants.get(index)?;
        let Fields::Unnamed(fields) = &variant.fields else {
            return None;
        };
        let Some(DataType::Reference(Reference::Named(reference))) = &fields.fields.first()?.ty
        else {
            return None;
        };
        let half = types.get(reference)?;
        half.name.ends_with(suffix).then_some(half)
    };
    match variants.len() {
        2 => Some((half(0, "_Serialize")?, half(1, "_Deserialize")?)),
        _ => None,
    }
}

/// In which directions each type goes.
pub fn ways(types: &Types, uses: &[Use]) -> Result<BTreeMap<Key, Ways>, CodegenError> {
    let mut ways: BTreeMap<Key, Ways> = BTreeMap::new();
    for phase in [Phase::Serialize, Phase::Deserialize] {
        let mut found = BTreeSet::new();
        for used in uses.iter().filter(|used| used.phase == phase) {
            reach(types, &used.data_type, &used.place, &mut found)?;
        }
        for key in found {
            let ways = ways.entry(key).or_default();
            match phase {
                Phase::Serialize => ways.sent = true,
                Phase::Deserialize => ways.taken = true,
            }
        }
    }
    Ok(ways)
}

/// What each type that is used will be called.
pub fn names(
    types: &Types,
    ways: &BTreeMap<Key, Ways>,
) -> Result<BTreeMap<Key, String>, CodegenError> {
    let mut halves_of = BTreeMap::new();
    for named in types.into_unsorted_iter() {
        if let Some((sent, taken)) = halves(types, named) {
            halves_of.insert(key(sent), (named.name.to_string(), None));
            halves_of.insert(key(taken), (named.name.to_string(), Some(key(sent))));
        }
    }
    let mut names = BTreeMap::new();
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    for named in types.into_sorted_iter() {
        let key = key(named);
        // What is written in place has no definition, and needs no name.
        if !ways.contains_key(&key) || named.ty.is_none() || is_json_value(named) {
            continue;
        }
        let name = match halves_of.get(&key) {
            Some((name, Some(sent))) if ways.contains_key(sent) => format!("{name}Input"),
            Some((name, _)) => name.clone(),
            None => named.name.to_string(),
        };
        let module = named.module_path.to_string();
        if let Some(first) = modules.insert(name.clone(), module.clone()) {
            return Err(CodegenError::TypeNameTaken {
                name,
                first,
                second: module,
            });
        }
        names.insert(key, name);
    }
    Ok(names)
}

/// Gives the types their names, and tells in their docs what their variants mean.
pub fn settle(
    types: &mut Types,
    ways: &BTreeMap<Key, Ways>,
    names: &BTreeMap<Key, String>,
    finite_floats: bool,
) {
    types.iter_mut(|named| {
        let key = key(named);
        let Some(name) = names.get(&key) else {
            // What was split in two has the name that one half is given now.
            if !is_json_value(named) {
                named.ty = None;
            }
            return;
        };
        named.name = Cow::Owned(name.clone());
        if let Some(DataType::Enum(enm)) = &mut named.ty {
            named.docs = Cow::Owned(with_variants(&named.docs, enm));
            for (_, variant) in &mut enm.variants {
                variant.docs = Cow::Borrowed("");
            }
        }
        let is_taken_alone = ways.get(&key).is_some_and(|ways| ways.taken && !ways.sent);
        if let Some(data_type) = &mut named.ty
            && (finite_floats || is_taken_alone)
        {
            walk::change_each(data_type, true, &finite);
        }
    });
}

/// A type's docs with those of its variants, for which a union has no place.
fn with_variants(docs: &str, enm: &Enum) -> String {
    let variants: Vec<_> = enm
        .variants
        .iter()
        .filter(|(name, variant)| !variant.skip && !name.is_empty() && !variant.docs.is_empty())
        .map(|(name, variant)| {
            let words = text::plain_docs(&variant.docs);
            let words: Vec<_> = words.split_whitespace().collect();
            format!("- `{name}`: {}", words.join(" "))
        })
        .collect();
    match (docs, variants.is_empty()) {
        (_, true) => docs.to_owned(),
        ("", false) => variants.join("\n"),
        (_, false) => format!("{docs}\n\n{}", variants.join("\n")),
    }
}

pub fn unsupported(place: &str, what: &str) -> CodegenError {
    CodegenError::UnsupportedType {
        place: place.to_owned(),
        what: what.to_owned(),
    }
}
