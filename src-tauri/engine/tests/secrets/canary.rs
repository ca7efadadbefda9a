//! A secret goes everywhere that a tool can send it, in a process of its own, and then everything that
//! this process has left or said is searched for it.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc,
};

use serde_json::json;
use toolroom_engine::{ClosingLimits, JobApi, JobManager, StreamItem, hide_what_panics_say};
use toolroom_shared::{Caller, JobsQuery, StartOptions};

use crate::{
    Kept, engine,
    search::{contains, files, found_in},
    speaker::End,
};

const FOLDER: &str = "TOOLROOM_CANARY_FOLDER";

/// One that is typed in and one that is kept, both with signs that are spelled in many ways.
const TYPED: &str = "kAn4r\"y 1/%+ \\z\u{e4}\u{20ac}Q7w";
const NAMED: &str = "n4med\tC\u{1f426}rd & 'x' = $9\u{df}=";

#[test]
fn a_secret_is_found_in_nothing_that_is_kept_said_or_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "canary::inner", "--nocapture", "--ignored"])
        .env(FOLDER, folder.path())
        .env("RUST_BACKTRACE", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}", said(&output.stderr));
    let mut places = files(folder.path());
    places.push(("standard output".to_owned(), output.stdout));
    places.push(("standard error".to_owned(), output.stderr));
    for (place, bytes) in &places {
        for secret in [TYPED, NAMED] {
            let found = found_in(bytes, secret);
            assert!(found.is_empty(), "{found:?} in {place}");
        }
    }
    // It has been said, everywhere, and what was around it is there.
    let is_somewhere = |mark: &str| {
        let mark = format!("{mark} [secret]");
        places
            .iter()
            .any(|(_, bytes)| contains(bytes, mark.as_bytes()))
    };
    for mark in [
        "in-log",
        "in-stage",
        "in-message",
        "in-checkpoint",
        "in-failure",
        "in-output",
        "in-artifact",
        "in-error",
        "in-details",
        "in-partial",
        "in-canceled",
    ] {
        assert!(is_somewhere(mark), "{mark}");
    }
    let stderr = said(&places.last().unwrap().1);
    for part in ["speaker.rs", "canary.rs", "A fault in Toolroom"] {
        assert!(stderr.contains(part), "{part} in {stderr}");
    }
}

/// Says everything that a door would show of what there is.
async fn tell_all(api: &JobManager) {
    let page = api.list(Caller::App, JobsQuery::default()).await.unwrap();
    println!("{}", serde_json::to_string(&page).unwrap());
    for job in page.jobs {
        let id = job.job_id;
        let snapshot = api.get(Caller::App, &id).await.unwrap();
        let log = api.log(Caller::App, &id, 0, 1_000).await.unwrap();
        let transitions = api.transitions(Caller::App, &id).await.unwrap();
        println!(
            "{}",
            serde_json::to_string(&(&snapshot, &log, &transitions)).unwrap()
        );
        println!("{snapshot:?} {log:?} {transitions:?}");
        if let Ok(piece) = api.read_output(Caller::App, &id, 0).await {
            println!("{}", piece.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs in a process of its own, which the test above begins"]
async fn inner() {
    let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    hide_what_panics_say();
    let api = engine(&folder, Kept::with("kept", NAMED));
    let mut events = api.subscribe(Caller::App, None).await.unwrap();
    let secrets = [json!(TYPED), json!({ "secret": "kept" })];
    let start = async |input| {
        let options = StartOptions::default();
        let started = api.start(Caller::App, "speak", input, options).await;
        started.map(|handle| handle.job_id)
    };
    for secret in &secrets {
        for end in End::ALL {
            let input = json!({ "secret": secret, "end": end, "fails": 1 });
            let job_id = start(input).await.unwrap();
            let job = api.wait(Caller::App, &job_id).await.unwrap();
            assert_eq!(job.attempt, 2);
            loop {
                let Some(StreamItem::Event(event)) = events.next().await else {
                    panic!("no event is missed");
                };
                println!("{}", serde_json::to_string(&*event).unwrap());
                if event.job.status.is_terminal() {
                    break;
                }
            }
        }
        let job_id = start(json!({ "secret": secret, "end": "wait" }))
            .await
            .unwrap();
        while api
            .get(Caller::App, &job_id)
            .await
            .unwrap()
            .message
            .is_none()
        {
            events.next().await;
        }
        api.cancel(Caller::App, &job_id).await.unwrap();
        api.wait(Caller::App, &job_id).await.unwrap();
    }
    tell_all(&api).await;

    // The engine itself breaks off while it handles one: a runner, then the thread that stores.
    for point in ["work-ended", "settling"] {
        let (reached, is_reached) = mpsc::channel();
        fail::cfg_callback(point, move || {
            let _ = reached.send(());
            panic!("in-engine {TYPED} {NAMED}");
        })
        .unwrap();
        let started = start(json!({ "secret": TYPED })).await;
        println!("{started:?}");
        tokio::task::spawn_blocking(move || is_reached.recv().unwrap())
            .await
            .unwrap();
        fail::remove(point);
    }
    let now = ClosingLimits {
        let_run: std::time::Duration::ZERO,
        stop: std::time::Duration::from_secs(2),
        ..ClosingLimits::default()
    };
    println!("{}", api.shut_down(now).await);
}
