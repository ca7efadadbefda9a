//! The same searches by ripgrep itself, on generated trees: what is found, around what, and how often.

use std::{collections::BTreeMap, env, ffi::OsString, path::Path, process::Command};

use proptest::prelude::*;
use serde_json::Value;
use toolroom_toolkit::testing::TestFolder;

use super::{
    generated::{Asked, asked, tree},
    rows, run, with,
};

/// What a search finds: of each file its counts and its lines, each marked as a match or as one around.
type Found = BTreeMap<String, (u64, u64, Vec<Line>)>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    number: u64,
    text: String,
    /// The matches' texts; none if it is a line around.
    matches: Option<Vec<String>>,
}

/// Older ones differ in odd corners that were mended since.
const OLDEST: u32 = 15;

/// Whether ripgrep is there. Where programs for tests were installed it must be.
fn is_installed() -> bool {
    let output = Command::new("rg").arg("--version").output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let version = said.ok().and_then(|said| {
        let numbers = said.strip_prefix("ripgrep ")?;
        numbers.split('.').next()?.parse::<u32>().ok()
    });
    let is_there = version.is_some_and(|version| version >= OLDEST);
    if !is_there {
        let what = format!("rg is not installed, or older than version {OLDEST}");
        assert!(env::var_os("TOOLROOM_TEST_PROGRAMS").is_none(), "{what}");
        eprintln!("skipped: {what}");
    }
    is_there
}

fn by_ripgrep(folder: &Path, asked: &Asked) -> Found {
    let output = Command::new("rg")
        .args(["--no-config", "--json", "--crlf"])
        .args(&asked.arguments)
        .arg(folder)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.code() != Some(2), "{output:?}");
    let mut found = Found::new();
    let mut lines: Vec<Line> = Vec::new();
    for event in output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let event: Value = serde_json::from_slice(event).unwrap();
        let data = &event["data"];
        match event["type"].as_str().unwrap() {
            kind @ ("match" | "context") => {
                let bytes = bytes_of(&data["lines"]);
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let line = without_end(&bytes);
                // The line's end isn't shown, so neither is what a match has of it.
                let at = |one: &Value, name: &str| {
                    let at = one[name].as_u64().unwrap() as usize;
                    at.min(line.len())
                };
                let matches = rows(data, "submatches")
                    .into_iter()
                    .map(|one| text(&line[at(one, "start")..at(one, "end")]))
                    .collect();
                lines.push(Line {
                    number: data["line_number"].as_u64().unwrap(),
                    text: text(line),
                    matches: (kind == "match").then_some(matches),
                });
            }
            "end" => {
                let mut lines = std::mem::take(&mut lines);
                without_lines_around_nothing(&mut lines, &asked.input);
                // What was found in it before it turned out to be binary is no find.
                if data["binary_offset"].is_null() && !lines.is_empty() {
                    let path = String::from_utf8_lossy(&bytes_of(&data["path"])).into_owned();
                    let count = |name: &str| data["stats"][name].as_u64().unwrap();
                    found.insert(path, (count("matches"), count("matched_lines"), lines));
                }
            }
            _ => {}
        }
    }
    found
}

/// ripgrep shows what stands before an empty match behind the last line, but not that: it is in no line.
fn without_lines_around_nothing(lines: &mut Vec<Line>, input: &Value) {
    let after = input["lines_after"].as_u64().unwrap();
    let last = lines.iter().rfind(|line| line.matches.is_some());
    let end = last.map_or(0, |last| {
        last.number + last.text.matches('\n').count() as u64 + after
    });
    lines.retain(|line| line.number <= end);
}

fn by_toolroom(output: &Value) -> Found {
    let mut found = Found::new();
    for file in rows(output, "files") {
        let count = |name: &str| file[name].as_u64().unwrap();
        let path = file["path"].as_str().unwrap().to_owned();
        found.insert(path, (count("matches"), count("lines"), Vec::new()));
    }
    for row in rows(output, "results") {
        let lines = &mut found.get_mut(row["path"].as_str().unwrap()).unwrap().2;
        let number = row["line"].as_u64().unwrap();
        let last = row["last_line"].as_u64().unwrap_or(number);
        let around = |text: &str, first: u64, lines: &mut Vec<Line>| {
            lines.extend(text.split('\n').zip(first..).map(|(text, number)| Line {
                number,
                text: text.to_owned(),
                matches: None,
            }));
        };
        if let Some(before) = row["before"].as_str() {
            let count = before.split('\n').count() as u64;
            around(before, number - count, lines);
        }
        let text = row["text"].as_str().unwrap();
        let part = |span: &Value| {
            let (from, to) = (span[0].as_u64().unwrap(), span[1].as_u64().unwrap());
            let count = (to - from) as usize;
            text.chars().skip(from as usize).take(count).collect()
        };
        lines.push(Line {
            number,
            text: text.to_owned(),
            matches: Some(rows(row, "spans").into_iter().map(part).collect()),
        });
        if let Some(after) = row["after"].as_str() {
            around(after, last + 1, lines);
        }
    }
    found
}

/// What ripgrep says as text, or in Base64 if it isn't UTF-8.
fn bytes_of(value: &Value) -> Vec<u8> {
    if let Some(text) = value["text"].as_str() {
        return text.as_bytes().to_vec();
    }
    let digits = value["bytes"].as_str().unwrap().bytes().filter_map(|byte| {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        DIGITS.iter().position(|digit| *digit == byte)
    });
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_usize, 0);
    for digit in digits {
        bits = (bits << 6 | digit) & 0xfff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    bytes
}

fn without_end(line: &[u8]) -> &[u8] {
    match line.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => line,
    }
}

#[test]
fn the_same_is_found_as_by_ripgrep() {
    use std::os::unix::ffi::OsStringExt;

    if !is_installed() {
        return;
    }
    proptest!(ProptestConfig::with_cases(256), |(tree in tree(), asked in asked())| {
        let folder = TestFolder::new();
        folder.write(".git/HEAD", "foo");
        folder.write(".gitignore", "*.log\n/target/\n");
        folder.write("sub/.gitignore", "!kept.log\n");
        folder.write(".ignore", "ignored by*\n");
        for (path, content) in tree {
            folder.write(OsString::from_vec(path.to_vec()), content);
        }
        let expected = by_ripgrep(folder.path(), &asked);
        let end = run(&folder, with(asked.input.clone()));
        prop_assert_eq!(by_toolroom(end.output()), expected, "rg {:?}", asked.arguments);
    });
}
