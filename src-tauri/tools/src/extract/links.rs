//! Links, made when all files are there. A symbolic link is made only if what it says leads nowhere
//! outside, seen through all other links, those still to be made included.

use std::{
    collections::HashMap,
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use toolroom_toolkit::{FileKind, Folder, Overwrite, PathError};

use super::{
    link_targets::stays_inside,
    names::{Dividers, os_string, way},
    report::{Kind, Reason, Stop},
    unpacker::{IfThere, Item, Unpacker},
};

const NUMBERS: u32 = 10_000;

/// A link still to be made.
#[derive(Clone, Debug)]
pub struct Link {
    pub name: Vec<u8>,
    pub dividers: Dividers,
    pub way: PathBuf,
    pub kind: Kind,
    /// As the archive has it: of a hard link, the name of an entry.
    pub target: Vec<u8>,
    pub modified: Option<SystemTime>,
}

impl Link {
    fn item(&self) -> Item<'_> {
        Item {
            name: &self.name,
            dividers: self.dividers,
            modified: self.modified,
            mode: None,
        }
    }
}

impl Unpacker {
    pub(super) fn make_links(&mut self) -> Result<(), Stop> {
        let (hard, symbolic): (Vec<_>, Vec<_>) = std::mem::take(&mut self.links)
            .into_iter()
            .partition(|link| link.kind == Kind::HardLink);
        for link in &hard {
            self.meter_look()?;
            self.hard_link(link)?;
        }
        // What each will be called, before any is judged: the way of one may go through another.
        let mut order = Vec::new();
        let mut says: HashMap<PathBuf, (PathBuf, Link)> = HashMap::new();
        for link in symbolic {
            self.meter_look()?;
            if let Some(way) = self.name_for(&link, |way| says.contains_key(way))? {
                let target = PathBuf::from(os_string(&link.target));
                if says.insert(way.clone(), (target, link)).is_none() {
                    order.push(way);
                }
            }
        }
        for way in &order {
            self.meter_look()?;
            let Some((target, link)) = says.get(way) else {
                continue;
            };
            let parent = way.parent().unwrap_or(Path::new(""));
            let folder = &self.folder;
            let lookup = |place: &Path| match says.get(place) {
                Some((target, _)) => Some(target.clone()),
                None => folder.read_link(place).ok(),
            };
            if !link.target.contains(&0) && stays_inside(parent, target, lookup) {
                self.symbolic_link(way, target, link)?;
            } else {
                self.skip(&link.item(), Reason::LinkLeadsOut);
            }
        }
        Ok(())
    }

    fn meter_look(&self) -> Result<(), Stop> {
        match self.ctx.is_canceled() {
            true => Err(Stop::Canceled),
            false => Ok(()),
        }
    }

    fn hard_link(&mut self, link: &Link) -> Result<(), Stop> {
        let Ok(from) = way(&link.target, link.dividers) else {
            self.skip(&link.item(), Reason::LinkLeadsOut);
            return Ok(());
        };
        let from = self.renamed.get(&from).cloned().unwrap_or(from);
        // A link to a link would say something else in another folder.
        let bytes = match self.folder.metadata(&from) {
            Ok(told) if told.kind == FileKind::File => told.bytes,
            _ => {
                self.skip(&link.item(), Reason::LinkToNothing);
                return Ok(());
            }
        };
        let Some(way) = self.name_for(link, |_| false)? else {
            return Ok(());
        };
        if way == from {
            return Ok(());
        }
        let overwrite = match self.if_there {
            IfThere::Replace => Overwrite::Replace,
            IfThere::Skip | IfThere::KeepBoth => Overwrite::Refuse,
        };
        match self.folder.hard_link(&from, &self.folder, &way, overwrite) {
            Ok(()) => {
                let path = self.folder.path().join(&way);
                self.written(link.way.clone(), &path, Kind::HardLink, bytes);
                self.output.files += 1;
                Ok(())
            }
            Err(error) => self.refused(&link.item(), &error),
        }
    }

    fn symbolic_link(&mut self, way: &Path, target: &Path, link: &Link) -> Result<(), Stop> {
        let made = match self.if_there {
            IfThere::Replace => replace_with_link(&self.folder, target, way),
            IfThere::Skip | IfThere::KeepBoth => self.folder.symlink(target, way),
        };
        if let Err(error) = made {
            return self.refused(&link.item(), &error);
        }
        if let Some(modified) = link.modified {
            let _ = self.folder.set_modified(way, modified);
        }
        let path = self.folder.path().join(way);
        let bytes = target.as_os_str().len() as u64;
        self.written(link.way.clone(), &path, Kind::SymbolicLink, bytes);
        self.output.links += 1;
        Ok(())
    }

    /// The name that a link gets; none if it is left out. `is_taken` knows of names that will be.
    fn name_for(
        &mut self,
        link: &Link,
        is_taken: impl Fn(&Path) -> bool,
    ) -> Result<Option<PathBuf>, Stop> {
        let item = link.item();
        let Some((way, parent, name)) = self.spot(&item)? else {
            return Ok(None);
        };
        let kind_at = |name: &OsString| {
            let there = parent.metadata(name).ok().map(|there| there.kind);
            there.or_else(|| is_taken(&way.with_file_name(name)).then_some(FileKind::Link))
        };
        let there = kind_at(&name);
        if let Some(reason) = self.reason_against(there) {
            self.skip(&item, reason);
            return Ok(None);
        }
        if there.is_none() || self.if_there != IfThere::KeepBoth {
            return Ok(Some(way));
        }
        let free = (2..NUMBERS)
            .map(|number| numbered(&way, number))
            .find(|name| kind_at(name).is_none());
        match free {
            Some(name) => Ok(Some(way.with_file_name(name))),
            None => {
                self.skip(&item, Reason::AlreadyThere);
                Ok(None)
            }
        }
    }
}

/// `name (2).ext`.
fn numbered(way: &Path, number: u32) -> OsString {
    let mut name = way.file_stem().unwrap_or_default().to_owned();
    name.push(format!(" ({number})"));
    if let Some(extension) = way.extension() {
        name.push(".");
        name.push(extension);
    }
    name
}

/// Puts a link in the place of a file, so that the name is never absent.
fn replace_with_link(folder: &Folder, target: &Path, way: &Path) -> Result<(), PathError> {
    let mut number = 0;
    let beside = loop {
        let beside = way.with_file_name(format!(".toolroom-link-{number}.partial"));
        match folder.symlink(target, &beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < NUMBERS => {
                number += 1;
            }
            Err(error) => return Err(error),
            Ok(()) => break beside,
        }
    };
    let renamed = folder.rename(&beside, folder, way, Overwrite::Replace);
    if renamed.is_err() {
        let _ = folder.remove_file(&beside);
    }
    renamed
}
