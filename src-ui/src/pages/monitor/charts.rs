//! The charts of the last five minutes.

use leptos::prelude::*;

use crate::chart::{Points, Ring, Sample, area, line, per_second, settled_top};
use crate::components::{CHART_HEIGHT, CHART_WIDTH, Chart, ChartLine};
use crate::format;
use crate::stores::{HealthStore, use_stores};

type Values = Vec<(u64, Option<f64>)>;

/// What one chart shows.
struct Drawn {
    id: &'static str,
    title: &'static str,
    /// The lowest top of its scale: below that it isn't worth looking closer.
    least: f64,
    /// A value with its unit.
    words: fn(f64) -> String,
    lines: Vec<Wanted>,
}

struct Wanted {
    label: Option<&'static str>,
    tone: &'static str,
    values: fn(&Ring) -> Values,
}

/// All charts.
#[component]
pub fn Charts() -> impl IntoView {
    let health = use_stores().health;
    let charts = all().into_iter().map(|drawn| chart(&health, drawn));
    let charts = charts.collect_view();
    view! {
        <section class="charts" aria-label="The last five minutes">
            {charts}
        </section>
    }
}

fn all() -> [Drawn; 5] {
    let one = |values| {
        vec![Wanted {
            label: None,
            tone: "accent",
            values,
        }]
    };
    [
        Drawn {
            id: "cpu",
            title: "CPU",
            least: 100.0,
            words: |percent| format!("{percent:.0} %"),
            lines: one(|ring| each(ring, |sample| sample.cpu_percent)),
        },
        Drawn {
            id: "memory",
            title: "Memory",
            least: 50e6,
            words: format::bytes,
            lines: one(|ring| each(ring, |sample| sample.memory_bytes)),
        },
        Drawn {
            id: "jobs",
            title: "Jobs",
            least: 5.0,
            words: |jobs| format::count(jobs.max(0.0) as u64),
            lines: vec![
                Wanted {
                    label: Some("running"),
                    tone: "busy",
                    values: |ring| each(ring, |sample| Some(sample.running)),
                },
                Wanted {
                    label: Some("queued"),
                    tone: "warn",
                    values: |ring| each(ring, |sample| Some(sample.queued)),
                },
            ],
        },
        Drawn {
            id: "rate",
            title: "Jobs a second",
            least: 1.0,
            words: |rate| format::amount((rate * 10.0).round() / 10.0, "/s"),
            lines: one(|ring| per_second(ring.iter()).collect()),
        },
        Drawn {
            id: "lag",
            title: "Delay of the runtime",
            least: 5.0,
            words: |ms| match ms {
                ..10.0 => format!("{ms:.1} ms"),
                _ => format!("{ms:.0} ms"),
            },
            lines: one(|ring| each(ring, |sample| Some(sample.lag_ms))),
        },
    ]
}

fn each(ring: &Ring, value: impl Fn(&Sample) -> Option<f64>) -> Values {
    let values = ring.iter().map(|sample| (sample.at_ms, value(sample)));
    values.collect()
}

fn highest(values: &[Values]) -> f64 {
    let all = values.iter().flatten().filter_map(|(_, value)| *value);
    all.fold(0.0, f64::max)
}

fn chart(health: &HealthStore, drawn: Drawn) -> impl IntoView + use<> {
    let Drawn {
        id,
        title,
        least,
        words,
        lines,
    } = drawn;
    let wanted: Vec<_> = lines.iter().map(|line| line.values).collect();
    let health = health.clone();
    // Once a second, for all lines of the chart together.
    let seen = Memo::new(move |_| {
        let ring = health.ring();
        let values: Vec<Values> = wanted.iter().map(|values| values(&ring)).collect();
        (ring.last().map(|last| last.at_ms), values)
    });
    let top = Memo::new(move |before: Option<&f64>| {
        seen.with(|(_, values)| settled_top(before.copied(), highest(values), least))
    });
    let points = move || Points {
        now_ms: seen.with(|(now, _)| now.unwrap_or_default()),
        top: top.get(),
        width: CHART_WIDTH,
        height: CHART_HEIGHT,
    };
    let path = move |index: usize, draw: fn(&Points, Values) -> String| {
        Signal::derive(move || {
            let values = seen.with(|(_, values)| values[index].clone());
            draw(&points(), values)
        })
    };
    let labels: Vec<_> = lines.iter().map(|line| line.label).collect();
    let is_alone = lines.len() == 1;
    let drawn = lines
        .into_iter()
        .enumerate()
        .map(|(index, wanted)| ChartLine {
            label: wanted.label,
            tone: wanted.tone,
            line: path(index, |points, values| line(points, values.into_iter())),
            area: is_alone.then(|| path(index, |points, values| area(points, values.into_iter()))),
        })
        .collect();
    let latest = move |index: usize| {
        seen.with(|(_, values)| match values[index].last() {
            None => "…".to_owned(),
            Some((_, None)) => "unknown".to_owned(),
            Some((_, Some(value))) => words(*value),
        })
    };
    let said = labels.clone();
    // Beside the names of the lines, in their order.
    let count = said.len();
    let now = Signal::derive(move || {
        let parts: Vec<_> = (0..count).map(latest).collect();
        parts.join(" / ")
    });
    let summary = Signal::derive(move || {
        let parts = said.iter().enumerate().map(|(index, label)| match label {
            None => latest(index),
            Some(label) => format!("{} {label}", latest(index)),
        });
        let parts: Vec<_> = parts.collect();
        let most = seen.with(|(_, values)| words(highest(values)));
        format!(
            "{title} over the last five minutes: now {}, at most {most}",
            parts.join(", ")
        )
    });
    let top_words = Signal::derive(move || words(top.get()));
    view! { <Chart id title now summary top=top_words lines=drawn /> }
}
