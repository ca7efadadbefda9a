//! Walks find what is there, and say what they leave out.

mod at_hand;
mod rules;

use std::{
    os::unix::fs::symlink,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use super::*;
use crate::{FileKind, JobId, Roots, SkipReason, testing::TestFolder};

fn ctx() -> ToolExecutionContext {
    ToolExecutionContext::new(JobId("j".into()))
}

fn walk<'a>(ctx: &'a ToolExecutionContext, folder: &Path) -> Walk<'a> {
    ctx.walk(&[InputPath::try_from(folder.to_owned()).unwrap()])
        .unwrap()
}

fn found(listing: &Listing) -> Vec<String> {
    let relative = |entry: &Entry| entry.relative().to_string_lossy().into_owned();
    listing.entries.iter().map(relative).collect()
}

fn reasons(listing: &Listing, folder: &TestFolder) -> Vec<(String, SkipReason)> {
    let root = format!("{}/", folder.path().display());
    let skipped = listing.skipped.iter();
    skipped
        .map(|skipped| (skipped.path.replace(&root, ""), skipped.reason))
        .collect()
}

#[test]
fn everything_is_found_in_the_order_of_names_whatever_the_threads() {
    let folder = TestFolder::new();
    for index in 0..500 {
        // One large folder, and many small ones, with names that sort oddly beside each other.
        folder.write(format!("large/{index}"), "");
        folder.write(format!("small/{}/{}/f", index % 40, index % 7), "");
    }
    for name in ["a.b", "a/c", "a b", "a-/d", "ä"] {
        folder.write(name, "");
    }
    let expected: Vec<_> = walkdir::WalkDir::new(folder.path())
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap().path().to_owned())
        .collect();
    for threads in [1, 2, 7] {
        let ctx = ctx();
        let listing = walk(&ctx, folder.path())
            .threads(threads)
            .folders()
            .metadata()
            .list()
            .unwrap();
        let paths: Vec<_> = listing.entries.iter().map(Entry::path).collect();
        assert_eq!(paths, expected);
        assert_eq!(ctx.progress.sample().done, expected.len() as u64);
        assert!(listing.entries.is_sorted());
        assert_eq!((listing.paths_read, listing.skipped.len()), (1, 0));
    }
}

#[test]
fn paths_keep_their_order_and_what_is_missing_stands_in_its_place() {
    let folder = TestFolder::new();
    folder.write("b", "");
    folder.write("a/x", "");
    let paths = ["b", "missing", "a", "b"].map(|name| folder.join(name).try_into().unwrap());
    let ctx = ctx();
    let listing = ctx.walk(&paths).unwrap().list().unwrap();
    let paths: Vec<_> = listing.entries.iter().map(Entry::path).collect();
    assert_eq!(paths, ["b", "a/x", "b"].map(|name| folder.join(name)));
    assert_eq!(listing.entries[1].relative(), Path::new("x"));
    assert_eq!(listing.entries[0].relative(), Path::new(""));
    assert_eq!(listing.paths_read, 3);
    assert_eq!(
        reasons(&listing, &folder),
        [("missing".into(), SkipReason::NotFound)]
    );
}

#[test]
fn links_are_left_out_followed_or_given_and_never_lead_out() {
    let outside = TestFolder::new();
    outside.write("secret", "");
    let folder = TestFolder::new();
    folder.write("file", "");
    folder.write("deep/er/file", "");
    for (target, link) in [
        ("file", "to-file"),
        ("deep", "to-folder"),
        ("../..", "deep/er/loop"),
        ("own", "own"),
        ("nowhere", "dangling"),
    ] {
        symlink(target, folder.join(link)).unwrap();
    }
    symlink(outside.path(), folder.join("out")).unwrap();
    let ctx = ToolExecutionContext {
        roots: Roots::within([folder.path()]).unwrap(),
        ..ctx()
    };
    let walk = |links| walk(&ctx, folder.path()).links(links).list().unwrap();
    use SkipReason::{LinkLoop, PathNotAllowed, SymbolicLink};
    let told = |name: &str, reason| (name.to_owned(), reason);

    let skipping = walk(Links::Skip);
    assert_eq!(found(&skipping), ["deep/er/file", "file"]);
    assert!(reasons(&skipping, &folder).contains(&told("to-file", SymbolicLink)));

    let following = walk(Links::Follow);
    let expected = ["deep/er/file", "file", "to-file", "to-folder/er/file"];
    assert_eq!(found(&following), expected);
    let reasons = reasons(&following, &folder);
    for expected in [
        told("deep/er/loop", LinkLoop),
        told("to-folder/er/loop", LinkLoop),
        told("out", PathNotAllowed),
    ] {
        assert!(reasons.contains(&expected), "{expected:?} in {reasons:?}");
    }
    assert_eq!(following.entries[2].kind(), FileKind::File);
    assert!(following.entries[2].open().is_ok());

    let giving = walk(Links::Give);
    let links = giving
        .entries
        .iter()
        .filter(|entry| entry.kind() == FileKind::Link);
    assert_eq!(links.count(), 6);
    assert_eq!(giving.entries[0].read_link().unwrap(), Path::new("nowhere"));
}

#[test]
fn the_deepest_tree_is_walked_although_no_path_is_as_long() {
    let folder = TestFolder::new();
    let name = "n".repeat(200);
    let mut here = ctx()
        .input(&folder.path().to_owned().try_into().unwrap())
        .unwrap()
        .open_folder()
        .unwrap();
    // Four times as long as a path may be.
    for _ in 0..80 {
        here = here.create_dir_all(&name).unwrap();
    }
    here.create("file", crate::Overwrite::Refuse)
        .unwrap()
        .finish()
        .unwrap();
    let ctx = ctx();
    let listing = walk(&ctx, folder.path()).metadata().list().unwrap();
    assert_eq!(reasons(&listing, &folder), []);
    assert_eq!(listing.entries[0].relative().components().count(), 81);
    assert!(listing.entries[0].open().is_ok());
}

#[test]
fn a_cancel_is_heard_between_entries_and_keeps_what_was_gathered() {
    let folder = TestFolder::new();
    for index in 0..1_000 {
        folder.write(format!("{}/{index}", index % 10), "");
    }
    let ctx = ctx();
    let seen = AtomicUsize::new(0);
    let visited = walk(&ctx, folder.path()).threads(4).visit(|| Counting {
        ctx: &ctx,
        all: &seen,
        own: 0,
    });
    assert_eq!(visited.end, Err(ToolError::canceled()));
    let kept: usize = visited.visitors.iter().map(|visitor| visitor.own).sum();
    assert_eq!(kept, seen.into_inner());
    // Each of the other threads may have been between looking and giving.
    assert!((100..104).contains(&kept), "{kept}");
}

struct Counting<'a> {
    ctx: &'a ToolExecutionContext,
    all: &'a AtomicUsize,
    own: usize,
}

impl Visitor for Counting<'_> {
    fn visit(&mut self, _: Found) -> Result<(), ToolError> {
        self.own += 1;
        if self.all.fetch_add(1, Ordering::Relaxed) + 1 == 100 {
            self.ctx.cancel.cancel();
        }
        Ok(())
    }
}

#[test]
fn what_one_visitor_fails_with_ends_the_walk_of_all() {
    let folder = TestFolder::new();
    for index in 0..200 {
        folder.write(format!("{index}/f"), "");
    }
    let ctx = ctx();
    let visited = walk(&ctx, folder.path()).threads(4).visit(|| {
        |found: Found| match found {
            Found::Entry(entry) if entry.path().ends_with("77/f") => Err(ToolError::Paused),
            _ => Ok(()),
        }
    });
    assert_eq!(visited.end, Err(ToolError::Paused));
}

#[test]
fn a_visitor_that_panics_holds_up_nobody() {
    let folder = TestFolder::new();
    for index in 0..200 {
        folder.write(format!("{index}/f"), "");
    }
    let ctx = ctx();
    let walking = std::panic::AssertUnwindSafe(|| {
        walk(&ctx, folder.path()).threads(4).visit(|| {
            |_: Found| -> Result<(), ToolError> {
                std::panic::resume_unwind(Box::new("in the middle"))
            }
        })
    });
    assert!(std::panic::catch_unwind(walking).is_err());
}

#[test]
fn files_of_ours_that_are_not_finished_are_left_out_and_reported() {
    let folder = TestFolder::new();
    let output = folder.join("new").try_into().unwrap();
    let ctx = ctx();
    let file = ctx.create(&output, crate::Overwrite::Refuse).unwrap();
    let listing = walk(&ctx, folder.path()).list().unwrap();
    assert!(listing.entries.is_empty());
    assert_eq!(listing.skipped[0].reason, SkipReason::Unfinished);
    file.finish().unwrap();
    assert_eq!(found(&walk(&ctx, folder.path()).list().unwrap()), ["new"]);
}

#[test]
fn a_filter_leaves_out_whole_folders() {
    let folder = TestFolder::new();
    for name in ["a/x", "a/y", "b/x", "x"] {
        folder.write(name, "");
    }
    let ctx = ctx();
    let listing = walk(&ctx, folder.path())
        .filter(|entry| entry.name() != "a" && entry.name() != "y")
        .list();
    assert_eq!(found(&listing.unwrap()), ["b/x", "x"]);
}
