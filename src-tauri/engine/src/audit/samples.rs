//! Entries for tests.

use proptest::prelude::*;
use toolroom_shared::{AuditDecision, AuditOperation, JobStatus};
use uuid::Uuid;

use super::record::{Entry, Hash, Who, bounded};
use crate::clock::Timestamp;

/// An entry that owns its texts, and has no number yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    at: i64,
    kind: &'static str,
    texts: [String; 4],
    operation: AuditOperation,
    decision: AuditDecision,
    status: Option<JobStatus>,
    job: Option<[u8; 16]>,
    input: Option<Hash>,
}

impl Sample {
    pub fn entry(&self, number: u64) -> Entry<'_> {
        let [name, tool, code, subject] = &self.texts;
        Entry {
            number,
            at: Timestamp(self.at),
            who: Who {
                kind: self.kind,
                name,
            },
            operation: self.operation,
            tool,
            job: self.job.map(Uuid::from_bytes),
            input: self.input,
            decision: self.decision,
            status: self.status,
            code,
            subject,
        }
    }
}

/// Any entry that can be.
pub fn any_sample() -> impl Strategy<Value = Sample> {
    let text = || "(\\PC|[\"\\\\\n\u{7f}:]){0,12}".prop_map(|text| bounded(&text).to_owned());
    (
        -62_167_219_200_000i64..=253_402_300_799_999,
        prop::sample::select(vec!["window", "terminal", "app", "http"]),
        [text(), text(), text(), text()],
        prop::sample::select(AuditOperation::ALL.to_vec()),
        prop::sample::select(AuditDecision::ALL.to_vec()),
        prop::option::of(prop::sample::select(JobStatus::ALL.to_vec())),
        any::<Option<[u8; 16]>>(),
        any::<Option<Hash>>(),
    )
        .prop_map(
            |(at, kind, texts, operation, decision, status, job, input)| Sample {
                at,
                kind,
                texts,
                operation,
                decision,
                status,
                job,
                input,
            },
        )
}

/// A start of a job that has the entry's number as its id.
pub fn plain(number: u64) -> Entry<'static> {
    Entry {
        number,
        at: Timestamp(1_000_000_000_000 + number.cast_signed()),
        who: Who {
            kind: "window",
            name: "",
        },
        operation: AuditOperation::Start,
        tool: "a-tool",
        job: Some(Uuid::from_u128(number.into())),
        input: Some([7; 32]),
        decision: AuditDecision::Allowed,
        status: Some(JobStatus::Queued),
        code: "",
        subject: "",
    }
}
