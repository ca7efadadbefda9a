//! One line of the list: an address and, after it, what its file must be and is to be called.

use toolroom_toolkit::http::Url;

use super::names::is_safe;
use crate::support::digest::Algorithm;

/// One file that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub url: Url,
    pub checksum: Option<Checksum>,
    /// What it is to be called, if that isn't left to the server.
    pub name: Option<String>,
}

/// What a file must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    pub algorithm: Algorithm,
    /// In lower-case hexadecimal.
    pub digest: String,
}

impl Item {
    /// Reads a line: `URL [ALGORITHM:DIGEST] [as NAME]`.
    ///
    /// # Errors
    /// What is wrong with it, and what to write instead.
    pub fn parse(line: &str) -> Result<Self, String> {
        let (url, mut rest) = first_word(line);
        if url.is_empty() {
            return Err("Write an address, such as https://example.org/file.zip.".to_owned());
        }
        let url = parse_url(url)?;
        let mut checksum = None;
        let (word, after) = first_word(rest);
        if word.contains(':') {
            checksum = Some(parse_checksum(word)?);
            rest = after;
        }
        let name = match first_word(rest) {
            ("", _) => None,
            ("as", name) if is_safe(name) => Some(name.to_owned()),
            ("as", "") => return Err("Write a name after \"as\".".to_owned()),
            ("as", name) => {
                return Err(format!(
                    "{name:?} can't be a file's name everywhere. Write one without slashes, colons and the like, of at most 200 bytes."
                ));
            }
            (word, _) => {
                return Err(format!(
                    "{word:?} is not understood. After the address there may be a checksum, such as sha256:0123…, and then \"as\" and a name."
                ));
            }
        };
        Ok(Self {
            url,
            checksum,
            name,
        })
    }
}

/// The first word, and what follows it without the blanks around it.
fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

fn parse_url(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| {
        format!("{text:?} is no address ({error}). Write it as https://example.org/file.zip.")
    })?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        scheme => Err(format!(
            "Files can be fetched by https and http, not by {scheme}."
        )),
    }
}

fn parse_checksum(text: &str) -> Result<Checksum, String> {
    let (name, digest) = text.split_once(':').unwrap_or((text, ""));
    let (algorithm, digits) = match name.to_ascii_lowercase().as_str() {
        "sha256" => (Algorithm::Sha256, 64),
        "sha512" => (Algorithm::Sha512, 128),
        "blake3" => (Algorithm::Blake3, 64),
        _ => {
            return Err(format!(
                "{name:?} is no checksum that is known here. Write sha256:…, sha512:… or blake3:…."
            ));
        }
    };
    if digest.len() != digits || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(format!(
            "A checksum by {name} has {digits} hexadecimal digits; this one is {digest:?}."
        ));
    }
    Ok(Checksum {
        algorithm,
        digest: digest.to_ascii_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_line_holds_an_address_a_checksum_and_a_name_and_each_but_the_first_may_be_missing(
            digest in proptest::option::of("[0-9a-fA-F]{64}"),
            name in proptest::option::of("[a-z]{1,8}( [a-z]{1,8})?\\.zip"),
            blank in "[ \\t]{1,3}",
        ) {
            let mut line = format!("{blank}https://example.org/a%20b?c");
            if let Some(digest) = &digest {
                line += &format!("{blank}SHA256:{digest}");
            }
            if let Some(name) = &name {
                line += &format!("{blank}as{blank}{name}{blank}");
            }
            let item = Item::parse(&line).unwrap();
            prop_assert_eq!(item.url.as_str(), "https://example.org/a%20b?c");
            prop_assert_eq!(item.name, name);
            prop_assert_eq!(
                item.checksum.map(|checksum| checksum.digest),
                digest.map(|digest| digest.to_lowercase())
            );
        }

        #[test]
        fn any_line_is_read_or_refused_with_a_sentence(line in "\\PC{0,60}") {
            if let Err(said) = Item::parse(&line) {
                prop_assert!(said.ends_with('.'), "{}", said);
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let cases = [
            ("", "Write an address"),
            ("example.org/file", "no address"),
            ("ftp://example.org/file", "not by ftp"),
            ("https://example.org/f md5:abc", "no checksum that is known"),
            ("https://example.org/f sha256:abc", "64 hexadecimal digits"),
            ("https://example.org/f called x", "is not understood"),
            ("https://example.org/f as", "Write a name"),
            ("https://example.org/f as ../x", "can't be a file's name"),
        ];
        for (line, part) in cases {
            let said = Item::parse(line).unwrap_err();
            assert!(said.contains(part), "{line}: {said}");
        }
    }
}
