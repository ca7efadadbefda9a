//! What is said when a secret can't be had.

use toolroom_shared::{AppError, ErrorCode, SecretName};

/// A secret that was typed in isn't there any more.
#[must_use]
pub fn secret_gone() -> AppError {
    AppError::new(
        ErrorCode::SecretGone,
        "A secret that was typed in is never kept, and so it is gone. Start the tool anew and type it in again, or keep it under a name first: toolroom secret set NAME.",
    )
}

/// No secret has this name.
#[must_use]
pub fn unknown_secret(name: &SecretName) -> AppError {
    AppError::new(
        ErrorCode::UnknownSecret,
        format!(
            "There is no secret named {name}. Keep one under that name with: toolroom secret set {name}. Those there are: toolroom secret list."
        ),
    )
}

/// The place where secrets are kept can't be used; `what` is a sentence that says why and what to do.
#[must_use]
pub fn secret_store(what: impl Into<String>) -> AppError {
    AppError::new(ErrorCode::SecretStore, what)
}
