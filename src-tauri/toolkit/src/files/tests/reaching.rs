//! What a path leads to, and what it doesn't.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use proptest::prelude::*;

use super::{Bench, SECRET};
use crate::{
    ErrorCode, FileKind, InputPath, JobId, Overwrite, SkipReason, Skipped, ToolError,
    ToolExecutionContext,
};

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

#[test]
fn below_an_open_folder_only_plain_names_lead_anywhere() {
    let bench = Bench::new();
    bench.link("../closed", "open/folder");
    bench.link("deep", "open/link");
    let folder = bench.open();
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
