//! Trees of files, and searches of them: odd names, encodings, line ends and contents.

use proptest::prelude::*;
use serde_json::{Value, json};

/// A file of a tree: where, and what is in it.
pub type TreeFile = (&'static [u8], Vec<u8>);

const PATHS: &[&[u8]] = &[
    b"a.txt",
    b"b.rs",
    b"sub/c.txt",
    b"sub/ignored.log",
    b"sub/kept.log",
    b"sub/deep/d.md",
    b"target/e.rs",
    b".hidden/f.txt",
    b".dot",
    b"odd \n name*[x].txt",
    b"not utf-8 \xff\xfe.txt",
    b"-flag.py",
    b"ignored by its own list.txt",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        6 => prop::sample::select(vec!["foo", "Foo", "foobar", "bar", "x", "ä", "Ä", "1.2", "a_b", "", "()"])
            .prop_map(|word| word.as_bytes().to_vec()),
        1 => Just(b"\xff".to_vec()),
        1 => Just(b"\r".to_vec()),
    ];
    let line = prop_oneof![
        30 => prop::collection::vec(word, 0..6).prop_map(|words| words.join(&b' ')),
        1 => Just([&b"long ".repeat(100)[..], b"foo ", &b"tail".repeat(25)].concat()),
    ];
    let end = prop::sample::select(vec!["\n", "\n", "\r\n"]);
    let lines = prop::collection::vec((line, end), 0..12);
    (lines, any::<bool>(), 0..12_u8).prop_map(|(lines, has_end, kind)| {
        let mut text = Vec::new();
        for (line, end) in lines {
            text.extend(line);
            text.extend(end.as_bytes());
        }
        if !has_end && text.ends_with(b"\n") {
            text.pop();
        }
        match kind {
            0 => {
                text.insert(text.len() / 2, 0);
                text
            }
            1 | 2 => {
                let units = String::from_utf8_lossy(&text);
                let units = std::iter::once(0xfeff).chain(units.encode_utf16());
                match kind {
                    1 => units.flat_map(u16::to_le_bytes).collect(),
                    _ => units.flat_map(u16::to_be_bytes).collect(),
                }
            }
            3 => [&b"\xef\xbb\xbf"[..], &text].concat(),
            _ => text,
        }
    })
}

/// The files of a tree.
pub fn tree() -> impl Strategy<Value = Vec<TreeFile>> {
    let contents = prop::collection::vec(prop::option::weighted(0.7, text()), PATHS.len());
    contents.prop_map(|contents| {
        let files = PATHS.iter().zip(contents);
        files
            .filter_map(|(path, content)| Some((*path, content?)))
            .collect()
    })
}

/// A search, as both are told of it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Toolroom's input.
    pub input: Value,
    /// The same for ripgrep.
    pub arguments: Vec<String>,
}

/// A search of a tree.
pub fn asked() -> impl Strategy<Value = Asked> {
    let literals = vec!["foo", "Foo", "ä", "1.2", "()", "o b", "r\u{e4}", "x"];
    let expressions = vec![
        r"fo+",
        r"^",
        r"$",
        r"bar$",
        r"^foo\s",
        r"\bfoo\b",
        r"x*",
        r"(?i)FOO",
        r"[^o]+$",
        r"\w+ \d",
        r"(a|ä|b)+",
        r"foo|foobar",
        r"\S+\s+\S+$",
        r"(?-u)\xff",
        r".",
    ];
    let over_lines = vec![
        r"foo\s+bar",
        r"\n",
        r"(?s)foo.{0,9}x",
        r"x\n+",
        r"foo\r?\n",
        r"^$",
    ];
    let pattern = prop_oneof![
        prop::sample::select(literals).prop_map(|pattern| ("literal", pattern, false)),
        prop::sample::select(expressions.clone()).prop_map(|pattern| ("regex", pattern, false)),
        prop::sample::select(expressions).prop_map(|pattern| ("regex", pattern, true)),
        prop::sample::select(over_lines).prop_map(|pattern| ("regex", pattern, true)),
    ];
    let case = prop::sample::select(vec![
        ("smart", "--smart-case"),
        ("sensitive", "--case-sensitive"),
        ("insensitive", "--ignore-case"),
    ]);
    let globs = prop::sample::select(vec![
        vec![],
        vec![],
        vec!["*.txt"],
        vec!["!*.rs"],
        vec!["sub/*.txt"],
        vec!["*.log", "!sub/"],
        vec!["!target/"],
    ]);
    let types = prop::sample::select(vec!["", "", "", "rust", "!markdown"]);
    let flags = prop::collection::vec(any::<bool>(), 4);
    (pattern, case, globs, types, flags, 0..3_u32, 0..3_u32).prop_map(
        |((syntax, pattern, is_multi_line), case, globs, kind, flags, before, after)| {
            let mut arguments = vec![
                case.1.to_owned(),
                format!("-B{before}"),
                format!("-A{after}"),
            ];
            let mut flag = |is_on: bool, name: &str| {
                if is_on {
                    arguments.push(name.to_owned());
                }
                is_on
            };
            flag(syntax == "literal", "--fixed-strings");
            flag(is_multi_line, "--multiline");
            let input = json!({
                "pattern": pattern,
                "syntax": syntax,
                "case": case.0,
                "multi_line": is_multi_line,
                "whole_words": flag(flags[0], "--word-regexp"),
                "include_ignored": flag(flags[1], "--no-ignore"),
                "include_hidden": flag(flags[2], "--hidden"),
                "binary": if flag(flags[3], "--text") { "text" } else { "skip" },
                "globs": globs,
                "types": if kind.is_empty() { vec![] } else { vec![kind] },
                "lines_before": before,
                "lines_after": after,
            });
            arguments.extend(globs.iter().map(|glob| format!("--glob={glob}")));
            match kind.strip_prefix('!') {
                Some(kind) => arguments.push(format!("--type-not={kind}")),
                None if kind.is_empty() => {}
                None => arguments.push(format!("--type={kind}")),
            }
            arguments.push(format!("--regexp={pattern}"));
            Asked { input, arguments }
        },
    )
}
