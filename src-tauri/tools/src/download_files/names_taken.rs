//! Which names the downloads of one job have taken, so that no two write to one file.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use toolroom_toolkit::Overwrite;

use super::names::numbered;

/// The names that are taken.
#[derive(Debug, Default)]
pub struct NamesTaken {
    names: Mutex<HashSet<String>>,
}

impl NamesTaken {
    /// Takes `name`, or one with a number if both are to be kept. None if another download has it.
    pub fn take(&self, name: &str, overwrite: Overwrite) -> Option<String> {
        let mut names = self.names();
        let mut try_to_take = |name: String| {
            let is_free = [key(&name), partial(&name)]
                .iter()
                .all(|key| !names.contains(key));
            is_free.then(|| {
                names.extend([key(&name), partial(&name)]);
                name
            })
        };
        match overwrite {
            Overwrite::KeepBoth => std::iter::once(name.to_owned())
                .chain((2..10_000).map(|number| numbered(name, number)))
                .find_map(try_to_take),
            Overwrite::Refuse | Overwrite::Replace => try_to_take(name.to_owned()),
        }
    }

    /// Gives a name back.
    pub fn give_back(&self, name: &str) {
        let mut names = self.names();
        names.remove(&key(name));
        names.remove(&partial(name));
    }

    fn names(&self) -> MutexGuard<'_, HashSet<String>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where capitals make no difference, they make none here.
fn key(name: &str) -> String {
    name.to_lowercase()
}

/// What it is called until it is whole is taken too.
fn partial(name: &str) -> String {
    key(name) + ".partial"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_once_until_it_is_given_back() {
        let taken = NamesTaken::default();
        let refuse = |name| taken.take(name, Overwrite::Refuse);
        assert_eq!(refuse("a.txt").as_deref(), Some("a.txt"));
        assert_eq!(refuse("A.TXT"), None);
        assert_eq!(refuse("a.txt.partial"), None);
        let both = |name| taken.take(name, Overwrite::KeepBoth);
        assert_eq!(both("a.txt").as_deref(), Some("a (2).txt"));
        assert_eq!(both("a.txt").as_deref(), Some("a (3).txt"));
        taken.give_back("a.txt");
        assert_eq!(refuse("A.txt").as_deref(), Some("A.txt"));
    }
}
