//! Small work with files, where it holds up nothing else.

use toolroom_shared::{AppError, ErrorCode};

/// Does the work on a thread that may wait for the disk, and waits for its end.
///
/// # Errors
/// What the work fails with; `internal`, if it broke off.
pub async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    // joined: right here
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(_) => Err(AppError::new(
            ErrorCode::Internal,
            "Toolroom broke off because of a fault in it. Please report it.",
        )),
    }
}
