//! The name that a server gives a file: `Content-Disposition` (RFC 6266), as the standard has it and as
//! servers write it.

use percent_encoding::percent_decode;

use super::names::safe;

/// The name that a `Content-Disposition` gives, made safe.
pub fn from_disposition(value: &[u8]) -> Option<String> {
    let mut plain = None;
    let mut extended = None;
    for (name, value) in parameters(value) {
        match name.as_slice() {
            b"filename" if plain.is_none() => plain = Some(text(&value)),
            b"filename*" if extended.is_none() => extended = decoded(&value),
            _ => {}
        }
    }
    // A server that sends both means the second for those who can read it.
    [extended, plain]
        .into_iter()
        .flatten()
        // A path says where it was there, and only its last name is meant.
        .find_map(|name| safe(name.rsplit(['/', '\\']).next()?))
}

/// The parameters of a header, their names in lower case, their values without quotes.
fn parameters(header: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut found = Vec::new();
    let mut rest = after(header, b';');
    while !rest.is_empty() {
        let end = rest
            .iter()
            .position(|byte| matches!(byte, b'=' | b';'))
            .unwrap_or(rest.len());
        let name = rest[..end].trim_ascii().to_ascii_lowercase();
        if rest.get(end) != Some(&b'=') {
            rest = rest.get(end + 1..).unwrap_or_default();
            continue;
        }
        let value = rest[end + 1..].trim_ascii_start();
        let (value, left) = match value.strip_prefix(b"\"") {
            Some(quoted) => unquoted(quoted),
            None => {
                let end = value.iter().position(|byte| *byte == b';');
                let end = end.unwrap_or(value.len());
                (value[..end].trim_ascii_end().to_vec(), &value[end..])
            }
        };
        found.push((name, value));
        rest = after(left, b';');
    }
    found
}

/// What follows the first `byte`.
fn after(text: &[u8], byte: u8) -> &[u8] {
    match text.iter().position(|other| *other == byte) {
        Some(at) => &text[at + 1..],
        None => &[],
    }
}

/// What stands before the closing quote, and what follows it.
fn unquoted(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut value = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return (value, &text[at + 1..]),
            // A quote or a backslash that is meant. Before others it is mostly one that was forgotten to
            // be doubled.
            b'\\' if matches!(text.get(at + 1), Some(b'"' | b'\\')) => {
                at += 1;
                value.push(text[at]);
            }
            byte => value.push(*byte),
        }
        at += 1;
    }
    (value, &[])
}

/// `UTF-8''na%C3%AFve.txt` (RFC 8187).
fn decoded(value: &[u8]) -> Option<String> {
    let text = str::from_utf8(value).ok()?;
    let (charset, rest) = text.split_once('\'')?;
    let (_language, name) = rest.split_once('\'')?;
    let bytes: Vec<u8> = percent_decode(name.as_bytes()).collect();
    match charset.to_ascii_lowercase().as_str() {
        "utf-8" => String::from_utf8(bytes).ok(),
        "iso-8859-1" => Some(latin_1(&bytes)),
        _ => None,
    }
}

/// Servers send UTF-8 where the standard knows only Latin-1; what is both is text in the first.
fn text(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => latin_1(bytes),
    }
}

fn latin_1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::download_files::names::tests::is_a_name_everywhere;
    use proptest::prelude::*;

    fn given(header: &str) -> Option<String> {
        from_disposition(header.as_bytes())
    }

    #[test]
    fn a_disposition_is_read_as_its_standard_and_as_servers_write_it() {
        let cases = [
            (r#"attachment; filename="a b.txt""#, Some("a b.txt")),
            ("attachment; filename=a.txt", Some("a.txt")),
            ("attachment;FileName = a.txt ; x=y", Some("a.txt")),
            (r#"inline; x="filename=no"; filename="yes""#, Some("yes")),
            (r#"attachment; filename="a\"b;c.txt""#, Some("a_b;c.txt")),
            (r#"attachment; filename="C:\docs\a.txt""#, Some("a.txt")),
            (r#"attachment; filename="../../etc/passwd""#, Some("passwd")),
            (r#"attachment; filename=".bashrc""#, Some("bashrc")),
            (
                "attachment; filename*=UTF-8''%e2%82%ac.txt; filename=e.txt",
                Some("€.txt"),
            ),
            (
                "attachment; filename=e.txt; filename*=utf-8'en'%e2%82%ac.txt",
                Some("€.txt"),
            ),
            ("attachment; filename*=iso-8859-1''na%EFve", Some("naïve")),
            (
                "attachment; filename*=UTF-8''%ff; filename=e.txt",
                Some("e.txt"),
            ),
            (
                "attachment; filename*=utf-7''a; filename=e.txt",
                Some("e.txt"),
            ),
            ("attachment; filename*=UTF-8''..%2f..%2fa", Some("a")),
            (
                r#"attachment; filename="never closed"#,
                Some("never closed"),
            ),
            (r#"attachment; filename="""#, None),
            (r#"attachment; filename="..""#, None),
            ("attachment", None),
            ("", None),
        ];
        for (header, name) in cases {
            assert_eq!(given(header).as_deref(), name, "{header}");
        }
        let latin = from_disposition(b"attachment; filename=\"na\xefve\"");
        assert_eq!(latin.as_deref(), Some("naïve"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_disposition_or_none(header in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(name) = from_disposition(&header) {
                prop_assert!(is_a_name_everywhere(&name), "{name:?}");
            }
        }

        #[test]
        fn near_misses_of_a_disposition_give_no_bad_name(
            header in "attachment; ?(file|FILE)?name\\*?=?\"?(UTF-8''|\\\\|\"|;|%2f|%00|%|\\.|/|a){0,20}",
        ) {
            if let Some(name) = given(&header) {
                prop_assert!(is_a_name_everywhere(&name), "{name:?}");
            }
        }

        #[test]
        fn a_name_comes_back_from_either_form(name in "[a-zäé€ ]{0,5}[a-zäé€]\\.[a-z]{3}") {
            let name = name.trim_start().to_owned();
            let quoted = format!("attachment; filename=\"{name}\"");
            prop_assert_eq!(given(&quoted), Some(name.clone()));
            let encoded = percent_encoding::utf8_percent_encode(&name, percent_encoding::NON_ALPHANUMERIC);
            let extended = format!("attachment; filename*=UTF-8''{encoded}");
            prop_assert_eq!(given(&extended), Some(name));
        }
    }
}
