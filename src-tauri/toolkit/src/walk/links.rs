//! What becomes of symbolic links on a walk.

use std::{io, path::Path};

use super::entry::Entry;
use crate::{
    FileKind, PathError, Roots, SkipReason, Skipped,
    files::{Use, resolve},
};

/// What becomes of symbolic links inside folders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Links {
    /// They are left out and reported.
    #[default]
    Skip,
    /// What they lead to is taken in their place, if the job may go there.
    Follow,
    /// They are given as what they are.
    Give,
}

/// Why a link is left out that is not followed: whether it leads anywhere is worth saying.
pub(super) fn unfollowed(roots: &Roots, link: &Path) -> Skipped {
    match resolve(roots, Use::Read, link) {
        Err(error) if !error.is_not_allowed() => Skipped::from(&error),
        _ => Skipped::new(link, SkipReason::SymbolicLink),
    }
}

/// What a link leads to, resolved and checked against the roots anew.
pub(super) fn followed(roots: &Roots, link: &Entry) -> Result<Entry, Skipped> {
    let told = |error: PathError| Skipped::from(&error.at(link.path()));
    let place = resolve(roots, Use::Read, &link.resolved()).map_err(told)?;
    let metadata = place.metadata().map_err(told)?;
    match metadata.kind {
        FileKind::File | FileKind::Folder => {
            Ok(link.clone().following(place.spot().clone(), metadata))
        }
        FileKind::Special => Err(Skipped::new(&link.path(), SkipReason::SpecialFile)),
        // Swapped in between.
        FileKind::Link => Err(Skipped::from_io(
            &link.path(),
            &io::ErrorKind::NotFound.into(),
        )),
    }
}
