//! `cargo xtask contract-diff REV`: what the contract's clients notice of a change.
//!
//! Compares `shared/contract.json` in the work tree with that of a git revision. Whether the file is up
//! to date is `codegen --check`'s business. `contract` compares commands and events, `compare` and
//! `objects` their schemas in the form that `shape` gives them; `change` has the table of what breaks.

mod change;
mod compare;
mod contract;
mod objects;
mod shape;
mod sorted;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;
use change::Change;
use contract::Contract;

const FILE: &str = "shared/contract.json";

/// Compares, prints what changed, and fails if that breaks clients.
pub fn run(workspace: &Workspace, revision: &str) -> Result<ExitCode> {
    let (text, breaks) = compared(&workspace.root, revision)?;
    print!("{text}");
    Ok(if breaks {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// What is said of the changes since `revision`, and whether one breaks clients.
fn compared(root: &Path, revision: &str) -> Result<(String, bool)> {
    let text = fs::read_to_string(root.join(FILE))
        .with_context(|| format!("{FILE} can't be read; `cargo xtask codegen` writes it"))?;
    let new = Contract::parse(&text, FILE)?;
    let old = of_revision(root, revision)?;
    if old.hash() == new.hash() {
        let only = if old.is_the_same_as(&new) {
            ""
        } else {
            " but words"
        };
        return Ok((format!("nothing changed{only} since {revision}\n"), false));
    }
    let changes = contract::changes(&old, &new);
    let breaks = changes.iter().any(|change| change.breaks);
    Ok((report(&changes, revision), breaks))
}

fn of_revision(root: &Path, revision: &str) -> Result<Contract> {
    let git = |args: &[&str]| process::output(Command::new("git").current_dir(root).args(args));
    // What begins with a dash would otherwise be an option.
    let commit = format!("{revision}^{{commit}}");
    let Ok(commit) = git(&["rev-parse", "--verify", "--end-of-options", &commit]) else {
        bail!("git knows no revision {revision} here");
    };
    let text = git(&["show", &format!("{commit}:{FILE}")])
        .with_context(|| format!("the revision {revision} has no {FILE} to compare with"))?;
    Contract::parse(&text, &format!("{FILE} of {revision}"))
}

/// What is printed: what breaks, then what doesn't.
fn report(changes: &[Change], revision: &str) -> String {
    let mut text = String::new();
    for (heading, breaks) in [("breaking", true), ("not breaking", false)] {
        let told: Vec<_> = changes
            .iter()
            .filter(|change| change.breaks == breaks)
            .collect();
        if told.is_empty() {
            continue;
        }
        // Writing to a string can't fail, here and below.
        let _ = writeln!(text, "{heading} since {revision}:");
        for change in told {
            let _ = writeln!(text, "  {}", change.sentence);
        }
    }
    if text.is_empty() {
        let _ = writeln!(
            text,
            "only names of types changed since {revision}, which no client sees"
        );
    }
    text
}
