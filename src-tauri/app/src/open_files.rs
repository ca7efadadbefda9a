//! How many files the process may have open: what the system lets it, and not what it begins with.

/// Raises the limit to what may be had without asking anybody. Where that fails, the limit stays,
/// and health says how near it is.
#[cfg(unix)]
pub fn allow_as_many_as_possible() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let before = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: before.maximum,
        maximum: before.maximum,
    };
    if before.current != raised.current {
        let _ = setrlimit(Resource::Nofile, raised);
    }
}

/// Nothing to raise here: the system has no such limit.
#[cfg(not(unix))]
pub const fn allow_as_many_as_possible() {}

#[cfg(all(test, unix))]
mod tests {
    use rustix::process::{Resource, getrlimit};

    #[test]
    fn as_many_files_may_be_open_as_the_system_allows() {
        super::allow_as_many_as_possible();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!(limit.current, limit.maximum);
    }
}
