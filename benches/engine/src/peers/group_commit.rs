//! Group commit: one writer thread takes what has come together in one transaction.
//!
//! The first change opens a transaction, whatever waits by then joins it up to a limit, and all
//! hear of the commit. Nobody waits for a group to grow: a lone caller has the disk to itself.
//! What the rows are is left to `row_writer`, how many callers there are to `bare_sqlite`.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use anyhow::{Context, Result, anyhow};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::row_writer::{Change, RowWriter};

/// The most changes in one transaction.
pub const LARGEST_GROUP: usize = 256;

/// A change that was handed over, and whom to tell when it is kept.
struct Handed {
    change: Change,
    kept: oneshot::Sender<()>,
}

/// Where callers hand over changes.
#[derive(Clone)]
pub struct Inbox {
    sender: Sender<Handed>,
}

/// What a writer did.
#[derive(Debug, Default, Clone, Copy)]
pub struct Written {
    /// Changes over all groups.
    pub changes: usize,
    /// Transactions.
    pub groups: usize,
}

/// Starts the writer thread. It ends, and has committed everything, when every inbox is gone.
pub fn start(connection: Connection) -> Result<(Inbox, JoinHandle<Result<Written>>)> {
    let (sender, receiver) = channel();
    let writer = std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || write(&connection, &receiver))
        .context("the writer thread doesn't start")?;
    Ok((Inbox { sender }, writer))
}

impl Inbox {
    /// Hands over a change and waits until it is kept.
    pub async fn keep(&self, change: Change) -> Result<()> {
        let (kept, told) = oneshot::channel();
        self.sender
            .send(Handed { change, kept })
            .map_err(|_| anyhow!("the writer has ended"))?;
        told.await.map_err(|_| anyhow!("the writer has ended"))
    }
}

fn write(connection: &Connection, inbox: &Receiver<Handed>) -> Result<Written> {
    let mut rows = RowWriter::new(connection)?;
    let mut written = Written::default();
    let mut waiting = Vec::with_capacity(LARGEST_GROUP);
    while let Ok(first) = inbox.recv() {
        rows.begin()?;
        let rest = inbox.try_iter().take(LARGEST_GROUP - 1);
        for handed in std::iter::once(first).chain(rest) {
            rows.apply(handed.change)?;
            waiting.push(handed.kept);
            written.changes += 1;
        }
        rows.commit()?;
        written.groups += 1;
        for kept in waiting.drain(..) {
            // Who no longer waits needn't be told.
            let _ = kept.send(());
        }
    }
    Ok(written)
}
