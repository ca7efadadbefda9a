//! What is said of an input that has places for secrets.

use serde_json::Value;
use toolroom_shared::{InputProblem, SecretForm, each_secret};

use super::given::typed_in;

/// A problem for each secret of an input that was typed in once and isn't there any more.
pub fn gone_problems(input: &Value, schema: &Value) -> Vec<InputProblem> {
    let mut problems = Vec::new();
    // What is kept of an input holds no secret to be overwritten.
    each_secret(&mut input.clone(), schema, &mut |at, value| {
        if SecretForm::of(value) == SecretForm::Gone {
            let message = "What was typed in here is never kept. Type it in again, or choose a secret by its name.";
            problems.push(InputProblem::new(at, message));
        }
    });
    problems
}

/// Problems of an input, without the secrets that were typed into it.
pub fn unsaid(mut problems: Vec<InputProblem>, input: &Value, schema: &Value) -> Vec<InputProblem> {
    let typed = typed_in(input, schema);
    for problem in &mut problems {
        problem.message = typed.scrub_text(&problem.message).into_owned();
        problem.pointer = typed.scrub_text(&problem.pointer).into_owned();
    }
    problems
}
