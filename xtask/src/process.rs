//! Starting other programs: run to the end, read what they print, give up after a while.
//!
//! Says nothing by itself; announcing is `report`'s business.

use std::env;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Runs a program that must succeed; its output goes where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!(
            "`{}` failed ({status}); its own words stand above",
            line(command)
        );
    }
    Ok(())
}

/// Runs a program and says how it ended.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    command.status().with_context(|| cannot_start(command))
}

/// Runs a program that must succeed and returns what it printed, without the closing line end.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| cannot_start(command))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` failed ({}): {}",
            line(command),
            output.status,
            words.trim()
        );
    }
    let text = String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed something that is not UTF-8", line(command)))?;
    Ok(text.trim_end().to_owned())
}

/// Runs a program quietly and says whether it succeeded within the time. It is ended when the time
/// is up.
pub fn succeeds_within(command: &mut Command, limit: Duration) -> Result<bool> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| cannot_start(command))?;
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if Instant::now() >= deadline {
            // It may have ended in this very moment; then there is nothing left to end.
            let _ = child.kill();
            child.wait()?;
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Where a program lies on the PATH.
#[must_use]
pub fn find(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|candidate| candidate.is_file())
}

/// The command as a person would type it.
#[must_use]
pub fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .map(|word| {
            if word.contains(' ') {
                format!("'{word}'")
            } else {
                word.into_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn cannot_start(command: &Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    match find(&program) {
        None if !program.contains(std::path::MAIN_SEPARATOR) => {
            format!(
                "{program} was not found on the PATH ({})",
                ErrorKind::NotFound
            )
        }
        _ => format!("cannot start `{}`", line(command)),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_failing_program_is_named_with_its_exit_code() {
        let error = run(&mut shell("exit 7")).unwrap_err().to_string();
        assert!(error.contains("sh -c 'exit 7'"), "{error}");
        assert!(error.contains('7'), "{error}");
    }

    #[test]
    fn what_a_program_prints_is_returned_and_its_complaint_is_told() {
        assert_eq!(output(&mut shell("echo yes")).unwrap(), "yes");
        let error = output(&mut shell("echo because >&2; exit 1"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("because"), "{error}");
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let begin = Instant::now();
        assert!(!succeeds_within(&mut shell("exec sleep 30"), Duration::from_millis(100)).unwrap());
        assert!(begin.elapsed() < Duration::from_secs(10));
        assert!(succeeds_within(&mut shell("exit 0"), Duration::from_secs(10)).unwrap());
        assert!(!succeeds_within(&mut shell("exit 1"), Duration::from_secs(10)).unwrap());
    }

    #[test]
    fn a_missing_program_is_said_to_be_missing() {
        let error = run(&mut Command::new("no-such-program"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("no-such-program was not found"), "{error}");
    }

    #[test]
    fn programs_are_found_on_the_path() {
        assert!(find("sh").is_some());
        assert!(find("no-such-program").is_none());
    }
}
