//! How fast a job was over its run, as a line.

use leptos::prelude::*;

use crate::format;
use crate::pages::job_view::JobReading;
use crate::stores::RateSample;

/// The chart's own coordinates.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 72.0;
/// What stays free above the highest point, for the words.
const TOP: f64 = 20.0;

/// A chart of the job's rate; nothing while there are too few samples to draw a line.
#[component]
pub fn RateChart(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let samples = reading.part(|job| job.rates.samples().to_vec());
    let unit = reading.summary(|job| job.progress.unit.clone());
    let share = reading.summary(|job| {
        let goes_on = !job.status.is_terminal();
        let known = job.progress.total.is_some();
        (goes_on && known).then_some(job.progress_pct)
    });
    let has_line = Memo::new(move |_| samples.with(|samples| samples.len() > 1));
    let lines = Memo::new(move |_| samples.with(|samples| Lines::of(samples, share.get())));
    let latest = move || {
        let rate = samples.with(|samples| samples.last().map(|sample| sample.rate));
        let per_second = |rate| format!("{}/s", format::amount(f64::round(rate), &unit.get()));
        rate.map(per_second)
    };
    let label = {
        move || {
            let highest = samples.with(|samples| highest(samples));
            let highest = format!("{}/s", format::amount(highest.round(), &unit.get()));
            format!(
                "Rate over the run: {} now, {highest} at the most",
                latest().unwrap_or_default()
            )
        }
    };
    view! {
        <Show when=move || has_line.get()>
            <figure class="rate-chart" data-rate-chart="">
                <figcaption>{latest}</figcaption>
                <svg
                    viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                    preserveAspectRatio="none"
                    role="img"
                    aria-label=label
                >
                    <path class="rate-area" d=move || lines.with(|lines| lines.area.clone()) />
                    <path class="rate-line" d=move || lines.with(|lines| lines.line.clone()) />
                    <path class="rate-now" d=move || lines.with(|lines| lines.now.clone()) />
                </svg>
            </figure>
        </Show>
    }
}

/// What is drawn, as paths.
#[derive(Clone, Debug, Default, PartialEq)]
struct Lines {
    line: String,
    area: String,
    /// Where the job is, unless it is at its end.
    now: String,
}

impl Lines {
    /// The samples fill as much of the width as the job has done, if that is known.
    fn of(samples: &[RateSample], percent: Option<u8>) -> Self {
        let (Some(first), Some(last)) = (samples.first(), samples.last()) else {
            return Self::default();
        };
        let end = match percent {
            Some(percent) => WIDTH * f64::from(percent.clamp(25, 100)) / 100.0,
            None => WIDTH,
        };
        let span = (last.at - first.at).max(1) as f64;
        let top = highest(samples).max(f64::MIN_POSITIVE);
        let mut line = String::new();
        for sample in samples {
            let x = (sample.at - first.at) as f64 / span * end;
            let y = HEIGHT - 2.0 - (sample.rate / top) * (HEIGHT - TOP - 2.0);
            let step = if line.is_empty() { 'M' } else { 'L' };
            line.push_str(&format!("{step}{x:.1} {y:.1}"));
        }
        Self {
            area: format!("{line}L{end:.1} {HEIGHT}L0 {HEIGHT}Z"),
            line,
            now: match percent {
                Some(percent) if percent < 100 => format!("M{end:.1} 0L{end:.1} {HEIGHT}"),
                _ => String::new(),
            },
        }
    }
}

fn highest(samples: &[RateSample]) -> f64 {
    samples.iter().map(|sample| sample.rate).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The numbers of a path, in pairs.
    fn points(path: &str) -> Vec<(f64, f64)> {
        let parts = path.split(['M', 'L', 'Z']).filter(|part| !part.is_empty());
        parts
            .map(|part| {
                let (x, y) = part.split_once(' ').unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            })
            .collect()
    }

    proptest! {
        #[test]
        fn whatever_the_rates_are_the_line_goes_from_left_to_right_and_stays_within(
            gaps in prop::collection::vec((0u64..5_000, 0.0f64..1e12), 2..120),
            percent in prop::option::of(0u8..=100),
        ) {
            let mut at = 0;
            let samples: Vec<_> = gaps
                .into_iter()
                .map(|(gap, rate)| {
                    at += gap;
                    RateSample { at, rate }
                })
                .collect();
            let lines = Lines::of(&samples, percent);
            let points = points(&lines.line);
            prop_assert_eq!(points.len(), samples.len());
            prop_assert!(points.is_sorted_by(|a, b| a.0 <= b.0));
            for (x, y) in points {
                prop_assert!((0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y), "{x} {y}");
            }
            prop_assert_eq!(lines.now.is_empty(), percent.is_none_or(|percent| percent == 100));
        }
    }
}
