//! An entry as a line of JSON: how it stands in files, for people and other programs.
//!
//! A line has exactly one form, the one that is written here: an `AuditRecord`, field by field in
//! its order, without spaces. What is hashed is the entry's bytes (see `record`), which follow from
//! the line; since a line that is written otherwise is refused, no byte of it can be changed.

use std::{borrow::Cow, io::Write};

use serde::Deserialize;
use time::{Date, OffsetDateTime};
use toolroom_shared::{AuditDecision, AuditOperation, AuditRecord, ErrorCode, JobId, JobStatus};
use uuid::Uuid;

use super::record::{Entry, HASH_BYTES, Hash, Who};
use crate::clock::Timestamp;

/// The entry as clients see it.
pub fn record(entry: &Entry<'_>, hash: &Hash) -> AuditRecord {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    AuditRecord {
        number: entry.number,
        at: text(|bytes| write_time(entry.at, bytes)),
        caller: text(|bytes| write_caller(entry.who, bytes)),
        operation: entry.operation,
        tool_name: some(entry.tool),
        job_id: entry.job.map(|id| JobId(id.to_string())),
        input_digest: entry.input.map(|digest| hex(&digest)),
        decision: entry.decision,
        status: entry.status,
        code: some(entry.code).map(ErrorCode::from),
        subject: some(entry.subject),
        hash: hex(hash),
    }
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &Hash) -> String {
    text(|into| write_hex(bytes, into))
}

/// The bytes that stand in a text in hexadecimal, in lower case.
pub fn unhex(text: &str) -> Option<Hash> {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    if pairs.len() != HASH_BYTES {
        return None;
    }
    let mut bytes = [0; HASH_BYTES];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

/// Adds the entry's line, without a line's end.
pub fn write(entry: &Entry<'_>, hash: &Hash, line: &mut Vec<u8>) {
    // Writing into memory doesn't fail.
    let _ = write!(line, "{{\"number\":{},\"at\":\"", entry.number);
    write_time(entry.at, line);
    line.extend(b"\",\"caller\":");
    if entry.who.name.is_empty() {
        write_text(entry.who.kind, line);
    } else {
        let label = text(|bytes| write_caller(entry.who, bytes));
        write_text(&label, line);
    }
    line.extend(b",\"operation\":\"");
    line.extend(entry.operation.as_str().as_bytes());
    line.extend(b"\",\"tool_name\":");
    write_optional(entry.tool, line);
    line.extend(b",\"job_id\":");
    match entry.job {
        None => line.extend(b"null"),
        Some(id) => {
            line.push(b'"');
            let mut buffer = Uuid::encode_buffer();
            line.extend(id.hyphenated().encode_lower(&mut buffer).as_bytes());
            line.push(b'"');
        }
    }
    line.extend(b",\"input_digest\":");
    match &entry.input {
        None => line.extend(b"null"),
        Some(digest) => {
            line.push(b'"');
            write_hex(digest, line);
            line.push(b'"');
        }
    }
    line.extend(b",\"decision\":\"");
    line.extend(entry.decision.as_str().as_bytes());
    line.extend(b"\",\"status\":");
    line.extend(match entry.status {
        None => &b"null"[..],
        Some(JobStatus::Queued) => b"\"Queued\"",
        Some(JobStatus::Running) => b"\"Running\"",
        Some(JobStatus::Succeeded) => b"\"Succeeded\"",
        Some(JobStatus::Failed) => b"\"Failed\"",
        Some(JobStatus::Canceled) => b"\"Canceled\"",
    });
    line.extend(b",\"code\":");
    write_optional(entry.code, line);
    line.extend(b",\"subject\":");
    write_optional(entry.subject, line);
    line.extend(b",\"hash\":\"");
    write_hex(hash, line);
    line.extend(b"\"}");
}

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

fn write_caller(who: Who<'_>, bytes: &mut Vec<u8>) {
    bytes.extend(who.kind.as_bytes());
    if !who.name.is_empty() {
        bytes.push(b':');
        bytes.extend(who.name.as_bytes());
    }
}

fn write_text(text: &str, line: &mut Vec<u8>) {
    // Nor does this: a text is always JSON.
    let _ = serde_json::to_writer(line, text);
}

fn write_optional(text: &str, line: &mut Vec<u8>) {
    if text.is_empty() {
        line.extend(b"null");
    } else {
        write_text(text, line);
    }
}

fn write_hex(bytes: &Hash, into: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut digits = [0; 2 * HASH_BYTES];
    for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [
            DIGITS[usize::from(byte >> 4)],
            DIGITS[usize::from(byte & 15)],
        ];
    }
    into.extend(digits);
}

/// Always to the millisecond, so that a moment has one form.
fn write_time(at: Timestamp, into: &mut Vec<u8>) {
    let seconds = at.0.div_euclid(1_000);
    // What an entry holds is within the calendar.
    let date = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let mut form = *b"0000-00-00T00:00:00.000Z";
    let mut put = |last: usize, mut number: u32| {
        let mut place = last;
        while number > 0 {
            form[place] = b'0' + (number % 10) as u8;
            number /= 10;
            place = place.saturating_sub(1);
        }
    };
    put(3, date.year().unsigned_abs());
    put(6, u8::from(date.month()).into());
    put(9, date.day().into());
    put(12, date.hour().into());
    put(15, date.minute().into());
    put(18, date.second().into());
    put(22, at.0.rem_euclid(1_000) as u32);
    into.extend(form);
}

fn read_time(text: &str) -> Option<Timestamp> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let month = time::Month::try_from(u8::try_from(number(5, 7)?).ok()?).ok()?;
    let day = u8::try_from(number(8, 10)?).ok()?;
    let date = Date::from_calendar_date(number(0, 4)?.into(), month, day).ok()?;
    let [hour, minute, second] = [number(11, 13)?, number(14, 16)?, number(17, 19)?];
    let [hour, minute, second] = [hour, minute, second].map(|n| u8::try_from(n).ok());
    let moment = date.with_hms_milli(hour?, minute?, second?, number(20, 23)?);
    Some(Timestamp::from(moment.ok()?.assume_utc()))
}

/// A line whose texts are as they stand in it, or owned where they have escapes.
#[derive(Deserialize)]
struct Line<'a> {
    number: u64,
    at: &'a str,
    #[serde(borrow)]
    caller: Cow<'a, str>,
    operation: AuditOperation,
    #[serde(borrow)]
    tool_name: Option<Text<'a>>,
    job_id: Option<&'a str>,
    input_digest: Option<&'a str>,
    decision: AuditDecision,
    status: Option<JobStatus>,
    #[serde(borrow)]
    code: Option<Text<'a>>,
    #[serde(borrow)]
    subject: Option<Text<'a>>,
    hash: &'a str,
}

/// A text within an option, which would be owned otherwise.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Gives `use_it` the entry of a line, and its hash; none if it is no line of a trail. `again` is
/// memory that is used for comparing.
pub fn read<R>(
    line: &[u8],
    again: &mut Vec<u8>,
    use_it: impl FnOnce(&Entry<'_>, &Hash) -> R,
) -> Option<R> {
    let parsed: Line<'_> = serde_json::from_slice(line).ok()?;
    let (kind, name) = parsed
        .caller
        .split_once(':')
        .unwrap_or((&parsed.caller, ""));
    let entry = Entry {
        number: parsed.number,
        at: read_time(parsed.at)?,
        who: Who { kind, name },
        operation: parsed.operation,
        tool: parsed.tool_name.as_ref().map_or("", |text| &text.0),
        job: match parsed.job_id {
            None => None,
            Some(id) => Some(Uuid::try_parse(id).ok()?),
        },
        input: match parsed.input_digest {
            None => None,
            Some(digest) => Some(unhex(digest)?),
        },
        decision: parsed.decision,
        status: parsed.status,
        code: parsed.code.as_ref().map_or("", |text| &text.0),
        subject: parsed.subject.as_ref().map_or("", |text| &text.0),
    };
    let hash = unhex(parsed.hash)?;
    again.clear();
    write(&entry, &hash, again);
    (again == line).then(|| use_it(&entry, &hash))
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
