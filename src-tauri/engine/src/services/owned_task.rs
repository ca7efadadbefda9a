//! A task that ends with its owner.

use std::future::Future;

use tokio::{runtime::Handle, task::JoinHandle};

/// A task that is stopped when this is dropped: nobody has to remember to.
#[derive(Debug)]
pub struct OwnedTask {
    task: JoinHandle<()>,
}

impl OwnedTask {
    /// Begins it on the current Tokio runtime.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    #[must_use]
    pub fn spawn(work: impl Future<Output = ()> + Send + 'static) -> Self {
        // joined: as below
        Self::spawn_on(&Handle::current(), work)
    }

    /// Begins it on a runtime.
    #[must_use]
    pub fn spawn_on(runtime: &Handle, work: impl Future<Output = ()> + Send + 'static) -> Self {
        // joined: stopped when it is dropped
        let task = runtime.spawn(work);
        Self { task }
    }

    /// Whether it has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.task.is_finished()
    }

    /// Stops it at its next await.
    pub fn stop(&self) {
        self.task.abort();
    }

    /// Waits until it has ended, however it does.
    pub async fn ended(&mut self) {
        if !self.task.is_finished() {
            // A panic was said where it happened.
            let _ = (&mut self.task).await;
        }
    }
}

impl Drop for OwnedTask {
    fn drop(&mut self) {
        self.task.abort();
    }
}
