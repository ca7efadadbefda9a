//! What ignore files leave out, and globs and file types beside them: the rules of git, and of programs
//! that search where git looks. Reading the files is `rule_files`' business, what their lines mean the
//! crate `ignore`'s.
//!
//! What says the most counts: overrides; then, of the ignore files, `more_names` before `.ignore` before
//! `.gitignore` before the repository's own exclusions before the user's; of several of one name that of
//! the deepest folder. What an ignore file takes back in is also free of being hidden.

use std::{ffi::OsString, path::Path, sync::Arc};

use ignore::{
    Match,
    gitignore::{Gitignore, Glob},
    overrides::Override,
    types::Types,
};

use super::Entry;
use crate::FileKind;

/// What a walk leaves out by itself. The default is what programs that search use: whatever git
/// ignores, what `.ignore` says, and hidden files.
#[derive(Clone, Debug)]
pub struct IgnoreRules {
    /// Heed `.gitignore` in every folder, `.git/info/exclude`, and the user's own file for git.
    pub git: bool,
    /// Heed `.gitignore` only in a repository.
    pub require_git: bool,
    /// Heed `.ignore` in every folder.
    pub dot_ignore: bool,
    /// Heed files of these names too, which count more than `.ignore`, the last the most.
    pub more_names: Vec<OsString>,
    /// Heed the files in the folders above too, as far as the job may read there.
    pub parents: bool,
    /// Leave out what begins with a dot.
    pub hidden: bool,
    /// Globs that count more than all files. Once one takes in, whatever none takes in is left out.
    pub overrides: Override,
    /// Which types of files are taken or left out.
    pub types: Types,
}

impl Default for IgnoreRules {
    fn default() -> Self {
        Self {
            git: true,
            require_git: true,
            dot_ignore: true,
            more_names: Vec::new(),
            parents: true,
            hidden: true,
            overrides: Override::empty(),
            types: Types::empty(),
        }
    }
}

/// The rules of a walk.
pub(super) struct Rules {
    pub options: IgnoreRules,
    /// The user's own, for each repository alike.
    pub user: Gitignore,
}

/// What the ignore files of one folder say, and those of the folders above it.
#[derive(Debug)]
pub(super) struct Level {
    pub above: Option<Arc<Level>>,
    pub named: Gitignore,
    pub dot_ignore: Gitignore,
    pub git: Gitignore,
    pub exclude: Gitignore,
    /// Whether the folder is a repository's own: what is said above it doesn't count for git.
    pub is_repository: bool,
    /// Whether it or one above it is.
    pub in_repository: bool,
}

impl Level {
    /// One that says nothing itself, in a repository.
    pub(super) fn in_repository() -> Self {
        Self {
            above: None,
            named: Gitignore::empty(),
            dot_ignore: Gitignore::empty(),
            git: Gitignore::empty(),
            exclude: Gitignore::empty(),
            is_repository: false,
            in_repository: true,
        }
    }
}

impl Rules {
    pub(super) fn new(options: IgnoreRules) -> Self {
        let user = match options.git {
            // What can't be read there is as good as nothing.
            true => Gitignore::global().0,
            false => Gitignore::empty(),
        };
        Self { options, user }
    }

    /// Whether an entry of the folder at `level` is left out.
    pub(super) fn leave_out(&self, level: Option<&Level>, entry: &Entry) -> bool {
        let is_folder = entry.kind() == FileKind::Folder;
        let overrides = &self.options.overrides;
        if !overrides.is_empty() {
            let said = overrides.matched(entry.path(), is_folder);
            if !said.is_none() {
                return said.is_ignore();
            }
        }
        let said = self.said_by_files(level, &entry.logical(), is_folder);
        if said == Said::Out {
            return true;
        }
        let types = &self.options.types;
        let by_type = match types.is_empty() {
            true => Said::Nothing,
            false => said_by(&types.matched(entry.name(), is_folder)),
        };
        match (said, by_type) {
            (_, Said::Out) => true,
            (Said::In, _) | (_, Said::In) => false,
            _ => self.options.hidden && is_hidden(entry),
        }
    }

    fn said_by_files(&self, level: Option<&Level>, path: &Path, is_folder: bool) -> Said {
        let levels = || std::iter::successors(level, |level| level.above.as_deref());
        let first = |pick: fn(&Level) -> &Gitignore| {
            levels()
                .map(|level| said(pick(level), path, is_folder))
                .find(|said| *said != Said::Nothing)
        };
        let in_git = self.options.git
            && (!self.options.require_git || level.is_some_and(|level| level.in_repository));
        let first_of_git = |pick: fn(&Level) -> &Gitignore| {
            let mut is_beyond = false;
            levels()
                .take_while(|level| !std::mem::replace(&mut is_beyond, level.is_repository))
                .map(|level| said(pick(level), path, is_folder))
                .find(|said| *said != Said::Nothing)
        };
        let of_git = || {
            first_of_git(|level| &level.git)
                .or_else(|| first_of_git(|level| &level.exclude))
                .or_else(|| Some(said(&self.user, path, is_folder)))
        };
        first(|level| &level.named)
            .or_else(|| first(|level| &level.dot_ignore))
            .or_else(|| in_git.then(of_git).flatten())
            .unwrap_or(Said::Nothing)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Nothing,
    Out,
    In,
}

fn said(rules: &Gitignore, path: &Path, is_folder: bool) -> Said {
    if rules.is_empty() {
        return Said::Nothing;
    }
    let said: Match<&Glob> = rules.matched(path, is_folder);
    said_by(&said)
}

fn said_by<T>(said: &Match<T>) -> Said {
    match said {
        Match::None => Said::Nothing,
        Match::Ignore(_) => Said::Out,
        Match::Whitelist(_) => Said::In,
    }
}

fn is_hidden(entry: &Entry) -> bool {
    entry.name().as_encoded_bytes().first() == Some(&b'.')
}
