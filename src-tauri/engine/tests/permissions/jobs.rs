//! What callers who aren't persons may start, and whose jobs they see.

use std::{fs, time::Duration};

use serde_json::json;
use toolroom_engine::{AuditApi, JobApi, Outcome, PermissionApi};
use toolroom_shared::{
    AuditDecision, AuditOperation, AuditQuery, Caller, ErrorCode, JobStatus, JobsQuery, Policy,
    QuestionAnswer, QueuePosition, StartOptions,
};

use crate::desk::{Desk, caller};

#[tokio::test]
async fn who_was_granted_nothing_starts_nothing_and_sees_no_tool() {
    let desk = Desk::new(Duration::ZERO);
    for who in ["http:x", "mcp:x", "model:x"] {
        let refused = desk.start(who, "count", json!({})).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::PermissionDenied);
        assert!(
            refused.message.contains("Nothing was started."),
            "{refused}"
        );
        let input = json!({});
        let check = desk.api.check_input(caller(who), "count", &input);
        assert_eq!(check.await.unwrap_err().code, ErrorCode::PermissionDenied);
        assert!(desk.api.list_tools(caller(who)).await.unwrap().is_empty());
    }
    let jobs = desk.api.list(Caller::Window, JobsQuery::default()).await;
    assert!(jobs.unwrap().jobs.is_empty());
    assert!(desk.start("terminal", "count", json!({})).await.is_ok());
}

#[tokio::test]
async fn nothing_that_is_sent_along_makes_somebody_else_of_a_caller() {
    let desk = Desk::new(Duration::ZERO);
    desk.grant("http:x", |grant| grant.tools.push("count".into()))
        .await;
    let claimed = json!({ "caller": "window" });
    assert!(serde_json::from_value::<StartOptions>(claimed.clone()).is_err());
    let refused = desk
        .start("http:x", "count", claimed.clone())
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    // Where a tool takes any text, it is a text.
    for name in ["window", &claimed.to_string(), "http:y"] {
        let job = desk
            .start("http:x", "count", json!({ "name": name }))
            .await
            .unwrap();
        let job = desk.api.wait(Caller::Window, &job).await.unwrap();
        assert_eq!(job.caller, caller("http:x"));
        let told = desk
            .api
            .transitions(Caller::Window, &job.job_id)
            .await
            .unwrap();
        assert_eq!(told[0].caller, caller("http:x"));
    }
    let look = desk
        .start("http:x", "look", json!({ "at": "/", "caller": "window" }))
        .await;
    assert_eq!(look.unwrap_err().code, ErrorCode::PermissionDenied);
}

#[tokio::test]
async fn anothers_job_is_as_good_as_none_to_who_isnt_a_person() {
    let desk = Desk::new(Duration::ZERO);
    for who in ["http:x", "http:y", "mcp:x"] {
        desk.grant(who, |grant| grant.tools.push("count".into()))
            .await;
    }
    let mut jobs = Vec::new();
    for (who, name) in [("window", "alpha"), ("http:x", "alpha"), ("http:y", "beta")] {
        let job = desk
            .start(who, "count", json!({ "name": name }))
            .await
            .unwrap();
        desk.api.wait(Caller::Window, &job).await.unwrap();
        jobs.push(job);
    }
    desk.trail.told();
    let (api, x) = (&desk.api, || caller("http:x"));
    for other in [&jobs[0], &jobs[2]] {
        let codes = [
            api.get(x(), other).await.err(),
            api.wait(x(), other).await.err(),
            api.cancel(x(), other).await.err(),
            api.pause(x(), other).await.err(),
            api.resume(x(), other).await.err(),
            api.reorder(x(), other, QueuePosition::First).await.err(),
            api.reorder(x(), &jobs[1], QueuePosition::Before(other.clone()))
                .await
                .err(),
            api.send(x(), other, json!(1)).await.err(),
            api.retry(x(), other).await.err(),
            api.transitions(x(), other).await.err(),
            api.log(x(), other, 0, 9).await.err(),
            api.read_output(x(), other, 0).await.err(),
        ];
        for code in codes {
            assert_eq!(code.unwrap().code, ErrorCode::UnknownJob);
        }
        let refused = desk.trail.told();
        assert_eq!(
            refused
                .iter()
                .filter(|told| told.2 == Outcome::Refused)
                .count(),
            12
        );
    }
    assert!(api.get(x(), &jobs[1]).await.is_ok());
    assert!(api.get(Caller::Window, &jobs[1]).await.is_ok());
    // What is allowed to be read isn't told, whoever reads it.
    assert_eq!(desk.trail.told(), []);

    let ids = async |who: &str, search: Option<&str>| {
        let query = JobsQuery {
            search: search.map(str::to_owned),
            ..JobsQuery::default()
        };
        let page = api.list(caller(who), query).await.unwrap();
        assert_eq!(page.total as usize, page.jobs.len());
        page.jobs
            .into_iter()
            .map(|job| job.job_id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("http:x", None).await, [jobs[1].clone()]);
    assert_eq!(ids("http:x", Some("alpha")).await, [jobs[1].clone()]);
    assert!(ids("http:x", Some("beta")).await.is_empty());
    assert!(ids("mcp:x", None).await.is_empty());
    assert_eq!(ids("window", None).await.len(), 3);
    desk.grant("http:x", |grant| grant.others_jobs = true).await;
    assert_eq!(ids("http:x", None).await.len(), 3);
    assert!(api.get(x(), &jobs[2]).await.is_ok());
}

#[tokio::test]
async fn a_stream_tells_a_client_of_its_own_jobs_and_cancel_all_ends_no_others() {
    let desk = Desk::new(Duration::ZERO);
    desk.grant("mcp:x", |grant| grant.tools.push("count".into()))
        .await;
    let persons = desk
        .start("window", "count", json!({ "to": 1 }))
        .await
        .unwrap();
    let own = desk
        .start("mcp:x", "count", json!({ "to": 1 }))
        .await
        .unwrap();
    let mut events = desk.api.subscribe(caller("mcp:x"), None).await.unwrap();
    let shown: Vec<_> = events.snapshot.iter().map(|job| &job.job_id).collect();
    assert_eq!(shown, [&own]);
    let ended = desk
        .api
        .cancel_all(caller("mcp:x"), JobsQuery::default())
        .await;
    assert_eq!(ended.unwrap(), 1);
    desk.hand.permits.add_permits(1);
    assert_eq!(
        desk.api
            .wait(Caller::Window, &persons)
            .await
            .unwrap()
            .status,
        JobStatus::Succeeded
    );
    let last = desk.start("mcp:x", "count", json!({})).await.unwrap();
    desk.api.wait(caller("mcp:x"), &last).await.unwrap();
    loop {
        let Some(toolroom_engine::StreamItem::Event(event)) = events.next().await else {
            panic!("the stream has a gap");
        };
        assert_eq!(event.job.caller, caller("mcp:x"));
        if event.job.job_id == last && event.job.status.is_terminal() {
            break;
        }
    }
}

#[tokio::test]
async fn no_more_is_started_a_minute_than_is_granted_and_a_refusal_says_how_long_to_wait() {
    let desk = Desk::new(Duration::ZERO);
    desk.grant("http:x", |grant| {
        grant.tools.push("count".into());
        grant.starts_per_minute = 3;
    })
    .await;
    for _ in 0..3 {
        desk.start("http:x", "count", json!({})).await.unwrap();
    }
    let refused = desk.start("http:x", "count", json!({})).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::RateLimited);
    let seconds = refused.details["retry_after_seconds"].as_u64().unwrap();
    assert!(
        refused.retryable && (1..=21).contains(&seconds),
        "{refused}"
    );
    for _ in 0..9 {
        desk.start("window", "count", json!({})).await.unwrap();
    }
}

#[tokio::test]
async fn a_damaged_policy_is_set_aside_and_grants_nothing_to_anybody_but_persons() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("permissions.json"), "{\"grants\": [7]}").unwrap();
    let desk = Desk::at(folder, Duration::ZERO);
    let refused = desk.start("http:x", "count", json!({})).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::PermissionDenied);
    let aside = desk.folder.path().join("permissions.damaged-1.json");
    assert_eq!(fs::read_to_string(aside).unwrap(), "{\"grants\": [7]}");
    assert!(desk.start("window", "count", json!({})).await.is_ok());
}

#[tokio::test]
async fn only_persons_see_and_change_what_is_granted() {
    let desk = Desk::new(Duration::ZERO);
    let permissions = desk.api.permissions();
    desk.grant("http:x", |grant| grant.all_tools = true).await;
    desk.trail.told();
    for who in ["http:x", "mcp:x", "model:x", "app"] {
        let who = || caller(who);
        let codes = [
            permissions.policy(who()).await.err(),
            permissions.set_policy(who(), Policy::default()).await.err(),
            permissions.questions(who()).await.err(),
            permissions
                .answer(
                    who(),
                    toolroom_shared::QuestionId(1),
                    QuestionAnswer::AllowAlways,
                )
                .await
                .err(),
            permissions.permission_changes(who()).await.err(),
        ];
        for code in codes {
            assert_eq!(code.unwrap().code, ErrorCode::PermissionDenied);
        }
        assert_eq!(desk.trail.told().len(), 5);
    }
    let policy = permissions.policy(Caller::Terminal).await.unwrap();
    assert!(policy.grant(&caller("http:x")).unwrap().all_tools);
}

#[tokio::test]
async fn refusals_questions_and_changes_of_the_policy_are_in_the_audit_trail() {
    let desk = Desk::new(Duration::ZERO);
    desk.start("http:x", "count", json!({})).await.unwrap_err();
    desk.grant("http:x", |grant| grant.tools.push("look".into()))
        .await;
    let file = desk.file("letter");
    desk.look("http:x", &file).await.unwrap_err();
    let other = desk.start("terminal", "count", json!({})).await.unwrap();
    desk.api.cancel(caller("http:x"), &other).await.unwrap_err();
    desk.api.get(caller("http:x"), &other).await.unwrap_err();
    // What a person reads isn't told; what is told is stored once a later start is.
    desk.api.get(Caller::Window, &other).await.unwrap();
    desk.start("terminal", "count", json!({})).await.unwrap();
    let page = desk.api.audit_page(Caller::Window, AuditQuery::default());
    let told: Vec<_> = page
        .await
        .unwrap()
        .entries
        .into_iter()
        .rev()
        .filter(|entry| entry.caller == "http:x" || entry.operation == AuditOperation::Permission)
        .map(|entry| (entry.operation, entry.decision, entry.code))
        .collect();
    let (refused, asked) = (AuditDecision::Refused, AuditDecision::Asked);
    let policy = (AuditOperation::Permission, AuditDecision::Allowed, None);
    let code = |code: ErrorCode| Some(code);
    assert_eq!(
        told,
        [
            (
                AuditOperation::Start,
                refused,
                code(ErrorCode::PermissionDenied)
            ),
            policy,
            (
                AuditOperation::Start,
                asked,
                code(ErrorCode::PermissionAsked)
            ),
            (AuditOperation::Cancel, refused, code(ErrorCode::UnknownJob)),
            (AuditOperation::Read, refused, code(ErrorCode::UnknownJob)),
        ]
    );
}
