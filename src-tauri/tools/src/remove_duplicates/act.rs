//! Replaces a copy by a hard link, which is `link`'s business, or moves it to the trash. Both copies were
//! read and are the same; here they are looked at once more, right before and right after.

use std::io;

use super::{
    Action, NotDone, Reason,
    copies::{ReadCopy, is_same},
    link::link,
};

/// Why two copies can't be made one, as far as that can be told before.
pub(super) fn check(action: Action, copy: &ReadCopy, kept: &ReadCopy) -> Result<(), NotDone> {
    let stays = |reason| Err(NotDone::new(&copy.path, reason));
    let (Some(id), Some(kept_id)) = (copy.metadata.id, kept.metadata.id) else {
        return Err(NotDone::new(&copy.path, Reason::Refused).saying(
            "The system doesn't tell whether it is another file than the one that is kept.",
        ));
    };
    if id == kept_id {
        return stays(Reason::SameFile);
    }
    if (copy.metadata.bytes, copy.digest) != (kept.metadata.bytes, kept.digest) {
        return stays(Reason::OtherContent);
    }
    if action == Action::HardLink {
        if id.device != kept_id.device {
            return stays(Reason::OtherVolume);
        }
        if !copy.has_rights_of(kept) {
            return stays(Reason::OtherPermissions);
        }
    }
    if !copy.is_there_unchanged() {
        return stays(Reason::Changed);
    }
    if !kept.is_there_unchanged() {
        return Err(NotDone::new(&copy.path, Reason::LastCopy)
            .saying("The copy that was to be kept has changed or is gone by now."));
    }
    Ok(())
}

/// Does it. [`check`] was asked just before.
pub(super) fn act(action: Action, copy: &ReadCopy, kept: &ReadCopy) -> Result<(), NotDone> {
    match action {
        Action::HardLink => link(copy, kept)
            .map_err(|error| NotDone::new(&copy.path, Reason::Refused).saying(error.to_string()))?,
        Action::Trash => trash(copy),
    }
}

/// The system's trash takes paths, so what is at the path is made sure of before and after.
fn trash(copy: &ReadCopy) -> Result<(), NotDone> {
    let refused = |text: String| Err(NotDone::new(&copy.path, Reason::Refused).saying(text));
    let path = copy.place.resolved();
    // beyond ctx: who may not write everywhere doesn't come as far as this
    if let Err(error) = trash::delete(&path) {
        return refused(format!("It could not be moved to the trash: {error}."));
    }
    match copy.place.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Ok(now) if is_same(&copy.metadata, &now) => {
            return refused("It is still where it was after it was moved to the trash.".to_owned());
        }
        _ => return Err(NotDone::new(&copy.path, Reason::Uncertain)),
    }
    let is_in_trash = copy.whereabouts().is_none_or(|place| {
        place != path
            && place.components().any(|part| {
                let part = part.as_os_str().to_string_lossy();
                part == "Trash" || part.starts_with(".Trash")
            })
    });
    // A trash on another volume holds a copy of its own.
    let is_unchanged = copy
        .metadata_now()
        .is_some_and(|now| now.links == 0 || (now.links == copy.metadata.links && is_in_trash));
    match is_unchanged {
        true => Ok(()),
        false => Err(NotDone::new(&copy.path, Reason::Uncertain)),
    }
}
