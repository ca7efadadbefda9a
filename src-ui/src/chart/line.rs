//! The line through samples, as the path of an SVG element.

use std::fmt::Write;

use super::{GAP_MS, SPAN_MS};

/// Where a chart's lines are drawn: the newest sample at the right edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Points {
    /// The moment at the right edge, in milliseconds since 1970.
    pub now_ms: u64,
    /// The value at the upper edge.
    pub top: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

impl Points {
    fn x(&self, at_ms: u64) -> f64 {
        let age = self.now_ms.saturating_sub(at_ms) as f64;
        (1.0 - age / SPAN_MS as f64) * self.width
    }

    fn y(&self, value: f64) -> f64 {
        let share = if self.top > 0.0 {
            value / self.top
        } else {
            0.0
        };
        (1.0 - share.clamp(0.0, 1.0)) * self.height
    }

    /// The values that belong together, each with its place.
    fn runs(&self, values: impl Iterator<Item = (u64, Option<f64>)>) -> Vec<Vec<(f64, f64)>> {
        let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut before: Option<u64> = None;
        for (at, value) in values {
            let Some(value) = value.filter(|value| value.is_finite()) else {
                before = None;
                continue;
            };
            let place = (self.x(at), self.y(value));
            let is_joined = before.is_some_and(|before| at.saturating_sub(before) <= GAP_MS);
            match runs.last_mut() {
                Some(run) if is_joined => run.push(place),
                _ => runs.push(vec![place]),
            }
            before = Some(at);
        }
        runs
    }
}

/// The path of the line through `values`; broken where nobody looked or there was no value.
#[must_use]
pub fn line(points: &Points, values: impl Iterator<Item = (u64, Option<f64>)>) -> String {
    let mut path = String::new();
    for run in points.runs(values) {
        draw(&mut path, &run);
    }
    path
}

/// The path of the area below that line.
#[must_use]
pub fn area(points: &Points, values: impl Iterator<Item = (u64, Option<f64>)>) -> String {
    let mut path = String::new();
    for run in points.runs(values) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            continue;
        };
        draw(&mut path, &run);
        // Writing into memory doesn't fail.
        let _ = write!(
            path,
            "L{:.1} {height:.1}L{:.1} {height:.1}Z",
            last.0,
            first.0,
            height = points.height
        );
    }
    path
}

fn draw(path: &mut String, run: &[(f64, f64)]) {
    for (index, (x, y)) in run.iter().enumerate() {
        let letter = if index == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{letter}{x:.1} {y:.1}");
    }
    if let [(x, y)] = run {
        // A line of one point is none; a short one is seen.
        let _ = write!(path, "L{:.1} {y:.1}", x + 0.5);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POINTS: Points = Points {
        now_ms: 1_000_000,
        top: 10.0,
        width: 300.0,
        height: 60.0,
    };

    fn numbers(path: &str) -> Vec<f64> {
        path.split(['M', 'L', 'Z', ' '])
            .filter_map(|number| number.parse().ok())
            .collect()
    }

    proptest! {
        #[test]
        fn a_line_stays_within_its_chart_and_goes_forward(
            ages in prop::collection::btree_set(0..SPAN_MS, 0..100),
            values in prop::collection::vec(prop::option::of(0.0..30.0_f64), 100),
        ) {
            let samples: Vec<_> = ages
                .iter()
                .rev()
                .zip(values)
                .map(|(age, value)| (POINTS.now_ms - age, value))
                .collect();
            let path = line(&POINTS, samples.iter().copied());
            let numbers = numbers(&path);
            let places: Vec<_> = numbers.chunks(2).map(|place| (place[0], place[1])).collect();
            let drawn = samples.iter().filter(|(_, value)| value.is_some()).count();
            prop_assert!(places.len() >= drawn);
            for (x, y) in &places {
                prop_assert!((-0.1..=300.6).contains(x) && (0.0..=60.0).contains(y));
            }
            // To the tenth, to which it is written.
            prop_assert!(places.windows(2).all(|two| two[0].0 <= two[1].0 + 0.6));
            let area = area(&POINTS, samples.into_iter());
            prop_assert_eq!(area.matches('Z').count(), path.matches('M').count());
        }
    }

    #[test]
    fn what_nobody_looked_at_is_left_open() {
        let now = POINTS.now_ms;
        let values = [
            (now - 9_000, Some(0.0)),
            (now - 8_000, Some(5.0)),
            (now - 2_000, Some(10.0)),
            (now - 1_000, None),
            (now, Some(f64::NAN)),
        ];
        let path = line(&POINTS, values.into_iter());
        assert_eq!(path, "M291.0 60.0L292.0 30.0M298.0 0.0L298.5 0.0");
        assert_eq!(line(&POINTS, std::iter::empty()), "");
    }
}
