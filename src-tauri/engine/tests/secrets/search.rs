//! A secret in every spelling, made here anew and not by what is tested, and the search for it.

use std::{fs, path::Path};

/// Every way in which a secret is said, and looked for.
pub fn spellings(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let hex = |before: &str| {
        let digits = bytes.iter().map(|byte| format!("{before}{byte:02X}"));
        digits.collect::<String>()
    };
    let json = |text: &str| {
        let quoted = serde_json::to_string(text).unwrap();
        quoted[1..quoted.len() - 1].to_owned()
    };
    let units = secret.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
    let some_percent: String = secret
        .chars()
        .map(|c| match c {
            ' ' => "+".to_owned(),
            c if c.is_ascii_alphanumeric() => c.to_string(),
            c => c
                .to_string()
                .bytes()
                .map(|byte| format!("%{byte:02x}"))
                .collect(),
        })
        .collect();
    vec![
        secret.to_owned(),
        hex("%"),
        hex("%25"),
        hex(""),
        hex("").to_lowercase(),
        some_percent,
        json(secret),
        json(&json(secret)),
        units.collect(),
        base64(bytes),
        // As a password after a name of each length.
        base64(&[b"u:", bytes].concat()),
        base64(&[b"me:u", bytes].concat()),
    ]
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let triples = bytes.chunks(3);
    triples
        .flat_map(|triple| {
            let byte = |index| triple.get(index).copied().unwrap_or_default();
            let all = u32::from_be_bytes([0, byte(0), byte(1), byte(2)]);
            let digits =
                [18, 12, 6, 0].map(|shift| char::from(DIGITS[(all >> shift) as usize & 63]));
            digits.into_iter().take(triple.len() + 1)
        })
        .collect()
}

/// The spellings of `secret` that are in `bytes`.
pub fn found_in(bytes: &[u8], secret: &str) -> Vec<String> {
    let whole = spellings(secret);
    // Of a code, the middle, on which what is around the secret has no bearing.
    let middles = whole[whole.len() - 3..].iter().map(|code| {
        let end = code.len() / 4 * 4 - 4;
        code[8..end].to_owned()
    });
    let middles: Vec<_> = middles.collect();
    whole
        .into_iter()
        .chain(middles)
        .filter(|spelling| contains(bytes, spelling.as_bytes()))
        .collect()
}

pub fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Every file below `folder`.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    all
}
