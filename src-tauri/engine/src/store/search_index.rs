//! The index of words: which finished jobs have a word, and filling it.
//!
//! A job's tool and status stand in the index as words of their own, so that a search with filters
//! is one intersection inside the index: looking up each job that has a common word would take ten
//! times as long. Words come into the index some time after the job has ended, many jobs at once,
//! since that costs a fraction of adding each by itself; until then they are searched as they are.
//!
//! What a word is, is left to `search`.

use std::fmt::Write;

use rusqlite::{Connection, params, types::ValueRef};
use toolroom_shared::JobStatus;

use super::{
    batch::transaction,
    codes::{status, status_code},
    error::StoreError,
    search::SearchWords,
};

/// How far matches are counted.
pub(super) const COUNTED: usize = 1_000;

/// What a job must be to be found, beside having the words.
pub(super) struct Facets<'a> {
    pub(super) tool: Option<&'a str>,
    /// Of finished jobs; all if empty.
    pub(super) statuses: &'a [JobStatus],
}

impl Facets<'_> {
    pub(super) fn allow(&self, tool: &str, status: JobStatus) -> bool {
        self.tool.is_none_or(|wanted| wanted == tool)
            && (self.statuses.is_empty() || self.statuses.contains(&status))
    }
}

/// Moves the words of at most `limit` ended jobs into the index. Returns how many they were.
pub(super) fn fill(connection: &Connection, limit: usize) -> Result<usize, StoreError> {
    transaction(connection, || {
        let mut waiting = connection.prepare_cached(
            "SELECT unindexed.seq, words, tool, status FROM unindexed JOIN jobs USING(seq)
             ORDER BY unindexed.seq LIMIT ?1",
        )?;
        let mut add = connection
            .prepare_cached("INSERT OR REPLACE INTO search(rowid, words) VALUES(?1, ?2)")?;
        let mut rows = waiting.query([limit as i64])?;
        let (mut moved, mut last, mut text) = (0, None, String::new());
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            text.clear();
            text.push_str(text_of(row.get_ref(1)?)?);
            push_tool(&mut text, text_of(row.get_ref(2)?)?);
            push_status(&mut text, status(row.get(3)?)?);
            add.execute(params![seq, text])?;
            (moved, last) = (moved + 1, Some(seq));
        }
        drop(rows);
        if let Some(last) = last {
            connection
                .prepare_cached("DELETE FROM unindexed WHERE seq <= ?1")?
                .execute([last])?;
        }
        Ok(moved)
    })
}

/// How many ended jobs wait for [`fill`].
pub(super) fn waiting(connection: &Connection) -> Result<usize, StoreError> {
    let rows: u32 = connection.query_row("SELECT count(*) FROM unindexed", [], |row| row.get(0))?;
    Ok(rows as usize)
}

/// The newest finished jobs with the words: at most [`COUNTED`], or `limit` of those `before` a
/// job.
pub(super) fn find(
    connection: &Connection,
    words: &SearchWords,
    facets: &Facets<'_>,
    before: Option<(i64, usize)>,
) -> Result<Vec<i64>, StoreError> {
    let (before, limit) = before.unwrap_or((i64::MAX, COUNTED));
    let mut found = find_waiting(connection, words, facets, before, limit)?;
    let mut indexed = connection.prepare_cached(
        "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid < ?2
         ORDER BY rowid DESC LIMIT ?3",
    )?;
    let mut rows = indexed.query(params![expression(words, facets), before, limit as i64])?;
    while let Some(row) = rows.next()? {
        found.push(row.get(0)?);
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.truncate(limit);
    Ok(found)
}

/// Whether a job has the words, wherever they stand.
pub(super) fn has(
    connection: &Connection,
    words: &SearchWords,
    seq: i64,
) -> Result<bool, StoreError> {
    let anything = Facets {
        tool: None,
        statuses: &[],
    };
    let mut waiting = connection.prepare_cached("SELECT words FROM unindexed WHERE seq = ?1")?;
    let mut rows = waiting.query([seq])?;
    if let Some(row) = rows.next()? {
        return Ok(words.matches(text_of(row.get_ref(0)?)?));
    }
    let mut indexed =
        connection.prepare_cached("SELECT 1 FROM search WHERE search MATCH ?1 AND rowid = ?2")?;
    Ok(indexed.exists(params![expression(words, &anything), seq])?)
}

/// Those whose words aren't in the index yet.
fn find_waiting(
    connection: &Connection,
    words: &SearchWords,
    facets: &Facets<'_>,
    before: i64,
    limit: usize,
) -> Result<Vec<i64>, StoreError> {
    let mut waiting = connection.prepare_cached(
        "SELECT unindexed.seq, words, tool, status FROM unindexed JOIN jobs USING(seq)
         WHERE unindexed.seq < ?1 ORDER BY unindexed.seq DESC",
    )?;
    let mut rows = waiting.query([before])?;
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        if words.matches(text_of(row.get_ref(1)?)?)
            && facets.allow(text_of(row.get_ref(2)?)?, status(row.get(3)?)?)
        {
            found.push(row.get(0)?);
        }
    }
    Ok(found)
}

fn text_of<'r>(value: ValueRef<'r>) -> Result<&'r str, StoreError> {
    value
        .as_str()
        .map_err(|error| StoreError::corrupt(error.to_string()))
}

/// The search in the language of FTS5. The words are letters and digits and need no escaping.
fn expression(words: &SearchWords, facets: &Facets<'_>) -> String {
    let mut text = String::new();
    for word in words.words() {
        let and = if text.is_empty() { "" } else { " AND " };
        let _ = write!(text, "{and}\"{word}\"*");
    }
    if let Some(tool) = facets.tool {
        text.push_str(" AND \"");
        push_tool(&mut text, tool);
        text.push('"');
    }
    for (index, status) in facets.statuses.iter().enumerate() {
        text.push_str(if index == 0 { " AND (\"" } else { " OR \"" });
        push_status(&mut text, *status);
        text.push('"');
    }
    if !facets.statuses.is_empty() {
        text.push(')');
    }
    text
}

/// The word that stands for a tool. It begins with a character that no typed word has. Characters
/// at which the tokenizer cuts, and those that it would lower-case, are written as numbers.
fn push_tool(text: &mut String, tool: &str) {
    text.push_str(" ·t");
    for c in tool.chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            text.push(c);
        } else {
            let _ = write!(text, "·{:x}·", u32::from(c));
        }
    }
}

fn push_status(text: &mut String, status: JobStatus) {
    let _ = write!(text, " ·s{}", status_code(status));
}
