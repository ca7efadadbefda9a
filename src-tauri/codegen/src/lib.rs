//! Typed clients from a tauri-specta `Builder`.
//!
//! [`TypeScriptClient`] writes the client for a page in TypeScript, whose runtime is the npm
//! package in `src-ui/ipc/ts`.
//!
//! [`RustClient`] writes a Rust client for a WebAssembly page, [`CommandNames`] and [`Capability`]
//! what the shell needs to grant each command and no other. All are languages in tauri-specta's
//! sense: `builder.export(RustClient::new(paths), "bindings.rs")`.
//!
//! Types are never written anew: each is named by its path in a crate that both sides share, and
//! one that has no such path is an error that names it. Which commands there are is the builder's
//! business; what a client does with a call is that of the crate which the client is written into.

mod error;
mod permissions;
mod rust_client;
mod rust_type;
mod typescript;

pub use error::CodegenError;
pub use permissions::{Capability, CommandNames};
pub use rust_client::RustClient;
pub use rust_type::TypePaths;
pub use typescript::TypeScriptClient;
