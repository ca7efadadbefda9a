//! Which of the waiting jobs goes next: the highest priority first, the oldest within one.

use std::collections::VecDeque;

use toolroom_shared::{JobId, JobPriority};

/// The waiting jobs.
#[derive(Debug)]
pub struct Queue {
    lanes: [VecDeque<JobId>; 3],
    depth: usize,
}

impl Queue {
    /// A queue with room for `depth` jobs.
    pub fn new(depth: usize) -> Self {
        Self {
            lanes: [VecDeque::new(), VecDeque::new(), VecDeque::new()],
            depth,
        }
    }

    /// How many jobs wait.
    pub fn len(&self) -> usize {
        self.lanes.iter().map(VecDeque::len).sum()
    }

    /// Whether there is no room for one more.
    pub fn is_full(&self) -> bool {
        self.len() >= self.depth
    }

    /// Puts a job behind those of its priority.
    pub fn push(&mut self, job_id: JobId, priority: JobPriority) {
        self.lanes[lane(priority)].push_back(job_id);
    }

    /// Takes the job whose turn it is.
    pub fn pop(&mut self) -> Option<JobId> {
        self.lanes.iter_mut().find_map(VecDeque::pop_front)
    }

    /// Takes a job out of its turn.
    pub fn remove(&mut self, job_id: &JobId) {
        for lane in &mut self.lanes {
            lane.retain(|waiting| waiting != job_id);
        }
    }
}

const fn lane(priority: JobPriority) -> usize {
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

    fn any_priority() -> impl Strategy<Value = JobPriority> {
        prop_oneof![
            Just(JobPriority::Low),
            Just(JobPriority::Normal),
            Just(JobPriority::High)
        ]
    }

    proptest! {
        #[test]
        fn jobs_come_out_by_priority_and_then_by_age(
            priorities in proptest::collection::vec(any_priority(), 0..40),
            removed in proptest::collection::vec(any::<prop::sample::Index>(), 0..5),
        ) {
            let mut queue = Queue::new(100);
            let mut expected: Vec<(JobPriority, usize)> = Vec::new();
            for (age, priority) in priorities.iter().enumerate() {
                queue.push(JobId(age.to_string()), *priority);
                expected.push((*priority, age));
            }
            for index in removed {
                if !expected.is_empty() {
                    let (_, age) = expected.remove(index.index(expected.len()));
                    queue.remove(&JobId(age.to_string()));
                }
            }
            expected.sort_by_key(|(priority, age)| (std::cmp::Reverse(*priority), *age));
            prop_assert_eq!(queue.len(), expected.len());
            let out: Vec<_> = std::iter::from_fn(|| queue.pop()).map(|id| id.0).collect();
            let expected: Vec<_> = expected.iter().map(|(_, age)| age.to_string()).collect();
            prop_assert_eq!(out, expected);
        }
    }
}
