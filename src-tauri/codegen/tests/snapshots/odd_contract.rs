// What is written for a contract of the tests; UPDATE_SNAPSHOTS=1 writes it anew.
//! The typed client: one async function a command, one typed subscription an event.

// Judged where it is written; not everything is called, and what is deprecated may travel.
#![allow(clippy::all, clippy::pedantic, clippy::nursery, dead_code, deprecated, non_snake_case)]

use std::sync::Arc;

use toolroom_ipc::{IpcError, Never, NoArgs, Transport, call};

/// What the contract means, in short: the backend of another has another.
pub const CONTRACT_HASH: &str =
    "afd991dce0338a66f3bdd9404861909f1c3566dbcd067c801fa807785dc9a213";

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

    /// Matches keywords.
    ///
    ///  1. An example of the backend's own:
    ///
    ///    not_in_scope();
    ///
    /// ```text
    /// not_in_scope();
    /// ```
    #[deprecated]
    pub async fn match_types(
        &self,
        r#type: String,
        _count: u32,
        job_ID: Option<std::ops::Range<u8>>,
    ) -> Result<(u8,), IpcError<Never>> {
        #[derive(serde::Serialize)]
        struct Args {
            r#type: String,
            #[serde(rename = "count")]
            _count: u32,
            #[serde(rename = "jobId")]
            job_ID: Option<std::ops::Range<u8>>,
        }
        let args = Args { r#type, _count, job_ID };
        call(&*self.transport, "plugin:odd|match", &args).await
    }

    /// The command raw.
    pub async fn raw(
        &self,
    ) -> Result<Vec<u8>, IpcError<Never>> {
        call(&*self.transport, "plugin:odd|raw", &NoArgs {}).await
    }

    /// The command sorted.
    #[deprecated(since = "1.0.0", note = "say \"match\"")]
    pub async fn sorted(
        &self,
        by: std::collections::BTreeMap<crate::odd_types::Key, Vec<(u8, bool)>>,
    ) -> Result<[char; 2], IpcError<()>> {
        #[derive(serde::Serialize)]
        struct Args {
            by: std::collections::BTreeMap<crate::odd_types::Key, Vec<(u8, bool)>>,
        }
        let args = Args { by };
        call(&*self.transport, "plugin:odd|sorted", &args).await
    }
}
