//! `cargo xtask run`: the window where there is a display, the terminal program where there is
//! none.
//!
//! What is built, and how, is told in `binaries`.

use std::env;
use std::process::{Command, ExitCode, ExitStatus};

use anyhow::Result;

use crate::binaries::{self, Program};
use crate::workspace::Workspace;
use crate::{codegen, process, report};

/// Builds and starts the application; its exit code becomes ours.
pub fn run(workspace: &Workspace, release: bool, args: &[String]) -> Result<ExitCode> {
    let display = has_display(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    let (program, args) = if display {
        let folder = binaries::build(workspace, release)?;
        (folder.join(Program::Desktop.file()), args.to_vec())
    } else {
        eprintln!(
            "there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so the \
             terminal program runs instead of the window"
        );
        // It needs neither the page nor a library of the system, so nothing is installed for it.
        codegen::catalogue::write(&workspace.root)?;
        let folder = report::timed("building the terminal program (cargo)", || {
            binaries::programs(workspace, &[Program::Terminal], release)
        })?;
        (
            folder.join(Program::Terminal.file()),
            terminal_args(workspace, args),
        )
    };
    let mut command = Command::new(program);
    command.args(args);
    eprintln!("starting {}", process::line(&command));
    Ok(exit_code(process::status(&mut command)?))
}

/// Without arguments the program shows what it can do on files that every clone has.
fn terminal_args(workspace: &Workspace, args: &[String]) -> Vec<String> {
    if !args.is_empty() {
        return args.to_vec();
    }
    let files = workspace.root.join("shared").to_string_lossy().into_owned();
    vec![
        "run".to_owned(),
        "hash-files".to_owned(),
        "--paths".to_owned(),
        files,
    ]
}

/// Only on Linux a session may lack a display.
fn has_display(is_set: impl Fn(&str) -> bool) -> bool {
    cfg!(not(target_os = "linux")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

fn exit_code(status: ExitStatus) -> ExitCode {
    match status.code().map(u8::try_from) {
        Some(Ok(code)) => ExitCode::from(code),
        // Ended by a signal, or with a code that does not fit: in any case not a success.
        _ => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_window_needs_x11_or_wayland() {
        assert!(!has_display(|_| false));
        assert!(has_display(|name| name == "DISPLAY"));
        assert!(has_display(|name| name == "WAYLAND_DISPLAY"));
    }

    #[test]
    fn arguments_replace_the_example() {
        let workspace = Workspace::discover().unwrap();
        let example = terminal_args(&workspace, &[]);
        assert_eq!(example.first().map(String::as_str), Some("run"));
        assert!(example.last().unwrap().ends_with("shared"));
        assert_eq!(terminal_args(&workspace, &["list".to_owned()]), ["list"]);
    }

    #[cfg(unix)]
    #[test]
    fn the_exit_code_is_handed_on() {
        let ended =
            |script: &str| exit_code(Command::new("sh").args(["-c", script]).status().unwrap());
        let same = |left: ExitCode, right: ExitCode| format!("{left:?}") == format!("{right:?}");
        assert!(same(ended("exit 0"), ExitCode::SUCCESS));
        assert!(same(ended("exit 3"), ExitCode::from(3)));
        assert!(same(ended("kill -9 $$"), ExitCode::FAILURE));
    }
}
