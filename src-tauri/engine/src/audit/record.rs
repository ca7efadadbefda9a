//! One entry of the audit trail, and its bytes.
//!
//! The bytes are canonical: an entry has exactly one form, and what isn't such a form isn't an
//! entry. Numbers are little-endian:
//!
//! | bytes | what |
//! | --- | --- |
//! | 2 | how many bytes follow |
//! | 1 | the form: 1 |
//! | 8 | the entry's number |
//! | 8 | when, in milliseconds since 1970 (UTC), signed |
//! | 1, 1, 1 | operation, decision, status as `codes` has them; status 0 for none |
//! | 1 | 1 if there is a job, plus 2 if there is a digest |
//! | 5 × (1 + n) | kind of caller, name of caller, tool, code, subject: a length and UTF-8; none is empty |
//! | 16 | the job's id, if there is a job |
//! | 32 | the digest, if there is one |
//!
//! How entries hang together is left to `chain`.

use toolroom_shared::{AuditDecision, AuditOperation, Caller, CallerName, JobStatus};
use uuid::Uuid;

use super::codes;
use crate::clock::Timestamp;

/// How many bytes a hash or digest has.
pub const HASH_BYTES: usize = 32;
/// How many bytes of an entry say how many there are.
pub const LENGTH_BYTES: usize = 2;
/// How many bytes a text in an entry may have.
pub const TEXT_BYTES: usize = u8::MAX as usize;

const FORM: u8 = 1;
const HAS_JOB: u8 = 1;
const HAS_INPUT: u8 = 2;
/// The first and last millisecond that a calendar of four-digit years has.
const CALENDAR: (i64, i64) = (-62_167_219_200_000, 253_402_300_799_999);

/// A BLAKE3 hash.
pub type Hash = [u8; HASH_BYTES];

/// One entry. Texts are empty where there is nothing to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: Who<'a>,
    /// What was done.
    pub operation: AuditOperation,
    /// The tool.
    pub tool: &'a str,
    /// The job.
    pub job: Option<Uuid>,
    /// The digest of what came with it.
    pub input: Option<Hash>,
    /// What was decided.
    pub decision: AuditDecision,
    /// Where the job stood.
    pub status: Option<JobStatus>,
    /// What went wrong.
    pub code: &'a str,
    /// What it is about, where that is no job.
    pub subject: &'a str,
}

/// A caller as the trail has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who<'a> {
    /// The kind of caller: never empty, and without a colon.
    pub kind: &'a str,
    /// Its name, where callers of its kind have one.
    pub name: &'a str,
}

/// The caller as the trail has it.
pub fn who(caller: &Caller) -> Who<'_> {
    let kind = match caller {
        Caller::Window => "window",
        Caller::Terminal => "terminal",
        Caller::App => "app",
        Caller::Http { .. } => "http",
        Caller::Mcp { .. } => "mcp",
        Caller::Model { .. } => "model",
    };
    let name = caller.name().map_or("", CallerName::as_str);
    Who { kind, name }
}

impl Entry<'_> {
    /// Adds the entry's bytes. What is out of range is brought into it: a time to the calendar's
    /// end, a text to its first bytes.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        bytes.extend([0; LENGTH_BYTES]);
        bytes.push(FORM);
        bytes.extend(self.number.to_le_bytes());
        bytes.extend(self.at.0.clamp(CALENDAR.0, CALENDAR.1).to_le_bytes());
        bytes.push(codes::operation_code(self.operation));
        bytes.push(codes::decision_code(self.decision));
        bytes.push(codes::status_code(self.status));
        let job = self.job.map_or(0, |_| HAS_JOB);
        let input = self.input.map_or(0, |_| HAS_INPUT);
        bytes.push(job | input);
        for text in [
            self.who.kind,
            self.who.name,
            self.tool,
            self.code,
            self.subject,
        ] {
            let text = bounded(text);
            // At most 255 after that.
            bytes.push(text.len() as u8);
            bytes.extend(text.as_bytes());
        }
        if let Some(job) = &self.job {
            bytes.extend(job.as_bytes());
        }
        if let Some(input) = &self.input {
            bytes.extend(input);
        }
        // At most 23 + 5 * 256 + 48 bytes.
        let length = (bytes.len() - start - LENGTH_BYTES) as u16;
        bytes[start..start + LENGTH_BYTES].copy_from_slice(&length.to_le_bytes());
    }
}

impl<'a> Entry<'a> {
    /// The entry that has exactly these bytes, its length included; none if no entry has.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = Rest(bytes);
        let length = u16::from_le_bytes(rest.array()?);
        if usize::from(length) != rest.0.len() || rest.byte()? != FORM {
            return None;
        }
        let number = u64::from_le_bytes(rest.array()?);
        let at = i64::from_le_bytes(rest.array()?);
        let operation = codes::operation(rest.byte()?)?;
        let decision = codes::decision(rest.byte()?)?;
        let status = codes::status(rest.byte()?)?;
        let has = rest.byte()?;
        let [kind, name, tool, code, subject] = [
            rest.text()?,
            rest.text()?,
            rest.text()?,
            rest.text()?,
            rest.text()?,
        ];
        let job = match has & HAS_JOB {
            0 => None,
            _ => Some(Uuid::from_bytes(rest.array()?)),
        };
        let input = match has & HAS_INPUT {
            0 => None,
            _ => Some(rest.array()?),
        };
        let is_calendar = (CALENDAR.0..=CALENDAR.1).contains(&at);
        let is_kind = !kind.is_empty() && !kind.contains(':');
        let is_whole = rest.0.is_empty() && has <= HAS_JOB | HAS_INPUT;
        (is_calendar && is_kind && is_whole).then_some(Self {
            number,
            at: Timestamp(at),
            who: Who { kind, name },
            operation,
            tool,
            job,
            input,
            decision,
            status,
            code,
            subject,
        })
    }
}

/// As much of a text as an entry has room for, in whole characters.
pub fn bounded(text: &str) -> &str {
    let mut end = text.len().min(TEXT_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// What is left to read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.byte()?;
        std::str::from_utf8(self.take(length.into())?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::samples::any_sample, *};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_entry_is_read_back_as_it_was_written(sample in any_sample()) {
            let entry = sample.entry(7);
            let mut bytes = Vec::new();
            entry.write(&mut bytes);
            prop_assert_eq!(Entry::read(&bytes), Some(entry));
        }

        #[test]
        fn two_entries_never_have_the_same_bytes(one in any_sample(), two in any_sample()) {
            let (mut a, mut b) = (Vec::new(), Vec::new());
            one.entry(1).write(&mut a);
            two.entry(1).write(&mut b);
            prop_assert_eq!(a == b, one == two);
        }

        #[test]
        fn bytes_that_are_an_entry_are_the_only_ones_that_are_that_entry(
            sample in any_sample(),
            place: prop::sample::Index,
            flip in 1u8..,
            cut: prop::sample::Index,
        ) {
            let mut bytes = Vec::new();
            sample.entry(1).write(&mut bytes);
            let mut again = Vec::new();
            for changed in [
                { let mut b = bytes.clone(); b[place.index(bytes.len())] ^= flip; b },
                bytes[..cut.index(bytes.len())].to_vec(),
                [&bytes[..], &[flip]].concat(),
            ] {
                if let Some(entry) = Entry::read(&changed) {
                    again.clear();
                    entry.write(&mut again);
                    prop_assert_eq!(&again, &changed);
                }
            }
        }
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters_and_times_stay_in_the_calendar() {
        let long = "ä".repeat(200);
        let entry = Entry {
            at: Timestamp(i64::MAX),
            subject: &long,
            ..crate::audit::samples::plain(3)
        };
        let mut bytes = Vec::new();
        entry.write(&mut bytes);
        let read = Entry::read(&bytes).unwrap();
        assert_eq!(read.subject, &long[..254]);
        assert_eq!(read.at.to_rfc3339(), "9999-12-31T23:59:59.999Z");
    }
}
