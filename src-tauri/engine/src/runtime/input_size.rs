//! How large an input may be: counted without writing it down, and only as far as needed.

use std::io;

use serde_json::Value;
use toolroom_shared::{AppError, ErrorCode, ToolDefinition};

/// Refuses an input that is larger than its tool takes.
///
/// # Errors
/// `input_too_large`.
pub fn check(tool: &ToolDefinition, input: &Value) -> Result<(), AppError> {
    let most = tool.limits.most_input_bytes();
    let mut room = Room(most as usize);
    if serde_json::to_writer(&mut room, input).is_ok() {
        return Ok(());
    }
    let message = format!(
        "The input for {} has more than {most} bytes, which is the most that it takes. Nothing was started. Give it in parts, or name a file or a folder in place of many.",
        tool.title
    );
    let mut error = AppError::new(ErrorCode::InputTooLarge, message);
    error.details = serde_json::json!({ "most_bytes": most });
    Err(error)
}

/// Takes this many bytes, and keeps none.
struct Room(usize);

impl io::Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.0.checked_sub(bytes.len());
        self.0 = left.ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    proptest! {
        #[test]
        fn exactly_as_many_bytes_as_there_is_room_for_are_taken(
            text in "\\PC{0,40}", less in 0usize..4
        ) {
            let value = Value::String(text);
            let bytes = value.to_string().len();
            let fits = |room| serde_json::to_writer(&mut Room(room), &value).is_ok();
            prop_assert!(fits(bytes + less));
            prop_assert!(!fits(bytes - 1 - less.min(bytes - 1)));
            Room(0).flush().unwrap();
        }
    }
}
