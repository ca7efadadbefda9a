//! Every kind of caller, every permission, every way in which it is granted or not, for a tool that
//! declares what it does and for one that doesn't: what happens, and what doesn't.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

use std::{
    fs,
    io::Read,
    net::TcpListener,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use toolroom_engine::{
    EngineConfig, JobApi, JobManager, PermissionApi, PermissionConfig, Permissions, Registry,
};
use toolroom_shared::{
    AppError, Caller, ErrorCode, Grant, JobStatus, Permission, QuestionAnswer, SpawnGrant,
    StartOptions, ToolBehavior, ToolCategory, ToolLimits,
};
use toolroom_toolkit::{
    About, ExecutableTool, InputPath, OutputDir, Overwrite, ToolError, ToolExecutionContext,
};

const CALLERS: [&str; 6] = ["window", "terminal", "app", "http:x", "mcp:x", "model:x/y"];
const KINDS: [Permission; 4] = [
    Permission::ReadFiles,
    Permission::WriteFiles,
    Permission::Connect,
    Permission::Spawn,
];
const CANARY: &str = "the canary sings";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Granted,
    NotGranted,
    AskedAllowed,
    AskedRefused,
}

const WAYS: [Way; 4] = [
    Way::Granted,
    Way::NotGranted,
    Way::AskedAllowed,
    Way::AskedRefused,
];

/// What a probe is to do; each does one of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    #[serde(default)]
    read: Option<InputPath>,
    #[serde(default)]
    write: Option<OutputDir>,
    #[serde(default)]
    #[schemars(extend("format" = "uri"))]
    url: Option<String>,
    #[serde(default)]
    mark: Option<PathBuf>,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    seen: String,
}

async fn probe(ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
    let mut seen = String::new();
    if let Some(path) = input.read {
        let read = ctx.blocking(move |ctx| {
            let mut text = String::new();
            ctx.input(&path)?
                .open()?
                .read_to_string(&mut text)
                .map_err(|error| ToolError::failed(ErrorCode::Io, error.to_string()))?;
            Ok(text)
        });
        seen = read.await?;
    }
    if let Some(folder) = input.write {
        let write = ctx.blocking(move |ctx| {
            let folder = ctx.output_dir(&folder)?;
            folder.create("mark", Overwrite::Refuse)?.finish()?;
            Ok(())
        });
        write.await?;
    }
    if let Some(url) = input.url {
        let url = url.parse().unwrap();
        ctx.http().get(&url).send().await?;
    }
    if let Some(mark) = input.mark {
        let mut program = std::process::Command::new("touch");
        program.arg(mark);
        ctx.run_child(program).await?;
    }
    Ok(Output { seen })
}

macro_rules! probes {
    ($($tool:ident, $name:literal, [$($permission:ident)?];)*) => {
        $(
            struct $tool;
            impl ExecutableTool for $tool {
                type Input = Input;
                type Output = Output;
                const ABOUT: About = About {
                    name: $name,
                    title: $name,
                    description: "Does one thing.",
                    category: ToolCategory::Files,
                    version: "1.0.0",
                    permissions: &[$(Permission::$permission)?],
                    limits: ToolLimits::NONE,
                    behavior: ToolBehavior::CAUTIOUS,
                };
                async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
                    probe(ctx, input).await
                }
            }
        )*
        fn registry() -> Registry {
            let mut registry = Registry::default();
            $(registry.add(Box::new($tool)).unwrap();)*
            registry
        }
    };
}

probes! {
    Reads, "reads", [ReadFiles];
    Writes, "writes", [WriteFiles];
    Connects, "connects", [Connect];
    Spawns, "spawns", [Spawn];
    DeclaresNothing, "declares-nothing", [];
}

const fn honest(kind: Permission) -> &'static str {
    match kind {
        Permission::ReadFiles => "reads",
        Permission::WriteFiles => "writes",
        Permission::Connect => "connects",
        Permission::Spawn => "spawns",
    }
}

/// A server that notes whether anybody came, and answers nothing but that it is there.
struct Server {
    port: u16,
    was_asked: Arc<AtomicBool>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let was_asked = Arc::new(AtomicBool::new(false));
        let noted = was_asked.clone();
        // joined: with the process of the test, for which it serves
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                noted.store(true, Ordering::SeqCst);
                let mut stream = stream.unwrap();
                let mut head = [0; 1_024];
                let _ = stream.read(&mut head);
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                let _ = std::io::Write::write_all(&mut stream, answer);
            }
        });
        Self { port, was_asked }
    }
}

struct Case<'a> {
    caller: Caller,
    kind: Permission,
    way: Way,
    is_declared: bool,
    server: &'a Server,
}

/// What became of a case.
#[derive(Debug, PartialEq)]
enum Seen {
    /// The thing was done, and the job has succeeded.
    Done,
    /// The start was refused so.
    NotStarted(ErrorCode),
    /// The job has failed so.
    Failed(ErrorCode),
}

impl Case<'_> {
    fn expected(&self) -> Seen {
        let denied = || ErrorCode::PermissionDenied;
        if !self.is_declared {
            // Nobody is asked for it, whatever is granted, and it isn't done.
            return Seen::Failed(denied());
        }
        if !self.caller.is_stranger() {
            return Seen::Done;
        }
        match (self.way, self.kind) {
            (Way::Granted, _) => Seen::Done,
            (_, Permission::Connect) => Seen::NotStarted(denied()),
            (Way::AskedAllowed, _) => Seen::Done,
            (Way::AskedRefused, _) => Seen::NotStarted(denied()),
            (Way::NotGranted, _) => Seen::NotStarted(ErrorCode::PermissionAsked),
        }
    }

    async fn seen(&self) -> (Seen, usize) {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().canonicalize().unwrap();
        fs::write(place.join("canary"), CANARY).unwrap();
        let engine = JobManager::open(
            registry(),
            EngineConfig {
                permissions: PermissionConfig {
                    ask_for: match self.way {
                        Way::NotGranted => Duration::ZERO,
                        _ => Duration::from_secs(60),
                    },
                    ..PermissionConfig::default()
                },
                ..EngineConfig::default()
            },
        );
        let engine = engine.unwrap().manager;
        let permissions = engine.permissions();
        self.grant(&permissions, &place).await;
        self.server.was_asked.store(false, Ordering::SeqCst);

        let text = |path: &str| place.join(path).to_str().unwrap().to_owned();
        let input = match self.kind {
            Permission::ReadFiles => json!({ "read": text("canary") }),
            Permission::WriteFiles => json!({ "write": text("out") }),
            Permission::Connect => {
                json!({ "url": format!("http://127.0.0.1:{}/", self.server.port) })
            }
            Permission::Spawn => json!({ "mark": text("mark") }),
        };
        let tool = match self.is_declared {
            true => honest(self.kind),
            false => "declares-nothing",
        };
        let answers = answer_all(permissions.clone(), self.way);
        let run = run(&engine, &self.caller, tool, input);
        let (end, questions) = tokio::select! {
            end = run => (end, permissions.questions(Caller::Window).await.unwrap().len()),
            never = answers => match never {},
        };
        let was_done = match self.kind {
            Permission::ReadFiles => end.as_ref().is_ok_and(|seen| seen == CANARY),
            Permission::WriteFiles => place.join("out/mark").exists(),
            Permission::Connect => self.server.was_asked.load(Ordering::SeqCst),
            Permission::Spawn => place.join("mark").exists(),
        };
        let seen = match end {
            Ok(_) => Seen::Done,
            Err((true, error)) => Seen::Failed(error.code),
            Err((false, error)) => Seen::NotStarted(error.code),
        };
        assert_eq!(
            was_done,
            seen == Seen::Done,
            "it was done although it was refused"
        );
        (seen, questions)
    }

    async fn grant(&self, permissions: &Permissions, place: &std::path::Path) {
        if !self.caller.is_stranger() {
            return;
        }
        let mut policy = permissions.policy(Caller::Window).await.unwrap();
        let grant = policy.grant_mut(&self.caller);
        grant.all_tools = true;
        // Somebody else's grant is of no use to it.
        let place = place.to_str().unwrap().to_owned();
        let everything = Grant {
            all_tools: true,
            read: vec![place.clone()],
            write: vec![place],
            hosts: vec![format!("127.0.0.1:{}", self.server.port).parse().unwrap()],
            spawn: SpawnGrant::Allowed,
            ..Grant::default()
        };
        if self.way == Way::Granted || !self.is_declared {
            *grant = everything.clone();
        }
        *policy.grant_mut(&"http:somebody".parse().unwrap()) = everything;
        permissions
            .set_policy(Caller::Window, policy)
            .await
            .unwrap();
    }
}

/// The output's `seen`, or the error and whether it was a job's.
async fn run(
    engine: &JobManager,
    caller: &Caller,
    tool: &str,
    input: Value,
) -> Result<String, (bool, AppError)> {
    let started = engine
        .start(caller.clone(), tool, input, StartOptions::default())
        .await
        .map_err(|error| (false, error))?;
    let job = engine.wait(caller.clone(), &started.job_id).await.unwrap();
    match job.status {
        JobStatus::Succeeded => Ok(job.output.unwrap()["seen"].as_str().unwrap().to_owned()),
        _ => Err((true, job.error.unwrap())),
    }
}

/// Says to every question what the way wants.
async fn answer_all(permissions: Permissions, way: Way) -> std::convert::Infallible {
    let answer = match way {
        Way::AskedAllowed => QuestionAnswer::AllowOnce,
        Way::AskedRefused => QuestionAnswer::RefuseOnce,
        Way::Granted | Way::NotGranted => std::future::pending().await,
    };
    let mut changes = permissions
        .permission_changes(Caller::Window)
        .await
        .unwrap();
    loop {
        for question in permissions.questions(Caller::Window).await.unwrap() {
            permissions
                .answer(Caller::Window, question.id, answer)
                .await
                .unwrap();
        }
        assert!(changes.next().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_caller_does_what_is_declared_and_granted_and_nothing_else() {
    let server = Server::start();
    let mut cases = 0;
    for caller in CALLERS {
        for kind in KINDS {
            for way in WAYS {
                for is_declared in [true, false] {
                    let case = Case {
                        caller: caller.parse().unwrap(),
                        kind,
                        way,
                        is_declared,
                        server: &server,
                    };
                    let (seen, open) = case.seen().await;
                    let what = format!("{caller}, {kind:?}, {way:?}, declared: {is_declared}");
                    assert_eq!(seen, case.expected(), "{what}");
                    // A question stays only where nobody has answered it.
                    let is_asked = seen == Seen::NotStarted(ErrorCode::PermissionAsked);
                    assert_eq!(open, usize::from(is_asked), "{what}");
                    cases += 1;
                }
            }
        }
    }
    assert_eq!(cases, 6 * 4 * 4 * 2);
}
