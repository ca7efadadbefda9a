//! What jobs are sent while they run.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod support;

use serde_json::{Value, json};
use support::Engine;
use toolroom_engine::JobApi;
use toolroom_shared::{AppError, Caller, ErrorCode, JobId, JobStatus, TransitionKind};

async fn send(engine: &Engine, job_id: &JobId, message: Value) -> Result<(), AppError> {
    engine.api.send(Caller::App, job_id, message).await
}

fn word(word: &str) -> Value {
    json!({ "kind": "word", "word": word })
}

#[tokio::test(start_paused = true)]
async fn a_running_job_reads_its_messages_in_the_order_in_which_they_were_sent() {
    let mut engine = Engine::in_memory(1, 10).await;
    let job_id = engine.try_start("listen", json!({})).await.unwrap();
    engine.until(&job_id, TransitionKind::Started).await;
    let words: Vec<String> = (0..500).map(|number| format!("word {number}")).collect();
    for said in &words {
        // Its reader needs a moment when there are many.
        while let Err(error) = send(&engine, &job_id, word(said)).await {
            assert_eq!(error.code, ErrorCode::QueueFull);
            tokio::task::yield_now().await;
        }
    }
    send(&engine, &job_id, json!({ "kind": "end" }))
        .await
        .unwrap();
    let job = engine.ended(&job_id).await;
    assert_eq!(job.status, JobStatus::Succeeded);
    assert_eq!(job.output.unwrap()["words"], json!(words));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_does_not_fit_is_refused_with_the_place_and_the_job_goes_on() {
    let mut engine = Engine::in_memory(1, 10).await;
    let job_id = engine.try_start("listen", json!({})).await.unwrap();
    engine.until(&job_id, TransitionKind::Started).await;
    let wrong = json!({ "kind": "word", "word": 7 });
    let refused = send(&engine, &job_id, wrong).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert!(!refused.input_problems().is_empty());
    send(&engine, &job_id, word("right")).await.unwrap();
    engine.api.cancel(Caller::App, &job_id).await.unwrap();
    let job = engine.ended(&job_id).await;
    assert_eq!(job.status, JobStatus::Canceled);
}

#[tokio::test(start_paused = true)]
async fn only_a_job_that_is_worked_on_and_listens_is_sent_anything() {
    let mut engine = Engine::in_memory(1, 10).await;
    let deaf = json!({ "deaf": true });
    let running = engine.try_start("listen", deaf).await.unwrap();
    engine.until(&running, TransitionKind::Started).await;
    let waiting = engine.try_start("listen", json!({})).await.unwrap();
    let count = engine.count(0).await;
    let code = async |job_id: &JobId| send(&engine, job_id, word("x")).await.map_err(|e| e.code);
    assert_eq!(code(&waiting).await, Err(ErrorCode::WrongState));
    assert_eq!(code(&count).await, Err(ErrorCode::WrongState));
    assert_eq!(
        code(&JobId("none".into())).await,
        Err(ErrorCode::UnknownJob)
    );
    let mut room = 0;
    while code(&running).await == Ok(()) {
        room += 1;
    }
    assert!(room > 0);
    assert_eq!(code(&running).await, Err(ErrorCode::QueueFull));
    engine.api.cancel(Caller::App, &running).await.unwrap();
    engine.ended(&running).await;
    assert_eq!(code(&running).await, Err(ErrorCode::WrongState));
}
