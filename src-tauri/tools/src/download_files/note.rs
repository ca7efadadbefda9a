//! Of which state of which file a partial file is a part: a hidden file that is found by the address.

use std::io::Read;

use serde::{Deserialize, Serialize};
use toolroom_toolkit::Folder;

use super::names::is_safe;

/// Longer than anything that is written there.
const LONGEST_NOTE: u64 = 64 << 10;

/// Of which state of which file a partial file is a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// A hash of the address, since there may be a password in that.
    pub address: String,
    pub name: String,
    /// What the server must say for the rest to fit, as `If-Range` takes it.
    pub validator: String,
    /// How long the whole file is, if that is known.
    pub total: Option<u64>,
}

/// What stands for an address.
pub fn address(url: &str) -> String {
    blake3::hash(url.as_bytes()).to_hex().to_string()
}

/// Where the note on what comes from an address stands.
pub fn note_name(address: &str) -> String {
    format!(".toolroom-{}.resume", &address[..16])
}

impl Note {
    /// What is noted on what came from an address, if it can be read.
    pub fn read(folder: &Folder, address: &str) -> Option<Self> {
        let file = folder.open_own(note_name(address)).ok()?;
        let mut text = Vec::new();
        file.take(LONGEST_NOTE).read_to_end(&mut text).ok()?;
        let note: Self = serde_json::from_slice(&text).ok()?;
        // Names are read from outside once more.
        (note.address == address && is_safe(&note.name)).then_some(note)
    }
}
