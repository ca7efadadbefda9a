//! The small integers that stand for statuses and their like on disk.
//!
//! They are never changed. Each is written by a `match` that must name every variant, and an
//! integer that nobody wrote is damage, not a panic.

use toolroom_shared::{Caller, CallerName, JobPriority, JobStatus, TransitionKind};

use super::error::StoreError;

pub(super) const fn status_code(status: JobStatus) -> i64 {
    match status {
        JobStatus::Queued => 0,
        JobStatus::Running => 1,
        JobStatus::Succeeded => 2,
        JobStatus::Failed => 3,
        JobStatus::Canceled => 4,
    }
}

pub(super) fn status(code: i64) -> Result<JobStatus, StoreError> {
    Ok(match code {
        0 => JobStatus::Queued,
        1 => JobStatus::Running,
        2 => JobStatus::Succeeded,
        3 => JobStatus::Failed,
        4 => JobStatus::Canceled,
        _ => return Err(unknown("status", code)),
    })
}

pub(super) const fn priority_code(priority: JobPriority) -> i64 {
    match priority {
        JobPriority::Low => 0,
        JobPriority::Normal => 1,
        JobPriority::High => 2,
    }
}

pub(super) fn priority(code: i64) -> Result<JobPriority, StoreError> {
    Ok(match code {
        0 => JobPriority::Low,
        1 => JobPriority::Normal,
        2 => JobPriority::High,
        _ => return Err(unknown("priority", code)),
    })
}

/// A caller as its kind and its name; the name is empty where there is one caller of the kind.
pub(super) fn caller_code(caller: &Caller) -> (i64, &str) {
    let kind = match caller {
        Caller::Window => 0,
        Caller::Terminal => 1,
        Caller::App => 2,
        Caller::Http { .. } => 3,
        Caller::Mcp { .. } => 4,
        Caller::Model { .. } => 5,
    };
    (kind, caller.name().map_or("", CallerName::as_str))
}

pub(super) fn caller(code: i64, name: &str) -> Result<Caller, StoreError> {
    let named = || {
        CallerName::new(name).map_err(|_| {
            StoreError::corrupt("a caller in the history has a name that none can have")
        })
    };
    let caller = match code {
        0 => Caller::Window,
        1 => Caller::Terminal,
        2 => Caller::App,
        3 => Caller::Http { name: named()? },
        4 => Caller::Mcp { name: named()? },
        5 => Caller::Model { name: named()? },
        _ => return Err(unknown("caller", code)),
    };
    if caller.name().is_none() && !name.is_empty() {
        return Err(StoreError::corrupt(
            "a caller in the history has a name and is of a kind without",
        ));
    }
    Ok(caller)
}

pub(super) const fn kind_code(kind: TransitionKind) -> i64 {
    match kind {
        TransitionKind::Queued => 0,
        TransitionKind::Started => 1,
        TransitionKind::Progress => 2,
        TransitionKind::CancelRequested => 3,
        TransitionKind::PauseRequested => 4,
        TransitionKind::Paused => 5,
        TransitionKind::Resumed => 6,
        TransitionKind::Moved => 7,
        TransitionKind::RetryScheduled => 8,
        TransitionKind::Requeued => 9,
        TransitionKind::Succeeded => 10,
        TransitionKind::Failed => 11,
        TransitionKind::Canceled => 12,
    }
}

pub(super) fn kind(code: i64) -> Result<TransitionKind, StoreError> {
    Ok(match code {
        0 => TransitionKind::Queued,
        1 => TransitionKind::Started,
        2 => TransitionKind::Progress,
        3 => TransitionKind::CancelRequested,
        4 => TransitionKind::PauseRequested,
        5 => TransitionKind::Paused,
        6 => TransitionKind::Resumed,
        7 => TransitionKind::Moved,
        8 => TransitionKind::RetryScheduled,
        9 => TransitionKind::Requeued,
        10 => TransitionKind::Succeeded,
        11 => TransitionKind::Failed,
        12 => TransitionKind::Canceled,
        _ => return Err(unknown("kind of change", code)),
    })
}

fn unknown(what: &str, code: i64) -> StoreError {
    StoreError::corrupt(format!("the history has a {what} of number {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreErrorKind;

    /// Every number up to the first that stands for nothing stands for what is written as it.
    fn assert_round<V: Copy>(
        read: fn(i64) -> Result<V, StoreError>,
        write: fn(V) -> i64,
        variants: i64,
    ) {
        for code in 0..variants {
            assert_eq!(write(read(code).unwrap()), code);
        }
        for unknown in [-1, variants, i64::MAX] {
            let error = read(unknown).err().unwrap();
            assert_eq!(error.kind, StoreErrorKind::Corrupt);
        }
    }

    #[test]
    fn every_number_stands_for_what_is_written_as_it_and_others_are_damage() {
        assert_round(status, status_code, 5);
        assert_round(priority, priority_code, 3);
        assert_round(kind, kind_code, 13);
    }

    #[test]
    fn a_caller_is_read_back_with_its_name_and_one_that_nobody_wrote_is_damage() {
        for text in [
            "window",
            "terminal",
            "app",
            "http:a",
            "mcp:b/c",
            "model:d:e",
        ] {
            let written: Caller = text.parse().unwrap();
            let (code, name) = caller_code(&written);
            assert_eq!(caller(code, name).unwrap(), written);
        }
        for (code, name) in [(-1, ""), (6, "a"), (3, ""), (3, "a b"), (0, "a")] {
            let error = caller(code, name).err().unwrap();
            assert_eq!(error.kind, StoreErrorKind::Corrupt, "{code} {name}");
        }
    }
}
