//! Makes a picture of every page and state of the window: `cargo xtask screenshots` starts it.
//!
//! Each in light and in dark, in three sizes. What can be held still is: the files, their sizes, the
//! order of the jobs. Times of day and what the machine takes are what they are.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use clap::Parser;
use toolroom_tests::scenes::Stage;

/// The sizes, in CSS pixels: the least, the usual, a large screen.
const SIZES: [(u32, u32); 3] = [(900, 600), (1_280, 820), (2_560, 1_440)];

/// What the README shows: scene, size and theme, and the name there. They are chosen for what they
/// tell a reader in this order: what using a tool is like, that jobs are kept, that all is found
/// by keyboard, and that one can see how the app is.
const IN_README: [(&str, (u32, u32), &str, &str); 4] = [
    ("tool-hash-files", (1_280, 820), "light", "tools.png"),
    ("job-running", (1_280, 820), "dark", "jobs.png"),
    ("palette-jobs", (1_280, 820), "light", "palette.png"),
    ("monitor", (1_280, 820), "dark", "monitor.png"),
];

/// Makes the pictures.
#[derive(Debug, Parser)]
struct Arguments {
    /// The folder to put them into.
    folder: PathBuf,
    /// Where to put those that the README shows.
    #[arg(long, value_name = "FOLDER")]
    readme: Option<PathBuf>,
    /// Only scenes whose names contain this.
    #[arg(long, value_name = "PART")]
    only: Option<String>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    fs::create_dir_all(&arguments.folder)?;
    let stage = Stage::open().await?;
    let mut sticking_out = Vec::new();
    stage
        .play(async |name| {
            let wanted = arguments
                .only
                .as_ref()
                .is_none_or(|only| name.contains(only));
            if !wanted {
                return Ok(());
            }
            eprintln!("{name}");
            for size in SIZES {
                stage.window.resize(size.0, size.1).await?;
                for theme in ["light", "dark"] {
                    stage.window.settle_in(theme).await?;
                    let picture = stage.window.picture().await?;
                    let file = format!("{name}-{}x{}-{theme}.png", size.0, size.1);
                    fs::write(arguments.folder.join(&file), &picture)?;
                    if let Some(readme) = &arguments.readme {
                        keep_for_readme(readme, (name, size, theme), &picture)?;
                    }
                }
                for what in stage.window.sticking_out().await? {
                    sticking_out.push(format!("{name} at {}x{}: {what}", size.0, size.1));
                }
            }
            stage.window.resize(SIZES[1].0, SIZES[1].1).await
        })
        .await?;
    stage.window.close().await?;
    for line in &sticking_out {
        eprintln!("sticks out of the window: {line}");
    }
    anyhow::ensure!(
        sticking_out.is_empty(),
        "something sticks out of the window"
    );
    Ok(())
}

fn keep_for_readme(
    folder: &Path,
    (name, size, theme): (&str, (u32, u32), &str),
    picture: &[u8],
) -> Result<()> {
    let chosen = IN_README
        .iter()
        .find(|chosen| (chosen.0, chosen.1, chosen.2) == (name, size, theme));
    if let Some((.., file)) = chosen {
        fs::create_dir_all(folder)?;
        fs::write(folder.join(file), picture)?;
    }
    Ok(())
}
