//! Packages of npm: what the tests of a folder need, installed as its lock file says. Node and npm
//! come from `needs`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::workspace::Workspace;

/// npm in a folder of the repository.
pub fn npm(workspace: &Workspace, folder: &str, args: &[&str]) -> Result<Command> {
    let mut npm = workspace.program("npm")?;
    npm.args(args).current_dir(workspace.root.join(folder));
    Ok(npm)
}

/// Installs what the folder's lock file names, unless that is there.
pub fn install(workspace: &Workspace, folder: &str) -> Result<()> {
    if is_installed(&workspace.root.join(folder))? {
        return Ok(());
    }
    // Asking whether a package has a hole is no part of installing it.
    let mut install = npm(workspace, folder, &["ci", "--no-audit", "--no-fund"])?;
    process::run(&mut install).with_context(|| {
        format!(
            "what {folder} is tested with was not installed; with a connection to the registry of \
             npm, run the command again"
        )
    })
}

/// Whether everything that the lock file names has been installed since it was written. npm leaves
/// a lock file of its own when it has finished.
fn is_installed(folder: &Path) -> Result<bool> {
    let wanted = folder.join("package-lock.json");
    let wanted = fs::metadata(&wanted)
        .and_then(|file| file.modified())
        .with_context(|| format!("cannot read {}", wanted.display()))?;
    let installed = fs::metadata(folder.join("node_modules/.package-lock.json"))
        .and_then(|file| file.modified());
    Ok(installed.is_ok_and(|installed| installed >= wanted))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn write(folder: &Path, name: &str, age: u64) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "{}").unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(age))
            .unwrap();
    }

    #[test]
    fn packages_are_installed_when_they_are_missing_or_older_than_the_lock_file() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        assert!(is_installed(folder).is_err());
        write(folder, "package-lock.json", 60);
        assert!(!is_installed(folder).unwrap());
        write(folder, "node_modules/.package-lock.json", 120);
        assert!(!is_installed(folder).unwrap());
        write(folder, "node_modules/.package-lock.json", 30);
        assert!(is_installed(folder).unwrap());
    }
}
