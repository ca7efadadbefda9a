//! Kills an engine's process again and again, at named points and at random moments, and looks at
//! what the next one makes of it: no acknowledged job is lost, none is stuck, and none is run
//! twice whose tool doesn't allow it.
//!
//! 50 kills in an ordinary run, 1,000 with `TOOLROOM_TEST_ALL`. A failure names its seed;
//! `TOOLROOM_CRASH_SEED` repeats it.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    io::{BufRead, BufReader, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_engine::{
    AuditReader, AuditRotation, ClosingLimits, EngineConfig, EngineLimits, HistoryConfig, JobApi,
    JobManager, JobReader, Registry, StoreOptions,
};
use toolroom_shared::{
    AuditOperation, AuditQuery, Caller, JobId, JobStatus, JobsQuery, StartOptions,
};
use toolroom_toolkit::{
    About, ExecutableTool, ToolBehavior, ToolCategory, ToolError, ToolExecutionContext, ToolLimits,
};

const FOLDER: &str = "TOOLROOM_CRASH_FOLDER";
const PLAN: &str = "TOOLROOM_CRASH_PLAN";

/// Every place in the engine where a test can let it die.
const FAILPOINTS: [&str; 11] = [
    "start-decided",
    "commit-begins",
    "commit-ends",
    "settling",
    "work-begins",
    "work-ended",
    "artifact-written",
    "artifact-renamed",
    "recovering",
    "audit-file-written",
    "audit-file-renamed",
];

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// How many bytes the output has.
    bytes: usize,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    filling: String,
}

/// Work whose every beginning leaves a trace that outlives the process.
async fn leave_trace(ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
    let folder = PathBuf::from(env::var_os(FOLDER).unwrap());
    let id = ctx.job_id.clone();
    ctx.blocking(move |_| {
        let mut traces = fs::File::options()
            .append(true)
            .create(true)
            .open(folder.join("traces"))
            .unwrap();
        // One write, which the system keeps whole even if the process dies right after it.
        traces.write_all(format!("{id}\n").as_bytes()).unwrap();
        Ok(())
    })
    .await?;
    Ok(Output {
        filling: "x".repeat(input.bytes),
    })
}

macro_rules! tool {
    ($tool:ident, $name:literal, $starts_again:literal) => {
        struct $tool;

        impl ExecutableTool for $tool {
            type Input = Input;
            type Output = Output;
            const ABOUT: About = About {
                name: $name,
                title: $name,
                description: "Leaves a trace.",
                category: ToolCategory::Files,
                version: "1.0.0",
                permissions: &[],
                limits: ToolLimits::NONE,
                behavior: ToolBehavior {
                    starts_again: $starts_again,
                    ..ToolBehavior::CAUTIOUS
                },
            };

            async fn execute(
                &self,
                ctx: ToolExecutionContext,
                input: Input,
            ) -> Result<Output, ToolError> {
                leave_trace(ctx, input).await
            }
        }
    };
}

tool!(Once, "once", false);
tool!(Again, "again", true);

fn engine(folder: &Path) -> JobManager {
    let mut registry = Registry::default();
    registry.add(Box::new(Once)).unwrap();
    registry.add(Box::new(Again)).unwrap();
    let config = EngineConfig {
        limits: EngineLimits {
            concurrency: NonZeroUsize::new(3).unwrap(),
            ..EngineLimits::default()
        },
        history: Some(HistoryConfig {
            options: StoreOptions {
                // So few that they move into files all the time.
                audit: AuditRotation {
                    max_entries: 60,
                    file_entries: 20,
                },
                ..StoreOptions::default()
            },
            ..HistoryConfig::new(folder)
        }),
        ..EngineConfig::default()
    };
    JobManager::open(registry, config).unwrap().manager
}

/// The process that is killed. Not a test by itself: `kills` starts it.
#[test]
#[ignore = "started by the test that kills it"]
fn child() {
    let (Some(folder), Ok(plan)) = (env::var_os(FOLDER), env::var(PLAN)) else {
        return;
    };
    let folder = PathBuf::from(folder);
    if let Some((failpoint, hits)) = plan.split_once(':') {
        let (left, folder) = (AtomicU32::new(hits.parse().unwrap()), folder.clone());
        fail::cfg_callback(failpoint, move || {
            if left.fetch_sub(1, Ordering::SeqCst) == 1 {
                fs::write(folder.join("died-at-failpoint"), "").unwrap();
                kill_myself();
            }
        })
        .unwrap();
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let engine = engine(&folder);
        if plan == "settle" {
            settle(&engine).await;
            assert!(engine.shut_down(ClosingLimits::default()).await);
            return;
        }
        let starters = (0..4).map(|starter| {
            let engine = engine.clone();
            tokio::spawn(async move {
                for number in 0..60 {
                    let tool = if (starter + number) % 2 == 0 {
                        "once"
                    } else {
                        "again"
                    };
                    let bytes = if number % 7 == 3 { 300_000 } else { 10 };
                    let input = json!({ "bytes": bytes });
                    let options = StartOptions::default();
                    let started = engine.start(Caller::App, tool, input, options).await;
                    // Only now has anybody been promised anything.
                    println!("\nacknowledged {} {tool}", started.unwrap().job_id);
                }
            })
        });
        for starter in starters.collect::<Vec<_>>() {
            starter.await.unwrap();
        }
        settle(&engine).await;
    });
}

async fn settle(engine: &JobManager) {
    let unfinished = engine.subscribe(Caller::App, None).await.unwrap().snapshot;
    for job in unfinished {
        engine.wait(Caller::App, &job.job_id).await.unwrap();
    }
}

fn kill_myself() {
    let me = rustix::process::getpid();
    rustix::process::kill_process(me, rustix::process::Signal::KILL).unwrap();
    // The signal may take a moment; nothing may happen meanwhile.
    loop {
        std::thread::park();
    }
}

fn start_child(folder: &Path, plan: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["child", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(PLAN, plan)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What was promised to somebody, and to which tool.
type Acknowledged = BTreeMap<String, String>;

/// Lets a child run until it dies at its failpoint, at a random moment, or is done.
fn run_child(
    folder: &Path,
    plan: &str,
    kill_after: Option<usize>,
    acknowledged: &mut Acknowledged,
) {
    let mut child = start_child(folder, plan);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = 0;
    while let Some(Ok(line)) = lines.next() {
        let Some(promise) = line.strip_prefix("acknowledged ") else {
            continue;
        };
        if let Some((id, tool)) = promise.split_once(' ') {
            acknowledged.insert(id.to_owned(), tool.to_owned());
            seen += 1;
        }
        if Some(seen) == kill_after {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
}

fn check(folder: &Path, acknowledged: &Acknowledged, story: &str) {
    let mut traces: BTreeMap<String, u32> = BTreeMap::new();
    for id in fs::read_to_string(folder.join("traces"))
        .unwrap_or_default()
        .lines()
    {
        *traces.entry(id.to_owned()).or_default() += 1;
    }
    let reader = JobReader::open(folder).unwrap().unwrap();
    let mut artifacts = BTreeSet::new();
    for (id, tool) in acknowledged {
        let job = reader
            .get(&JobId(id.clone()))
            .unwrap_or_else(|error| panic!("{story}: {id} was acknowledged and is lost: {error}"));
        assert!(
            job.status.is_terminal(),
            "{story}: {id} is stuck as {}",
            job.status
        );
        let times = traces.get(id).copied().unwrap_or(0);
        if tool == "once" {
            assert!(times <= 1, "{story}: {id} was run {times} times");
        }
        if job.status == JobStatus::Succeeded {
            assert!(times >= 1, "{story}: {id} has succeeded and was never run");
            let page = reader.read_output(&job.job_id, 0);
            assert!(
                page.is_ok(),
                "{story}: the output of {id} is gone: {page:?}"
            );
            if job.output_bytes.is_some() {
                artifacts.insert(format!("{id}.json"));
            }
        }
        if tool == "again" {
            assert_eq!(
                job.status,
                JobStatus::Succeeded,
                "{story}: {id} {:?}",
                job.error
            );
        }
    }
    let unfinished = JobsQuery {
        statuses: Some(vec![JobStatus::Queued, JobStatus::Running]),
        ..JobsQuery::default()
    };
    assert_eq!(reader.list(&unfinished).unwrap().total, 0, "{story}");
    let files = fs::read_dir(folder.join("artifacts")).unwrap().flatten();
    for file in files {
        let name = file.file_name().into_string().unwrap();
        // What nobody was promised may have an artifact too.
        let known =
            artifacts.contains(&name) || reader.get(&JobId(name.replace(".json", ""))).is_ok();
        assert!(known, "{story}: {name} is left over");
    }
}

/// Every job has exactly one entry for its start and one for its end, and there are no others.
fn check_audit(folder: &Path, acknowledged: &Acknowledged, story: &str) {
    let (jobs, audit) = (JobReader::open(folder), AuditReader::open(folder));
    let (jobs, audit) = (jobs.unwrap().unwrap(), audit.unwrap().unwrap());
    let report = audit.verify(&mut |_, _| ()).unwrap();
    assert_eq!(report.fault, None, "{story}");
    for operation in [AuditOperation::Start, AuditOperation::End] {
        let mut query = AuditQuery {
            operation: Some(operation),
            ..AuditQuery::default()
        };
        let mut told = BTreeSet::new();
        loop {
            let page = audit.page(&query).unwrap();
            for entry in page.entries {
                let id = entry.job_id.unwrap();
                assert!(jobs.get(&id).is_ok(), "{story}: no job {id}, {operation:?}");
                assert!(
                    told.insert(id.0.clone()),
                    "{story}: {id} twice, {operation:?}"
                );
            }
            query.cursor = page.next_cursor;
            if query.cursor.is_none() {
                break;
            }
        }
        let untold = acknowledged.keys().find(|id| !told.contains(*id));
        assert_eq!(untold, None, "{story}: {operation:?}");
    }
}

#[test]
fn kills_lose_no_promise_and_repeat_no_work_that_must_not_be_repeated() {
    let kills = if env::var_os("TOOLROOM_TEST_ALL").is_some() {
        1_000
    } else {
        50
    };
    let seed = env::var("TOOLROOM_CRASH_SEED")
        .ok()
        .map_or_else(|| fastrand::u64(..), |seed| seed.parse().unwrap());
    let mut chance = fastrand::Rng::with_seed(seed);
    let mut done = 0;
    let mut died_at: BTreeMap<&str, u32> = BTreeMap::new();
    while done < kills {
        let folder = tempfile::tempdir().unwrap();
        let mut acknowledged = Acknowledged::new();
        let mut story = format!("seed {seed}");
        // Several deaths over one history: also while it recovers from the one before.
        for _ in 0..chance.u32(1..4) {
            let failpoint = chance.choice(FAILPOINTS).unwrap();
            let at_failpoint = chance.u32(..3) > 0;
            let (plan, kill_after) = if at_failpoint {
                let hits = if failpoint == "recovering" {
                    1
                } else {
                    chance.u32(1..40)
                };
                (format!("{failpoint}:{hits}"), None)
            } else {
                ("run".to_owned(), Some(chance.usize(1..200)))
            };
            story = format!("{story}, {plan} {kill_after:?}");
            let mark = folder.path().join("died-at-failpoint");
            let _ = fs::remove_file(&mark);
            run_child(folder.path(), &plan, kill_after, &mut acknowledged);
            if mark.exists() {
                *died_at.entry(failpoint).or_default() += 1;
            }
            done += u32::from(mark.exists() || kill_after.is_some());
        }
        let settled = start_child(folder.path(), "settle")
            .wait_with_output()
            .unwrap();
        assert!(
            settled.status.success(),
            "{story}: the last engine could not settle it"
        );
        check(folder.path(), &acknowledged, &story);
        check_audit(folder.path(), &acknowledged, &story);
    }
    // A failpoint that is never reached would prove nothing.
    println!("seed {seed}, {done} kills, at {died_at:?}");
    if kills >= 1_000 {
        assert_eq!(died_at.len(), FAILPOINTS.len(), "{died_at:?}");
    }
}
