//! A few connections that read, made when they are needed and shared by whoever asks.

use std::{
    path::PathBuf,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;

/// How many connections read at the same time at the most.
const CONNECTIONS: usize = 4;
/// How long the file is waited for. Readers wait only while a log is being recovered.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections that read one file.
pub(super) struct Pool {
    path: PathBuf,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    lent: usize,
}

impl Pool {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            state: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    /// Does `read` with a connection; waits for one if all are in use.
    pub(super) fn with<R>(
        &self,
        read: impl FnOnce(&Connection) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        let waited = self
            .returned
            .wait_while(self.state(), |state| state.lent == CONNECTIONS);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.lent += 1;
        let idle = state.idle.pop();
        drop(state);
        // From here on it is given back however this ends.
        let mut lent = Lent {
            pool: self,
            connection: idle,
        };
        let connection = match &mut lent.connection {
            Some(connection) => connection,
            none => none.insert(self.connect()?),
        };
        read(connection)
    }

    /// Closes what nobody uses just now.
    pub(super) fn shrink(&self) {
        let idle = std::mem::take(&mut self.state().idle);
        // Closed without the lock.
        drop(idle);
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        // In KiB.
        connection.pragma_update(None, "cache_size", -8192)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(connection)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Lent<'p> {
    pool: &'p Pool,
    connection: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state();
        state.lent -= 1;
        state.idle.extend(self.connection.take());
        drop(state);
        self.pool.returned.notify_one();
    }
}
