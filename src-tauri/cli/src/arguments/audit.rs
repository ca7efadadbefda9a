//! What can be typed about the audit trail.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use toolroom_shared::{AuditDecision, AuditOperation, AuditQuery, JobId};

use super::json_flag;

/// Something about the audit trail that was asked for.
#[derive(Debug, PartialEq)]
pub enum AuditRequest {
    /// Show entries.
    Show {
        /// Which.
        query: AuditQuery,
        /// How many at the most.
        limit: u32,
        /// As JSON.
        json: bool,
    },
    /// Check it.
    Verify {
        /// This file instead of the data folder's trail.
        file: Option<PathBuf>,
        /// As JSON.
        json: bool,
    },
    /// Write all of it into a file.
    Export {
        /// Which.
        file: PathBuf,
    },
}

/// Everything that can be typed about the audit trail.
pub fn command() -> Command {
    Command::new("audit")
        .about("Shows, checks or exports the audit trail: who did what, and what came of it")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(show())
        .subcommand(
            Command::new("verify")
                .about("Checks that nothing in the trail was changed, removed or moved")
                .after_help("Exit codes: 0 whole, 1 broken or unreadable")
                .arg(
                    Arg::new("file")
                        .long("file")
                        .value_name("FILE")
                        .value_parser(value_parser!(PathBuf))
                        .help("Check this exported file by itself"),
                )
                .arg(json_flag("Print what was found as JSON")),
        )
        .subcommand(
            Command::new("export")
                .about("Writes the whole trail into a new file, a line of JSON an entry")
                .arg(
                    Arg::new("file")
                        .value_name("FILE")
                        .required(true)
                        .value_parser(value_parser!(PathBuf))
                        .help("Where to; must not be there yet"),
                ),
        )
}

fn show() -> Command {
    let filter = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    Command::new("show")
        .about("Shows entries, newest first")
        .arg(filter(
            "caller",
            "CALLER",
            "Only of this caller: window, terminal, app, a kind, or a kind and a name as in http:NAME",
        ))
        .arg(filter("tool", "TOOL", "Only about this tool"))
        .arg(
            filter("operation", "OPERATION", "Only of this operation")
                .value_parser(AuditOperation::ALL.map(AuditOperation::as_str)),
        )
        .arg(
            filter("decision", "DECISION", "Only with this decision")
                .value_parser(AuditDecision::ALL.map(AuditDecision::as_str)),
        )
        .arg(filter("job", "ID", "Only about this job"))
        .arg(filter(
            "since",
            "WHEN",
            "Only from then on: a date, or as 2026-03-31T08:00:00Z",
        ))
        .arg(filter("until", "WHEN", "Only before then"))
        .arg(
            filter("limit", "N", "How many at the most")
                .value_parser(value_parser!(u32).range(1..))
                .default_value("50"),
        )
        .arg(json_flag("Print an array of entries"))
}

/// What was typed; none if it was nothing, which the parser doesn't let through.
pub fn request(matches: &ArgMatches) -> Option<AuditRequest> {
    Some(match matches.subcommand()? {
        ("show", matches) => AuditRequest::Show {
            query: query(matches),
            limit: matches.get_one("limit").copied().unwrap_or(1),
            json: matches.get_flag("json"),
        },
        ("verify", matches) => AuditRequest::Verify {
            file: matches.get_one("file").cloned(),
            json: matches.get_flag("json"),
        },
        ("export", matches) => AuditRequest::Export {
            file: matches.get_one::<PathBuf>("file")?.clone(),
        },
        _ => return None,
    })
}

fn query(matches: &ArgMatches) -> AuditQuery {
    let text = |name| matches.get_one::<String>(name).cloned();
    let operation = text("operation");
    let decision = text("decision");
    AuditQuery {
        caller: text("caller"),
        tool_name: text("tool"),
        operation: AuditOperation::ALL
            .into_iter()
            .find(|known| operation.as_deref() == Some(known.as_str())),
        decision: AuditDecision::ALL
            .into_iter()
            .find(|known| decision.as_deref() == Some(known.as_str())),
        job_id: text("job").map(JobId),
        since: text("since"),
        until: text("until"),
        ..AuditQuery::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &[&str]) -> AuditRequest {
        let words = ["audit"].iter().chain(line);
        request(&command().get_matches_from(words)).unwrap()
    }

    #[test]
    fn each_filter_that_is_typed_is_asked_for() {
        let line = "show --caller http:ci --tool t --operation end --decision refused --job j \
                    --since 2026-03-31 --until 2026-04-01 --limit 700 --json";
        let typed: Vec<_> = line.split_whitespace().collect();
        let text = |text: &str| Some(text.to_owned());
        let query = AuditQuery {
            caller: text("http:ci"),
            tool_name: text("t"),
            operation: Some(AuditOperation::End),
            decision: Some(AuditDecision::Refused),
            job_id: Some(JobId("j".into())),
            since: text("2026-03-31"),
            until: text("2026-04-01"),
            limit: None,
            cursor: None,
        };
        let wanted = AuditRequest::Show {
            query,
            limit: 700,
            json: true,
        };
        assert_eq!(parse(&typed), wanted);
    }

    #[test]
    fn a_check_is_of_the_trail_unless_a_file_is_named() {
        let verify = |file: Option<&str>, json| AuditRequest::Verify {
            file: file.map(PathBuf::from),
            json,
        };
        assert_eq!(parse(&["verify"]), verify(None, false));
        assert_eq!(
            parse(&["verify", "--file", "a", "--json"]),
            verify(Some("a"), true)
        );
    }
}
