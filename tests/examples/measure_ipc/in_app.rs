//! Every command of the app, in the app's own window: at rest, and while jobs are unfinished.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use toolroom_shared::contract;
use toolroom_tests::{odd_tree::sparse_file, window::Window};

use crate::{
    report::{Document, Missing, Row},
    statistics::Percentiles,
};

/// How long a call may take.
const LIMIT: f64 = 100.0;
/// How many jobs there are while it isn't at rest.
const JOBS: usize = 16;
const CALLS: u32 = 100;
/// So many calls in a row have a mean that the page's clock can tell.
const TOGETHER: usize = 10;

const NOTE: &str = "by the page's clock, which WebKit rounds to 1 ms: p50 is that of the means of \
                    ten calls, p95 and p99 are of single ones";

/// A command and how it is called: an expression of JavaScript that gives the arguments of the
/// next call, and one that cleans up after an `answer`.
struct Command {
    name: &'static str,
    args: &'static str,
    after: &'static str,
    /// Whether its answer waits for no job.
    answers_at_once: bool,
}

const fn command(name: &'static str, args: &'static str) -> Command {
    Command {
        name,
        args,
        after: "",
        answers_at_once: true,
    }
}

/// A call after which its job is ended, so that it is no load of the next one's.
const fn with_a_job(name: &'static str, args: &'static str) -> Command {
    Command {
        after: "await invoke('cancel_job', { jobId: args.jobId ?? answer.job_id });",
        ..command(name, args)
    }
}

const fn watch(name: &'static str, args: &'static str) -> Command {
    Command {
        after: "await invoke('end_watch', { watchId: answer });",
        ..command(name, args)
    }
}

/// What ends the page's own watch comes last.
const COMMANDS: &[Command] = &[
    command("list_tools", "{}"),
    command("get_about", "{}"),
    command("get_storage", "{}"),
    command("get_settings", "{}"),
    command(
        "change_settings",
        "{ changeJson: { appearance: { theme: 'dark' } } }",
    ),
    command("reset_settings", "{ section: 'appearance', field: null }"),
    command("survey_clean_up", "{ olderThanDays: 1 }"),
    // Nothing here is that old, and nothing may go.
    command("clean_up", "{ olderThanDays: 1 }"),
    command("check_input", "{ toolName, inputJson: small }"),
    with_a_job(
        "start_tool_job",
        "{ toolName, inputJson: small, options: {} }",
    ),
    Command {
        // It answers when the job has ended.
        answers_at_once: false,
        ..command("run_tool", "{ toolName, inputJson: small }")
    },
    command("get_job", "{ jobId: ended }"),
    command("cancel_job", "{ jobId: await start() }"),
    command(
        "cancel_jobs",
        "{ query: { search: 'nothing is called so' } }",
    ),
    with_a_job("pause_job", "{ jobId: await start() }"),
    // No tool of the app takes messages: how quickly it is refused.
    command("send_to_job", "{ jobId: ended, messageJson: null }"),
    with_a_job("resume_job", "{ jobId: await pause(await start()) }"),
    with_a_job("reorder_job", "{ jobId: await start(), position: 'first' }"),
    Command {
        after: "await invoke('cancel_job', { jobId: answer.job_id });",
        ..command("retry_job", "{ jobId: ended }")
    },
    command("list_presets", "{ toolName }"),
    command("list_jobs", "{ query: { limit: 100 } }"),
    command("list_job_transitions", "{ jobId: ended }"),
    command("read_job_log", "{ jobId: ended, after: 0, limit: 100 }"),
    command("read_job_output", "{ jobId: ended, offset: 0 }"),
    watch("watch_job", "{ jobId: ended, onEvent: channel() }"),
    watch("watch_jobs", "{ since: null, onEvent: channel() }"),
    command(
        "end_watch",
        "{ watchId: await invoke('watch_jobs', { since: null, onEvent: channel() }) }",
    ),
    command("frontend_ready", "{ contractHash, lastEvent: null }"),
];

/// What one command did in one round.
#[derive(Deserialize)]
struct Timed {
    milliseconds: Vec<f64>,
    refusals: Vec<String>,
}

/// Measures all commands of the contract.
pub async fn measure(document: &mut Document) -> Result<()> {
    for name in contract::command_names() {
        if !COMMANDS.iter().any(|command| command.name == name) {
            document.missing.push(Missing {
                work: name.to_owned(),
                who: "the app".to_owned(),
                why: "tests/examples/measure_ipc/in_app.rs does not know how to call it".to_owned(),
            });
        }
    }
    at(document, "at rest", 0).await?;
    at(document, "while 16 jobs are unfinished", JOBS).await
}

async fn at(document: &mut Document, load: &str, jobs: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let window = Window::open().await?;
    let app = App::prepare(&window, folder.path(), jobs).await?;
    let commands: Vec<&Command> = COMMANDS
        .iter()
        .filter(|command| jobs == 0 || command.answers_at_once)
        .collect();
    let mut rounds: Vec<Vec<Timed>> = commands.iter().map(|_| Vec::new()).collect();
    for round in 0..document.rounds.min(3) {
        eprintln!("every command of the app, {load}, round {}", round + 1);
        for (command, rounds) in commands.iter().zip(&mut rounds) {
            rounds.push(app.time(command, document.of(CALLS)).await?);
        }
    }
    window.close().await?;
    let mut slowest: Option<(f64, &str)> = None;
    for (command, rounds) in commands.iter().zip(rounds) {
        for row in rows(
            &format!("commands of the app, {load}"),
            command.name,
            &rounds,
        ) {
            let is_slower = slowest.is_none_or(|(value, _)| row.value > value);
            if row.work.ends_with("p95") && is_slower {
                slowest = Some((row.value, command.name));
            }
            document.rows.push(row);
        }
    }
    let (value, name) = slowest.context("no command was measured")?;
    document.at_most(
        format!("every command of the app, {load}: p95, of the slowest ({name})"),
        Some(value),
        LIMIT,
        "ms",
    );
    Ok(())
}

/// The percentiles of a command, each the median of the rounds.
fn rows(group: &str, name: &str, rounds: &[Timed]) -> Vec<Row> {
    let mut refusals: Vec<&str> = rounds
        .iter()
        .flat_map(|timed| timed.refusals.iter().map(String::as_str))
        .collect();
    refusals.sort_unstable();
    refusals.dedup();
    let work = match refusals.as_slice() {
        [] => name.to_owned(),
        refusals => format!("{name} (refused: {})", refusals.join(", ")),
    };
    let percentiles: Vec<[f64; 3]> = rounds
        .iter()
        .filter_map(|timed| {
            let single = Percentiles::of(timed.milliseconds.clone())?;
            let means = timed.milliseconds.chunks_exact(TOGETHER);
            let means = means.map(|calls| calls.iter().sum::<f64>() / calls.len() as f64);
            Some([
                Percentiles::of(means.collect())?.p50,
                single.p95,
                single.p99,
            ])
        })
        .collect();
    ["p50", "p95", "p99"]
        .into_iter()
        .enumerate()
        .filter_map(|(place, what)| {
            let samples = percentiles.iter().map(|all| all[place]).collect();
            let row = Row::of(group, format!("{work}, {what}"), "Toolroom", "ms", samples)?;
            Some(Row {
                note: NOTE.to_owned(),
                ..row
            })
        })
        .collect()
}

/// The app with what the commands are called with.
struct App<'w> {
    window: &'w Window,
    known: Value,
}

impl<'w> App<'w> {
    async fn prepare(window: &'w Window, folder: &Path, jobs: usize) -> Result<Self> {
        let (small, long) = (folder.join("small"), folder.join("long"));
        std::fs::write(&small, "abc")?;
        sparse_file(&long, 1 << 40)?;
        let input = |path: &Path| json!({ "paths": [path] });
        let run = json!({ "toolName": "hash-files", "inputJson": input(&small) });
        let ended = window.invoke("run_tool", run).await?;
        let start = json!({
            "toolName": "hash-files",
            "inputJson": input(&long),
            "options": {},
        });
        for _ in 0..jobs {
            window.invoke("start_tool_job", start.clone()).await?;
        }
        let known = json!({
            "toolName": "hash-files",
            "small": input(&small),
            "long": input(&long),
            "ended": ended["job_id"],
            "contractHash": contract::contract_hash(),
        });
        Ok(Self { window, known })
    }

    /// Calls a command so often, one after the other.
    async fn time(&self, command: &Command, count: u32) -> Result<Timed> {
        let Command {
            name, args, after, ..
        } = command;
        let script = format!(
            "
            const [count, known, done] = arguments;
            const {{ toolName, small, long, ended, contractHash }} = known;
            const {{ invoke, transformCallback }} = window.__TAURI_INTERNALS__;
            const channel = () => `__CHANNEL__:${{transformCallback(() => {{}})}}`;
            const start = async () => {{
                const args = {{ toolName, inputJson: long, options: {{}} }};
                return (await invoke('start_tool_job', args)).job_id;
            }};
            // One that runs already is not held back, and that is no fault.
            const pause = jobId => invoke('pause_job', {{ jobId }}).then(() => jobId, () => jobId);
            const time = async () => {{
                const milliseconds = [];
                const refusals = new Set();
                for (let call = 0; call < count; call += 1) {{
                    const args = {args};
                    const begin = performance.now();
                    let answer = null;
                    try {{
                        answer = await invoke('{name}', args);
                    }} catch (error) {{
                        if (!error.code) throw error;
                        refusals.add(error.code);
                    }}
                    milliseconds.push(performance.now() - begin);
                    {after}
                }}
                return {{ milliseconds, refusals: [...refusals] }};
            }};
            const told = error => error instanceof Error ? String(error) : JSON.stringify(error);
            time().then(ok => done({{ ok }}), error => done({{ error: told(error) }}));"
        );
        let args = vec![json!(count), self.known.clone()];
        let answer = self.window.run_async(&script, args).await?;
        match answer.get("error") {
            Some(error) => bail!("{name}: {error}"),
            None => Ok(serde_json::from_value(answer["ok"].clone())?),
        }
    }
}
