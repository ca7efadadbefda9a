//! `toolroom run`: starts a tool with the input that was typed, and follows the job to its end.

use std::path::PathBuf;

use toolroom_engine::{JobApi, Registry};
use toolroom_shared::{AppError, Caller, StartOptions};

use crate::{arguments::RunRequest, follow};

/// Runs the job and prints its result. The exit code.
pub fn run(
    registry: Registry,
    data_dir: Option<PathBuf>,
    request: RunRequest,
) -> Result<u8, AppError> {
    let RunRequest {
        tool_name,
        input,
        json,
    } = request;
    follow::to_its_end(registry, data_dir, json, async |api: &dyn JobApi| {
        api.start(Caller::Terminal, &tool_name, input, StartOptions::default())
            .await
            .map_err(|error| with_flags(&error))
    })
}

/// A refused input, each problem at the flag where it is mended.
fn with_flags(error: &AppError) -> AppError {
    let problems = error.input_problems();
    if problems.is_empty() {
        return error.clone();
    }
    let lines: Vec<_> = problems
        .iter()
        .map(|problem| {
            let mut parts = problem.pointer.split('/').skip(1);
            match (parts.next(), parts.next()) {
                (None, _) => format!("  {}", problem.message),
                (Some(field), None) => {
                    format!("  --{}: {}", field.replace('_', "-"), problem.message)
                }
                (Some(field), Some(_)) => format!(
                    "  --{} ({}): {}",
                    field.replace('_', "-"),
                    problem.pointer,
                    problem.message
                ),
            }
        })
        .collect();
    AppError {
        message: format!("The input was not accepted.\n{}", lines.join("\n")),
        ..error.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolroom_shared::{ErrorCode, InputProblem};

    #[test]
    fn each_problem_stands_at_its_flag() {
        let problems = [
            InputProblem::new("", "As a whole."),
            InputProblem::new("/some_field", "At a field."),
            InputProblem::new("/some_field/0", "Within one."),
        ];
        assert_eq!(
            with_flags(&AppError::invalid_input(&problems)).message,
            "The input was not accepted.\n  As a whole.\n  --some-field: At a field.\n  \
             --some-field (/some_field/0): Within one."
        );
    }

    #[test]
    fn any_other_refusal_stays_as_it_is() {
        let full = AppError::new(ErrorCode::QueueFull, "The queue is full.");
        assert_eq!(with_flags(&full), full);
    }
}
