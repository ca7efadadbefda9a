//! Which part of which file an answer holds: `Content-Range`, and what tells one state of a file from
//! another.

use std::time::Duration;

use toolroom_toolkit::http::HttpResponse;

/// The part of a file that an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The number of the first byte, from 0.
    pub first: u64,
    /// The number of the last.
    pub last: u64,
    /// How long the whole file is, if the server knows.
    pub total: Option<u64>,
}

/// Reads `bytes 200-999/1000`; none if it is anything else.
pub fn content_range(value: &[u8]) -> Option<Part> {
    let text = str::from_utf8(value).ok()?.trim();
    let (unit, rest) = text.split_once(' ')?;
    let (range, total) = rest.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let part = Part {
        first: number(first)?,
        last: number(last)?,
        total: match total.trim() {
            "*" => None,
            total => Some(number(total)?),
        },
    };
    let is_sound = part.first <= part.last && part.total.is_none_or(|total| part.last < total);
    (unit.eq_ignore_ascii_case("bytes") && is_sound).then_some(part)
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    // Not a sign, which the standard library would take.
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// What tells this state of the file from any other, as `If-Range` takes it; none if the server says
/// nothing that does. A file can be gone on with only by such a sign.
pub fn validator(response: &HttpResponse) -> Option<String> {
    let tag = response.header("etag").and_then(strong_tag);
    tag.or_else(|| strong_date(response.header("last-modified")?, response.header("date")?))
}

/// A tag that says "the same bytes", not only "as good as the same".
fn strong_tag(tag: &[u8]) -> Option<String> {
    let tag = str::from_utf8(tag).ok()?.trim();
    let is_strong = tag.len() >= 2 && tag.starts_with('"') && tag.ends_with('"');
    is_strong.then(|| tag.to_owned())
}

/// A date of change, if no second change can hide within the same second: it must be a good while ago.
fn strong_date(changed: &[u8], now: &[u8]) -> Option<String> {
    const GOOD_WHILE: Duration = Duration::from_secs(60);
    let changed = str::from_utf8(changed).ok()?.trim();
    let date = httpdate::parse_http_date(changed).ok()?;
    let now = httpdate::parse_http_date(str::from_utf8(now).ok()?.trim()).ok()?;
    let age = now.duration_since(date).ok()?;
    (age >= GOOD_WHILE).then(|| changed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_range_is_read_back_and_an_impossible_one_refused(
            first in 0u64..1000, last in 0u64..1000, total in proptest::option::of(0u64..1000),
        ) {
            let shown = total.map_or("*".to_owned(), |total| total.to_string());
            let read = content_range(format!("bytes {first}-{last}/{shown}").as_bytes());
            let is_sound = first <= last && total.is_none_or(|total| last < total);
            prop_assert_eq!(read, is_sound.then_some(Part { first, last, total }));
        }

        #[test]
        fn any_bytes_are_a_range_or_none(value in "(bytes)?[ 0-9*/+-]{0,30}") {
            if let Some(part) = content_range(value.as_bytes()) {
                prop_assert!(part.first <= part.last);
            }
        }
    }

    #[test]
    fn only_what_tells_every_change_is_a_validator() {
        assert_eq!(strong_tag(b"\"abc\"").as_deref(), Some("\"abc\""));
        assert_eq!(strong_tag(b"W/\"abc\""), None);
        assert_eq!(strong_tag(b"abc"), None);
        let changed = b"Sun, 06 Nov 1994 08:49:37 GMT";
        let late = strong_date(changed, b"Sun, 06 Nov 1994 08:50:37 GMT");
        assert_eq!(late.as_deref(), str::from_utf8(changed).ok());
        assert_eq!(strong_date(changed, b"Sun, 06 Nov 1994 08:50:36 GMT"), None);
        assert_eq!(strong_date(b"yesterday", changed), None);
    }
}
