//! What the audit trail says, in words.

use toolroom_shared::{AuditDecision, AuditOperation, AuditRecord, AuditReport, Caller};

use crate::format;

/// What was done, as a list of choices and a table name it.
#[must_use]
pub const fn operation(operation: AuditOperation) -> &'static str {
    match operation {
        AuditOperation::Begin => "trail begun",
        AuditOperation::Start => "start",
        AuditOperation::Retry => "run again",
        AuditOperation::End => "end",
        AuditOperation::Cancel => "cancel",
        AuditOperation::Pause => "pause",
        AuditOperation::Resume => "resume",
        AuditOperation::Reorder => "reorder",
        AuditOperation::Send => "message",
        AuditOperation::Read => "read",
        AuditOperation::Permission => "permission",
        AuditOperation::Secret => "secret",
        AuditOperation::Setting => "setting",
        AuditOperation::History => "history",
    }
}

/// The look of a decision's pill.
#[must_use]
pub const fn tone(decision: AuditDecision) -> &'static str {
    match decision {
        AuditDecision::Allowed => "good",
        AuditDecision::Refused => "bad",
        AuditDecision::Asked => "warn",
    }
}

/// Who it was, as people read it.
#[must_use]
pub fn caller(text: &str) -> String {
    let known = text.parse::<Caller>();
    let label = known.map_or_else(|_| text.to_owned(), |caller| caller.label());
    label.strip_prefix("the ").unwrap_or(&label).to_owned()
}

/// What an entry is about, in a few words: its subject, how the job stood, what went wrong.
#[must_use]
pub fn about(entry: &AuditRecord) -> String {
    let status = entry.status.map(|status| status.as_str().to_lowercase());
    let code = entry.code.as_ref().map(|code| code.as_str().to_owned());
    let parts = [entry.subject.clone(), status, code];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What a check has found.
#[must_use]
pub fn report(report: &AuditReport) -> String {
    let entries = |count: u64| match count {
        1 => "1 entry".to_owned(),
        _ => format!("{} entries", format::count(count)),
    };
    match &report.fault {
        None => format!(
            "The trail is whole: {}, each as it was written.",
            entries(report.checked)
        ),
        Some(fault) => format!(
            "The trail is not whole. {} What comes before it ({}) is as it was written.",
            fault.message,
            entries(report.checked)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolroom_shared::AuditFault;

    #[test]
    fn callers_are_named_as_people_know_them_and_what_is_unknown_stays_as_it_is() {
        assert_eq!(caller("window"), "window");
        assert_eq!(caller("http:desk"), "HTTP client desk");
        assert_eq!(caller("later:x"), "later:x");
    }

    #[test]
    fn a_report_says_whether_the_trail_is_whole() {
        let mut found = AuditReport {
            checked: 1_200,
            last: 1_200,
            hash: "ab".into(),
            fault: None,
        };
        assert_eq!(
            report(&found),
            "The trail is whole: 1,200 entries, each as it was written."
        );
        found.checked = 1;
        found.fault = Some(AuditFault {
            number: 2,
            message: "Entry 2 is missing.".into(),
        });
        assert_eq!(
            report(&found),
            "The trail is not whole. Entry 2 is missing. What comes before it (1 entry) is as it was written."
        );
    }
}
