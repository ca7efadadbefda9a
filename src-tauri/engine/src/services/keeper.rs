//! The task around one service: begins it when those before it are ready, and again when it ends.
//!
//! A service runs inside its keeper and not beside it: whatever ends the keeper ends the service,
//! and there are never two of one.

use std::{any::Any, panic::AssertUnwindSafe, sync::Arc};

use futures::FutureExt;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::{Service, ServiceContext, ServiceRecord};

/// What a keeper goes by.
pub(super) struct Keeper {
    pub(super) service: Service,
    pub(super) record: Arc<ServiceRecord>,
    /// Whether it has been ready once.
    pub(super) ready: watch::Sender<bool>,
    /// The same of the one before it.
    pub(super) before: Option<watch::Receiver<bool>>,
    pub(super) stop: CancellationToken,
    /// Ends the service as a fault would.
    pub(super) kill: Arc<Notify>,
}

impl Keeper {
    /// Keeps the service until it is told to stop.
    pub(super) async fn keep(mut self) {
        if self.may_begin().await {
            self.keep_running().await;
        }
        self.record.stopped(true);
    }

    /// Waits for the one before. False if it should stop first.
    async fn may_begin(&mut self) -> bool {
        let Some(mut before) = self.before.take() else {
            return true;
        };
        tokio::select! {
            () = self.stop.cancelled() => false,
            // One that is gone without having been ready doesn't hold up the others.
            _ = before.wait_for(|ready| *ready) => true,
        }
    }

    async fn keep_running(&self) {
        while !self.stop.is_cancelled() {
            let why = self.run_once().await;
            if self.stop.is_cancelled() {
                return;
            }
            let rest = self.record.fell(why);
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(rest) => {} // sleep: the rest after a fall
            }
        }
    }

    /// Runs it until it ends, and says why it did.
    async fn run_once(&self) -> String {
        self.record.begin();
        let context = ServiceContext {
            record: self.record.clone(),
            ready: self.ready.clone(),
            stop: self.stop.clone(),
        };
        let run = AssertUnwindSafe(async { (self.service.begin)(context).await }).catch_unwind();
        tokio::select! {
            biased;
            ended = run => match ended {
                Ok(Ok(())) => "It ended by itself.".to_owned(),
                Ok(Err(why)) => why,
                Err(panic) => words_of(&*panic),
            },
            () = self.kill.notified() => "It was ended from outside.".to_owned(),
        }
    }
}

/// That it was a fault, and where that lies if it can be told. What a panic says stays out of what
/// people see: it may hold anything.
pub(super) fn words_of(panic: &(dyn Any + Send)) -> String {
    let kind = if panic.is::<&'static str>() || panic.is::<String>() {
        "A fault in Toolroom (a panic) ended it."
    } else {
        "A fault in Toolroom (a panic without words) ended it."
    };
    kind.to_owned()
}
