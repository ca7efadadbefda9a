//! apalis over memory: its own worker on its own storage, no middleware.
//!
//! Callers hand jobs over and aren't told of their ends, since this peer has nothing for that: the
//! last end is noticed by a counter. The storage can't be cloned and goes into the worker; the
//! callers therefore send into the channel that the storage reads, which is what its own sink does
//! behind a lock. That flatters the peer, and it is the only way in beside a running worker.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use apalis::prelude::{
    Data, MemorySink, MemoryStorage, MemoryStorageError, RandomId, Task, TaskBuilder, TaskId,
    WorkerBuilder,
};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::{SinkExt, StreamExt};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::contender::Contender;
use crate::countdown::Countdown;
use crate::load::{Load, Outcome};
use crate::memory;
use crate::versions;

/// Jobs as tasks of apalis, kept in memory.
#[derive(Debug)]
pub struct ApalisMemory {
    /// No worker: jobs are handed over and stay, to tell what a job costs while it waits.
    pub waiting: bool,
}

impl Contender for ApalisMemory {
    fn who(&self) -> String {
        "apalis, in memory".to_owned()
    }

    fn run(&self, load: Load, _folder: &Path) -> Result<Outcome> {
        let runtime = Runtime::new().context("tokio's runtime doesn't start")?;
        let mut outcome = runtime.block_on(async {
            if self.waiting {
                waiting(load).await
            } else {
                working(load).await
            }
        })?;
        let lock_file = include_str!("../../Cargo.lock");
        outcome
            .notes
            .insert(0, versions::named(lock_file, "apalis"));
        Ok(outcome)
    }
}

async fn working(load: Load) -> Result<Outcome> {
    let (sender, receiver) = unbounded();
    let countdown = Arc::new(Countdown::new(load.jobs));
    let worker = WorkerBuilder::new("worker")
        .backend(storage(&sender, receiver))
        .data(Arc::clone(&countdown))
        .build(job);
    let last = Arc::clone(&countdown);
    // joined: below. It stops by itself after the last job.
    let worker = tokio::spawn(worker.run_until(async move {
        last.wait().await;
        Ok::<(), std::io::Error>(())
    }));
    let begin = Instant::now();
    let mut callers = JoinSet::new();
    for index in 0..load.callers {
        callers.spawn(hand_over(sender.clone(), load.share(index)));
    }
    while let Some(caller) = callers.join_next().await {
        caller.context("a caller was lost")??;
    }
    worker.await.context("the worker was lost")??;
    Ok(Outcome {
        elapsed: countdown.wait().await.duration_since(begin),
        notes: vec!["jobs at once: no limit; callers are not told of the end".to_owned()],
        ..Outcome::default()
    })
}

async fn waiting(load: Load) -> Result<Outcome> {
    let (sender, receiver) = unbounded();
    let storage = storage(&sender, receiver);
    let before = memory::resident_bytes();
    let begin = Instant::now();
    hand_over(sender, load.jobs).await?;
    let outcome = Outcome {
        elapsed: begin.elapsed(),
        grown_bytes: memory::grown_since(before),
        notes: vec!["without a worker".to_owned()],
        ..Outcome::default()
    };
    drop(storage);
    Ok(outcome)
}

/// The storage over our channel; its own sink goes into the same channel and stays unused.
fn storage(
    sender: &UnboundedSender<Task<u64>>,
    receiver: UnboundedReceiver<Task<u64>>,
) -> MemoryStorage<u64> {
    let sink = sender.clone().sink_map_err(MemoryStorageError::SendError);
    let sink = MemorySink::new(Arc::new(futures::lock::Mutex::new(Box::new(sink))));
    MemoryStorage::new_with(sink, receiver.boxed())
}

/// One caller: jobs one after another, with ids as the peer's own sink gives them.
async fn hand_over(sender: UnboundedSender<Task<u64>>, jobs: usize) -> Result<()> {
    for number in 0..jobs {
        let task = TaskBuilder::new(number as u64)
            .task_id(TaskId::from_string(RandomId::default()))
            .build();
        sender
            .unbounded_send(task)
            .map_err(|_| anyhow!("the storage takes no more jobs"))?;
    }
    Ok(())
}

async fn job(_number: u64, countdown: Data<Arc<Countdown>>) {
    countdown.ended();
}
