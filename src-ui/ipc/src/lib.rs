//! Typed IPC for a page that runs inside Tauri: commands, events, channels and their errors.
//!
//! `Client` is generated from the backend's contract: one async function a command, one typed
//! subscription an event. It speaks through a [`Transport`]: [`TauriTransport`] in the window,
//! [`FakeTransport`] in tests, so that everything above it runs without a window.
//!
//! Calls fail with an [`IpcError`] that keeps the command's own error apart from the framework's
//! refusals. Events are heard for as long as their [`Listener`] is kept. A [`Channel`] is handed to
//! a command, and its [`ChannelStream`] gives what the command sends while it runs, in order.
//!
//! What the calls mean, and what a page does with them, is left to the page.
//!
//! # In an app of one's own
//!
//! Nothing here knows of Toolroom but the feature `bindings`, which is on by default: it is the
//! client of Toolroom's contract. An app of its own leaves it out, has `toolroom-codegen` write
//! its client with `with_runtime("toolroom_ipc")`, and takes that in as a module. What the client
//! is made of, [`call`], [`listen`] and [`channel`], serves for commands of plugins, too:
//!
//! ```
//! use futures::{StreamExt, executor::block_on, future::join};
//! use serde::{Deserialize, Serialize};
//! use serde_json::json;
//! use toolroom_ipc::{Channel, FakeTransport, IpcError, Transport, call, channel};
//!
//! #[derive(Serialize)]
//! #[serde(rename_all = "camelCase")]
//! struct Args {
//!     url: String,
//!     on_chunk: Channel<Vec<u8>>,
//! }
//!
//! /// Why a download failed.
//! #[derive(Debug, PartialEq, Deserialize)]
//! struct Refusal {
//!     status: u16,
//! }
//!
//! /// How many bytes there are at `url`.
//! async fn download(transport: &dyn Transport, url: &str) -> Result<usize, IpcError<Refusal>> {
//!     let (on_chunk, chunks) = channel::<Vec<u8>>(transport)?;
//!     let url = url.to_owned();
//!     let answer = async {
//!         let args = Args { url, on_chunk };
//!         let answer = call::<(), _>(transport, "plugin:web|download", &args).await;
//!         args.on_chunk.settle(&answer); // a generated client does this
//!         answer
//!     };
//!     let bytes = chunks.fold(0, |sum, chunk| async move { sum + chunk.map_or(0, |c| c.len()) });
//!     let (answer, bytes) = join(answer, bytes).await;
//!     answer.map(|()| bytes)
//! }
//!
//! // In the window this is `TauriTransport`.
//! let backend = FakeTransport::default();
//! let answering = backend.clone();
//! backend.answer("plugin:web|download", move |args| {
//!     if args["url"] != json!("tauri://there") {
//!         return Err(json!({ "status": 404 }));
//!     }
//!     let chunks = answering.channel(&args["onChunk"]);
//!     chunks.send_raw(vec![1, 2, 3]);
//!     chunks.send_raw(vec![4]);
//!     Ok(json!(null))
//! });
//! assert_eq!(block_on(download(&backend, "tauri://there")), Ok(4));
//! let refused = Err(IpcError::Command(Refusal { status: 404 }));
//! assert_eq!(block_on(download(&backend, "tauri://elsewhere")), refused);
//! ```

#[cfg(feature = "bindings")]
#[rustfmt::skip] // generated, and compared byte for byte
mod bindings;
mod body;
mod call;
mod channel;
mod error;
mod fake;
mod fields;
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
pub use fields::Field;
pub use listener::{Listener, listen};
pub use tauri::TauriTransport;
pub use transport::{
    ChannelHandler, ChannelMessage, EventHandler, Listening, LocalBoxFuture, OpenChannel, Received,
    Rejection, Transport,
};

/// Has the examples on the page for those who use the clients compiled.
#[cfg(all(doctest, feature = "bindings"))]
#[doc = include_str!("../../../docs/using-the-bindings.md")]
struct UsingTheBindings;
