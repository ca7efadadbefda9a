//! The audit trail in its file: what is committed has its entries, what isn't has none, and
//! whatever is done to it later is found.

use std::fs;

use toolroom_shared::{
    AuditDecision, AuditOperation, AuditQuery, AuditRecord, Caller, ErrorCode, JobStatus,
};

use super::support::{
    Desk, accepted, back_to, ended, job, running, wait_until, whole_life, with_input, with_origin,
};
use crate::{
    audit::{AuditNote, AuditReader, chain::digest, line},
    clock::Timestamp,
    store::{AuditRotation, Change, StoreErrorKind, StoreOptions},
};

pub(super) fn reader(desk: &Desk) -> AuditReader {
    AuditReader::new(desk.history())
}

pub(super) fn note(subject: &str) -> Change {
    let decision = AuditDecision::Refused;
    let note = AuditNote::new(Caller::App, AuditOperation::Secret, decision).subject(subject);
    Change::Audit {
        at: Timestamp(7),
        note: Box::new(note),
    }
}

/// Every entry, oldest first, by pages of a few.
pub(super) fn entries(reader: &AuditReader) -> Vec<AuditRecord> {
    let mut query = AuditQuery {
        limit: Some(7),
        ..AuditQuery::default()
    };
    let mut entries = Vec::new();
    loop {
        let page = reader.page(&query).unwrap();
        entries.extend(page.entries);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            entries.reverse();
            return entries;
        }
    }
}

/// How many entries a whole trail has.
pub(super) fn whole(reader: &AuditReader) -> u64 {
    let report = reader.verify(&mut |_, _| ()).unwrap();
    assert_eq!(report.fault, None);
    assert_eq!(report.last, report.checked);
    report.checked
}

pub(super) fn fault(reader: &AuditReader) -> (u64, String) {
    let fault = reader.verify(&mut |_, _| ()).unwrap().fault.unwrap();
    (fault.number, fault.message)
}

/// A few entries in the table, and many files of four.
pub(super) fn rotating() -> StoreOptions {
    StoreOptions {
        audit: AuditRotation {
            max_entries: 10,
            file_entries: 4,
        },
        ..StoreOptions::default()
    }
}

/// A job's whole life, each change in a transaction of its own.
pub(super) fn live(desk: &Desk, seq: u64) {
    for change in whole_life(&job(seq)) {
        assert_eq!(desk.write(change), Ok(()));
    }
}

/// A trail of 41 entries, most of which stand in files.
pub(super) fn rotated() -> Desk {
    let desk = Desk::with(rotating());
    (1..=20).for_each(|seq| live(&desk, seq));
    let beside = desk.beside();
    wait_until(|| {
        let rows: i64 = beside
            .query_row("SELECT total(last - first + 1) FROM audit", [], |row| {
                row.get::<_, f64>(0).map(|rows| rows as i64)
            })
            .unwrap();
        rows <= 10
    });
    desk
}

#[test]
fn a_jobs_life_is_told_with_who_and_how_it_ended() {
    let desk = Desk::new();
    let (job, other) = (job(1), job(2));
    desk.write_all(whole_life(&job));
    let other = with_origin(other, |origin| {
        origin.caller = Caller::Terminal;
        origin.retry_of = Some(job.origin.id);
    });
    desk.write_all([accepted(&other)]);
    let entries = entries(&reader(&desk));
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.operation, entry.caller.as_str(), entry.status))
        .collect();
    use AuditOperation as O;
    assert_eq!(
        told,
        [
            (O::Begin, "app", None),
            (O::Start, "window", Some(JobStatus::Queued)),
            (O::End, "window", Some(JobStatus::Succeeded)),
            (O::Retry, "terminal", Some(JobStatus::Queued)),
        ]
    );
    assert_eq!(entries[0].subject.as_deref(), Some("a new history"));
    let input = super::support::input_text(&job);
    assert_eq!(entries[1].input_digest, Some(line::hex(&digest(&input))));
    assert_eq!(entries[1].job_id, Some(job.job_id()));
    assert_eq!(whole(&reader(&desk)), 4);
}

#[test]
fn a_start_that_is_refused_has_no_entry_and_the_trail_stays_whole() {
    let options = StoreOptions {
        max_pages: Some(100),
        ..StoreOptions::default()
    };
    let desk = Desk::with(options);
    let large = with_input(job(1), serde_json::Value::String("x".repeat(900_000)));
    assert_eq!(desk.write(accepted(&large)), Err(StoreErrorKind::Full));
    let keyed = |seq| {
        with_origin(job(seq), |origin| {
            origin.idempotency_key = Some("k".into());
        })
    };
    desk.write_all([accepted(&keyed(2))]);
    assert_eq!(
        desk.write(accepted(&keyed(3))),
        Err(StoreErrorKind::DuplicateKey)
    );
    desk.write_all([accepted(&job(4)), note("after")]);
    let jobs: Vec<_> = entries(&reader(&desk))
        .into_iter()
        .map(|entry| entry.operation)
        .collect();
    use AuditOperation as O;
    assert_eq!(jobs, [O::Begin, O::Start, O::Start, O::Secret]);
    assert_eq!(whole(&reader(&desk)), 4);
}

#[test]
fn forgetting_jobs_leaves_their_entries() {
    let desk = Desk::with(StoreOptions {
        retention: crate::store::Retention {
            max_jobs: 0,
            ..crate::store::Retention::default()
        },
        ..StoreOptions::default()
    });
    desk.write_all(whole_life(&job(1)));
    let beside = desk.beside();
    wait_until(|| {
        let count = "SELECT count(*) FROM jobs";
        let jobs: i64 = beside.query_row(count, [], |row| row.get(0)).unwrap();
        jobs == 0
    });
    assert_eq!(whole(&reader(&desk)), 3);
}

#[test]
fn rotation_carries_the_chain_into_files_and_pages_go_over_both() {
    let desk = rotated();
    let reader = reader(&desk);
    assert_eq!(whole(&reader), 41);
    let numbers: Vec<_> = entries(&reader).iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, (1..=41).collect::<Vec<_>>());
    let files = fs::read_dir(desk.path().join("audit")).unwrap().count();
    assert!(files >= 7, "{files}");
    for number in 1..=files {
        let path = desk.path().join(format!("audit/{number:06}.jsonl"));
        let report = AuditReader::verify_file(&path, &mut |_, _| ()).unwrap();
        assert_eq!((report.fault, report.checked >= 4), (None, true));
    }
    let ends = AuditQuery {
        operation: Some(AuditOperation::End),
        ..AuditQuery::default()
    };
    assert_eq!(reader.page(&ends).unwrap().entries.len(), 20);
    let desk = desk.reopened(rotating());
    desk.write_all([note("later")]);
    assert_eq!(whole(&AuditReader::new(desk.history())), 42);
}

#[test]
fn an_export_is_the_whole_trail_and_is_checked_without_the_database() {
    let desk = rotated();
    let file = desk.path().join("trail.jsonl");
    assert_eq!(reader(&desk).export(&file).unwrap(), 41);
    let report = AuditReader::verify_file(&file, &mut |_, _| ()).unwrap();
    assert_eq!((report.checked, &report.fault), (41, &None));
    assert_eq!(report, reader(&desk).verify(&mut |_, _| ()).unwrap());
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<AuditRecord> = text
        .lines()
        .skip(1)
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines, entries(&reader(&desk)));
    let again = reader(&desk).export(&file).unwrap_err();
    assert_eq!(again.code, ErrorCode::AlreadyExists);
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn a_history_of_the_version_before_gets_a_trail_that_says_from_where_on() {
    let desk = Desk::new();
    desk.write_all([accepted(&running(&job(1)))]);
    let folder = desk.closed();
    back_to(folder.path(), 1);
    let desk = Desk::at(folder, StoreOptions::default()).unwrap();
    assert_eq!(desk.set_aside, None);
    let (_, end) = ended(&running(&job(1)), JobStatus::Succeeded, None);
    desk.write_all([end]);
    let told = entries(&reader(&desk));
    let subject = told[0].subject.as_deref().unwrap();
    assert!(subject.contains("not audited"), "{subject}");
    assert_eq!(told[1].operation, AuditOperation::End);
    assert_eq!(whole(&reader(&desk)), 2);
}

#[test]
fn a_trail_that_can_not_be_moved_stays_whole_and_holds_up_nothing_else() {
    let desk = Desk::with(rotating());
    fs::write(desk.path().join("audit"), "in the way").unwrap();
    (1..=20).for_each(|seq| live(&desk, seq));
    desk.wait_for_index();
    assert_eq!(whole(&reader(&desk)), 41);
    let folder = desk.closed();
    fs::remove_file(folder.path().join("audit")).unwrap();
    let desk = Desk::at(folder, rotating()).unwrap();
    wait_until(|| desk.path().join("audit/000001.jsonl").exists());
    assert_eq!(whole(&reader(&desk)), 41);
}
