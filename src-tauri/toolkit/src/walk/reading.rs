//! How a folder of a walk is read: its names at once, then the folders in it to whoever has time, then
//! the rest in pieces.

use std::{ffi::OsString, fs::File, sync::Arc};

use super::{
    Entry, Links,
    branch::Branch,
    job::{Job, Piece, Taker},
    rules::Level,
    worker::{PIECE, Worker},
};
use crate::{
    FileKind, FileMetadata, SkipReason, Skipped, ToolError,
    files::{is_partial, sys},
};

/// The names in a folder. No kind: the folder doesn't tell.
pub(super) type Names = Vec<(OsString, Option<FileKind>)>;

impl<T: Taker> Worker<'_, '_, T> {
    /// Reads a folder.
    pub(super) fn read(
        &mut self,
        entry: Entry,
        level: Option<Arc<Level>>,
    ) -> Result<(), ToolError> {
        self.count()?;
        let (folder, branch, names) = match self.list(&entry) {
            Ok(listed) => listed,
            Err(skipped) => return self.skip(skipped, || entry.position()),
        };
        if self.shared.options.with_folders {
            self.taker.entry(entry.into())?;
        }
        let level = match &self.shared.rules {
            Some(rules) => rules.below(level, &branch, &names),
            None => None,
        };
        let (folder, branch) = (Arc::new(folder), Arc::new(branch));
        let mut rest = Vec::new();
        for (name, kind) in names {
            let kind = match kind.map_or_else(|| Ok(sys::metadata_at(&folder, &name)?.kind), Ok) {
                Ok(kind) => kind,
                Err(error) => {
                    let entry = Entry::new(branch.clone(), name, FileKind::Special);
                    self.count()?;
                    let skipped = Skipped::from_io(&entry.path(), &error);
                    self.skip(skipped, || entry.position())?;
                    continue;
                }
            };
            let entry = Entry::new(branch.clone(), name, kind);
            if self.is_ignored(level.as_deref(), &entry) {
                continue;
            }
            match kind {
                FileKind::Folder => self.branch_off(&folder, entry, level.as_ref())?,
                FileKind::File if is_partial(entry.name()) => {
                    self.count()?;
                    let skipped = Skipped::new(&entry.path(), SkipReason::Unfinished);
                    self.skip(skipped, || entry.position())?;
                }
                _ => rest.push(entry),
            }
        }
        self.give_in_pieces(&folder, rest, level.as_ref())
    }

    /// Opens a folder and reads its names.
    fn list(&self, entry: &Entry) -> Result<(File, Branch, Names), Skipped> {
        let failed = |error| Skipped::from_io(&entry.path(), &error);
        let folder = entry.spot().open_to_list().map_err(failed)?;
        let mut id = None;
        if self.shared.options.links == Links::Follow {
            id = FileMetadata::of(&folder).map_err(failed)?.id;
            if id.is_some_and(|id| entry.branch().is_within(id)) {
                return Err(Skipped::new(&entry.path(), SkipReason::LinkLoop));
            }
        }
        let mut names = Names::new();
        sys::each_name(&folder, |name, kind| names.push((name.to_owned(), kind)))
            .map_err(failed)?;
        Ok((folder, entry.to_branch(id), names))
    }

    /// A folder in a folder: for whoever has time.
    fn branch_off(
        &mut self,
        folder: &File,
        mut entry: Entry,
        level: Option<&Arc<Level>>,
    ) -> Result<(), ToolError> {
        if let Err(skipped) = self.learn(Some(folder), &mut entry) {
            self.count()?;
            return self.skip(skipped, || entry.position());
        }
        if self.lets_through(&entry) {
            self.crew.push(Job::Folder(entry, level.cloned()));
        }
        Ok(())
    }

    /// The first piece at once, the others for whoever has time.
    fn give_in_pieces(
        &mut self,
        folder: &Arc<File>,
        entries: Vec<Entry>,
        level: Option<&Arc<Level>>,
    ) -> Result<(), ToolError> {
        let mut entries = entries.into_iter();
        let piece = |entries| Piece {
            folder: Some(folder.clone()),
            entries,
            level: level.cloned(),
        };
        let first = piece(entries.by_ref().take(PIECE).collect());
        while entries.len() > 0 {
            let next = piece(entries.by_ref().take(PIECE).collect());
            self.crew.push(Job::Piece(next));
        }
        self.give(first)
    }

    fn is_ignored(&self, level: Option<&Level>, entry: &Entry) -> bool {
        match (&self.shared.rules, level) {
            (Some(rules), level) => rules.leave_out(level, entry),
            (None, _) => false,
        }
    }
}
