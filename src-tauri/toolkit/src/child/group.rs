//! A program and all it has started, as one: how it is started, asked to end and killed.
//!
//! When any of that is due is `child`'s business.

use std::{
    io,
    path::Path,
    process::{ExitStatus, Stdio},
};

#[cfg(windows)]
use process_wrap::tokio::JobObject;
#[cfg(unix)]
use process_wrap::tokio::ProcessGroup;
use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout, Command};
use toolroom_shared::ErrorCode;

use crate::ToolError;

/// A program and all it has started. Whoever lets go of it kills what is left of them.
pub struct Group(Box<dyn ChildWrapper>);

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Group {
    /// Starts `command`, which reads something on stdin if `is_fed`.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn start(mut command: Command, is_fed: bool) -> Result<Self, ToolError> {
        command
            .stdin(if is_fed {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut command = CommandWrap::from(command);
        // On Unix this lets Tokio reap the program if nobody waits for it any more, on Windows it
        // binds the job object's end to ours.
        command.wrap(KillOnDrop);
        #[cfg(unix)]
        command.wrap(ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(JobObject);
        match command.spawn() {
            Ok(child) => Ok(Self(child)),
            Err(error) => Err(cannot_start(command.command(), &error)),
        }
    }

    /// The program's stdin, stdout and stderr, for the first who asks.
    pub fn pipes(&mut self) -> (Option<ChildStdin>, Option<ChildStdout>, Option<ChildStderr>) {
        let child = &mut self.0;
        (
            child.stdin().take(),
            child.stdout().take(),
            child.stderr().take(),
        )
    }

    /// Waits for the program alone: `ChildWrapper::wait` may wait for its children too, without
    /// end.
    pub async fn exit(&mut self) -> io::Result<ExitStatus> {
        self.0.inner_mut().wait().await
    }

    /// Asks all of them to end. Windows has no such request and kills them.
    pub fn ask_to_end(&mut self) {
        #[cfg(unix)]
        // There may be nobody left to be asked.
        let _ = self
            .0
            .signal(tokio::signal::unix::SignalKind::terminate().as_raw_value());
        #[cfg(not(unix))]
        self.kill();
    }

    /// Kills all of them at once.
    pub fn kill(&mut self) {
        // There may be nobody left to be killed. A group's number isn't given away as long as it
        // has a member, and an empty group is let go of long before numbers come round again.
        let _ = self.0.start_kill();
    }
}

/// What a program is called in a sentence.
pub fn name_of(command: &Command) -> String {
    Path::new(command.as_std().get_program())
        .display()
        .to_string()
}

fn cannot_start(command: &Command, error: &io::Error) -> ToolError {
    let folder = command.as_std().get_current_dir();
    let place = folder.map_or_else(String::new, |folder| {
        format!(" in the folder {}", folder.display())
    });
    let why = match error.kind() {
        io::ErrorKind::NotFound if folder.is_some() => {
            "the program or the folder is not there".to_owned()
        }
        io::ErrorKind::NotFound => "there is no such program".to_owned(),
        io::ErrorKind::PermissionDenied => "running it is not permitted".to_owned(),
        _ => error.to_string(),
    };
    ToolError::failed(
        ErrorCode::Io,
        format!("Could not start {}{place}: {why}.", name_of(command)),
    )
}
