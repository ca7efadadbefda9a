//! Takes the lines that are found in one file, and counts them.

use std::{io, ops::Range};

use grep_matcher::Matcher;
use grep_regex::RegexMatcher;
use grep_searcher::{Searcher, Sink, SinkContext, SinkContextKind, SinkFinish, SinkMatch};

use super::{
    FoundLine,
    excerpt::{characters, excerpt},
    run::Search,
};

/// After how many lines with matches a cancel is looked for, should they come without any reading.
const LINES_AT_ONCE: u64 = 256;
/// How far behind the end of its lines a match that goes over several may look.
const LOOK_AHEAD: usize = 128;
/// What the texts of one job's results may take, in bytes.
pub(super) const MOST_TEXT: u64 = 64 << 20;

/// What was found in one file.
#[derive(Debug, Default)]
pub(super) struct Finds {
    /// The lines, their paths left empty.
    pub lines: Vec<FoundLine>,
    /// How many lines there are with matches.
    pub line_count: u64,
    /// How many matches.
    pub matches: u64,
    /// What the texts take, in bytes.
    pub text_bytes: u64,
    /// Whether the search of the file stopped before its end, or not all lines are kept.
    pub is_cut_short: bool,
    /// Whether more was found than was to be shown.
    pub has_more: bool,
    /// Whether that was more than all of the job may show, not only more than one file may.
    pub is_all_full: bool,
    /// Where the zero byte is that tells a binary file.
    pub zero_at: Option<u64>,
}

/// Takes the lines of one file.
pub(super) struct LineSink<'s> {
    search: &'s Search<'s>,
    matcher: &'s RegexMatcher,
    finds: &'s mut Finds,
    /// Where the matches are in a line; kept for its space.
    spans: &'s mut Vec<Range<usize>>,
    /// The lines before the next one.
    before: Option<String>,
    calls: u64,
}

impl<'s> LineSink<'s> {
    pub(super) fn new(
        search: &'s Search<'s>,
        matcher: &'s RegexMatcher,
        finds: &'s mut Finds,
        spans: &'s mut Vec<Range<usize>>,
    ) -> Self {
        Self {
            search,
            matcher,
            finds,
            spans,
            before: None,
            calls: 0,
        }
    }

    /// Whether one more line may be kept.
    fn has_room(&mut self) -> bool {
        let options = &self.search.options;
        let kept = self.finds.lines.len() as u64;
        let is_all_full = kept >= options.most || self.finds.text_bytes >= MOST_TEXT;
        if is_all_full || kept >= options.most_per_file {
            self.finds.is_cut_short = true;
            self.finds.has_more = true;
            self.finds.is_all_full = is_all_full;
            return false;
        }
        true
    }

    /// Finds the matches in the lines of `found` once more, now each for itself, and counts them.
    fn look_for_matches(&mut self, is_multi_line: bool, found: &SinkMatch<'_>) -> io::Result<()> {
        let lines = found.bytes_range_in_buffer();
        let end = match is_multi_line {
            true => found.buffer().len().min(lines.end + LOOK_AHEAD),
            false => lines.start + without_end(found.bytes()).len(),
        };
        let most = self.search.options.most_characters + 1;
        self.spans.clear();
        let mut count = 0;
        let spans = &mut *self.spans;
        self.matcher
            .find_iter_at(&found.buffer()[..end], lines.start, |one| {
                // An empty one at the very end of several lines belongs to what follows.
                if one.start() >= lines.end {
                    return false;
                }
                count += 1;
                if spans.len() < most {
                    spans.push(one.start() - lines.start..one.end() - lines.start);
                }
                true
            })
            .map_err(io::Error::other)?;
        self.finds.matches += count;
        Ok(())
    }

    fn keep(&mut self, found: &SinkMatch<'_>, line_count: u64) {
        let options = &self.search.options;
        let text = without_end(found.bytes());
        for span in &mut *self.spans {
            *span = span.start.min(text.len())..span.end.min(text.len());
        }
        let cut = excerpt(text, self.spans, options.most_characters);
        let column = self.spans.first().map_or(0, |span| span.start);
        let number = found.line_number().unwrap_or_default();
        let before = self.before.take();
        self.finds.text_bytes += (cut.text.len() + before.as_ref().map_or(0, String::len)) as u64;
        self.finds.lines.push(FoundLine {
            path: String::new(),
            line: number,
            last_line: (line_count > 1).then(|| number + line_count - 1),
            column: characters(&text[..column]) as u64 + 1,
            text: cut.text,
            spans: cut.spans,
            whole_length: cut.is_cut.then_some(text.len() as u64),
            before,
            after: None,
        });
    }
}

impl Sink for LineSink<'_> {
    type Error = io::Error;

    fn matched(&mut self, searcher: &Searcher, found: &SinkMatch<'_>) -> io::Result<bool> {
        let is_multi_line = searcher.multi_line_with_matcher(self.matcher);
        if self.calls == 0
            && is_multi_line
            && searcher.binary_detection().quit_byte().is_some()
            && let Some(zero) = found.buffer().iter().position(|byte| *byte == 0)
        {
            // The searcher looks for it only at the beginning of what it has in memory as a whole.
            self.finds.zero_at = Some(zero as u64);
            return Ok(false);
        }
        self.calls += 1;
        if self.calls.is_multiple_of(LINES_AT_ONCE) && self.search.is_over() {
            self.finds.is_cut_short = true;
            return Ok(false);
        }
        let is_shown = self.search.options.shows_lines;
        if is_shown && !self.has_room() {
            return Ok(false);
        }
        let line_count = match is_multi_line {
            true => found.lines().count() as u64,
            false => 1,
        };
        self.look_for_matches(is_multi_line, found)?;
        self.finds.line_count += line_count;
        if is_shown {
            self.keep(found, line_count);
        }
        Ok(true)
    }

    fn context(&mut self, _: &Searcher, line: &SinkContext<'_>) -> io::Result<bool> {
        let most = self.search.options.most_characters;
        let text = excerpt(without_end(line.bytes()), &[], most).text;
        let lines = match (line.kind(), self.finds.lines.last_mut()) {
            (SinkContextKind::After, Some(last)) => {
                self.finds.text_bytes += text.len() as u64 + 1;
                &mut last.after
            }
            _ => &mut self.before,
        };
        match lines {
            Some(lines) => {
                lines.push('\n');
                lines.push_str(&text);
            }
            None => *lines = Some(text),
        }
        Ok(true)
    }

    fn finish(&mut self, _: &Searcher, end: &SinkFinish) -> io::Result<()> {
        self.finds.zero_at = self.finds.zero_at.or(end.binary_byte_offset());
        Ok(())
    }
}

/// A line without what ends it.
fn without_end(line: &[u8]) -> &[u8] {
    match line {
        [line @ .., b'\r', b'\n'] | [line @ .., b'\n'] => line,
        line => line,
    }
}
