//! Cases of ours that no peer has: there is nobody to stand beside.

use super::{
    AMONG_ENDED, AMONG_WAITING, AUDIT, AUDITED_CALLS, CANCEL, CANCEL_ASYNC, CANCEL_COMPUTING,
    GROWTH, KEPT_STARTS, LEFT_BEHIND, QUERIES, RECOVERY, SEARCH, VERIFY,
};
use crate::case::{Case, Measure};
use crate::contender::Contender;
use crate::load::Load;
use crate::ours::Keeping;
use crate::ours::audit::{Audit, Work};
use crate::ours::cancel::Cancel;
use crate::ours::growth::Among;
use crate::ours::recovery::Recovery;
use crate::ours::search::Search;

/// How often a case is run whose preparing takes much longer than what is measured.
const LONG_ROUNDS: usize = 3;

fn case(
    group: &'static str,
    work: &'static str,
    ours: impl Contender + 'static,
    load: Load,
    measures: &'static [Measure],
) -> Case {
    Case {
        group,
        work,
        contender: Box::new(ours),
        load,
        measures,
        beside: None,
        rounds: LONG_ROUNDS,
    }
}

pub(super) fn cancel() -> Vec<Case> {
    let mut cases = Vec::new();
    for (work, computing, running, number) in [
        (CANCEL_ASYNC, false, 64, 1_024),
        (CANCEL_COMPUTING, true, 2, 200),
    ] {
        for keeping in [Keeping::Memory, Keeping::Full] {
            let ours = Cancel {
                keeping,
                computing,
                running,
            };
            let load = Load::new(number, 1);
            cases.push(case(CANCEL, work, ours, load, &[Measure::Waits]));
        }
    }
    cases
}

pub(super) fn search() -> Vec<Case> {
    let load = Load {
        before: 100_000,
        ..Load::new(200, 1)
    };
    vec![case(SEARCH, QUERIES, Search, load, &[Measure::Waits])]
}

pub(super) fn recovery() -> Vec<Case> {
    let cases = [false, true].into_iter().map(|run_left_over| {
        let ours = Recovery { run_left_over };
        let load = Load::new(10_000, 1);
        case(RECOVERY, LEFT_BEHIND, ours, load, &[Measure::Whole])
    });
    cases.collect()
}

pub(super) fn growth() -> Vec<Case> {
    let among = |work, keeping, at_limit, jobs, before| {
        let load = Load {
            before,
            ..Load::new(jobs, 64)
        };
        let ours = Among { keeping, at_limit };
        case(GROWTH, work, ours, load, &[Measure::Throughput])
    };
    vec![
        among(AMONG_WAITING, Keeping::Memory, false, 100_000, 1_000),
        among(AMONG_WAITING, Keeping::Memory, false, 100_000, 100_000),
        among(AMONG_ENDED, Keeping::Normal, false, 50_000, 1_000),
        among(AMONG_ENDED, Keeping::Normal, false, 50_000, 100_000),
        among(AMONG_ENDED, Keeping::Normal, true, 50_000, 100_000),
    ]
}

pub(super) fn audit() -> Vec<Case> {
    let audit = |work, done, jobs, callers, measures| {
        let load = Load::new(jobs, callers);
        case(AUDIT, work, Audit { work: done }, load, measures)
    };
    let speed = &[Measure::Throughput];
    vec![
        audit(KEPT_STARTS, Work::Starts, 5_000, 1, speed),
        audit(KEPT_STARTS, Work::Starts, 100_000, 64, speed),
        audit(AUDITED_CALLS, Work::Calls, 1_000_000, 1, speed),
        audit(VERIFY, Work::Verify, 1_000_000, 1, &[Measure::Whole]),
    ]
}
