//! What is measured: who does which work, with how much load.
//!
//! The order is the order of the rows. How often and in which turns is left to `rounds`, what is to
//! be reached to `goals`.

mod beside_peers;
mod ours_alone;

use crate::case::Case;

/// Jobs without a record.
pub const IN_MEMORY: &str = "in memory";
/// Jobs that are still there after a restart.
pub const ON_DISK: &str = "on disk";
/// What a job that waits occupies.
pub const RESIDENT: &str = "resident size";
/// How soon a running job stops.
pub const CANCEL: &str = "cancel";
/// How soon jobs are found.
pub const SEARCH: &str = "search";
/// How soon all is there again after a kill.
pub const RECOVERY: &str = "recovery";
/// What a job costs among many others.
pub const GROWTH: &str = "growth";
/// What the audit trail costs.
pub const AUDIT: &str = "audit";

/// One job after another from each caller.
pub const ONE_BY_ONE: &str = "no-op jobs, each caller waits for the end before the next";
/// All jobs, then all ends.
pub const AT_ONCE: &str = "no-op jobs, all handed over at once";
/// Jobs on disk, one after another from each caller.
pub const STORED: &str = "no-op jobs, stored";
/// Jobs on disk, of which more wait than run.
pub const BACKLOG: &str = "no-op jobs, stored, each caller waits until it is kept before the next";
/// Jobs that don't begin.
pub const WAITING: &str = "no-op jobs that wait";
/// Running jobs that wait for the cancel.
pub const CANCEL_ASYNC: &str = "cancel one of 64 jobs that wait for it";
/// Running jobs that keep all processors busy.
pub const CANCEL_COMPUTING: &str = "cancel one of 2 jobs that compute and look every 10 ms";
/// All kinds of searches.
pub const QUERIES: &str = "searches of eight kinds in turns";
/// What an engine finds.
pub const LEFT_BEHIND: &str = "open a history with 10,000 unfinished jobs";
/// Jobs among others that wait in memory.
pub const AMONG_WAITING: &str = "no-op jobs beside others that wait";
/// Jobs after others in the history.
pub const AMONG_ENDED: &str = "no-op jobs, stored after others that have ended";

/// Calls that leave an entry in the audit trail and nothing else.
pub const AUDITED_CALLS: &str = "audited calls";
/// Starts, to hold audited calls against.
pub const KEPT_STARTS: &str = "starts of jobs that wait, each kept";
/// The check of a trail.
pub const VERIFY: &str = "verify a trail of 1,000,000 audited calls";

/// How many jobs of a case are done with `--quick`: enough to see that it works.
const QUICK_JOBS: usize = 64;
/// How many times fewer jobs there are before with `--quick`.
const QUICK_BEFORE: usize = 100;

/// Every case; with few jobs in a quick run.
pub fn cases(quick: bool) -> Vec<Case> {
    let mut cases = beside_peers::in_memory();
    cases.extend(beside_peers::on_disk());
    cases.extend(beside_peers::resident());
    cases.extend(ours_alone::cancel());
    cases.extend(ours_alone::search());
    cases.extend(ours_alone::recovery());
    cases.extend(ours_alone::growth());
    cases.extend(ours_alone::audit());
    if quick {
        for case in &mut cases {
            case.load.jobs = QUICK_JOBS.max(case.load.callers);
            case.load.before /= QUICK_BEFORE;
        }
    }
    cases
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_row_is_told_apart_by_its_group_work_and_contender() {
        for quick in [false, true] {
            let mut seen = HashSet::new();
            for case in cases(quick) {
                for measure in case.measures {
                    let key = (
                        case.group,
                        case.work(""),
                        case.contender.who(),
                        format!("{measure:?}"),
                    );
                    assert!(seen.insert(key.clone()), "{key:?}");
                }
            }
        }
    }

    #[test]
    fn whom_a_peer_stands_beside_does_the_same_work() {
        let cases = cases(false);
        for case in &cases {
            let Some(ours) = &case.beside else {
                continue;
            };
            let same = |other: &&Case| {
                (other.group, other.work(""), &other.contender.who())
                    == (case.group, case.work(""), ours)
            };
            assert!(cases.iter().any(|other| same(&other)), "{}", case.work(""));
        }
    }

    #[test]
    fn a_quick_run_has_the_same_cases_and_a_job_for_every_caller() {
        let (full, quick) = (cases(false), cases(true));
        assert_eq!(full.len(), quick.len());
        for case in quick {
            assert!(case.load.jobs >= case.load.callers);
            assert!(case.load.jobs <= 256 && case.load.before <= 1_000);
        }
    }
}
