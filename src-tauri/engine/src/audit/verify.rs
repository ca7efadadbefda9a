//! Checks a trail: its files, what stands in the database, and that it ends where it should.

use std::{
    fs::File,
    io::{self, BufReader},
    ops::ControlFlow,
    path::Path,
};

use toolroom_shared::{AuditFault, AuditReport};

use super::{
    chain::{Fault, Head},
    file::{BUFFER_BYTES, FileReader, FileTrouble},
    line,
};
use crate::store::{StoreError, TrailSnapshot};

/// After how many entries it is told how far the check is.
const TOLD_EVERY: u64 = 10_000;

/// A check under way.
struct Check<'p> {
    head: Option<Head>,
    checked: u64,
    total: u64,
    progress: &'p mut dyn FnMut(u64, u64),
}

impl Check<'_> {
    fn one_more(&mut self) {
        self.checked += 1;
        if self.checked.is_multiple_of(TOLD_EVERY) {
            (self.progress)(self.checked, self.total.max(self.checked));
        }
    }

    fn file<R: io::BufRead>(&mut self, mut file: FileReader<R>) -> Result<(), FileTrouble> {
        let mut head = self.head;
        let checked = file.check(&mut head, |_| self.one_more());
        self.head = head;
        checked
    }

    fn report(self, fault: Option<&Fault>) -> AuditReport {
        let head = self.head.unwrap_or(Head::START);
        (self.progress)(self.checked, self.checked);
        AuditReport {
            checked: self.checked,
            last: head.number,
            hash: line::hex(&head.hash),
            fault: fault.map(|fault| AuditFault {
                number: fault.number,
                message: fault.to_string(),
            }),
        }
    }
}

/// Checks a whole trail. `progress` is told how many entries were checked, of how many.
pub fn trail(
    trail: &TrailSnapshot<'_>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<AuditReport, StoreError> {
    let mut check = Check {
        head: Some(Head::START),
        checked: 0,
        total: trail.head.map_or(0, |head| head.number),
        progress,
    };
    let fault = find_fault(trail, &mut check)?;
    Ok(check.report(fault.as_ref()))
}

/// Checks a file by itself: one that was exported, or one of a trail's own.
pub fn file(path: &Path, progress: &mut dyn FnMut(u64, u64)) -> io::Result<AuditReport> {
    let file = BufReader::with_capacity(BUFFER_BYTES, File::open(path)?);
    let mut check = Check {
        head: None,
        checked: 0,
        total: 0,
        progress,
    };
    match check.file(FileReader::new(file)) {
        Ok(()) => Ok(check.report(None)),
        Err(FileTrouble::Fault(fault)) => Ok(check.report(Some(&fault))),
        Err(FileTrouble::Io(error)) => Err(error),
    }
}

fn find_fault(
    trail: &TrailSnapshot<'_>,
    check: &mut Check<'_>,
) -> Result<Option<Fault>, StoreError> {
    let at = |check: &Check<'_>| check.head.unwrap_or(Head::START);
    for number in 1..=trail.files {
        let name = TrailSnapshot::file_name(number);
        let file = match trail.file(number) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let what = format!("Entry {} is missing, with its file", at(check).number + 1);
                let fault = Fault::new(at(check).number + 1, what);
                return Ok(Some(fault.within(&name)));
            }
            file => file?,
        };
        match check.file(file) {
            Ok(()) => {}
            Err(FileTrouble::Fault(fault)) => return Ok(Some(fault.within(&name))),
            Err(FileTrouble::Io(error)) => return Err(error.into()),
        }
    }
    if let Err(fault) = at(check).expect(&trail.moved) {
        return Ok(Some(fault.within("at the end of its files")));
    }
    let mut found = None;
    trail.pages(|page| {
        let mut head = at(check);
        let checked = page.check(&mut head, |_, _| check.one_more());
        check.head = Some(head);
        Ok(match checked {
            Ok(()) => ControlFlow::Continue(()),
            Err(fault) => {
                found = Some(fault.within("in the database"));
                ControlFlow::Break(())
            }
        })
    })?;
    if found.is_some() {
        return Ok(found);
    }
    let end = at(check);
    Ok(match &trail.head {
        Some(head) => end.expect(head).err(),
        None if end == Head::START => None,
        None => Some(Fault::new(
            end.number + 1,
            format!(
                "Where the trail ends isn't written down: entries after {} may be missing",
                end.number
            ),
        )),
    })
}
