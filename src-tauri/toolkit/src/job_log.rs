//! Where a tool writes lines for whoever wants to know what it did.
//!
//! Lines wait here until the engine fetches them, a bounded number: when a tool writes faster than
//! that, the oldest are dropped, and their missing numbers say so.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use time::OffsetDateTime;

use crate::Revealed;

/// How many lines wait for the engine at the most. It comes ten times a second.
const LINES_WAITING: usize = 1_000;
/// How many bytes of a line are kept.
const LINE_BYTES: usize = 2_000;

/// A line as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenLine {
    /// Its number in the job's log, from 1.
    pub number: u32,
    /// When.
    pub at: OffsetDateTime,
    /// What it says, without line breaks.
    pub text: String,
}

/// A job's log. Clones write to the same one.
#[derive(Clone, Debug, Default)]
pub struct JobLog {
    waiting: Arc<Mutex<Waiting>>,
    revealed: Revealed,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: VecDeque<WrittenLine>,
    written: u32,
}

impl JobLog {
    /// A log that goes on after `written` lines of earlier attempts.
    #[must_use]
    pub fn after(written: u32) -> Self {
        let waiting = Waiting {
            written,
            ..Waiting::default()
        };
        Self {
            waiting: Arc::new(Mutex::new(waiting)),
            revealed: Revealed::default(),
        }
    }

    /// The same without the secrets in `revealed`. For the engine.
    #[must_use]
    pub fn without(mut self, revealed: &Revealed) -> Self {
        self.revealed = revealed.clone();
        self
    }

    /// Writes a line. A text of several lines is written as several.
    pub fn line(&self, text: impl AsRef<str>) {
        let at = OffsetDateTime::now_utc();
        // Before it is divided or cut off: a part of a secret can't be found.
        let text = self.revealed.scrub_text(text.as_ref());
        let mut waiting = self.waiting();
        for text in text.lines() {
            if waiting.lines.len() == LINES_WAITING {
                waiting.lines.pop_front();
            }
            waiting.written = waiting.written.saturating_add(1);
            let line = WrittenLine {
                number: waiting.written,
                at,
                text: shortened(text),
            };
            waiting.lines.push_back(line);
        }
    }

    /// Fetches what was written since the last time, and how many lines were written in all. For
    /// the engine.
    #[must_use]
    pub fn take(&self) -> (Vec<WrittenLine>, u32) {
        let mut waiting = self.waiting();
        (std::mem::take(&mut waiting.lines).into(), waiting.written)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn shortened(text: &str) -> String {
    if text.len() <= LINE_BYTES {
        return text.to_owned();
    }
    let kept = &text[..text.floor_char_boundary(LINE_BYTES)];
    format!("{kept} …")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lines_keep_their_order_and_only_the_oldest_are_missing(
            bursts in proptest::collection::vec(0usize..3_000, 1..6),
        ) {
            let log = JobLog::default();
            let mut said = 0u32;
            for burst in bursts {
                let before = said;
                for _ in 0..burst {
                    said += 1;
                    log.line(said.to_string());
                }
                let (lines, written) = log.take();
                prop_assert_eq!(written, said);
                prop_assert_eq!(lines.len(), burst.min(LINES_WAITING));
                for (line, number) in lines.iter().rev().zip((before..=said).rev()) {
                    prop_assert_eq!(line.number, number);
                    prop_assert_eq!(&line.text, &number.to_string());
                }
            }
        }
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let log = JobLog::after(7);
        log.line("ä".repeat(5_000));
        let (lines, _) = log.take();
        assert_eq!(lines[0].number, 8);
        assert!(lines[0].text.len() < LINE_BYTES + 8);
        assert!(lines[0].text.ends_with("ä …"));
    }

    #[test]
    fn a_text_of_several_lines_is_several_lines() {
        let log = JobLog::default();
        log.line("a\nb\r\nc");
        let texts: Vec<_> = log.take().0.into_iter().map(|line| line.text).collect();
        assert_eq!(texts, ["a", "b", "c"]);
    }
}
