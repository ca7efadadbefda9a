//! Appends to the trail, within the transaction of what the entries tell of.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Statement, params};
use time::OffsetDateTime;
use toolroom_shared::{AuditDecision, AuditOperation, Caller};

use super::state::{self, TrailState};
use crate::{
    audit::{
        chain::{Head, PageWriter},
        record::{Entry, Who, bounded, who},
    },
    clock::Timestamp,
    store::{
        batch::transaction,
        change::{Change, Payload, TransitionChange},
        error::StoreError,
    },
};

/// The trail, as the one thread that writes has it.
pub(in crate::store) struct Trail<'c> {
    pub(super) connection: &'c Connection,
    /// Where its files are.
    pub(super) folder: PathBuf,
    insert: Statement<'c>,
    set_head: Statement<'c>,
    page: PageWriter,
    /// Where it ends on disk.
    pub(super) head: Head,
    /// Where the files end.
    pub(super) moved: Head,
    pub(super) files: u64,
    /// It is damaged, and what is damaged stays where it is.
    pub(super) stuck: bool,
}

impl<'c> Trail<'c> {
    /// The trail in this file, begun if there is none. `set_aside` is where a history before this
    /// one was put.
    pub(in crate::store) fn open(
        connection: &'c Connection,
        data_folder: &Path,
        set_aside: Option<&Path>,
    ) -> Result<Self, StoreError> {
        let stands = state::read(connection)?;
        let last = state::last_in_table(connection)?;
        let (head, news) = end_of(stands, last);
        let mut trail = Self {
            connection,
            folder: state::folder(data_folder),
            insert: connection
                .prepare("INSERT INTO audit(first, last, page) VALUES(?1, ?2, ?3)")?,
            set_head: connection.prepare(
                "INSERT INTO meta(key, value) VALUES('audit_head', ?1)
                 ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            )?,
            page: PageWriter::default(),
            head,
            moved: stands.moved,
            files: stands.files,
            stuck: false,
        };
        let news = match (head, news) {
            (Head::START, _) => Some(trail.why_it_begins(set_aside)?),
            (_, news) => news,
        };
        if let Some(news) = news {
            trail.tell_of_itself(&news)?;
        }
        Ok(trail)
    }

    /// Begins to collect the entries of a transaction.
    pub(in crate::store) fn begin(&mut self) {
        self.page.begin(self.head);
    }

    /// Adds what there is to tell of a change.
    pub(in crate::store) fn tell(&mut self, change: &Change) {
        match change {
            Change::Transition(change) => self.tell_transition(change),
            Change::Audit { at, note } => self.page.push(&note.entry(*at)),
            Change::Progress(_) | Change::Log { .. } | Change::Checkpoint { .. } => {}
        }
    }

    /// Writes what was collected; it counts once [`keep`](Self::keep) says that it is committed.
    pub(in crate::store) fn write(&mut self) -> Result<(), StoreError> {
        if let Some(page) = self.page.page() {
            let (first, last) = (page.first.cast_signed(), page.last.cast_signed());
            self.insert.execute(params![first, last, page.bytes])?;
            self.set_head
                .execute([state::head_bytes(&self.page.head())])?;
        }
        Ok(())
    }

    /// What was written is committed.
    pub(in crate::store) fn keep(&mut self) {
        self.head = self.page.head();
    }

    fn tell_transition(&mut self, change: &TransitionChange) {
        let (after, entry) = (&*change.after, &change.entry);
        let about = Entry {
            number: 0,
            at: entry.at,
            who: who(&entry.caller),
            operation: AuditOperation::Start,
            tool: &after.origin.tool,
            job: Some(after.origin.id),
            input: None,
            decision: AuditDecision::Allowed,
            status: Some(entry.status),
            code: "",
            subject: "",
        };
        if let Payload::Accepted { digest, .. } = &change.payload {
            let operation = match after.origin.retry_of {
                None => AuditOperation::Start,
                Some(_) => AuditOperation::Retry,
            };
            self.page.push(&Entry {
                operation,
                input: Some(*digest),
                ..about
            });
        } else if let Some(operation) = change.asked {
            self.page.push(&Entry { operation, ..about });
        }
        if after.status.is_terminal() {
            let error = after.error.as_deref();
            self.page.push(&Entry {
                operation: AuditOperation::End,
                status: Some(after.status),
                code: error.map_or("", |error| error.code.as_str()),
                ..about
            });
        }
    }

    /// Why there is a new trail.
    fn why_it_begins(&self, set_aside: Option<&Path>) -> Result<String, StoreError> {
        let name = |path: &Path| {
            let name = path.file_name().unwrap_or_default();
            name.to_string_lossy().into_owned()
        };
        if let Some(path) = set_aside {
            return Ok(format!(
                "the history before was damaged, and set aside with its trail as {}",
                name(path)
            ));
        }
        if let Some(path) = self.put_aside_files()? {
            return Ok(format!(
                "the history before is gone; files of its trail are in {}",
                name(&path)
            ));
        }
        let has_jobs: bool =
            self.connection
                .query_row("SELECT EXISTS(SELECT 1 FROM jobs)", [], |row| row.get(0))?;
        Ok(match has_jobs {
            true => "the jobs before this were not audited".to_owned(),
            false => "a new history".to_owned(),
        })
    }

    /// Puts files aside that belong to no trail in this history, lest they be overwritten.
    fn put_aside_files(&self) -> Result<Option<PathBuf>, StoreError> {
        if !self.folder.exists() {
            return Ok(None);
        }
        for number in 1u32.. {
            let aside = self.folder.with_extension(format!("before-{number}"));
            if !aside.exists() {
                std::fs::rename(&self.folder, &aside)?;
                return Ok(Some(aside));
            }
        }
        Ok(None)
    }

    /// Adds an entry about the trail itself, in a transaction of its own.
    fn tell_of_itself(&mut self, news: &str) -> Result<(), StoreError> {
        self.begin();
        self.page.push(&Entry {
            number: 0,
            at: Timestamp::from(OffsetDateTime::now_utc()),
            who: Who {
                ..who(&Caller::App)
            },
            operation: AuditOperation::Begin,
            tool: "",
            job: None,
            input: None,
            decision: AuditDecision::Allowed,
            status: None,
            code: "",
            subject: bounded(news),
        });
        transaction(self.connection, || self.write())?;
        self.keep();
        Ok(())
    }
}

/// Where the trail goes on, and what to say if it doesn't end where it should. It goes on behind
/// both ends, so that what is missing or too much is found for good.
fn end_of(stands: TrailState, last: Option<Head>) -> (Head, Option<String>) {
    let found = last.unwrap_or(stands.moved);
    let Some(head) = stands.head else {
        let lost = (found != Head::START).then(|| {
            format!(
                "where the trail ends was not written down; it was found to end with entry {}",
                found.number
            )
        });
        return (found, lost);
    };
    if head == found {
        return (head, None);
    }
    let news = format!(
        "the trail was found to end with entry {}, and should have ended with entry {}",
        found.number, head.number
    );
    let further = if found.number > head.number {
        found
    } else {
        head
    };
    (further, Some(news))
}
