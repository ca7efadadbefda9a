//! Reading and writing are two things: whoever may do one may not do the other.

use std::{fs, path::PathBuf};

use toolroom_shared::ErrorCode;

use super::{Bench, SECRET};
use crate::{Access, OutputDir, Overwrite, PathError, Permission, Reach, ToolError};

fn code(error: PathError) -> ErrorCode {
    match ToolError::from(error) {
        ToolError::Failed(failed) => failed.error.code,
        other => panic!("{other:?}"),
    }
}

/// A bench whose job may read and write there.
fn bench(read: &[&str], write: &[&str]) -> Bench {
    let mut bench = Bench::new();
    let reach = |names: &[&str]| {
        let top = bench.path("").canonicalize().unwrap();
        Reach::Within(names.iter().map(|name| top.join(name)).collect())
    };
    let access = Access {
        read: reach(read),
        write: reach(write),
        ..Access::everything()
    };
    bench.ctx = bench.ctx.clone().confined(access);
    bench
}

fn dir(path: PathBuf) -> OutputDir {
    path.try_into().unwrap()
}

#[test]
fn a_folder_to_read_takes_no_change_whatever_it_is_asked() {
    let bench = bench(&["open"], &["closed"]);
    let open = bench.open();
    let closed = bench.ctx.output_dir(&dir(bench.path("closed"))).unwrap();
    let refused = [
        open.create("new", Overwrite::Refuse).err(),
        open.resume("new", Overwrite::Refuse).err(),
        open.create_dir_all("a/b").err(),
        open.remove_file("file").err(),
        open.remove_dir("deep").err(),
        open.rename("file", &open, "new", Overwrite::Refuse).err(),
        open.rename("file", &closed, "new", Overwrite::Refuse).err(),
        closed.rename("file", &open, "new", Overwrite::Refuse).err(),
        open.hard_link("file", &closed, "new", Overwrite::Refuse)
            .err(),
        closed
            .hard_link("file", &open, "new", Overwrite::Refuse)
            .err(),
        open.symlink("file", "new").err(),
        open.set_mode("file", 0o600).err(),
        open.dir_to_change().err(),
        bench
            .ctx
            .create(&bench.output("open/new"), Overwrite::Refuse)
            .err(),
        bench.ctx.output_dir(&dir(bench.path("open/a"))).err(),
    ];
    for refusal in refused {
        assert_eq!(code(refusal.unwrap()), ErrorCode::PathNotAllowed);
    }
    assert_eq!(bench.names("open"), ["deep", "file"]);
    assert_eq!(bench.names("closed"), ["file"]);
    assert_eq!(bench.read(bench.path("open/file")).unwrap(), "open");
}

#[test]
fn a_folder_to_write_in_gives_nothing_away() {
    let bench = bench(&["open"], &["closed"]);
    let closed = bench.ctx.output_dir(&dir(bench.path("closed"))).unwrap();
    let refused = [
        closed.open("file").err(),
        closed.entries().err(),
        closed.read_link("file").err(),
        closed.open_own("file").err(),
        closed.place("file").unwrap().open().err(),
        bench.read(bench.path("closed/file")).err(),
    ];
    for refusal in refused {
        assert_eq!(code(refusal.unwrap()), ErrorCode::PathNotAllowed);
    }
    let mut new = closed.create("new", Overwrite::Refuse).unwrap();
    std::io::Write::write_all(&mut new, b"new").unwrap();
    new.finish().unwrap();
    assert_eq!(fs::read(bench.path("closed/new")).unwrap(), b"new");
    assert_eq!(
        fs::read_to_string(bench.path("closed/file")).unwrap(),
        SECRET
    );
}

#[test]
fn one_file_that_is_allowed_opens_neither_its_folder_nor_its_neighbours() {
    let bench = bench(&["open/deep/file"], &[]);
    assert_eq!(bench.read(bench.path("open/deep/file")).unwrap(), "deep");
    let place = bench
        .ctx
        .input(&bench.path("open/deep/file").try_into().unwrap());
    let folder = place.unwrap().parent().unwrap();
    fs::write(bench.path("open/deep/other"), SECRET).unwrap();
    for refusal in [
        folder.open("other").err(),
        folder.entries().err(),
        bench.read(bench.path("open/deep/other")).err(),
        bench.read(bench.path("open/file")).err(),
    ] {
        assert_eq!(code(refusal.unwrap()), ErrorCode::PathNotAllowed);
    }
}

#[test]
fn a_folder_that_is_yet_to_be_made_may_be_made_and_no_other() {
    let bench = bench(&[], &["open/new/deep"]);
    let made = bench
        .ctx
        .output_dir(&dir(bench.path("open/new/deep")))
        .unwrap();
    made.create("file", Overwrite::Refuse)
        .unwrap()
        .finish()
        .unwrap();
    assert_eq!(bench.names("open/new/deep"), ["file"]);
    for other in ["open/other", "open/new/other", "open"] {
        let refused = bench.ctx.output_dir(&dir(bench.path(other))).unwrap_err();
        assert_eq!(code(refused), ErrorCode::PathNotAllowed);
    }
    assert_eq!(bench.names("open/new"), ["deep"]);
}

#[test]
fn what_a_tool_does_not_declare_is_refused_by_that_name_and_scratch_space_is_open() {
    let mut bench = Bench::new();
    bench.ctx = bench.ctx.clone().confined(Access::declared(&[]));
    let refused = bench.read(bench.path("open/file")).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("doesn't declare that it reads")
    );
    assert_eq!(code(refused), ErrorCode::PermissionDenied);
    let output = bench.output("open/new");
    let refused = bench.ctx.create(&output, Overwrite::Refuse).unwrap_err();
    assert_eq!(code(refused), ErrorCode::PermissionDenied);
    let scratch = bench.ctx.temp_dir().unwrap();
    scratch
        .create("mine", Overwrite::Refuse)
        .unwrap()
        .finish()
        .unwrap();
    assert!(scratch.open("mine").is_ok());

    bench.ctx = bench
        .ctx
        .clone()
        .confined(Access::declared(&[Permission::ReadFiles]));
    assert_eq!(bench.read(bench.path("open/file")).unwrap(), "open");
    let refused = bench.open().remove_file("file").unwrap_err();
    assert_eq!(code(refused), ErrorCode::PermissionDenied);
}

#[test]
fn a_root_that_has_become_a_link_leads_nowhere() {
    let bench = bench(&["open/deep"], &["open/deep"]);
    fs::remove_dir_all(bench.path("open/deep")).unwrap();
    bench.link(bench.path("closed"), "open/deep");
    let access = Access::clone(&bench.ctx.access);
    let mut again = bench;
    again.ctx = again.ctx.clone().confined(access);
    for name in ["open/deep/file", "closed/file"] {
        let refused = again.read(again.path(name)).unwrap_err();
        assert_eq!(code(refused), ErrorCode::PathNotAllowed);
    }
    let refused = again
        .ctx
        .output_dir(&dir(again.path("open/deep")))
        .unwrap_err();
    assert_eq!(code(refused), ErrorCode::PathNotAllowed);
    assert_eq!(again.names("closed"), ["file"]);
}
