//! The digests, and the manifests, against the programs that people trust today.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::{
    collections::BTreeMap,
    fs,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};
use toolroom_tests::{
    binaries,
    odd_tree::{OddTree, sparse_file},
};

/// Each algorithm and the program that computes it too.
fn references() -> [(&'static str, PathBuf); 4] {
    [
        ("blake3", binaries::b3sum()),
        ("sha256", "sha256sum".into()),
        ("sha512", "sha512sum".into()),
        ("xxh3", "xxh128sum".into()),
    ]
}

fn hash(data: &Path, input: &Value) -> Value {
    hash_as(&binaries::toolroom().unwrap(), None, data, input)
}

fn hash_as(toolroom: &Path, user: Option<u32>, data: &Path, input: &Value) -> Value {
    let mut command = Command::new(toolroom);
    command
        .args(["run", "hash-files", "--json", "--input", &input.to_string()])
        .args(["--data-dir".as_ref(), data.join("data").as_os_str()]);
    if let Some(user) = user {
        command.uid(user).gid(user);
    }
    let output = command.output().unwrap();
    let job: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(job["status"], "Succeeded", "{job}");
    job["output"].clone()
}

/// The digest as the reference program prints it; its escape mark for odd names left off.
fn reference_digest(program: &Path, file: &Path) -> String {
    let output = Command::new(program).arg("--").arg(file).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let line = String::from_utf8_lossy(&output.stdout).into_owned();
    let digest = line.trim_start_matches('\\').split(' ').next().unwrap();
    digest.to_owned()
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn digests(output: &Value) -> BTreeMap<String, String> {
    output["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| {
            let text = |key: &str| file[key].as_str().unwrap().to_owned();
            (text("path"), text("digest"))
        })
        .collect()
}

fn skipped(output: &Value) -> BTreeMap<String, String> {
    output["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let text = |key: &str| entry[key].as_str().unwrap().to_owned();
            (text("path"), text("reason"))
        })
        .collect()
}

fn check(program: &Path, manifest: &Path) -> Output {
    Command::new(program)
        .arg("--check")
        .arg(manifest)
        .output()
        .unwrap()
}

/// xxh128sum reads a name with a line feed since 0.8.2, which not every system has.
fn leave_out_escaped_line(manifest: &Path) {
    let text = fs::read(manifest).unwrap();
    let (escaped, plain): (Vec<_>, Vec<_>) = text
        .split_inclusive(|byte| *byte == b'\n')
        .partition(|line| line.starts_with(b"\\"));
    assert_eq!(escaped.len(), 1);
    fs::write(manifest, plain.concat()).unwrap();
}

#[test]
fn digests_equal_the_reference_programs_on_a_tree_of_odd_names() {
    let tree = OddTree::new().unwrap();
    for path in &tree.unreadable {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    for (algorithm, program) in references() {
        let input = json!({ "paths": [tree.root()], "algorithm": algorithm });
        let output = hash(tree.beside(), &input);
        let mut expected: BTreeMap<_, _> = tree
            .readable
            .iter()
            .map(|file| (shown(file), reference_digest(&program, file)))
            .collect();
        let secret = &tree.unreadable[0];
        expected.insert(shown(secret), reference_digest(&program, secret));
        assert_eq!(digests(&output), expected, "{algorithm}");
        let total: u64 = expected
            .keys()
            .filter_map(|path| fs::metadata(path).ok())
            .map(|metadata| metadata.len())
            .sum();
        // The one name that is not text can't be looked up by what is shown of it.
        let not_text = fs::metadata(tree.readable.last().unwrap()).unwrap().len();
        assert_eq!(output["total_bytes"], total + not_text);
    }
}

#[test]
fn manifests_are_checked_by_the_reference_programs() {
    let tree = OddTree::new().unwrap();
    for path in &tree.unreadable {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let not_text = tree.readable.last().unwrap();
    for (algorithm, program) in references() {
        let manifest = tree.beside().join(algorithm);
        let input = json!({ "paths": [tree.root()], "algorithm": algorithm, "manifest": manifest });
        let output = hash(tree.beside(), &input);
        if algorithm == "xxh3" {
            leave_out_escaped_line(&manifest);
        }
        let checked = check(&program, &manifest);
        assert!(checked.status.success(), "{algorithm}: {checked:?}");
        // b3sum gives up at a name that is not text, so its manifest leaves it out and says so.
        let in_manifest = fs::read(&manifest).unwrap();
        let name = not_text.file_name().unwrap().as_bytes();
        let listed = in_manifest.windows(name.len()).any(|window| window == name);
        assert_eq!(listed, algorithm != "blake3");
        let reason = skipped(&output).remove(&shown(not_text));
        let expected = (algorithm == "blake3").then(|| "name_not_text".to_owned());
        assert_eq!(reason, expected);

        // And a changed file is found out.
        fs::write(&tree.readable[0], "changed").unwrap();
        assert!(!check(&program, &manifest).status.success(), "{algorithm}");
        fs::write(&tree.readable[0], [b"plain".as_slice(), &[0]].concat()).unwrap();
    }
}

#[test]
fn links_and_what_cannot_be_read_are_reported_and_do_not_stop_the_rest() {
    let tree = OddTree::new().unwrap();
    // Root reads everything, so it looks at the tree as nobody.
    let nobody = 65_534;
    let am_root = fs::read(&tree.unreadable[0]).is_ok();
    let program = tree.beside().join("toolroom");
    fs::copy(binaries::toolroom().unwrap(), &program).unwrap();
    let data = tree.beside().join("open");
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o777)).unwrap();
    let input = json!({ "paths": [tree.root()] });
    let output = hash_as(&program, am_root.then_some(nobody), &data, &input);

    assert_eq!(digests(&output).len(), tree.readable.len());
    let reasons = skipped(&output);
    for path in &tree.unreadable {
        assert_eq!(reasons[&shown(path)], "permission_denied", "{path:?}");
    }
    let expected = [
        "symbolic_link",
        "dangling_link",
        "link_loop",
        "symbolic_link",
    ];
    for (link, reason) in tree.links.iter().zip(expected) {
        assert_eq!(reasons[&shown(link)], reason, "{link:?}");
    }
    assert_eq!(reasons.len(), 6, "{reasons:?}");
}

#[test]
fn links_that_are_followed_give_what_they_point_to_and_loops_are_reported() {
    let tree = OddTree::new().unwrap();
    let input = json!({ "paths": [tree.root()], "follow_links": true });
    let output = hash(tree.beside(), &input);
    let digests = digests(&output);
    let [link, dangling, own, looping] = &tree.links;
    assert_eq!(digests[&shown(link)], digests[&shown(&tree.readable[0])]);
    let reasons = skipped(&output);
    assert_eq!(reasons[&shown(dangling)], "dangling_link");
    assert_eq!(reasons[&shown(own)], "link_loop");
    assert_eq!(reasons[&shown(looping)], "link_loop");
}

#[test]
fn a_sparse_file_of_5_gb_has_the_same_digest() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sparse");
    sparse_file(&file, 5_000_000_001).unwrap();
    for (algorithm, program) in references() {
        let input = json!({ "paths": [file], "algorithm": algorithm });
        let output = hash(folder.path(), &input);
        let expected = reference_digest(&program, &file);
        assert_eq!(output["files"][0]["digest"], expected, "{algorithm}");
        assert_eq!(output["total_bytes"], 5_000_000_001u64);
    }
}
