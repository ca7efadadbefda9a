//! The user's cache: its place, its locks, and folders that appear whole or not at all.
//!
//! What is put there is decided by `needs`.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The project's folder in the user's cache.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

/// Held while one process works on something that others may want too; freed when dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Cache {
    /// The cache of the user who runs this.
    pub fn of_user() -> Result<Self> {
        let root = root_from(|name| env::var_os(name).map(PathBuf::from)).context(
            "no folder for the cache: set XDG_CACHE_HOME or HOME to a folder that can be written",
        )?;
        Ok(Self { root })
    }

    /// A cache in a folder of one's choice.
    #[cfg(test)]
    pub fn at(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
        }
    }

    /// The cache's folder. It may not exist yet.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Waits until no other process holds the lock of this name, then holds it.
    pub fn lock(&self, name: &str) -> Result<Lock> {
        let folder = self.root.join("locks");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}; check who owns it", folder.display()))?;
        let path = folder.join(format!("{name}.lock"));
        let file = File::create(&path)
            .with_context(|| format!("cannot open the lock {}", path.display()))?;
        if file.try_lock().is_err() {
            eprintln!("waiting for another `cargo xtask` that works on {name}");
            file.lock()
                .with_context(|| format!("cannot take the lock {}", path.display()))?;
        }
        Ok(Lock { _file: file })
    }

    /// Fills `folder` by `fill`, which writes into an empty folder beside it. The folder appears
    /// under its name only when `fill` succeeded, so an interrupted installation is never taken
    /// for a whole one.
    pub fn install(&self, folder: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else {
            bail!(
                "{} is no folder that can be installed into",
                folder.display()
            );
        };
        fs::create_dir_all(parent)?;
        let unfinished = parent.join(format!(".{}.unfinished", name.to_string_lossy()));
        remove(&unfinished)?;
        fs::create_dir_all(&unfinished)?;
        if let Err(error) = fill(&unfinished) {
            remove(&unfinished)?;
            return Err(error);
        }
        // Whatever stood there was found wanting, or nobody would install again.
        remove(folder)?;
        fs::rename(&unfinished, folder)
            .with_context(|| format!("cannot move the finished folder to {}", folder.display()))
    }
}

/// Removes a folder and all it holds; nothing there is no error.
pub fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("cannot remove {}", folder.display())),
    }
}

fn root_from(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    // A relative path would mean another cache in every folder; the XDG rules say to ignore it.
    let folder = |name: &str| variable(name).filter(|path| path.is_absolute());
    folder("XDG_CACHE_HOME")
        .or_else(|| folder("HOME").map(|home| home.join(".cache")))
        .or_else(|| folder("LOCALAPPDATA"))
        .map(|cache| cache.join("toolroom"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_cache_follows_xdg_then_home_and_ignores_relative_paths() {
        let with = |pairs: &'static [(&str, &str)]| {
            root_from(|name| {
                pairs
                    .iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| PathBuf::from(value))
            })
        };
        assert_eq!(
            with(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]),
            Some("/c/toolroom".into())
        );
        assert_eq!(with(&[("HOME", "/h")]), Some("/h/.cache/toolroom".into()));
        assert_eq!(
            with(&[("XDG_CACHE_HOME", "c"), ("HOME", "/h")]),
            Some("/h/.cache/toolroom".into())
        );
        assert_eq!(with(&[]), None);
    }

    #[test]
    fn a_failed_installation_leaves_nothing_behind() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::at(home.path());
        let folder = home.path().join("tools/thing-1");
        let outcome = cache.install(&folder, |empty| {
            fs::write(empty.join("half"), "x")?;
            bail!("interrupted")
        });
        assert!(outcome.is_err());
        assert!(!folder.exists());
        assert_eq!(fs::read_dir(home.path().join("tools")).unwrap().count(), 0);
    }

    #[test]
    fn an_installation_replaces_what_an_interrupted_one_left() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::at(home.path());
        let folder = home.path().join("tools/thing-1");
        let unfinished = home.path().join("tools/.thing-1.unfinished");
        fs::create_dir_all(&unfinished).unwrap();
        fs::write(unfinished.join("stale"), "x").unwrap();
        cache
            .install(&folder, |empty| Ok(fs::write(empty.join("whole"), "y")?))
            .unwrap();
        assert!(folder.join("whole").is_file());
        assert!(!folder.join("stale").exists());
        assert!(!unfinished.exists());
    }

    #[test]
    fn a_lock_keeps_others_out_until_it_is_dropped() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::at(home.path());
        let held = cache.lock("thing").unwrap();
        let second = File::create(home.path().join("locks/thing.lock")).unwrap();
        assert!(second.try_lock().is_err());
        drop(held);
        assert!(second.try_lock().is_ok());
    }
}
