//! Which of the waiting jobs goes next: of those whose tool may run one more, the highest priority
//! first, and within one the lowest rank, which is the oldest unless somebody moved it.

use std::{collections::BTreeSet, num::NonZeroUsize};

use toolroom_shared::JobPriority;

use crate::record::JobRecord;

/// How far the ranks of two jobs are apart that came one after the other: room for others to be
/// moved between them.
const RANK_GAP: i64 = 1 << 20;

/// A tool, by its number in the registry.
pub type ToolIndex = usize;

/// The jobs that wait for their turn, and how many run.
#[derive(Debug)]
pub struct Queue {
    tools: Vec<ToolLane>,
    running: usize,
    concurrency: usize,
}

#[derive(Debug)]
struct ToolLane {
    waiting: BTreeSet<Place>,
    running: usize,
    concurrency: usize,
    /// The tool says itself how many of its jobs may run at once.
    has_own_limit: bool,
}

/// Where a job stands: compared by priority, then rank, then age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    lane: u8,
    rank: i64,
    /// The job's number.
    pub seq: u64,
}

impl Place {
    /// The place of a job.
    pub fn of(job: &JobRecord) -> Self {
        Self {
            lane: lane(job.priority),
            rank: job.rank,
            seq: job.seq(),
        }
    }
}

/// The rank of a job that nobody has moved.
pub fn rank_of_arrival(seq: u64) -> i64 {
    i64::try_from(seq)
        .unwrap_or(i64::MAX)
        .saturating_mul(RANK_GAP)
}

impl Queue {
    /// A queue for tools that may run as many jobs at once as `tools` says, and all together
    /// `concurrency`.
    pub fn new(concurrency: NonZeroUsize, tools: impl Iterator<Item = Option<u32>>) -> Self {
        Self {
            tools: tools
                .map(|limit| ToolLane {
                    waiting: BTreeSet::new(),
                    running: 0,
                    // A limit of none at all would let its jobs wait for ever.
                    concurrency: limit.map_or(usize::MAX, |limit| limit.max(1) as usize),
                    has_own_limit: limit.is_some(),
                })
                .collect(),
            running: 0,
            concurrency: concurrency.get(),
        }
    }

    /// Changes how many jobs may run at once: all together, and of each tool that doesn't say so itself.
    /// What runs goes on, whatever the limits are now.
    pub fn set_limits(&mut self, concurrency: NonZeroUsize, of_one_tool: Option<u32>) {
        self.concurrency = concurrency.get();
        let of_one_tool = of_one_tool.map_or(usize::MAX, |limit| limit.max(1) as usize);
        for lane in self.tools.iter_mut().filter(|lane| !lane.has_own_limit) {
            lane.concurrency = of_one_tool;
        }
    }

    /// Lets a job wait for its turn.
    pub fn push(&mut self, tool: ToolIndex, place: Place) {
        self.tools[tool].waiting.insert(place);
    }

    /// Lets a job wait no longer. Whether it did.
    pub fn remove(&mut self, tool: ToolIndex, place: Place) -> bool {
        self.tools[tool].waiting.remove(&place)
    }

    /// Takes the job whose turn it is, if one may run, and counts it as running.
    pub fn claim_next(&mut self) -> Option<u64> {
        if self.running >= self.concurrency {
            return None;
        }
        let (place, tool) = self
            .tools
            .iter()
            .enumerate()
            .filter(|(_, tool)| tool.running < tool.concurrency)
            .filter_map(|(index, tool)| Some((*tool.waiting.first()?, index)))
            .min()?;
        self.tools[tool].waiting.remove(&place);
        self.count_one_running(tool);
        Some(place.seq)
    }

    /// Counts a job as running that never waited, if one of its tool may run. Whether it may.
    pub fn claim_for(&mut self, tool: ToolIndex) -> bool {
        let lane = &self.tools[tool];
        let free = self.running < self.concurrency
            && lane.running < lane.concurrency
            && lane.waiting.is_empty();
        if free {
            self.count_one_running(tool);
        }
        free
    }

    fn count_one_running(&mut self, tool: ToolIndex) {
        self.running += 1;
        self.tools[tool].running += 1;
    }

    /// A job of this tool runs no longer.
    pub fn release(&mut self, tool: ToolIndex) {
        self.running -= 1;
        self.tools[tool].running -= 1;
    }

    /// How many jobs run.
    pub const fn running(&self) -> usize {
        self.running
    }

    /// The rank before all that wait with this priority.
    pub fn rank_before_all(&self, priority: JobPriority) -> i64 {
        self.first(priority)
            .map_or(0, |place| place.rank.saturating_sub(RANK_GAP))
    }

    /// The rank between `place` and what waits right before it; none if there is no room left.
    pub fn rank_before(&self, place: Place) -> Option<i64> {
        let before = self
            .tools
            .iter()
            .filter_map(|tool| tool.waiting.range(..place).next_back())
            .max()
            .filter(|before| before.lane == place.lane);
        let Some(before) = before else {
            return Some(place.rank.saturating_sub(RANK_GAP));
        };
        let middle = before.rank + (place.rank - before.rank) / 2;
        (middle > before.rank).then_some(middle)
    }

    /// Every job that waits with this priority in its order, with the rank that it could have to
    /// make room between all of them: lower than all ranks there are, so that who comes later
    /// stays later.
    pub fn spread(&self, priority: JobPriority) -> Vec<(u64, i64)> {
        let lane = lane(priority);
        let mut places: Vec<_> = self
            .tools
            .iter()
            .flat_map(|tool| &tool.waiting)
            .filter(|place| place.lane == lane)
            .collect();
        places.sort_unstable();
        let mut rank = self.rank_before_all(priority);
        let mut spread: Vec<_> = places
            .into_iter()
            .rev()
            .map(|place| {
                let this = rank;
                rank = rank.saturating_sub(RANK_GAP);
                (place.seq, this)
            })
            .collect();
        spread.reverse();
        spread
    }

    fn first(&self, priority: JobPriority) -> Option<Place> {
        let lane = lane(priority);
        let lowest = Place {
            lane,
            rank: i64::MIN,
            seq: 0,
        };
        self.tools
            .iter()
            .filter_map(|tool| tool.waiting.range(lowest..).next())
            .filter(|place| place.lane == lane)
            .min()
            .copied()
    }
}

const fn lane(priority: JobPriority) -> u8 {
    match priority {
        JobPriority::High => 0,
        JobPriority::Normal => 1,
        JobPriority::Low => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn queue(concurrency: usize, limits: &[Option<u32>]) -> Queue {
        Queue::new(
            NonZeroUsize::new(concurrency).unwrap(),
            limits.iter().copied(),
        )
    }

    fn place(lane: u8, rank: i64, seq: u64) -> Place {
        Place { lane, rank, seq }
    }

    proptest! {
        #[test]
        fn jobs_come_out_by_priority_and_then_by_rank(
            jobs in proptest::collection::vec((0usize..3, 0u8..3, 0i64..9), 0..40),
            removed in proptest::collection::vec(any::<prop::sample::Index>(), 0..5),
        ) {
            let mut queue = queue(1_000, &[None, None, None]);
            let mut expected = Vec::new();
            for (seq, (tool, lane, rank)) in jobs.into_iter().enumerate() {
                let place = place(lane, rank, seq as u64);
                queue.push(tool, place);
                expected.push((place, tool));
            }
            for index in removed {
                if !expected.is_empty() {
                    let (place, tool) = expected.remove(index.index(expected.len()));
                    prop_assert!(queue.remove(tool, place));
                    prop_assert!(!queue.remove(tool, place));
                }
            }
            expected.sort_unstable();
            let out: Vec<_> = std::iter::from_fn(|| queue.claim_next()).collect();
            let expected: Vec<_> = expected.iter().map(|(place, _)| place.seq).collect();
            prop_assert_eq!(out, expected);
        }

        #[test]
        fn no_limit_is_passed_and_no_free_place_is_left_while_a_job_could_have_it(
            concurrency in 1usize..5,
            limits in proptest::collection::vec(proptest::option::of(1u32..3), 3),
            // true adds a job of a tool, false ends one that runs.
            script in proptest::collection::vec((any::<bool>(), 0usize..3), 0..60),
        ) {
            let mut queue = queue(concurrency, &limits);
            let mut running: Vec<usize> = Vec::new();
            let mut tool_of = Vec::new();
            for (adds, tool) in script {
                if adds {
                    tool_of.push(tool);
                    let seq = tool_of.len() as u64 - 1;
                    queue.push(tool, place(1, seq as i64, seq));
                } else if !running.is_empty() {
                    queue.release(running.remove(0));
                }
                while let Some(seq) = queue.claim_next() {
                    running.push(tool_of[usize::try_from(seq).unwrap()]);
                }
                prop_assert!(running.len() <= concurrency);
                prop_assert_eq!(running.len(), queue.running());
                for (tool, limit) in limits.iter().enumerate() {
                    let count = running.iter().filter(|t| **t == tool).count();
                    let limit = limit.map_or(usize::MAX, |limit| limit as usize);
                    prop_assert!(count <= limit);
                    let waits = !queue.tools[tool].waiting.is_empty();
                    prop_assert!(!waits || count == limit || running.len() == concurrency);
                }
            }
        }

        #[test]
        fn a_job_that_is_moved_before_another_comes_out_right_before_it(
            moves in proptest::collection::vec((0u64..8, 0u64..8), 1..60),
        ) {
            let mut queue = queue(1_000, &[None]);
            let mut order: Vec<u64> = (0..8).collect();
            let mut ranks: Vec<i64> = (0..8).map(rank_of_arrival).collect();
            for seq in 0..8 {
                queue.push(0, place(1, ranks[usize::try_from(seq).unwrap()], seq));
            }
            for (moved, before) in moves {
                if moved == before {
                    continue;
                }
                let at = |ranks: &[i64], seq: u64| place(1, ranks[usize::try_from(seq).unwrap()], seq);
                queue.remove(0, at(&ranks, moved));
                let rank = queue.rank_before(at(&ranks, before)).unwrap_or_else(|| {
                    for (seq, rank) in queue.spread(JobPriority::Normal) {
                        queue.remove(0, at(&ranks, seq));
                        ranks[usize::try_from(seq).unwrap()] = rank;
                        queue.push(0, at(&ranks, seq));
                    }
                    queue.rank_before(at(&ranks, before)).unwrap()
                });
                ranks[usize::try_from(moved).unwrap()] = rank;
                queue.push(0, at(&ranks, moved));
                order.retain(|seq| *seq != moved);
                let position = order.iter().position(|seq| *seq == before).unwrap();
                order.insert(position, moved);
            }
            let out: Vec<_> = std::iter::from_fn(|| queue.claim_next()).collect();
            prop_assert_eq!(out, order);
        }
    }
}
