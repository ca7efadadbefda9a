//! A disk that is full before a file is written.

use std::{env, future::Future, process::Command};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

/// Tells a test that it is the process with the full disk.
const VARIABLE: &str = "TOOLROOM_TEST_ON_A_FULL_DISK";
/// What the system sends to whom the disk is full; heeded, it becomes an error like any other.
const FILE_TOO_LONG: i32 = 25;

/// Runs `body` in a process of its own, in which no file gets longer than `bytes`, as if the disk were
/// full then. `module` is `module_path!()`, `test` the name of the test that calls this.
///
/// # Panics
/// If `body` does.
pub async fn on_a_full_disk(module: &str, test: &str, bytes: u64, body: impl Future<Output = ()>) {
    if env::var_os(VARIABLE).is_some() {
        let _heeded = signal(SignalKind::from_raw(FILE_TOO_LONG)).unwrap();
        let limit = Rlimit {
            current: Some(bytes),
            ..getrlimit(Resource::Fsize)
        };
        setrlimit(Resource::Fsize, limit).unwrap();
        return body.await;
    }
    let (_, module) = module.split_once("::").unwrap_or(("", ""));
    let name = format!("{module}::{test}");
    let name = name.trim_start_matches("::");
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(VARIABLE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{name} on a full disk: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
