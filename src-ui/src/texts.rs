//! The words on screen that more than one place needs or that are put together.
//!
//! What a single view says once stands in that view. Names of tools, fields and statuses come
//! from the contract.

use toolroom_ipc::IpcError;
use toolroom_shared::AppError;

/// The app's name.
pub const APP: &str = "Toolroom";
/// On the button that repeats a failed call.
pub const TRY_AGAIN: &str = "Try again";
/// On the button that starts a job with an earlier one's input.
pub const RUN_AGAIN: &str = "Run again";
/// On the button that ends a job.
pub const CANCEL: &str = "Cancel";
/// While a job has been asked to end and has not ended yet.
pub const CANCELING: &str = "canceling…";
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
