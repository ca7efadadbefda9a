//! `cargo xtask doctor`: what is needed, what is there, and the command that gets what is not.
//!
//! Changes nothing. The needs themselves are listed in `needs`.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::{Value, json};

use crate::cache::Cache;
use crate::needs::{self, Need, Presence, Stage, System};
use crate::report;
use crate::workspace::Workspace;

/// One line of the list.
struct Finding {
    name: &'static str,
    stage: &'static str,
    presence: Presence,
    version: Option<String>,
    how: String,
}

/// Prints the list; the exit code is 0 when nothing that building or testing needs is known to be
/// missing.
pub fn run(workspace: &Workspace, as_json: bool) -> Result<ExitCode> {
    let system = System::current();
    let findings = needs::all()
        .map(|need| look(&need, &workspace.cache, system))
        .collect::<Result<Vec<_>>>()?;
    if as_json {
        println!("{:#}", to_json(&findings));
    } else {
        print!("{}", to_table(&findings));
        match system {
            System::Linux => {
                println!(
                    "\n`cargo xtask run`, `test` and `bench` install what they need and what is missing."
                );
            }
            System::MacOs | System::Windows => {
                println!(
                    "\nThis system has not been tried: the commands are named and nothing more."
                );
            }
        }
    }
    let missing = findings
        .iter()
        .any(|finding| finding.presence == Presence::Missing && finding.stage != "bench");
    Ok(if missing {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn look(need: &Need, cache: &Cache, system: System) -> Result<Finding> {
    let presence = need.presence(cache)?;
    let version = match presence {
        Presence::Present => need.version(cache),
        Presence::Missing | Presence::Unchecked => None,
    };
    let stage = match need.stage() {
        Stage::Build => "build",
        Stage::Test => "test",
        Stage::Bench => "bench",
    };
    Ok(Finding {
        name: need.name(),
        stage,
        presence,
        version,
        how: need.how(system),
    })
}

fn word(presence: Presence) -> &'static str {
    match presence {
        Presence::Present => "there",
        Presence::Missing => "missing",
        Presence::Unchecked => "not checked",
    }
}

fn to_json(findings: &[Finding]) -> Value {
    findings
        .iter()
        .map(|finding| {
            json!({
                "name": finding.name,
                "stage": finding.stage,
                "state": word(finding.presence),
                "version": finding.version,
                "how": finding.how,
            })
        })
        .collect()
}

fn to_table(findings: &[Finding]) -> String {
    let mut rows = vec![
        ["need", "for", "state", "version", "how to get it"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for finding in findings {
        rows.push(vec![
            finding.name.to_owned(),
            finding.stage.to_owned(),
            word(finding.presence).to_owned(),
            finding.version.clone().unwrap_or_else(|| "-".to_owned()),
            finding.how.clone(),
        ]);
    }
    report::table(&rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings() -> Vec<Finding> {
        vec![Finding {
            name: "thing",
            stage: "build",
            presence: Presence::Missing,
            version: None,
            how: "get thing".to_owned(),
        }]
    }

    #[test]
    fn a_missing_need_is_told_with_the_command_that_gets_it() {
        let table = to_table(&findings());
        let line = table.lines().last().unwrap();
        assert!(
            line.contains("missing") && line.ends_with("get thing"),
            "{line}"
        );
    }

    #[test]
    fn the_json_form_is_an_array_with_the_same_words() {
        let value = to_json(&findings());
        assert_eq!(value[0]["state"], "missing");
        assert_eq!(value[0]["version"], Value::Null);
        assert_eq!(value[0]["how"], "get thing");
    }

    #[test]
    fn an_empty_cache_lacks_every_tool_and_says_how_to_build_it() {
        let home = tempfile::tempdir().unwrap();
        let need = needs::all()
            .find(|need| matches!(need, Need::Tool(_)))
            .unwrap();
        let finding = look(&need, &Cache::at(home.path()), System::Linux).unwrap();
        assert_eq!(finding.presence, Presence::Missing);
        assert!(finding.how.starts_with("cargo install"));
    }
}
