//! A child process that takes its whole family along when it goes.

use std::{
    os::unix::process::CommandExt,
    process::{Child, Command},
};

use anyhow::{Context, Result};

/// A child in a process group of its own. Dropping it kills the group.
pub struct ProcessGroup {
    child: Child,
}

impl ProcessGroup {
    /// Starts `command`.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("could not start {command:?}"))?;
        Ok(Self { child })
    }

    /// The child itself.
    pub const fn child(&mut self) -> &mut Child {
        &mut self.child
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        // Whatever is gone already needs no killing.
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
    }
}
