//! Names, folders, disks that refuse, and a cancel.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn folders_and_names_stay_what_they_are_even_if_they_are_not_text() {
    let folder = TestFolder::new();
    let odd = Path::new(OsStr::from_bytes(b"in/2024/b\xff.png"));
    folder.write("in/a.png", png(&photo(10, 10), None));
    folder.write(odd, png(&photo(10, 10), None));
    run(
        &folder,
        json!({ "paths": ["in"], "into": "out", "format": "jpeg" }),
    )
    .await
    .result
    .unwrap();
    assert!(folder.has("out/a.jpg"));
    assert!(folder.has(OsStr::from_bytes(b"out/2024/b\xff.jpg")));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_taken_are_handled_as_chosen() {
    for (choice, there, left_out) in [
        (
            "refuse",
            vec!["a.png"],
            vec!["already_there", "already_there"],
        ),
        ("replace", vec!["a.png"], vec!["same_name"]),
        ("keep_both", vec!["a (2).png", "a (3).png", "a.png"], vec![]),
    ] {
        let folder = TestFolder::new();
        folder.write("one/a.png", png(&photo(10, 10), None));
        folder.write("two/a.png", png(&photo(20, 20), None));
        folder.write("out/a.png", "old");
        let input = json!({ "paths": ["one", "two"], "into": "out", "overwrite": choice });
        let end = run(&folder, input).await;
        let output = end.output();
        let told: Vec<_> = reasons(output)
            .into_iter()
            .map(|(_, reason)| reason)
            .collect();
        assert_eq!(told, left_out, "{choice}");
        let content = folder.content();
        let names: Vec<_> = content
            .keys()
            .filter_map(|path| path.strip_prefix("out").ok())
            .collect();
        assert_eq!(
            names,
            there.iter().map(Path::new).collect::<Vec<_>>(),
            "{choice}"
        );
        let is_old = content[Path::new("out/a.png")] == b"old";
        assert_eq!(is_old, choice != "replace");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_run_made_in_a_folder_below_is_left_alone() {
    let folder = TestFolder::new();
    folder.write("in/a.png", png(&photo(10, 10), None));
    for expected in [vec![], vec!["already_there", "in_the_target"]] {
        let end = run(&folder, json!({ "paths": ["in"], "into": "in/small" })).await;
        let told: Vec<_> = reasons(end.output())
            .into_iter()
            .map(|(_, reason)| reason)
            .collect();
        assert_eq!(told, expected);
    }
    assert_eq!(folder.content().len(), 2);
    // Where it is itself the target, a picture is converted in its place.
    let input = json!({ "paths": ["in/a.png"], "into": "in", "overwrite": "replace", "width": 5 });
    assert_eq!(run(&folder, input).await.output()["converted"], 1);
    assert_eq!(open(&folder.join("in/a.png")).width(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_keeps_what_is_done_and_leaves_whole_files_only() {
    let folder = TestFolder::new();
    let picture = png(&photo(300, 300), None);
    for number in 0..30 {
        folder.write(format!("in/{number:02}.png"), &picture);
    }
    let end = TestRun::of(ConvertImages)
        .within(&folder)
        .input(json!({ "paths": ["in"], "into": "out", "format": "jpeg" }))
        .cancel_at(CancelAt::Bytes(10 * picture.len() as u64))
        .run()
        .await;
    assert!(end.is_canceled());
    let converted = end.partial().unwrap()["converted"].as_u64().unwrap() as usize;
    assert!((5..30).contains(&converted), "{converted}");
    let content = folder.content();
    let made: Vec<_> = content
        .keys()
        .filter(|path| path.starts_with("out"))
        .collect();
    assert_eq!(made.len(), converted);
    for path in made {
        assert_eq!(open(&folder.join(path)).width(), 300);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_folder_ends_the_job_with_a_sentence() {
    let folder = TestFolder::new();
    folder.write("a.png", png(&photo(10, 10), None));
    let end = run(
        &folder,
        json!({ "paths": ["a.png"], "into": folder.read_only() }),
    )
    .await;
    assert_eq!(end.error().code.as_str(), "io_error");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_ends_the_job_and_leaves_whole_files() {
    let name = "a_full_disk_ends_the_job_and_leaves_whole_files";
    on_a_full_disk(module_path!(), name, 60_000, async {
        let folder = TestFolder::new();
        folder.write("in/a.jpg", jpeg(&photo(16, 16), None, false));
        folder.write("in/b.jpg", jpeg(&photo(900, 900), None, false));
        let end = run(
            &folder,
            json!({ "paths": ["in"], "into": "out", "format": "png" }),
        )
        .await;
        assert_eq!(end.error().code.as_str(), "io_error");
        let partial = end.partial().unwrap();
        let made = folder
            .content()
            .keys()
            .filter(|path| path.starts_with("out"))
            .count();
        assert_eq!(partial["converted"].as_u64().unwrap() as usize, made);
        assert!(!folder.has("out/b.png"));
    })
    .await;
}
