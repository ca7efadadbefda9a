//! A secret as a flag's value: the name of one that is kept, or where to read it. Never the secret itself,
//! since arguments can be seen by every process.

use serde_json::{Value, json};
use toolroom_shared::{AppError, ErrorCode, SecretForm, SecretName, each_secret};

use crate::secret;

/// What a flag's help says.
pub const HELP: &str = "[secret:NAME for one that is kept, - to be asked for it or read it from standard input, fd:N to read it from that file descriptor; never the secret itself]";

/// Reads a secret where `text` says.
///
/// # Errors
/// `invalid_input`, which doesn't repeat what was typed.
pub fn read(text: &str, flag: &str) -> Result<Value, AppError> {
    if let Some(name) = text.strip_prefix("secret:") {
        let name = SecretName::new(name).map_err(|error| bad(flag, &error.to_string()))?;
        return Ok(json!({ "secret": name }));
    }
    if text == "-" {
        let secret = secret::read(&format!("--{flag} (it isn't shown): "))?;
        return Ok(json!(&*secret));
    }
    if let Some(number) = text.strip_prefix("fd:") {
        return from_descriptor(number, flag).map(|secret| json!(&*secret));
    }
    Err(bad(
        flag,
        "A secret can't be an argument, where every process can see it. Write secret:NAME for one that is kept (toolroom secret set NAME), - to be asked for it or read it from standard input, or fd:N to read it from a file descriptor.",
    ))
}

#[cfg(unix)]
fn from_descriptor(number: &str, flag: &str) -> Result<toolroom_engine::SecretText, AppError> {
    let number: u32 = number.parse().map_err(|_| {
        bad(
            flag,
            "Write fd: and the number of a file descriptor, such as fd:3.",
        )
    })?;
    let place = format!("file descriptor {number}");
    let file = std::fs::File::open(format!("/dev/fd/{number}"))
        .map_err(|error| bad(flag, &format!("Could not read {place}: {error}.")))?;
    secret::read_whole(file, &place)
}

#[cfg(not(unix))]
fn from_descriptor(_: &str, flag: &str) -> Result<toolroom_engine::SecretText, AppError> {
    Err(bad(
        flag,
        "File descriptors have no numbers on this system. Write - and give it on standard input.",
    ))
}

/// Refuses an input that was an argument and has a secret typed into it.
///
/// # Errors
/// `invalid_input`.
pub fn refuse_typed(input: &Value, input_schema: &Value) -> Result<(), AppError> {
    let mut is_typed = false;
    each_secret(&mut input.clone(), input_schema, &mut |_, value| {
        is_typed |= SecretForm::of(value) == SecretForm::Inline;
    });
    if is_typed {
        return Err(bad(
            "input",
            "It has a secret typed into it, and an argument can be seen by every process. Give it as @FILE or on standard input as -, or name a secret that is kept: {\"secret\": \"NAME\"}.",
        ));
    }
    Ok(())
}

fn bad(flag: &str, what: &str) -> AppError {
    AppError::new(ErrorCode::InvalidInput, format!("--{flag}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_named_and_never_an_argument() {
        assert_eq!(
            read("secret:my.token", "token").unwrap(),
            json!({ "secret": "my.token" })
        );
        for typed in ["CANARY", "secret:CANARY!", "fd:CANARY", "fd:-1", ""] {
            let refused = read(typed, "token").unwrap_err();
            assert_eq!(refused.code, ErrorCode::InvalidInput);
            assert!(refused.message.starts_with("--token: "), "{refused}");
            assert!(!refused.message.contains("CANARY"), "{refused}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_is_read_from_a_descriptor() {
        use std::{io::Write, os::fd::AsRawFd};
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"CANARY\n").unwrap();
        let open = std::fs::File::open(file.path()).unwrap();
        let given = format!("fd:{}", open.as_raw_fd());
        assert_eq!(read(&given, "token").unwrap(), json!("CANARY"));
    }

    #[test]
    fn an_input_that_is_an_argument_may_name_a_secret_but_not_hold_one() {
        let schema = json!({ "properties": { "token": { "x-secret": true } } });
        let named = json!({ "token": { "secret": "a" } });
        assert!(refuse_typed(&named, &schema).is_ok());
        let refused = refuse_typed(&json!({ "token": "CANARY" }), &schema).unwrap_err();
        assert!(!refused.message.contains("CANARY"), "{refused}");
    }
}
