//! `toolroom secret`: keeps, lists and forgets secrets by name. A secret is never an argument: those can be
//! seen by every process.

use std::{
    io::{IsTerminal, Read},
    path::PathBuf,
    sync::Arc,
};

use clap::{Arg, ArgAction, ArgMatches, Command};
use toolroom_engine::{SecretApi, SecretText};
use toolroom_shared::{AppError, Caller, ErrorCode, SecretName};

use crate::render;

/// What was asked of the secrets.
#[derive(Debug, PartialEq)]
pub enum SecretRequest {
    /// Keep one.
    Set {
        /// Under which name.
        name: SecretName,
        /// A file will do where there is no keyring.
        allow_file: bool,
    },
    /// List their names.
    List {
        /// As JSON.
        json: bool,
    },
    /// Forget one.
    Remove {
        /// Which.
        name: SecretName,
    },
}

/// What can be typed.
pub fn command() -> Command {
    let name = || {
        Arg::new("name")
            .value_name("NAME")
            .required(true)
            .help("Letters, digits, dots, dashes and underscores, at most 64")
    };
    Command::new("secret")
        .about("Keeps passwords and tokens by name, for fields of tools that take a secret")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("set")
                .about("Keeps a secret under a name: asked for without showing it, or read from standard input")
                .arg(name())
                .arg(
                    Arg::new("allow-file")
                        .long("allow-file")
                        .action(ArgAction::SetTrue)
                        .help("Where there is no system keyring, keep it in a file in the data folder that you alone may read; this is remembered"),
                ),
        )
        .subcommand(
            Command::new("list").about("Lists the names of the secrets").arg(
                Arg::new("json")
                    .long("json")
                    .action(ArgAction::SetTrue)
                    .help("Print an array of names"),
            ),
        )
        .subcommand(
            Command::new("remove")
                .about("Forgets a secret")
                .arg(name()),
        )
}

/// What was typed, as a request.
pub fn request(matches: &ArgMatches) -> Result<SecretRequest, AppError> {
    let name = |matches: &ArgMatches| {
        let given = matches.get_one::<String>("name").cloned();
        SecretName::new(given.unwrap_or_default())
            .map_err(|error| AppError::new(ErrorCode::InvalidInput, error.to_string()))
    };
    match matches.subcommand() {
        Some(("set", matches)) => Ok(SecretRequest::Set {
            name: name(matches)?,
            allow_file: matches.get_flag("allow-file"),
        }),
        Some(("list", matches)) => Ok(SecretRequest::List {
            json: matches.get_flag("json"),
        }),
        Some(("remove", matches)) => Ok(SecretRequest::Remove {
            name: name(matches)?,
        }),
        // The parser requires one of them.
        _ => Err(AppError::new(
            ErrorCode::InvalidInput,
            "Say what to do: set, list or remove.",
        )),
    }
}

/// Does what was asked, also while another process runs the engine.
pub fn run(data_dir: Option<PathBuf>, request: SecretRequest) -> Result<(), AppError> {
    let secrets = toolroom_app::secrets(data_dir)?;
    match request {
        SecretRequest::Set { name, allow_file } => {
            let secret = read(&format!("The secret {name} (it isn't shown): "))?;
            let kept = name.clone();
            with(secrets, async |secrets| {
                secrets
                    .set(Caller::Terminal, name, secret, allow_file)
                    .await
            })?;
            render::print(&format!(
                "Kept. Give it to a field by its name: secret:{kept}"
            ));
        }
        SecretRequest::List { json } => {
            let listed = with(secrets, async |secrets| {
                secrets.list(Caller::Terminal).await
            })?;
            let names: Vec<_> = listed.into_iter().map(|one| one.name).collect();
            if json {
                render::print(&render::json(&names)?);
            } else if names.is_empty() {
                render::print("No secrets yet.");
            } else {
                let names: Vec<_> = names.iter().map(SecretName::as_str).collect();
                render::print(&names.join("\n"));
            }
        }
        SecretRequest::Remove { name } => {
            let forgotten = name.clone();
            with(secrets, async |secrets| {
                secrets.remove(Caller::Terminal, name).await
            })?;
            render::print(&format!("The secret {forgotten} is forgotten."));
        }
    }
    Ok(())
}

fn with<T>(
    secrets: Arc<dyn SecretApi>,
    ask: impl AsyncFnOnce(&dyn SecretApi) -> Result<T, AppError>,
) -> Result<T, AppError> {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| {
            AppError::new(
                ErrorCode::Io,
                format!("The system gave no thread to work on: {error}. Nothing was changed."),
            )
        })?
        .block_on(ask(&*secrets))
}

/// A secret from who sits at the terminal, without showing it, or else all of standard input without its
/// last line's end.
///
/// # Errors
/// `invalid_input`.
pub fn read(prompt: &str) -> Result<SecretText, AppError> {
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password(prompt)
            .map(SecretText::from)
            .map_err(|error| unread("the terminal", &error));
    }
    read_whole(std::io::stdin().lock(), "standard input")
}

/// All of a stream without its last line's end.
///
/// # Errors
/// `invalid_input`.
pub fn read_whole(from: impl Read, place: &str) -> Result<SecretText, AppError> {
    let mut text = String::new();
    // More than the longest secret, so that a longer one is refused and not cut off.
    let most = u64::try_from(SecretText::LONGEST).unwrap_or(u64::MAX);
    from.take(most.saturating_add(3))
        .read_to_string(&mut text)
        .map_err(|error| unread(place, &error))?;
    let end = text.strip_suffix('\n').map_or(text.len(), |text| {
        text.strip_suffix('\r').unwrap_or(text).len()
    });
    text.truncate(end);
    let text = SecretText::from(text);
    text.check().map_err(|said| {
        AppError::new(
            ErrorCode::InvalidInput,
            format!("{said} It was read from {place}."),
        )
    })?;
    Ok(text)
}

fn unread(place: &str, error: &std::io::Error) -> AppError {
    AppError::new(
        ErrorCode::InvalidInput,
        format!("The secret could not be read from {place}: {error}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_without_its_last_lines_end_and_never_cut_off() {
        let read = |bytes: &[u8]| read_whole(bytes, "here").map(|text| text.to_string());
        for (given, expected) in [
            ("a b", "a b"),
            ("a\n", "a"),
            ("a\r\n", "a"),
            ("a\n\n", "a\n"),
        ] {
            assert_eq!(read(given.as_bytes()).unwrap(), expected);
        }
        let longest = "x".repeat(SecretText::LONGEST);
        assert_eq!(read(format!("{longest}\n").as_bytes()).unwrap(), longest);
        assert!(read(format!("{longest}x").as_bytes()).is_err());
        assert!(read(format!("{longest}xxxxxxxxx").as_bytes()).is_err());
        for bad in [&b""[..], b"\n", b"CANARY\xff"] {
            let said = read(bad).unwrap_err();
            assert!(!said.message.contains("CANARY"), "{said}");
        }
    }
}
