//! What a chart of the last minutes is made of: samples in a ring, a scale that doesn't jump, and the
//! lines through them. Pure, so that it is tested without a browser; drawing is left to a component.

mod line;
mod ring;
mod scale;

pub use line::{Points, area, line};
pub use ring::{Ring, Sample, per_second};
pub use scale::settled_top;

/// How far back a chart looks.
pub const SPAN_MS: u64 = 5 * 60 * 1_000;
/// Samples that are farther apart aren't joined: nobody looked in between.
pub const GAP_MS: u64 = 3_500;
