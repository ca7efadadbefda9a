//! A subscription to an event, as a value.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::{DecodeError, IpcError, Listening, Never, Received, Transport};

/// Keeps a subscription alive: dropping it, at any time, ends it.
#[must_use = "dropping a listener ends its subscription"]
pub struct Listener {
    unlisten: Option<Box<dyn FnOnce()>>,
}

impl Listener {
    /// A listener that runs `unlisten` when it is dropped.
    pub fn new(unlisten: impl FnOnce() + 'static) -> Self {
        Self {
            unlisten: Some(Box::new(unlisten)),
        }
    }

    /// A listener to nothing.
    pub const fn none() -> Self {
        Self { unlisten: None }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(unlisten) = self.unlisten.take() {
            unlisten();
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listener")
    }
}

/// Hands every later `event` to `handler`, for as long as the listener is kept; what the events of
/// a generated client are made of. Whoever stops waiting for the listener has none.
///
/// Events that were emitted before this is ready are not heard.
///
/// # Errors
/// If the backend could not be reached, or the window may not listen.
pub async fn listen<T>(
    transport: &dyn Transport,
    event: &'static str,
    handler: impl Fn(Result<T, DecodeError>) + Send + Sync + 'static,
) -> Result<Listener, IpcError<Never>>
where
    T: DeserializeOwned + 'static,
{
    let decode = move |payload: Received| {
        let decoded = payload.and_then(|body| body.decode().map_err(|why| why.to_string()));
        handler(decoded.map_err(|reason| DecodeError {
            what: format!("The event {event}"),
            reason,
        }));
    };
    // The listener is held while the backend answers, so that it goes with whoever waits.
    let Listening {
        listener,
        registered,
    } = transport.listen(event, Box::new(decode));
    match registered.await {
        Ok(()) => Ok(listener),
        Err(rejection) => Err(IpcError::from_rejection(LISTEN, rejection)),
    }
}

/// The framework's command behind a subscription, as its refusals name it.
const LISTEN: &str = "plugin:event|listen";
