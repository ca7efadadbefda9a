//! Files that are written as a whole, for their owner only.

use std::{io, io::Write, path::Path};

/// Puts `bytes` in the place of `file`: all of them or, whatever happens, what was there.
pub fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    // For its owner only, from its beginning.
    let mut new = tempfile::Builder::new()
        .prefix(".toolroom-")
        .tempfile_in(folder)?;
    new.write_all(bytes)?;
    new.as_file().sync_all()?;
    new.persist(file).map_err(|error| error.error)?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}
