//! A channel: what a command sends while it runs, in the order in which it was sent.
//!
//! How a message comes into the page is the transport's business, its place in the order
//! `reorder`'s.

use std::{
    cell::Cell,
    fmt,
    marker::PhantomData,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Context, Poll, Waker},
};

use futures::stream::{FusedStream, Stream};
use serde::{Serialize, Serializer, de::DeserializeOwned};

use crate::{
    ChannelMessage, DecodeError, IpcError, Listener, Received, Transport, TransportError,
    reorder::Reorder,
};

/// What has come and was not read yet.
#[derive(Default)]
struct Inbox {
    order: Reorder<Received>,
    reader: Option<Waker>,
}

type SharedInbox = Mutex<Inbox>;

fn lock(inbox: &SharedInbox) -> MutexGuard<'_, Inbox> {
    inbox.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Changes the inbox and wakes its reader if there is something to read. What is woken may read at
/// once, so by then the inbox is free.
fn change(inbox: &SharedInbox, change: impl FnOnce(&mut Reorder<Received>)) {
    let reader = {
        let mut inbox = lock(inbox);
        change(&mut inbox.order);
        if inbox.order.is_ready() {
            inbox.reader.take()
        } else {
            None
        }
    };
    if let Some(reader) = reader {
        reader.wake();
    }
}

/// The end of a channel that a command is given as an argument, once.
///
/// Its stream ends when the backend drops its own end, and also when this is dropped without a
/// call, or the call does not reach the command: in neither case anything would ever come.
pub struct Channel<T> {
    argument: String,
    inbox: Weak<SharedInbox>,
    is_sent: Cell<bool>,
    of: PhantomData<fn() -> T>,
}

impl<T> Channel<T> {
    /// Ends the stream if the call that took this channel has not run its command. A generated
    /// client does it for each channel of a call.
    pub fn settle<R, E>(&self, answer: &Result<R, IpcError<E>>) {
        if answer.as_ref().is_err_and(|error| !error.has_run()) {
            self.close();
        }
    }

    fn close(&self) {
        if let Some(inbox) = self.inbox.upgrade() {
            change(&inbox, Reorder::end_here);
        }
    }
}

/// As the argument of a call.
impl<T> Serialize for Channel<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.is_sent.set(true);
        serializer.serialize_str(&self.argument)
    }
}

impl<T> Drop for Channel<T> {
    fn drop(&mut self) {
        if !self.is_sent.get() {
            self.close();
        }
    }
}

impl<T> fmt::Debug for Channel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Channel").field(&self.argument).finish()
    }
}

/// The page's end of a channel: every message once, in the order in which the backend sent them,
/// and the end when the backend has dropped its own.
///
/// Messages are kept until they are read. One that is not a `T` is an error in its place, and the
/// next follows. Dropping the stream at any time takes the channel away.
#[must_use = "dropping the stream closes the channel"]
pub struct ChannelStream<T> {
    inbox: Arc<SharedInbox>,
    /// None once everything has come.
    listener: Option<Listener>,
    read: usize,
    has_ended: bool,
    of: PhantomData<fn() -> T>,
}

impl<T> Unpin for ChannelStream<T> {}

impl<T: DeserializeOwned + 'static> Stream for ChannelStream<T> {
    type Item = Result<T, DecodeError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let (next, is_complete) = {
            let mut inbox = lock(&self.inbox);
            let next = inbox.order.next();
            if next.is_pending() {
                inbox.reader = Some(context.waker().clone());
            }
            (next, inbox.order.is_complete())
        };
        if is_complete {
            self.listener = None;
        }
        let Poll::Ready(next) = next else {
            return Poll::Pending;
        };
        let Some(received) = next else {
            self.has_ended = true;
            return Poll::Ready(None);
        };
        let number = self.read;
        self.read += 1;
        let decoded = received.and_then(|body| body.decode().map_err(|why| why.to_string()));
        Poll::Ready(Some(decoded.map_err(|reason| DecodeError {
            what: format!("Message {number} of a channel"),
            reason,
        })))
    }
}

impl<T: DeserializeOwned + 'static> FusedStream for ChannelStream<T> {
    fn is_terminated(&self) -> bool {
        self.has_ended
    }
}

impl<T> fmt::Debug for ChannelStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelStream")
            .field("read", &self.read)
            .field("has_ended", &self.has_ended)
            .finish_non_exhaustive()
    }
}

/// A new channel: what a command takes, and what it sends. Raw bytes come as `Vec<u8>`.
///
/// # Errors
/// If there is no backend.
pub fn channel<T: DeserializeOwned + 'static>(
    transport: &dyn Transport,
) -> Result<(Channel<T>, ChannelStream<T>), TransportError> {
    let inbox = Arc::new(SharedInbox::default());
    // Weak, so that nothing is kept once the stream is gone.
    let (here, there) = (Arc::downgrade(&inbox), Arc::downgrade(&inbox));
    let open = transport.open_channel(Box::new(move |message| {
        if let Some(inbox) = here.upgrade() {
            change(&inbox, |order| match message {
                ChannelMessage::Message { index, body } => order.insert(index, body),
                ChannelMessage::End { count } => order.end(count),
            });
        }
    }))?;
    let channel = Channel {
        argument: open.argument,
        inbox: there,
        is_sent: Cell::new(false),
        of: PhantomData,
    };
    let stream = ChannelStream {
        inbox,
        listener: Some(open.listener),
        read: 0,
        has_ended: false,
        of: PhantomData,
    };
    Ok((channel, stream))
}
