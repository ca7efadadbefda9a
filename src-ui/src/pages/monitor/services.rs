//! What runs as long as the app does, and how each of it stands.

use leptos::prelude::*;
use toolroom_shared::{ServiceHealth, ServiceState};

use crate::components::Skeleton;
use crate::dom;
use crate::format;
use crate::stores::{Known, use_stores};

/// The services, in the order in which they were begun.
#[component]
pub fn Services() -> impl IntoView {
    let health = use_stores().health;
    let services = Memo::new(move |_| match health.now() {
        Known::Ready(health) => Some(health.services),
        _ => None,
    });
    let body = move || match services.get() {
        None => view! { <Skeleton rows=4 /> }.into_any(),
        Some(services) => {
            let rows = services.into_iter().map(row).collect_view();
            view! {
                <table class="plain-table">
                    <thead>
                        <tr>
                            <th scope="col">"Service"</th>
                            <th scope="col">"State"</th>
                            <th scope="col" class="number">
                                "Restarts"
                            </th>
                            <th scope="col">"Last error"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any()
        }
    };
    view! {
        <section class="monitor-part" aria-labelledby="services-heading">
            <h2 id="services-heading">"Services"</h2>
            {body}
        </section>
    }
}

fn row(service: ServiceHealth) -> impl IntoView {
    let tone = match service.state {
        ServiceState::Running => "good",
        ServiceState::Waiting | ServiceState::Starting => "busy",
        ServiceState::Resting => "bad",
        ServiceState::Stopped => "idle",
    };
    let since = format::parse_time(&service.since).map(|ms| {
        let exact = format::exact_time(ms, dom::utc_offset_minutes(ms));
        format!("since {exact}")
    });
    view! {
        <tr data-service=service.name.clone()>
            <td class="mono">{service.name.clone()}</td>
            <td title=since>
                <span class="dot" data-tone=tone></span>
                " "
                {service.state.title()}
            </td>
            <td class="number">{service.restarts}</td>
            <td class="muted wraps">{service.last_error.unwrap_or_else(|| "none".to_owned())}</td>
        </tr>
    }
}
