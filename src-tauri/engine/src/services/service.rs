//! A service as it is described: its name, and how it is begun.

use std::{fmt, future::Future, sync::Arc};

use futures::{FutureExt, future::BoxFuture};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{Backoff, ServiceRecord};

/// How a service ended: of itself, or with a sentence that says why it could not go on.
pub type ServiceEnd = Result<(), String>;

type Begin = dyn Fn(ServiceContext) -> BoxFuture<'static, ServiceEnd> + Send + Sync;

/// A service: it runs until it is told to stop, and can be begun again at any time.
#[derive(Clone)]
pub struct Service {
    pub(super) name: &'static str,
    pub(super) backoff: Backoff,
    pub(super) begin: Arc<Begin>,
}

impl Service {
    /// A service that is begun with `begin`, anew each time. What it runs must bear to be dropped
    /// at any await.
    pub fn new<F, R>(name: &'static str, begin: F) -> Self
    where
        F: Fn(ServiceContext) -> R + Send + Sync + 'static,
        R: Future<Output = ServiceEnd> + Send + 'static,
    {
        Self {
            name,
            backoff: Backoff::default(),
            begin: Arc::new(move |context| begin(context).boxed()),
        }
    }

    /// The same with other rests between its falls.
    #[must_use]
    pub const fn resting(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What a service is given each time it is begun.
#[derive(Clone, Debug)]
pub struct ServiceContext {
    pub(super) record: Arc<ServiceRecord>,
    pub(super) ready: watch::Sender<bool>,
    pub(super) stop: CancellationToken,
}

impl ServiceContext {
    /// Says that it does its work: the next service may be begun.
    pub fn ready(&self) {
        self.record.ready();
        self.ready.send_replace(true);
    }

    /// Waits until it should stop.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }
}
