//! What callers may do: the policy as plain data, and the questions that a person is asked.
//!
//! A person acts in their own name, and the app in its own: no policy speaks of them. Everyone else
//! may do what was granted, which at first is nothing. How a decision is made is the engine's
//! business.

use serde::{Deserialize, Serialize};

use crate::{Caller, HostPattern, SecretName};

/// What every caller but persons and the app may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The grants, each caller at the most once. Who isn't among them may do nothing.
    pub grants: Vec<CallerGrant>,
}

/// What one caller may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct CallerGrant {
    /// Who.
    pub caller: Caller,
    /// What.
    pub grant: Grant,
}

/// What was granted to a caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// It may start every tool.
    pub all_tools: bool,
    /// The tools that it may start.
    pub tools: Vec<String>,
    /// Folders and files, as whole paths, in which and below which its jobs may read.
    pub read: Vec<String>,
    /// The same for writing.
    pub write: Vec<String>,
    /// Folders and files of which nobody is asked any more: what isn't granted there is refused at
    /// once.
    pub refused_paths: Vec<String>,
    /// The servers that its jobs may speak to.
    pub hosts: Vec<HostPattern>,
    /// Whether its jobs may start programs.
    pub spawn: SpawnGrant,
    /// The secrets that it may use by their names. What it types in is its own.
    pub secrets: Vec<SecretName>,
    /// How many jobs it may start a minute.
    pub starts_per_minute: u32,
    /// It sees, and may cancel, the jobs of others; otherwise only its own.
    pub others_jobs: bool,
}

/// Whether a caller's jobs may start programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SpawnGrant {
    /// The person is asked each time.
    #[default]
    Ask,
    /// They may.
    Allowed,
    /// They may not, and nobody is asked.
    Refused,
}

impl Grant {
    /// How many jobs a caller may start a minute unless the grant says otherwise.
    pub const STARTS_PER_MINUTE: u32 = 60;

    /// Whether a tool may be started.
    #[must_use]
    pub fn has_tool(&self, name: &str) -> bool {
        self.all_tools || self.tools.iter().any(|tool| tool == name)
    }
}

impl Default for Grant {
    fn default() -> Self {
        Self {
            all_tools: false,
            tools: Vec::new(),
            read: Vec::new(),
            write: Vec::new(),
            refused_paths: Vec::new(),
            hosts: Vec::new(),
            spawn: SpawnGrant::Ask,
            secrets: Vec::new(),
            starts_per_minute: Self::STARTS_PER_MINUTE,
            others_jobs: false,
        }
    }
}

impl Policy {
    /// What was granted to a caller.
    #[must_use]
    pub fn grant(&self, caller: &Caller) -> Option<&Grant> {
        let found = self.grants.iter().find(|given| given.caller == *caller);
        found.map(|given| &given.grant)
    }

    /// The same to be changed; made, with nothing granted, if it isn't there.
    pub fn grant_mut(&mut self, caller: &Caller) -> &mut Grant {
        let place = match self.grants.iter().position(|given| given.caller == *caller) {
            Some(place) => place,
            None => {
                self.grants.push(CallerGrant {
                    caller: caller.clone(),
                    grant: Grant::default(),
                });
                self.grants.len() - 1
            }
        };
        &mut self.grants[place].grant
    }

    /// Takes everything from a caller. Whether there was anything.
    pub fn revoke(&mut self, caller: &Caller) -> bool {
        let before = self.grants.len();
        self.grants.retain(|given| given.caller != *caller);
        self.grants.len() < before
    }

    /// What is wrong with it, in a sentence; none if it can be used.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        for (place, given) in self.grants.iter().enumerate() {
            let caller = &given.caller;
            if !caller.is_stranger() {
                return Some(format!(
                    "Nothing is granted to {caller}: persons and the app act in their own name."
                ));
            }
            if self.grants[..place].iter().any(|one| one.caller == *caller) {
                return Some(format!("{caller} stands in it twice."));
            }
            let grant = &given.grant;
            let paths = [&grant.read, &grant.write, &grant.refused_paths];
            for path in paths.into_iter().flatten() {
                if !is_whole(path) {
                    return Some(format!(
                        "{path:?}, granted to {caller}, is not a whole path."
                    ));
                }
            }
        }
        None
    }
}

/// Whether a text is a whole path, on whichever system.
fn is_whole(path: &str) -> bool {
    let drive = path.as_bytes();
    let on_drive = drive.len() > 2
        && drive[0].is_ascii_alphabetic()
        && drive[1] == b':'
        && matches!(drive[2], b'\\' | b'/');
    !path.contains('\0') && (path.starts_with('/') || path.starts_with(r"\\") || on_drive)
}

/// The number of a question that is open or was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct QuestionId(pub u32);

impl std::fmt::Display for QuestionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a person is asked: a caller wants to start a tool, and reach what it wasn't granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Question {
    /// Its number.
    pub id: QuestionId,
    /// Who wants it.
    pub caller: Caller,
    /// The tool.
    pub tool_name: String,
    /// Files and folders that it would read; links and `..` are seen through.
    pub read: Vec<String>,
    /// Folders that it would write in.
    pub write: Vec<String>,
    /// It would start programs.
    pub spawn: bool,
    /// When it was asked first (RFC 3339, UTC).
    pub asked_at: String,
    /// Until when the caller waits for an answer (RFC 3339, UTC). It stays open beyond that: a yes is good
    /// for the caller's next try.
    pub waits_until: String,
}

/// What is granted, and what is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PermissionsState {
    /// What is granted.
    pub policy: Policy,
    /// The questions that are open, oldest first.
    pub questions: Vec<Question>,
}

/// What a person says to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum QuestionAnswer {
    /// This once.
    AllowOnce,
    /// From now on: what was asked for becomes part of the grant.
    AllowAlways,
    /// Not this once.
    RefuseOnce,
    /// Never, and it isn't asked again.
    RefuseAlways,
}

impl QuestionAnswer {
    /// Whether it is a yes.
    #[must_use]
    pub const fn allows(self) -> bool {
        matches!(self, Self::AllowOnce | Self::AllowAlways)
    }

    /// Whether it holds from now on.
    #[must_use]
    pub const fn is_remembered(self) -> bool {
        matches!(self, Self::AllowAlways | Self::RefuseAlways)
    }

    /// What becomes of a caller's grant by it.
    pub fn remember(self, question: &Question, grant: &mut Grant) {
        let add = |list: &mut Vec<String>, paths: &[String]| {
            for path in paths {
                if !list.contains(path) {
                    list.push(path.clone());
                }
            }
        };
        match self {
            Self::AllowAlways => {
                add(&mut grant.read, &question.read);
                add(&mut grant.write, &question.write);
                if question.spawn {
                    grant.spawn = SpawnGrant::Allowed;
                }
            }
            Self::RefuseAlways => {
                add(&mut grant.refused_paths, &question.read);
                add(&mut grant.refused_paths, &question.write);
                // Who asks for paths and programs at once is refused the paths; either ends the start.
                if question.spawn && question.read.is_empty() && question.write.is_empty() {
                    grant.spawn = SpawnGrant::Refused;
                }
            }
            Self::AllowOnce | Self::RefuseOnce => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(text: &str) -> Caller {
        text.parse().unwrap()
    }

    #[test]
    fn nothing_is_granted_at_first_and_nothing_is_left_after_a_revoke() {
        let mut policy = Policy::default();
        let client = caller("http:a");
        assert_eq!(policy.grant(&client), None);
        assert!(!policy.grant_mut(&client).has_tool("any"));
        policy.grant_mut(&client).tools.push("any".into());
        assert!(policy.grant(&client).unwrap().has_tool("any"));
        assert_eq!(policy.grant(&caller("http:b")), None);
        assert_eq!(policy.grant(&caller("mcp:a")), None);
        assert!(policy.revoke(&client) && !policy.revoke(&client));
        assert_eq!(policy, Policy::default());
    }

    #[test]
    fn a_policy_that_means_nothing_is_told() {
        let given = |who: &str, path: &str| CallerGrant {
            caller: caller(who),
            grant: Grant {
                read: vec![path.into()],
                ..Grant::default()
            },
        };
        let problem = |grants| Policy { grants }.problem();
        assert_eq!(
            problem(vec![given("http:a", "/a"), given("http:b", "/a")]),
            None
        );
        for (bad, sign) in [
            (vec![given("window", "/a")], "own name"),
            (vec![given("http:a", "/a"), given("http:a", "/b")], "twice"),
            (vec![given("http:a", "a/b")], "whole path"),
            (vec![given("http:a", "/a\0")], "whole path"),
        ] {
            assert!(problem(bad).unwrap().contains(sign), "{sign}");
        }
        let misspelled = serde_json::json!({ "grants": [], "grant": [] });
        assert!(serde_json::from_value::<Policy>(misspelled).is_err());
    }
}
