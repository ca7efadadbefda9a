//! The real terminal program: started, told, interrupted.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use toolroom_shared::{JobSnapshot, JobSummary};

use crate::{binaries, odd_tree::sparse_file};

/// The program, with its data folder in `data`.
pub fn toolroom(data: &Path) -> Command {
    let mut command = Command::new(binaries::toolroom().unwrap());
    command.env("TOOLROOM_DATA_DIR", data.join("data"));
    command
}

/// What it says to these arguments, in `folder`.
pub fn tell(folder: &Path, arguments: &[&str]) -> Output {
    toolroom(folder)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// What `toolroom run` says.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    tell(folder, &[&["run"], arguments].concat())
}

/// What stood on standard error.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What stood on standard output.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The job that was printed as JSON.
pub fn snapshot(output: &Output) -> JobSnapshot {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What `toolroom jobs` lists.
pub fn jobs(folder: &Path, arguments: &[&str]) -> Vec<JobSummary> {
    let output = tell(folder, &[&["jobs", "--json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A run that doesn't end by itself, on a terminal of its own, so that there is a progress bar to
/// see its beginning by.
pub struct LongRun {
    script: Child,
    terminal: BufReader<ChildStdout>,
    seen: Vec<u8>,
}

impl LongRun {
    /// Begins to hash these files and one of a tebibyte, and waits until that one's turn has come.
    /// Its result goes to `out.json`, its process's id to `pid`.
    pub fn begin(folder: &Path, files: &str) -> Self {
        sparse_file(&folder.join("long"), 1 << 40).unwrap();
        let line = format!(
            "echo $$ >pid; exec {} run hash-files --paths {files} long --json >out.json",
            binaries::toolroom().unwrap().display()
        );
        let mut script = Command::new("script")
            .args(["--quiet", "--return", "--flush", "--command", &line])
            .arg("/dev/null")
            .env("TOOLROOM_DATA_DIR", folder.join("data"))
            .env("TERM", "xterm")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut terminal = BufReader::new(script.stdout.take().unwrap());
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains("GiB of 1.00 TiB") {
            let chunk = terminal.fill_buf().unwrap();
            assert!(!chunk.is_empty(), "the job ended before it was seen to run");
            seen.extend_from_slice(chunk);
            let read = chunk.len();
            terminal.consume(read);
        }
        Self {
            script,
            terminal,
            seen,
        }
    }

    /// Ctrl-C as a terminal sends it.
    pub fn press_ctrl_c(&mut self) {
        let keyboard = self.script.stdin.as_mut().unwrap();
        keyboard.write_all(b"\x03").unwrap();
    }

    /// Waits for its end. The exit code, and what was on the terminal.
    pub fn ended(mut self) -> (Option<i32>, String) {
        self.terminal.read_to_end(&mut self.seen).unwrap();
        let status = self.script.wait().unwrap();
        let seen = String::from_utf8_lossy(&self.seen).into_owned();
        (status.code(), seen)
    }
}

impl Drop for LongRun {
    /// A test that failed leaves nothing that runs for long: a process ends with its terminal.
    fn drop(&mut self) {
        if matches!(self.script.try_wait(), Ok(None)) {
            let _ = self.script.kill();
            let _ = self.script.wait();
        }
    }
}
