// What is written for a contract of the tests; UPDATE_SNAPSHOTS=1 writes it anew.
//! The typed client: one async function a command, one typed subscription an event.

// Judged where it is written; not everything is called, and what is deprecated may travel.
#![allow(clippy::all, clippy::pedantic, clippy::nursery, dead_code, deprecated, non_snake_case)]

use std::sync::Arc;

use toolroom_ipc::Transport;

/// What the contract means, in short: the backend of another has another.
pub const CONTRACT_HASH: &str =
    "e4f1600f485ea52ac7b88633cd004163cff1d4a7809ce4ffb738fb6a5d7055e0";

/// Calls the backend's commands and listens to its events. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
}

impl Client {
    /// A client that speaks through `transport`.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport }
    }

    /// What it speaks through: for calls that are in no contract, as those of plugins.
    #[must_use]
    pub fn transport(&self) -> &Arc<dyn Transport> {
        &self.transport
    }
}
