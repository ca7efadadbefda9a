//! The ways in which a secret may stand in a text, and where it does.
//!
//! As it is; percent-encoded, once or twice, as a whole or in part; with the escapes of JSON, also of JSON
//! within JSON; in base64 of either alphabet, wherever in what is encoded it begins; in hexadecimal. Of a
//! secret of several lines, each line.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use zeroize::Zeroizing;

use super::SHORTEST_SCRUBBED;

/// How many bytes a line or a code of a secret has at least to be looked for: shorter ones occur by chance.
const SHORTEST_PART: usize = 8;

/// What a secret is looked for as.
pub fn of(secret: &str) -> Vec<Zeroizing<String>> {
    let mut found: Vec<Zeroizing<String>> = Vec::new();
    let mut add = |text: String, shortest: usize| {
        let text = Zeroizing::new(text);
        if text.len() >= shortest && !found.contains(&text) {
            found.push(text);
        }
    };
    let trimmed = secret.trim();
    let lines = secret.lines().map(str::trim);
    let wholes = [secret, trimmed].into_iter();
    for text in wholes.chain(lines.clone().filter(|line| line.len() < trimmed.len())) {
        let shortest = if text.len() < trimmed.len() {
            SHORTEST_PART
        } else {
            SHORTEST_SCRUBBED
        };
        add(text.to_owned(), shortest);
        add(in_json(text), shortest);
        if text.len() >= SHORTEST_PART {
            for code in codes(text.as_bytes()) {
                add(code, SHORTEST_PART);
            }
        }
    }
    found
}

/// With the escapes of JSON. Where it is looked for they may stand once more.
fn in_json(text: &str) -> String {
    let quoted = Zeroizing::new(serde_json::to_string(text).unwrap_or_default());
    let inner = quoted
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or_default().to_owned()
}

fn codes(bytes: &[u8]) -> Vec<String> {
    let hex = |digits: &[u8; 16]| {
        let digit = |value: u8| char::from(digits[usize::from(value)]);
        bytes
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
            .collect::<String>()
    };
    let mut codes = vec![hex(b"0123456789abcdef"), hex(b"0123456789ABCDEF")];
    for before in 0..3 {
        let mut all = Zeroizing::new(vec![0; before]);
        all.extend_from_slice(bytes);
        // What the bytes before and after have a part in isn't looked for.
        let first = [0, 2, 3][before];
        let unsure = usize::from(!all.len().is_multiple_of(3));
        for alphabet in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let code = alphabet.encode(&*all);
            codes.push(code[first..code.len() - unsure].to_owned());
        }
    }
    codes
}

/// The longest end of `needle` in `text` if it begins at `at`, in whatever spelling.
pub fn end_at(text: &[u8], at: usize, needle: &str) -> Option<usize> {
    // A percent sign or a backslash may be one, or begin another character: both are followed.
    let mut ends = vec![at];
    let mut next = Vec::new();
    for wanted in needle.chars() {
        for end in ends.drain(..) {
            each_end(text, end, wanted, &mut |end| {
                if !next.contains(&end) {
                    next.push(end);
                }
            });
        }
        if next.is_empty() {
            return None;
        }
        std::mem::swap(&mut ends, &mut next);
    }
    ends.into_iter().max()
}

/// Calls `each` with where `wanted` ends, for each spelling in which it stands at `at`.
fn each_end(text: &[u8], at: usize, wanted: char, each: &mut dyn FnMut(usize)) {
    let rest = &text[at..];
    let mut buffer = [0; 4];
    let bytes = wanted.encode_utf8(&mut buffer).as_bytes();
    if rest.starts_with(bytes) {
        each(at + bytes.len());
    }
    match rest.first() {
        Some(b'+') if wanted == ' ' => each(at + 1),
        Some(b'%') => {
            for sign in [&b"%"[..], b"%25"] {
                let width = sign.len() + 2;
                let is_here = bytes.iter().enumerate().all(|(index, byte)| {
                    let coded = rest.get(index * width..(index + 1) * width);
                    coded.is_some_and(|coded| {
                        coded.starts_with(sign) && hex(&coded[sign.len()..]) == Some((*byte).into())
                    })
                });
                if is_here {
                    each(at + bytes.len() * width);
                }
            }
        }
        Some(b'\\') => {
            let short = match rest.get(1) {
                Some(b'n') => Some('\n'),
                Some(b'r') => Some('\r'),
                Some(b't') => Some('\t'),
                Some(b'b') => Some('\u{8}'),
                Some(b'f') => Some('\u{c}'),
                Some(sign @ (b'"' | b'\\' | b'/')) => Some(char::from(*sign)),
                _ => None,
            };
            if short == Some(wanted) {
                each(at + 2);
            }
            let mut units = [0; 2];
            let units = wanted.encode_utf16(&mut units);
            let is_here = units.iter().enumerate().all(|(index, unit)| {
                let coded = rest.get(index * 6..(index + 1) * 6);
                coded.is_some_and(|coded| {
                    coded.starts_with(b"\\u") && hex(&coded[2..]) == Some((*unit).into())
                })
            });
            if is_here {
                each(at + units.len() * 6);
            }
        }
        _ => {}
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok()?;
    let is_plain = digits.iter().all(u8::is_ascii_hexdigit);
    is_plain.then(|| u32::from_str_radix(text, 16).ok())?
}
