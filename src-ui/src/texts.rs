//! The words on screen that more than one place needs or that are put together.
//!
//! What a single view says once stands in that view. Names of tools, fields and statuses come
//! from the contract.

use toolroom_ipc::IpcError;
use toolroom_shared::{AppError, ErrorCode, JobId};

use crate::format;

/// The app's name.
pub const APP: &str = "Toolroom";
/// The name of all settings together.
pub const SETTINGS: &str = "Settings";
/// Of a call that was made again and again.
pub const NO_ANSWER: &str = "It was asked four times and has not answered.";
/// After a fault of the page itself.
pub const LOADED_ANEW: &str =
    "The page had a fault and was loaded anew. Jobs went on; what stood in a form is gone.";
/// On the button that repeats a failed call.
pub const TRY_AGAIN: &str = "Try again";
/// On the button that takes back what was just done.
pub const UNDO: &str = "Undo";
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
/// In place of a small picture.
pub const NO_PREVIEW: &str = "It is no picture of a kind that can be shown here.";
/// Of a job that was ended before it was done, with some output.
pub const PARTIAL: &str = "Partial: what was done is kept.";
/// Of a field for JSON that holds something else.
pub const NOT_JSON: &str = "This can't be read as JSON.";
/// For an optional field that is left to the tool.
pub const NOT_SET: &str = "Not set";
/// Below the presets of a tool that takes secrets.
pub const PRESETS_WITHOUT_SECRETS: &str =
    "What is typed into a secret field isn't kept in a preset; the name of a kept secret is.";
/// On the button that copies the line for a terminal.
pub const COPY_AS_COMMAND: &str = "Copy as command";
/// Of a row that needs a name and has none.
pub const NAMELESS: &str = "Give each entry a name.";

/// Of a field for a number that holds something else.
#[must_use]
pub const fn not_a_number(integer: bool) -> &'static str {
    if integer {
        "Enter a whole number."
    } else {
        "Enter a number."
    }
}

/// Of a name that more than one row has.
#[must_use]
pub fn named_twice(name: &str) -> String {
    format!("Two entries are called {name}. Give one of them another name.")
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

/// When nothing that is selected has ended.
pub const NOTHING_TO_RUN_AGAIN: &str = "Nothing here has ended yet.";

/// That so many secrets of an input have to be given anew.
#[must_use]
pub fn secrets_left_out(count: usize) -> String {
    match count {
        1 => "The secret isn't kept with a job: give it again.".to_owned(),
        count => format!("{count} secrets aren't kept with a job: give them again."),
    }
}

/// That so many jobs were started once more.
#[must_use]
pub fn started_again(count: u32) -> String {
    format!("{} started again.", jobs(count, false))
}

/// That so many jobs are more than are run again in one go.
#[must_use]
pub fn too_many_to_run_again(count: u32, most: u32) -> String {
    format!(
        "{} are too many to run again in one go. Select at most {most}.",
        jobs(count, false)
    )
}

/// What was done, and that some of it failed.
#[must_use]
pub fn with_failures(said: &str, failed: u32, reason: &str) -> String {
    format!(
        "{said} {} could not be: {reason}",
        format::count(u64::from(failed))
    )
}

/// That so many jobs were asked to end.
#[must_use]
pub fn canceled(count: u32) -> String {
    match count {
        0 => NOTHING_TO_CANCEL.to_owned(),
        _ => format!("{} canceled.", jobs(count, false)),
    }
}

/// How many jobs are unfinished.
#[must_use]
pub fn unfinished(count: u32) -> String {
    match count {
        1 => "1 job is unfinished".to_owned(),
        _ => format!("{} are unfinished", jobs(count, false)),
    }
}

/// That some of the paths that were chosen or dropped could not be had; nothing if all were.
#[must_use]
pub fn left_out(count: u32) -> Option<String> {
    match count {
        0 => None,
        1 => Some(
            "One of them could not be taken: its name is no text, or it is on no disk.".to_owned(),
        ),
        _ => Some(format!(
            "{} of them could not be taken: their names are no text, or they are on no disk.",
            format::count(u64::from(count))
        )),
    }
}

/// Asks for a tool for these paths.
#[must_use]
pub fn what_shall_be_done(paths: &[String]) -> String {
    match paths {
        [one] => {
            let inside = one.trim_end_matches(['/', '\\']);
            let name = inside.rsplit(['/', '\\']).next().unwrap_or(one);
            format!("What shall be done with {name}?")
        }
        many => format!(
            "What shall be done with these {} files and folders?",
            format::count(many.len() as u64)
        ),
    }
}
