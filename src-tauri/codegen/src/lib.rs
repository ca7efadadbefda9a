//! Typed clients from a tauri-specta `Builder`.
//!
//! [`RustClient`] writes a Rust client for a WebAssembly page, [`CommandNames`] and [`Capability`]
//! what the shell needs to grant each command and no other. All are languages in tauri-specta's
//! sense: `builder.export(RustClient::new(paths), "bindings.rs")`.
//!
//! [`ContractJson`] describes the contract itself, with JSON Schemas and a hash, for whoever isn't
//! generated: other languages, checks of what a change breaks. `wire_rules` refuses what must not
//! go over the wire.
//!
//! Types are never written anew: each is named by its path in a crate that both sides share, and
//! one that has no such path is an error that names it. Which commands there are is the builder's
//! business; what a client does with a call is that of the crate which the client is written into.

mod description;
mod error;
mod json_schema;
mod permissions;
mod rust_client;
mod rust_function;
mod rust_type;
pub mod wire_rules;
mod wire_types;

pub use description::{ContractJson, contract_hash};
pub use error::CodegenError;
pub use permissions::{Capability, CommandNames};
pub use rust_client::RustClient;
pub use rust_type::TypePaths;
