//! The backend's end of a channel, held by a test.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;

use super::FakeTransport;
use crate::{Body, ChannelMessage, Received};

/// Sends through a channel as a command would, or out of order as a busy window does. Dropping it
/// ends the channel, as dropping the last of the command's does.
pub struct FakeChannel {
    backend: FakeTransport,
    name: String,
    sent: AtomicUsize,
}

impl FakeChannel {
    pub(super) const fn new(backend: FakeTransport, name: String) -> Self {
        Self {
            backend,
            name,
            sent: AtomicUsize::new(0),
        }
    }

    /// Sends the next message.
    ///
    /// # Panics
    /// If it can't be put into JSON.
    #[allow(clippy::expect_used)] // a test's own message
    pub fn send(&self, message: &impl Serialize) {
        let body = Body::json(message).expect("the message is plain data");
        self.send_at(self.sent.load(Ordering::Relaxed), Ok(body));
    }

    /// Sends raw bytes as the next message.
    pub fn send_raw(&self, bytes: Vec<u8>) {
        self.send_at(self.sent.load(Ordering::Relaxed), Ok(Body::Raw(bytes)));
    }

    /// Has the message numbered `index`, from 0, arrive now, whatever came before it.
    pub fn send_at(&self, index: usize, body: Received) {
        self.sent.fetch_max(index + 1, Ordering::Relaxed);
        self.deliver(ChannelMessage::Message { index, body });
    }

    /// Has the end arrive now, which says that `count` messages were sent; they may follow.
    pub fn end_at(&self, count: usize) {
        self.deliver(ChannelMessage::End { count });
    }

    fn deliver(&self, message: ChannelMessage) {
        // The page may have closed it.
        if let Some(handler) = self.backend.channel_handler(&self.name) {
            handler(message);
        }
    }
}

impl Drop for FakeChannel {
    fn drop(&mut self) {
        self.end_at(self.sent.load(Ordering::Relaxed));
    }
}
