//! The contract's types in TypeScript: which are used, in which direction, and under what name.
//!
//! What a field looks like on the wire is decided by `specta_serde`, how it is spelled by
//! `specta_typescript`. Many types look different on the way to the backend, where a default or an
//! `Option` may be left out, and on the way from it. Such a type is written twice only if it goes
//! both ways: `Thing` is what comes from the backend, `ThingInput` what it takes.

use std::{borrow::Cow, collections::BTreeSet};

use specta::{
    Format as _, Types,
    datatype::{DataType, NamedDataType, Reference},
};
use specta_serde::{Phase, PhasesFormat};
use specta_typescript::{Typescript, primitives};

use super::{
    fit::{finite, is_json_value, prepare},
    kinds, layout, walk,
    ways::{names, settle, shape, unsupported, ways},
};
use crate::CodegenError;

/// A place where a type of the contract stands, and the direction in which it goes.
pub struct Use {
    /// The place in words: `the argument job_id of the command get_job`.
    pub place: String,
    /// Whether the backend writes it or reads it.
    pub phase: Phase,
    /// The type.
    pub data_type: DataType,
}

/// The types that a contract uses, as they look on the wire.
pub struct TypeGraph {
    types: Types,
    uses: Vec<Use>,
    written: BTreeSet<String>,
    finite_floats: bool,
}

impl TypeGraph {
    /// The types of all `uses`. Floating-point numbers can be null on the way from the backend,
    /// for what isn't finite, unless `finite_floats`.
    pub fn new(
        types: &Types,
        mut uses: Vec<Use>,
        finite_floats: bool,
    ) -> Result<Self, CodegenError> {
        let mut types = types.clone();
        prepare(&mut types, &mut uses, finite_floats)?;
        // A use becomes a named type for a while: only those are brought into shape as a whole.
        let stand_ins: Vec<_> = uses
            .iter()
            .enumerate()
            .map(|(index, used)| {
                let data_type = used.data_type.clone();
                // No type of Rust's has a blank in its name.
                NamedDataType::new(format!("Use {index}"), &mut types, |_, named| {
                    named.ty = Some(data_type);
                })
                .reference(Vec::new())
            })
            .collect();
        let mut types = PhasesFormat
            .map_types(&types)
            .map_err(|why| CodegenError::TypeScript(why.to_string()))?
            .into_owned();
        for (used, stand_in) in uses.iter_mut().zip(&stand_ins) {
            used.data_type = shape(&types, stand_in, used.phase)
                .ok_or_else(|| unsupported(&used.place, "a type that was not collected"))?;
        }
        let ways = ways(&types, &uses)?;
        let names = names(&types, &ways)?;
        settle(&mut types, &ways, &names, finite_floats);
        for used in uses
            .iter_mut()
            .filter(|used| used.phase == Phase::Deserialize)
        {
            walk::change_each(&mut used.data_type, true, &finite);
        }
        Ok(Self {
            types,
            uses,
            written: names.into_values().collect(),
            finite_floats,
        })
    }

    /// The names of all types that are written.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.written
    }

    /// What any JSON is called.
    pub fn name_json_value(&mut self, name: &str) {
        self.types.iter_mut(|named| {
            if is_json_value(named) {
                named.name = Cow::Owned(name.to_owned());
            }
        });
    }

    /// Whether any JSON is used.
    pub fn uses_json_value(&self) -> bool {
        let named: Vec<_> = self.written_types();
        let mut found = false;
        let roots = named
            .iter()
            .filter_map(|named| named.ty.as_ref())
            .chain(self.uses.iter().map(|used| &used.data_type));
        for root in roots {
            let _ = walk::each::<()>(root, &mut |data_type| {
                if let DataType::Reference(Reference::Named(reference)) = data_type {
                    found |= self.types.get(reference).is_some_and(is_json_value);
                }
                Ok(())
            });
        }
        found
    }

    /// How the type of a use is spelled.
    pub fn text(&self, index: usize) -> Result<String, CodegenError> {
        let used = &self.uses[index];
        primitives::reference(&Typescript::default(), &self.types, &used.data_type)
            .map_err(|why| CodegenError::TypeScript(format!("{}: {why}", used.place)))
    }

    /// Whether a use may be null.
    pub fn is_nullable(&self, index: usize) -> bool {
        matches!(self.uses[index].data_type, DataType::Nullable(_))
    }

    /// What a value of the use can be in JSON.
    pub fn json_kinds(&self, index: usize) -> kinds::JsonKinds {
        kinds::of(
            &self.uses[index].data_type,
            &self.types,
            !self.finite_floats,
        )
    }

    /// The definitions of all types that are used, in the order of their names.
    pub fn definitions(&self) -> Result<Vec<String>, CodegenError> {
        let exporter = Typescript::default();
        self.written_types()
            .into_iter()
            .map(|named| {
                primitives::export(&exporter, &self.types, std::iter::once(named), "")
                    .map(|text| layout::definition(&text))
                    .map_err(|why| CodegenError::TypeScript(why.to_string()))
            })
            .collect()
    }

    fn written_types(&self) -> Vec<&NamedDataType> {
        let all = self.types.into_sorted_iter();
        all.filter(|named| named.ty.is_some() && self.written.contains(named.name.as_ref()))
            .filter(|named| !is_json_value(named))
            .collect()
    }
}
