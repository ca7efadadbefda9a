//! The window's binary.

// A console beside the window serves nobody on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    toolroom_app::hide_what_panics_say();
    toolroom_desktop::run(std::env::args_os().skip(1))
}
