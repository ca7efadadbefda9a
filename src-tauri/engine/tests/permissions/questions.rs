//! What a person is asked, and what becomes of the answer.

use std::time::Duration;

use serde_json::json;
use toolroom_engine::{JobApi, PermissionApi};
use toolroom_shared::{Caller, ErrorCode, JobStatus, Policy, QuestionAnswer};

use crate::desk::{Desk, LONG, caller};

#[tokio::test]
async fn a_question_nobody_answers_is_told_and_a_later_yes_is_good_for_one_start() {
    let desk = Desk::new(Duration::ZERO);
    desk.grant("http:x", |grant| grant.tools.push("look".into()))
        .await;
    let file = desk.file("secret");
    let asked = desk.look("http:x", &file).await.unwrap_err();
    assert_eq!(asked.code, ErrorCode::PermissionAsked);
    assert!(asked.retryable);
    let question = desk.question().await;
    assert_eq!(asked.details["question_id"], json!(question.id));
    assert_eq!(question.read, [file.to_str().unwrap()]);
    // The same isn't asked twice.
    assert_eq!(desk.look("http:x", &file).await, Err(asked.clone()));
    assert_eq!(desk.question().await.id, question.id);

    desk.answer(QuestionAnswer::AllowOnce).await;
    assert_eq!(desk.look("http:x", &file).await, Ok(JobStatus::Succeeded));
    let again = desk.look("http:x", &file).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::PermissionAsked);
    assert_ne!(again.details, asked.details);
    // An input that means nothing is refused before anybody is asked.
    let wrong = desk
        .start("http:x", "look", json!({ "at": "relative" }))
        .await;
    assert_eq!(wrong.unwrap_err().code, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn the_same_is_never_asked_twice_at_once_and_nobody_who_asks_is_left_waiting() {
    let desk = Desk::new(LONG);
    desk.grant("http:x", |grant| grant.tools.push("look".into()))
        .await;
    let file = desk.file("secret");
    let looks = async {
        tokio::join!(
            desk.look("http:x", &file),
            desk.look("http:x", &file),
            desk.look("http:x", &file),
        )
    };
    // More than one question at a time is a fault that `question` finds. Who comes after an answer
    // asks anew.
    let answers = async {
        loop {
            desk.answer(QuestionAnswer::AllowOnce).await;
        }
    };
    let (first, second, third) = tokio::select! {
        ends = looks => ends,
        () = answers => unreachable!(),
    };
    for end in [first, second, third] {
        assert_eq!(end, Ok(JobStatus::Succeeded));
    }
}

#[tokio::test]
async fn what_is_remembered_is_asked_no_more() {
    let desk = Desk::new(LONG);
    desk.grant("http:x", |grant| grant.tools.push("look".into()))
        .await;
    let (good, bad) = (desk.file("good"), desk.file("bad"));
    let (end, ()) = tokio::join!(
        desk.look("http:x", &good),
        desk.answer(QuestionAnswer::AllowAlways)
    );
    assert_eq!(end, Ok(JobStatus::Succeeded));
    let (end, ()) = tokio::join!(
        desk.look("http:x", &bad),
        desk.answer(QuestionAnswer::RefuseAlways)
    );
    assert_eq!(end.unwrap_err().code, ErrorCode::PermissionDenied);
    for _ in 0..2 {
        assert_eq!(desk.look("http:x", &good).await, Ok(JobStatus::Succeeded));
        let refused = desk.look("http:x", &bad).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::PermissionDenied);
    }
    let desk = desk.reopened(LONG).await;
    assert_eq!(desk.look("http:x", &good).await, Ok(JobStatus::Succeeded));
    let open = desk.api.permissions().questions(Caller::Window).await;
    assert_eq!(open.unwrap(), []);
}

#[tokio::test]
async fn another_process_answers_and_changes_what_is_granted() {
    let desk = Desk::new(LONG);
    let files = desk.files();
    let file = desk.file("secret");
    files
        .change_policy(|policy| policy.grant_mut(&caller("mcp:x")).tools.push("look".into()))
        .unwrap();
    let answer = async {
        desk.question().await;
        loop {
            // The engine shows it in the file right after it shows it here.
            if let [question] = &files.questions().unwrap()[..] {
                return files
                    .answer(question.id, QuestionAnswer::AllowAlways)
                    .unwrap();
            }
            tokio::task::yield_now().await;
        }
    };
    let (end, question) = tokio::join!(desk.look("mcp:x", &file), answer);
    assert_eq!(end, Ok(JobStatus::Succeeded));
    assert_eq!(question.caller, caller("mcp:x"));
    assert_eq!(desk.look("mcp:x", &file).await, Ok(JobStatus::Succeeded));

    files
        .change_policy(|policy| *policy = Policy::default())
        .unwrap();
    let noticed = tokio::time::timeout(LONG, async {
        while desk.look("mcp:x", &file).await.is_ok() {
            // sleep: the other process's file is looked at once a second
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    noticed.await.unwrap();
}

#[tokio::test]
async fn what_was_allowed_once_is_not_allowed_after_a_restart_and_what_was_granted_is() {
    let desk = Desk::new(LONG);
    let (granted, once) = (desk.file("granted"), desk.file("once"));
    desk.grant("http:x", |grant| {
        grant.tools.push("look".into());
        grant.read.push(granted.to_str().unwrap().into());
    })
    .await;
    desk.start("window", "count", json!({ "to": 1 }))
        .await
        .unwrap();
    let first = desk
        .start("http:x", "look", json!({ "at": granted }))
        .await
        .unwrap();
    let (second, ()) = tokio::join!(
        desk.start("http:x", "look", json!({ "at": once })),
        desk.answer(QuestionAnswer::AllowOnce)
    );
    let second = second.unwrap();
    let desk = desk.reopened(LONG).await;
    let end = |job| desk.api.wait(Caller::Window, job);
    assert_eq!(end(&first).await.unwrap().status, JobStatus::Succeeded);
    let error = end(&second).await.unwrap().error.unwrap();
    assert_eq!(error.code, ErrorCode::PermissionDenied);
}
