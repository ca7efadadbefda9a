//! The lab's binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    toolroom_ipc_lab::run(std::env::args_os().skip(1))
}
