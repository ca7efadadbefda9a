//! Typed IPC for a page that runs inside Tauri: commands, events and their errors.
//!
//! [`Client`] is generated from the backend's contract: one async function a command, one typed
//! subscription an event. It speaks through a [`Transport`]: [`TauriTransport`] in the window,
//! [`FakeTransport`] in tests, so that everything above it runs without a window.
//!
//! What the calls mean, and what a page does with them, is left to the page.

#[rustfmt::skip] // generated, and compared byte for byte
mod bindings;
mod error;
mod fake;
mod listener;
mod tauri;
mod transport;

pub use bindings::Client;
pub use error::{DecodeError, IpcError};
pub use fake::FakeTransport;
pub use listener::Listener;
pub use tauri::TauriTransport;
pub use transport::{EventHandler, LocalBoxFuture, Rejection, Transport};
