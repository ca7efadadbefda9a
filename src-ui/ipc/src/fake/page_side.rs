//! The transport in memory as a page uses it.

use std::sync::Arc;

use serde_json::Value;

use super::{CHANNEL, FakeTransport, Subscription};
use crate::{
    Body, ChannelHandler, EventHandler, Listener, Listening, LocalBoxFuture, OpenChannel,
    Rejection, Transport, TransportError,
};

impl Transport for FakeTransport {
    fn invoke(
        &self,
        command: &'static str,
        args: String,
    ) -> LocalBoxFuture<Result<Body, Rejection>> {
        let unreadable = |why: serde_json::Error| Rejection::Unreadable(why.to_string());
        let call = serde_json::from_str::<Value>(&args).map_err(unreadable);
        let call = call.map(|args| {
            let mut state = self.state();
            state.calls.push((command.to_owned(), args.clone()));
            (args, state.commands.get(command).cloned())
        });
        let is_lost = self.is_lost(command);
        let released = self.released(command);
        let backend = self.clone();
        Box::pin(async move {
            let (args, handler) = call?;
            released.await;
            if is_lost {
                return std::future::pending().await;
            }
            let Some(handler) = handler else {
                let text = format!("Command {command} not found");
                return Err(Rejection::Refused(Body::Text(text)));
            };
            let answer = handler(args.clone());
            if answer.is_err() {
                backend.drop_channels(&args);
            }
            answer
        })
    }

    fn listen(&self, event: &'static str, handler: EventHandler) -> Listening {
        let id = {
            let mut state = self.state();
            let id = state.next();
            let is_registered = !state.held.contains_key(event);
            state.subscriptions.push(Subscription {
                id,
                event,
                handler: Arc::new(handler),
                is_registered,
            });
            id
        };
        let backend = self.clone();
        let listener = Listener::new(move || {
            // Dropped when the state is free again: it may hold anything, a listener too.
            let _gone: Vec<_> = {
                let mut state = backend.state();
                state.subscriptions.extract_if(.., |s| s.id == id).collect()
            };
        });
        let released = self.released(event);
        Listening {
            listener,
            registered: Box::pin(async move {
                released.await;
                Ok(())
            }),
        }
    }

    fn open_channel(&self, handler: ChannelHandler) -> Result<OpenChannel, TransportError> {
        let argument = {
            let mut state = self.state();
            let argument = format!("{CHANNEL} {}", state.next());
            let handler = Arc::new(handler);
            state.channels.insert(argument.clone(), handler);
            argument
        };
        let (backend, name) = (self.clone(), argument.clone());
        let listener = Listener::new(move || {
            let _gone = backend.state().channels.remove(&name);
        });
        Ok(OpenChannel { argument, listener })
    }
}
