//! Shares a search among threads and gathers what they find.
//!
//! The threads of the walk search what they come across. Long files are put off until the walk is over:
//! then it is known how much there is to read, and no thread is left alone with several of them.

use std::{
    num::NonZeroUsize,
    panic,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use grep_matcher::LineTerminator;
use grep_regex::RegexMatcher;
use grep_searcher::{BinaryDetection, Encoding, Searcher, SearcherBuilder};
use toolroom_toolkit::{
    ErrorCode, Phase, ToolError, ToolExecutionContext,
    walk::{Entry, Links},
};

use super::{
    Binary, Input, Output, Show, pattern, places,
    sink::{Finds, MOST_TEXT},
    worker::Worker,
};

/// What of a file is held in memory at most: a line, or all of it if matches may go over several.
const MOST_MEMORY: usize = 256 << 20;
/// More threads than this only get into each other's way.
const MOST_THREADS: usize = 16;

/// What all threads of a search see.
pub(super) struct Search<'s> {
    pub ctx: &'s ToolExecutionContext,
    pub options: Options,
    /// Whether a zero byte tells a binary file: the encoding has none.
    pub minds_zeros: bool,
    /// Whether binary files are left out.
    pub leaves_out_binary: bool,
    matcher: RegexMatcher,
    searcher: SearcherBuilder,
    /// Long files, with their lengths.
    long_files: Mutex<Vec<(u64, Entry)>>,
    lines: AtomicU64,
    text_bytes: AtomicU64,
    is_full: AtomicBool,
}

/// What is to be kept of what is found.
pub(super) struct Options {
    pub shows_lines: bool,
    pub most: u64,
    pub most_per_file: u64,
    pub most_characters: usize,
}

impl Search<'_> {
    /// A matcher of one's own: threads that share one wait for each other.
    pub(super) fn matcher(&self) -> RegexMatcher {
        self.matcher.clone()
    }

    /// A searcher.
    pub(super) fn searcher(&self) -> Searcher {
        self.searcher.build()
    }

    /// Whether there is no room for more.
    pub(super) fn is_full(&self) -> bool {
        self.is_full.load(Ordering::Relaxed)
    }

    /// Leaves a file of that length for later.
    pub(super) fn put_off(&self, length: u64, entry: Entry) {
        self.long_files().push((length, entry));
    }

    fn long_files(&self) -> MutexGuard<'_, Vec<(u64, Entry)>> {
        self.long_files
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether no more is to be searched.
    pub(super) fn is_over(&self) -> bool {
        self.is_full() || self.ctx.is_canceled()
    }

    /// Takes in what was found in a file, as far as there is room for it.
    pub(super) fn take_in(&self, finds: &mut Finds) {
        if !self.options.shows_lines {
            return;
        }
        let count = finds.lines.len() as u64;
        let earlier = self.lines.fetch_add(count, Ordering::Relaxed);
        let room = self.options.most.saturating_sub(earlier).min(count);
        let text = self
            .text_bytes
            .fetch_add(finds.text_bytes, Ordering::Relaxed);
        let room = if text >= MOST_TEXT { 0 } else { room };
        if room < count || finds.is_all_full {
            finds.lines.truncate(room as usize);
            finds.is_cut_short = true;
            finds.has_more = true;
            self.is_full.store(true, Ordering::Relaxed);
        }
    }
}

/// Searches everything that the input names.
pub(super) fn search(ctx: &ToolExecutionContext, input: &Input) -> Result<Output, ToolError> {
    let refused = |message| ToolError::failed(ErrorCode::InvalidInput, message);
    let rules = places::rules(input).map_err(refused)?;
    let encoding = pattern::encoding(input).map_err(refused)?;
    let search = Search {
        ctx,
        options: Options {
            shows_lines: input.show == Show::Lines,
            most: input.max_results.into(),
            most_per_file: input.max_per_file.map_or(u64::MAX, u64::from),
            most_characters: input.max_line_length as usize,
        },
        minds_zeros: encoding.is_none(),
        leaves_out_binary: input.binary == Binary::Skip,
        matcher: pattern::matcher(input).map_err(refused)?,
        searcher: searcher(input, encoding),
        long_files: Mutex::default(),
        lines: AtomicU64::new(0),
        text_bytes: AtomicU64::new(0),
        is_full: AtomicBool::new(false),
    };
    let links = match input.follow_links {
        true => Links::Follow,
        false => Links::Skip,
    };
    ctx.progress
        .begin(Phase::new("Searching").counting("bytes", None));
    let visited = ctx
        .walk(&input.paths)?
        .links(links)
        .ignoring(rules)
        .uncounted()
        .visit(|| Worker::new(&search));
    let mut workers = visited.visitors;
    if visited.end.is_ok() {
        search_long_files(&search, &mut workers);
    }
    let output = gathered(&search, workers);
    ctx.progress.set_total(output.bytes_read);
    match visited.end {
        // So ends a walk, too, that has found enough.
        Err(ToolError::Canceled { .. }) if !ctx.is_canceled() => {}
        Err(error) => return Err(error.with_partial(&output)),
        Ok(()) if ctx.is_canceled() => return Err(ToolError::canceled().with_partial(&output)),
        Ok(()) => {}
    }
    if visited.paths_read == 0 {
        return Err(ToolError::failed(
            ErrorCode::Tool("nothing_to_search".to_owned()),
            "None of the files and folders could be read. Nothing was searched; the result says why for each.",
        )
        .with_partial(&output));
    }
    Ok(output)
}

fn searcher(input: &Input, encoding: Option<Encoding>) -> SearcherBuilder {
    let is_shown = input.show == Show::Lines;
    let lines = |count: u32| if is_shown { count as usize } else { 0 };
    let mut builder = SearcherBuilder::new();
    builder
        .line_terminator(LineTerminator::crlf())
        .line_number(is_shown)
        .multi_line(input.multi_line)
        .before_context(lines(input.lines_before))
        .after_context(lines(input.lines_after))
        .heap_limit(Some(MOST_MEMORY))
        .encoding(encoding)
        .binary_detection(match input.binary {
            Binary::Skip => BinaryDetection::quit(0),
            Binary::Text => BinaryDetection::none(),
        });
    builder
}

/// Searches what was put off, the longest first.
fn search_long_files<'s>(search: &'s Search<'s>, workers: &mut Vec<Worker<'s>>) {
    let mut files = std::mem::take(&mut *search.long_files());
    files.sort_by_key(|(length, _)| *length);
    let to_come: u64 = files.iter().map(|(length, _)| length).sum();
    let done: u64 = workers.iter().map(|worker| worker.bytes).sum();
    search.ctx.progress.set_total(done + to_come);

    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = cores.min(MOST_THREADS).min(files.len());
    while workers.len() < threads {
        workers.push(Worker::new(search));
    }
    let files = Mutex::new(files);
    let next = || {
        let file = files.lock().unwrap_or_else(PoisonError::into_inner).pop();
        file.filter(|_| !search.is_over())
    };
    let work = |worker: &mut Worker<'s>| {
        while let Some((_, entry)) = next() {
            worker.search_later(entry);
        }
    };
    thread::scope(|scope| {
        let mut workers = workers.iter_mut().take(threads);
        let first = workers.next();
        let others: Vec<_> = workers.map(|worker| scope.spawn(|| work(worker))).collect();
        if let Some(first) = first {
            work(first);
        }
        for other in others {
            if let Err(panic) = other.join() {
                panic::resume_unwind(panic);
            }
        }
    });
}

/// What the threads have found, in order.
fn gathered(search: &Search<'_>, workers: Vec<Worker<'_>>) -> Output {
    let mut output = Output::default();
    let mut found = Vec::new();
    for worker in workers {
        output.files_searched += worker.files as u64;
        output.bytes_read += worker.bytes;
        output.skipped.extend(worker.skipped);
        found.extend(worker.found);
    }
    output
        .skipped
        .sort_by(|one, other| one.path.cmp(&other.path));
    found.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let mut has_more = false;
    for (entry, finds, mut count) in found {
        let path = entry.path().to_string_lossy().into_owned();
        output.matches += count.matches;
        output.lines += count.lines;
        output.files_with_matches += 1;
        has_more |= finds.has_more;
        output
            .results
            .extend(finds.lines.into_iter().map(|mut line| {
                line.path.clone_from(&path);
                line
            }));
        count.path = path;
        output.files.push(count);
    }
    let is_full = search.is_full();
    output.more_were_found = is_full || has_more;
    output.note = note(search, output.results.len(), is_full, has_more);
    output
}

fn note(search: &Search<'_>, shown: usize, is_full: bool, has_more: bool) -> Option<String> {
    let most = search.options.most;
    if is_full && shown as u64 >= most {
        Some(format!(
            "More than {most} results were found, and the search stopped there: these are not all, and the counts are only of what was found by then. Raise “Most results” or search for something rarer."
        ))
    } else if is_full {
        Some(format!(
            "The search stopped because the text of the results takes more than {} MiB: these are not all. Search for something rarer or show fewer lines around.",
            MOST_TEXT >> 20
        ))
    } else if has_more {
        Some("More were found in the files that are marked as cut short, and the search of these stopped early.".to_owned())
    } else {
        None
    }
}
