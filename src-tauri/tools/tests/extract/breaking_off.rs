//! Names that are taken, damage, a cancel, and disks that refuse.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_taken_are_handled_as_chosen() {
    for (choice, expected) in [
        ("skip", vec![("a.txt", "old")]),
        ("replace", vec![("a.txt", "2")]),
        (
            "keep_both",
            vec![("a (2).txt", "1"), ("a (3).txt", "2"), ("a.txt", "old")],
        ),
    ] {
        let folder = TestFolder::new();
        folder.write("out/a.txt", "old");
        let mut zip = HandmadeZip::new();
        zip.add(b"a.txt", b"1", UNIX, 0, 0);
        zip.add(b"a.txt", b"2", UNIX, 0, 0);
        folder.write("a.zip", zip.finish());
        let input = json!({ "archive": "a.zip", "into": "out", "if_there": choice });
        let end = run(&folder, input).await;
        let there: Vec<_> = folder
            .content()
            .into_iter()
            .filter_map(|(path, content)| {
                let name = path.strip_prefix("out").ok()?.to_str()?.to_owned();
                Some((name, String::from_utf8(content).unwrap()))
            })
            .collect();
        let there: Vec<_> = there
            .iter()
            .map(|(name, text)| (&**name, &**text))
            .collect();
        assert_eq!(there, expected, "{choice}");
        let left_out = end.output()["skipped"].as_array().unwrap().len();
        assert_eq!(left_out, if choice == "skip" { 2 } else { 0 });
        assert_eq!(
            end.output()["replaced"],
            if choice == "replace" { 2 } else { 0 }
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_whose_names_are_taken_are_handled_as_chosen() {
    for (choice, expected) in [("skip", "old"), ("replace", "target"), ("keep_both", "old")] {
        let folder = TestFolder::new();
        folder.write("out/l", "old");
        let mut archive = tar::Builder::new(Vec::new());
        tar_entry(&mut archive, tar::EntryType::Regular, b"t", b"", b"target");
        tar_entry(&mut archive, tar::EntryType::Symlink, b"l", b"t", b"");
        folder.write("a", archive.into_inner().unwrap());
        run(
            &folder,
            json!({ "archive": "a", "into": "out", "if_there": choice }),
        )
        .await;
        assert_eq!(folder.read("out/l"), expected, "{choice}");
        assert_eq!(folder.has("out/l (2)"), choice == "keep_both");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cut_off_gives_what_was_good() {
    let folder = TestFolder::new();
    let length = NOISE / 3;
    for (number, piece) in noise(6 * length).chunks(length).enumerate() {
        folder.write(format!("src/{number}"), piece);
    }
    for (program, line) in [
        ("tar", "tar --sort=name -cf whole src"),
        ("gzip", "tar --sort=name -cf - src | gzip > whole"),
        ("zstd", "tar --sort=name -cf - src | zstd -q > whole"),
        (
            "zip",
            "rm -f w.zip; zip -q -r -X w.zip src && mv w.zip whole",
        ),
        ("zip", "zip -q -r -X - src | cat > whole"),
    ] {
        if !has(program) {
            continue;
        }
        sh(&folder, line);
        let whole = fs::read(folder.join("whole")).unwrap();
        folder.write("cut", &whole[..whole.len() / 2]);
        let _ = fs::remove_dir_all(folder.join("out"));
        let end = extract(&folder, "cut").await;
        assert_eq!(end.error().code.as_str(), "damaged_archive", "{line}");
        let files = end.partial().unwrap()["files"].as_u64().unwrap();
        assert!((2..6).contains(&files), "{line}: {files}");
        let out = folder.content();
        let out: Vec<_> = out
            .iter()
            .filter(|(path, _)| path.starts_with("out"))
            .collect();
        assert_eq!(out.len() as u64, files, "{line}");
        for (path, content) in out {
            let original = fs::read(folder.join(path.strip_prefix("out").unwrap())).unwrap();
            assert!(*content == original, "{line}: {}", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_damaged_file_in_a_zip_does_not_stop_the_rest() {
    let folder = TestFolder::new();
    let mut zip = HandmadeZip::new();
    zip.add(b"before", b"good", UNIX, 0, 0);
    zip.add(b"bad", b"damaged here", UNIX, 0, 0);
    zip.add(b"after", b"good", UNIX, 0, 0);
    let mut bytes = zip.finish();
    let at = bytes
        .windows(7)
        .position(|bytes| bytes == b"damaged")
        .unwrap();
    bytes[at] ^= 1;
    folder.write("a", bytes);
    let end = extract(&folder, "a").await;
    assert_eq!(end.error().code.as_str(), "damaged_archive");
    let partial = end.partial().unwrap();
    assert_eq!(partial["files"], 2);
    assert_eq!(reasons(partial), [reason("bad", "damaged")]);
    assert!(!folder.has("out/bad"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_leaves_whole_files_only() {
    let folder = TestFolder::new();
    for number in 0..8 {
        folder.write(format!("src/{number}"), noise(NOISE));
    }
    sh(&folder, "tar -cf a src");
    let end = TestRun::of(Extract)
        .within(&folder)
        .input(json!({ "archive": "a", "into": "out" }))
        .cancel_at(CancelAt::Bytes(10 << 20))
        .run()
        .await;
    assert!(end.is_canceled());
    assert_eq!(end.partial().unwrap()["files"], 3);
    for (path, content) in folder.content() {
        if path.starts_with("out") {
            assert_eq!(content.len(), NOISE, "{}", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_folder_is_told_at_once() {
    let folder = TestFolder::new();
    let mut zip = HandmadeZip::new();
    zip.add(b"a", b"inside", UNIX, 0, 0);
    folder.write("a", zip.finish());
    let input = json!({ "archive": "a", "into": folder.read_only() });
    let end = run(&folder, input).await;
    assert_eq!(end.error().code.as_str(), "io_error");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_leaves_whole_files() {
    let name = "a_full_disk_is_told_and_leaves_whole_files";
    on_a_full_disk(module_path!(), name, 1 << 20, async {
        let folder = TestFolder::new();
        let mut archive = tar::Builder::new(Vec::new());
        tar_entry(
            &mut archive,
            tar::EntryType::Regular,
            b"small",
            b"",
            b"fits",
        );
        tar_entry(
            &mut archive,
            tar::EntryType::Regular,
            b"large",
            b"",
            &vec![0; 3 << 20],
        );
        let plain = archive.into_inner().unwrap();
        folder.write("a", zstd::encode_all(&plain[..], 1).unwrap());
        let end = extract(&folder, "a").await;
        assert_eq!(end.error().code.as_str(), "io_error");
        assert_eq!(end.partial().unwrap()["files"], 1);
        assert_eq!(folder.read("out/small"), "fits");
        assert!(!folder.has("out/large"));
    })
    .await;
}
