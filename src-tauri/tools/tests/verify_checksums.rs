//! verify-checksums against the verdicts of the programs whose manifests it reads.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

use std::{
    ffi::OsStr,
    fs,
    os::unix::ffi::OsStrExt,
    path::Path,
    process::{Command, Output},
};

use proptest::prelude::*;
use serde_json::{Value, json};
use toolroom_toolkit::{
    Roots,
    testing::{CancelAt, TestEnd, TestFolder, TestRun, reference_program},
};
use toolroom_tools::{hash_files::HashFiles, verify_checksums::VerifyChecksums};

async fn verify(folder: &TestFolder, input: Value) -> TestEnd {
    TestRun::of(VerifyChecksums)
        .within(folder)
        .input(input)
        .run()
        .await
}

fn verified(folder: &TestFolder, input: Value) -> TestEnd {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(verify(folder, input))
}

fn run(program: &Path, folder: &Path, arguments: &[&OsStr]) -> Output {
    Command::new(program)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .args(arguments)
        .output()
        .unwrap()
}

/// States by path below the folder, in order.
fn states(end: &TestEnd, folder: &TestFolder) -> Vec<(String, String)> {
    let root = format!("{}/", folder.path().display());
    let files = end.output()["files"].as_array().unwrap();
    files
        .iter()
        .map(|file| {
            let path = file["path"].as_str().unwrap().replacen(&root, "", 1);
            (path, file["state"].as_str().unwrap().to_owned())
        })
        .collect()
}

fn name() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => proptest::sample::select(b"abc".to_vec()),
        2 => proptest::sample::select(b"\\\n\r *()#= \xff\xc3".to_vec()),
    ];
    proptest::collection::vec(byte, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_the_programs_write_is_in_order_and_what_changes_or_goes_is_told_as_by_them(
        names in proptest::collection::btree_set(name(), 1..6),
        algorithm in proptest::sample::select(vec!["sha256sum", "sha512sum", "b3sum"]),
        form in proptest::sample::select(vec!["", "--tag", "--binary"]),
        changed in any::<proptest::sample::Index>(),
        gone in any::<proptest::sample::Index>(),
    ) {
        let Some(program) = reference_program(algorithm) else {
            return Ok(());
        };
        let is_b3sum = algorithm == "b3sum";
        prop_assume!(!is_b3sum || (form != "--binary" && names.iter().all(|name| std::str::from_utf8(name).is_ok())));
        // b3sum takes two spaces in a name for those after a digest, and refuses what it wrote itself.
        prop_assume!(!is_b3sum || form != "--tag" || names.iter().all(|name| !name.windows(2).any(|pair| pair == b"  ")));
        let folder = TestFolder::new();
        let names: Vec<Vec<u8>> = names.into_iter().collect();
        for name in &names {
            folder.write(Path::new("in").join(OsStr::from_bytes(name)), name);
        }
        let inside = folder.join("in");
        let mut arguments: Vec<&OsStr> = Vec::new();
        if !form.is_empty() {
            arguments.push(form.as_ref());
        }
        arguments.push("--".as_ref());
        arguments.extend(names.iter().map(|name| OsStr::from_bytes(name)));
        let written = run(&program, &inside, &arguments);
        prop_assert!(written.status.success());
        // The name says nothing of the algorithm.
        folder.write("list", &written.stdout);

        let input = json!({ "manifests": ["list"], "folder": "in", "unlisted": true });
        let end = verified(&folder, input.clone());
        prop_assert_eq!(&end.output()["all_well"], true, "{}", end.output());
        prop_assert_eq!(&end.output()["ok"], names.len());
        prop_assert_eq!(&end.output()["unlisted"], &json!([]));

        let (changed, gone) = (changed.get(&names), gone.get(&names));
        fs::write(inside.join(OsStr::from_bytes(changed)), "other").unwrap();
        fs::remove_file(inside.join(OsStr::from_bytes(gone))).unwrap();
        let end = verified(&folder, input);
        let theirs = run(&program, &inside, &["--check".as_ref(), "../list".as_ref()]);
        prop_assert_eq!(theirs.status.success(), end.output()["all_well"].as_bool().unwrap());
        let lines = |state: &str| {
            let text = String::from_utf8_lossy(&theirs.stdout).into_owned();
            text.lines().filter(|line| line.ends_with(state)).count()
        };
        prop_assert_eq!(&end.output()["ok"], lines(": OK"));
        prop_assert_eq!(&end.output()["missing"], 1);
        prop_assert_eq!(&end.output()["changed"], usize::from(changed != gone));
    }

    #[test]
    fn any_lines_are_taken_and_refused_as_sha256sum_does(
        lines in proptest::collection::vec(
            "[ \t]{0,1}\\\\{0,1}(DIGEST|OTHER|SHORT|DIGESTF|SHA256) {0,2}[ *(]{0,1}(a|b|gone|a\\\\\\\\b|a\\\\x)?(\\)( {0,2}= {0,1})(DIGEST|SHORT))?\r{0,1}",
            1..5,
        ),
    ) {
        let Some(program) = reference_program("sha256sum") else {
            return Ok(());
        };
        let folder = TestFolder::new();
        for name in ["a", "b", "a\\b"] {
            folder.write(name, "x");
        }
        // Where no name is left, sha256sum looks for a file called " " or "".
        prop_assume!(lines.iter().all(|line| !line.trim_end_matches('\r').ends_with([' ', '*']) && !line.contains("()")));
        // Returns at the end of all lines or of none: sha256sum takes any off, and what is done with a
        // single one here is another test's business.
        let has_returns = lines[0].ends_with('\r');
        let text: String = lines
            .iter()
            .map(|line| format!("{}{}", line.trim_end_matches('\r'), if has_returns { "\r\n" } else { "\n" }))
            .collect();
        let text = text
            .replace("DIGEST", "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")
            .replace("OTHER", &"0".repeat(64))
            .replace("SHORT", &"0".repeat(62));
        folder.write("sums.sha256", &text);
        let theirs = run(&program, folder.path(), &["--check".as_ref(), "sums.sha256".as_ref()]);
        let said = String::from_utf8_lossy(&theirs.stdout).into_owned();
        let count = |end: &str| said.lines().filter(|line| line.ends_with(end)).count();
        let end = verified(&folder, json!({ "manifests": ["sums.sha256"], "algorithm": "sha256" }));
        let found = match &end.result {
            Ok(output) => output.clone(),
            Err(_) => end.partial().unwrap().clone(),
        };
        let ours = ["ok", "changed", "missing"].map(|state| found[state].as_u64().unwrap() as usize);
        let theirs = [count(": OK"), count(": FAILED"), count(": FAILED open or read")];
        prop_assert_eq!(ours, theirs, "{:?}\n{}\n{}", text, said, found);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hash_files_writes_is_in_order_in_every_algorithm_and_for_any_name() {
    for algorithm in ["blake3", "sha256", "sha512", "xxh3"] {
        let folder = TestFolder::new();
        let names: [&[u8]; 6] = [
            b"plain",
            b"a\nb",
            b"back\\slash",
            b"end\r",
            b" * space",
            b"\xff",
        ];
        for name in names {
            folder.write(Path::new("in").join(OsStr::from_bytes(name)), name);
        }
        let end = TestRun::of(HashFiles)
            .within(&folder)
            .input(json!({ "paths": ["in"], "algorithm": algorithm, "manifest": "list" }))
            .run()
            .await;
        let left_out = end.output()["skipped"].as_array().unwrap().len();
        let end = verify(&folder, json!({ "manifests": ["list"] })).await;
        assert_eq!(end.output()["all_well"], true, "{}", end.output());
        assert_eq!(end.output()["ok"], 6 - left_out, "{}", end.output());
    }
}

#[tokio::test]
async fn each_state_is_told_with_its_line_and_a_sentence() {
    let folder = TestFolder::new();
    folder.write("whole", "abc");
    folder.write("other", "abd");
    folder.write("folder/x", "");
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let text = format!(
        "# made by hand\n{abc}  whole\n{abc}  other\n{abc}  gone\n{abc}  folder\nnonsense\nMD5 (whole) = 00\n"
    );
    folder.write("list", text);
    let end = verify(&folder, json!({ "manifests": ["list"], "unlisted": true })).await;
    let expected = [
        ("whole", "ok"),
        ("other", "changed"),
        ("gone", "missing"),
        ("folder", "unreadable"),
    ];
    let expected = expected.map(|(path, state)| (path.to_owned(), state.to_owned()));
    assert_eq!(states(&end, &folder), expected);
    let output = end.output();
    assert_eq!(output["all_well"], false);
    assert_eq!(output["files"][0]["algorithm"], "sha256");
    assert_eq!(output["files"][1]["line"], 3);
    assert_eq!(output["malformed"], 2);
    assert_eq!(output["malformed_lines"][0]["line"], 6);
    assert_eq!(output["malformed_lines"][0]["text"], "nonsense");
    assert_eq!(output["malformed_lines"][1]["reason"], "unknown_algorithm");
    let unlisted = output["unlisted"].as_array().unwrap();
    assert_eq!(unlisted.len(), 1);
    assert!(unlisted[0]["path"].as_str().unwrap().ends_with("/folder/x"));
}

#[tokio::test]
async fn nothing_outside_the_roots_is_read_whatever_the_manifest_says() {
    let folder = TestFolder::new();
    folder.write("secret", "abc");
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let secret = folder.join("secret").display().to_string();
    folder.write(
        "in/list",
        format!("{abc}  ../secret\n{abc}  {secret}\n{abc}  link\n{abc}  ../none\n"),
    );
    std::os::unix::fs::symlink("../secret", folder.join("in/link")).unwrap();
    let end = TestRun::of(VerifyChecksums)
        .within(&folder)
        .roots(Roots::within([folder.join("in")]).unwrap())
        .input(json!({ "manifests": ["in/list"] }))
        .run()
        .await;
    assert_eq!(end.output()["unreadable"], 4, "{}", end.output());
    assert_eq!(end.output()["total_bytes"], 0);
}

#[tokio::test]
async fn missing_files_are_no_fault_if_some_may_be_missing() {
    let folder = TestFolder::new();
    folder.write("whole", "abc");
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    folder.write("list", format!("{abc}  whole\n{abc}  gone\n"));
    let end = verify(&folder, json!({ "manifests": ["list"] })).await;
    assert_eq!(end.output()["all_well"], false);
    let end = verify(
        &folder,
        json!({ "manifests": ["list"], "ignore_missing": true }),
    )
    .await;
    assert_eq!(end.output()["all_well"], true);
    fs::remove_file(folder.join("whole")).unwrap();
    let end = verify(
        &folder,
        json!({ "manifests": ["list"], "ignore_missing": true }),
    )
    .await;
    assert_eq!(
        end.output()["all_well"],
        false,
        "nothing was there to verify"
    );
}

#[tokio::test]
async fn a_file_that_is_no_manifest_is_an_error_that_says_so() {
    let folder = TestFolder::new();
    folder.write("picture", [0xff, 0xd8, b'\n', 0, 1, 2]);
    let end = verify(&folder, json!({ "manifests": ["picture"] })).await;
    assert_eq!(end.error().code.as_str(), "nothing_to_verify");
    assert_eq!(end.partial().unwrap()["malformed"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_keeps_what_was_verified() {
    let folder = TestFolder::new();
    folder.write("a", "abc");
    fs::File::create(folder.join("b"))
        .unwrap()
        .set_len(48 << 20)
        .unwrap();
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    folder.write("list", format!("{abc}  a\n{abc}  b\n"));
    let end = TestRun::of(VerifyChecksums)
        .within(&folder)
        .input(json!({ "manifests": ["list"] }))
        .cancel_at(CancelAt::Bytes(8 << 20))
        .run()
        .await;
    assert!(end.is_canceled());
    assert_eq!(end.partial().unwrap()["files"].as_array().unwrap().len(), 1);
}
