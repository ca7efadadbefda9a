//! Checks an input against a tool's schema, before the tool's own types see it.
//!
//! All problems are found at once, each with a JSON Pointer, so that a form can mark every field.
//! How a violation reads as a sentence is `input_problem`'s business.

use jsonschema::{Validator, error::ValidationErrorKind};
use serde_json::Value;
use toolroom_shared::InputProblem;

use crate::input_problem::from_violation;

/// A tool's schema can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError(pub String);

impl std::fmt::Display for SchemaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SchemaError {}

/// A tool's schema, ready to check inputs with.
#[derive(Debug)]
pub struct InputChecker {
    validator: Validator,
}

impl InputChecker {
    /// Reads a schema.
    ///
    /// # Errors
    /// When the schema is not one, or refers to what it doesn't hold.
    pub fn new(schema: &Value) -> Result<Self, SchemaError> {
        // What a text says it is (a day, an address) is checked too, as far as that is known.
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(schema)
            .map_err(|error| SchemaError(error.to_string()))?;
        Ok(Self { validator })
    }

    /// What is wrong with an input; nothing if it fits. One problem a field, in the order of
    /// the schema.
    #[must_use]
    pub fn problems(&self, input: &Value) -> Vec<InputProblem> {
        let mut problems: Vec<InputProblem> = Vec::new();
        // Much cheaper than looking for violations, and what most inputs are.
        if self.validator.is_valid(input) {
            return problems;
        }
        for violation in self.validator.iter_errors(input) {
            let found = match violation.kind() {
                ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
                    .iter()
                    .map(|name| unknown_field(violation.instance_path().as_str(), name))
                    .collect(),
                _ => vec![from_violation(&violation)],
            };
            for problem in found {
                if !problems
                    .iter()
                    .any(|known| known.pointer == problem.pointer)
                {
                    problems.push(problem);
                }
            }
        }
        problems
    }
}

fn unknown_field(at: &str, name: &str) -> InputProblem {
    let escaped = name.replace('~', "~0").replace('/', "~1");
    InputProblem::new(
        format!("{at}/{escaped}"),
        "There is no such field. Check its spelling or leave it out.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use schemars::JsonSchema;
    use serde::Deserialize;
    use serde_json::json;

    /// How.
    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum Way {
        /// Quickly.
        Fast,
        /// With care.
        Slow,
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Input {
        #[schemars(length(min = 1))]
        paths: Vec<String>,
        #[serde(default)]
        way: Option<Way>,
        #[schemars(range(min = 1, max = 16))]
        threads: Option<u8>,
    }

    fn problems(input: Value) -> Vec<(String, String)> {
        let checker = InputChecker::new(&schemars::schema_for!(Input).to_value()).unwrap();
        checker
            .problems(&input)
            .into_iter()
            .map(|problem| (problem.pointer, problem.message))
            .collect()
    }

    fn one(pointer: &str, message: &str) -> Vec<(String, String)> {
        vec![(pointer.to_owned(), message.to_owned())]
    }

    #[test]
    fn a_missing_field_is_named_itself_and_not_its_parent() {
        assert_eq!(problems(json!({})), one("/paths", "This is needed."));
    }

    #[test]
    fn bounds_are_said_in_words() {
        assert_eq!(
            problems(json!({"paths": ["a"], "threads": 64})),
            one("/threads", "Must be at most 16.")
        );
        assert_eq!(
            problems(json!({"paths": []})),
            one("/paths", "Needs at least 1 entry.")
        );
    }

    #[test]
    fn a_text_that_is_not_what_it_should_be_is_said_with_an_example() {
        let schema = json!({"properties": {
            "day": {"type": "string", "format": "date"},
            "page": {"type": "string", "format": "uri"},
            "file": {"type": "string", "format": "path"},
        }});
        let checker = InputChecker::new(&schema).unwrap();
        let input = json!({"day": "tomorrow", "page": "over there", "file": "any"});
        let said: Vec<_> = checker
            .problems(&input)
            .into_iter()
            .map(|p| p.message)
            .collect();
        assert_eq!(
            said,
            [
                "Must be a day, such as 2026-11-22.",
                "Must be a whole address, such as https://example.org/page.",
            ]
        );
    }

    #[test]
    fn a_choice_lists_what_there_is() {
        assert_eq!(
            problems(json!({"paths": ["a"], "way": "medium"})),
            one("/way", "Must be one of: fast, slow.")
        );
    }

    #[test]
    fn a_wrong_type_is_said_with_the_right_one_at_its_place() {
        assert_eq!(
            problems(json!({"paths": ["a", 7]})),
            one("/paths/1", "Must be text.")
        );
        assert_eq!(
            problems(json!([])),
            one("", "Must be an object with fields.")
        );
    }

    #[test]
    fn an_unknown_field_is_pointed_at_even_when_its_name_needs_escaping() {
        assert_eq!(
            problems(json!({"paths": ["a"], "a/b~c": 1})),
            one(
                "/a~1b~0c",
                "There is no such field. Check its spelling or leave it out."
            )
        );
    }

    #[test]
    fn all_problems_are_found_at_once() {
        let found = problems(json!({"threads": 0, "way": 3}));
        let pointers: Vec<_> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers.len(), 3);
        for pointer in ["/paths", "/way", "/threads"] {
            assert!(pointers.contains(&pointer), "{pointer} in {pointers:?}");
        }
    }

    proptest! {
        #[test]
        fn what_the_checker_lets_through_decodes(
            paths in proptest::collection::vec("[a-z/]{0,8}", 0..4),
            threads in proptest::option::of(-5i64..300),
            way in proptest::option::of("fast|slow|else"),
        ) {
            let input = json!({"paths": paths, "threads": threads, "way": way});
            if problems(input.clone()).is_empty() {
                prop_assert!(serde_json::from_value::<Input>(input).is_ok());
            }
        }
    }
}
