//! Pages of the list of jobs, by status, tool and words.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use toolroom_shared::{Caller, JobStatus};

use super::support::{Desk, accepted, ended, job, running, whole_life, with_input, with_origin};
use crate::{
    record::JobRecord,
    store::{History, HistoryFilter, SearchWords, page::HistoryPage},
};

/// Every job.
pub fn all() -> HistoryFilter {
    HistoryFilter {
        limit: 500,
        unfinished_too: true,
        ..HistoryFilter::default()
    }
}

fn seqs(page: &HistoryPage) -> Vec<u64> {
    page.jobs.iter().map(JobRecord::seq).collect()
}

/// The pages of a filter, put together.
fn put_together(history: &History, filter: &HistoryFilter, mut between: impl FnMut()) -> Vec<u64> {
    let mut filter = filter.clone();
    let mut seen = Vec::new();
    loop {
        let page = history.page(&filter).unwrap();
        assert!(page.jobs.len() <= filter.limit as usize);
        seen.extend(seqs(&page));
        if !page.more {
            return seen;
        }
        assert_eq!(page.jobs.len(), filter.limit as usize);
        filter.before = seen.last().copied();
        between();
    }
}

const TOOLS: [&str; 4] = ["hash-files", "Hash_files", "hash", "zip 2"];
const STATUSES: [JobStatus; 4] = [
    JobStatus::Queued,
    JobStatus::Succeeded,
    JobStatus::Failed,
    JobStatus::Canceled,
];
const NAMES: [&str; 5] = ["report", "reports", "Ärger", "re", "ΣΑΣ"];

const CALLERS: [&str; 4] = ["window", "http:a", "http:b", "mcp:a"];

/// Whose the job of this number is; nobody's is the last's.
fn caller_of(seq: u64) -> Caller {
    CALLERS[seq as usize % 3].parse().unwrap()
}

/// Writes a job of this tool, name and status, and returns its words.
fn write(desk: &Desk, seq: u64, (tool, status, name): (usize, usize, usize)) -> String {
    let job = with_origin(job(seq), |origin| {
        origin.tool = Arc::from(TOOLS[tool]);
        origin.caller = caller_of(seq);
    });
    let job = with_input(job, json!({ "name": NAMES[name] }));
    let status = STATUSES[status];
    desk.write_all([accepted(&job)]);
    if status.is_terminal() {
        desk.write_all([ended(&running(&job), status, None).1]);
    }
    SearchWords::of_job(&job, None)
}

fn any_filter() -> impl Strategy<Value = HistoryFilter> {
    (
        proptest::option::of(0..TOOLS.len()),
        proptest::sample::subsequence(STATUSES.to_vec(), 0..4),
        proptest::option::of(proptest::sample::select(vec![
            "r",
            "re",
            "rep",
            "report",
            "reports",
            "ä",
            "ärg",
            "hash",
            "has",
            "2",
            "σας",
            "Hash re",
            "hash files ärger",
            "absent",
        ])),
        any::<bool>(),
        1u32..9,
        proptest::option::of(1..CALLERS.len()),
    )
        .prop_map(
            |(tool, statuses, words, unfinished_too, limit, caller)| HistoryFilter {
                tool: tool.map(|tool| TOOLS[tool].to_owned()),
                statuses,
                words: words.and_then(SearchWords::parse),
                before: None,
                limit,
                unfinished_too,
                caller: caller.map(|caller| CALLERS[caller].parse().unwrap()),
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_put_together_are_the_whole_list_also_while_jobs_are_added(
        jobs in proptest::collection::vec((0..TOOLS.len(), 0..STATUSES.len(), 0..NAMES.len()), 0..40),
        filters in proptest::collection::vec(any_filter(), 12),
        index_first in any::<bool>(),
    ) {
        let desk = Desk::new();
        let history = desk.history();
        let mut written = Vec::new();
        for (seq, job) in (1..).zip(&jobs) {
            written.push((seq, *job, write(&desk, seq, *job)));
        }
        if index_first {
            desk.wait_for_index();
        }
        let mut next = written.len() as u64 + 1;
        for filter in filters {
            let mut expected: Vec<u64> = written
                .iter()
                .filter(|(seq, (tool, status, _), words)| {
                    let status = STATUSES[*status];
                    filter.caller.as_ref().is_none_or(|wanted| *wanted == caller_of(*seq))
                        && filter.tool.as_deref().is_none_or(|wanted| wanted == TOOLS[*tool])
                        && (filter.statuses.is_empty() || filter.statuses.contains(&status))
                        && (filter.unfinished_too || status.is_terminal())
                        && filter.words.as_ref().is_none_or(|wanted| wanted.matches(words))
                })
                .map(|(seq, ..)| *seq)
                .collect();
            expected.reverse();
            let total = history.page(&filter).unwrap().total;
            prop_assert_eq!(total as usize, expected.len(), "{:?}", filter);
            let mut added = Vec::new();
            let seen = put_together(&history, &filter, || {
                added.push((next, (0, 1, 0), write(&desk, next, (0, 1, 0))));
                next += 1;
            });
            written.extend(added);
            prop_assert_eq!(seen, expected, "{:?}", filter);
        }
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-cA-C0-2äÄσΣıİß·'\"*_. -]{0,24}", "\\PC{0,24}",]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_index_finds_what_is_found_in_memory(
        texts in proptest::collection::vec(any_text(), 1..30),
        searches in proptest::collection::vec(any_text(), 30),
        cuts in proptest::collection::vec((any::<proptest::sample::Index>(), 1usize..6), 30),
    ) {
        let desk = Desk::new();
        let mut indexed = Vec::new();
        for (seq, text) in (1..).zip(&texts) {
            let job = with_input(job(seq), json!(text));
            let job = running(&job);
            indexed.push((seq, SearchWords::of_job(&job, None)));
            desk.write_all([accepted(&job), ended(&job, JobStatus::Succeeded, None).1]);
        }
        desk.wait_for_index();
        let beginnings = cuts
            .iter()
            .map(|(text, length)| text.get(&texts).chars().take(*length).collect());
        for typed in searches.into_iter().chain(beginnings) {
            let Some(words) = SearchWords::parse(&typed) else { continue };
            let expected: Vec<u64> = indexed
                .iter()
                .rev()
                .filter(|(_, indexed)| words.matches(indexed))
                .map(|(seq, _)| *seq)
                .collect();
            let filter = HistoryFilter { words: Some(words), limit: 100, ..HistoryFilter::default() };
            let page = desk.history().page(&filter).unwrap();
            prop_assert_eq!(seqs(&page), expected, "{:?}", typed);
        }
    }
}

#[test]
fn a_list_leaves_out_what_is_large() {
    let desk = Desk::new();
    let one = running(&job(1));
    let end = ended(&one, JobStatus::Succeeded, Some(&json!([1, 2]))).1;
    desk.write_all([accepted(&one), end]);
    let listed = desk.history().page(&all()).unwrap().jobs.remove(0);
    assert!(listed.input.is_none());
    assert_eq!(listed.output, None);
    assert!(
        desk.history()
            .job(one.origin.id)
            .unwrap()
            .unwrap()
            .output
            .is_some()
    );
}

#[test]
fn matches_are_counted_up_to_a_thousand_and_listed_beyond() {
    let desk = Desk::new();
    desk.write_all((1..=1_300).flat_map(|seq| whole_life(&job(seq))));
    let mut filter = HistoryFilter {
        words: SearchWords::parse("hash"),
        limit: 100,
        ..HistoryFilter::default()
    };
    assert_eq!(desk.history().page(&filter).unwrap().total, 1_000);
    let seen = put_together(&desk.history(), &filter, || {});
    assert_eq!(seen, (1..=1_300).rev().collect::<Vec<_>>());
    filter.words = SearchWords::parse("hash 777");
    let page = desk.history().page(&filter).unwrap();
    assert_eq!((seqs(&page), page.total), (vec![777], 1));
    filter.words = None;
    assert_eq!(desk.history().page(&filter).unwrap().total, 1_300);
}

#[test]
fn more_readers_than_connections_wait_for_each_other() {
    let desk = Desk::new();
    desk.write_all(whole_life(&job(1)));
    let history = desk.history();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(history.page(&all()).unwrap().total, 1);
                }
            });
        }
    });
}
