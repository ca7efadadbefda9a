//! What there is to worry about, in words.

use leptos::prelude::*;
use toolroom_shared::HealthWarning;

use crate::components::Banner;
use crate::dom;
use crate::format;
use crate::stores::{Known, use_stores};

/// What there is to worry about; one line if there is nothing.
#[component]
pub fn Warnings() -> impl IntoView {
    let stores = use_stores();
    let health = stores.health.clone();
    let warnings = Memo::new(move |_| match health.now() {
        Known::Loading => Known::Loading,
        Known::Failed(reason) => Known::Failed(reason),
        Known::Ready(health) => Known::Ready(health.warnings),
    });
    let again = Callback::new(move |()| stores.health.look_again());
    move || match warnings.get() {
        // Beside it, charts and services stand still until they are known.
        Known::Loading => ().into_any(),
        Known::Failed(reason) => view! {
            <Banner title="How the app is could not be asked." reason on_retry=again />
        }
        .into_any(),
        Known::Ready(warnings) if warnings.is_empty() => view! {
            <p class="monitor-well" role="status">
                <span class="dot" data-tone="good"></span>
                "All is well."
            </p>
        }
        .into_any(),
        Known::Ready(warnings) => {
            let lines = warnings.into_iter().map(line).collect_view();
            view! {
                <ul class="monitor-warnings" role="status">
                    {lines}
                </ul>
            }
            .into_any()
        }
    }
}

fn line(warning: HealthWarning) -> impl IntoView {
    let since = format::parse_time(&warning.since).map(|ms| {
        let offset = dom::utc_offset_minutes(ms);
        let exact = format::exact_time(ms, offset);
        view! {
            <time class="muted" title=exact>
                {format!("since {}", format::time_of_day(ms, offset))}
            </time>
        }
    });
    view! {
        <li>
            <span class="dot" data-tone="warn"></span>
            <span class="monitor-warning">{warning.message}</span>
            {since}
        </li>
    }
}
