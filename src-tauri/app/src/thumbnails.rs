//! Pictures made small for the window. Whether the page may see one is asked before.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use tokio::sync::Semaphore;
use toolroom_shared::{AppError, ErrorCode, Thumbnail};
use toolroom_tools::convert_images::small_picture;

use crate::off_thread::off_thread;

/// The longest side of one, in pixels: enough for a tile on a dense screen.
const SIDE: u32 = 256;
/// Longer files aren't read.
const LONGEST_FILE: u64 = 256 << 20;
/// How many are made at the same time: jobs need the processor too.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// The picture in a file made small; nothing if it is none of a kind that can be shown.
///
/// # Errors
/// `io_error`, if the file can't be read.
pub async fn of(path: PathBuf) -> Result<Option<Thumbnail>, AppError> {
    let _turn = AT_ONCE.acquire().await;
    off_thread(move || {
        let bytes = read(&path).map_err(|error| {
            AppError::new(
                ErrorCode::Io,
                format!(
                    "{} can't be read: {error}. It may have been moved since.",
                    path.display()
                ),
            )
        })?;
        let small = bytes.and_then(|bytes| small_picture(&bytes, SIDE).ok());
        Ok(small.map(|small| Thumbnail {
            url: format!(
                "data:{};base64,{}",
                small.media_type,
                BASE64_STANDARD.encode(&small.bytes)
            ),
            width: small.width,
            height: small.height,
        }))
    })
    .await
}

/// A file's content; nothing of what is no file or too long.
fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    // Before it is opened: a pipe would wait for its other end.
    if !path.metadata()?.is_file() {
        return Ok(None);
    }
    let file = File::open(path)?;
    let mut bytes = Vec::new();
    file.take(LONGEST_FILE + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= LONGEST_FILE).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One white pixel.
    const BMP: &[u8] = b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0\0\0\0\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\0";

    #[tokio::test]
    async fn a_picture_is_an_address_and_anything_else_is_nothing_or_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let (picture, text) = (folder.path().join("a.bmp"), folder.path().join("a.png"));
        std::fs::write(&picture, BMP).unwrap();
        std::fs::write(&text, "no picture").unwrap();
        let small = of(picture).await.unwrap().unwrap();
        assert!(
            small.url.starts_with("data:image/jpeg;base64,"),
            "{small:?}"
        );
        assert_eq!((small.width, small.height), (1, 1));
        assert_eq!(of(text).await.unwrap(), None);
        assert_eq!(of(folder.path().to_owned()).await.unwrap(), None);
        let gone = of(folder.path().join("gone.png")).await.unwrap_err();
        assert_eq!(gone.code, ErrorCode::Io);
    }
}
