//! One line of a checksum manifest, as `sha256sum --check`, `b3sum --check` and `xxh128sum --check`
//! read it: the digest, two spaces, the path.
//!
//! A path with a backslash, a line feed or a carriage return is escaped, and its line begins
//! with a backslash (GNU coreutils manual, "cksum common options"). `xxh128sum` reads that since
//! 0.8.2; for older ones nothing is escaped that can stand on a line as it is.

use std::path::Path;

/// Which paths are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Those with a backslash, a line feed or a carriage return.
    Odd,
    /// Those that would break the line: with a line feed.
    LineFeeds,
}

/// The line for one file, its line feed included. On Unix the path's bytes stand as they are,
/// whether or not they are UTF-8.
pub fn checksum_line(digest: &str, path: &Path, escape: Escape) -> Vec<u8> {
    let name = path_bytes(path);
    let needs_escape = name.iter().any(|byte| match escape {
        Escape::Odd => matches!(byte, b'\\' | b'\n' | b'\r'),
        Escape::LineFeeds => *byte == b'\n',
    });
    let mut line = Vec::with_capacity(digest.len() + name.len() + 4);
    if needs_escape {
        line.push(b'\\');
    }
    line.extend_from_slice(digest.as_bytes());
    line.extend_from_slice(b"  ");
    for byte in name.iter() {
        match byte {
            other if !needs_escape => line.push(*other),
            b'\\' => line.extend_from_slice(b"\\\\"),
            b'\n' => line.extend_from_slice(b"\\n"),
            b'\r' => line.extend_from_slice(b"\\r"),
            other => line.push(*other),
        }
    }
    line.push(b'\n');
    line
}

#[cfg(unix)]
fn path_bytes(path: &Path) -> std::borrow::Cow<'_, [u8]> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().into()
}

#[cfg(not(unix))]
fn path_bytes(path: &Path) -> std::borrow::Cow<'_, [u8]> {
    // The tools that read manifests write their separators forward everywhere.
    path.to_string_lossy()
        .replace('\\', "/")
        .into_bytes()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads a line back, after the manual and not after the code above.
    fn read(line: &str) -> (String, String) {
        let escaped = line.starts_with('\\');
        let line = line.trim_start_matches('\\').strip_suffix('\n').unwrap();
        let (digest, name) = line.split_once("  ").unwrap();
        if !escaped {
            return (digest.to_owned(), name.to_owned());
        }
        let mut out = String::new();
        let mut chars = name.chars();
        while let Some(c) = chars.next() {
            out.push(match c {
                '\\' => match chars.next().unwrap() {
                    'n' => '\n',
                    'r' => '\r',
                    '\\' => '\\',
                    other => panic!("\\{other} is no escape"),
                },
                other => other,
            });
        }
        (digest.to_owned(), out)
    }

    proptest! {
        #[test]
        fn any_name_stands_on_one_line_and_is_read_back(
            name in "[a-z \\\\\n\r*ä/-]{1,20}",
            escape in proptest::sample::select(vec![Escape::Odd, Escape::LineFeeds]),
        ) {
            let line = checksum_line("0af3", Path::new(&name), escape);
            let line = String::from_utf8(line).unwrap();
            prop_assert_eq!(line.matches('\n').count(), 1);
            prop_assert_eq!(read(&line), ("0af3".to_owned(), name));
        }
    }
}
