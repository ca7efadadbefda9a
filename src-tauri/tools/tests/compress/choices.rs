//! What can be chosen.

use toolroom_toolkit::ExecutableTool;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn entries_stand_in_the_order_of_the_paths_and_of_their_names() {
    let folder = TestFolder::new();
    for name in ["b/2", "b/10", "b/1/x", "a", "b.c"] {
        folder.write(name, name);
    }
    let input = json!({ "paths": ["b.c", "b", "a", "b"], "archive": "a.tar" });
    assert_eq!(run(&folder, input).await.output()["files"], 5);
    assert_eq!(
        names_in(&folder, "a.tar"),
        ["b.c", "b/", "b/1/", "b/1/x", "b/10", "b/2", "a"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_kept_followed_or_left_out() {
    let folder = TestFolder::new();
    folder.write("src/file", "x");
    symlink("file", folder.join("src/link")).unwrap();
    symlink("nowhere", folder.join("src/dangling")).unwrap();
    for (links, files, kept, left_out) in [
        ("keep", 1, 2, vec![]),
        ("follow", 2, 0, vec!["dangling_link"]),
        ("leave_out", 1, 0, vec!["dangling_link", "symbolic_link"]),
    ] {
        let input = json!({ "paths": ["src"], "archive": format!("{links}.tar"), "links": links });
        let end = run(&folder, input).await;
        assert_eq!(end.output()["files"], files, "{links}");
        assert_eq!(end.output()["links"], kept, "{links}");
        assert_eq!(reasons(&end), left_out, "{links}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_is_left_out_of_itself_and_replaced_only_when_asked_to() {
    let folder = TestFolder::new();
    folder.write("src/a", "a");
    let pack = async |overwrite: &str| {
        let input = json!({ "paths": ["src"], "archive": "src/a.tar", "overwrite": overwrite });
        run(&folder, input).await
    };
    assert_eq!(pack("refuse").await.output()["files"], 1);
    let before = folder.content();
    let end = pack("refuse").await;
    assert_eq!(end.error().code.as_str(), "already_exists");
    assert_eq!(folder.content(), before);
    let end = pack("replace").await;
    assert_eq!(end.output()["files"], 1);
    assert_eq!(reasons(&end), ["is_archive"]);
    // The old one is a file like any other then.
    let end = pack("keep_both").await;
    assert_eq!(end.output()["files"], 2);
    assert_eq!(
        names_in(&folder, "src/a (2).tar"),
        ["src/", "src/a", "src/a.tar"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ignored_and_hidden_files_are_left_out_when_asked_to() {
    let folder = TestFolder::new();
    folder.write("src/.ignore", "*.tmp\n");
    folder.write("src/a.tmp", "");
    folder.write("src/.hidden/b", "");
    folder.write("src/c", "");
    let all = [
        "src/",
        "src/.hidden/",
        "src/.hidden/b",
        "src/.ignore",
        "src/a.tmp",
        "src/c",
    ];
    let only = |wanted: &[usize]| wanted.iter().map(|at| all[*at]).collect::<Vec<_>>();
    for (ignored, hidden, names) in [
        (false, false, all.to_vec()),
        (true, false, only(&[0, 1, 2, 3, 5])),
        (false, true, only(&[0, 4, 5])),
        (true, true, only(&[0, 5])),
    ] {
        let input = json!({
            "paths": ["src"], "archive": "a.tar", "overwrite": "replace",
            "leave_out_ignored": ignored, "leave_out_hidden": hidden,
        });
        let end = run(&folder, input).await;
        assert_eq!(reasons(&end), [""; 0]);
        assert_eq!(names_in(&folder, "a.tar"), names, "{ignored} {hidden}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_higher_level_gives_a_smaller_archive() {
    let folder = TestFolder::new();
    let text: String = (0..300_000u32)
        .map(|number| format!("{} ", number.wrapping_mul(2_654_435_761) % 5000))
        .collect();
    folder.write("text", text);
    for format in ["zip", "tar.gz", "tar.zst"] {
        let mut sizes = Vec::new();
        for level in [1, 9] {
            let input = json!({
                "paths": ["text"], "archive": "a", "format": format, "level": level,
                "overwrite": "replace",
            });
            let end = run(&folder, input).await;
            sizes.push(end.output()["bytes_out"].as_u64().unwrap());
        }
        assert!(sizes[0] > sizes[1], "{format}: {sizes:?}");
    }
}

#[test]
fn an_archive_must_say_what_it_is_and_have_a_level_that_there_is() {
    let problems = |input: Value| {
        let input = serde_json::from_value(input).unwrap();
        let problems = Compress.check(&input);
        problems
            .into_iter()
            .map(|problem| problem.pointer)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        problems(json!({ "paths": ["/a"], "archive": "/b" })),
        ["/archive"]
    );
    assert_eq!(
        problems(json!({ "paths": ["/a"], "archive": "/b.ZIP", "level": 10 })),
        ["/level"]
    );
    assert_eq!(
        problems(json!({ "paths": ["/a"], "archive": "/b.tar", "level": 1 })),
        ["/level"]
    );
    for fine in ["/b.tar.zst", "/b.tzst"] {
        assert!(problems(json!({ "paths": ["/a"], "archive": fine, "level": 19 })).is_empty());
    }
}
