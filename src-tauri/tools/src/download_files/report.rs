//! What is told of the downloads.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;
use toolroom_toolkit::{HttpErrorKind, SkipSentence};

use crate::support::digest::Algorithm;

/// What was downloaded, and what wasn't.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Output {
    /// The folder that was downloaded into.
    #[schemars(title = "Folder", extend("format" = "path"))]
    pub into: String,
    /// What came over the network in this run, of whole files and parts.
    #[schemars(title = "Received", extend("x-unit" = "bytes"))]
    pub received_bytes: u64,
    /// The files that are there now, in the order of the list.
    #[schemars(title = "Downloaded")]
    pub downloaded: Vec<Downloaded>,
    /// What isn't there, and why, in the order of the list.
    #[schemars(title = "Not downloaded")]
    pub not_downloaded: Vec<NotDownloaded>,
}

/// A file that is there now.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Downloaded {
    /// As it was asked for, without a password.
    #[schemars(title = "Address")]
    pub url: String,
    /// Where it is.
    #[schemars(title = "File", extend("format" = "path"))]
    pub file: String,
    /// How long it is.
    #[schemars(title = "Size", extend("x-unit" = "bytes"))]
    pub bytes: u64,
    /// How long it took, waiting for another attempt included.
    #[schemars(title = "Time", extend("x-unit" = "s"))]
    pub seconds: f64,
    /// How much was there already from an earlier run or attempt. 0 if all was fetched at once.
    #[schemars(title = "Resumed from", extend("x-unit" = "bytes"))]
    pub resumed_from: u64,
    /// By which checksum it was found to be right. Empty if none was given.
    #[schemars(title = "Verified by")]
    pub verified: Option<Algorithm>,
}

/// A file that isn't there.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct NotDownloaded {
    /// As it was asked for, without a password.
    #[schemars(title = "Address")]
    pub url: String,
    /// Why.
    #[schemars(title = "Reason")]
    pub reason: Reason,
    /// What the server answered, if that was the reason.
    #[schemars(title = "Status")]
    pub status: Option<u16>,
    /// The same in words.
    #[schemars(title = "What happened")]
    pub message: String,
    /// How often it was tried.
    #[schemars(title = "Attempts")]
    pub attempts: u32,
    /// What is kept of it, for the next run to go on with.
    #[schemars(title = "Kept", extend("format" = "path"))]
    pub kept: Option<String>,
    /// How much that is.
    #[schemars(title = "Kept size", extend("x-unit" = "bytes"))]
    pub kept_bytes: u64,
}

/// Why a file isn't there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Reason {
    /// There is a file of that name.
    #[schemars(title = "Already there")]
    AlreadyThere,
    /// Another on the list has the same name.
    #[schemars(title = "Same name")]
    SameName,
    /// The address is on the list before.
    #[schemars(title = "Repeated")]
    Repeated,
    /// What came isn't what the checksum is of.
    #[schemars(title = "Wrong checksum")]
    WrongChecksum,
    /// It isn't as long as the server said.
    #[schemars(title = "Wrong length")]
    WrongLength,
    /// The server sends other parts of the file than it is asked for.
    #[schemars(title = "Wrong part")]
    WrongPart,
    /// Another job downloads to the same file.
    #[schemars(title = "In use")]
    InUse,
    /// The disk is full.
    #[schemars(title = "Disk full")]
    DiskFull,
    /// The file can't be written.
    #[schemars(title = "Not writable")]
    NotWritable,
    /// As with any request.
    #[serde(untagged)]
    Http(HttpErrorKind),
}

impl SkipSentence for Reason {
    fn sentence(&self) -> &'static str {
        match self {
            Self::AlreadyThere => {
                "There is a file of that name. It was left as it is; choose to replace it or to keep both."
            }
            Self::SameName => {
                "Another address on the list gives a file of the same name. Give one of them a name, with \"as\" and the name after the address, or choose to keep both."
            }
            Self::Repeated => "The same address is on the list before, and was asked for once.",
            Self::WrongChecksum => {
                "What came is not what the checksum is of, and was removed. Either the checksum is of another version, or the file was changed."
            }
            Self::WrongLength => "The file is not as long as the server said, and was removed.",
            Self::WrongPart => "The server sends other parts of the file than it is asked for.",
            Self::InUse => "Another job is downloading to the same file.",
            Self::DiskFull => "The disk is full.",
            Self::NotWritable => "The file can't be written.",
            Self::Http(kind) => kind.sentence(),
        }
    }
}

impl Reason {
    /// Why a file that was refused like that isn't there.
    pub fn of_refusal(kind: io::ErrorKind) -> Self {
        match kind {
            io::ErrorKind::AlreadyExists => Self::AlreadyThere,
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::DiskFull,
            _ => Self::NotWritable,
        }
    }
}
