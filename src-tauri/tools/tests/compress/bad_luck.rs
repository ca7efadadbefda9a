//! What goes wrong, and that nothing half-written is left of it.

use std::thread;

use toolroom_toolkit::{
    Roots,
    testing::{CancelAt, on_a_full_disk},
};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_leaves_nothing() {
    let folder = TestFolder::new();
    for number in 0..8 {
        folder.write(format!("src/{number}"), noise(3 << 20));
    }
    for format in FORMATS {
        for at in [
            CancelAt::Phase(0),
            CancelAt::Phase(1),
            CancelAt::Bytes(8 << 20),
            // When all is read and the last is still being packed.
            CancelAt::Bytes(24 << 20),
        ] {
            let end = TestRun::of(Compress)
                .within(&folder)
                .input(json!({ "paths": ["src"], "archive": format!("a.{format}") }))
                .cancel_at(at)
                .run()
                .await;
            assert!(end.is_canceled(), "{format} {at:?}: {:?}", end.result);
            assert!(folder.content().keys().all(|path| path.starts_with("src")));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_leaves_nothing() {
    let name = "a_full_disk_is_told_and_leaves_nothing";
    on_a_full_disk(module_path!(), name, 1 << 20, async {
        let folder = TestFolder::new();
        for (number, piece) in noise(7_200_000).chunks(900_000).enumerate() {
            folder.write(format!("src/{number}"), piece);
        }
        for format in FORMATS {
            let archive = format!("a.{format}");
            let end = run(&folder, json!({ "paths": ["src"], "archive": archive })).await;
            assert_eq!(end.error().code.as_str(), "io_error", "{format}");
            assert!(!folder.has(archive));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_written_is_told_before_a_byte_is_read() {
    let folder = TestFolder::new();
    folder.write("src/a", "a");
    let archive = folder.read_only().join("a.zip");
    let end = run(&folder, json!({ "paths": ["src"], "archive": archive })).await;
    assert_eq!(end.error().code.as_str(), "io_error");
    assert_eq!(end.bytes, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_reported_and_does_not_stop_the_rest() {
    let folder = TestFolder::new();
    folder.write("here", "x");
    let input = json!({ "paths": ["gone", "here"], "archive": "a.zip" });
    let end = run(&folder, input).await;
    assert_eq!(end.output()["files"], 1);
    assert_eq!(reasons(&end), ["not_found"]);
    let end = run(&folder, json!({ "paths": ["gone"], "archive": "b.zip" })).await;
    assert_eq!(end.error().code.as_str(), "nothing_to_compress");
    assert_eq!(end.partial().unwrap()["skipped"][0]["reason"], "not_found");
    assert!(!folder.has("b.zip"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_paths_of_one_name_are_refused() {
    let folder = TestFolder::new();
    folder.write("here", "x");
    folder.write("other/here", "y");
    let input = json!({ "paths": ["here", "other/here"], "archive": "b.zip" });
    let end = run(&folder, input).await;
    assert_eq!(end.error().code.as_str(), "same_name");
    assert!(!folder.has("b.zip"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_out_of_bounds_is_refused() {
    let folder = TestFolder::new();
    folder.write("in/a", "a");
    folder.write("out/b", "b");
    let pack = async |paths: Value, archive: &str| {
        let run = TestRun::of(Compress).within(&folder);
        let run = run.input(json!({ "paths": paths, "archive": archive }));
        let roots = Roots::within([folder.join("in")]).unwrap();
        run.roots(roots).run().await
    };
    for (paths, archive) in [(json!(["in"]), "out/a.zip"), (json!(["out"]), "in/a.zip")] {
        let end = pack(paths, archive).await;
        assert_eq!(end.error().code.as_str(), "path_not_allowed");
        assert!(!folder.has(archive));
    }
    assert_eq!(pack(json!(["in"]), "in/a.zip").await.output()["files"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_vanishes_is_reported_and_does_not_stop_the_rest() {
    let folder = TestFolder::new();
    folder.write("src/1", noise(48 << 20));
    let last = folder.write("src/2", "gone by the time that it is its turn");
    let mut test = TestRun::of(Compress)
        .within(&folder)
        .input(json!({ "paths": ["src"], "archive": "a.tar.gz", "level": 9 }));
    let progress = test.context().progress.clone();
    // Removed when it has been found, while the one before it is packed.
    let remover = thread::spawn(move || {
        while progress.sample().stage != "Packing" {
            thread::yield_now();
        }
        fs::remove_file(last).unwrap();
    });
    let end = test.run().await;
    remover.join().unwrap();
    assert_eq!(reasons(&end), ["not_found"]);
    assert_eq!(end.output()["files"], 1);
}

/// In the kernel's own file systems files aren't as long as they say, as if they were being written to.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changes_while_it_is_read_is_reported_and_the_rest_is_in_order() {
    let (shorter, longer) = (
        "/sys/kernel/mm/transparent_hugepage/enabled",
        "/proc/version",
    );
    for opener in openers::openers() {
        let folder = TestFolder::new();
        folder.write("src/first", "1");
        folder.write("z", "last");
        let archive = format!("a.{}", opener.format);
        let mut paths = vec![folder.join("src"), longer.into(), folder.join("z")];
        let mut expected = vec!["grew"];
        if fs::metadata(shorter).is_ok_and(|told| told.len() == 4096) {
            paths.insert(1, shorter.into());
            expected.insert(0, "not_whole");
        }
        let end = run(&folder, json!({ "paths": paths, "archive": archive })).await;
        assert_eq!(reasons(&end), expected);
        opener.open(&folder).await;
        assert_eq!(folder.read("out/src/first"), "1");
        assert_eq!(folder.read("out/z"), "last");
        assert_eq!(folder.read("out/version"), "");
        if expected.len() == 2 {
            let said = folder.read("out/enabled");
            let there = fs::read_to_string(shorter).unwrap();
            assert_eq!(said.trim_end_matches('\0'), there, "{opener:?}");
        }
    }
}

/// A file that opens, and can't be read.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_is_left_out() {
    let folder = TestFolder::new();
    folder.write("z", "last");
    for format in FORMATS {
        let archive = format!("a.{format}");
        let input = json!({ "paths": ["/proc/self/mem", "z"], "archive": archive });
        let end = run(&folder, input).await;
        assert_eq!(reasons(&end), ["read_error"]);
        assert_eq!(end.output()["files"], 1);
    }
}
