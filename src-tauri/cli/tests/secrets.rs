//! Secrets at the terminal: kept, named, used by a tool against a server on this machine, and found nowhere
//! but in the file that the person agreed to.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do
#![cfg(unix)]

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
};

use serde_json::{Value, json};

/// With signs that are spelled in many ways, and such as a file's name may have.
const CANARY: &str = "kAn4r y 1%+zQ7w&x'=";

/// The program, on a system without a keyring.
fn toolroom(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_toolroom"));
    command
        .env("TOOLROOM_DATA_DIR", folder.join("data"))
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .current_dir(folder);
    command
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What it says to these arguments with that on standard input.
fn tell(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = toolroom(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that asks for nothing may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// A server that lets in whoever says the token, and says it back in the name of the file that it gives. Its
/// address.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // Ends with the process of the test.
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<_> = lines
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty())
                .collect();
            let is_let_in = head.iter().any(|line| {
                line.to_lowercase().starts_with("authorization: bearer ") && line.ends_with(CANARY)
            });
            let answer = if is_let_in {
                format!("200 OK\r\ncontent-disposition: attachment; filename=\"{CANARY} named\"")
            } else {
                "401 Unauthorized".to_owned()
            };
            let text =
                format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(text.as_bytes());
        }
    });
    format!("http://{address}")
}

/// Every way in which the token may be spelled.
fn spellings() -> Vec<String> {
    let bytes = CANARY.as_bytes();
    let hex = |sign: &str| {
        let digits = bytes.iter().map(|byte| format!("{sign}{byte:02X}"));
        digits.collect::<String>()
    };
    let json = |text: &str| {
        serde_json::to_string(text)
            .unwrap()
            .trim_matches('"')
            .to_owned()
    };
    vec![
        CANARY.to_owned(),
        hex("%"),
        hex(""),
        hex("").to_lowercase(),
        json(CANARY),
        json(&json(CANARY)),
    ]
}

fn assert_clean(place: &str, bytes: &[u8]) {
    for spelling in spellings() {
        let is_there = bytes
            .windows(spelling.len())
            .any(|window| window == spelling.as_bytes());
        assert!(!is_there, "{spelling} in {place}");
    }
}

fn assert_folder_is_clean(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_folder_is_clean(&path);
        } else if !path.ends_with("secrets.private") {
            assert_clean(&path.display().to_string(), &fs::read(&path).unwrap());
        }
    }
}

#[test]
fn a_secret_is_kept_used_by_name_and_found_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(
        tell(folder, &["secret", "list"], "").stdout,
        b"No secrets yet.\n"
    );
    assert!(!folder.join("data").exists());
    let set = ["secret", "set", "my.token"];
    let refused = tell(folder, &set, CANARY);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("--allow-file"), "{refused:?}");
    assert_eq!(
        tell(folder, &["secret", "list"], "").stdout,
        b"No secrets yet.\n"
    );
    let kept = tell(
        folder,
        &[&set[..], &["--allow-file"]].concat(),
        &format!("{CANARY}\n"),
    );
    assert_eq!(kept.status.code(), Some(0), "{kept:?}");
    let listed = tell(folder, &["secret", "list", "--json"], "");
    assert_eq!(
        serde_json::from_slice::<Value>(&listed.stdout).unwrap(),
        json!(["my.token"])
    );
    let file = folder.join("data/secrets.private");
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );

    let url = format!("{}/a", server());
    let run = [
        "run",
        "download-files",
        "--into",
        "down",
        "--overwrite",
        "replace",
        "--urls",
        &url,
    ];
    let mut said = vec![refused, kept, listed];
    for (more, input) in [
        (["--token", "secret:my.token"], ""),
        (["--token", "-"], CANARY),
        (["--input", "-"], &*json!({ "token": CANARY }).to_string()),
    ] {
        for as_json in [&["--json"][..], &[]] {
            let output = tell(folder, &[&run[..], &more, as_json].concat(), input);
            assert_eq!(output.status.code(), Some(0), "{output:?}");
            said.push(output);
        }
    }
    // By a descriptor, as a shell opens it.
    let line = format!(
        "exec \"$TOOLROOM\" {} --token fd:3 3<<'END'\n{CANARY}\nEND",
        run.join(" ")
    );
    let shell = toolroom(folder);
    let program = shell.get_program().to_owned();
    let output = Command::new("sh")
        .args(["-c", &line])
        .envs(
            shell
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env("TOOLROOM", program)
        .current_dir(folder)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    said.push(output);

    let jobs = tell(folder, &["jobs", "--json"], "");
    let all: Vec<Value> = serde_json::from_slice(&jobs.stdout).unwrap();
    assert_eq!(all.len(), 7);
    let mut shown = String::new();
    for job in &all {
        let id = job["job_id"].as_str().unwrap();
        for more in [&[][..], &["--json"], &["--log"]] {
            let output = tell(folder, &[&["job", id], more].concat(), "");
            shown += &String::from_utf8_lossy(&output.stdout);
            said.push(output);
        }
    }
    for words in ["secret", "kAn4r", "my.token"] {
        said.push(tell(folder, &["jobs", "--search", words], ""));
    }
    said.push(jobs);
    // What the server said is there, without the token.
    assert!(shown.contains("[secret] named"), "{shown}");
    assert!(shown.contains("redacted"), "{shown}");
    for output in &said {
        assert_clean("standard output", &output.stdout);
        assert_clean("standard error", &output.stderr);
    }
    assert_folder_is_clean(&folder.join("data"));

    let removed = tell(folder, &["secret", "remove", "my.token"], "");
    assert_eq!(removed.status.code(), Some(0));
    assert_clean("the file", &fs::read(&file).unwrap());
    let output = tell(
        folder,
        &[&run[..], &["--token", "secret:my.token"]].concat(),
        "",
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("There is no secret named my.token"));
    // What was typed in can't be done again, what is kept can.
    let typed = all
        .iter()
        .find(|job| job["tool_name"] == "download-files")
        .unwrap();
    let again = tell(folder, &["retry", typed["job_id"].as_str().unwrap()], "");
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("never kept"), "{again:?}");
}

#[test]
fn a_secret_that_is_an_argument_is_refused_and_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let typed = json!({ "token": "CANARY" }).to_string();
    for more in [
        ["--token", "CANARY"],
        ["--token", "secret:CANARY!"],
        ["--input", &typed],
    ] {
        let arguments = [
            &[
                "run",
                "download-files",
                "--into",
                "down",
                "--urls",
                "http://localhost",
            ][..],
            &more,
        ]
        .concat();
        let output = tell(folder.path(), &arguments, "");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(!stderr(&output).contains("CANARY"), "{output:?}");
        assert!(
            stderr(&output).contains("argument") || stderr(&output).contains("name of a secret")
        );
    }
    assert!(!folder.path().join("data").exists());
}
