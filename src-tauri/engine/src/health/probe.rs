//! Asks the system what this process takes and what is left.
//!
//! On Linux from `/proc`, a few small reads; what a system doesn't tell this way is none.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use toolroom_shared::ResourceUse;

/// How long a process takes to have all that it rests on: a window's engine is up before its page.
const STARTING: Duration = Duration::from_secs(20);

/// Asks, and remembers what a rate needs.
#[derive(Debug)]
pub struct Probe {
    folder: Option<PathBuf>,
    database: [PathBuf; 2],
    /// When it was last asked, and the processor time that had been taken by then.
    cpu: Option<(Instant, f64)>,
    resting: Option<u64>,
    begun: Instant,
}

impl Probe {
    /// For a process whose data folder is `folder`.
    pub fn new(folder: Option<PathBuf>) -> Self {
        let file = |name: &str| folder.as_deref().unwrap_or(Path::new("")).join(name);
        Self {
            database: [file("toolroom.db"), file("toolroom.db-wal")],
            folder,
            cpu: None,
            resting: None,
            begun: Instant::now(),
        }
    }

    /// What it takes now. Blocks, for less than a millisecond where the disk answers.
    pub fn read(&mut self) -> ResourceUse {
        let memory = system::memory();
        self.resting = at_rest(self.resting, memory, self.begun.elapsed());
        let cpu_now = system::cpu_seconds().map(|seconds| (Instant::now(), seconds));
        let cpu_percent = match (self.cpu, cpu_now) {
            (Some((then, before)), Some((now, taken))) => {
                let passed = now.duration_since(then).as_secs_f64();
                (passed > 0.0).then(|| (taken - before).max(0.0) / passed * 100.0)
            }
            _ => None,
        };
        self.cpu = cpu_now;
        ResourceUse {
            memory_bytes: memory,
            resting_memory_bytes: self.resting,
            cpu_percent,
            open_files: system::open_files(),
            open_files_limit: system::open_files_limit(),
            disk_free_bytes: self.folder.as_deref().and_then(system::disk_free),
            database_bytes: self.folder.as_ref().map(|_| {
                self.database
                    .iter()
                    .filter_map(|file| fs::metadata(file).ok())
                    .map(|about| about.len())
                    .sum()
            }),
        }
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;

    pub use super::unix::{disk_free, open_files_limit};

    /// Resident bytes.
    pub fn memory() -> Option<u64> {
        let text = fs::read_to_string("/proc/self/statm").ok()?;
        let pages: u64 = text.split_ascii_whitespace().nth(1)?.parse().ok()?;
        Some(pages * rustix::param::page_size() as u64)
    }

    /// Seconds of processor time that all threads have taken.
    pub fn cpu_seconds() -> Option<f64> {
        let text = fs::read_to_string("/proc/self/stat").ok()?;
        // The program's name may hold anything, a bracket too.
        let after_name = text.rsplit_once(')')?.1;
        let mut fields = after_name.split_ascii_whitespace().skip(11);
        let mut ticks = || fields.next()?.parse::<u64>().ok();
        let taken = ticks()? + ticks()?;
        Some(taken as f64 / rustix::param::clock_ticks_per_second() as f64)
    }

    /// Descriptors that are open.
    pub fn open_files() -> Option<u32> {
        let open = fs::read_dir("/proc/self/fd").ok()?.count();
        // One of them is this look.
        u32::try_from(open.saturating_sub(1)).ok()
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
mod system {
    pub use super::unix::{disk_free, open_files_limit};

    pub const fn memory() -> Option<u64> {
        None
    }

    pub const fn cpu_seconds() -> Option<f64> {
        None
    }

    pub const fn open_files() -> Option<u32> {
        None
    }
}

#[cfg(unix)]
mod unix {
    use std::path::Path;

    /// Bytes on the disk of `folder` that this user may still use.
    pub fn disk_free(folder: &Path) -> Option<u64> {
        let about = rustix::fs::statvfs(folder).ok()?;
        about.f_bavail.checked_mul(about.f_frsize)
    }

    /// How many descriptors may be open.
    pub fn open_files_limit() -> Option<u32> {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
        u32::try_from(limit.current?).ok()
    }
}

#[cfg(not(unix))]
mod system {
    use std::path::Path;

    pub const fn memory() -> Option<u64> {
        None
    }

    pub const fn cpu_seconds() -> Option<f64> {
        None
    }

    pub const fn open_files() -> Option<u32> {
        None
    }

    pub const fn open_files_limit() -> Option<u32> {
        None
    }

    pub const fn disk_free(_: &Path) -> Option<u64> {
        None
    }
}

/// What a process holds at rest: the least that was seen once it was up; until then what it holds.
fn at_rest(before: Option<u64>, now: Option<u64>, up_for: Duration) -> Option<u64> {
    match (before, now) {
        (Some(before), Some(now)) if up_for > STARTING => Some(before.min(now)),
        (before, now) => now.or(before),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn it_sees_what_this_process_takes() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("toolroom.db"), [0; 300]).unwrap();
        fs::write(folder.path().join("toolroom.db-wal"), [0; 20]).unwrap();
        let mut probe = Probe::new(Some(folder.path().to_owned()));
        let before = probe.read();
        assert_eq!(before.database_bytes, Some(320));
        assert!(before.disk_free_bytes.is_some_and(|free| free > 0));
        assert!(before.open_files_limit.unwrap() >= before.open_files.unwrap());

        let files: Vec<_> = (0..40)
            .map(|_| fs::File::open(folder.path().join("toolroom.db")).unwrap())
            .collect();
        let ballast = vec![1u8; 64 * 1024 * 1024];
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(60) {
            std::hint::black_box(&ballast);
        }
        let after = probe.read();
        // Other tests run beside this one.
        assert!(after.open_files.unwrap() + 20 >= before.open_files.unwrap() + 40);
        assert!(after.memory_bytes.unwrap() >= 64 * 1024 * 1024);
        assert!(after.cpu_percent.unwrap() > 0.0);
        drop(files);
    }

    #[test]
    fn what_a_process_takes_on_while_it_starts_is_what_it_rests_on() {
        let (starting, up) = (STARTING / 2, STARTING * 2);
        let seen = [
            (10, starting),
            (90, starting),
            (120, up),
            (80, up),
            (200, up),
        ];
        let mut rest = None;
        let rests = seen.map(|(held, up_for)| {
            rest = at_rest(rest, Some(held), up_for);
            rest.unwrap()
        });
        assert_eq!(rests, [10, 90, 90, 80, 80]);
        assert_eq!(at_rest(rest, None, up), Some(80));
    }

    #[test]
    fn a_look_takes_less_than_a_millisecond() {
        let folder = tempfile::tempdir().unwrap();
        let mut probe = Probe::new(Some(folder.path().to_owned()));
        // The quickest of many: the machine has other things to do.
        let quickest = (0..50).map(|_| {
            let begun = Instant::now();
            probe.read();
            begun.elapsed()
        });
        let quickest = quickest.min().unwrap();
        assert!(quickest < Duration::from_millis(1), "{quickest:?}");
    }
}
