//! What may be reached, whatever paths, links and swaps say; and what is written, whatever breaks off.

use std::{
    fs,
    io::{Read, Write},
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, SystemTime},
};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::{ErrorCode, InputPath, JobId, OutputDir, OutputPath, ToolError, ToolExecutionContext};

const SECRET: &str = "the secret";

/// `open/` is a root; `secret` beside it isn't in any.
struct Bench {
    folder: TempDir,
    ctx: ToolExecutionContext,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("open/deep")).unwrap();
        fs::create_dir(folder.path().join("closed")).unwrap();
        fs::write(folder.path().join("closed/file"), SECRET).unwrap();
        fs::write(folder.path().join("open/file"), "open").unwrap();
        fs::write(folder.path().join("open/deep/file"), "deep").unwrap();
        let ctx = ToolExecutionContext {
            roots: Roots::within([folder.path().join("open")]).unwrap(),
            ..ToolExecutionContext::new(JobId("j".into()))
        };
        Self { folder, ctx }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn link(&self, target: impl AsRef<Path>, name: &str) {
        symlink(target, self.path(name)).unwrap();
    }

    fn read(&self, path: impl Into<PathBuf>) -> Result<String, PathError> {
        let place = self.ctx.input(&InputPath::try_from(path.into()).unwrap())?;
        let mut text = String::new();
        place.open()?.read_to_string(&mut text).unwrap();
        Ok(text)
    }

    fn output(&self, name: &str) -> OutputPath {
        self.path(name).try_into().unwrap()
    }

    fn names(&self, name: &str) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.path(name))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[test]
fn links_and_dots_are_seen_through_and_what_they_lead_to_is_what_counts() {
    let bench = Bench::new();
    bench.link(bench.path("closed/file"), "open/absolute");
    bench.link("../closed/file", "open/up");
    bench.link("up", "open/link-to-link");
    bench.link("../closed", "open/folder");
    bench.link("/proc/self/root", "open/top");
    bench.link("deep/file", "open/inside");
    bench.link(bench.path("open"), "closed/way-in");
    let top = |path: PathBuf| PathBuf::from(format!("/proc/self/root{}", path.display()));
    let allowed = [
        (bench.path("open/file"), "open"),
        (bench.path("open/deep/../file"), "open"),
        (bench.path("open/deep/../../open/./deep/file"), "deep"),
        (bench.path("open/inside"), "deep"),
        (bench.path("closed/way-in/file"), "open"),
        (top(bench.path("open/file")), "open"),
    ];
    for (path, content) in allowed {
        assert_eq!(bench.read(&path).unwrap(), content, "{path:?}");
    }
    let refused = [
        bench.path("closed/file"),
        bench.path("open/../closed/file"),
        bench.path("open/absolute"),
        bench.path("open/up"),
        bench.path("open/link-to-link"),
        bench.path("open/folder/file"),
        bench.path("open/folder/missing"),
        bench.path("closed/missing"),
        bench.path("open/top").join("etc/passwd"),
        top(bench.path("closed/file")),
        "/etc/passwd".into(),
    ];
    for path in refused {
        let error = bench.read(&path).unwrap_err();
        assert!(error.is_not_allowed(), "{path:?}: {error}");
        let ToolError::Failed(failure) = ToolError::from(error) else {
            panic!("a refusal is a failure");
        };
        assert_eq!(failure.error.code, ErrorCode::PathNotAllowed);
        assert!(failure.error.message.contains(&*path.to_string_lossy()));
    }
}

#[test]
fn what_is_not_there_is_told_apart_from_what_is_not_allowed() {
    let bench = Bench::new();
    bench.link("nowhere", "open/dangling");
    bench.link("loop", "open/loop");
    let missing = bench.read(bench.path("open/missing")).unwrap_err();
    assert!(!missing.is_not_allowed());
    assert_eq!(Skipped::from(&missing).reason, SkipReason::NotFound);
    let reasons = [
        ("open/dangling", SkipReason::PathNotAllowed),
        ("open/loop", SkipReason::PathNotAllowed),
    ];
    for (name, reason) in reasons {
        // Where such a link would lead is not told inside bounds.
        let error = bench.read(bench.path(name)).unwrap_err();
        assert_eq!(Skipped::from(&error).reason, reason, "{name}");
    }
    let everywhere = ToolExecutionContext::new(JobId("j".into()));
    for (name, reason) in [
        ("open/dangling", SkipReason::DanglingLink),
        ("open/loop", SkipReason::LinkLoop),
    ] {
        let path = InputPath::try_from(bench.path(name)).unwrap();
        let error = everywhere.input(&path).unwrap_err();
        assert_eq!(Skipped::from(&error).reason, reason, "{name}");
    }
}

/// The most that is tried to lose a race.
const ROUNDS: usize = 100_000;

/// Swaps `open/way` between a folder and a link to what must not be read, as fast as it goes.
#[cfg(target_os = "linux")]
fn while_swapping(bench: &Bench, work: impl FnOnce()) {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    let is_over = AtomicBool::new(false);
    let (way, link) = (bench.path("open/way"), bench.path("open/link"));
    fs::create_dir(&way).unwrap();
    fs::write(way.join("file"), "open").unwrap();
    symlink(bench.path("closed"), &link).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                renameat_with(CWD, &way, CWD, &link, RenameFlags::EXCHANGE).unwrap();
            }
        });
        work();
        is_over.store(true, Ordering::Relaxed);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_is_swapped_for_a_link_never_gives_away_the_secret() {
    let bench = Bench::new();
    let (mut read, mut refused) = (0, 0);
    while_swapping(&bench, || {
        let deep = Place::new(
            "",
            bench
                .ctx
                .roots
                .locate(&bench.path("open").canonicalize().unwrap())
                .unwrap()
                .unwrap(),
        )
        .open_folder()
        .unwrap();
        for _ in 0..ROUNDS {
            // Until both have happened often: the race was run.
            if read >= 2_000 && refused >= 2_000 {
                break;
            }
            // From the path, and from a folder that is open.
            let other = || {
                let mut text = String::new();
                deep.open("way/file")?.read_to_string(&mut text).unwrap();
                Ok(text)
            };
            for result in [bench.read(bench.path("open/way/file")), other()] {
                match result {
                    Ok(text) => {
                        assert_eq!(text, "open");
                        read += 1;
                    }
                    Err(_) => refused += 1,
                }
            }
        }
    });
    assert!(read > 0 && refused > 0, "there was no race");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_is_swapped_for_a_link_never_takes_what_is_written() {
    let bench = Bench::new();
    let (mut written, mut refused) = (0, 0);
    while_swapping(&bench, || {
        for _ in 0..ROUNDS {
            if written >= 300 && refused >= 300 {
                break;
            }
            let result = bench
                .ctx
                .create(&bench.output("open/way/new"), Overwrite::Replace)
                .and_then(|file| file.without_sync().finish());
            match result {
                Ok(_) => written += 1,
                Err(_) => refused += 1,
            }
            let made = OutputDir::try_from(bench.path("open/way/a/b")).unwrap();
            let _ = bench.ctx.output_dir(&made);
        }
    });
    assert_eq!(bench.names("closed"), ["file"]);
    assert!(written > 0 && refused > 0, "there was no race");
}

#[test]
fn below_an_open_folder_only_plain_names_lead_anywhere() {
    let bench = Bench::new();
    bench.link("../closed", "open/folder");
    bench.link("deep", "open/link");
    let place = bench.ctx.input(&bench.path("open").try_into().unwrap());
    let folder = place.unwrap().open_folder().unwrap();
    for path in ["..", "../closed/file", "deep/../../closed", "/etc/passwd"] {
        assert!(folder.open(path).unwrap_err().is_not_allowed(), "{path}");
        assert!(folder.create_dir_all(path).unwrap_err().is_not_allowed());
        let made = folder.create(path, Overwrite::Replace);
        assert!(made.unwrap_err().is_not_allowed(), "{path}");
    }
    // Links aren't followed even where they stay inside.
    for path in ["folder/file", "link/file", "link"] {
        assert!(folder.open(path).is_err(), "{path}");
    }
    for path in ["folder/new", "link/new"] {
        assert!(folder.create(path, Overwrite::Replace).is_err(), "{path}");
        assert!(folder.create_dir_all(path).is_err(), "{path}");
    }
    assert_eq!(folder.metadata("link").unwrap().kind, FileKind::Link);
    assert_eq!(folder.read_link("link").unwrap(), Path::new("deep"));
    assert_eq!(bench.names("closed"), ["file"]);
    let made = folder.create_dir_all("./x/./y").unwrap();
    assert_eq!(made.path(), bench.path("open/x/y"));
    assert!(bench.path("open/x/y").is_dir());
}

#[test]
fn a_folder_that_may_only_be_entered_is_entered() {
    let bench = Bench::new();
    let passage = bench.path("open/deep");
    fs::set_permissions(&passage, fs::Permissions::from_mode(0o711)).unwrap();
    // Whoever may read everything can't show it; the flags that are asked for do.
    assert_eq!(bench.read(passage.join("file")).unwrap(), "deep");
    let held = bench.ctx.input(&passage.try_into().unwrap()).unwrap();
    let folder = held.open_folder().unwrap();
    let told = rustix::fs::fcntl_getfl(folder.dir()).unwrap();
    #[cfg(target_os = "linux")]
    assert!(told.contains(rustix::fs::OFlags::PATH), "{told:?}");
    assert_eq!(folder.entries().unwrap().len(), 1);
}

#[test]
fn a_pipe_is_refused_and_not_waited_for() {
    let bench = Bench::new();
    let made = std::process::Command::new("mkfifo")
        .arg(bench.path("open/pipe"))
        .status();
    assert!(made.unwrap().success());
    let refused = bench.read(bench.path("open/pipe")).unwrap_err();
    assert!(refused.to_string().contains("neither a file nor a folder"));
    // Nor is one replaced.
    let output = bench.output("open/pipe");
    let file = bench.ctx.create(&output, Overwrite::Replace).unwrap();
    assert!(file.finish().is_err());
    assert_eq!(bench.names("open"), ["deep", "file", "pipe"]);
}

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
                    let folder = bench.ctx.input(&bench.path("open").try_into().unwrap());
                    let folder = folder.unwrap().open_folder().unwrap();
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
    let folder = bench.ctx.input(&bench.path("open").try_into().unwrap());
    let folder = folder.unwrap().open_folder().unwrap();
    let earlier = SystemTime::UNIX_EPOCH - Duration::new(5, 500_000_000);
    folder.set_modified("deep", earlier).unwrap();
    folder.set_mode("deep", 0o700).unwrap();
    let told = folder.metadata("deep").unwrap();
    assert_eq!((told.modified, told.mode), (Some(earlier), Some(0o700)));
}

#[test]
fn a_resumed_file_goes_on_where_it_was_and_is_whole_in_the_end() {
    let bench = Bench::new();
    let folder = bench.ctx.input(&bench.path("open").try_into().unwrap());
    let folder = folder.unwrap().open_folder().unwrap();
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
    let folder = bench.ctx.input(&bench.path("open").try_into().unwrap());
    let folder = folder.unwrap().open_folder().unwrap();
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_way_of_links_and_dots_leads_in_or_is_refused(
        links in proptest::collection::vec(("[abc]", way()), 0..6),
        asked in way(),
    ) {
        let bench = Bench::new();
        for (name, target) in &links {
            let target = target.replace("TOP", &bench.path("").to_string_lossy());
            let _ = symlink(target, bench.path("open").join(name));
        }
        let asked = asked.replace("TOP", &bench.path("").to_string_lossy());
        if let Ok(text) = bench.read(bench.path("open").join(asked)) {
            prop_assert_ne!(text, SECRET);
        }
    }
}

/// A path of what there is in a [`Bench`], and of links.
fn way() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[abc]",
        Just("..".to_owned()),
        Just("open".to_owned()),
        Just("closed".to_owned()),
        Just("deep".to_owned()),
        Just("file".to_owned()),
    ];
    (proptest::bool::ANY, proptest::collection::vec(part, 1..6)).prop_map(|(is_whole, parts)| {
        let way = parts.join("/");
        if is_whole { format!("TOP/{way}") } else { way }
    })
}
