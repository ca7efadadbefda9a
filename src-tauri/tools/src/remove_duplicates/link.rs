//! Puts a hard link of the copy that is kept in the place of another, so that nothing is lost whatever
//! else is done to the names and the files at that moment.

use std::{
    ffi::{OsStr, OsString},
    hash::{BuildHasher, RandomState},
    io,
};

use toolroom_toolkit::{Folder, Overwrite, PathError};

use super::{
    NotDone, Reason,
    copies::{ReadCopy, is_same},
};

/// Does it; the inner error if the files weren't any more what they were, and are as they were found.
///
/// The link is made beside the copy and both change places in one step. So what stood there at that very
/// moment is at hand, and only goes if it is what was read; or else they change places once more.
pub(super) fn link(copy: &ReadCopy, kept: &ReadCopy) -> Result<Result<(), NotDone>, PathError> {
    let (folder, name) = (copy.place.parent()?, copy.place.name());
    let beside = name_beside();
    kept.place
        .parent()?
        .hard_link(kept.place.name(), &folder, &beside, Overwrite::Refuse)?;
    let linked = folder.metadata(&beside).ok().and_then(|linked| linked.id);
    match exchange(&folder, &beside, name) {
        Ok(()) => {}
        Err(error) => {
            folder.remove_file(&beside)?;
            return match error.kind() {
                io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput => {
                    link_by_replacing(copy, kept)
                }
                _ => Ok(Err(refused(copy, &error))),
            };
        }
    }
    if is_done(copy, kept, &folder, &beside) {
        folder.remove_file(&beside)?;
        return Ok(Ok(()));
    }
    if let Err(error) = exchange(&folder, &beside, name) {
        return Ok(Err(stands_beside(
            copy,
            &folder,
            &beside,
            &error.to_string(),
        )));
    }
    match folder.metadata(&beside) {
        Ok(now) if linked.is_some() && now.id == linked => {
            folder.remove_file(&beside)?;
            Ok(Err(put_back(copy)))
        }
        _ => Ok(Err(stands_beside(
            copy,
            &folder,
            &beside,
            "it was changed again",
        ))),
    }
}

/// The same where names can't change places: what was to be replaced keeps a second name until it is
/// certain that it was the right file, and that the kept one has taken its place.
fn link_by_replacing(copy: &ReadCopy, kept: &ReadCopy) -> Result<Result<(), NotDone>, PathError> {
    let (folder, name) = (copy.place.parent()?, copy.place.name());
    let beside = name_beside();
    folder.hard_link(name, &folder, &beside, Overwrite::Refuse)?;
    let linked = kept.place.parent().and_then(|kept_folder| {
        kept_folder.hard_link(kept.place.name(), &folder, name, Overwrite::Replace)
    });
    if let Err(error) = linked {
        folder.remove_file(&beside)?;
        return Err(error);
    }
    if is_done(copy, kept, &folder, &beside) {
        folder.remove_file(&beside)?;
        return Ok(Ok(()));
    }
    folder.rename(&beside, &folder, name, Overwrite::Replace)?;
    Ok(Err(put_back(copy)))
}

/// Whether what stands beside now is the copy that was read, and what has its name the one that is kept,
/// both unchanged.
fn is_done(copy: &ReadCopy, kept: &ReadCopy, folder: &Folder, beside: &OsStr) -> bool {
    let is_now = |name: &OsStr, read: &ReadCopy| {
        let now = folder.metadata(name);
        now.is_ok_and(|now| is_same(&read.metadata, &now))
    };
    is_now(beside, copy)
        && is_now(copy.place.name(), kept)
        && kept
            .metadata_now()
            .is_some_and(|now| is_same(&kept.metadata, &now))
}

fn put_back(copy: &ReadCopy) -> NotDone {
    NotDone::new(&copy.path, Reason::Changed)
        .saying("It or the copy that is kept was changed at that moment. It was put back.")
}

fn refused(copy: &ReadCopy, error: &io::Error) -> NotDone {
    NotDone::new(&copy.path, Reason::Refused)
        .saying(format!("The link could not take its place: {error}."))
}

fn stands_beside(copy: &ReadCopy, folder: &Folder, beside: &OsStr, why: &str) -> NotDone {
    let beside = folder.path().join(beside);
    NotDone::new(&copy.path, Reason::Changed).saying(format!(
        "It was changed at that moment and could not be put back ({why}). What stood there is now {}.",
        beside.display()
    ))
}

/// Hidden, and taken for an unfinished file by whoever walks through the folder.
fn name_beside() -> OsString {
    let number = RandomState::new().hash_one("beside");
    format!(".toolroom-{number:016x}.partial").into()
}

/// Two names in a folder change places in one step.
#[cfg(target_os = "linux")]
fn exchange(folder: &Folder, one: &OsStr, other: &OsStr) -> io::Result<()> {
    use rustix::{
        fs::{RenameFlags, renameat_with},
        io::Errno,
    };
    let dir = folder.dir_to_change()?;
    renameat_with(dir, one, dir, other, RenameFlags::EXCHANGE).map_err(|error| match error {
        Errno::NOSYS | Errno::OPNOTSUPP => io::ErrorKind::Unsupported.into(),
        error => error.into(),
    })
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Folder, _: &OsStr, _: &OsStr) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::remove_duplicates::{GivenCopy, copies::Named};
    use proptest::prelude::*;
    use std::{fs, os::unix::fs::MetadataExt};
    use toolroom_toolkit::{InputPath, JobId, ToolExecutionContext, testing::TestFolder};

    fn read(folder: &TestFolder, name: &str) -> ReadCopy {
        let named = Named::Given(GivenCopy {
            path: InputPath::try_from(folder.join(name)).unwrap(),
            modified: None,
        });
        let ctx = ToolExecutionContext::new(JobId("j".into()));
        let copy = named.look(&ctx).unwrap();
        copy.read(&ctx, &mut [0; 100]).unwrap().unwrap()
    }

    /// What is done to a file after it was read.
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Meanwhile {
        Nothing,
        Written,
        Swapped,
        Gone,
    }

    fn interfere(folder: &TestFolder, name: &str, what: Meanwhile) {
        match what {
            Meanwhile::Nothing => {}
            Meanwhile::Written => {
                folder.write(name, format!("written {name}"));
            }
            Meanwhile::Swapped => {
                folder.write("new", format!("swapped {name}"));
                fs::rename(folder.join("new"), folder.join(name)).unwrap();
            }
            Meanwhile::Gone => fs::remove_file(folder.join(name)).unwrap(),
        }
    }

    fn meanwhile() -> impl Strategy<Value = Meanwhile> {
        use Meanwhile::{Gone, Nothing, Swapped, Written};
        proptest::sample::select(vec![Nothing, Written, Swapped, Gone])
    }

    proptest! {
        #[test]
        fn whatever_is_done_to_the_files_right_before_no_content_is_lost(
            to_copy in meanwhile(),
            to_kept in meanwhile(),
            by_replacing in any::<bool>(),
        ) {
            let folder = TestFolder::new();
            folder.write("copy", "same");
            folder.write("kept", "same");
            let (copy, kept) = (read(&folder, "copy"), read(&folder, "kept"));
            interfere(&folder, "copy", to_copy);
            interfere(&folder, "kept", to_kept);
            let before = folder.content();
            let done = match by_replacing {
                true => link_by_replacing(&copy, &kept),
                false => link(&copy, &kept),
            };
            let is_done = matches!(done, Ok(Ok(())));
            prop_assert_eq!(folder.content(), before, "{:?}", done);
            prop_assert_eq!(is_done, (to_copy, to_kept) == (Meanwhile::Nothing, Meanwhile::Nothing));
            if is_done {
                let inode = |name| fs::metadata(folder.join(name)).unwrap().ino();
                prop_assert_eq!(inode("copy"), inode("kept"));
            }
        }
    }
}
