//! Feeds the app's contract to the code generator. `cargo xtask codegen` starts it.

use std::{error::Error, path::PathBuf, process::ExitCode};

use clap::Parser;
use toolroom_codegen::{
    Capability, CommandNames, ContractJson, RustClient, TypePaths, TypeScriptClient,
};
use toolroom_desktop::{MAIN_WINDOW, contract};

#[derive(Parser)]
struct Arguments {
    /// The folder below which everything is written at its place in the repository.
    #[arg(long)]
    root: PathBuf,
}

fn main() -> ExitCode {
    match export(Arguments::parse().root) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("export_contract: {error}");
            ExitCode::FAILURE
        }
    }
}

fn export(root: PathBuf) -> Result<(), Box<dyn Error>> {
    let contract = contract();
    let place = |path: &str| -> std::io::Result<PathBuf> {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(path)
    };
    let paths = TypePaths::new().with_module("toolroom_shared", "toolroom_shared");
    contract.export(RustClient::new(paths), place("src-ui/ipc/src/bindings.rs")?)?;
    contract.export(ContractJson, place("shared/contract.json")?)?;
    // What isn't an integer in our types is a rate, and null where there is none.
    let client = TypeScriptClient::new().with_finite_floats();
    contract.export(client, place("src-ui/ipc/ts/src/bindings.ts")?)?;
    contract.export(CommandNames, place("src-tauri/command_names.rs")?)?;
    let capability = Capability {
        window: MAIN_WINDOW,
    };
    let path = place(&format!("src-tauri/capabilities/{MAIN_WINDOW}.json"))?;
    contract.export(capability, path)?;
    Ok(())
}
