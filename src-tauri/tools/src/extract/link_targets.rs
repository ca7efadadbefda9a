//! Where a link leads that isn't made yet, seen through all others. What is on disk is looked at by whoever
//! asks.

use std::{
    collections::VecDeque,
    ffi::OsString,
    path::{Component, Path, PathBuf},
};

/// How many links are gone through before it is called a circle, as systems do.
const MOST_LINKS: usize = 40;

/// Whether a link in `parent`, a way without links, that says `target` leads nowhere outside. `lookup`
/// tells what a link says, if there is one at a way.
pub fn stays_inside(
    parent: &Path,
    target: &Path,
    lookup: impl Fn(&Path) -> Option<PathBuf>,
) -> bool {
    let mut at = parent.to_owned();
    let mut to_go: VecDeque<OsString> = VecDeque::new();
    if target.as_os_str().is_empty() || !push_in_front(target, &mut to_go) {
        return false;
    }
    let mut links = 0;
    while let Some(part) = to_go.pop_front() {
        if part == ".." {
            if !at.pop() {
                return false;
            }
            continue;
        }
        at.push(&part);
        if let Some(says) = lookup(&at) {
            at.pop();
            links += 1;
            if links > MOST_LINKS || !push_in_front(&says, &mut to_go) {
                return false;
            }
        }
    }
    true
}

/// The parts of a path, to be gone next; not if it is a whole one.
fn push_in_front(path: &Path, to_go: &mut VecDeque<OsString>) -> bool {
    for part in path.components().rev() {
        match part {
            Component::Prefix(_) | Component::RootDir => return false,
            Component::CurDir => {}
            Component::ParentDir => to_go.push_front("..".into()),
            Component::Normal(name) => to_go.push_front(name.to_owned()),
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{collections::HashMap, fs};

    #[test]
    fn a_link_is_seen_through_the_others() {
        let links = HashMap::from([
            (PathBuf::from("d/up"), PathBuf::from("..")),
            (PathBuf::from("here"), PathBuf::from(".")),
            (PathBuf::from("a"), PathBuf::from("b")),
            (PathBuf::from("b"), PathBuf::from("a")),
        ]);
        let stays = |parent: &str, target: &str| {
            stays_inside(parent.as_ref(), target.as_ref(), |way| {
                links.get(way).cloned()
            })
        };
        for (parent, target) in [("", "x"), ("d", "../x"), ("d/e", "../../x"), ("", "d/up/x")] {
            assert!(stays(parent, target), "{parent} {target}");
        }
        for (parent, target) in [
            ("", ".."),
            ("", "/etc"),
            ("d", "../../x"),
            ("", "d/up/.."),
            ("", "here/.."),
            ("", "x/../.."),
            ("", "a/x"),
            ("", ""),
        ] {
            assert!(!stays(parent, target), "{parent} {target}");
        }
    }

    #[cfg(unix)]
    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        /// The system itself is the judge: with all links made that are allowed, none resolves to a
        /// place outside.
        #[test]
        fn no_set_of_allowed_links_leads_out(
            links in proptest::collection::btree_map(
                proptest::sample::select(vec!["a", "b", "d/c", "d/e/f", "d/g"]),
                "(\\.\\./|a/|b/|c/|d/|e/|f/|g/|\\./){1,5}",
                1..5),
        ) {
            let outer = tempfile::tempdir().unwrap();
            let root = outer.path().canonicalize().unwrap().join("in");
            fs::create_dir_all(root.join("d/e")).unwrap();
            let says: HashMap<PathBuf, PathBuf> = links
                .iter()
                .map(|(way, target)| (PathBuf::from(way), PathBuf::from(target.trim_end_matches('/'))))
                .collect();
            let mut made = Vec::new();
            for (way, target) in &says {
                if stays_inside(way.parent().unwrap(), target, |way| says.get(way).cloned()) {
                    std::os::unix::fs::symlink(target, root.join(way)).unwrap();
                    made.push(root.join(way));
                }
            }
            for link in made {
                if let Ok(led) = link.canonicalize() {
                    prop_assert!(led.starts_with(&root), "{link:?} leads to {led:?}: {says:?}");
                }
            }
        }
    }
}
