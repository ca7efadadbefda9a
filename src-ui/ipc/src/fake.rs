//! A transport in memory: stands in for the backend in tests of stores and pages.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::Serialize;
use serde_json::Value;

use crate::{EventHandler, Listener, LocalBoxFuture, Rejection, Transport};

type CommandHandler = Arc<dyn Fn(Value) -> Result<Value, Value> + Send + Sync>;

#[derive(Default)]
struct State {
    commands: HashMap<String, CommandHandler>,
    listeners: HashMap<String, Vec<(u64, Arc<EventHandler>)>>,
    calls: Vec<(String, Value)>,
}

/// Answers commands with functions, and emits events when it is told to.
///
/// ```
/// use std::sync::Arc;
/// use serde_json::json;
/// use toolroom_ipc::{Client, FakeTransport};
///
/// let backend = FakeTransport::default();
/// backend.answer("list_tools", |_args| Ok(json!([])));
/// let client = Client::new(Arc::new(backend.clone()));
/// let tools = futures::executor::block_on(client.list_tools());
/// assert_eq!(tools, Ok(vec![]));
/// assert_eq!(backend.calls("list_tools").len(), 1);
/// ```
#[derive(Clone, Default)]
pub struct FakeTransport {
    state: Arc<Mutex<State>>,
    next_listener: Arc<AtomicU64>,
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
        self.state()
            .commands
            .insert(command.to_owned(), Arc::new(handler));
    }

    /// Hands `payload` to everyone who listens to `event`.
    ///
    /// # Panics
    /// If `payload` can't be put into JSON.
    #[allow(clippy::expect_used)] // a test's own payload
    pub fn emit(&self, event: &str, payload: &impl Serialize) {
        let payload = serde_json::to_value(payload).expect("the payload is plain data");
        let listeners: Vec<_> = self
            .state()
            .listeners
            .get(event)
            .map(|all| all.iter().map(|(_, handler)| handler.clone()).collect())
            .unwrap_or_default();
        for handler in listeners {
            handler(payload.clone());
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

    /// How many listeners `event` has now.
    #[must_use]
    pub fn listeners(&self, event: &str) -> usize {
        self.state().listeners.get(event).map_or(0, Vec::len)
    }
}

impl Transport for FakeTransport {
    fn invoke(
        &self,
        command: &'static str,
        args: Value,
    ) -> LocalBoxFuture<Result<Value, Rejection>> {
        let handler = {
            let mut state = self.state();
            state.calls.push((command.to_owned(), args.clone()));
            state.commands.get(command).cloned()
        };
        Box::pin(async move {
            match handler {
                Some(handler) => handler(args).map_err(Rejection::Answered),
                None => Err(Rejection::Answered(Value::String(format!(
                    "Command {command} not found"
                )))),
            }
        })
    }

    fn listen(
        &self,
        event: &'static str,
        handler: EventHandler,
    ) -> LocalBoxFuture<Result<Listener, Rejection>> {
        let id = self.next_listener.fetch_add(1, Ordering::Relaxed);
        self.state()
            .listeners
            .entry(event.to_owned())
            .or_default()
            .push((id, Arc::new(handler)));
        let state = self.state.clone();
        let listener = Listener::new(move || {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(all) = state.listeners.get_mut(event) {
                all.retain(|(other, _)| *other != id);
            }
        });
        Box::pin(async move { Ok(listener) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Client, IpcError};
    use futures::executor::block_on;
    use serde_json::json;
    use toolroom_shared::JobId;

    #[test]
    fn a_dropped_listener_hears_nothing_more_and_leaves_nothing_behind() {
        let backend = FakeTransport::default();
        let client = Client::new(Arc::new(backend.clone()));
        let heard = Arc::new(AtomicU64::new(0));
        let counter = heard.clone();
        let listener = block_on(client.on_tool_job_failed(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        }))
        .unwrap();
        backend.emit("tool-job-failed", &json!({}));
        drop(listener);
        backend.emit("tool-job-failed", &json!({}));
        assert_eq!(heard.load(Ordering::Relaxed), 1);
        assert_eq!(backend.listeners("tool-job-failed"), 0);
    }

    #[test]
    fn an_event_of_another_shape_is_an_error_and_not_a_default() {
        let backend = FakeTransport::default();
        let client = Client::new(Arc::new(backend.clone()));
        let failed = Arc::new(AtomicU64::new(0));
        let counter = failed.clone();
        let _listener = block_on(client.on_tool_job_completed(move |event| {
            counter.fetch_add(u64::from(event.is_err()), Ordering::Relaxed);
        }))
        .unwrap();
        backend.emit("tool-job-completed", &json!({"job": 7}));
        assert_eq!(failed.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn arguments_travel_in_camel_case_and_an_unknown_command_is_named() {
        let backend = FakeTransport::default();
        let client = Client::new(Arc::new(backend.clone()));
        let answer = block_on(client.get_job(JobId("j".into())));
        assert_eq!(
            answer,
            Err(IpcError::UnknownCommand("Command get_job not found".into()))
        );
        assert_eq!(backend.calls("get_job"), [json!({"jobId": "j"})]);
    }
}
