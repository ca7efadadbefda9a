//! What is swapped between a check and its use leads nowhere else.

use std::{
    fs,
    io::Read,
    os::unix::fs::symlink,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use super::Bench;
use crate::{OutputDir, Overwrite};

/// The most that is tried to lose a race.
const ROUNDS: usize = 100_000;

/// Swaps `open/way` between a folder and a link to what must not be read, as fast as it goes.
#[cfg(target_os = "linux")]
fn while_swapping(bench: &Bench, work: impl FnOnce()) {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    let is_over = AtomicBool::new(false);
    let (way, link) = (bench.path("open/way"), bench.path("open/link"));
    fs::create_dir(&way).unwrap();
    fs::write(way.join("file"), "open").unwrap();
    symlink(bench.path("closed"), &link).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                renameat_with(CWD, &way, CWD, &link, RenameFlags::EXCHANGE).unwrap();
            }
        });
        // Also when the work panics: who swaps is waited for.
        let _end = Raised(&is_over);
        work();
    });
}

struct Raised<'a>(&'a AtomicBool);

impl Drop for Raised<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_is_swapped_for_a_link_never_gives_away_the_secret() {
    let bench = Bench::new();
    let (mut read, mut refused) = (0, 0);
    while_swapping(&bench, || {
        let folder = bench.open();
        for _ in 0..ROUNDS {
            // Until both have happened often: the race was run.
            if read >= 2_000 && refused >= 2_000 {
                break;
            }
            // From the path, and from a folder that is open.
            let other = || {
                let mut text = String::new();
                folder.open("way/file")?.read_to_string(&mut text).unwrap();
                Ok(text)
            };
            for result in [bench.read(bench.path("open/way/file")), other()] {
                match result {
                    Ok(text) => {
                        assert_eq!(text, "open");
                        read += 1;
                    }
                    Err(_) => refused += 1,
                }
            }
        }
    });
    assert!(read > 0 && refused > 0, "there was no race");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_is_swapped_for_a_link_never_takes_what_is_written() {
    let bench = Bench::new();
    let (mut written, mut refused) = (0, 0);
    while_swapping(&bench, || {
        for _ in 0..ROUNDS {
            if written >= 300 && refused >= 300 {
                break;
            }
            let result = bench
                .ctx
                .create(&bench.output("open/way/new"), Overwrite::Replace)
                .and_then(|file| file.without_sync().finish());
            match result {
                Ok(_) => written += 1,
                Err(_) => refused += 1,
            }
            let made = OutputDir::try_from(bench.path("open/way/a/b")).unwrap();
            let _ = bench.ctx.output_dir(&made);
        }
    });
    assert_eq!(bench.names("closed"), ["file"]);
    assert!(written > 0 && refused > 0, "there was no race");
}
