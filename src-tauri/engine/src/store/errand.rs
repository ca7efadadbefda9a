//! Work with the file itself that isn't a change of a job: it is done on the writing thread between two
//! batches, and who sent it waits for its answer.

use std::sync::mpsc;

use rusqlite::Connection;

use super::{artifact::Artifacts, error::StoreError, handle::Store};

/// Something to be done on the writing thread. It should take no longer than a batch.
pub(super) type Errand = Box<dyn FnOnce(&Connection, &Artifacts) + Send>;

impl<T: Send + 'static> Store<T> {
    /// Has `work` done on the writing thread, and waits for it.
    ///
    /// # Errors
    /// Those of `work`; when the history is being closed, or a fault ended the work.
    pub(super) fn send<R: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &Artifacts) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, StoreError> {
        let (answer, answered) = mpsc::channel();
        self.send_errand(Box::new(move |connection, artifacts| {
            // Who asked may have gone away.
            let _ = answer.send(work(connection, artifacts));
        }));
        answered
            .recv()
            .unwrap_or_else(|_| Err(StoreError::closed()))
    }
}
