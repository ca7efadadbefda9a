//! What is printed: numbers, goals, and what could not be measured.

use serde::Serialize;

use crate::statistics::median;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct Document {
    /// The numbers.
    pub rows: Vec<Row>,
    /// What was to be reached.
    pub goals: Vec<Goal>,
    /// What could not be measured.
    pub missing: Vec<Missing>,
    /// How often each case was run.
    pub rounds: usize,
    /// The numbers are worth nothing: it was only tried whether all works.
    pub quick: bool,
}

/// One number.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The table it belongs to.
    pub group: String,
    /// What was done and what of it is told.
    pub work: String,
    /// Who did it.
    pub who: String,
    /// The median over the rounds.
    pub value: f64,
    /// What the number counts.
    pub unit: &'static str,
    /// Our number divided by this one, where one of ours stands beside it.
    pub ours_to_this: Option<f64>,
    /// How it was measured.
    pub note: String,
    /// The rounds' numbers, in their order.
    pub samples: Vec<f64>,
}

/// A goal: a value that is not to be above a limit.
#[derive(Debug, Serialize)]
pub struct Goal {
    /// What is to be reached.
    pub goal: String,
    /// What was reached.
    pub value: f64,
    /// What it is measured against.
    pub limit: f64,
    /// What both count; empty for a ratio.
    pub unit: &'static str,
    /// Whether it was reached.
    pub met: bool,
}

/// Something without a number.
#[derive(Debug, Serialize)]
pub struct Missing {
    /// What was to be done.
    pub work: String,
    /// Who was to do it.
    pub who: String,
    /// What went wrong.
    pub why: String,
}

impl Document {
    /// An empty one.
    pub const fn new(rounds: usize, quick: bool) -> Self {
        Self {
            rows: Vec::new(),
            goals: Vec::new(),
            missing: Vec::new(),
            rounds,
            quick,
        }
    }

    /// How often something is done in a round that is done so often in a whole run.
    pub const fn of(&self, usual: u32) -> u32 {
        if self.quick {
            let few = usual / 20;
            if few < 10 { 10 } else { few }
        } else {
            usual
        }
    }

    /// A goal that is met up to its limit.
    pub fn at_most(&mut self, goal: String, value: Option<f64>, limit: f64, unit: &'static str) {
        if let Some(value) = value {
            self.goals.push(Goal {
                goal,
                value,
                limit,
                unit,
                met: value <= limit,
            });
        }
    }
}

impl Row {
    /// The median of the rounds; nothing where there are none.
    pub fn of(
        group: &str,
        work: String,
        who: &str,
        unit: &'static str,
        samples: Vec<f64>,
    ) -> Option<Self> {
        Some(Self {
            group: group.to_owned(),
            work,
            who: who.to_owned(),
            value: median(&samples)?,
            unit,
            ours_to_this: None,
            note: String::new(),
            samples,
        })
    }
}
