//! A door for tests, in debug builds alone: a file in the data folder by which a caller that is no person
//! starts a job, as one will over HTTP. What it was answered stands in a second file.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use toolroom_engine::{JobApi, Service, ServiceContext, ServiceEnd};
use toolroom_shared::{Caller, StartOptions};

/// What is to be started, and by whom.
const START: &str = "debug-start.json";
/// What came of it.
const ANSWER: &str = "debug-answer.json";
const LOOK_EVERY: Duration = Duration::from_millis(100);

#[derive(Deserialize)]
struct Start {
    caller: String,
    tool: String,
    input: Value,
}

/// The service that looks for the file.
pub fn service(folder: PathBuf, api: Arc<dyn JobApi>) -> Service {
    Service::new("debug-door", move |context| {
        look(folder.clone(), api.clone(), context)
    })
}

async fn look(folder: PathBuf, api: Arc<dyn JobApi>, context: ServiceContext) -> ServiceEnd {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    // Ends with this: what waits for a person's answer waits beside what comes.
    let mut starts = JoinSet::new();
    context.ready();
    loop {
        tokio::select! {
            () = context.stopped() => return Ok(()),
            _ = ticks.tick() => {}
        }
        if let Some(start) = take(&folder.join(START)) {
            starts.spawn(answer(start, api.clone(), folder.join(ANSWER)));
        }
    }
}

/// The file, taken away. It is small, and only a debug build looks for it.
fn take(path: &Path) -> Option<Start> {
    let text = fs::read(path).ok()?;
    let start = serde_json::from_slice(&text).ok()?;
    fs::remove_file(path).ok()?;
    Some(start)
}

async fn answer(start: Start, api: Arc<dyn JobApi>, path: PathBuf) -> io::Result<()> {
    let answer = match start.caller.parse::<Caller>() {
        Err(bad) => json!({ "error": bad.to_string() }),
        Ok(caller) => {
            let options = StartOptions::default();
            match api.start(caller, &start.tool, start.input, options).await {
                Ok(handle) => json!({ "job_id": handle.job_id }),
                Err(error) => json!({ "error": error }),
            }
        }
    };
    fs::write(path, answer.to_string())
}
