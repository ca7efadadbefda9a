//! A transport in memory: stands in for the backend in tests of stores and pages.
//!
//! What the page sees of it is in `page_side`, the backend's end of a channel in `channel`.

mod channel;
mod page_side;
#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, HashSet},
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
};

use serde::Serialize;
use serde_json::Value;

pub use channel::FakeChannel;

use crate::{Body, ChannelHandler, EventHandler, Rejection};

type CommandHandler = Arc<dyn Fn(Value) -> Result<Body, Rejection> + Send + Sync>;

#[derive(Default)]
struct State {
    commands: HashMap<String, CommandHandler>,
    subscriptions: Vec<Subscription>,
    channels: HashMap<String, Arc<ChannelHandler>>,
    /// The channels whose other end a test has.
    taken: HashSet<String>,
    /// What is held back, and who waits for it.
    held: HashMap<String, Vec<Waker>>,
    /// How many of the next answers never come.
    lost: HashMap<String, usize>,
    calls: Vec<(String, Value)>,
    /// The number of the latest subscription or channel.
    latest: u64,
}

struct Subscription {
    id: u64,
    event: &'static str,
    handler: Arc<EventHandler>,
    /// Whether the backend knows of it.
    is_registered: bool,
}

impl State {
    fn next(&mut self) -> u64 {
        self.latest += 1;
        self.latest
    }
}

/// Answers commands with functions, emits events and sends through channels when it is told to.
///
/// ```
/// use serde_json::json;
/// use toolroom_ipc::{FakeTransport, IpcError, call};
///
/// let backend = FakeTransport::default();
/// backend.answer("count_names", |args| Ok(json!(args["names"].as_array().map(Vec::len))));
/// let args = json!({"names": ["Ada", "Grace"]});
/// let count: Result<u32, IpcError<String>> =
///     futures::executor::block_on(call(&backend, "count_names", &args));
/// assert_eq!(count, Ok(2));
/// assert_eq!(backend.calls("count_names"), [args]);
/// ```
#[derive(Clone, Default)]
pub struct FakeTransport {
    state: Arc<Mutex<State>>,
}

impl FakeTransport {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers `command` with what `handler` makes of its arguments, from now on.
    pub fn answer(
        &self,
        command: &str,
        handler: impl Fn(Value) -> Result<Value, Value> + Send + Sync + 'static,
    ) {
        let json = |value: Value| Body::Json(value.to_string());
        self.answer_with(command, move |args| {
            handler(args)
                .map(json)
                .map_err(|error| Rejection::Refused(json(error)))
        });
    }

    /// Answers `command` with whatever can come back: raw bytes, text that is no JSON, no answer
    /// at all.
    pub fn answer_with(
        &self,
        command: &str,
        handler: impl Fn(Value) -> Result<Body, Rejection> + Send + Sync + 'static,
    ) {
        self.state()
            .commands
            .insert(command.to_owned(), Arc::new(handler));
    }

    /// Holds back the answers to the command, or the registration of listeners to the event,
    /// `name`, until it is released.
    pub fn hold(&self, name: &str) {
        self.state().held.entry(name.to_owned()).or_default();
    }

    /// Lets what was held back go on.
    pub fn release(&self, name: &str) {
        let waiting = {
            let mut state = self.state();
            for subscription in &mut state.subscriptions {
                subscription.is_registered |= subscription.event == name;
            }
            state.held.remove(name)
        };
        for waker in waiting.into_iter().flatten() {
            waker.wake();
        }
    }

    /// Leaves the next `count` calls of `command` without an answer for ever.
    pub fn lose(&self, command: &str, count: usize) {
        self.state().lost.insert(command.to_owned(), count);
    }

    /// Whether the call that is being made is one that is never answered.
    fn is_lost(&self, command: &str) -> bool {
        let mut state = self.state();
        let left = state.lost.get_mut(command).filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_some()
    }

    /// Ready when `name` is not held back.
    fn released(&self, name: &'static str) -> impl Future<Output = ()> + 'static {
        let backend = self.clone();
        poll_fn(move |context| match backend.state().held.get_mut(name) {
            Some(waiting) => {
                waiting.push(context.waker().clone());
                Poll::Pending
            }
            None => Poll::Ready(()),
        })
    }

    /// Hands `payload` to everyone who listens to `event`.
    ///
    /// # Panics
    /// If `payload` can't be put into JSON.
    #[allow(clippy::expect_used)] // a test's own payload
    pub fn emit(&self, event: &str, payload: &impl Serialize) {
        let payload = Body::json(payload).expect("the payload is plain data");
        let ids: Vec<_> = {
            let state = self.state();
            let hears = |s: &&Subscription| s.event == event && s.is_registered;
            state
                .subscriptions
                .iter()
                .filter(hears)
                .map(|s| s.id)
                .collect()
        };
        for id in ids {
            // Looked up anew: one handler may have dropped the listener of another.
            let handler = {
                let state = self.state();
                let mut all = state.subscriptions.iter();
                all.find(|s| s.id == id).map(|s| s.handler.clone())
            };
            if let Some(handler) = handler {
                handler(Ok(payload.clone()));
            }
        }
    }

    /// The arguments of every call of `command` so far.
    #[must_use]
    pub fn calls(&self, command: &str) -> Vec<Value> {
        self.state()
            .calls
            .iter()
            .filter(|(name, _)| name == command)
            .map(|(_, args)| args.clone())
            .collect()
    }

    /// How many listeners `event` has now, those whose registration is held back among them.
    #[must_use]
    pub fn listeners(&self, event: &str) -> usize {
        let state = self.state();
        state
            .subscriptions
            .iter()
            .filter(|s| s.event == event)
            .count()
    }

    /// How many channels the page has open now.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.state().channels.len()
    }

    /// The backend's end of the channel that a call was given as this argument; to be taken while
    /// the call is answered, or later out of [`calls`](Self::calls). A call that is refused drops
    /// what was not taken by then, as a command drops what it does not keep.
    ///
    /// # Panics
    /// If the argument is no channel.
    #[must_use]
    #[allow(clippy::expect_used)] // a test's own call
    pub fn channel(&self, argument: &Value) -> FakeChannel {
        let name = argument
            .as_str()
            .filter(|name| name.starts_with(CHANNEL))
            .expect("the argument is a channel");
        self.state().taken.insert(name.to_owned());
        FakeChannel::new(self.clone(), name.to_owned())
    }

    /// Drops the channels among the arguments of a call that nobody has taken.
    fn drop_channels(&self, args: &Value) {
        let args = args
            .as_object()
            .into_iter()
            .flat_map(serde_json::Map::values);
        for name in args.filter_map(Value::as_str) {
            if !self.state().taken.contains(name) {
                drop(FakeChannel::new(self.clone(), name.to_owned()));
            }
        }
    }

    fn channel_handler(&self, name: &str) -> Option<Arc<ChannelHandler>> {
        self.state().channels.get(name).cloned()
    }
}

/// How a channel is told from other arguments.
const CHANNEL: &str = "channel of a fake:";
