//! What is written, and what is left when it isn't finished.

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    thread,
    time::{Duration, SystemTime},
};

use super::Bench;
use crate::{OutputDir, Overwrite};

#[test]
fn a_file_that_is_not_finished_leaves_nothing() {
    let bench = Bench::new();
    let output = bench.output("open/new");
    let mut file = bench.ctx.create(&output, Overwrite::Refuse).unwrap();
    file.write_all(b"half").unwrap();
    assert_eq!(bench.names("open").len(), 3);
    drop(file);
    assert_eq!(bench.names("open"), ["deep", "file"]);
    let panicked = thread::scope(|scope| {
        let work = || {
            let _file = bench.ctx.create(&output, Overwrite::Refuse).unwrap();
            std::panic::resume_unwind(Box::new("in the middle"));
        };
        scope.spawn(work).join().is_err()
    });
    assert!(panicked);
    assert_eq!(bench.names("open"), ["deep", "file"]);
}

#[test]
fn what_stands_there_stays_or_is_replaced_or_both_are_kept() {
    let bench = Bench::new();
    let write = |overwrite| {
        let mut file = bench.ctx.create(&bench.output("open/file"), overwrite)?;
        file.write_all(b"new").unwrap();
        file.finish()
    };
    fs::set_permissions(bench.path("open/file"), fs::Permissions::from_mode(0o640)).unwrap();
    let refused = write(Overwrite::Refuse).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::AlreadyExists);
    assert_eq!(bench.read(bench.path("open/file")).unwrap(), "open");
    for number in 2..5 {
        let name = bench.path(&format!("open/file ({number})"));
        assert_eq!(write(Overwrite::KeepBoth).unwrap(), name);
    }
    assert_eq!(write(Overwrite::Replace).unwrap(), bench.path("open/file"));
    assert_eq!(bench.read(bench.path("open/file")).unwrap(), "new");
    // Who might read the old one may read the new one, and nobody else.
    let mode = fs::metadata(bench.path("open/file"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(bench.names("open").len(), 5);
}

#[test]
fn of_many_that_take_one_name_at_once_one_gets_it_and_none_is_lost_when_all_are_kept() {
    let bench = Bench::new();
    let race = |overwrite| {
        thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    let folder = bench.open();
                    scope.spawn(move || {
                        let file = folder.create("raced.tar.gz", overwrite).unwrap();
                        file.without_sync().finish().is_ok()
                    })
                })
                .collect();
            let ends = threads.into_iter().map(|thread| thread.join().unwrap());
            ends.filter(|is_written| *is_written).count()
        })
    };
    for _ in 0..20 {
        assert_eq!(race(Overwrite::Refuse), 1);
        assert_eq!(race(Overwrite::KeepBoth), 8);
        assert_eq!(bench.names("open").len(), 2 + 9);
        for name in bench.names("open") {
            if name.starts_with("raced") {
                fs::remove_file(bench.path("open").join(name)).unwrap();
            }
        }
    }
}

#[test]
fn times_and_modes_are_set_before_the_name_is_taken() {
    let bench = Bench::new();
    let time = SystemTime::UNIX_EPOCH + Duration::new(1_000_000_000, 500);
    let output = bench.output("open/new");
    let mut file = bench.ctx.create(&output, Overwrite::Refuse).unwrap();
    file.set_modified(time);
    file.set_mode(0o751);
    let path = file.finish().unwrap();
    let told = bench
        .ctx
        .input(&path.try_into().unwrap())
        .unwrap()
        .metadata()
        .unwrap();
    assert_eq!((told.modified, told.mode), (Some(time), Some(0o751)));
    let folder = bench.open();
    let earlier = SystemTime::UNIX_EPOCH - Duration::new(5, 500_000_000);
    folder.set_modified("deep", earlier).unwrap();
    folder.set_mode("deep", 0o700).unwrap();
    let told = folder.metadata("deep").unwrap();
    assert_eq!((told.modified, told.mode), (Some(earlier), Some(0o700)));
}

#[test]
fn a_resumed_file_goes_on_where_it_was_and_is_whole_in_the_end() {
    let bench = Bench::new();
    let folder = bench.open();
    let mut file = folder.resume("big", Overwrite::Refuse).unwrap();
    assert!(file.is_empty().unwrap());
    file.write_all(b"first ").unwrap();
    drop(file);
    assert_eq!(bench.names("open"), ["big.partial", "deep", "file"]);
    let mut file = folder.resume("big", Overwrite::Refuse).unwrap();
    assert_eq!(file.len().unwrap(), 6);
    file.write_all(b"second").unwrap();
    file.finish().unwrap();
    assert_eq!(bench.read(bench.path("open/big")).unwrap(), "first second");
    folder.resume("other", Overwrite::Refuse).unwrap().discard();
    assert_eq!(bench.names("open"), ["big", "deep", "file"]);
    bench.link(bench.path("closed/file"), "open/big.partial");
    assert!(folder.resume("big", Overwrite::Replace).is_err());
}

#[test]
fn a_file_becomes_a_link_to_another_without_ever_being_absent() {
    let bench = Bench::new();
    let folder = bench.open();
    assert!(
        folder
            .hard_link("file", &folder, "deep/file", Overwrite::Refuse)
            .is_err()
    );
    for _ in 0..2 {
        // The second time both are one file already.
        let replace = Overwrite::Replace;
        folder
            .hard_link("file", &folder, "deep/file", replace)
            .unwrap();
        assert_eq!(bench.names("open/deep"), ["file"]);
    }
    let (one, other) = (folder.metadata("file"), folder.metadata("deep/file"));
    assert_eq!(one.unwrap().id, other.unwrap().id);
    folder
        .rename("file", &folder, "deep/moved", Overwrite::Refuse)
        .unwrap();
    assert!(
        folder
            .rename("deep/file", &folder, "deep/moved", Overwrite::Refuse)
            .is_err()
    );
    folder.remove_file("deep/moved").unwrap();
    assert!(folder.remove_dir("deep").is_err());
    folder.remove_file("deep/file").unwrap();
    folder.remove_dir("deep").unwrap();
    assert!(bench.names("open").is_empty());
}

#[test]
fn an_output_that_is_hopeless_is_told_before_the_work() {
    let bench = Bench::new();
    let told = |name: &str, overwrite| {
        let output = bench.ctx.output(&bench.output(name), overwrite);
        output.map(drop).map_err(|error| error.kind())
    };
    use std::io::ErrorKind::{
        AlreadyExists, IsADirectory, NotADirectory, NotFound, PermissionDenied,
    };
    assert_eq!(told("open/new", Overwrite::Refuse), Ok(()));
    assert_eq!(told("open/file", Overwrite::Refuse), Err(AlreadyExists));
    assert_eq!(told("open/file", Overwrite::KeepBoth), Ok(()));
    assert_eq!(told("open/deep", Overwrite::Replace), Err(IsADirectory));
    assert_eq!(told("open/new/", Overwrite::Replace), Err(IsADirectory));
    assert_eq!(told("open/missing/new", Overwrite::Refuse), Err(NotFound));
    assert_eq!(told("open/file/new", Overwrite::Refuse), Err(NotADirectory));
    assert_eq!(told("closed/new", Overwrite::Refuse), Err(PermissionDenied));
    assert_eq!(
        told("open/../new", Overwrite::Refuse),
        Err(PermissionDenied)
    );
}

#[test]
fn a_folder_to_write_into_is_made_with_all_above_it_but_not_outside() {
    let bench = Bench::new();
    bench.link("../closed", "open/folder");
    bench.link("nowhere", "open/dangling");
    let made = |name: &str| {
        let path = OutputDir::try_from(bench.path(name)).unwrap();
        bench
            .ctx
            .output_dir(&path)
            .map(|folder| folder.path().to_owned())
    };
    assert_eq!(made("open/a/b/c").unwrap(), bench.path("open/a/b/c"));
    assert!(bench.path("open/a/b/c").is_dir());
    assert_eq!(made("open").unwrap(), bench.path("open"));
    for name in ["closed/new", "open/folder/new", "open/../new"] {
        assert!(made(name).unwrap_err().is_not_allowed(), "{name}");
    }
    for name in [
        "open/file",
        "open/file/new",
        "open/dangling/new",
        "open/x/../../new",
    ] {
        assert!(made(name).is_err(), "{name}");
    }
    assert_eq!(bench.names("closed"), ["file"]);
    assert_eq!(bench.names(""), ["closed", "open"]);
}

#[test]
fn scratch_space_is_one_folder_and_goes_with_the_job() {
    let bench = Bench::new();
    let folder = bench.ctx.temp_dir().unwrap();
    let path = folder.path().to_owned();
    folder
        .create("x", Overwrite::Refuse)
        .unwrap()
        .finish()
        .unwrap();
    assert_eq!(bench.ctx.clone().temp_dir().unwrap().path(), path);
    drop((bench.ctx, folder));
    assert!(!path.exists());
}
