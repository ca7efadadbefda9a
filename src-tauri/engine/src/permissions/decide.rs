//! The decision on a start: pure, from who asks, what was granted, and what is wanted.

use std::path::{Path, PathBuf};

use serde_json::json;
use toolroom_shared::{AppError, Caller, ErrorCode, Grant, SpawnGrant, ToolDefinition};
use toolroom_toolkit::{Access, Hosts, Reach};

use super::wanted::Wanted;

/// A decision on a start.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It may be made, and its job may reach this.
    Allowed(Access),
    /// It may not be made.
    Refused(AppError),
    /// A person is asked whether it may.
    Ask(Ask),
}

/// What a person is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
    /// Files and folders to read.
    pub read: Vec<PathBuf>,
    /// Folders to write in.
    pub write: Vec<PathBuf>,
    /// To start programs.
    pub spawn: bool,
}

/// A grant whose paths are compared. Links and `..` in them were seen through when they were granted:
/// what has become a link since leads nowhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Granted {
    /// As it was granted.
    pub grant: Grant,
    /// Where may be read.
    pub read: Vec<PathBuf>,
    /// Where may be written.
    pub write: Vec<PathBuf>,
    /// Of which nobody is asked: what isn't granted there is refused at once.
    pub refused: Vec<PathBuf>,
}

impl Granted {
    /// A grant, to be compared.
    pub fn of(grant: &Grant) -> Self {
        let all = |paths: &[String]| paths.iter().map(PathBuf::from).collect();
        Self {
            read: all(&grant.read),
            write: all(&grant.write),
            refused: all(&grant.refused_paths),
            grant: grant.clone(),
        }
    }

    fn access(&self) -> Access {
        Access {
            read: Reach::Within(self.read.as_slice().into()),
            write: Reach::Within(self.write.as_slice().into()),
            hosts: Hosts::Only(self.grant.hosts.as_slice().into()),
            spawn: self.grant.spawn == SpawnGrant::Allowed,
        }
    }
}

impl Ask {
    /// What a job may reach once this was allowed beside what was granted.
    pub fn allowed(&self, granted: &Granted, tool: &ToolDefinition) -> Access {
        let joined = |granted: &[PathBuf], asked: &[PathBuf]| {
            Reach::Within(granted.iter().chain(asked).cloned().collect())
        };
        let access = Access {
            read: joined(&granted.read, &self.read),
            write: joined(&granted.write, &self.write),
            spawn: self.spawn || granted.grant.spawn == SpawnGrant::Allowed,
            ..granted.access()
        };
        access.narrowed(&tool.permissions)
    }
}

/// Whether `caller` may start `tool`. A person and the app act in their own name; everyone else may
/// do what was granted. Only what the tool declares is ever in reach.
#[must_use]
pub fn decide(
    caller: &Caller,
    granted: Option<&Granted>,
    tool: &ToolDefinition,
    wanted: &Wanted,
) -> Verdict {
    if !caller.is_stranger() {
        return Verdict::Allowed(Access::declared(&tool.permissions));
    }
    let Some(granted) = granted.filter(|granted| granted.grant.has_tool(&tool.name)) else {
        return Verdict::Refused(no_tool(caller, &tool.name));
    };
    let may_use = |name: &str| granted.grant.secrets.iter().any(|one| one.as_str() == name);
    if let Some(name) = wanted.secrets.iter().find(|name| !may_use(name)) {
        return Verdict::Refused(no_secret(caller, name));
    }
    let access = granted.access().narrowed(&tool.permissions);
    if let Some((host, port)) = wanted
        .hosts
        .iter()
        .find(|(host, port)| !access.hosts.allow(host, *port))
    {
        return Verdict::Refused(no_host(caller, host, *port));
    }
    let beyond = |reach: &Reach, paths: &[PathBuf]| -> Vec<PathBuf> {
        let outside = paths.iter().filter(|path| !reach.covers(path));
        outside.cloned().collect()
    };
    let ask = Ask {
        read: beyond(&access.read, &wanted.read),
        write: beyond(&access.write, &wanted.write),
        spawn: wanted.spawn && !access.spawn,
    };
    let refused = Reach::Within(granted.refused.as_slice().into());
    let mut asked = ask.read.iter().chain(&ask.write);
    if let Some(path) = asked.find(|path| refused.covers(path)) {
        return Verdict::Refused(no_path(caller, path));
    }
    if ask.spawn && granted.grant.spawn == SpawnGrant::Refused {
        return Verdict::Refused(no_spawn(caller, &tool.name));
    }
    if ask.read.is_empty() && ask.write.is_empty() && !ask.spawn {
        Verdict::Allowed(access)
    } else {
        Verdict::Ask(ask)
    }
}

/// A refusal whose sentence says what was refused and how it can be granted.
fn denied(caller: &Caller, what: &str, flag: &str) -> AppError {
    let mut label = caller.label();
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let mut error = AppError::new(
        ErrorCode::PermissionDenied,
        format!(
            "{label} may not {what}. Nothing was started. A person can grant it: toolroom permissions grant {caller} {flag}"
        ),
    );
    error.details = json!({ "caller": caller.to_string() });
    error
}

/// It may not start the tool.
pub fn no_tool(caller: &Caller, tool: &str) -> AppError {
    denied(caller, &format!("use {tool}"), &format!("--tool {tool}"))
}

fn no_host(caller: &Caller, host: &str, port: u16) -> AppError {
    denied(
        caller,
        &format!("have {host}:{port} asked"),
        &format!("--host {host}"),
    )
}

fn no_secret(caller: &Caller, name: &str) -> AppError {
    denied(
        caller,
        &format!("use the secret {name}"),
        &format!("--secret {name}"),
    )
}

/// It may not reach the path.
pub fn no_path(caller: &Caller, path: &Path) -> AppError {
    let path = path.display();
    denied(
        caller,
        &format!("reach {path}, which was refused"),
        &format!("--read {path}"),
    )
}

fn no_spawn(caller: &Caller, tool: &str) -> AppError {
    denied(caller, &format!("have {tool} start programs"), "--spawn")
}

/// It asks too often.
pub fn too_often(caller: &Caller, a_minute: u32, wait: std::time::Duration) -> AppError {
    let seconds = wait.as_secs().saturating_add(1);
    let mut error = AppError::new(
        ErrorCode::RateLimited,
        format!(
            "{caller} may start {a_minute} jobs a minute and has done so. Nothing was started. Try again in {seconds} s, or grant more: toolroom permissions grant {caller} --rate N"
        ),
    )
    .retryable();
    error.details = json!({ "retry_after_seconds": seconds });
    error
}

/// A job that was allowed for once before a restart.
pub fn not_granted_any_more(caller: &Caller, tool: &str) -> AppError {
    denied(
        caller,
        &format!("run {tool} on this again: it was allowed once, before Toolroom was restarted"),
        "--read DIR, --write DIR or --spawn",
    )
}

/// A person said no.
pub fn said_no(caller: &Caller, tool: &str) -> AppError {
    let mut error = denied(
        caller,
        &format!("run {tool} on this: a person was asked and has refused"),
        "--read DIR, --write DIR or --spawn",
    );
    error.details = json!({ "caller": caller.to_string(), "asked": true });
    error
}

#[cfg(test)]
mod tests;
