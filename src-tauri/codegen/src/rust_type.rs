//! What a type of the contract is called in Rust.

use specta::{
    Types,
    datatype::{
        DataType, Fields, NamedDataType, NamedReference, NamedReferenceType, Primitive, Reference,
    },
};

use crate::CodegenError;

/// Where the contract's named types are found by the page: module of definition to path.
#[derive(Clone, Debug, Default)]
pub struct TypePaths {
    modules: Vec<(String, String)>,
}

impl TypePaths {
    /// Paths for the types of no module yet but `serde_json`'s.
    #[must_use]
    pub fn new() -> Self {
        Self::default().with_module("serde_json", "serde_json")
    }

    /// Every type of `module` and of those inside it, most often a whole crate, is found as
    /// `path::Name`.
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
        let (_, path) = self.modules.iter().find(|(module, _)| is_inside(module))?;
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
            && let Some(named) = self.types.get(reference)
            && named.name == "Result"
            && named.module_path.starts_with("std::result")
            && let [ok, err] = self.generics(reference)?.as_slice()
        {
            return Ok(ResultTypes {
                ok: ok.clone(),
                err: Some(err.clone()),
            });
        }
        Ok(plain(self.name(result)?))
    }

    /// What `data_type` is called in Rust.
    pub fn name(&self, data_type: &DataType) -> Result<String, CodegenError> {
        Ok(match data_type {
            DataType::Primitive(primitive) => primitive_name(primitive).to_owned(),
            DataType::List(list) => match list.length {
                Some(length) => format!("[{}; {length}]", self.name(&list.ty)?),
                None => format!("Vec<{}>", self.name(&list.ty)?),
            },
            DataType::Map(map) => format!(
                "std::collections::HashMap<{}, {}>",
                self.name(map.key_ty())?,
                self.name(map.value_ty())?
            ),
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
        if let Some(path) = self.paths.path_of(named) {
            let generics = self.generics(reference)?;
            return Ok(if generics.is_empty() {
                path
            } else {
                format!("{path}<{}>", generics.join(", "))
            });
        }
        // Containers of the standard library, and whatever asks to be written out in place.
        if let NamedReferenceType::Inline { dt, .. } = &reference.inner {
            return self.name(dt);
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

    fn generics(&self, reference: &NamedReference) -> Result<Vec<String>, CodegenError> {
        match &reference.inner {
            NamedReferenceType::Reference { generics, .. } => {
                generics.iter().map(|(_, ty)| self.name(ty)).collect()
            }
            NamedReferenceType::Inline { .. } | NamedReferenceType::Recursive(_) => Ok(Vec::new()),
        }
    }

    fn unsupported(&self, what: String) -> CodegenError {
        CodegenError::UnsupportedType {
            place: self.place.to_owned(),
            what,
        }
    }
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
