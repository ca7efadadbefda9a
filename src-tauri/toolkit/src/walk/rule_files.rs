//! Reads the ignore files of a folder, by its handle, and of the folders above where a walk begins.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read},
    path::Path,
    sync::Arc,
};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{
    Entry,
    branch::Branch,
    reading::Names,
    rules::{Level, Rules},
};
use crate::{
    Place, Roots,
    files::{Spot, Use, resolve},
};

const GIT: &str = ".git";
const GIT_IGNORE: &str = ".gitignore";
const GIT_EXCLUDE: &str = ".git/info/exclude";
const DOT_IGNORE: &str = ".ignore";
/// More than anybody writes by hand.
const MOST_BYTES: u64 = 16 << 20;

impl Rules {
    /// The rules in a folder of a walk whose names are known: those above it, and its own if it has any.
    pub(super) fn below(
        &self,
        above: Option<Arc<Level>>,
        branch: &Branch,
        names: &Names,
    ) -> Option<Arc<Level>> {
        let has = |wanted: &OsStr| names.iter().any(|(name, _)| name == wanted);
        self.level(above, &branch.spot, &branch.logical(), &has)
    }

    /// The rules above the path that a walk begins at; or, if those aren't heeded, whether that is in a
    /// repository.
    pub(super) fn above(&self, roots: &Roots, start: &Entry) -> Option<Arc<Level>> {
        let path = start.logical();
        // What the job may not read says nothing.
        let place = |folder| Some((resolve(roots, Use::Read, folder).ok()?, folder));
        let mut folders: Vec<_> = path.ancestors().skip(1).filter_map(place).collect();
        if !self.options.parents {
            let has_git = |(place, _): &(Place, _)| is_repository(place.spot());
            return (self.options.git && folders.iter().any(has_git))
                .then(|| Arc::new(Level::in_repository()));
        }
        folders.reverse();
        let mut level = None;
        for (place, folder) in folders {
            level = self.level(level, place.spot(), folder, &|_| true);
        }
        level
    }

    fn level(
        &self,
        above: Option<Arc<Level>>,
        folder: &Spot,
        path: &Path,
        has: &dyn Fn(&OsStr) -> bool,
    ) -> Option<Arc<Level>> {
        let options = &self.options;
        let read = |names: &[&OsStr]| lines_of(folder, path, names, has);
        let own: Vec<&OsStr> = options.more_names.iter().map(AsRef::as_ref).collect();
        let named = read(&own);
        let dot_ignore = match options.dot_ignore {
            true => read(&[DOT_IGNORE.as_ref()]),
            false => Gitignore::empty(),
        };
        let has_repository = options.git && has(GIT.as_ref()) && is_repository(folder);
        // Where none is asked for, none is a border either.
        let is_repository = has_repository && options.require_git;
        let (mut git, mut exclude) = (Gitignore::empty(), Gitignore::empty());
        if options.git {
            git = read(&[GIT_IGNORE.as_ref()]);
        }
        if has_repository {
            exclude = lines_of(folder, path, &[GIT_EXCLUDE.as_ref()], &|_| true);
        }
        let says = [&named, &dot_ignore, &git, &exclude];
        if !is_repository && says.iter().all(|rules| rules.is_empty()) {
            return above;
        }
        let in_repository =
            is_repository || above.as_ref().is_some_and(|above| above.in_repository);
        Some(Arc::new(Level {
            above,
            named,
            dot_ignore,
            git,
            exclude,
            is_repository,
            in_repository,
        }))
    }
}

/// Whether a folder is a repository's own. In a working tree beside it `.git` is a file.
fn is_repository(folder: &Spot) -> bool {
    Spot::new(folder.base.clone(), folder.way.join(GIT))
        .metadata()
        .is_ok()
}

/// The rules in files of a folder, the later the stronger. A line that can't be understood says nothing,
/// nor does a file that can't be read.
fn lines_of(
    folder: &Spot,
    path: &Path,
    names: &[&OsStr],
    has: &dyn Fn(&OsStr) -> bool,
) -> Gitignore {
    let mut builder = GitignoreBuilder::new(path);
    let mut is_empty = true;
    for name in names.iter().filter(|name| has(name)) {
        let spot = Spot::new(folder.base.clone(), folder.way.join(name));
        let Ok(text) = spot.open().and_then(whole) else {
            continue;
        };
        is_empty = false;
        for line in text.trim_start_matches('\u{feff}').lines() {
            let _ = builder.add_line(Some(path.join(name)), line);
        }
    }
    if is_empty {
        return Gitignore::empty();
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

fn whole(file: File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
