//! A secret lives as long as its job does in memory, and no longer.

use serde_json::{Value, json};
use toolroom_engine::{
    AuditReader, ClosingLimits, JobApi, JobManager, LocalSecrets, PermissionApi, SecretApi,
};
use toolroom_shared::{
    AuditDecision, AuditOperation, AuditQuery, Caller, ErrorCode, JobId, JobSnapshot, JobStatus,
    Policy, SecretName, StartOptions,
};

use crate::{Kept, engine};

async fn start(api: &JobManager, input: Value) -> JobId {
    let options = StartOptions::default();
    let started = api.start(Caller::App, "speak", input, options).await;
    started.unwrap().job_id
}

async fn ended(api: &JobManager, job_id: &JobId) -> JobSnapshot {
    api.wait(Caller::App, job_id).await.unwrap()
}

fn code(job: &JobSnapshot) -> Option<ErrorCode> {
    job.error.as_ref().map(|error| error.code.clone())
}

async fn close(api: JobManager) {
    let now = ClosingLimits {
        let_run: std::time::Duration::ZERO,
        ..ClosingLimits::default()
    };
    assert!(api.shut_down(now).await);
}

#[tokio::test]
async fn a_secret_that_was_typed_in_serves_every_attempt_and_no_retry_after_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let api = engine(folder.path(), Kept::with("kept", "by name"));
    let job_id = start(&api, json!({ "secret": "typed in", "fails": 2 })).await;
    let job = ended(&api, &job_id).await;
    assert_eq!((job.status, job.attempt), (JobStatus::Succeeded, 3));
    assert_eq!(job.input["secret"], json!({ "redacted": true }));
    let refused = api.retry(Caller::App, &job_id).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SecretGone);

    let job_id = start(&api, json!({ "secret": { "secret": "kept" } })).await;
    assert_eq!(ended(&api, &job_id).await.status, JobStatus::Succeeded);
    let again = api.retry(Caller::App, &job_id).await.unwrap().job_id;
    assert_eq!(ended(&api, &again).await.status, JobStatus::Succeeded);
    close(api).await;
}

#[tokio::test]
async fn after_a_restart_what_was_typed_in_is_gone_and_what_is_kept_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Kept::with("kept", "by name");
    let api = engine(folder.path(), kept.clone());
    // Holds the one place until the engine is closed, and then begins again.
    let runs = start(&api, json!({ "secret": "typed in", "end": "wait" })).await;
    let typed = start(&api, json!({ "secret": "typed in" })).await;
    let named = start(&api, json!({ "secret": { "secret": "kept" } })).await;
    close(api).await;

    let api = engine(folder.path(), kept);
    for job_id in [&runs, &typed] {
        let job = ended(&api, job_id).await;
        assert_eq!(code(&job), Some(ErrorCode::SecretGone), "{job:?}");
    }
    let job = ended(&api, &named).await;
    assert_eq!(job.status, JobStatus::Succeeded, "{job:?}");
    close(api).await;
}

#[tokio::test]
async fn a_name_that_is_not_there_and_a_kept_input_are_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let api = engine(folder.path(), Kept::with("kept", "by name"));
    let job_id = start(&api, json!({ "secret": { "secret": "other" } })).await;
    let job = ended(&api, &job_id).await;
    assert_eq!(code(&job), Some(ErrorCode::UnknownSecret));
    assert!(
        job.error
            .unwrap()
            .message
            .contains("toolroom secret set other")
    );

    let input = json!({ "secret": { "redacted": true } });
    let options = StartOptions::default();
    let refused = api
        .start(Caller::App, "speak", input.clone(), options)
        .await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SecretGone);
    assert_eq!(refused.input_problems()[0].pointer, "/secret");
    let problems = api.check_input(Caller::App, "speak", &input).await.unwrap();
    assert_eq!(problems, refused.input_problems());
    close(api).await;
}

#[tokio::test]
async fn what_is_wrong_with_an_input_is_said_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let api = engine(folder.path(), Kept::with("kept", "by name"));
    for secret in [
        json!({ "secret": "CANARY!" }),
        json!({ "CANARY": "CANARY" }),
        json!(["CANARY"]),
        json!("CANARY".repeat(20_000)),
    ] {
        let input = json!({ "secret": secret, "end": "CANARY", "CANARY": 1 });
        let options = StartOptions::default();
        let refused = api.start(Caller::App, "speak", input, options).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput);
        let said = refused.input_problems().into_iter();
        let said: Vec<_> = said
            .filter(|problem| problem.pointer == "/secret")
            .collect();
        assert!(!format!("{said:?}").contains("CANARY"), "{said:?}");
    }
    close(api).await;
}

#[tokio::test]
async fn only_persons_see_names_and_keep_or_forget_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Kept::with("kept", "by name");
    let api = engine(folder.path(), kept.clone());
    let secrets = LocalSecrets::new(kept, api.audit_log());
    let name = || SecretName::new("new").unwrap();
    let denied = |error: toolroom_shared::AppError| {
        assert_eq!(error.code.as_str(), "permission_denied");
    };
    denied(secrets.list(Caller::App).await.unwrap_err());
    let text = || "text".to_owned().into();
    let set = secrets.set(Caller::App, name(), text(), false).await;
    denied(set.unwrap_err());
    denied(secrets.remove(Caller::App, name()).await.unwrap_err());
    for caller in [Caller::Window, Caller::Terminal] {
        let set = secrets.set(caller.clone(), name(), text(), false).await;
        set.unwrap();
        let listed = secrets.list(caller.clone()).await.unwrap();
        let names: Vec<_> = listed.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["kept", "new"]);
        secrets.remove(caller.clone(), name()).await.unwrap();
        let unknown = secrets.remove(caller.clone(), name()).await.unwrap_err();
        assert_eq!(unknown.code, ErrorCode::UnknownSecret);
        let empty = secrets
            .set(caller.clone(), name(), String::new().into(), false)
            .await;
        assert_eq!(empty.unwrap_err().code, ErrorCode::InvalidInput);
    }
    close(api).await;
    let trail = AuditReader::open(folder.path()).unwrap().unwrap();
    let page = trail.page(&AuditQuery {
        operation: Some(AuditOperation::Secret),
        ..AuditQuery::default()
    });
    let mut told: Vec<_> = page
        .unwrap()
        .entries
        .into_iter()
        .map(|entry| (entry.caller, entry.decision, entry.subject.unwrap()))
        .collect();
    told.reverse();
    let of = |who: &str, decision, what: &str| (who.to_owned(), decision, what.to_owned());
    let (yes, no) = (AuditDecision::Allowed, AuditDecision::Refused);
    let mut expected = vec![of("app", no, "new kept"), of("app", no, "new forgotten")];
    for who in ["window", "terminal"] {
        expected.push(of(who, yes, "new kept"));
        expected.push(of(who, yes, "new forgotten"));
    }
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_client_may_type_in_a_secret_and_names_only_those_it_was_granted() {
    let folder = tempfile::tempdir().unwrap();
    let api = engine(folder.path(), Kept::with("kept", "by name"));
    let client: Caller = "http:x".parse().unwrap();
    let mut policy = Policy::default();
    policy.grant_mut(&client).all_tools = true;
    let permissions = api.permissions();
    let set = permissions.set_policy(Caller::Window, policy.clone());
    set.await.unwrap();
    let start = |input: Value| {
        let options = StartOptions::default();
        api.start(client.clone(), "speak", input, options)
    };
    let typed = start(json!({ "secret": "typed in" })).await.unwrap();
    let job = ended(&api, &typed.job_id).await;
    assert_eq!(job.status, JobStatus::Succeeded, "{job:?}");
    let named = json!({ "secret": { "secret": "kept" } });
    let refused = start(named.clone()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::PermissionDenied);
    policy.grant_mut(&client).secrets = vec![SecretName::new("kept").unwrap()];
    permissions
        .set_policy(Caller::Window, policy)
        .await
        .unwrap();
    let granted = start(named).await.unwrap();
    let job = ended(&api, &granted.job_id).await;
    assert_eq!(job.status, JobStatus::Succeeded, "{job:?}");
    close(api).await;
}
