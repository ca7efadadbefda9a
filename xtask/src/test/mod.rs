//! `cargo xtask test`: every check in order, each announced and timed, up to the first failure.
//!
//! What a step does is told in `steps`; this file keeps the order and the account.

mod steps;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::report;
use crate::workspace::Workspace;
use steps::Context;

/// One step of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Needs,
    Fmt,
    Tidy,
    Codegen,
    Page,
    Clippy,
    Unit,
    TypeScript,
    EndToEnd,
    Deny,
    Unused,
    WasmDebian,
}

/// The order: cheap checks first, and each step after those it builds upon. The window embeds the
/// page, so the page comes before everything that compiles the window for good.
const STEPS: &[Step] = &[
    Step::Needs,
    Step::Fmt,
    Step::Tidy,
    Step::Codegen,
    Step::Page,
    Step::Clippy,
    Step::Unit,
    Step::TypeScript,
    Step::EndToEnd,
    Step::Deny,
    Step::Unused,
    Step::WasmDebian,
];

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Needs => "needs",
            Self::Fmt => "fmt",
            Self::Tidy => "tidy",
            Self::Codegen => "codegen",
            Self::Page => "page",
            Self::Clippy => "clippy",
            Self::Unit => "unit",
            Self::TypeScript => "typescript",
            Self::EndToEnd => "end-to-end",
            Self::Deny => "deny",
            Self::Unused => "unused",
            Self::WasmDebian => "wasm-debian",
        }
    }

    fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Needs => context.needs(),
            Self::Fmt => context.fmt(),
            Self::Tidy => context.tidy(),
            Self::Codegen => context.codegen(),
            Self::Page => context.page(),
            Self::Clippy => context.clippy(),
            Self::Unit => context.unit(),
            Self::TypeScript => context.typescript(),
            Self::EndToEnd => context.end_to_end(),
            Self::Deny => context.deny(),
            Self::Unused => context.unused(),
            Self::WasmDebian => context.wasm_debian(),
        }
    }
}

/// Runs the steps. A failing step is told and makes the exit code 1.
pub fn run(workspace: &Workspace, all: bool, only: &[String]) -> Result<ExitCode> {
    let steps = choose(all, only)?;
    let context = Context::new(workspace, all);
    let begin = Instant::now();
    let mut account: Vec<(Step, Duration)> = Vec::new();
    for (position, &step) in steps.iter().enumerate() {
        eprintln!("== {}", step.name());
        let step_begin = Instant::now();
        let outcome = step.run(&context);
        let took = step_begin.elapsed();
        account.push((step, took));
        match outcome {
            Ok(()) => eprintln!("== {}: passed in {}", step.name(), report::duration(took)),
            Err(error) => {
                eprintln!("error: {error:#}");
                eprint!("\n{}", summary(&account, false));
                eprintln!("{}", closing_of_failure(step, &steps[position + 1..]));
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    eprint!("\n{}", summary(&account, true));
    eprintln!("every step passed in {}", report::duration(begin.elapsed()));
    Ok(ExitCode::SUCCESS)
}

fn choose(all: bool, only: &[String]) -> Result<Vec<Step>> {
    for name in only {
        if !STEPS.iter().any(|step| step.name() == name) {
            let names: Vec<&str> = STEPS.iter().map(|step| step.name()).collect();
            bail!(
                "there is no step {name:?}; the steps are {}",
                names.join(", ")
            );
        }
    }
    Ok(STEPS
        .iter()
        .copied()
        .filter(|step| {
            if only.is_empty() {
                *step != Step::WasmDebian || all
            } else {
                only.iter().any(|name| name == step.name())
            }
        })
        .collect())
}

fn summary(account: &[(Step, Duration)], all_passed: bool) -> String {
    let mut rows = vec![["step", "outcome", "time"].map(str::to_owned).to_vec()];
    for (position, (step, took)) in account.iter().enumerate() {
        let failed = !all_passed && position + 1 == account.len();
        rows.push(vec![
            step.name().to_owned(),
            if failed { "FAILED" } else { "passed" }.to_owned(),
            report::duration(*took),
        ]);
    }
    report::table(&rows)
}

fn closing_of_failure(step: Step, left: &[Step]) -> String {
    let again = format!("`cargo xtask test --only {}` runs it alone", step.name());
    if left.is_empty() {
        return format!("the step {} failed; {again}", step.name());
    }
    let names: Vec<&str> = left.iter().map(|step| step.name()).collect();
    format!(
        "the step {} failed; {again}. Not run: {}",
        step.name(),
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slow_way_to_the_page_is_tested_only_when_asked_for() {
        assert!(!choose(false, &[]).unwrap().contains(&Step::WasmDebian));
        assert_eq!(choose(true, &[]).unwrap(), STEPS);
        assert_eq!(
            choose(false, &["wasm-debian".to_owned()]).unwrap(),
            [Step::WasmDebian]
        );
    }

    #[test]
    fn chosen_steps_keep_their_order() {
        let only = ["unit".to_owned(), "fmt".to_owned()];
        assert_eq!(choose(false, &only).unwrap(), [Step::Fmt, Step::Unit]);
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_names_of_the_steps() {
        let error = choose(false, &["uint".to_owned()]).unwrap_err().to_string();
        assert!(
            error.contains("uint") && error.contains("end-to-end"),
            "{error}"
        );
    }

    #[test]
    fn the_page_is_built_before_what_embeds_it() {
        let place = |wanted: Step| STEPS.iter().position(|step| *step == wanted).unwrap();
        assert!(place(Step::Page) < place(Step::Clippy));
        assert!(place(Step::Page) < place(Step::EndToEnd));
        assert_eq!(place(Step::Needs), 0);
    }

    #[test]
    fn the_account_names_the_step_that_failed_and_those_not_run() {
        let account = [
            (Step::Fmt, Duration::ZERO),
            (Step::Tidy, Duration::from_secs(2)),
        ];
        let text = summary(&account, false);
        assert!(text.lines().nth(1).unwrap().contains("passed"), "{text}");
        assert!(text.lines().nth(2).unwrap().contains("FAILED"), "{text}");
        let closing = closing_of_failure(Step::Tidy, &[Step::Unit, Step::Deny]);
        assert!(closing.ends_with("Not run: unit, deny"), "{closing}");
    }
}
