//! One name for each type, though specta-serde makes two of those whose phases differ.

use std::collections::{HashMap, HashSet};

use specta::{
    Types,
    datatype::{DataType, Reference},
};
use specta_serde::select_phase_datatype;

use super::{PHASES, newtype_content};
use crate::CodegenError;

/// What a type is called before it is taken in two.
pub struct Base {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub identity: String,
}

/// The names of `types`.
pub fn bases(types: &Types) -> HashMap<Reference, Base> {
    types
        .into_unsorted_iter()
        .map(|named| {
            let base = Base {
                name: named.name.to_string(),
                identity: format!(
                    "{}::{} at {}",
                    named.module_path, named.name, named.location
                ),
            };
            (named.reference(Vec::new()), base)
        })
        .collect()
}

/// specta-serde finds the two halves of a type by their names alone, and an event's wrapper is
/// often called like what it wraps. A newtype's name isn't on the wire, so it can be changed for
/// as long as that takes.
pub fn tell_newtypes_apart(types: &mut Types) {
    let mut taken: HashMap<String, u32> = HashMap::new();
    for named in types.into_unsorted_iter() {
        *taken.entry(named.name.to_string()).or_default() += 1;
    }
    types.iter_mut(|named| {
        if let Some(DataType::Struct(newtype)) = &named.ty
            && newtype_content(newtype).is_some()
            && taken.get(&*named.name).is_some_and(|times| *times > 1)
        {
            named.name = format!("{} of {}", named.name, named.module_path).into();
        }
    });
}

/// Finds what specta-serde made of each type, and calls both halves by the one name.
pub fn name_both_phases(
    originals: &Types,
    types: &Types,
    bases: &mut HashMap<Reference, Base>,
) -> Result<(), CodegenError> {
    let mut halves = HashSet::new();
    let mut problems = Vec::new();
    for original in originals.into_sorted_iter() {
        let reference = original.reference(Vec::new());
        let Some(base) = bases.remove(&reference) else {
            continue;
        };
        for phase in PHASES {
            let selected =
                select_phase_datatype(&DataType::Reference(reference.clone()), types, phase);
            let DataType::Reference(Reference::Named(half)) = selected else {
                continue;
            };
            let Some(named) = types.get(&half) else {
                continue;
            };
            let half = named.reference(Vec::new());
            if half != reference && !halves.insert(named.name.to_string()) {
                problems.push(format!(
                    "Two types are called {}, one of them in {}. Rename one: clients know types by their names.",
                    base.name, original.module_path
                ));
                break;
            }
            let name = base.name.clone();
            let identity = base.identity.clone();
            bases.insert(half, Base { name, identity });
        }
        bases.insert(reference, base);
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(CodegenError::OffTheWire(problems))
    }
}
