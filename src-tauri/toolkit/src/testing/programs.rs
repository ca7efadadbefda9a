//! The programs of others that a tool is compared with.

use std::{env, fs, path::PathBuf};

/// The program of that name, if it is installed: on the path, or among those that the development
/// builds for itself.
#[must_use]
pub fn installed_program(name: &str) -> Option<PathBuf> {
    let on_path = env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    on_path.or_else(|| {
        let tools = PathBuf::from(env::var_os("HOME")?).join(".cache/toolroom/tools");
        fs::read_dir(tools)
            .ok()?
            .filter_map(|entry| Some(entry.ok()?.path().join("bin").join(name)))
            .find(|path| path.is_file())
    })
}

/// The program that a test compares with. Where it is missing, none, and the test is to be content;
/// unless `TOOLROOM_TEST_PROGRAMS` says that all are installed, as `cargo xtask test` does.
#[must_use]
pub fn reference_program(name: &str) -> Option<PathBuf> {
    let found = installed_program(name);
    if found.is_none() {
        assert!(
            env::var_os("TOOLROOM_TEST_PROGRAMS").is_none(),
            "{name} isn't installed"
        );
        eprintln!("skipped: {name} isn't installed");
    }
    found
}
