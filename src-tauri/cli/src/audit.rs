//! `toolroom audit`: shows, checks and exports the audit trail, also while another process runs the
//! engine.

use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use serde_json::{Value, json};
use toolroom_engine::AuditReader;
use toolroom_shared::{AppError, AuditPage, AuditQuery, AuditRecord, AuditReport, ErrorCode};

use crate::{arguments::AuditRequest, render, times};

/// How many entries can be asked for at once.
const A_PAGE: u32 = 500;
const BROKEN: u8 = 1;

/// Does what was asked for. The exit code.
///
/// # Errors
/// When the trail or a file can't be read or written, or a query not understood.
pub fn audit(data_dir: Option<PathBuf>, request: AuditRequest) -> Result<u8, AppError> {
    let reader = || toolroom_app::audit_trail(data_dir);
    match request {
        AuditRequest::Show { query, limit, json } => {
            let entries = match reader()? {
                Some(reader) => find(query, limit, |query| reader.page(query))?,
                None => Vec::new(),
            };
            render::print(&if json {
                render::json(&entries)?
            } else {
                text(&entries)
            });
            Ok(0)
        }
        AuditRequest::Verify { file, json } => verify(reader, file.as_deref(), json),
        AuditRequest::Export { file } => {
            let reader = reader()?.ok_or_else(|| {
                let message = "Nothing has been done here yet, so there is no audit trail. Nothing was written.";
                AppError::new(ErrorCode::WrongState, message)
            })?;
            let entries = reader.export(&file)?;
            render::print(&format!(
                "{entries} entries were written. `toolroom audit verify --file {}` checks them.",
                file.display()
            ));
            Ok(0)
        }
    }
}

fn verify(
    reader: impl FnOnce() -> Result<Option<AuditReader>, AppError>,
    file: Option<&Path>,
    json: bool,
) -> Result<u8, AppError> {
    // Draws nothing where standard error is no terminal.
    let bar = ProgressBar::new(0);
    let mut progress = |checked, total| {
        bar.set_length(total);
        bar.set_position(checked);
    };
    let report = match file {
        Some(file) => AuditReader::verify_file(file, &mut progress),
        None => match reader()? {
            Some(reader) => reader.verify(&mut progress),
            None => {
                render::print("Nothing has been done here yet, so there is no audit trail.");
                return Ok(0);
            }
        },
    };
    bar.finish_and_clear();
    let report = report?;
    render::print(&if json {
        render::json(&report)?
    } else {
        found(&report)
    });
    Ok(if report.fault.is_some() { BROKEN } else { 0 })
}

/// Asks page by page until there are as many as were asked for.
fn find(
    mut query: AuditQuery,
    limit: u32,
    ask: impl Fn(&AuditQuery) -> Result<AuditPage, AppError>,
) -> Result<Vec<AuditRecord>, AppError> {
    let mut entries = Vec::new();
    loop {
        let so_far = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        if so_far >= limit {
            return Ok(entries);
        }
        query.limit = Some((limit - so_far).min(A_PAGE));
        let page = ask(&query)?;
        entries.extend(page.entries);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return Ok(entries);
        }
    }
}

fn text(entries: &[AuditRecord]) -> String {
    if entries.is_empty() {
        return "No entry of the audit trail matches.".to_owned();
    }
    let rows: Vec<_> = entries.iter().map(row).collect();
    render::table(&rows)
}

fn row(entry: &AuditRecord) -> Value {
    json!({
        "number": entry.number,
        "at": times::full(&entry.at),
        "caller": entry.caller,
        "operation": entry.operation,
        "tool": entry.tool_name,
        "job": entry.job_id,
        "decision": entry.decision,
        "status": entry.status.map(|status| status.as_str()),
        "code": entry.code,
        "subject": entry.subject,
    })
}

fn found(report: &AuditReport) -> String {
    match &report.fault {
        None => format!(
            "The audit trail is whole: {} entries, each as it was written. The last is entry {} with the hash\n{}\nKeep that elsewhere to tell later that nothing up to there was written anew.",
            report.checked, report.last, report.hash
        ),
        Some(fault) => format!(
            "The audit trail is not whole. {} The {} entries that were checked before are as they were written.",
            fault.message, report.checked
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use toolroom_shared::{AuditDecision, AuditFault, AuditOperation};

    fn entry(number: u64) -> AuditRecord {
        AuditRecord {
            number,
            at: "2026-03-04T05:06:07.890Z".into(),
            caller: "terminal".into(),
            operation: AuditOperation::Secret,
            tool_name: None,
            job_id: None,
            input_digest: None,
            decision: AuditDecision::Allowed,
            status: None,
            code: None,
            subject: Some("TOKEN".into()),
            hash: String::new(),
        }
    }

    #[test]
    fn as_many_as_are_asked_for_are_found_over_pages_of_which_some_are_empty() {
        for (limit, found, pages) in [(3, 3, 2), (1_200, 1_000, 5), (500, 500, 2)] {
            let asked = RefCell::new(0);
            let entries = find(AuditQuery::default(), limit, |query| {
                *asked.borrow_mut() += 1;
                let before = query
                    .cursor
                    .as_ref()
                    .map_or(2_001, |at| at.parse().unwrap());
                // Only the lower half of them matches, and so many are looked through at once.
                let looked_at = before - 1_000.min(before - 1)..before;
                let matching = looked_at.rev().filter(|number| *number <= 1_000);
                let entries: Vec<_> = matching
                    .map(entry)
                    .take(query.limit.unwrap() as usize)
                    .collect();
                let last = entries
                    .last()
                    .map_or(before - 1_000.min(before - 1), |e| e.number);
                Ok(AuditPage {
                    entries,
                    next_cursor: (last > 1).then(|| last.to_string()),
                })
            });
            assert_eq!(entries.unwrap().len(), found, "{limit}");
            assert!(asked.into_inner() <= pages, "{limit}");
        }
    }

    #[test]
    fn a_table_shows_what_there_is_to_say() {
        let table = "number  at                       caller    operation  decision  subject\n\
                     5       2026-03-04 05:06:07 UTC  terminal  secret     allowed   TOKEN";
        assert_eq!(text(&[entry(5)]), table);
        assert_eq!(text(&[]), "No entry of the audit trail matches.");
    }

    #[test]
    fn a_broken_trail_is_told_with_the_place() {
        let mut report = AuditReport {
            checked: 16,
            last: 16,
            hash: "ab".into(),
            fault: None,
        };
        assert!(found(&report).starts_with("The audit trail is whole: 16 entries"));
        report.fault = Some(AuditFault {
            number: 17,
            message: "Entry 17 is missing (in the database).".into(),
        });
        assert_eq!(
            found(&report),
            "The audit trail is not whole. Entry 17 is missing (in the database). The 16 entries \
             that were checked before are as they were written."
        );
    }
}
