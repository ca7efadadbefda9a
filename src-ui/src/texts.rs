//! The words on screen that more than one place needs or that are put together.
//!
//! What a single view says once stands in that view. Names of tools, fields and statuses come
//! from the contract.

use toolroom_ipc::IpcError;
use toolroom_shared::{AppError, ErrorCode, JobId};

use crate::format;

/// The app's name.
pub const APP: &str = "Toolroom";
/// After a fault of the page itself.
pub const LOADED_ANEW: &str =
    "The page had a fault and was loaded anew. Jobs went on; what stood in a form is gone.";
/// On the button that repeats a failed call.
pub const TRY_AGAIN: &str = "Try again";
/// On the button that starts a job with an earlier one's input.
pub const RUN_AGAIN: &str = "Run again";
/// On the button that holds a job back.
pub const PAUSE: &str = "Pause";
/// On the button that lets a job go on.
pub const RESUME: &str = "Resume";
/// On the link to a job that stands in the way of another.
pub const SHOW_THAT_JOB: &str = "Show that job";
/// Of an output that isn't what the backend promised.
pub const UNREADABLE_RESULT: &str =
    "The result is not what the app said it was. It may have been changed on disk.";
/// When everything has ended before it could be canceled.
pub const NOTHING_TO_CANCEL: &str = "Nothing here is unfinished any more.";
/// On the button that ends a job.
pub const CANCEL: &str = "Cancel";
/// While a job has been asked to end and has not ended yet.
pub const CANCELING: &str = "canceling…";
/// While a job goes on to its next checkpoint, to be held back there.
pub const PAUSING: &str = "pausing…";
/// Of a job that is held back.
pub const PAUSED: &str = "paused";
/// Of a job that failed and is tried again later.
pub const RETRYING: &str = "waiting to retry";
/// On the button that brings more of a list.
pub const SHOW_MORE: &str = "Show more";
/// Of a job that was ended before it was done, with some output.
pub const PARTIAL: &str = "Partial: what was done is kept.";
/// Of a field for JSON that holds something else.
pub const NOT_JSON: &str = "This can't be read as JSON.";
/// For an optional field that is left to the tool.
pub const NOT_SET: &str = "Not set";

/// Of a field for a number that holds something else.
#[must_use]
pub const fn not_a_number(integer: bool) -> &'static str {
    if integer {
        "Enter a whole number."
    } else {
        "Enter a number."
    }
}

/// A message about one row of a list.
#[must_use]
pub fn in_row(index: usize, message: &str) -> String {
    format!("Row {}: {message}", index + 1)
}

/// Why a call failed, as a sentence without its code.
#[must_use]
pub fn failure(error: &IpcError<AppError>) -> String {
    match error {
        IpcError::Command(error) => error.message.clone(),
        other => other.to_string(),
    }
}

/// The job that stands in the way of what was asked for, if that is why it failed.
#[must_use]
pub fn job_in_the_way(error: &IpcError<AppError>) -> Option<JobId> {
    let IpcError::Command(error) = error else {
        return None;
    };
    let id = error.details.get("job_id")?.as_str()?;
    (error.code == ErrorCode::DuplicateInput).then(|| JobId(id.to_owned()))
}

/// So many jobs, of those that a search counts no further than a thousand.
#[must_use]
pub fn jobs(count: u32, searched: bool) -> String {
    match count {
        1 => "1 job".to_owned(),
        1_000.. if searched => "1,000 or more jobs".to_owned(),
        _ => format!("{} jobs", format::count(u64::from(count))),
    }
}

/// That so many jobs were asked to end.
#[must_use]
pub fn canceled(count: u32) -> String {
    match count {
        0 => NOTHING_TO_CANCEL.to_owned(),
        _ => format!("{} canceled.", jobs(count, false)),
    }
}
