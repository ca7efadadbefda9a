//! A small chart of the last minutes: its latest value in words, and lines that move on with time.

use leptos::prelude::*;

/// How wide a chart is in its own units; on screen it takes the room that there is.
pub const WIDTH: f64 = 300.0;
/// How high.
pub const HEIGHT: f64 = 64.0;

/// One line of a chart.
#[derive(Clone)]
pub struct ChartLine {
    /// What it shows, where there is more than one.
    pub label: Option<&'static str>,
    /// Its color: `accent`, `busy` or `warn`.
    pub tone: &'static str,
    /// Its path.
    pub line: Signal<String>,
    /// The area below it.
    pub area: Option<Signal<String>>,
}

/// A chart.
#[component]
pub fn Chart(
    /// What tests and styles know it by.
    id: &'static str,
    /// What it shows.
    title: &'static str,
    /// The latest value with its unit.
    #[prop(into)]
    now: Signal<String>,
    /// All that it shows, in a sentence: for who doesn't see it.
    #[prop(into)]
    summary: Signal<String>,
    /// The value at its upper edge, with its unit.
    #[prop(into)]
    top: Signal<String>,
    /// Its lines.
    lines: Vec<ChartLine>,
) -> impl IntoView {
    let key = lines.iter().filter_map(|line| {
        line.label.map(|label| {
            view! {
                <span class="chart-key" data-tone=line.tone>
                    {label}
                </span>
            }
        })
    });
    let key = key.collect_view();
    let drawn = lines.into_iter().map(|line| {
        let area = line
            .area
            .map(|area| view! { <path class="chart-area" data-tone=line.tone d=area></path> });
        view! {
            {area}
            <path class="chart-line" data-tone=line.tone d=line.line></path>
        }
    });
    let drawn = drawn.collect_view();
    view! {
        <figure class="chart" data-chart=id>
            <figcaption>
                <span class="chart-title">{title}</span>
                <span class="chart-keys">{key}</span>
                <span class="chart-now">{now}</span>
            </figcaption>
            <div class="chart-plot">
                <svg
                    viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                    preserveAspectRatio="none"
                    role="img"
                    aria-label=summary
                >
                    <path class="chart-grid" d=format!("M0 {half}H{WIDTH}", half = HEIGHT / 2.0)></path>
                    {drawn}
                </svg>
                <span class="chart-top" aria-hidden="true">{top}</span>
            </div>
            <div class="chart-axis" aria-hidden="true">
                <span>"5 min ago"</span>
                <span>"now"</span>
            </div>
        </figure>
    }
}
