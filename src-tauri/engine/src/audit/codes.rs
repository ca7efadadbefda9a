//! The bytes that stand for operations and their like in an entry.
//!
//! They are never changed. Each is written by a `match` that must name every variant; a byte that
//! nobody wrote stands for nothing.

use toolroom_shared::{AuditDecision, AuditOperation, JobStatus};

pub const fn operation_code(operation: AuditOperation) -> u8 {
    match operation {
        AuditOperation::Begin => 1,
        AuditOperation::Start => 2,
        AuditOperation::Retry => 3,
        AuditOperation::End => 4,
        AuditOperation::Cancel => 5,
        AuditOperation::Pause => 6,
        AuditOperation::Resume => 7,
        AuditOperation::Reorder => 8,
        AuditOperation::Send => 9,
        AuditOperation::Read => 10,
        AuditOperation::Permission => 11,
        AuditOperation::Secret => 12,
        AuditOperation::Setting => 13,
        AuditOperation::History => 14,
    }
}

pub const fn operation(code: u8) -> Option<AuditOperation> {
    Some(match code {
        1 => AuditOperation::Begin,
        2 => AuditOperation::Start,
        3 => AuditOperation::Retry,
        4 => AuditOperation::End,
        5 => AuditOperation::Cancel,
        6 => AuditOperation::Pause,
        7 => AuditOperation::Resume,
        8 => AuditOperation::Reorder,
        9 => AuditOperation::Send,
        10 => AuditOperation::Read,
        11 => AuditOperation::Permission,
        12 => AuditOperation::Secret,
        13 => AuditOperation::Setting,
        14 => AuditOperation::History,
        _ => return None,
    })
}

pub const fn decision_code(decision: AuditDecision) -> u8 {
    match decision {
        AuditDecision::Allowed => 1,
        AuditDecision::Refused => 2,
        AuditDecision::Asked => 3,
    }
}

pub const fn decision(code: u8) -> Option<AuditDecision> {
    Some(match code {
        1 => AuditDecision::Allowed,
        2 => AuditDecision::Refused,
        3 => AuditDecision::Asked,
        _ => return None,
    })
}

pub const fn status_code(status: Option<JobStatus>) -> u8 {
    match status {
        None => 0,
        Some(JobStatus::Queued) => 1,
        Some(JobStatus::Running) => 2,
        Some(JobStatus::Succeeded) => 3,
        Some(JobStatus::Failed) => 4,
        Some(JobStatus::Canceled) => 5,
    }
}

pub const fn status(code: u8) -> Option<Option<JobStatus>> {
    Some(match code {
        0 => None,
        1 => Some(JobStatus::Queued),
        2 => Some(JobStatus::Running),
        3 => Some(JobStatus::Succeeded),
        4 => Some(JobStatus::Failed),
        5 => Some(JobStatus::Canceled),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_stands_for_what_is_written_as_it_or_for_nothing() {
        let (mut operations, mut decisions, mut statuses) = (0, 0, 0);
        for code in 0..=u8::MAX {
            operations += operation(code).map_or(0, |o| usize::from(operation_code(o) == code));
            decisions += decision(code).map_or(0, |d| usize::from(decision_code(d) == code));
            statuses += status(code).map_or(0, |s| usize::from(status_code(s) == code));
        }
        assert_eq!(operations, AuditOperation::ALL.len());
        assert_eq!(decisions, AuditDecision::ALL.len());
        assert_eq!(statuses, JobStatus::ALL.len() + 1);
    }
}
