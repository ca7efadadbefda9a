//! Makes the permissions of the contract's commands, and checks the window's capability.

use std::{env, error::Error, fs, path::Path};

include!("command_names.rs");

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=command_names.rs");
    // The page is compiled in from this folder. On a fresh clone it isn't built yet, and whoever
    // only checks the code needn't wait for it.
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../dist");
    fs::create_dir_all(&dist)?;
    println!("cargo:rerun-if-changed=../dist");
    let manifest = tauri_build::AppManifest::new().commands(COMMAND_NAMES);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
