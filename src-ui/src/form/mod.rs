//! A form out of a JSON Schema, as plain data: no page, no IPC.
//!
//! [`FormModel::of`] reads the schema into fields, [`FormValues`] holds what was typed,
//! [`FormModel::input`] makes the input of it, and [`problems`] puts each problem at the field
//! that shows it. [`quantity`] reads sizes and spans of time, [`moment`] dates. How a field looks is the components' business; whether an input fits is the
//! backend's.

mod build;
mod field;
mod initial;
mod input;
pub mod moment;
mod paths;
pub mod pointer;
pub mod problems;
pub mod quantity;
pub mod schema;
mod summary;
mod values;

pub use field::{
    Choice, Field, FieldKind, FormModel, ListItems, TextLook, Variant, VariantShape, name_key,
};
pub use initial::fill;
pub use schema::humanised;
pub use summary::differing;
pub use values::{FieldValue, FormValues, SecretValue};

#[cfg(test)]
pub(crate) use build::any_json;
#[cfg(test)]
mod any_schema;
#[cfg(test)]
mod round_trip;
