//! The terminal: what is printed where, and the exit codes.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::{
    fs,
    io::Write,
    process::{Output, Stdio},
};

use serde_json::{Value, json};
use toolroom_shared::{JobSnapshot, JobStatus, ToolDefinition};
use toolroom_tests::terminal::{LongRun, run, stderr, toolroom};

#[test]
fn tools_as_json_are_an_array_of_definitions() {
    let folder = tempfile::tempdir().unwrap();
    let output = toolroom(folder.path())
        .args(["tools", "--json"])
        .output()
        .unwrap();
    let tools: Vec<ToolDefinition> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(tools.iter().any(|tool| tool.name == "hash-files"));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_run_with_json_prints_the_final_snapshot_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f"), "abc").unwrap();
    let output = run(
        folder.path(),
        &[
            "hash-files",
            "--paths",
            "f",
            "--algorithm",
            "sha256",
            "--json",
        ],
    );
    let job: JobSnapshot = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(job.status, JobStatus::Succeeded);
    assert_eq!(job.progress_pct, 100);
    assert_eq!(
        job.output.unwrap()["files"][0],
        json!({
            // What was typed is meant against the folder that the terminal is in.
            "path": folder.path().join("f"),
            "digest": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "bytes": 3,
        })
    );
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output), "");
}

#[test]
fn an_input_comes_from_an_argument_a_file_or_standard_input_alike() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f"), "abc").unwrap();
    let input = r#"{"paths":["f"]}"#;
    fs::write(folder.path().join("input.json"), input).unwrap();
    let digest = |output: &Output| -> Value {
        let job: Value = serde_json::from_slice(&output.stdout).unwrap();
        job["output"]["files"][0]["digest"].clone()
    };
    let argument = run(folder.path(), &["hash-files", "--input", input, "--json"]);
    let file = run(
        folder.path(),
        &["hash-files", "--input", "@input.json", "--json"],
    );
    let mut child = toolroom(folder.path())
        .args(["run", "hash-files", "--input", "-", "--json"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let standard_input = child.wait_with_output().unwrap();
    assert!(digest(&argument).is_string());
    assert_eq!(digest(&argument), digest(&file));
    assert_eq!(digest(&argument), digest(&standard_input));
}

#[test]
fn bad_input_is_said_on_standard_error_with_code_2_and_runs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&[&str], &str); 9] = [
        (&["nope"], "nope"),
        (&["hash-files"], "--paths: This is needed."),
        (&["hash-files", "--json"], "--paths: This is needed."),
        (
            &["hash-files", "--paths", "f", "--algorithm", "md5"],
            "--algorithm: Must be one of",
        ),
        (&["hash-files", "--input", "{"], "not valid JSON"),
        (&["hash-files", "--input", "@missing"], "missing"),
        (
            &["hash-files", "--paths", ""],
            "--paths (/paths/0): Must not be empty.",
        ),
        (
            &["hash-files", "--input", r#"{"paths":[7]}"#],
            "--paths (/paths/0): Must be text.",
        ),
        (
            &["hash-files", "--input", r#"{"paths":["f"],"pahts":[]}"#],
            "--pahts: There is no such field",
        ),
    ];
    for (arguments, said) in cases {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let stderr = stderr(&output);
        assert!(stderr.contains(said), "{arguments:?} said: {stderr}");
    }
}

#[test]
fn a_job_that_fails_ends_with_code_1_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(
        folder.path(),
        &["hash-files", "--paths", "missing", "--json"],
    );
    assert_eq!(output.status.code(), Some(1));
    let job: JobSnapshot = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(job.status, JobStatus::Failed);
    assert_eq!(job.error.unwrap().code.as_str(), "nothing_to_hash");
    assert!(stderr(&output).contains("None of the files and folders could be read"));
}

#[test]
fn a_data_folder_that_cannot_be_used_is_named_and_nothing_is_run() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("taken"), "").unwrap();
    let output = run(
        folder.path(),
        &["hash-files", "--paths", "taken", "--data-dir", "taken"],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(stderr(&output).contains("taken"));
}

#[test]
fn a_path_is_meant_against_the_folder_that_it_is_typed_in() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f"), "abc").unwrap();
    for typed in [".", "f", "../here/./f"] {
        let here = folder.path().join("here");
        fs::create_dir_all(&here).unwrap();
        fs::copy(folder.path().join("f"), here.join("f")).unwrap();
        let output = toolroom(folder.path())
            .args([
                "run",
                "hash-files",
                "--json",
                "--manifest",
                "sums",
                "--overwrite",
            ])
            .args(["--paths", typed])
            .current_dir(&here)
            .output()
            .unwrap();
        let job: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(job["output"]["files"].as_array().unwrap().len(), 1, "{job}");
        assert_eq!(job["output"]["manifest"], json!(here.join("sums")));
    }
}

#[test]
fn ctrl_c_cancels_the_job_waits_for_it_and_keeps_what_it_had() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a-small"), "abc").unwrap();
    let mut long = LongRun::begin(folder.path(), "a-small");
    long.press_ctrl_c();
    let (code, seen) = long.ended();
    assert_eq!(code, Some(130));
    let job: JobSnapshot =
        serde_json::from_slice(&fs::read(folder.path().join("out.json")).unwrap()).unwrap();
    assert_eq!(job.status, JobStatus::Canceled);
    assert!(job.partial && job.cancel_requested);
    let output = job.output.unwrap();
    assert_eq!(output["files"].as_array().unwrap().len(), 1);
    let small = folder.path().join("a-small");
    assert_eq!(output["files"][0]["path"], json!(small));
    assert!(seen.contains("Canceled. What was done by then is kept"));
}
