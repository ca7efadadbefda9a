//! The writing thread as a service that keeps itself: a fault in it costs nothing that was given
//! to it.
//!
//! What was at work when the writer fell is known to be committed, or is rolled back and written
//! again: first with what came along with it, then one by one, and what makes it fall each time is
//! answered as failed. Until the writer is back, changes wait; a store that is being closed waits
//! for no rest.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{Arc, mpsc::Sender},
    time::Instant,
};

use rusqlite::Connection;

use super::{
    artifact::Artifacts,
    error::StoreError,
    handle::StoreOptions,
    queue::Queue,
    writer::{OnSettled, Writer},
};
use crate::services::ServiceRecord;

/// What the thread is given.
pub(super) struct Setup<T> {
    pub(super) connection: Connection,
    pub(super) folder: PathBuf,
    /// Where the history before this one was put, if it was damaged.
    pub(super) set_aside: Option<PathBuf>,
    pub(super) artifacts: Artifacts,
    pub(super) options: StoreOptions,
    pub(super) queue: Arc<Queue<T>>,
    pub(super) on_settled: OnSettled<T>,
    pub(super) service: Arc<ServiceRecord>,
    /// Is told whether the thread has begun.
    pub(super) ready: Sender<Result<(), StoreError>>,
}

/// Writes until the queue is closed.
pub(super) fn run<T>(setup: Setup<T>) {
    setup.service.begin();
    match Writer::new(&setup) {
        Err(error) => {
            let _ = setup.ready.send(Err(error));
        }
        Ok(mut writer) => {
            let _ = setup.ready.send(Ok(()));
            setup.service.ready();
            keep_writing(&setup, &mut writer);
            writer.settle_left(setup.queue.shut().into_iter());
        }
    }
    let _ = setup
        .connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    setup.service.stopped(true);
    let Setup {
        connection, queue, ..
    } = setup;
    drop(connection);
    queue.end();
}

fn keep_writing<'s, T>(setup: &'s Setup<T>, writer: &mut Writer<'s, T>) {
    let mut fallen = false;
    loop {
        let wrote = catch_unwind(AssertUnwindSafe(|| {
            if fallen {
                writer.recover()?;
                setup.service.ready();
            }
            writer.write_until_closed();
            Ok::<(), StoreError>(())
        }));
        let why = match wrote {
            Ok(Ok(())) => return,
            Ok(Err(error)) => format!("It could not go on: {error}"),
            Err(_) => "A fault in Toolroom (a panic) ended it.".to_owned(),
        };
        fallen = true;
        let rest = setup.service.fell(why);
        if setup.queue.rest(Instant::now() + rest) {
            // The time for closing is over.
            return;
        }
        setup.service.begin();
    }
}
