//! The IPC lab's page: what the tests and the bench call, through the typed client.
//!
//! Each function here is exported to JavaScript; `lab.js` makes them callable from outside and has
//! what they are compared with. What comes out is judged by those who call.

#[rustfmt::skip] // generated, and compared byte for byte
mod bindings;
mod bench;
#[cfg(feature = "every-function")]
mod every_function;
mod failures;
mod floods;
mod listeners;
mod round_trips;

use std::{fmt::Display, sync::Arc};

use toolroom_ipc::TauriTransport;

use bindings::Client;

fn main() {
    console_error_panic_hook::set_once();
}

/// The typed client of the lab's contract.
fn client() -> Client {
    Client::new(Arc::new(TauriTransport))
}

/// An error as JavaScript is told it.
fn told(error: impl Display) -> String {
    error.to_string()
}
