//! Archives of other programs, and what is none.

use super::*;

/// Everything that archives keep: odd names, empty folders, links, modes and times.
fn sample_tree(folder: &TestFolder) {
    folder.write("src/plain.txt", "some text\n".repeat(999));
    folder.write("src/empty", "");
    folder.write("src/deep/er/noise.bin", noise(NOISE));
    folder.write("src/spaces and ünïcode 🦀.txt", "x");
    folder.write("src/run.sh", "#!/bin/sh\n");
    fs::write(
        folder
            .join("src")
            .join(std::ffi::OsString::from_vec(b"raw\xff\xe4".to_vec())),
        "raw",
    )
    .unwrap();
    fs::create_dir(folder.join("src/hollow")).unwrap();
    symlink("../plain.txt", folder.join("src/deep/link")).unwrap();
    symlink("nowhere", folder.join("src/dangling")).unwrap();
    let set_mode = |path: &str, mode| {
        fs::set_permissions(folder.join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    set_mode("src/run.sh", 0o4755);
    set_mode("src/plain.txt", 0o640);
    set_mode("src/hollow", 0o711);
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_001);
    for path in ["src/plain.txt", "src/hollow", "src/deep"] {
        let file = fs::File::open(folder.join(path)).unwrap();
        file.set_modified(old).unwrap();
    }
}

/// That two folders are alike: content, kinds, modes without setuid, times to two seconds.
fn assert_alike(one: &Path, other: &Path) {
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(one), names(other), "in {}", one.display());
    for name in names(one) {
        let (one, other) = (one.join(&name), other.join(&name));
        let told = [&one, &other].map(|path| fs::symlink_metadata(path).unwrap());
        assert_eq!(told[0].file_type(), told[1].file_type(), "{name:?}");
        if told[0].is_symlink() {
            assert_eq!(fs::read_link(&one).unwrap(), fs::read_link(&other).unwrap());
            continue;
        }
        assert_eq!(told[0].mode() & 0o777, told[1].mode() & 0o7777, "{name:?}");
        assert!((told[0].mtime() - told[1].mtime()).abs() <= 2, "{name:?}");
        if told[0].is_dir() {
            assert_alike(&one, &other);
        } else {
            assert!(
                fs::read(&one).unwrap() == fs::read(&other).unwrap(),
                "{name:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn archives_of_other_programs_come_out_as_they_went_in() {
    let cases = [
        ("tar", "tar cf a src"),
        ("tar", "tar --format=pax -cf a src"),
        ("tar", "tar --format=v7 --exclude='*rust*' -cf a src"),
        ("gzip", "tar cf - src | gzip > a"),
        ("pigz", "tar cf - src | pigz > a"),
        ("zstd", "tar cf - src | zstd -q > a"),
        ("xz", "tar cf - src | xz -T2 > a"),
        ("zip", "zip -q -r -y a.zip src && mv a.zip a"),
        ("zip", "zip -q -r -y -0 a.zip src && mv a.zip a"),
        ("zip", "zip -q -r -y - src > a"),
        ("bsdtar", "bsdtar --format=zip -cf a src"),
        (
            "bsdtar",
            "bsdtar --format=zip --options zip:compression=store -cf a src",
        ),
        ("7z", "7z a -snl -bd a.7z src >/dev/null && mv a.7z a"),
        (
            "7z",
            "7z a -snl -bd -ms=off -m0=LZMA a.7z src >/dev/null && mv a.7z a",
        ),
        (
            "7z",
            "7z a -snl -bd -m0=PPMd a.7z src >/dev/null && mv a.7z a",
        ),
        (
            "7z",
            "7z a -tzip -bd -snl -mm=Deflate64 a.zip src >/dev/null && mv a.zip a",
        ),
        (
            "7z",
            "7z a -tzip -bd -snl -mm=LZMA a.zip src >/dev/null && mv a.zip a",
        ),
    ];
    for (program, line) in cases {
        if !has(program) {
            continue;
        }
        let folder = TestFolder::new();
        sample_tree(&folder);
        // 7z has no raw bytes in names: its format is text.
        if line.contains("7z a") || line.contains("bsdtar") {
            fs::remove_file(
                folder
                    .join("src")
                    .join(std::ffi::OsString::from_vec(b"raw\xff\xe4".to_vec())),
            )
            .unwrap();
        }
        sh(&folder, line);
        let end = extract(&folder, "a").await;
        let output = match &end.result {
            Ok(output) => output,
            Err(error) => panic!("{line}: {error:?}"),
        };
        assert_eq!(reasons(output), [], "{line}");
        eprintln!("{line}: {}", output["format"]);
        assert_alike(&folder.join("src"), &folder.join("out/src"));
        assert_eq!(
            end.bytes,
            fs::metadata(folder.join("a")).unwrap().len(),
            "{line}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hard_links_and_holes_are_kept() {
    let folder = TestFolder::new();
    folder.write("src/one", "same");
    fs::hard_link(folder.join("src/one"), folder.join("src/two")).unwrap();
    sh(
        &folder,
        "dd if=/dev/urandom of=src/holes bs=4096 seek=64 count=3 2>/dev/null; truncate -s 1M src/holes",
    );
    for line in ["tar -Scf a src", "tar --format=pax -Scf a src"] {
        sh(&folder, line);
        let end = run(
            &folder,
            json!({ "archive": "a", "into": "out", "if_there": "replace" }),
        )
        .await;
        assert_eq!(reasons(end.output()), [], "{line}");
        assert_alike(&folder.join("src"), &folder.join("out/src"));
        let inode = |name: &str| fs::metadata(folder.join(name)).unwrap().ino();
        assert_eq!(inode("out/src/one"), inode("out/src/two"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_compressed_file_comes_out_under_the_archives_name() {
    for program in ["gzip", "zstd", "xz"] {
        if !has(program) {
            continue;
        }
        let folder = TestFolder::new();
        let text = "words ".repeat(99_999);
        folder.write("notes.txt", &text);
        sh(
            &folder,
            &format!("{program} -c notes.txt > notes.txt.packed"),
        );
        let end = extract(&folder, "notes.txt.packed").await;
        assert_eq!(end.output()["files"], 1);
        assert_eq!(folder.read("out/notes.txt"), text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn locked_archives_are_told() {
    let folder = TestFolder::new();
    folder.write("src/a", "secret");
    for (program, line) in [
        ("zip", "zip -q -r -P word a.zip src/a && mv a.zip a"),
        ("7z", "7z a -bd -pword a.7z src >/dev/null && mv a.7z a"),
        (
            "7z",
            "7z a -bd -pword -mhe=on a.7z src >/dev/null && mv a.7z a",
        ),
    ] {
        if !has(program) {
            continue;
        }
        sh(&folder, line);
        let end = extract(&folder, "a").await;
        assert_eq!(
            end.error().code.as_str(),
            "encrypted_archive",
            "{line}: {}",
            end.error().message
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_archive_is_refused_and_makes_nothing() {
    let folder = TestFolder::new();
    folder.write("empty", "");
    folder.write("text", "no archive at all".repeat(99));
    folder.write("bzip2", "BZh91AY&SY");
    for name in ["empty", "text", "bzip2"] {
        let end = extract(&folder, name).await;
        assert_eq!(end.error().code.as_str(), "not_an_archive");
        assert!(!folder.has("out"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_behind_a_program_is_found() {
    let folder = TestFolder::new();
    let mut zip = HandmadeZip::new();
    zip.add(b"a", b"inside", UNIX, 0, 0);
    let mut bytes = b"#!/bin/sh\necho a program that unpacks itself\n".repeat(20);
    bytes.extend(zip.finish());
    folder.write("setup", bytes);
    assert_eq!(extract(&folder, "setup").await.output()["files"], 1);
}
