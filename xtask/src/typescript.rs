//! Building and testing the TypeScript client, an npm package of its own.
//!
//! How it is built and tested is told by its package.json.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{npm, process};

const FOLDER: &str = "src-ui/ipc/ts";

/// Compiles the package and runs its tests.
pub fn test(workspace: &Workspace) -> Result<()> {
    npm::install(workspace, FOLDER)?;
    process::run(&mut npm::npm(workspace, FOLDER, &["test"])?)
}
