//! What is read, against what is written.

use super::*;
use crate::support::checksum_line::{Escape, checksum_line};
use proptest::prelude::*;

fn said(text: &str) -> Vec<Result<(Option<Algorithm>, String), LineReason>> {
    lines(text.as_bytes())
        .map(|line| match line.said {
            Ok(checksum) => {
                let name = String::from_utf8(checksum.name).unwrap();
                Ok((checksum.algorithm, name))
            }
            Err(problem) => Err(problem.reason),
        })
        .collect()
}

fn bare_name(name: &str) -> Result<(Option<Algorithm>, String), LineReason> {
    Ok((None, name.to_owned()))
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_every_line_is_counted(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..300),
            "([0-9a-f]{0,66}[ \\\\(*)=]{0,3}|SHA256 |[\\\\\n\r#a]){0,12}".prop_map(String::into_bytes),
        ]
    ) {
        let count = bytes.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        for line in lines(&bytes) {
            prop_assert!(line.number >= 1 && line.number <= count);
            if let Ok(checksum) = line.said {
                prop_assert!(!checksum.name.is_empty() && !checksum.name.contains(&0));
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_written_for_any_names_is_read_back(
        names in proptest::collection::vec(
            proptest::collection::vec(
                prop_oneof![4 => any::<u8>(), 1 => proptest::sample::select(b"\\\n\r *()#".to_vec())],
                1..12,
            ),
            1..6,
        ),
        escape in proptest::sample::select(vec![Escape::Odd, Escape::LineFeeds]),
    ) {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt, path::Path};
        let names: Vec<Vec<u8>> = names
            .into_iter()
            .map(|name| name.into_iter().map(|byte| byte.max(1)).collect())
            .collect();
        let digest = "0af3".repeat(16);
        let text: Vec<u8> = names
            .iter()
            .flat_map(|name| checksum_line(&digest, Path::new(OsStr::from_bytes(name)), escape))
            .collect();
        let read: Vec<_> = lines(&text).map(|line| line.said.unwrap()).collect();
        prop_assert_eq!(read.len(), names.len());
        for (checksum, name) in read.iter().zip(&names) {
            prop_assert_eq!(&checksum.digest, &digest);
            let is_one = checksum.name == *name || checksum.other_name.as_ref() == Some(name);
            prop_assert!(is_one, "{:?} is not {:?}", checksum, name);
            // Only where a name ends in a return can there be a doubt.
            let doubt = escape == Escape::LineFeeds && name.ends_with(b"\r") && name.len() > 1 && !name.contains(&b'\n');
            prop_assert_eq!(checksum.other_name.is_some(), doubt);
        }
    }
}

#[test]
fn the_forms_of_all_programs_are_read() {
    let d = "a".repeat(64);
    let text = format!(
        "\u{feff}# comment\n\n{d}  text\n{d} *binary\n{}  loud\n  {d}  indented\n\
         SHA256 (a (1).txt) = {d}\nSHA2-256(b)= {d}\n\\BLAKE3 (two\\nlines) = {d}\n\\{d}  a\\\\b\\rc",
        "A".repeat(64),
    );
    let tag = |algorithm, name: &str| Ok((Some(algorithm), name.to_owned()));
    assert_eq!(
        said(&text),
        [
            bare_name("text"),
            bare_name("binary"),
            bare_name("loud"),
            bare_name("indented"),
            tag(Algorithm::Sha256, "a (1).txt"),
            tag(Algorithm::Sha256, "b"),
            tag(Algorithm::Blake3, "two\nlines"),
            bare_name("a\\b\rc"),
        ]
    );
    assert_eq!(lines(text.as_bytes()).next().unwrap().number, 3);
}

#[test]
fn a_return_ends_a_line_where_all_lines_end_so_and_else_belongs_to_the_name() {
    let d = "a".repeat(32);
    let both = format!("{d}  a\r\n{d}  b\r\n{d}  c");
    assert_eq!(
        said(&both),
        [bare_name("a"), bare_name("b"), bare_name("c")]
    );
    let one = format!("{d}  a\r\n{d}  b\n");
    assert_eq!(said(&one), [bare_name("a\r"), bare_name("b")]);
    let first = lines(one.as_bytes()).next().unwrap().said.unwrap();
    assert_eq!(first.other_name.as_deref(), Some(&b"a"[..]));
}

#[test]
fn forms_with_one_and_two_spaces_are_not_mixed() {
    let d = "a".repeat(64);
    let one = format!("{d} a\n{d}  b\n");
    assert_eq!(said(&one), [bare_name("a"), bare_name(" b")]);
    let two = format!("{d}  a\n{d} b\n");
    assert_eq!(said(&two), [bare_name("a"), Err(LineReason::NotAChecksum)]);
}

#[test]
fn a_digest_of_another_length_does_not_settle_the_form() {
    let d = "a".repeat(64);
    let text = format!("{}  a\n{d} b\n", &d[..62]);
    assert_eq!(said(&text)[1], bare_name("b"));
}

#[test]
fn a_line_that_can_not_be_used_says_why() {
    let d = "a".repeat(64);
    let text = format!(
        "hello\nMD5 (a) = {}\nSHA512 (a) = {d}\n\\{d}  a\\tb\n{d}  \n{d}  a\0b\n",
        "a".repeat(32)
    );
    assert_eq!(
        said(&text),
        [
            Err(LineReason::NotAChecksum),
            Err(LineReason::UnknownAlgorithm),
            Err(LineReason::WrongLength),
            Err(LineReason::WrongEscape),
            Err(LineReason::ImpossibleName),
            Err(LineReason::ImpossibleName),
        ]
    );
}
