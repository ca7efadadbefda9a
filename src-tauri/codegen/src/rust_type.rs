//! What a type of the contract is called in Rust.
//!
//! What may go over the wire at all is not judged here.

use specta::{
    Types,
    datatype::{
        DataType, Fields, Map, NamedDataType, NamedReference, NamedReferenceType, Primitive,
        Reference,
    },
};

use crate::CodegenError;

/// Where the contract's named types are found by the page: module of definition to path.
#[derive(Clone, Debug, Default)]
pub struct TypePaths {
    modules: Vec<(String, String)>,
}

impl TypePaths {
    /// Paths for the types of no module yet but those of `serde_json` and of the standard library.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
            .with_module("serde_json", "serde_json")
            .with_module("std::ops", "std::ops")
            .with_module("std::time", "std::time")
    }

    /// Every type of `module` and of those inside it, most often a whole crate, is found as
    /// `path::Name`. Of several modules that hold a type the innermost counts.
    #[must_use]
    pub fn with_module(mut self, module: &str, path: &str) -> Self {
        self.modules.push((module.to_owned(), path.to_owned()));
        self
    }

    fn path_of(&self, named: &NamedDataType) -> Option<String> {
        let is_inside = |module: &str| {
            let rest = named.module_path.strip_prefix(module);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        let around = self.modules.iter().filter(|(module, _)| is_inside(module));
        let (_, path) = around.max_by_key(|(module, _)| module.len())?;
        Some(format!("{path}::{}", named.name))
    }
}

/// A command's result, taken apart.
pub struct ResultTypes {
    /// What it gives.
    pub ok: String,
    /// What it fails with; none if it can't.
    pub err: Option<String>,
}

/// Names types; `place` is the command or event that errors speak of.
pub struct TypeWriter<'a> {
    /// All types of the contract.
    pub types: &'a Types,
    /// Where they are found.
    pub paths: &'a TypePaths,
    /// The command or event at hand.
    pub place: &'a str,
}

impl TypeWriter<'_> {
    /// The two sides of a command's result.
    pub fn result(&self, result: Option<&DataType>) -> Result<ResultTypes, CodegenError> {
        let plain = |ok| ResultTypes { ok, err: None };
        let Some(result) = result else {
            return Ok(plain("()".to_owned()));
        };
        if let DataType::Reference(Reference::Named(reference)) = result
            && self.types.get(reference).is_some_and(is_result)
            && let [ok, err] = self.generics(reference)?.as_slice()
        {
            return Ok(ResultTypes {
                ok: ok.clone(),
                err: Some(err.clone()),
            });
        }
        Ok(plain(self.name(result)?))
    }

    /// What comes through `data_type`, if that is a channel.
    pub fn channel(&self, data_type: &DataType) -> Result<Option<String>, CodegenError> {
        if let DataType::Reference(Reference::Named(reference)) = data_type
            && self.types.get(reference).is_some_and(is_channel)
            && let [message] = self.generics(reference)?.as_slice()
        {
            return Ok(Some(message.clone()));
        }
        Ok(None)
    }

    /// What `data_type` is called in Rust.
    pub fn name(&self, data_type: &DataType) -> Result<String, CodegenError> {
        Ok(match data_type {
            DataType::Primitive(primitive) => primitive_name(primitive).to_owned(),
            DataType::List(list) => match list.length {
                Some(length) => format!("[{}; {length}]", self.name(&list.ty)?),
                None => format!("Vec<{}>", self.name(&list.ty)?),
            },
            DataType::Map(map) => self.map("HashMap", map)?,
            DataType::Nullable(inner) => format!("Option<{}>", self.name(inner)?),
            DataType::Tuple(tuple) => {
                let elements: Result<Vec<_>, _> =
                    tuple.elements.iter().map(|ty| self.name(ty)).collect();
                match elements?.as_slice() {
                    [one] => format!("({one},)"),
                    many => format!("({})", many.join(", ")),
                }
            }
            DataType::Reference(Reference::Named(reference)) => self.named(reference)?,
            DataType::Reference(Reference::Opaque(opaque)) => {
                return Err(self.unsupported(format!("the opaque type {}", opaque.type_name())));
            }
            DataType::Struct(_) => return Err(self.unsupported("a struct without a name".into())),
            DataType::Enum(_) => return Err(self.unsupported("an enum without a name".into())),
            DataType::Intersection(_) => {
                return Err(self.unsupported("an intersection of types".into()));
            }
            DataType::Generic(generic) => {
                return Err(self.unsupported(format!("the type parameter {}", generic.name())));
            }
        })
    }

    fn named(&self, reference: &NamedReference) -> Result<String, CodegenError> {
        let named = self
            .types
            .get(reference)
            .ok_or_else(|| self.unsupported("a type that was not collected".into()))?;
        if is_channel(named) {
            return Err(CodegenError::MisplacedChannel {
                place: self.place.to_owned(),
            });
        }
        if let Some(path) = self.paths.path_of(named) {
            return self.with_generics(&path, reference);
        }
        if is_result(named) {
            return self.with_generics("Result", reference);
        }
        // Containers of the standard library, and whatever asks to be written out in place.
        if let NamedReferenceType::Inline { dt, .. } = &reference.inner {
            return match &**dt {
                // The backend's keys may have an order and no hash, or the other way round.
                DataType::Map(map) if named.module_path == "std::collections" => {
                    self.map(&named.name, map)
                }
                other => self.name(other),
            };
        }
        // A newtype looks on the wire like what is in it: events are wrapped so, to be told apart.
        if let Some(DataType::Struct(newtype)) = &named.ty
            && let Fields::Unnamed(fields) = &newtype.fields
            && let [field] = fields.fields.as_slice()
            && let Some(inner) = &field.ty
        {
            return self.name(inner);
        }
        Err(CodegenError::UnmappedType {
            place: self.place.to_owned(),
            name: named.name.to_string(),
            module: named.module_path.to_string(),
        })
    }

    fn map(&self, container: &str, map: &Map) -> Result<String, CodegenError> {
        Ok(format!(
            "std::collections::{container}<{}, {}>",
            self.name(map.key_ty())?,
            self.name(map.value_ty())?
        ))
    }

    fn with_generics(
        &self,
        path: &str,
        reference: &NamedReference,
    ) -> Result<String, CodegenError> {
        let generics = self.generics(reference)?;
        Ok(if generics.is_empty() {
            path.to_owned()
        } else {
            format!("{path}<{}>", generics.join(", "))
        })
    }

    fn generics(&self, reference: &NamedReference) -> Result<Vec<String>, CodegenError> {
        let generics = match &reference.inner {
            NamedReferenceType::Reference { generics, .. } => generics,
            NamedReferenceType::Recursive(recursive) => recursive.generics(),
            NamedReferenceType::Inline { .. } => return Ok(Vec::new()),
        };
        generics.iter().map(|(_, ty)| self.name(ty)).collect()
    }

    fn unsupported(&self, what: String) -> CodegenError {
        CodegenError::UnsupportedType {
            place: self.place.to_owned(),
            what,
        }
    }
}

fn is_result(named: &NamedDataType) -> bool {
    named.name == "Result" && named.module_path == "std::result"
}

/// The framework describes its channel by a type of this name.
fn is_channel(named: &NamedDataType) -> bool {
    named.name == "TAURI_CHANNEL" && named.module_path.starts_with("tauri::")
}

const fn primitive_name(primitive: &Primitive) -> &'static str {
    match primitive {
        Primitive::i8 => "i8",
        Primitive::i16 => "i16",
        Primitive::i32 => "i32",
        Primitive::i64 => "i64",
        Primitive::i128 => "i128",
        Primitive::isize => "isize",
        Primitive::u8 => "u8",
        Primitive::u16 => "u16",
        Primitive::u32 => "u32",
        Primitive::u64 => "u64",
        Primitive::u128 => "u128",
        Primitive::usize => "usize",
        Primitive::f16 => "f16",
        Primitive::f32 => "f32",
        Primitive::f64 => "f64",
        Primitive::f128 => "f128",
        Primitive::bool => "bool",
        Primitive::char => "char",
        Primitive::str => "String",
    }
}
