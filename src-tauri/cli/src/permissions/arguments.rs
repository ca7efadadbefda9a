//! What can be typed after `toolroom permissions`, and what it asks for.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use toolroom_shared::{
    AppError, Caller, ErrorCode, HostPattern, QuestionAnswer, QuestionId, SecretName,
};

/// What was asked for.
#[derive(Debug, PartialEq)]
pub enum PermissionsRequest {
    /// Show what is granted.
    Show {
        /// To this caller alone.
        caller: Option<Caller>,
        /// As JSON.
        json: bool,
    },
    /// Grant something more.
    Grant(Box<MoreGranted>),
    /// Take everything from a caller.
    Revoke {
        /// Which.
        caller: Caller,
    },
    /// List the open questions.
    Questions {
        /// As JSON.
        json: bool,
    },
    /// Answer one.
    Answer {
        /// Which.
        id: QuestionId,
        /// How.
        answer: QuestionAnswer,
    },
}

/// What is to be granted beside what is.
#[derive(Debug, PartialEq)]
pub struct MoreGranted {
    /// To whom.
    pub caller: Caller,
    /// Every tool.
    pub all_tools: bool,
    /// These tools.
    pub tools: Vec<String>,
    /// Where to read.
    pub read: Vec<PathBuf>,
    /// Where to write.
    pub write: Vec<PathBuf>,
    /// Which servers to ask.
    pub hosts: Vec<HostPattern>,
    /// To start programs.
    pub spawn: bool,
    /// Which secrets to use by name.
    pub secrets: Vec<SecretName>,
    /// How many starts a minute, in place of what was said before.
    pub rate: Option<u32>,
    /// To see and cancel the jobs of others.
    pub others_jobs: bool,
}

/// Everything that can be typed.
pub fn command() -> Command {
    Command::new("permissions")
        .about("Shows and changes what callers other than you may do: HTTP and MCP clients, models in a chat")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("show")
                .about("Shows what is granted; who isn't listed may do nothing")
                .arg(caller().required(false))
                .arg(json()),
        )
        .subcommand(grant())
        .subcommand(
            Command::new("revoke")
                .about("Takes everything that was granted from a caller")
                .arg(caller()),
        )
        .subcommand(
            Command::new("questions")
                .about("Lists what callers want beyond what is granted, and wait for you to answer")
                .arg(json()),
        )
        .subcommand(
            Command::new("answer")
                .about("Answers a question")
                .arg(
                    Arg::new("id")
                        .value_name("ID")
                        .required(true)
                        .value_parser(value_parser!(u32))
                        .help("Its number, as `toolroom permissions questions` lists it"),
                )
                .arg(
                    Arg::new("answer")
                        .value_name("ANSWER")
                        .required(true)
                        .value_parser(["allow", "refuse"])
                        .help("What you say"),
                )
                .arg(switch("remember", "Hold to it from now on, without asking again")),
        )
}

fn grant() -> Command {
    Command::new("grant")
        .about("Grants a caller something more; what was granted before stays")
        .arg(caller())
        .arg(many("tool", "NAME", "A tool that it may start").value_parser(value_parser!(String)))
        .arg(switch("all-tools", "It may start every tool"))
        .arg(folders("read", "A folder or file that its jobs may read"))
        .arg(folders("write", "A folder that its jobs may write in"))
        .arg(
            many(
                "host",
                "HOST",
                "A server that its jobs may ask: example.org, *.example.org, 192.0.2.7, each with :PORT for one port alone",
            )
            .value_parser(value_parser!(HostPattern)),
        )
        .arg(switch("spawn", "Its jobs may start programs, which can do whatever you can"))
        .arg(
            many("secret", "NAME", "A secret that it may use by its name")
                .value_parser(secret_name),
        )
        .arg(
            Arg::new("rate")
                .long("rate")
                .value_name("N")
                .value_parser(value_parser!(u32).range(1..))
                .help("How many jobs it may start a minute [60 unless said]"),
        )
        .arg(switch("others-jobs", "It may see and cancel the jobs of others"))
}

fn secret_name(text: &str) -> Result<SecretName, String> {
    SecretName::new(text).map_err(|bad| bad.to_string())
}

fn caller() -> Arg {
    Arg::new("caller")
        .value_name("CALLER")
        .required(true)
        .value_parser(value_parser!(Caller))
        .help("http:NAME, mcp:NAME or model:NAME")
}

fn many(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(value)
        .action(ArgAction::Append)
        .help(format!("{help}; can be given several times"))
}

fn folders(name: &'static str, help: &'static str) -> Arg {
    many(name, "DIR", help).value_parser(value_parser!(PathBuf))
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .help(help)
}

fn json() -> Arg {
    switch("json", "Print JSON")
}

/// What was typed, as a request.
///
/// # Errors
/// `invalid_input`; the parser lets nothing through that gives one.
pub fn request(matches: &ArgMatches) -> Result<PermissionsRequest, AppError> {
    Ok(match matches.subcommand() {
        Some(("show", matches)) => PermissionsRequest::Show {
            caller: matches.get_one::<Caller>("caller").cloned(),
            json: matches.get_flag("json"),
        },
        Some(("grant", matches)) => PermissionsRequest::Grant(Box::new(MoreGranted {
            caller: given(matches)?,
            all_tools: matches.get_flag("all-tools"),
            tools: all(matches, "tool"),
            read: all(matches, "read"),
            write: all(matches, "write"),
            hosts: all(matches, "host"),
            spawn: matches.get_flag("spawn"),
            secrets: all(matches, "secret"),
            rate: matches.get_one::<u32>("rate").copied(),
            others_jobs: matches.get_flag("others-jobs"),
        })),
        Some(("revoke", matches)) => PermissionsRequest::Revoke {
            caller: given(matches)?,
        },
        Some(("questions", matches)) => PermissionsRequest::Questions {
            json: matches.get_flag("json"),
        },
        Some(("answer", matches)) => {
            let id = matches.get_one::<u32>("id").copied();
            let allows = matches.get_one::<String>("answer").map(String::as_str) == Some("allow");
            PermissionsRequest::Answer {
                id: QuestionId(id.ok_or_else(not_said)?),
                answer: match (allows, matches.get_flag("remember")) {
                    (true, false) => QuestionAnswer::AllowOnce,
                    (true, true) => QuestionAnswer::AllowAlways,
                    (false, false) => QuestionAnswer::RefuseOnce,
                    (false, true) => QuestionAnswer::RefuseAlways,
                },
            }
        }
        _ => return Err(not_said()),
    })
}

fn given(matches: &ArgMatches) -> Result<Caller, AppError> {
    matches
        .get_one::<Caller>("caller")
        .cloned()
        .ok_or_else(not_said)
}

fn all<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, name: &str) -> Vec<T> {
    let given = matches.get_many::<T>(name).into_iter().flatten();
    given.cloned().collect()
}

fn not_said() -> AppError {
    AppError::new(
        ErrorCode::InvalidInput,
        "Say what to do: show, grant, revoke, questions or answer.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(words: &[&str]) -> Result<PermissionsRequest, String> {
        let words = std::iter::once(&"permissions").chain(words);
        let matches = command()
            .try_get_matches_from(words)
            .map_err(|error| error.to_string())?;
        request(&matches).map_err(|error| error.message)
    }

    #[test]
    fn what_is_typed_is_what_is_asked_for() {
        let caller: Caller = "mcp:desk".parse().unwrap();
        let granted = typed(&[
            "grant",
            "mcp:desk",
            "--tool",
            "a",
            "--tool",
            "b",
            "--read",
            "r",
            "--write",
            "w",
            "--host",
            "*.example.org:443",
            "--spawn",
            "--secret",
            "mine",
            "--rate",
            "7",
        ]);
        assert_eq!(
            granted,
            Ok(PermissionsRequest::Grant(Box::new(MoreGranted {
                caller: caller.clone(),
                all_tools: false,
                tools: vec!["a".into(), "b".into()],
                read: vec!["r".into()],
                write: vec!["w".into()],
                hosts: vec!["*.example.org:443".parse().unwrap()],
                spawn: true,
                secrets: vec![SecretName::new("mine").unwrap()],
                rate: Some(7),
                others_jobs: false,
            })))
        );
        assert_eq!(
            typed(&["answer", "3", "refuse", "--remember"]),
            Ok(PermissionsRequest::Answer {
                id: QuestionId(3),
                answer: QuestionAnswer::RefuseAlways,
            })
        );
        assert_eq!(
            typed(&["revoke", "mcp:desk"]),
            Ok(PermissionsRequest::Revoke { caller })
        );
    }

    #[test]
    fn who_or_what_cannot_be_meant_is_refused_with_what_to_write_instead() {
        assert!(typed(&["revoke", "desk"]).unwrap_err().contains("mcp:NAME"));
        let host = typed(&["grant", "mcp:desk", "--host", "*.org"]);
        assert!(host.unwrap_err().contains("*.example.org"));
    }
}
