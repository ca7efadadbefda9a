//! The health as another process reads it: one small file in the data folder, always whole.

use std::{
    fs, io,
    io::Write,
    path::Path,
    time::{Duration, SystemTime},
};

use serde::Serialize;
use tempfile::NamedTempFile;
use toolroom_shared::HealthSnapshot;

/// The file, in the data folder.
const FILE: &str = "health.json";
/// How often it is written at the least while the engine is well enough to write.
pub(super) const WRITTEN_EVERY: Duration = Duration::from_secs(10);
/// From when on it counts as stale: twice it should have been written anew.
const STALE_AFTER: Duration = Duration::from_secs(25);

/// What an engine has written of its health.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoredHealth {
    /// How it was then.
    pub health: HealthSnapshot,
    /// Seconds since it was written.
    pub age_seconds: u64,
    /// It should have been written anew since: the engine hangs, or has ended.
    pub is_stale: bool,
}

/// Writes it whole, in place of what was there.
pub(super) fn write(folder: &Path, health: &HealthSnapshot) -> io::Result<()> {
    let text = serde_json::to_vec(health)?;
    let mut unfinished = NamedTempFile::new_in(folder)?;
    unfinished.write_all(&text)?;
    // It is read by who looks now, and worth nothing after a power cut: no wait for the disk.
    unfinished.persist(folder.join(FILE))?;
    Ok(())
}

/// Takes it away: the engine has ended.
pub(super) fn remove(folder: &Path) {
    // What stays is told as stale.
    let _ = fs::remove_file(folder.join(FILE));
}

/// What the engine of a data folder has last written of its health; none if it hasn't.
#[must_use]
pub fn read_stored(folder: &Path) -> Option<StoredHealth> {
    let path = folder.join(FILE);
    let health = serde_json::from_slice(&fs::read(&path).ok()?).ok()?;
    let written = path.metadata().and_then(|about| about.modified()).ok()?;
    // A clock that was put back since makes it young, not old.
    let age = SystemTime::now()
        .duration_since(written)
        .unwrap_or_default();
    Some(StoredHealth {
        health,
        age_seconds: age.as_secs(),
        is_stale: age > STALE_AFTER,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back_and_told_as_stale_when_it_is_old() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read_stored(folder.path()), None);
        let health = HealthSnapshot {
            pid: 7,
            ..HealthSnapshot::default()
        };
        write(folder.path(), &health).unwrap();
        let stored = read_stored(folder.path()).unwrap();
        assert_eq!((stored.health, stored.is_stale), (health, false));
        let file = fs::File::options()
            .write(true)
            .open(folder.path().join(FILE))
            .unwrap();
        file.set_modified(SystemTime::now() - STALE_AFTER * 2)
            .unwrap();
        assert!(read_stored(folder.path()).unwrap().is_stale);
        remove(folder.path());
        assert_eq!(read_stored(folder.path()), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
