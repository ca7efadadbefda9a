//! `cargo xtask`: everything a developer or a build machine asks of this repository.
//!
//! This file reads the command line and hands over to one module per command. What a command needs
//! on the machine is in [`needs`]; how other programs are started is in [`process`].

mod bench;
mod binaries;
mod cache;
mod codegen;
mod contract_diff;
mod doctor;
mod needs;
mod new_tool;
mod npm;
mod page;
mod process;
mod report;
mod run;
mod screenshots;
mod test;
mod tidy;
mod typescript;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Builds, tests, measures and checks the project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds and starts the application: its window, or the terminal program where there is no
    /// display.
    Run {
        /// Builds optimised, as it is shipped.
        #[arg(long)]
        release: bool,
        /// Handed on to the program.
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Builds the page and both programs.
    Build {
        /// Builds optimised, as it is shipped.
        #[arg(long)]
        release: bool,
    },
    /// Runs every check, in order, up to the first failure.
    Test {
        /// Also runs the slow tests and builds the page through Debian's compiler.
        #[arg(long)]
        all: bool,
        /// Runs this step alone; may be given several times.
        #[arg(long, value_name = "STEP")]
        only: Vec<String>,
    },
    /// Writes the generated files: the catalogue of tools and the contract.
    Codegen {
        /// Writes nothing; fails where a committed file differs.
        #[arg(long)]
        check: bool,
    },
    /// Writes a new tool to begin with, and lists it in the catalogue.
    NewTool {
        /// The tool's id, such as `count-lines`.
        name: String,
    },
    /// Lists what changed in the contract since a git revision, and fails if it breaks clients.
    ContractDiff {
        /// The revision whose `shared/contract.json` clients were made from.
        revision: String,
    },
    /// Measures beside others: the tools beside reference programs, the engine beside peers, the
    /// typed IPC beside Tauri's own, the page beside an empty one.
    Bench {
        /// One bench, `tools`, `engine`, `ipc` or `ui`; all of them without a name.
        name: Option<String>,
        /// Of the bench `tools` one tool alone, of `ipc` one window: `lab` or `app`, of `ui`
        /// one part: `idle`, `busy` or `scrolling`.
        #[arg(long, value_name = "PART", requires = "name")]
        only: Option<String>,
        /// Prints the results as JSON on standard output.
        #[arg(long)]
        json: bool,
        /// Does little, to see that all can be measured. The numbers are worth nothing.
        #[arg(long)]
        quick: bool,
    },
    /// Makes a picture of every page and state of the window, light and dark, in three sizes.
    Screenshots {
        /// Where to put them; by default a folder below `target/`.
        folder: Option<PathBuf>,
        /// Only scenes whose names contain this.
        #[arg(long, value_name = "PART")]
        only: Option<String>,
        /// Also replaces the four that the README shows.
        #[arg(long)]
        readme: bool,
    },
    /// Lists what building and testing need, what is missing and how to get it.
    Doctor {
        /// Prints the list as a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Checks the rules of the house: layers, vocabulary, generated files, clean text.
    Tidy,
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let outcome = Workspace::discover().and_then(|workspace| dispatch(&workspace, command));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(workspace: &Workspace, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run { release, args } => run::run(workspace, release, &args),
        Command::Build { release } => {
            binaries::build(workspace, release).map(|_| ExitCode::SUCCESS)
        }
        Command::Test { all, only } => test::run(workspace, all, &only),
        Command::Codegen { check } => codegen::run(workspace, check).map(|()| ExitCode::SUCCESS),
        Command::NewTool { name } => new_tool::run(workspace, &name).map(|()| ExitCode::SUCCESS),
        Command::ContractDiff { revision } => contract_diff::run(workspace, &revision),
        Command::Bench {
            name,
            only,
            json,
            quick,
        } => {
            let options = bench::Options {
                only: only.as_deref(),
                as_json: json,
                quick,
            };
            bench::run(workspace, name.as_deref(), options)
        }
        Command::Screenshots {
            folder,
            only,
            readme,
        } => {
            let options = screenshots::Options {
                folder,
                only,
                readme,
            };
            screenshots::run(workspace, &options).map(|()| ExitCode::SUCCESS)
        }
        Command::Doctor { json } => doctor::run(workspace, json),
        Command::Tidy => tidy::run(workspace).map(|()| ExitCode::SUCCESS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn arguments_after_two_dashes_are_handed_on_untouched() {
        let cli = Cli::parse_from(["xtask", "run", "--release", "--", "run", "--release"]);
        let Command::Run { release, args } = cli.command else {
            panic!("expected the command run");
        };
        assert!(release);
        assert_eq!(args, ["run", "--release"]);
    }

    #[test]
    fn steps_can_be_named_several_times() {
        let cli = Cli::parse_from(["xtask", "test", "--only", "fmt", "--only", "tidy"]);
        let Command::Test { all, only } = cli.command else {
            panic!("expected the command test");
        };
        assert!(!all);
        assert_eq!(only, ["fmt", "tidy"]);
    }
}
