//! A tree of files that is hard on whoever walks, reads or lists it.

use std::{
    fs::{self, File},
    os::unix::{
        ffi::OsStrExt,
        fs::{PermissionsExt, symlink},
    },
    path::{Path, PathBuf},
};

use anyhow::Result;
use tempfile::TempDir;

/// The tree. Gone when dropped.
pub struct OddTree {
    folder: TempDir,
    /// Every regular file that can be read, in no particular order.
    pub readable: Vec<PathBuf>,
    /// A file and a folder that only root can read.
    pub unreadable: [PathBuf; 2],
    /// Links: to a file, to nothing, to itself, and to the folder that it is in.
    pub links: [PathBuf; 4],
}

impl OddTree {
    /// Makes the tree.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        // Others must be able to walk in: the tests also look at it as somebody else.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        let root = folder.path().join("tree");
        fs::create_dir_all(root.join("deep/er"))?;
        let names: [&[u8]; 14] = [
            b"plain",
            b"empty",
            b"with space",
            b"new\nline",
            b"back\\slash",
            b"carriage\rreturn",
            b"-dash",
            b"*star?",
            "\u{fc}ml\u{e4}ut \u{1f980}".as_bytes(),
            b"deep/er/file",
            b".hidden",
            b"quote'\"quote",
            b"tab\there",
            b"not\xffutf8",
        ];
        let mut readable = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let path = root.join(std::ffi::OsStr::from_bytes(name));
            let content = match *name {
                b"empty" => Vec::new(),
                // Longer than any buffer, and not a whole number of blocks.
                b"deep/er/file" => (0..5_000_003u32).map(|i| (i % 251) as u8).collect(),
                name => [name, &[u8::try_from(index)?]].concat(),
            };
            fs::write(&path, content)?;
            readable.push(path);
        }
        let unreadable = [root.join("secret"), root.join("locked")];
        fs::write(&unreadable[0], "secret")?;
        fs::create_dir(&unreadable[1])?;
        for path in &unreadable {
            fs::set_permissions(path, fs::Permissions::from_mode(0o000))?;
        }
        let links = ["link", "dangling", "self", "deep/loop"].map(|name| root.join(name));
        for (link, target) in links.iter().zip(["plain", "nowhere", "self", ".."]) {
            symlink(target, link)?;
        }
        Ok(Self {
            folder,
            readable,
            unreadable,
            links,
        })
    }

    /// The tree's root.
    #[must_use]
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("tree")
    }

    /// A folder beside the tree, for what a test writes.
    #[must_use]
    pub fn beside(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for OddTree {
    fn drop(&mut self) {
        // The locked folder could not be taken away by anyone but root.
        for path in &self.unreadable {
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o755));
        }
    }
}

/// A file of `bytes` zeros that takes no room on the disk.
///
/// # Errors
/// When the disk refuses.
pub fn sparse_file(path: &Path, bytes: u64) -> Result<()> {
    File::create(path)?.set_len(bytes)?;
    Ok(())
}
