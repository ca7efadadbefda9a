//! Takes in jobs that have ended elsewhere. One whose id is known is left as it is.

use rusqlite::{Connection, OptionalExtension, params};
use toolroom_toolkit::WrittenLine;

use super::{
    apply::Statements, batch::transaction, change::HistoryEntry, error::StoreError, handle::Store,
    search::SearchWords,
};
use crate::record::{JobRecord, Output};

/// A job that has ended, with all that is kept of it.
#[derive(Debug)]
pub struct ImportedJob {
    /// The job, its input with it, with a number of its own.
    pub record: JobRecord,
    /// The JSON text of its output, if it has one.
    pub output: Option<String>,
    /// What happened to it, in its order.
    pub entries: Vec<HistoryEntry>,
    /// Its log.
    pub log: Vec<WrittenLine>,
}

impl<T: Send + 'static> Store<T> {
    /// Takes in these jobs, all or none. How many were not known. Blocks.
    pub fn import(&self, jobs: Vec<ImportedJob>) -> Result<u32, StoreError> {
        self.send(move |connection, artifacts| {
            let mut written = Vec::new();
            let taken = transaction(connection, || {
                let mut statements = Statements::prepare(connection)?;
                let mut taken = 0;
                for job in &jobs {
                    if is_known(connection, job)? {
                        continue;
                    }
                    if let (Some(Output::Artifact { .. }), Some(text)) =
                        (&job.record.output, &job.output)
                    {
                        written.push(job.record.origin.id);
                        artifacts.write(job.record.origin.id, text)?;
                    }
                    insert(&mut statements, job)?;
                    taken += 1;
                }
                if taken > 0 {
                    connection.execute(
                        "INSERT OR REPLACE INTO meta(key, value) VALUES('imports', 1)",
                        [],
                    )?;
                }
                Ok(taken)
            });
            if taken.is_err() {
                for id in written {
                    // What stays is removed as an orphan at the next opening.
                    let _ = artifacts.remove(id);
                }
            }
            taken
        })
    }
}

/// Whether jobs were ever taken in: then numbers don't tell which job is older.
pub(super) fn has_imports(connection: &Connection) -> Result<bool, StoreError> {
    let found = connection
        .prepare_cached("SELECT 1 FROM meta WHERE key = 'imports'")?
        .exists([])?;
    Ok(found)
}

fn is_known(connection: &Connection, job: &ImportedJob) -> Result<bool, StoreError> {
    let id = job.record.origin.id;
    let found: Option<i64> = connection
        .prepare_cached("SELECT seq FROM jobs WHERE id = ?1")?
        .query_row(params![id.as_bytes().as_slice()], |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}

fn insert(statements: &mut Statements<'_>, job: &ImportedJob) -> Result<(), StoreError> {
    let record = &job.record;
    let words = match &job.output {
        Some(text) => SearchWords::of_job_with_text(record, text),
        None => SearchWords::of_job(record, None),
    };
    let is_inline = matches!(record.output, Some(Output::Inline(_)));
    statements.job(record, true)?;
    let input = record.input.as_ref().map(ToString::to_string);
    let output = job.output.as_deref().filter(|_| is_inline);
    statements.ended(record.seq(), &input.unwrap_or_default(), output, &words)?;
    statements.entries(record.seq(), &job.entries)?;
    statements.log(record.seq(), &job.log)
}
