//! Feeds the lab's contract to the code generator. `cargo xtask codegen` starts it.

use std::{error::Error, fs, path::Path, path::PathBuf, process::ExitCode};

use clap::Parser;
use tauri_specta::{BuilderConfiguration, LanguageExt};
use toolroom_codegen::{Capability, CodegenError, CommandNames, RustClient, TypePaths};
use toolroom_ipc_lab::{MAIN_WINDOW, NOT_GRANTED, contract};

#[derive(Parser)]
struct Arguments {
    /// The folder below which everything is written at its place in the repository.
    #[arg(long)]
    root: PathBuf,
}

/// The capability without the one command that it leaves out.
struct CapabilityButOne(Capability);

impl LanguageExt for CapabilityButOne {
    type Error = CodegenError;

    fn export(self, contract: &BuilderConfiguration, path: &Path) -> Result<(), CodegenError> {
        let mut granted = contract.clone();
        granted
            .commands
            .retain(|command| command.name() != NOT_GRANTED);
        self.0.export(&granted, path)
    }
}

fn main() -> ExitCode {
    match export(&Arguments::parse().root.join("tests/ipc-lab")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("export_lab: {error}");
            ExitCode::FAILURE
        }
    }
}

fn export(lab: &Path) -> Result<(), Box<dyn Error>> {
    for folder in ["capabilities", "page/src"] {
        fs::create_dir_all(lab.join(folder))?;
    }
    let contract = contract();
    let paths = TypePaths::new()
        .with_module("toolroom_shared", "toolroom_shared")
        .with_module("toolroom_ipc_lab_types", "toolroom_ipc_lab_types");
    let client = RustClient::new(paths).with_runtime("toolroom_ipc");
    contract.export(client, lab.join("page/src/bindings.rs"))?;
    contract.export(CommandNames, lab.join("command_names.rs"))?;
    let capability = CapabilityButOne(Capability {
        window: MAIN_WINDOW,
    });
    contract.export(capability, lab.join("capabilities/main.json"))?;
    Ok(())
}
