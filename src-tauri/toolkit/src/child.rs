//! Other programs, run for a job: each in a process group of its own (a job object on Windows) that
//! ends with the job, and with it whatever the program has started in turn.
//!
//! Which program it is, and what its exit code and its words mean, is left to the tool. A process
//! that leaves the group by itself, as a daemon does, is out of reach on Unix.

mod group;
mod sink;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::{
    future,
    pin::pin,
    process::{self, ExitStatus},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    process::Command,
    time::{Instant, sleep_until},
};
use toolroom_shared::ErrorCode;

use self::{
    group::{Group, name_of},
    sink::{OnLine, Sink},
};
use crate::{CancellationToken, ToolError, ToolExecutionContext};

/// How long a program has to end by itself when it is asked to.
const GRACE: Duration = Duration::from_secs(2);
/// How long others may hold its pipes once it has ended, and once more when they were killed: what
/// they still say is taken.
const PIPES_GRACE: Duration = Duration::from_millis(500);
/// How long a killed group is waited for. Only a process that hangs in the kernel takes as long.
const KILL_PATIENCE: Duration = Duration::from_secs(2);
/// How much of stdout is taken unless the tool says otherwise.
const STDOUT_BYTES: usize = 8 * 1024 * 1024;
/// How much is read at once.
const PIECE_BYTES: usize = 8 * 1024;

/// A program to run for a job, from either `Command`, and what becomes of its words. Where the
/// command's own stdin, stdout and stderr lead is not asked.
///
/// The closures run on an async worker: they must not block. A line ends with `\n`, `\r\n` or a
/// lone `\r`, as progress is drawn; what isn't UTF-8 in it is replaced.
#[must_use]
pub struct ChildProgram<'a> {
    command: Command,
    stdin: Vec<u8>,
    stdout_limit: usize,
    on_stdout: Option<OnLine<'a>>,
    on_stderr: Option<OnLine<'a>>,
    grace: Duration,
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildEnd {
    /// Its exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to stdout; nothing if the lines were given away.
    pub stdout: Vec<u8>,
}

impl ChildEnd {
    /// Whether it ended with the exit code 0.
    #[must_use]
    pub fn success(&self) -> bool {
        self.code == Some(0)
    }
}

impl From<Command> for ChildProgram<'_> {
    fn from(command: Command) -> Self {
        Self {
            command,
            stdin: Vec::new(),
            stdout_limit: STDOUT_BYTES,
            on_stdout: None,
            on_stderr: None,
            grace: GRACE,
        }
    }
}

impl From<process::Command> for ChildProgram<'_> {
    fn from(command: process::Command) -> Self {
        Command::from(command).into()
    }
}

impl<'a> ChildProgram<'a> {
    /// What it reads on stdin. Without this, stdin is closed.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// How many bytes of stdout, or of one line of it, are taken. More than that ends the program,
    /// and is an error. 8 MiB unless said otherwise.
    pub fn stdout_limit(mut self, bytes: usize) -> Self {
        self.stdout_limit = bytes;
        self
    }

    /// Gives stdout line by line to `each` instead of collecting it. An error of `each` ends the
    /// program, and is what the run fails with.
    pub fn on_stdout_line(
        mut self,
        each: impl FnMut(&str) -> Result<(), ToolError> + Send + 'a,
    ) -> Self {
        self.on_stdout = Some(Box::new(each));
        self
    }

    /// Gives stderr line by line to `each` instead of the job's log.
    pub fn on_stderr_line(mut self, mut each: impl FnMut(&str) + Send + 'a) -> Self {
        self.on_stderr = Some(Box::new(move |line| {
            each(line);
            Ok(())
        }));
        self
    }
}

impl ToolExecutionContext {
    /// Runs another program and waits for its end, whatever its exit code is. Its stderr goes to
    /// the job's log, its stdout into the answer, unless a [`ChildProgram`] says otherwise.
    ///
    /// When the job is cancelled, the program and all it has started are asked to end, and killed
    /// two seconds later; on Windows, which has no such request, at once. They are killed at once
    /// also when this future is dropped, and what outlives the program is killed shortly after it.
    ///
    /// ```no_run
    /// # use toolroom_toolkit::{ChildProgram, ToolError, ToolExecutionContext};
    /// # async fn example(ctx: ToolExecutionContext) -> Result<(), ToolError> {
    /// let mut git = std::process::Command::new("git");
    /// git.args(["rev-list", "HEAD"]);
    /// let mut commits = 0;
    /// let log = ChildProgram::from(git).on_stdout_line(|_| {
    ///     commits += 1;
    ///     Ok(())
    /// });
    /// if ctx.run_child(log).await?.success() {
    ///     ctx.log.line(format!("{commits} commits"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the job is cancelled or may not start programs, the program can't be started, it writes too much, or a closure
    /// refuses a line.
    pub async fn run_child<'a>(
        &self,
        program: impl Into<ChildProgram<'a>>,
    ) -> Result<ChildEnd, ToolError> {
        self.check_canceled()?;
        let program = program.into();
        let name = name_of(&program.command);
        self.access.check_spawn(&name)?;
        let mut group = Group::start(program.command, !program.stdin.is_empty())?;

        let mut out = Sink::stdout(program.on_stdout, program.stdout_limit, &name);
        let log = self.log.clone();
        let mut err = Sink::stderr(program.on_stderr.unwrap_or_else(|| {
            Box::new(move |line| {
                log.line(line);
                Ok(())
            })
        }));

        let (stdin, stdout, stderr) = group.pipes();
        let pipes = async {
            let feed = feed(stdin, &program.stdin);
            tokio::try_join!(
                feed,
                read(stdout, &name, &mut out),
                read(stderr, &name, &mut err)
            )
            .map(drop)
        };
        let end = watch(group, pipes, &self.cancel, program.grace).await;

        // A last line may lack its line break; the log has it also when the job is cancelled.
        err.finish()?;
        let status = end?;
        Ok(ChildEnd {
            code: status.and_then(|status| status.code()),
            stdout: out.finish()?,
        })
    }
}

/// Sees the group through to its end: the program is reaped and its pipes are closed, or whoever
/// holds them is out of reach. No status if the program could not even be killed.
async fn watch(
    mut group: Group,
    pipes: impl Future<Output = Result<(), ToolError>>,
    cancel: &CancellationToken,
    grace: Duration,
) -> Result<Option<ExitStatus>, ToolError> {
    let mut pipes = pin!(pipes);
    let mut are_open = true;
    let mut status = None;
    let mut failure = None;
    let mut is_killed = false;
    let mut deadline = None;
    while status.is_none() || are_open {
        tokio::select! {
            biased;
            () = cancel.cancelled(), if failure.is_none() => {
                failure = Some(ToolError::canceled());
                group.ask_to_end();
                deadline = Some(Instant::now() + grace);
            }
            done = &mut pipes, if are_open => {
                are_open = false;
                if let Err(error) = done {
                    failure.get_or_insert(error);
                    deadline = Some(Instant::now());
                }
            }
            exit = group.exit(), if status.is_none() => {
                let exit = exit.map_err(|error| {
                    ToolError::failed(ErrorCode::Io, format!("Lost track of a program: {error}."))
                })?;
                status = Some(exit);
                // Who is asked to end keeps the time that was given.
                deadline.get_or_insert(Instant::now() + PIPES_GRACE);
            }
            () = reached(deadline) => {
                if is_killed {
                    break;
                }
                is_killed = true;
                group.kill();
                // Who holds the pipes of a program that is gone has left the group.
                let patience = if status.is_some() { PIPES_GRACE } else { KILL_PATIENCE };
                deadline = Some(Instant::now() + patience);
            }
        }
    }
    failure.map_or(Ok(status), Err)
}

async fn reached(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => future::pending().await,
    }
}

async fn feed(pipe: Option<impl AsyncWrite + Unpin>, bytes: &[u8]) -> Result<(), ToolError> {
    if let Some(mut pipe) = pipe {
        // A program need not read all it is given; whether that was wrong, its exit code says.
        let _ = pipe.write_all(bytes).await;
    }
    Ok(())
}

async fn read(
    pipe: Option<impl AsyncRead + Unpin>,
    name: &str,
    sink: &mut Sink<'_>,
) -> Result<(), ToolError> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let count = pipe.read(&mut piece).await.map_err(|error| {
            ToolError::failed(
                ErrorCode::Io,
                format!("Could not read what {name} writes: {error}."),
            )
        })?;
        if count == 0 {
            return Ok(());
        }
        sink.take(&piece[..count])?;
    }
}
