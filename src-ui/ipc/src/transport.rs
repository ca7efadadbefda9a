//! What a client needs of the way to the backend.
//!
//! Everything here is text or bytes: what they mean is said by the functions above it, `call`,
//! `listen` and `channel`.

use std::{future::Future, pin::Pin};

use crate::{Body, Listener, TransportError};

/// A future that stays on its thread, as everything in a page does.
pub type LocalBoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Something that came: what it holds, or why that can't be read.
pub type Received = Result<Body, String>;

/// Takes the payload of an event.
pub type EventHandler = Box<dyn Fn(Received) + Send + Sync>;

/// Takes what comes through a channel, in whatever order it comes.
pub type ChannelHandler = Box<dyn Fn(ChannelMessage) + Send + Sync>;

/// What comes through a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelMessage {
    /// One of the messages.
    Message {
        /// Its place among those that were sent, from 0.
        index: usize,
        /// What it holds.
        body: Received,
    },
    /// The backend sends no more. It may come before messages that were sent earlier.
    End {
        /// How many were sent.
        count: usize,
    },
}

/// What a call is answered with when it gives no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The backend refused, with this.
    Refused(Body),
    /// An answer came that is neither JSON nor bytes; the reason in words.
    Unreadable(String),
    /// No answer came; the reason in words.
    Unreachable(String),
}

/// A subscription that is on its way to the backend.
pub struct Listening {
    /// Ends the subscription when it is dropped, also before the backend knows of it.
    pub listener: Listener,
    /// Ready when the backend knows of it: what is emitted from then on is heard.
    pub registered: LocalBoxFuture<Result<(), Rejection>>,
}

/// A channel of the page's that the backend can be told of.
pub struct OpenChannel {
    /// What a call passes to the backend in place of the channel.
    pub argument: String,
    /// Ends the page's side when it is dropped.
    pub listener: Listener,
}

/// A way to the backend.
pub trait Transport: Send + Sync {
    /// Calls `command`. `args` is the text of a JSON object, its keys in lowerCamelCase.
    fn invoke(
        &self,
        command: &'static str,
        args: String,
    ) -> LocalBoxFuture<Result<Body, Rejection>>;

    /// Hands the payload of every later `event` to `handler`, until the listener is dropped: at
    /// any time, before the backend knows of it and within `handler` too. What the registration
    /// leaves behind is removed even if nobody waits for it.
    fn listen(&self, event: &'static str, handler: EventHandler) -> Listening;

    /// Hands everything that the backend sends through a new channel to `handler`, until the
    /// listener is dropped, at any time.
    ///
    /// # Errors
    /// If there is no backend.
    fn open_channel(&self, handler: ChannelHandler) -> Result<OpenChannel, TransportError>;
}
