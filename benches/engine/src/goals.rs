//! What is to be reached, and whether it was.
//!
//! Each goal is a number made of rows and a limit. A goal whose rows weren't measured isn't told.

use serde::Serialize;

use crate::ours::Keeping;
use crate::plan::{
    AT_ONCE, AUDIT, AUDITED_CALLS, CANCEL, CANCEL_ASYNC, CANCEL_COMPUTING, GROWTH, IN_MEMORY,
    KEPT_STARTS, LEFT_BEHIND, ON_DISK, ONE_BY_ONE, QUERIES, RECOVERY, RESIDENT, SEARCH, STORED,
    VERIFY, WAITING,
};
use crate::report::Row;

/// A goal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Goal {
    /// What is to be reached.
    pub goal: String,
    /// What was reached.
    pub value: f64,
    /// What the value is measured against.
    pub limit: f64,
    /// What both count; empty for a ratio.
    pub unit: &'static str,
    /// Whether it was reached.
    pub met: bool,
}

/// Which side of the limit is the good one.
#[derive(Debug, Clone, Copy)]
enum Bound {
    AtLeast,
    Below,
}

fn goal(
    goal: String,
    value: Option<f64>,
    bound: Bound,
    limit: f64,
    unit: &'static str,
) -> Option<Goal> {
    let value = value?;
    Some(Goal {
        goal,
        value,
        limit,
        unit,
        met: match bound {
            Bound::AtLeast => value >= limit,
            Bound::Below => value < limit,
        },
    })
}

/// Every goal that can be told from these rows.
pub fn reached(rows: &[Row]) -> Vec<Goal> {
    let rows = Rows(rows);
    let mut goals = vec![
        goal(
            "kept at FULL, 64 callers: jobs/s, against bare SQLite with group commit".to_owned(),
            rows.stored("SQLite, group commit, FULL"),
            Bound::AtLeast,
            0.5,
            "",
        ),
        goal(
            "kept at FULL, 64 callers: jobs/s, against apalis over SQLite".to_owned(),
            rows.stored("apalis, SQLite"),
            Bound::AtLeast,
            20.0,
            "",
        ),
    ];
    for (callers, from) in [(1, "1 caller"), (8, "8 callers")] {
        let ours = rows.value(IN_MEMORY, AT_ONCE, &Keeping::Memory.who(), callers, "");
        let apalis = rows.value(IN_MEMORY, AT_ONCE, "apalis, in memory", callers, "");
        goals.push(goal(
            format!("in memory, {from}: jobs/s, against apalis in memory"),
            ratio(ours, apalis),
            Bound::AtLeast,
            1.0 / 3.0,
            "",
        ));
    }
    for (callers, from) in [(1, "1 caller"), (8, "8 callers")] {
        let who = Keeping::Memory.who();
        goals.push(goal(
            format!("in memory, {from}: from start to end, p95"),
            rows.millis(IN_MEMORY, ONE_BY_ONE, &who, callers, "p95"),
            Bound::Below,
            1.0,
            "ms",
        ));
    }
    for work in [CANCEL_ASYNC, CANCEL_COMPUTING] {
        for keeping in [Keeping::Memory, Keeping::Full] {
            let who = keeping.who();
            goals.push(goal(
                format!("{who}: {work}, p95"),
                rows.millis(CANCEL, work, &who, 1, "p95"),
                Bound::Below,
                50.0,
                "ms",
            ));
        }
    }
    for (keeping, callers) in [
        (Keeping::Memory, 1),
        (Keeping::Normal, 64),
        (Keeping::Full, 64),
    ] {
        let who = keeping.who();
        let bytes = rows.value(RESIDENT, WAITING, &who, callers, "");
        goals.push(goal(
            format!("{who}: 100,000 jobs that wait"),
            bytes.map(|bytes| bytes * 100_000.0 / 1e6),
            Bound::Below,
            200.0,
            "MB",
        ));
    }
    goals.push(goal(
        "a search in 100,000 jobs that have ended, p99".to_owned(),
        rows.millis(SEARCH, QUERIES, &Keeping::Normal.who(), 1, "all kinds, p99"),
        Bound::Below,
        20.0,
        "ms",
    ));
    for row in rows.0.iter().filter(|row| row.group == RECOVERY) {
        goals.push(goal(
            format!("{}: {LEFT_BEHIND}", row.who),
            Some(row.value / 1e3),
            Bound::Below,
            1_000.0,
            "ms",
        ));
    }
    goals.extend(growth(&rows));
    goals.extend(audit(&rows));
    goals.into_iter().flatten().collect()
}

/// The speed among the most others, against the speed among the fewest, for each of ours.
fn growth(rows: &Rows<'_>) -> Vec<Option<Goal>> {
    let mut goals = Vec::new();
    for keeping in [Keeping::Memory, Keeping::Normal] {
        let who = keeping.who();
        let mut of_who: Vec<&Row> = rows
            .0
            .iter()
            .filter(|row| row.group == GROWTH && row.who == who)
            .collect();
        of_who.sort_unstable_by_key(|row| row.before);
        if let [few, .., many] = of_who[..] {
            goals.push(goal(
                format!(
                    "{who}: jobs/s among {}, against among {}",
                    many.before, few.before
                ),
                ratio(Some(many.value), Some(few.value)),
                Bound::AtLeast,
                0.8,
                "",
            ));
        }
    }
    goals
}

/// What a call that is only noted takes, against a start that is kept; and the check of the trail.
fn audit(rows: &Rows<'_>) -> Vec<Option<Goal>> {
    let who = Keeping::Full.who();
    let speed = |work, callers| rows.value(AUDIT, work, &who, callers, "");
    let mut goals = Vec::new();
    for (callers, from) in [(1, "1 caller"), (64, "64 callers")] {
        goals.push(goal(
            format!("an audited call, against a start that is kept at FULL, {from}: time"),
            ratio(speed(KEPT_STARTS, callers), speed(AUDITED_CALLS, 1)),
            Bound::Below,
            0.05,
            "",
        ));
    }
    goals.push(goal(
        VERIFY.to_owned(),
        rows.millis(AUDIT, VERIFY, &who, 1, "1 caller"),
        Bound::Below,
        2_000.0,
        "ms",
    ));
    goals
}

fn ratio(ours: Option<f64>, theirs: Option<f64>) -> Option<f64> {
    let theirs = theirs.filter(|theirs| *theirs > 0.0)?;
    Some(ours? / theirs)
}

struct Rows<'r>(&'r [Row]);

impl Rows<'_> {
    /// The number of a row: of its work, from so many sides, what is told of it at the end.
    fn value(&self, group: &str, work: &str, who: &str, callers: usize, what: &str) -> Option<f64> {
        let is_wanted = |row: &&Row| {
            row.group == group
                && row.who == who
                && row.callers == callers
                && row.work.starts_with(work)
                && row.work.ends_with(what)
                // A speed is told without words.
                && (what.is_empty() == matches!(row.unit, "jobs/s" | "bytes/job"))
        };
        Some(self.0.iter().find(is_wanted)?.value)
    }

    fn millis(
        &self,
        group: &str,
        work: &str,
        who: &str,
        callers: usize,
        what: &str,
    ) -> Option<f64> {
        Some(self.value(group, work, who, callers, what)? / 1e3)
    }

    fn stored(&self, other: &str) -> Option<f64> {
        let of = |who: &str| self.value(ON_DISK, STORED, who, 64, "");
        ratio(of(&Keeping::Full.who()), of(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latency::Percentiles;
    use crate::load::Outcome;
    use crate::{plan, report};
    use std::time::Duration;

    /// Rows of every case, as if each had taken the same time.
    fn rows() -> Vec<Row> {
        let times = Percentiles::of(vec![Duration::from_millis(2)]);
        let outcome = Outcome {
            elapsed: Duration::from_secs(2),
            accepted: times,
            ended: times,
            waits: times
                .map(|times| ("all kinds".to_owned(), times))
                .into_iter()
                .collect(),
            grown_bytes: Some(1_000_000),
            notes: Vec::new(),
        };
        plan::cases(false)
            .iter()
            .flat_map(|case| report::rows(case, std::slice::from_ref(&outcome)))
            .collect()
    }

    #[test]
    fn every_goal_is_told_when_all_is_measured_and_none_when_nothing_is() {
        let goals = reached(&rows());
        assert_eq!(goals.len(), 2 + 2 + 2 + 4 + 3 + 1 + 2 + 2 + 3);
        assert!(reached(&[]).is_empty());
    }

    #[test]
    fn a_goal_says_on_which_side_of_its_limit_the_value_is() {
        let goals = reached(&rows());
        let met = |words: &str| {
            let found = goals.iter().find(|goal| goal.goal.contains(words)).unwrap();
            (found.value, found.met)
        };
        assert_eq!(met("8 callers: from start to end"), (2.0, false));
        assert_eq!(met("a search"), (2.0, true));
        assert!(met("1 caller: jobs/s").1);
    }
}
