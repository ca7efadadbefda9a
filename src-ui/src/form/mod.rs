//! A form out of a JSON Schema, as plain data: no page, no IPC.
//!
//! [`FormModel::of`] reads the schema into fields, [`FormValues`] holds what was typed,
//! [`FormModel::input`] makes the input of it, and [`problems`] puts each problem at the field
//! that shows it. How a field looks is the components' business; whether an input fits is the
//! backend's.

mod build;
mod field;
mod initial;
mod input;
pub mod pointer;
pub mod problems;
pub mod schema;
mod values;

pub use field::{Choice, Field, FieldKind, FormModel, ListItems, Variant, VariantShape};
pub use schema::humanised;
pub use values::{FieldValue, FormValues};

#[cfg(test)]
pub(crate) use build::any_json;
