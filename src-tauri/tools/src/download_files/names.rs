//! What a file is called: by what the server says (`disposition`), or by its address. Either is other
//! people's bytes, of which a name is made that is one in every system and leads nowhere.

use percent_encoding::percent_decode;
use toolroom_toolkit::http::Url;

use super::disposition::from_disposition;

/// How long a name gets: there must be room for `.partial` and for a number.
const LONGEST: usize = 200;
/// What an extension of a name that is cut may have, its dot included.
const LONGEST_EXTENSION: usize = 20;

/// What the file is called that is at `url`, of which the server said `disposition`.
pub fn name_of(url: &Url, disposition: Option<&[u8]>) -> String {
    disposition
        .and_then(from_disposition)
        .or_else(|| from_url(url))
        .unwrap_or_else(|| "download".to_owned())
}

/// The last name in an address, if it has one, made safe.
fn from_url(url: &Url) -> Option<String> {
    let last = url.path_segments()?.rfind(|name| !name.is_empty())?;
    let decoded = percent_decode(last.as_bytes());
    // What isn't text stays as it stands in the address.
    let name = decoded.decode_utf8().unwrap_or(last.into());
    safe(&name)
}

/// Whether a name is one in every system, and leads nowhere.
pub fn is_safe(name: &str) -> bool {
    // Who chooses a hidden name means it; but those of Toolroom's own files are taken.
    let visible = name.strip_prefix('.').unwrap_or(name);
    !name.starts_with(".toolroom-") && safe(visible).is_some_and(|safe| safe == visible)
}

/// The nearest name that is one in every system, leads nowhere and isn't hidden; none if nothing is
/// left.
pub fn safe(name: &str) -> Option<String> {
    let clean: String = name
        .chars()
        .map(|c| match c {
            '/' | '\\' | '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        // These turn the direction of writing, and make one extension look like another.
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .collect();
    // A name from outside mustn't hide itself, and Windows drops dots and blanks at the end.
    let clean = clean
        .trim_start_matches(|c: char| c == '.' || c.is_whitespace())
        .trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    if clean.is_empty() {
        return None;
    }
    let mut clean = cut(clean);
    if is_device(&clean) {
        clean.insert(0, '_');
    }
    Some(clean)
}

/// As much as fits, whole characters, and the extension.
fn cut(name: &str) -> String {
    // Room for what is put before a device's name.
    let longest = LONGEST - 1;
    if name.len() <= longest {
        return name.to_owned();
    }
    let extension = match name.rfind('.') {
        Some(dot) if name.len() - dot <= LONGEST_EXTENSION => &name[dot..],
        _ => "",
    };
    let stem = &name[..name.len() - extension.len()];
    let kept = &stem[..stem.floor_char_boundary(longest - extension.len())];
    let kept = kept.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    format!("{kept}{extension}")
}

/// Names that Windows keeps for devices, whatever the extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_uppercase();
    matches!(
        stem.as_str(),
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$"
    ) || ["COM", "LPT"].iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|number| {
            let mut number = number.chars();
            let digit = number.next();
            digit.is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c))
                && number.next().is_none()
        })
    })
}

/// `name (2).ext` for the second of that name.
pub fn numbered(name: &str, number: usize) -> String {
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    };
    format!("{stem} ({number}){extension}")
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_gives_its_last_name() {
        let cases = [
            ("https://example.org/a/b.zip?c=d/e#f", "b.zip"),
            ("https://example.org/a/b/", "b"),
            ("https://example.org/", "download"),
            ("https://example.org/na%C3%AFve.txt", "naïve.txt"),
            ("https://example.org/%ff.txt", "%ff.txt"),
            ("https://example.org/a%2f..%2fb", "a_.._b"),
            ("https://example.org/NUL.txt", "_NUL.txt"),
        ];
        for (url, name) in cases {
            assert_eq!(name_of(&url.parse().unwrap(), None), name, "{url}");
        }
    }

    pub fn is_a_name_everywhere(name: &str) -> bool {
        !name.is_empty()
            && name.len() <= LONGEST
            && !name.starts_with('.')
            && !name.ends_with(['.', ' '])
            && !name.contains(['/', '\\', ':', '\0', '\n'])
            && !name.chars().any(char::is_control)
            && !is_device(name)
    }

    proptest! {
        #[test]
        fn whatever_comes_the_name_is_one_everywhere_and_stays_so(
            name in "(\\PC|[./\\\\\0-\x20CONULcom1]){0,300}",
        ) {
            if let Some(once) = safe(&name) {
                prop_assert!(is_a_name_everywhere(&once), "{once:?}");
                let twice = safe(&once);
                prop_assert_eq!(twice.as_deref(), Some(once.as_str()));
                prop_assert!(is_safe(&once));
                prop_assert_ne!(numbered(&once, 2), once);
            }
        }
    }
}
