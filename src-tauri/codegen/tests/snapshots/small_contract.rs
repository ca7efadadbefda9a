// What is written for a contract of the tests; UPDATE_SNAPSHOTS=1 writes it anew.
//! The typed client: one async function a command, one typed subscription an event.

// Judged where it is written; not everything is called, and what is deprecated may travel.
#![allow(clippy::all, clippy::pedantic, clippy::nursery, dead_code, deprecated, non_snake_case)]

use std::sync::Arc;

use toolroom_ipc::{
    Channel, ChannelStream, DecodeError, IpcError, Listener, Never, NoArgs, Transport,
    TransportError, call, channel, listen,
};

/// What the contract means, in short: the backend of another has another.
pub const CONTRACT_HASH: &str =
    "26acf141b00670823e5d24d6f4796a6b2a2c9c80ce63f3a2d1cade0da4b9c636";

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

    /// A new channel: what a command takes, and what it sends.
    ///
    /// Fails if there is no backend.
    pub fn channel<T>(&self) -> Result<(Channel<T>, ChannelStream<T>), TransportError>
    where
        T: serde::de::DeserializeOwned + 'static,
    {
        channel(&*self.transport)
    }

    /// Counts by name.
    pub async fn count_names(
        &self,
        names: Vec<String>,
    ) -> Result<std::collections::HashMap<String, u32>, IpcError<Never>> {
        #[derive(serde::Serialize)]
        struct Args {
            names: Vec<String>,
        }
        let args = Args { names };
        call(&*self.transport, "count_names", &args).await
    }

    /// Finds things.
    ///
    /// Slowly: `*/` in docs must not end them, nor "quotes" or \ hurt.
    pub async fn find_things(
        &self,
        query: crate::types::Query,
        first_page: bool,
    ) -> Result<crate::types::Page<crate::types::Stored>, IpcError<crate::types::Refusal>> {
        #[derive(serde::Serialize)]
        struct Args {
            query: crate::types::Query,
            #[serde(rename = "firstPage")]
            first_page: bool,
        }
        let args = Args { query, first_page };
        call(&*self.transport, "find_things", &args).await
    }

    /// The command old_way.
    #[deprecated(note = "use \"find_things\"")]
    pub async fn old_way(
        &self,
    ) -> Result<(), IpcError<Never>> {
        call(&*self.transport, "old_way", &NoArgs {}).await
    }

    /// The bytes of a thing, as a JSON array of numbers.
    pub async fn read_bytes(
        &self,
        name: String,
        at: Option<u32>,
    ) -> Result<Vec<u8>, IpcError<crate::types::Refusal>> {
        #[derive(serde::Serialize)]
        struct Args {
            name: String,
            at: Option<u32>,
        }
        let args = Args { name, at };
        call(&*self.transport, "read_bytes", &args).await
    }

    /// Tries each.
    pub async fn try_each(
        &self,
        shapes: Vec<crate::types::Shape>,
    ) -> Result<Vec<Result<crate::types::Shape, crate::types::Refusal>>, IpcError<crate::types::Refusal>> {
        #[derive(serde::Serialize)]
        struct Args {
            shapes: Vec<crate::types::Shape>,
        }
        let args = Args { shapes };
        call(&*self.transport, "try_each", &args).await
    }

    /// Does something long, and tells of each step.
    pub async fn watch_steps(
        &self,
        count: u32,
        on_step: Channel<crate::types::Step>,
    ) -> Result<(), IpcError<crate::types::Refusal>> {
        #[derive(serde::Serialize)]
        struct Args {
            count: u32,
            #[serde(rename = "onStep")]
            on_step: Channel<crate::types::Step>,
        }
        let args = Args { count, on_step };
        let answer = call(&*self.transport, "watch_steps", &args).await;
        args.on_step.settle(&answer);
        answer
    }

    /// Something was stored.
    pub async fn on_thing_stored(
        &self,
        handler: impl Fn(Result<crate::types::Page<crate::types::Stored>, DecodeError>) + Send + Sync + 'static,
    ) -> Result<Listener, IpcError<Never>> {
        listen(&*self.transport, "thing-stored", handler).await
    }
}
