//! What may be granted, asked and kept, and what the audit trail may say.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use proptest::{collection::vec, option, prelude::*, sample::select};
use toolroom_shared::{
    AuditDecision, AuditFault, AuditOperation, AuditPage, AuditQuery, AuditRecord, AuditReport,
    Caller, CallerGrant, ErrorCode, Grant, JobStatus, KeptSecret, PermissionsState, Policy,
    Question, QuestionAnswer, QuestionId, SecretName, SecretPlace, SpawnGrant,
};

use super::{
    jobs::job_id,
    json::{text, whole},
};

pub fn caller() -> impl Strategy<Value = Caller> {
    let name = "[A-Za-z0-9][A-Za-z0-9._/:@+-]{0,99}";
    (name, 0..6_u8).prop_map(|(name, kind)| {
        let text = match kind {
            0 => "window".to_owned(),
            1 => "terminal".to_owned(),
            2 => "app".to_owned(),
            3 => format!("http:{name}"),
            4 => format!("mcp:{name}"),
            _ => format!("model:{name}"),
        };
        text.parse().unwrap()
    })
}

pub fn secret_name() -> impl Strategy<Value = SecretName> {
    "[A-Za-z0-9._-]{1,64}".prop_map(|name| SecretName::new(name).unwrap())
}

pub fn grant() -> impl Strategy<Value = Grant> {
    let spawn = select(vec![
        SpawnGrant::Ask,
        SpawnGrant::Allowed,
        SpawnGrant::Refused,
    ]);
    let host = select(vec![
        "example.org",
        "*.example.org:8443",
        "[2001:db8::1]:7",
        "192.0.2.7",
    ]);
    let texts = || vec(text(), 0..3);
    (
        (any::<bool>(), texts(), texts(), texts(), texts()),
        vec(host, 0..3),
        (spawn, vec(secret_name(), 0..3), any::<u32>(), any::<bool>()),
    )
        .prop_map(
            |((all_tools, tools, read, write, refused_paths), hosts, rest)| Grant {
                all_tools,
                tools,
                read,
                write,
                refused_paths,
                hosts: hosts
                    .into_iter()
                    .map(|host| host.parse().unwrap())
                    .collect(),
                spawn: rest.0,
                secrets: rest.1,
                starts_per_minute: rest.2,
                others_jobs: rest.3,
            },
        )
}

pub fn question_id() -> impl Strategy<Value = QuestionId> {
    any::<u32>().prop_map(QuestionId)
}

pub fn answer() -> impl Strategy<Value = QuestionAnswer> {
    select(vec![
        QuestionAnswer::AllowOnce,
        QuestionAnswer::AllowAlways,
        QuestionAnswer::RefuseOnce,
        QuestionAnswer::RefuseAlways,
    ])
}

fn question() -> impl Strategy<Value = Question> {
    let texts = || vec(text(), 0..3);
    (
        (question_id(), caller(), text(), any::<bool>()),
        (texts(), texts(), text(), text()),
    )
        .prop_map(|((id, caller, tool_name, spawn), rest)| Question {
            id,
            caller,
            tool_name,
            read: rest.0,
            write: rest.1,
            spawn,
            asked_at: rest.2,
            waits_until: rest.3,
        })
}

pub fn permissions() -> impl Strategy<Value = PermissionsState> {
    let given = (caller(), grant()).prop_map(|(caller, grant)| CallerGrant { caller, grant });
    (vec(given, 0..3), vec(question(), 0..3)).prop_map(|(grants, questions)| PermissionsState {
        policy: Policy { grants },
        questions,
    })
}

pub fn kept_secret() -> impl Strategy<Value = KeptSecret> {
    let place = select(vec![SecretPlace::Keyring, SecretPlace::File]);
    (secret_name(), place).prop_map(|(name, place)| KeptSecret { name, place })
}

pub fn audit_query() -> impl Strategy<Value = AuditQuery> {
    let some = || option::of(text());
    (
        (some(), some(), some(), some(), some()),
        option::of(select(AuditOperation::ALL.to_vec())),
        option::of(select(AuditDecision::ALL.to_vec())),
        option::of(job_id()),
        option::of(any::<u32>()),
    )
        .prop_map(|(texts, operation, decision, job_id, limit)| AuditQuery {
            caller: texts.0,
            tool_name: texts.1,
            operation,
            decision,
            job_id,
            since: texts.2,
            until: texts.3,
            limit,
            cursor: texts.4,
        })
}

fn audit_record() -> impl Strategy<Value = AuditRecord> {
    let some = || option::of(text());
    (
        (whole(), text(), text(), text()),
        (some(), some(), some(), option::of(text())),
        select(AuditOperation::ALL.to_vec()),
        select(AuditDecision::ALL.to_vec()),
        option::of(job_id()),
        option::of(select(JobStatus::ALL.to_vec())),
    )
        .prop_map(
            |(words, texts, operation, decision, job_id, status)| AuditRecord {
                number: words.0,
                at: words.1,
                caller: words.2,
                operation,
                tool_name: texts.0,
                job_id,
                input_digest: texts.1,
                decision,
                status,
                code: texts.2.map(ErrorCode::from),
                subject: texts.3,
                hash: words.3,
            },
        )
}

pub fn audit_page() -> impl Strategy<Value = AuditPage> {
    (vec(audit_record(), 0..3), option::of(text())).prop_map(|(entries, next_cursor)| AuditPage {
        entries,
        next_cursor,
    })
}

pub fn audit_report() -> impl Strategy<Value = AuditReport> {
    let fault = (whole(), text()).prop_map(|(number, message)| AuditFault { number, message });
    (whole(), whole(), text(), option::of(fault)).prop_map(|(checked, last, hash, fault)| {
        AuditReport {
            checked,
            last,
            hash,
            fault,
        }
    })
}
