//! Tasks in tests: what a store begins for later isn't done, so that a test sees what is done at once.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};

struct Nobody;

impl CustomExecutor for Nobody {
    fn spawn(&self, _task: PinnedFuture<()>) {}

    fn spawn_local(&self, _task: PinnedLocalFuture<()>) {}

    fn poll_local(&self) {}
}

/// Leaves what is begun from now on in this thread undone.
pub fn leave_undone() {
    // A thread that serves a second test has it already.
    let _ = Executor::init_local_custom_executor(Nobody);
}
