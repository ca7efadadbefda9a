//! What a job is sent while it runs: answers to what it asks, lines to work on.
//!
//! Whether something fits the tool is checked at the engine's edge, by the schema that the tool
//! declares; who may send is decided there too.

use std::{fmt, sync::Arc};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{Mutex, mpsc};

use crate::{ErrorCode, ToolError, schema};

/// How many messages may lie unread.
const ROOM: usize = 64;

/// What a tool can be sent while it runs, as it declares it.
#[derive(Clone, Debug)]
pub struct Messages {
    pub(crate) schema: Value,
}

impl Messages {
    /// Messages that decode as `T`.
    #[must_use]
    pub fn of<T: DeserializeOwned + JsonSchema>() -> Self {
        Self {
            schema: schema::of_input::<T>(),
        }
    }
}

/// What a job is sent while it runs, in the order in which it was sent. Clones are the same one:
/// each message is read once. A message belongs to the attempt that runs when it is sent, and is
/// gone with it.
#[derive(Clone, Default)]
pub struct Inbox {
    /// None for a tool that declares no messages.
    unread: Option<Arc<Mutex<mpsc::Receiver<Value>>>>,
}

/// Where an inbox is filled. For the engine.
#[derive(Clone, Debug)]
pub struct InboxSender {
    sender: mpsc::Sender<Value>,
}

/// A message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// So much lies unread that there is no room for more.
    Full,
    /// The work has ended.
    Ended,
}

impl Inbox {
    /// An empty one, and where it is filled.
    #[must_use]
    pub fn open() -> (InboxSender, Self) {
        let (sender, unread) = mpsc::channel(ROOM);
        let unread = Some(Arc::new(Mutex::new(unread)));
        (InboxSender { sender }, Self { unread })
    }

    /// Waits for the next message; none when no more can come. Doesn't hear a cancel: await it
    /// beside `ctx.cancel.cancelled()`.
    ///
    /// # Errors
    /// For a message that the declared schema allows and `T` doesn't, which is a fault of the
    /// tool.
    pub async fn next<T: DeserializeOwned>(&self) -> Result<Option<T>, ToolError> {
        let Some(unread) = &self.unread else {
            return Ok(None);
        };
        let Some(message) = unread.lock().await.recv().await else {
            return Ok(None);
        };
        serde_json::from_value(message).map(Some).map_err(|error| {
            let sentence = format!("A message fits the tool's schema but not the tool: {error}.");
            ToolError::failed(ErrorCode::Internal, sentence)
        })
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is in it may be nobody's business.
        f.debug_struct("Inbox").finish_non_exhaustive()
    }
}

impl InboxSender {
    /// Puts a message in.
    ///
    /// # Errors
    /// Why there is no place for it; it is lost then.
    pub fn send(&self, message: Value) -> Result<(), NotSent> {
        self.sender.try_send(message).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NotSent::Full,
            mpsc::error::TrySendError::Closed(_) => NotSent::Ended,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn messages_are_read_once_in_their_order_and_then_there_are_no_more() {
        let (sender, inbox) = Inbox::open();
        for number in 0..ROOM {
            sender.send(number.into()).unwrap();
        }
        assert_eq!(sender.send(0.into()), Err(NotSent::Full));
        let twin = inbox.clone();
        for number in 0..ROOM {
            let reader = if number % 2 == 0 { &inbox } else { &twin };
            assert_eq!(reader.next::<usize>().await.unwrap(), Some(number));
        }
        sender.send("last".into()).unwrap();
        drop(sender);
        assert_eq!(inbox.next::<String>().await.unwrap().unwrap(), "last");
        assert_eq!(inbox.next::<String>().await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_a_tool_cannot_read_is_its_fault_and_not_lost_silently() {
        let (sender, inbox) = Inbox::open();
        sender.send("seven".into()).unwrap();
        let ToolError::Failed(failure) = inbox.next::<u8>().await.unwrap_err() else {
            panic!("not a failure");
        };
        assert_eq!(failure.error.code, ErrorCode::Internal);
        drop(inbox);
        assert_eq!(sender.send(7.into()), Err(NotSent::Ended));
    }

    #[tokio::test]
    async fn nothing_ever_comes_to_a_tool_without_messages() {
        assert_eq!(Inbox::default().next::<Value>().await.unwrap(), None);
    }
}
