//! Jobs that are removed, written into a file and taken in elsewhere.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

mod support;

use std::{fs, path::Path};

use proptest::prelude::*;
use serde_json::{Value, json};
use support::{Engine, config};
use toolroom_engine::{JobApi, StorageApi};
use toolroom_shared::{
    Caller, CleanUp, ErrorCode, HistoryCopy, JobStatus, JobsQuery, StartOptions,
};

/// Runs a job to its end, whatever that is.
async fn run(engine: &Engine, input: Value) {
    engine.permit(3);
    let options = StartOptions {
        max_attempts: Some(1),
        ..StartOptions::default()
    };
    let job = engine.start_with("count", input, options).await.unwrap();
    engine.ended(&job).await;
}

async fn export(engine: &Engine, file: &Path) -> HistoryCopy {
    let path = file.to_str().unwrap().to_owned();
    let copied = engine.api.export_history(Caller::Window, path).await;
    copied.unwrap()
}

async fn import(engine: &Engine, file: &Path) -> Result<HistoryCopy, toolroom_shared::AppError> {
    let path = file.to_str().unwrap().to_owned();
    engine.api.import_history(Caller::Window, path).await
}

async fn total(engine: &Engine) -> u32 {
    let page = engine.api.list(Caller::App, JobsQuery::default()).await;
    page.unwrap().total
}

fn input() -> impl Strategy<Value = Value> {
    let large = prop::sample::select(vec![0usize, 10, 300_000]);
    ("\\PC{0,20}", large, 0u32..3, any::<bool>()).prop_map(|(name, bytes, lines, fault)| {
        json!({"name": name, "bytes": bytes, "lines": lines, "fault": fault, "to": u32::from(lines > 0)})
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn what_is_written_and_taken_in_elsewhere_is_written_again_as_it_was(
        inputs in prop::collection::vec(input(), 1..6),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let (first, second) = (here.path().join("1.jsonl"), here.path().join("2.jsonl"));
            let jobs = inputs.len() as u32;
            let engine = Engine::open(config(&here.path().join("data"))).await;
            for input in inputs {
                run(&engine, input).await;
            }
            assert_eq!(export(&engine, &first).await, HistoryCopy { jobs, left_out: 0 });
            let other = Engine::open(config(there.path())).await;
            assert_eq!(import(&other, &first).await.unwrap(), HistoryCopy { jobs, left_out: 0 });
            assert_eq!(total(&other).await, jobs);
            export(&other, &second).await;
            assert_eq!(fs::read_to_string(&first).unwrap(), fs::read_to_string(&second).unwrap());
            // What is there already stays as it is.
            assert_eq!(import(&engine, &second).await.unwrap(), HistoryCopy { jobs: 0, left_out: jobs });
            support::close(engine).await;
            support::close(other).await;
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_taken_in_is_found_by_its_words_and_read_whole() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = here.path().join("jobs.jsonl");
    let engine = Engine::open(config(&here.path().join("data"))).await;
    run(&engine, json!({"name": "marmalade", "bytes": 400_000})).await;
    export(&engine, &file).await;
    let other = Engine::open(config(there.path())).await;
    import(&other, &file).await.unwrap();
    let query = JobsQuery {
        search: Some("marmal".into()),
        ..JobsQuery::default()
    };
    let found = other.api.list(Caller::App, query).await.unwrap();
    assert_eq!(found.jobs.len(), 1);
    assert_eq!(found.jobs[0].status, JobStatus::Succeeded);
    let page = other
        .api
        .read_output(Caller::App, &found.jobs[0].job_id, 0)
        .await;
    assert!(page.unwrap().total_bytes > 400_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_one_bad_line_is_refused_by_its_number_and_nothing_of_it_is_taken_in() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = here.path().join("jobs.jsonl");
    let engine = Engine::open(config(&here.path().join("data"))).await;
    run(&engine, json!({"name": "CANARY"})).await;
    export(&engine, &file).await;
    let good = fs::read_to_string(&file).unwrap();
    let good = good.trim_end();
    let other = Engine::open(config(there.path())).await;
    for bad in [
        "{".to_owned(),
        "{\"CANARY\": 1}".to_owned(),
        good.replace("Succeeded", "Running"),
        good.replace("\"format\":1", "\"format\":2"),
        good.replace("\"job_id\":\"0", "\"job_id\":\"x"),
        good.replace("\"created_at\":\"2", "\"created_at\":\"x"),
    ] {
        fs::write(&file, format!("{good}\n{bad}\n")).unwrap();
        let refused = import(&other, &file).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput, "{bad}");
        assert!(refused.message.contains("Line 2"), "{refused}");
        assert!(!refused.message.contains("CANARY"), "{refused}");
        assert_eq!(total(&other).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_there_is_never_written_over_and_a_path_must_be_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine");
    fs::write(&file, "mine").unwrap();
    let engine = Engine::open(config(&folder.path().join("data"))).await;
    run(&engine, json!({})).await;
    let path = file.to_str().unwrap().to_owned();
    let refused = engine.api.export_history(Caller::Window, path).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::AlreadyExists);
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    let refused = engine
        .api
        .export_history(Caller::Window, "jobs".into())
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::InvalidInput);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clean_up_removes_what_it_said_it_would_and_nothing_that_has_not_ended() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(config(folder.path())).await;
    for number in 0..450 {
        let bytes = if number == 7 { 300_000 } else { 0 };
        run(&engine, json!({ "bytes": bytes })).await;
    }
    // One that goes on: nothing permits its steps.
    while engine
        .hand
        .permits
        .try_acquire()
        .map(|permit| permit.forget())
        .is_ok()
    {}
    let running = engine.count(1).await;
    let survey = |days| engine.api.survey_clean_up(Caller::Window, days);
    assert_eq!(survey(1).await.unwrap(), CleanUp::default());
    let found = survey(0).await.unwrap();
    assert_eq!(found.jobs, 450);
    assert!(found.output_bytes >= 300_000);
    let before = engine.api.storage(Caller::Window).await.unwrap();
    assert_eq!(before.jobs, 451);
    assert!(before.outputs_bytes >= 300_000 && before.database_bytes > 0);

    let removed = engine.api.clean_up(Caller::Window, 0).await.unwrap();
    assert_eq!(removed, found);
    let after = engine.api.storage(Caller::Window).await.unwrap();
    assert_eq!((after.jobs, after.outputs_bytes), (1, 0));
    assert!(after.database_bytes < before.database_bytes);
    assert!(engine.api.get(Caller::App, &running).await.is_ok());
    engine.permit(1);
    assert_eq!(engine.ended(&running).await.status, JobStatus::Succeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_persons_look_after_what_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(config(folder.path())).await;
    let stranger: Caller = "mcp:x".parse().unwrap();
    let refused = engine.api.clean_up(stranger.clone(), 0).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::PermissionDenied);
    let refused = engine.api.storage(stranger).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::PermissionDenied);
}
