//! Makes the permissions of the lab's commands, and checks its window's capability.

use std::{env, error::Error, fs, path::Path};

include!("command_names.rs");

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=command_names.rs");
    // The page is compiled in from this folder, which nobody who only checks the code has to fill.
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("page/dist");
    fs::create_dir_all(&dist)?;
    println!("cargo:rerun-if-changed=page/dist");
    let manifest = tauri_build::AppManifest::new().commands(COMMAND_NAMES);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
