//! Parts of ordered lists, held against sorting everything.

use std::sync::Arc;

use proptest::{prelude::*, sample::select};
use serde_json::json;
use toolroom_shared::{JobStatus, JobsSort};

use super::support::{Desk, accepted, ended, job, later, running, with_input, with_origin};
use crate::{
    clock::Timestamp,
    record::JobRecord,
    store::{Entry, HistoryFilter, HistoryOrder, OrderKey, SearchWords},
};

const TOOLS: [&str; 3] = ["zip", "hash-files", "Ärger"];
const CALLERS: [&str; 3] = ["window", "terminal", "http:a"];
const NAMES: [&str; 2] = ["report", "photo"];
const SORTS: [JobsSort; 4] = [
    JobsSort::Created,
    JobsSort::Took,
    JobsSort::Tool,
    JobsSort::Status,
];

/// A job as its parts: tool, caller, name, status, how long it took if it began.
type Sample = (usize, usize, usize, JobStatus, Option<i64>);

fn any_job() -> impl Strategy<Value = Sample> {
    let status = select(JobStatus::ALL.to_vec());
    (
        0..TOOLS.len(),
        0..CALLERS.len(),
        0..NAMES.len(),
        status,
        proptest::option::of(0i64..5),
    )
}

/// The job at its latest, and what is to be written for it.
fn write(desk: &Desk, seq: u64, (tool, caller, name, status, took): Sample) -> JobRecord {
    let queued = with_origin(job(seq), |origin| {
        origin.tool = Arc::from(TOOLS[tool]);
        origin.caller = CALLERS[caller].parse().unwrap();
    });
    let queued = with_input(queued, json!({ "name": NAMES[name] }));
    desk.write_all([accepted(&queued)]);
    let run = match (status, took) {
        (JobStatus::Queued, _) | (JobStatus::Canceled, None) => queued,
        _ => running(&queued),
    };
    if !status.is_terminal() {
        if status == JobStatus::Running {
            desk.write_all([super::support::moved(&run)]);
        }
        return run;
    }
    let (end, _) = ended(&run, status, None);
    let end = later(&run, |job| {
        *job = end;
        job.finished_at = Some(Timestamp(2_000 + took.unwrap_or(0)));
    });
    let payload = crate::store::Payload::Ended {
        output: None,
        words: SearchWords::of_job(&end, None),
    };
    let kind = toolroom_shared::TransitionKind::Succeeded;
    desk.write_all([super::support::transition(&end, kind, payload)]);
    end
}

#[derive(Clone, Debug)]
struct Asked {
    filter: HistoryFilter,
    order: HistoryOrder,
}

fn any_question() -> impl Strategy<Value = Asked> {
    let which = (
        proptest::option::of(0..TOOLS.len()),
        proptest::sample::subsequence(JobStatus::ALL.to_vec(), 0..5),
        proptest::option::of(select(vec!["report", "pho", "re", "absent"])),
        proptest::option::of(0..CALLERS.len()),
    );
    let span = (
        proptest::option::of(1_000i64..1_030),
        proptest::option::of(1_000i64..1_030),
    );
    let part = (select(SORTS.to_vec()), any::<bool>(), 0u32..35, 1u32..12);
    (which, span, part).prop_map(|(which, span, part)| {
        let (tool, statuses, words, caller) = which;
        let (sort, ascending, offset, limit) = part;
        Asked {
            filter: HistoryFilter {
                tool: tool.map(|tool| TOOLS[tool].to_owned()),
                statuses,
                words: words.and_then(SearchWords::parse),
                limit,
                caller: caller.map(|caller| CALLERS[caller].parse().unwrap()),
                ..HistoryFilter::default()
            },
            order: HistoryOrder {
                sort,
                ascending,
                offset,
                created_since: span.0.map(Timestamp),
                created_before: span.1.map(Timestamp),
            },
        }
    })
}

fn belongs(asked: &Asked, job: &JobRecord) -> bool {
    let Asked { filter, order } = asked;
    let of_tool = filter
        .tool
        .as_deref()
        .is_none_or(|t| t == &*job.origin.tool);
    let by = filter
        .caller
        .as_ref()
        .is_none_or(|c| *c == job.origin.caller);
    let words = SearchWords::of_job(job, None);
    of_tool
        && by
        && (filter.statuses.is_empty() || filter.statuses.contains(&job.status))
        && filter.words.as_ref().is_none_or(|all| all.matches(&words))
        && order.includes(job.origin.created_at)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_part_of_an_ordered_list_is_that_of_everything_sorted(
        jobs in proptest::collection::vec(any_job(), 0..30),
        questions in proptest::collection::vec(any_question(), 16),
        index_first in any::<bool>(),
        in_memory in any::<bool>(),
    ) {
        let desk = Desk::new();
        let written: Vec<JobRecord> =
            (1..).zip(&jobs).map(|(seq, job)| write(&desk, seq, *job)).collect();
        if index_first {
            desk.wait_for_index();
        }
        for mut asked in questions {
            let mut expected: Vec<OrderKey> = written
                .iter()
                .filter(|job| belongs(&asked, job))
                .map(OrderKey::of)
                .collect();
            expected.sort_by(|a, b| asked.order.compare(a, b));
            // Whoever runs the jobs has the unfinished in memory; another process reads them.
            let unfinished = |key: &&OrderKey| {
                written.iter().any(|job| job.seq() == key.seq && !job.status.is_terminal())
            };
            let live: Vec<OrderKey> = match in_memory {
                true => expected.iter().filter(unfinished).cloned().collect(),
                false => Vec::new(),
            };
            asked.filter.unfinished_too = !in_memory;
            let page = desk.history().ordered(&asked.filter, &asked.order, &live).unwrap();
            prop_assert_eq!(page.total as usize, expected.len(), "{:?}", asked);
            let seqs: Vec<u64> = page
                .entries
                .iter()
                .map(|entry| match entry {
                    Entry::Live(seq) => *seq,
                    Entry::Stored(job) => job.seq(),
                })
                .collect();
            let wanted: Vec<u64> = expected
                .iter()
                .map(|key| key.seq)
                .skip(asked.order.offset as usize)
                .take(asked.filter.limit as usize)
                .collect();
            prop_assert_eq!(seqs, wanted, "{:?}", asked);
        }
    }
}
