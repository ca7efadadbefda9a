//! Typed IPC for a page that runs inside Tauri: commands, events, channels and their errors.
//!
//! `Client` is generated from the backend's contract: one async function a command, one typed
//! subscription an event. It speaks through a [`Transport`]: [`TauriTransport`] in the window,
//! [`FakeTransport`] in tests, so that everything above it runs without a window.
//!
//! What the calls mean, and what a page does with them, is left to the page.

#[cfg(feature = "bindings")]
#[rustfmt::skip] // generated, and compared byte for byte
mod bindings;
mod body;
mod call;
mod channel;
mod error;
mod fake;
mod listener;
mod reorder;
mod tauri;
mod transport;

#[cfg(feature = "bindings")]
pub use bindings::{CONTRACT_HASH, Client};
pub use body::Body;
pub use call::{NoArgs, call};
pub use channel::{Channel, ChannelStream, channel};
pub use error::{DecodeError, IpcError, Never, TransportError};
pub use fake::{FakeChannel, FakeTransport};
pub use listener::{Listener, listen};
pub use tauri::TauriTransport;
pub use transport::{
    ChannelHandler, ChannelMessage, EventHandler, Listening, LocalBoxFuture, OpenChannel, Received,
    Rejection, Transport,
};
