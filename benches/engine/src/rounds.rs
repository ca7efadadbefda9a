//! Runs the cases in turns, each in a process of its own.
//!
//! In turns, because a machine's speed drifts: what slows one contender slows the others in the
//! same minute. A process each, so that nobody inherits another's memory, threads or open files.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::case::Case;
use crate::load::Outcome;
use crate::report::{self, Document, Missing};

/// How it is run.
#[derive(Debug)]
pub struct Settings {
    /// How often each case is run.
    pub rounds: usize,
    /// With few jobs.
    pub quick: bool,
    /// One group alone.
    pub only: Option<String>,
    /// Where files are made.
    pub folder: PathBuf,
}

/// Runs all chosen cases and gathers what came out.
pub fn run(cases: &[Case], settings: &Settings) -> Result<Document> {
    let chosen = choose(cases, settings.only.as_deref())?;
    let mut outcomes: Vec<Vec<Outcome>> = chosen.iter().map(|_| Vec::new()).collect();
    let mut failures: Vec<Option<String>> = chosen.iter().map(|_| None).collect();
    for round in 0..settings.rounds {
        for place in turns(chosen.len(), round) {
            let (index, case) = chosen[place];
            // What failed once would fail again.
            if failures[place].is_some() || round >= case.rounds {
                continue;
            }
            eprintln!(
                "round {} of {}: {}, {}",
                round + 1,
                settings.rounds,
                case.contender.who(),
                case.work("")
            );
            match in_a_process(index, settings) {
                Ok(outcome) => outcomes[place].push(outcome),
                Err(error) => failures[place] = Some(format!("{error:#}")),
            }
        }
    }
    let (mut rows, mut missing) = (Vec::new(), Vec::new());
    for (((_, case), outcomes), failure) in chosen.into_iter().zip(outcomes).zip(failures) {
        match failure {
            None => rows.extend(
                report::rows(case, &outcomes)
                    .into_iter()
                    .map(|row| (row, case.beside.clone())),
            ),
            Some(why) => missing.push(Missing {
                group: case.group,
                work: case.work(""),
                who: case.contender.who(),
                why,
            }),
        }
    }
    Ok(Document {
        rounds: settings.rounds,
        quick: settings.quick,
        ..Document::new(rows, missing)
    })
}

/// Runs one case here: what the process does that a round has started.
pub fn run_one(cases: &[Case], index: usize, folder: &Path) -> Result<Outcome> {
    let case = cases
        .get(index)
        .context("there is no case of that number")?;
    let folder = tempfile::Builder::new()
        .prefix("toolroom-bench-")
        .tempdir_in(folder)
        .context("no folder can be made for the files")?;
    case.contender.run(case.load, folder.path())
}

/// The cases of a group with their numbers in the plan.
fn choose<'a>(cases: &'a [Case], only: Option<&str>) -> Result<Vec<(usize, &'a Case)>> {
    let is_chosen = |case: &Case| only.is_none_or(|group| group == case.group);
    let chosen: Vec<(usize, &Case)> = cases
        .iter()
        .enumerate()
        .filter(|(_, case)| is_chosen(case))
        .collect();
    let mut groups: Vec<&str> = cases.iter().map(|case| case.group).collect();
    groups.dedup();
    ensure!(
        !chosen.is_empty(),
        "there is no such group; the groups are {}",
        groups.join(", ")
    );
    Ok(chosen)
}

/// Every place once, beginning with another one in each round: nobody always follows the same.
fn turns(places: usize, round: usize) -> impl Iterator<Item = usize> {
    (0..places).map(move |place| (place + round) % places)
}

fn in_a_process(index: usize, settings: &Settings) -> Result<Outcome> {
    let mut command = Command::new(env::current_exe()?);
    command
        .arg("--case")
        .arg(index.to_string())
        .arg("--folder")
        .arg(&settings.folder);
    if settings.quick {
        command.arg("--quick");
    }
    let output = command
        // What goes wrong is told in a sentence; nobody reads a stack in a table.
        .env("RUST_LIB_BACKTRACE", "0")
        .stderr(Stdio::piped())
        .output()
        .context("the process of the case doesn't start")?;
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim();
    ensure!(
        output.status.success(),
        "{}",
        said.strip_prefix("Error: ").unwrap_or(said)
    );
    serde_json::from_slice(&output.stdout).context("the case says something else than an outcome")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan;

    #[test]
    fn every_round_has_all_and_begins_with_another() {
        assert_eq!(turns(3, 0).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(turns(3, 1).collect::<Vec<_>>(), [1, 2, 0]);
        assert_eq!(turns(3, 5).collect::<Vec<_>>(), [2, 0, 1]);
    }

    #[test]
    fn a_group_is_chosen_by_its_name_and_keeps_its_numbers() {
        let cases = plan::cases(true);
        let chosen = choose(&cases, Some("on disk")).unwrap();
        assert!(chosen.iter().all(|(_, case)| case.group == "on disk"));
        let (index, case) = chosen[0];
        assert_eq!(cases[index].contender.who(), case.contender.who());
        let Err(error) = choose(&cases, Some("nothing")) else {
            panic!("a group that doesn't exist was chosen");
        };
        assert!(error.to_string().contains("in memory, on disk"), "{error}");
    }
}
