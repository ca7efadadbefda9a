//! From the name that an archive gives an entry to a way below the folder that it is unpacked into, or
//! to the reason why there is none. What is on disk isn't looked at.

use std::{borrow::Cow, ffi::OsString, path::PathBuf};

use super::report::Reason;

/// Longer than any system takes.
const LONGEST: usize = 4096;

/// What divides the names in a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dividers {
    /// Slashes alone, as tar means it and zips made on Unix.
    Slashes,
    /// Backslashes too, as old programs on Windows write them.
    Both,
}

/// Where an entry of that name goes, below the folder; empty for the folder itself.
///
/// # Errors
/// Why it goes nowhere.
pub fn way(name: &[u8], dividers: Dividers) -> Result<PathBuf, Reason> {
    way_on(name, dividers, cfg!(windows))
}

fn way_on(name: &[u8], dividers: Dividers, windows: bool) -> Result<PathBuf, Reason> {
    if name.is_empty() || name.len() > LONGEST || name.contains(&0) {
        return Err(Reason::BadName);
    }
    let divides =
        |byte: &u8| *byte == b'/' || (*byte == b'\\' && (windows || dividers == Dividers::Both));
    let first = name.first();
    // A share or a drive is a whole path, wherever it is met.
    if first.is_some_and(divides) || name.starts_with(b"\\\\") || is_drive(name) {
        return Err(Reason::LeadsOut);
    }
    let mut way = PathBuf::new();
    for part in name.split(divides) {
        match part {
            b"" | b"." => continue,
            b".." => return Err(Reason::LeadsOut),
            part if windows && !is_name_on_windows(part) => return Err(Reason::BadName),
            part => way.push(os_string(part)),
        }
    }
    Ok(way)
}

/// `C:`, `C:\…` or `C:/…`. A colon further on is a plain character on Unix.
fn is_drive(name: &[u8]) -> bool {
    match name {
        [letter, b':', rest @ ..] => {
            letter.is_ascii_alphabetic() && matches!(rest.first(), None | Some(b'/' | b'\\'))
        }
        _ => false,
    }
}

/// Devices answer to their names in every folder there, whatever the extension; what follows a colon
/// is a stream of the file before it; and dots and blanks at the end are dropped in silence.
fn is_name_on_windows(part: &[u8]) -> bool {
    const FORBIDDEN: &[u8] = b"<>:\"|?*";
    let stem = part.split(|byte| *byte == b'.').next().unwrap_or(part);
    let stem = String::from_utf8_lossy(stem)
        .trim_end()
        .to_ascii_uppercase();
    let is_device = match stem.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" => true,
        stem => ["COM", "LPT"].iter().any(|device| {
            stem.strip_prefix(device).is_some_and(|number| {
                matches!(number, "¹" | "²" | "³")
                    || (number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit()))
            })
        }),
    };
    let is_odd = part
        .iter()
        .any(|byte| *byte < 32 || FORBIDDEN.contains(byte));
    !is_device && !is_odd && !matches!(part.last(), Some(b'.' | b' '))
}

/// The very bytes where names are bytes; else what is text in them.
pub fn os_string(bytes: &[u8]) -> OsString {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        OsString::from_vec(bytes.to_vec())
    }
    #[cfg(not(unix))]
    {
        String::from_utf8_lossy(bytes).into_owned().into()
    }
}

/// A name from a zip that isn't marked as UTF-8. Programs on Unix write it as it is. Others were meant
/// to write code page 437, and some write UTF-8 all the same: what happens to be UTF-8 was meant so.
pub fn from_zip(name: &[u8], is_utf8: bool, is_unix: bool) -> Cow<'_, [u8]> {
    if is_utf8 || is_unix || std::str::from_utf8(name).is_ok() {
        return Cow::Borrowed(name);
    }
    let text: String = name
        .iter()
        .map(|byte| match byte.checked_sub(128) {
            None => char::from(*byte),
            Some(upper) => CP437.chars().nth(usize::from(upper)).unwrap_or('\u{fffd}'),
        })
        .collect();
    Cow::Owned(text.into_bytes())
}

/// The upper half of code page 437.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::Component;

    proptest! {
        #[test]
        fn a_way_is_made_of_plain_names_whatever_the_bytes(
            name in proptest::collection::vec(
                proptest::sample::select(b"ab./\\:\0 C\xff".to_vec()), 0..24),
            both in any::<bool>(),
            windows in any::<bool>(),
        ) {
            let dividers = if both { Dividers::Both } else { Dividers::Slashes };
            if let Ok(way) = way_on(&name, dividers, windows) {
                for part in way.components() {
                    prop_assert!(matches!(part, Component::Normal(_)), "{way:?}");
                }
                let bytes = way.as_os_str().as_encoded_bytes();
                prop_assert!(!bytes.contains(&0));
                if both || windows {
                    prop_assert!(!bytes.contains(&b'\\'));
                }
            }
        }
    }

    #[test]
    fn names_that_lead_out_are_told_from_bad_ones() {
        for name in [
            "/a",
            "../a",
            "a/../b",
            "a/..",
            "C:",
            "C:\\a",
            "c:/a",
            "\\\\host\\a",
        ] {
            assert_eq!(
                way(name.as_bytes(), Dividers::Slashes),
                Err(Reason::LeadsOut),
                "{name}"
            );
        }
        for name in ["", "a\0b"] {
            assert_eq!(
                way(name.as_bytes(), Dividers::Slashes),
                Err(Reason::BadName),
                "{name}"
            );
        }
        assert_eq!(way(b"..\\a", Dividers::Both), Err(Reason::LeadsOut));
        assert_eq!(way(b"./a//b/", Dividers::Slashes), Ok("a/b".into()));
        assert_eq!(way(b"./", Dividers::Slashes), Ok(PathBuf::new()));
    }

    #[test]
    fn what_windows_takes_for_a_device_or_a_stream_is_no_name_there() {
        for name in [
            "nul", "aux.txt", "COM1", "lpt9.a.b", "a:b", "a.", "b ", "CON .txt", "a\u{1}",
        ] {
            assert_eq!(
                way_on(name.as_bytes(), Dividers::Slashes, true),
                Err(Reason::BadName),
                "{name}"
            );
            assert!(
                way_on(name.as_bytes(), Dividers::Slashes, false).is_ok(),
                "{name}"
            );
        }
        for name in ["null", "com10", "communal.txt", ".hidden"] {
            assert!(
                way_on(name.as_bytes(), Dividers::Slashes, true).is_ok(),
                "{name}"
            );
        }
    }

    #[test]
    fn names_of_zips_are_read_as_their_makers_meant_them() {
        let read = |bytes: &[u8], is_utf8, is_unix| from_zip(bytes, is_utf8, is_unix).into_owned();
        assert_eq!(CP437.chars().count(), 128);
        assert_eq!(read(b"\x84.txt", false, false), "ä.txt".as_bytes());
        assert_eq!(read("ä".as_bytes(), false, false), "ä".as_bytes());
        assert_eq!(read(b"\x84", false, true), b"\x84");
        assert_eq!(read(b"\xff", true, false), b"\xff");
    }
}
