//! Names and links that lead out, and archive bombs.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_the_folder() {
    use tar::EntryType as Is;
    let folder = TestFolder::new();
    folder.write("secret", "untouched");
    let mut archive = tar::Builder::new(Vec::new());
    let mut add = |kind, name: &str, link: &str, content: &str| {
        tar_entry(
            &mut archive,
            kind,
            name.as_bytes(),
            link.as_bytes(),
            content.as_bytes(),
        );
    };
    add(Is::Regular, "/tmp/evil", "", "evil");
    add(Is::Regular, "../secret", "", "evil");
    add(Is::Regular, "a/../../secret", "", "evil");
    add(Is::Regular, "C:\\evil", "", "evil");
    add(Is::Symlink, "up", "..", "");
    add(Is::Regular, "up/secret", "", "evil"); // makes a folder of its own
    add(Is::Symlink, "whole", "/etc/passwd", "");
    add(Is::Symlink, "d/parent", "..", "");
    add(Is::Symlink, "far", "d/parent/../secret", "");
    add(Is::Link, "hard", "../secret", "");
    add(Is::Link, "hard2", "/etc/passwd", "");
    add(Is::Link, "nothing", "not/there", "");
    add(Is::Symlink, "good", "file", "");
    add(Is::Link, "good2", "file", "");
    add(Is::Link, "file2", "good", "");
    add(Is::Fifo, "pipe", "", "");
    add(Is::Char, "device", "", "");
    add(Is::Directory, "../outside", "", "");
    add(Is::Regular, "file", "", "good");
    folder.write("evil.tar", archive.into_inner().unwrap());
    let before = folder.content();

    let end = extract(&folder, "evil.tar").await;
    let mut expected = vec![
        reason("../outside", "leads_out"),
        reason("../secret", "leads_out"),
        reason("/tmp/evil", "leads_out"),
        reason("C:\\evil", "leads_out"),
        reason("a/../../secret", "leads_out"),
        reason("device", "special_file"),
        reason("far", "link_leads_out"),
        reason("file2", "link_to_nothing"),
        reason("hard", "link_leads_out"),
        reason("hard2", "link_leads_out"),
        reason("nothing", "link_to_nothing"),
        reason("pipe", "special_file"),
        reason("up", "already_there"),
        reason("whole", "link_leads_out"),
    ];
    expected.sort();
    assert_eq!(reasons(end.output()), expected);
    let after = folder.content();
    let outside: Vec<_> = after
        .iter()
        .filter(|(path, _)| !path.starts_with("out"))
        .collect();
    assert_eq!(outside, before.iter().collect::<Vec<_>>());
    assert_eq!(folder.read("out/good"), "good");
    assert_eq!(folder.read("out/good2"), "good");
    let mode = fs::metadata(folder.join("out/file")).unwrap().mode();
    assert_eq!(mode & 0o7777, 0o755, "setuid is never kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_are_in_the_folder_already_are_not_gone_through() {
    let folder = TestFolder::new();
    folder.write("elsewhere/file", "untouched");
    fs::create_dir(folder.join("out")).unwrap();
    symlink("../elsewhere", folder.join("out/d")).unwrap();
    symlink("../elsewhere/file", folder.join("out/f")).unwrap();
    let mut archive = tar::Builder::new(Vec::new());
    tar_entry(
        &mut archive,
        tar::EntryType::Regular,
        b"d/file",
        b"",
        b"evil",
    );
    tar_entry(&mut archive, tar::EntryType::Regular, b"f", b"", b"new");
    folder.write("a", archive.into_inner().unwrap());
    let input = json!({ "archive": "a", "into": "out", "if_there": "replace" });
    let end = run(&folder, input).await;
    assert_eq!(reasons(end.output()), [reason("d/file", "in_the_way")]);
    assert_eq!(folder.read("elsewhere/file"), "untouched");
    assert_eq!(folder.read("out/f"), "new");
    assert!(
        !fs::symlink_metadata(folder.join("out/f"))
            .unwrap()
            .is_symlink()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn zips_are_no_way_out_either_and_their_names_are_read() {
    let folder = TestFolder::new();
    let mut zip = HandmadeZip::new();
    zip.add(b"../evil", b"x", UNIX, 0, 0);
    zip.add(b"/evil", b"x", UNIX, 0, 0);
    zip.add(b"..\\evil", b"x", DOS, 0, 0);
    zip.add(b"up", b"../..", UNIX, 0, 0o120_777 << 16);
    zip.add(b"locked", b"x", UNIX, 1, 0);
    zip.add(b"a\\b.txt", b"dos", DOS, 0, 0);
    zip.add(b"\x84\x94.txt", b"cp437", DOS, 0, 0);
    zip.add(b"raw\xff", b"raw", UNIX, 0, 0);
    zip.add("ü".as_bytes(), b"utf8", DOS, 1 << 11, 0);
    zip.add(b"pipe", b"", UNIX, 0, 0o010_644 << 16);
    zip.add(b"a\0b", b"", UNIX, 0, 0);
    folder.write("a", zip.finish());
    let end = extract(&folder, "a").await;
    assert_eq!(
        reasons(end.output()),
        [
            reason("../evil", "leads_out"),
            reason("..\\evil", "leads_out"),
            reason("/evil", "leads_out"),
            reason("a\0b", "bad_name"),
            reason("locked", "encrypted"),
            reason("pipe", "special_file"),
            reason("up", "link_leads_out"),
        ]
    );
    assert_eq!(folder.read("out/a/b.txt"), "dos");
    assert_eq!(folder.read("out/äö.txt"), "cp437");
    assert_eq!(folder.read("out/ü"), "utf8");
    assert!(folder.has(Path::new("out").join(std::ffi::OsString::from_vec(b"raw\xff".to_vec()))));
}

#[tokio::test(flavor = "multi_thread")]
async fn bombs_are_stopped_by_what_comes_out_of_them() {
    let folder = TestFolder::new();
    let bomb = |file: &Path| {
        let mut packed = flate2::write::GzEncoder::new(
            fs::File::create(file).unwrap(),
            flate2::Compression::default(),
        );
        for _ in 0..256 {
            packed.write_all(&vec![0; 1 << 20]).unwrap();
        }
        packed.finish().unwrap();
    };
    bomb(&folder.join("bomb.gz"));
    let end = extract(&folder, "bomb.gz").await;
    assert_eq!(end.error().code.as_str(), "limit_exceeded");
    assert!(
        end.error().message.contains("times its size"),
        "{}",
        end.error().message
    );
    assert!(folder.content().keys().all(|path| !path.starts_with("out")));

    let input =
        json!({ "archive": "bomb.gz", "into": "out", "max_ratio": 5000, "max_bytes": 1 << 20 });
    let end = run(&folder, input).await;
    assert_eq!(end.error().code.as_str(), "limit_exceeded");
    assert!(
        end.error().message.contains("1048576 bytes"),
        "{}",
        end.error().message
    );

    let input = json!({ "archive": "bomb.gz", "into": "out", "max_ratio": 5000 });
    let end = run(&folder, input).await;
    assert_eq!(end.output()["total_bytes"], 256 << 20);
}

/// Each entry of the list leads to the same few bytes: what is read for real counts once.
#[tokio::test(flavor = "multi_thread")]
async fn a_zip_whose_files_overlap_is_a_bomb() {
    let folder = TestFolder::new();
    let content = vec![0; 8 << 20];
    let mut zip = HandmadeZip::new();
    zip.add(b"0", &content, UNIX, 0, 0);
    let (entry, body) = (zip.list.clone(), zip.body.clone());
    for number in 1..60u8 {
        let mut again = entry.clone();
        *again.last_mut().unwrap() = b'0' + number;
        zip.list.extend(again);
        zip.count += 1;
    }
    zip.body = body;
    folder.write("a", zip.finish());
    let input = json!({ "archive": "a", "into": "out", "max_ratio": 20 });
    let end = run(&folder, input).await;
    assert_eq!(end.error().code.as_str(), "limit_exceeded");
    assert!(end.partial().unwrap()["files"].as_u64().unwrap() < 25);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_entries_and_endless_headers_are_stopped() {
    let folder = TestFolder::new();
    let mut archive = tar::Builder::new(Vec::new());
    for number in 0..20 {
        let name = format!("{number}");
        tar_entry(
            &mut archive,
            tar::EntryType::Regular,
            name.as_bytes(),
            b"",
            b"",
        );
    }
    folder.write("a", archive.into_inner().unwrap());
    let end = run(
        &folder,
        json!({ "archive": "a", "into": "out", "max_entries": 7 }),
    )
    .await;
    assert_eq!(end.error().code.as_str(), "limit_exceeded");
    assert_eq!(end.partial().unwrap()["files"], 7);

    let mut archive = tar::Builder::new(Vec::new());
    let name = vec![b'a'; 40 << 20];
    tar_entry(
        &mut archive,
        tar::EntryType::GNULongName,
        b"././@LongLink",
        b"",
        &name,
    );
    tar_entry(&mut archive, tar::EntryType::Regular, b"a", b"", b"");
    folder.write("long", archive.into_inner().unwrap());
    let end = extract(&folder, "long").await;
    assert_eq!(end.error().code.as_str(), "damaged_archive");
    assert!(
        end.error().message.contains("headers is too long"),
        "{}",
        end.error().message
    );
}
