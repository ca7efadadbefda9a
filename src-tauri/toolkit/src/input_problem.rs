//! Turns what a validator or a decoder found into a pointer and a sentence for people.

use jsonschema::{
    ValidationError,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;
use toolroom_shared::InputProblem;

/// The sentence for a schema violation, at the field where it should be mended.
pub(crate) fn from_violation(violation: &ValidationError<'_>) -> InputProblem {
    let at = violation.instance_path().as_str();
    if let Kind::AnyOf { context } | Kind::OneOfNotValid { context } = violation.kind() {
        return from_alternatives(at, context);
    }
    if let Kind::Required { property } = violation.kind() {
        let name = property.as_str().unwrap_or_default();
        let escaped = name.replace('~', "~0").replace('/', "~1");
        return InputProblem::new(format!("{at}/{escaped}"), "This is needed.");
    }
    InputProblem::new(at, sentence(violation))
}

/// Of several alternatives none fits: a list of choices if that's what they are, else the
/// problem of the alternative that came closest.
fn from_alternatives(at: &str, context: &[Vec<ValidationError<'static>>]) -> InputProblem {
    if let Some(choices) = choices(context) {
        return InputProblem::new(at, format!("Must be one of: {choices}."));
    }
    let closest = context
        .iter()
        .filter(|branch| !branch.is_empty() && !branch.iter().any(only_null_fits))
        // Deeper in the input means that more of the alternative fitted.
        .max_by_key(|branch| branch[0].instance_path().as_str().matches('/').count());
    match closest {
        Some(branch) => from_violation(&branch[0]),
        None => InputProblem::new(at, "Doesn't fit any of the forms that are allowed here."),
    }
}

/// The values of all alternatives, when each is nothing but a value.
fn choices(context: &[Vec<ValidationError<'static>>]) -> Option<String> {
    let mut names = Vec::new();
    for branch in context {
        match branch.first()?.kind() {
            Kind::Constant { expected_value } => names.push(plain(expected_value)),
            Kind::Enum { options } => names.extend(options.as_array()?.iter().map(plain)),
            _ => return None,
        }
    }
    Some(names.join(", "))
}

fn only_null_fits(violation: &ValidationError<'static>) -> bool {
    matches!(violation.kind(), Kind::Type { kind: TypeKind::Single(kind) } if kind.as_str() == "null")
}

fn sentence(violation: &ValidationError<'_>) -> String {
    match violation.kind() {
        Kind::Type { kind } => format!("Must be {}.", type_words(kind)),
        Kind::Enum { options } => {
            let names: Vec<_> = options
                .as_array()
                .into_iter()
                .flatten()
                .filter(|option| !option.is_null())
                .map(plain)
                .collect();
            format!("Must be one of: {}.", names.join(", "))
        }
        Kind::Constant { expected_value } => format!("Must be {}.", plain(expected_value)),
        Kind::Minimum { limit } => format!("Must be at least {limit}."),
        Kind::Maximum { limit } => format!("Must be at most {limit}."),
        Kind::ExclusiveMinimum { limit } => format!("Must be more than {limit}."),
        Kind::ExclusiveMaximum { limit } => format!("Must be less than {limit}."),
        Kind::MultipleOf { multiple_of, .. } => format!("Must be a multiple of {multiple_of}."),
        Kind::MinLength { limit: 1 } => "Must not be empty.".to_owned(),
        Kind::MinLength { limit } => format!("Needs at least {limit} characters."),
        Kind::MaxLength { limit } => format!("May have at most {limit} characters."),
        Kind::MinItems { limit: 1 } => "Needs at least 1 entry.".to_owned(),
        Kind::MinItems { limit } => format!("Needs at least {limit} entries."),
        Kind::MaxItems { limit } => format!("May have at most {limit} entries."),
        Kind::UniqueItems => "Has the same entry twice.".to_owned(),
        Kind::Pattern { pattern } => format!("Must look like {pattern}."),
        Kind::Format { format } => match format.as_str() {
            "date" => "Must be a day, such as 2026-11-22.".to_owned(),
            "date-time" => "Must be a moment, such as 2026-11-22T10:30:00Z.".to_owned(),
            "time" => "Must be a time of day, such as 10:30:00Z.".to_owned(),
            "uri" => "Must be a whole address, such as https://example.org/page.".to_owned(),
            other => format!("Must be a valid {other}."),
        },
        _ => format!("Doesn't fit: {violation}."),
    }
}

fn type_words(kind: &TypeKind) -> String {
    let name = |kind: &str| match kind {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "an object with fields",
        _ => "empty",
    };
    match kind {
        TypeKind::Single(kind) => name(kind.as_str()).to_owned(),
        TypeKind::Multiple(kinds) => kinds
            .iter()
            .filter(|kind| kind.as_str() != "null")
            .map(|kind| name(kind.as_str()))
            .collect::<Vec<_>>()
            .join(" or "),
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// What the decoder stumbled over: for what a schema can't say.
pub(crate) fn from_decode_error(
    error: &serde_path_to_error::Error<serde_json::Error>,
) -> InputProblem {
    let mut pointer = String::new();
    for segment in error.path() {
        use serde_path_to_error::Segment;
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let said = error.inner().to_string();
    let message = match said.ends_with('.') {
        // A type's own words are a sentence already.
        true => said,
        false => format!("Can't be used: {said}."),
    };
    InputProblem::new(pointer, message)
}
