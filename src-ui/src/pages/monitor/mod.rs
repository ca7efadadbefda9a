//! The monitor: how the app is and was, what runs as long as it does, and who did what.

mod charts;
mod filters;
mod services;
mod trail;
mod trail_actions;
mod trail_row;
mod warnings;

use leptos::prelude::*;
use toolroom_shared::TabId;

use crate::components::{Segment, Segments};

use charts::Charts;
use services::Services;
use trail::AuditTrail;
use warnings::Warnings;

/// The monitor page.
#[component]
pub fn MonitorPage() -> impl IntoView {
    let part = RwSignal::new(0_usize);
    let segments = [("health", "Health"), ("audit", "Audit trail")];
    let segments = segments.map(|(id, label)| Segment {
        id: id.to_owned(),
        label: label.to_owned(),
        help: None,
        count: None,
    });
    let body = move || match part.get() {
        0 => view! {
            <Warnings />
            <Charts />
            <Services />
        }
        .into_any(),
        _ => view! { <AuditTrail /> }.into_any(),
    };
    view! {
        <div class="page monitor-page column" data-page-id=TabId::Monitor.id()>
            <header class="monitor-head">
                <h1 id="monitor-heading">{TabId::Monitor.title()}</h1>
                <Segments
                    name="monitor-part"
                    labelled_by="monitor-heading"
                    segments=segments.to_vec()
                    chosen=Signal::derive(move || Some(part.get()))
                    on_choose=Callback::new(move |chosen| part.set(chosen))
                />
            </header>
            {body}
        </div>
    }
}
