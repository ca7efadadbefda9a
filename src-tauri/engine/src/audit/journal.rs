//! Notes of what was done outside of an engine, on their way into the audit trail: lines of a file in the
//! data folder, which the engine that runs there, or the next one, takes over.
//!
//! A note leaves the file once it stands in the trail. Who is broken off between the two has it twice in
//! there rather than not at all.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use toolroom_shared::{AppError, AuditDecision, AuditOperation, Caller, ErrorCode};

use super::note::{AuditLog, AuditNote};
use crate::clock::{Clock, Timestamp};

const FILE: &str = "audit-waiting.jsonl";

/// The notes that wait in one data folder. Every call may wait for the disk.
#[derive(Clone, Debug)]
pub struct AuditJournal {
    path: PathBuf,
}

/// A note as it waits: about no job, since only an engine does anything to one.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    at: String,
    caller: String,
    operation: AuditOperation,
    decision: AuditDecision,
    tool: String,
    code: String,
    subject: String,
}

/// Notes that wait, held so that nobody adds to them meanwhile.
pub(crate) struct Waiting {
    file: File,
    /// What is to be noted, and when it happened; oldest first.
    pub notes: Vec<(Timestamp, AuditNote)>,
}

impl AuditJournal {
    /// The notes of the data folder `folder`.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            path: folder.join(FILE),
        }
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        fs::metadata(&self.path).map_or(true, |about| about.len() == 0)
    }

    /// What waits; none if nothing does.
    pub(crate) fn waiting(&self) -> Result<Option<Waiting>, AppError> {
        if self.is_empty() {
            return Ok(None);
        }
        let read = || -> io::Result<(File, Vec<u8>)> {
            let mut file = self.locked()?;
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(0))?;
            file.read_to_end(&mut bytes)?;
            Ok((file, bytes))
        };
        let (file, bytes) = read().map_err(|error| self.failed(&error))?;
        let lines = bytes.split(|byte| *byte == b'\n');
        let notes = lines
            .filter(|line| !line.is_empty())
            .map(|line| understood(line).unwrap_or_else(unreadable))
            .collect();
        Ok(Some(Waiting { file, notes }))
    }

    fn write(&self, note: &AuditNote, at: Timestamp) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Line::of(note, at))?;
        line.push(b'\n');
        let mut file = self.locked()?;
        // What was broken off stays a line of its own.
        if file.seek(SeekFrom::End(0))? > 0 {
            let mut last = [0];
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
            if last != *b"\n" {
                file.write_all(b"\n")?;
            }
        }
        file.write_all(&line)?;
        file.sync_all()
    }

    /// Open and held; given back when it is dropped, or its process ends.
    fn locked(&self) -> io::Result<File> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut options = File::options();
        options.create(true).truncate(false).read(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&self.path)?;
        file.lock()?;
        Ok(file)
    }

    fn failed(&self, error: &io::Error) -> AppError {
        AppError::new(
            ErrorCode::Storage,
            format!(
                "What is done can't be noted for the audit trail in {}: {error}.",
                self.path.display()
            ),
        )
    }
}

impl AuditLog for AuditJournal {
    fn note(&self, note: AuditNote) {
        // Who must know that it is kept asks `try_note`.
        let _ = self.try_note(note);
    }

    fn try_note(&self, note: AuditNote) -> Result<(), AppError> {
        self.write(&note, Clock::default().now())
            .map_err(|error| self.failed(&error))
    }
}

impl Waiting {
    /// All of it stands in the trail.
    pub fn done(self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.sync_all()
    }
}

impl Line {
    fn of(note: &AuditNote, at: Timestamp) -> Self {
        let entry = note.entry(at);
        Self {
            at: at.to_rfc3339(),
            caller: note.caller().to_string(),
            operation: entry.operation,
            decision: entry.decision,
            tool: entry.tool.to_owned(),
            code: entry.code.to_owned(),
            subject: entry.subject.to_owned(),
        }
    }
}

fn understood(line: &[u8]) -> Option<(Timestamp, AuditNote)> {
    let line: Line = serde_json::from_slice(line).ok()?;
    let at = OffsetDateTime::parse(&line.at, &Rfc3339).ok()?;
    let caller: Caller = line.caller.parse().ok()?;
    let mut note = AuditNote::new(caller, line.operation, line.decision)
        .tool(line.tool)
        .subject(line.subject);
    if !line.code.is_empty() {
        note = note.code(&ErrorCode::from(line.code));
    }
    Some((at.into(), note))
}

/// What stands for a line that nobody wrote so: that there was one is told.
fn unreadable() -> (Timestamp, AuditNote) {
    let note = AuditNote::new(
        Caller::App,
        AuditOperation::Permission,
        AuditDecision::Allowed,
    );
    let what = "a note of something done outside of an engine, which can't be read";
    (Clock::default().now(), note.subject(what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn note(number: usize, subject: &str) -> AuditNote {
        let operations = [AuditOperation::Permission, AuditOperation::Secret];
        let note = AuditNote::new(
            Caller::Terminal,
            operations[number % 2],
            AuditDecision::ALL[number % 3],
        );
        let note = note.subject(subject).tool(["", "a-tool"][number % 2]);
        match number % 3 {
            0 => note,
            _ => note.code(&ErrorCode::Storage),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_was_noted_waits_in_its_order_until_it_is_taken_over(
            subjects in prop::collection::vec("\\PC{0,40}", 1..6),
            torn in prop::option::of("[^\n]{1,20}"),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let journal = AuditJournal::in_folder(folder.path());
            prop_assert!(journal.waiting().unwrap().is_none());
            if let Some(torn) = &torn {
                fs::write(&journal.path, torn).unwrap();
            }
            let notes: Vec<_> = subjects.iter().enumerate().map(|(n, s)| note(n, s)).collect();
            for note in &notes {
                journal.try_note(note.clone()).unwrap();
            }
            let waiting = journal.waiting().unwrap().unwrap();
            let told: Vec<_> = waiting.notes.iter().map(|(_, note)| note.clone()).collect();
            let begin = usize::from(torn.is_some());
            prop_assert_eq!(&told[begin..], &notes[..]);
            prop_assert!(torn.is_none() || told[0] == unreadable().1);
            drop(waiting);
            prop_assert_eq!(journal.waiting().unwrap().unwrap().notes.len(), told.len());
            journal.waiting().unwrap().unwrap().done().unwrap();
            prop_assert!(journal.waiting().unwrap().is_none());
        }
    }

    #[test]
    fn notes_from_many_sides_are_all_kept_while_some_are_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let journal = AuditJournal::in_folder(folder.path());
        let mut taken = 0;
        std::thread::scope(|scope| {
            let sides: Vec<_> = (0..4)
                .map(|side| {
                    let journal = &journal;
                    scope.spawn(move || {
                        for number in 0..25 {
                            journal.try_note(note(number, &format!("{side}"))).unwrap();
                        }
                    })
                })
                .collect();
            while sides.iter().any(|side| !side.is_finished()) {
                if let Some(waiting) = journal.waiting().unwrap() {
                    taken += waiting.notes.len();
                    waiting.done().unwrap();
                }
            }
        });
        taken += journal.waiting().unwrap().map_or(0, |w| w.notes.len());
        assert_eq!(taken, 100);
    }
}
