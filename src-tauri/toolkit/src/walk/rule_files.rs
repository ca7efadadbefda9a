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
    Roots,
    files::{Spot, resolve},
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

    /// The rules above the path that a walk begins at.
    pub(super) fn above(&self, roots: &Roots, start: &Entry) -> Option<Arc<Level>> {
        if !self.options.parents {
            return None;
        }
        let path = start.logical();
        let mut folders: Vec<_> = path.ancestors().skip(1).collect();
        folders.reverse();
        let mut level = None;
        for folder in folders {
            // What the job may not read says nothing.
            if let Ok(place) = resolve(roots, folder) {
                level = self.level(level, place.spot(), folder, &|_| true);
            }
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
        let (mut git, mut exclude, mut is_repository) =
            (Gitignore::empty(), Gitignore::empty(), false);
        if options.git {
            git = read(&[GIT_IGNORE.as_ref()]);
            let known = |name: &str| Spot::new(folder.base.clone(), folder.way.join(name));
            is_repository = has(GIT.as_ref()) && known(GIT).metadata().is_ok();
            if is_repository {
                exclude = lines_of(folder, path, &[GIT_EXCLUDE.as_ref()], &|_| true);
            }
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
