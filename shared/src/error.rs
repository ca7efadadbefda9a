//! What goes wrong, in a form that programs branch on and people read.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What kind of thing went wrong. Clients branch on this and never on the message.
///
/// On the wire a snake_case string. The list is open: a tool's own codes are [`ErrorCode::Tool`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "specta", specta(type = String))]
#[serde(from = "String", into = "String")]
pub enum ErrorCode {
    /// No tool has that name.
    UnknownTool,
    /// The input doesn't fit the tool; `details.problems` lists the [`InputProblem`]s.
    InvalidInput,
    /// No job has that id.
    UnknownJob,
    /// A query, cursor or option that can't be understood.
    InvalidQuery,
    /// An idempotency key that was used before for another tool or input.
    IdempotencyConflict,
    /// The queue has no room.
    QueueFull,
    /// The job took longer than it may.
    Timeout,
    /// The tool broke off in a way that it should not.
    Panic,
    /// The engine stopped while the job ran.
    Interrupted,
    /// A job with the same input is unfinished, and the tool takes only one at a time.
    DuplicateInput,
    /// The job is not in a state in which this can be done to it.
    WrongState,
    /// Another process runs the engine of this data folder.
    EngineBusy,
    /// The history could not be read or written.
    Storage,
    /// The app is closing and takes nothing new.
    ShuttingDown,
    /// A file, folder or disk refused.
    Io,
    /// The work is done, but its result could not be written down.
    ArtifactNotWritten,
    /// What should be written is there already.
    AlreadyExists,
    /// A path leads out of the folders that the job may use.
    PathNotAllowed,
    /// The caller, or the tool, may not do this.
    PermissionDenied,
    /// A person was asked whether this may be done, and hasn't answered yet; `details.question_id`
    /// says which question it is.
    PermissionAsked,
    /// Asked too often; `details.retry_after_seconds` says how long to wait.
    RateLimited,
    /// The folder where everything is kept can't be used.
    DataFolder,
    /// A client was made for another version of the contract.
    ContractMismatch,
    /// A secret that was typed into an input isn't there any more: such are never kept.
    SecretGone,
    /// No secret has that name.
    UnknownSecret,
    /// There is no keyring to keep a secret in, and the person hasn't agreed to a file.
    NoKeyring,
    /// No preset of that tool has that name.
    UnknownPreset,
    /// The place where secrets are kept can't be used.
    SecretStore,
    /// The input is larger than the tool takes.
    InputTooLarge,
    /// More files are open at once than may be.
    TooManyFiles,
    /// The job's large output was removed to make room for others.
    OutputRemoved,
    /// A fault in Toolroom itself.
    Internal,
    /// A tool's own code.
    Tool(String),
}

impl ErrorCode {
    const KNOWN: [Self; 32] = [
        Self::UnknownTool,
        Self::InvalidInput,
        Self::UnknownJob,
        Self::InvalidQuery,
        Self::IdempotencyConflict,
        Self::QueueFull,
        Self::Timeout,
        Self::Panic,
        Self::Interrupted,
        Self::DuplicateInput,
        Self::WrongState,
        Self::EngineBusy,
        Self::Storage,
        Self::ShuttingDown,
        Self::Io,
        Self::ArtifactNotWritten,
        Self::AlreadyExists,
        Self::PathNotAllowed,
        Self::PermissionDenied,
        Self::PermissionAsked,
        Self::RateLimited,
        Self::DataFolder,
        Self::ContractMismatch,
        Self::SecretGone,
        Self::UnknownSecret,
        Self::NoKeyring,
        Self::UnknownPreset,
        Self::SecretStore,
        Self::InputTooLarge,
        Self::TooManyFiles,
        Self::OutputRemoved,
        Self::Internal,
    ];

    /// The code as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::UnknownTool => "unknown_tool",
            Self::InvalidInput => "invalid_input",
            Self::UnknownJob => "unknown_job",
            Self::InvalidQuery => "invalid_query",
            Self::IdempotencyConflict => "idempotency_conflict",
            Self::QueueFull => "queue_full",
            Self::Timeout => "timeout",
            Self::Panic => "panic",
            Self::Interrupted => "interrupted",
            Self::DuplicateInput => "duplicate_input",
            Self::WrongState => "wrong_state",
            Self::EngineBusy => "engine_busy",
            Self::Storage => "storage",
            Self::ShuttingDown => "shutting_down",
            Self::Io => "io_error",
            Self::ArtifactNotWritten => "artifact_not_written",
            Self::AlreadyExists => "already_exists",
            Self::PathNotAllowed => "path_not_allowed",
            Self::PermissionDenied => "permission_denied",
            Self::PermissionAsked => "permission_asked",
            Self::RateLimited => "rate_limited",
            Self::DataFolder => "data_folder",
            Self::ContractMismatch => "contract_mismatch",
            Self::SecretGone => "secret_gone",
            Self::UnknownSecret => "unknown_secret",
            Self::NoKeyring => "no_keyring",
            Self::UnknownPreset => "unknown_preset",
            Self::SecretStore => "secret_store",
            Self::InputTooLarge => "input_too_large",
            Self::TooManyFiles => "too_many_files",
            Self::OutputRemoved => "output_removed",
            Self::Internal => "internal",
            Self::Tool(code) => code,
        }
    }
}

impl From<String> for ErrorCode {
    fn from(text: String) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|code| code.as_str() == text)
            .unwrap_or(Self::Tool(text))
    }
}

impl From<ErrorCode> for String {
    fn from(code: ErrorCode) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that went wrong, as every door reports it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AppError {
    /// What kind of thing went wrong.
    pub code: ErrorCode,
    /// A sentence for people: what happened, what was kept, what to do.
    pub message: String,
    /// More for programs; its shape depends on the code, null where there is nothing to add.
    pub details: Value,
    /// Whether the same request may succeed later.
    pub retryable: bool,
}

impl AppError {
    /// An error without details that trying again won't mend.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: Value::Null,
            retryable: false,
        }
    }

    /// The same error, marked as one that may pass.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// The refusal of an input, with what is wrong at which field.
    #[must_use]
    pub fn invalid_input(problems: &[InputProblem]) -> Self {
        let message = match problems {
            [one] => format!("The input was not accepted. {}", one.sentence()),
            many => format!(
                "The input was not accepted: {} fields need attention. {}",
                many.len(),
                many.iter()
                    .map(InputProblem::sentence)
                    .collect::<Vec<_>>()
                    .join(" ")
            ),
        };
        Self {
            details: json!({ "problems": problems }),
            ..Self::new(ErrorCode::InvalidInput, message)
        }
    }

    /// What is wrong at which field, if this is the refusal of an input.
    #[must_use]
    pub fn input_problems(&self) -> Vec<InputProblem> {
        self.details
            .get("problems")
            .and_then(|problems| serde_json::from_value(problems.clone()).ok())
            .unwrap_or_default()
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for AppError {}

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct InputProblem {
    /// The field, as a JSON Pointer (RFC 6901) into the input; empty for the input as a whole.
    pub pointer: String,
    /// A sentence that says what to change.
    pub message: String,
}

impl InputProblem {
    /// A problem at the field that `pointer` names.
    #[must_use]
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
        }
    }

    /// The problem with its field named, for places that can't point at the field.
    #[must_use]
    pub fn sentence(&self) -> String {
        if self.pointer.is_empty() {
            self.message.clone()
        } else {
            format!("{}: {}", self.pointer, self.message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_code_survives_the_wire(text in "[a-z_]{1,24}") {
            let code = ErrorCode::from(text.clone());
            let back: ErrorCode = serde_json::from_str(&serde_json::to_string(&code).unwrap()).unwrap();
            prop_assert_eq!(back.as_str(), text);
            prop_assert_eq!(back, code);
        }
    }

    #[test]
    fn every_known_code_is_read_back_as_itself_and_not_as_a_tools_own() {
        for code in ErrorCode::KNOWN {
            assert_eq!(ErrorCode::from(code.as_str().to_owned()), code);
        }
    }

    #[test]
    fn a_refused_input_keeps_its_problems() {
        let problems = vec![
            InputProblem::new("/paths", "Choose at least one file or folder."),
            InputProblem::new("/threads", "Must be between 1 and 16."),
        ];
        let error = AppError::invalid_input(&problems);
        assert_eq!(error.input_problems(), problems);
        assert!(
            error
                .message
                .contains("/threads: Must be between 1 and 16.")
        );
    }
}
