//! The names that are made up here: of files that aren't whole yet, and of those that must not replace
//! another.

use std::{
    ffi::{OsStr, OsString},
    hash::{BuildHasher, RandomState},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

const PARTIAL_PREFIX: &str = ".toolroom-";
const PARTIAL_SUFFIX: &str = ".partial";
/// What file systems take.
const NAME_BYTES: usize = 255;

/// A hidden name for a file that isn't whole yet.
pub(crate) fn partial_name() -> OsString {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    // Keyed at random for each process and unlike for each call.
    let number = RandomState::new().hash_one(COUNT.fetch_add(1, Ordering::Relaxed));
    format!("{PARTIAL_PREFIX}{number:016x}{PARTIAL_SUFFIX}").into()
}

/// Whether a name is one of those: somebody is still writing there, or was broken off.
pub(crate) fn is_partial(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(PARTIAL_PREFIX.as_bytes()) && name.ends_with(PARTIAL_SUFFIX.as_bytes())
}

/// Whether a name is of a file that Toolroom keeps for itself: nobody else's is hidden under it.
pub(crate) fn is_own(name: &OsStr) -> bool {
    name.as_encoded_bytes()
        .starts_with(PARTIAL_PREFIX.as_bytes())
}

/// The name under which a file waits to be gone on with.
pub(crate) fn resumed_name(name: &OsStr) -> OsString {
    let mut kept = cut(name, NAME_BYTES - PARTIAL_SUFFIX.len());
    kept.push(PARTIAL_SUFFIX);
    kept
}

/// `name (2).ext` for the second of that name. What stands for the kind of an archive stays whole:
/// `name (2).tar.gz`.
pub(crate) fn numbered(name: &OsStr, number: u32) -> OsString {
    let (stem, extension) = divided(name);
    let number = format!(" ({number})");
    let room = NAME_BYTES.saturating_sub(number.len() + extension.len());
    let mut numbered = cut(stem, room);
    numbered.push(number);
    numbered.push(extension);
    numbered
}

/// A name and its extension with the dot.
fn divided(name: &OsStr) -> (&OsStr, OsString) {
    let mut stem = name;
    let mut extension = OsString::new();
    let mut path = Path::new(name);
    while let (Some(before), Some(last)) = (path.file_stem(), path.extension()) {
        let is_first = extension.is_empty();
        if !is_first && !last.eq_ignore_ascii_case("tar") {
            break;
        }
        let mut longer = OsString::from(".");
        longer.push(last);
        longer.push(&extension);
        (stem, extension, path) = (before, longer, Path::new(before));
    }
    (stem, extension)
}

/// As much of a name as fits, whole characters.
fn cut(name: &OsStr, bytes: usize) -> OsString {
    if name.len() <= bytes {
        return name.to_owned();
    }
    let text = name.to_string_lossy();
    text[..text.floor_char_boundary(bytes)].to_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_goes_before_the_extension() {
        let cases = [
            ("a.txt", "a (2).txt"),
            ("a", "a (2)"),
            ("a.b.txt", "a.b (2).txt"),
            ("a.tar.gz", "a (2).tar.gz"),
            ("a.TAR.zst", "a (2).TAR.zst"),
            (".hidden", ".hidden (2)"),
            (".tar.gz", ".tar (2).gz"),
        ];
        for (name, second) in cases {
            assert_eq!(numbered(name.as_ref(), 2), second);
        }
    }

    proptest! {
        #[test]
        fn numbered_names_differ_and_fit_whatever_the_name(
            name in "[a-zä.🦀]{1,40}",
            times in 1usize..12,
        ) {
            let long: OsString = name.repeat(times).into();
            let (second, third) = (numbered(&long, 2), numbered(&long, 3));
            prop_assert_ne!(&second, &third);
            if long.len() <= NAME_BYTES && Path::new(&long).extension().is_none_or(|e| e.len() < 100) {
                prop_assert!(second.len() <= NAME_BYTES, "{second:?}");
            }
            prop_assert!(resumed_name(&long).len() <= NAME_BYTES);
        }
    }

    #[test]
    fn partial_names_are_known_again_and_no_two_are_alike() {
        let (one, other) = (partial_name(), partial_name());
        assert_ne!(one, other);
        assert!(is_partial(&one) && is_partial(&other));
        assert!(!is_partial(&resumed_name("a".as_ref())));
    }
}
