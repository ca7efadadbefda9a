//! Waiting for an answer, and asking again when none comes.
//!
//! Now and then a call is never answered, for reasons below the page. What only reads is asked for
//! again then, with growing patience: whichever answer comes first is taken, a late one too. What
//! changes something is never sent twice unless it says by a key of its own that it is the same.

use std::pin::pin;

use futures::StreamExt;
use futures::future::{Either, select};
use futures::stream::FuturesUnordered;
use toolroom_ipc::IpcError;
use toolroom_shared::AppError;

use super::LinkStore;
use crate::clock::Clock;
use crate::texts;

/// Milliseconds without an answer before it is asked again; twice as many each time.
const FIRST: u32 = 3_000;
/// How often it is asked at the most.
const TIMES: u32 = 4;

/// Asks, and asks again.
#[derive(Clone)]
pub struct Patience {
    clock: Clock,
    link: LinkStore,
}

impl Patience {
    /// Patience by that clock; what comes of it, the link is told.
    #[must_use]
    pub fn new(clock: Clock, link: LinkStore) -> Self {
        Self { clock, link }
    }

    /// The answer to `call`, which is made again when none has come.
    ///
    /// # Errors
    /// What the call fails with; `Transport` if it was never answered.
    pub async fn ask<T, F>(&self, call: impl Fn() -> F) -> Result<T, IpcError<AppError>>
    where
        F: Future<Output = Result<T, IpcError<AppError>>>,
    {
        let mut asked = FuturesUnordered::new();
        let mut patience = FIRST;
        for _ in 0..TIMES {
            asked.push(call());
            let waited = {
                let wait = pin!(self.clock.sleep(patience));
                match select(asked.next(), wait).await {
                    Either::Left((answer, _)) => answer,
                    Either::Right(_) => None,
                }
            };
            if let Some(answer) = waited {
                self.link.note(&answer);
                return answer;
            }
            self.link.timed_out();
            patience *= 2;
        }
        Err(IpcError::Transport(texts::NO_ANSWER.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::pending;

    use futures::executor::block_on;
    use leptos::prelude::*;

    use super::*;
    use crate::stores::Link;

    type Answer = Result<u32, IpcError<AppError>>;

    /// What comes of asking when the first `lost` answers never come.
    fn ask(lost: u32) -> (Answer, u32, Link) {
        let link = LinkStore::default();
        let patience = Patience::new(Clock::by_hand(&Default::default()), link.clone());
        let asked = Cell::new(0);
        let answer = block_on(patience.ask(|| {
            asked.set(asked.get() + 1);
            let number = asked.get();
            async move {
                match number > lost {
                    true => Ok(number),
                    false => pending().await,
                }
            }
        }));
        (answer, asked.get(), untrack(|| link.get()))
    }

    #[test]
    fn what_is_answered_is_asked_once() {
        assert_eq!(ask(0), (Ok(1), 1, Link::Answering));
    }

    #[test]
    fn an_answer_that_never_comes_is_asked_for_again() {
        assert_eq!(ask(1), (Ok(2), 2, Link::Answering));
        assert_eq!(ask(3), (Ok(4), 4, Link::Answering));
    }

    #[test]
    fn a_backend_that_never_answers_is_said_to_be_silent() {
        let (answer, asked, link) = ask(4);
        assert!(matches!(answer, Err(IpcError::Transport(_))));
        assert_eq!((asked, link), (4, Link::Silent));
    }

    #[test]
    fn a_late_first_answer_is_taken() {
        let link = LinkStore::default();
        let patience = Patience::new(Clock::by_hand(&Default::default()), link);
        let asked = Cell::new(0);
        // The first comes only after the second was asked for, which never comes.
        let answer: Answer = block_on(patience.ask(|| {
            asked.set(asked.get() + 1);
            let (number, asked) = (asked.get(), &asked);
            async move {
                if number > 1 {
                    return pending().await;
                }
                futures::future::poll_fn(|context| {
                    context.waker().wake_by_ref();
                    match asked.get() {
                        1 => std::task::Poll::Pending,
                        _ => std::task::Poll::Ready(Ok(number)),
                    }
                })
                .await
            }
        }));
        assert_eq!((answer, asked.get()), (Ok(1), 2));
    }
}
