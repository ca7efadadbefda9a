//! What a job may reach: where it may read and write, which servers it may ask, whether it may start
//! programs. Plain data; `files`, `http` and `child` hold the job to it.
//!
//! Who may reach what is decided by the engine, before a job is queued.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use toolroom_shared::{ErrorCode, HostPattern, Permission};

use crate::ToolError;

/// Where a job may read, or where it may write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nowhere: its tool doesn't declare that it does such a thing.
    Nowhere,
    /// These files and folders and what is below them, as whole paths without links and `..`.
    Within(Arc<[PathBuf]>),
    /// Everywhere that the system lets it.
    Everywhere,
}

impl Reach {
    /// Whether a whole path without links and `..` is in reach, whatever is there.
    #[must_use]
    pub fn covers(&self, path: &Path) -> bool {
        match self {
            Self::Nowhere => false,
            Self::Within(all) => all.iter().any(|allowed| path.starts_with(allowed)),
            Self::Everywhere => true,
        }
    }

    /// Whether a folder is in reach, or has something in it that is.
    pub(crate) fn leads_through(&self, path: &Path) -> bool {
        match self {
            Self::Within(all) => all
                .iter()
                .any(|allowed| path.starts_with(allowed) || allowed.starts_with(path)),
            _ => self.covers(path),
        }
    }
}

/// Which servers a job may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// None: its tool doesn't declare that it uses the network.
    None,
    /// These.
    Only(Arc<[HostPattern]>),
    /// All.
    All,
}

impl Hosts {
    /// Whether a server may be asked. `host` is as it stands in an address.
    #[must_use]
    pub fn allow(&self, host: &str, port: u16) -> bool {
        match self {
            Self::None => false,
            Self::Only(hosts) => hosts.iter().any(|pattern| pattern.matches(host, port)),
            Self::All => true,
        }
    }
}

/// What a job may reach. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Where it may read.
    pub read: Reach,
    /// Where it may write. Its scratch space is open to every job.
    pub write: Reach,
    /// Which servers it may ask.
    pub hosts: Hosts,
    /// Whether it may start programs.
    pub spawn: bool,
}

impl Access {
    /// Everything that the system allows.
    #[must_use]
    pub const fn everything() -> Self {
        Self {
            read: Reach::Everywhere,
            write: Reach::Everywhere,
            hosts: Hosts::All,
            spawn: true,
        }
    }

    /// Everything of the kinds that a tool declares, and nothing of any other kind.
    #[must_use]
    pub fn declared(permissions: &[Permission]) -> Self {
        Self::everything().narrowed(permissions)
    }

    /// The same without the kinds that a tool doesn't declare.
    #[must_use]
    pub fn narrowed(mut self, permissions: &[Permission]) -> Self {
        let declares = |permission| permissions.contains(&permission);
        if !declares(Permission::ReadFiles) {
            self.read = Reach::Nowhere;
        }
        if !declares(Permission::WriteFiles) {
            self.write = Reach::Nowhere;
        }
        if !declares(Permission::Connect) {
            self.hosts = Hosts::None;
        }
        self.spawn &= declares(Permission::Spawn);
        self
    }

    pub(crate) fn check_spawn(&self, program: &str) -> Result<(), ToolError> {
        if self.spawn {
            return Ok(());
        }
        Err(ToolError::failed(
            ErrorCode::PermissionDenied,
            format!(
                "The program {program} was not started: this job may not start programs. Either its tool doesn't declare that it does, or who started the job may not."
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Permission; 4] = [
        Permission::ReadFiles,
        Permission::WriteFiles,
        Permission::Connect,
        Permission::Spawn,
    ];

    proptest! {
        #[test]
        fn a_job_reaches_what_its_tool_declares_and_nothing_else(
            declared in proptest::sample::subsequence(ALL.to_vec(), 0..=4)
        ) {
            let access = Access::declared(&declared);
            let path = Path::new("/a");
            let reached = [
                access.read.covers(path),
                access.write.covers(path),
                access.hosts.allow("example.org", 443),
                access.check_spawn("sh").is_ok(),
            ];
            prop_assert_eq!(reached, ALL.map(|permission| declared.contains(&permission)));
        }
    }

    #[test]
    fn a_name_that_only_begins_alike_is_out_of_reach() {
        let reach = Reach::Within([PathBuf::from("/a/b")].into());
        for (path, is_covered) in [
            ("/a/b", true),
            ("/a/b/c", true),
            ("/a/bc", false),
            ("/a", false),
        ] {
            assert_eq!(reach.covers(Path::new(path)), is_covered, "{path}");
        }
        assert!(reach.leads_through(Path::new("/a")) && !reach.leads_through(Path::new("/b")));
    }
}
