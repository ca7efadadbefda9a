//! Times a walk beside that of the crate `ignore`, which is ripgrep's, in turns on the same files:
//! `cargo run --release -p toolroom-toolkit --example walk_speed [FOLDER]`. Without a folder it makes
//! 10,000 files, half of them in one folder and half in many.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // as in a test

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use ignore::{WalkBuilder, WalkState};
use toolroom_toolkit::{
    InputPath, JobId, ToolError, ToolExecutionContext,
    walk::{Found, IgnoreRules},
};

const ROUNDS: usize = 31;

fn main() {
    let made = tempfile::tempdir().unwrap();
    let folder = env::args_os().nth(1).map_or_else(
        || {
            make(made.path());
            made.path().to_owned()
        },
        PathBuf::from,
    );
    let threads = thread::available_parallelism().unwrap().get();
    println!("{}, {threads} threads, {ROUNDS} rounds", folder.display());
    for (what, with_metadata, heeds_rules) in [
        ("names", false, false),
        ("names and metadata", true, false),
        ("names, ignore files heeded", false, true),
    ] {
        compare(
            what,
            &folder,
            |folder| ours(folder, with_metadata, heeds_rules),
            |folder| theirs(folder, with_metadata, heeds_rules),
        );
    }
    compare(
        "a list in order, with metadata",
        &folder,
        listed,
        |folder| theirs(folder, true, false),
    );
}

fn make(folder: &Path) {
    for index in 0..5_000 {
        let (one, two) = (index % 20, index % 300);
        let deep = folder.join(format!("many/{one}/{two}"));
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join(format!("file-{index}")), "x").unwrap();
        fs::create_dir_all(folder.join("one")).unwrap();
        fs::write(folder.join(format!("one/file-{index}")), "x").unwrap();
    }
}

fn compare(
    what: &str,
    folder: &Path,
    ours: impl Fn(&Path) -> usize,
    theirs: impl Fn(&Path) -> usize,
) {
    let count = ours(folder);
    assert_eq!(count, theirs(folder), "both find the same");
    let mut times = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        times.0.push(timed(|| ours(folder)));
        times.1.push(timed(|| theirs(folder)));
    }
    let (ours, theirs) = (median(times.0), median(times.1));
    println!(
        "{what}: {count} files, ours {ours:?}, ignore's {theirs:?}, ratio {:.2}",
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
}

fn timed(work: impl Fn() -> usize) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn ctx() -> ToolExecutionContext {
    ToolExecutionContext::new(JobId("j".into()))
}

fn ours(folder: &Path, with_metadata: bool, heeds_rules: bool) -> usize {
    let ctx = ctx();
    let mut walk = ctx
        .walk(&[InputPath::try_from(folder.to_owned()).unwrap()])
        .unwrap();
    if with_metadata {
        walk = walk.metadata();
    }
    if heeds_rules {
        walk = walk.ignoring(IgnoreRules::default());
    }
    let files = AtomicUsize::new(0);
    walk.visit(|| {
        |found| -> Result<(), ToolError> {
            if let Found::Entry(entry) = found {
                std::hint::black_box(entry);
                files.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        }
    })
    .end
    .unwrap();
    files.into_inner()
}

fn listed(folder: &Path) -> usize {
    let ctx = ctx();
    let walk = ctx.walk(&[InputPath::try_from(folder.to_owned()).unwrap()]);
    walk.unwrap().metadata().list().unwrap().entries.len()
}

fn theirs(folder: &Path, with_metadata: bool, heeds_rules: bool) -> usize {
    let files = AtomicUsize::new(0);
    WalkBuilder::new(folder)
        .standard_filters(heeds_rules)
        .build_parallel()
        .run(|| {
            Box::new(|entry| {
                let entry = entry.unwrap();
                if entry.file_type().is_some_and(|kind| kind.is_file()) {
                    if with_metadata {
                        std::hint::black_box(entry.metadata().unwrap());
                    }
                    files.fetch_add(1, Ordering::Relaxed);
                }
                WalkState::Continue
            })
        });
    files.into_inner()
}
