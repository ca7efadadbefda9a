//! One thread's part of a search: what it comes across is searched, put off or left out.

use std::{fs::File, io, ops::Range};

use grep_regex::RegexMatcher;
use grep_searcher::Searcher;
use toolroom_toolkit::{
    PathError, ToolError,
    walk::{AtHand, Entry, Found, Visitor},
};

use super::{
    FileCount, Reason,
    output::Skipped,
    run::Search,
    sink::{Finds, LineSink},
    source::{PIECE, Source},
};

/// Files longer than this are put off.
const LONG: u64 = 1 << 20;
/// After how many files the path of one is told.
const FILES_AT_ONCE: usize = 64;

/// One thread's part of a search, and what it has found.
pub(super) struct Worker<'s> {
    search: &'s Search<'s>,
    matcher: RegexMatcher,
    searcher: Searcher,
    head: Vec<u8>,
    spans: Vec<Range<usize>>,
    pub found: Vec<(Entry, Finds, FileCount)>,
    pub skipped: Vec<Skipped>,
    /// How many files it has searched.
    pub files: usize,
    /// How much it has read.
    pub bytes: u64,
}

impl<'s> Worker<'s> {
    pub(super) fn new(search: &'s Search<'s>) -> Self {
        Self {
            search,
            matcher: search.matcher(),
            searcher: search.searcher(),
            head: vec![0; PIECE],
            spans: Vec::new(),
            found: Vec::new(),
            skipped: Vec::new(),
            files: 0,
            bytes: 0,
        }
    }

    /// Searches a file, now or later.
    fn come_across(&mut self, found: AtHand<'_>) {
        if self.files.is_multiple_of(FILES_AT_ONCE) {
            self.tell_of(found.entry());
        }
        match found.open() {
            Ok((_, known)) if known.bytes > LONG => {
                self.search.put_off(known.bytes, found.into_entry());
            }
            Ok((file, known)) => self.search_file(found.into_entry(), file, known.bytes),
            Err(error) => self.skipped.push(unopened(&error)),
        }
    }

    /// Searches a file that was put off.
    pub(super) fn search_later(&mut self, entry: Entry) {
        self.tell_of(&entry);
        let found = AtHand::from(entry);
        match found.open() {
            Ok((file, known)) => self.search_file(found.into_entry(), file, known.bytes),
            Err(error) => self.skipped.push(unopened(&error)),
        }
    }

    fn tell_of(&self, entry: &Entry) {
        let path = entry.path();
        self.search.ctx.progress.message(path.to_string_lossy());
    }

    fn search_file(&mut self, entry: Entry, file: File, length: u64) {
        let (mut source, kind) = match Source::new(self.search, file, length, &mut self.head) {
            Ok(begun) => begun,
            Err(error) => return self.skipped.push(skipped_by(&entry, &error)),
        };
        let mut finds = Finds::default();
        let mut sink = LineSink::new(self.search, &self.matcher, &mut finds, &mut self.spans);
        let result = if self.search.leaves_out_binary && source.zero_at.is_some() {
            finds.zero_at = source.zero_at;
            Ok(())
        } else if let Some(bytes) = source.whole() {
            self.searcher.search_slice(&self.matcher, bytes, &mut sink)
        } else {
            self.searcher
                .search_reader(&self.matcher, &mut source, &mut sink)
        };
        self.files += 1;
        self.bytes += source.read;
        let (is_broken_off, has_zero) = (source.is_broken_off, source.zero_at.is_some());
        if let Err(error) = result {
            finds.is_cut_short = true;
            match source.failure.take() {
                _ if is_broken_off => {}
                Some(error) => self.skipped.push(skipped_by(&entry, &error)),
                None => {
                    let why = Skipped::new(&entry.path(), Reason::TooLong);
                    let what = error.to_string();
                    self.skipped.push(match what.contains("allocation limit") {
                        true => why,
                        false => skipped_by(&entry, &error),
                    });
                }
            }
        }
        if let Some(zero) = finds.zero_at {
            let message = format!(
                "A binary file: there is a zero byte in it, the first after {zero} bytes. It can be searched as text on request."
            );
            let skipped = Skipped::new(&entry.path(), Reason::Binary).saying(message);
            return self.skipped.push(skipped);
        }
        if finds.line_count == 0 && !finds.is_cut_short {
            return;
        }
        self.search.take_in(&mut finds);
        if finds.line_count > 0 {
            let count = FileCount {
                path: String::new(),
                matches: finds.matches,
                lines: finds.line_count,
                cut_short: finds.is_cut_short,
                binary: has_zero,
                encoding: kind.encoding,
            };
            self.found.push((entry, finds, count));
        }
    }
}

impl Visitor for Worker<'_> {
    fn visit(&mut self, found: Found) -> Result<(), ToolError> {
        match found {
            Found::Entry(entry) => self.visit_at_hand(entry.into()),
            Found::Skipped(skipped) => {
                self.skipped.push(skipped.with_reason());
                Ok(())
            }
        }
    }

    fn visit_at_hand(&mut self, found: AtHand<'_>) -> Result<(), ToolError> {
        if self.search.is_full() {
            return Err(ToolError::canceled());
        }
        self.come_across(found);
        Ok(())
    }
}

fn unopened(error: &PathError) -> Skipped {
    toolroom_toolkit::Skipped::from(error).with_reason()
}

fn skipped_by(entry: &Entry, error: &io::Error) -> Skipped {
    toolroom_toolkit::Skipped::from_io(&entry.path(), error).with_reason()
}
