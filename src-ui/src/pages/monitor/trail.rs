//! The audit trail: a table by page, with filters.

use leptos::prelude::*;
use toolroom_shared::AuditRecord;

use super::{
    filters::{Chosen, Filters},
    trail_actions::TrailActions,
    trail_row::TrailRow,
};
use crate::components::{Banner, Empty, Skeleton};
use crate::stores::use_stores;
use crate::texts;

/// The audit trail.
#[component]
pub fn AuditTrail() -> impl IntoView {
    let stores = use_stores();
    let audit = stores.audit.clone();
    let chosen = RwSignal::new(Chosen::default());
    let query = {
        let now = stores.now.clone();
        move || chosen.get_untracked().query(now.get_untracked())
    };
    let show = {
        let (audit, query) = (audit.clone(), query.clone());
        Callback::new(move |()| audit.show(query()))
    };
    Effect::new(move |_| {
        chosen.track();
        show.run(());
    });
    let more = {
        let (audit, query) = (audit.clone(), query);
        Callback::new(move |()| audit.show_more(query()))
    };
    let trail = Memo::new(move |_| audit.trail());
    let is_empty = Memo::new(move |_| trail.with(|trail| trail.entries.is_empty()));
    let instead = move || {
        let (is_loading, failed) = trail.with(|trail| (trail.is_loading, trail.failed.clone()));
        match failed {
            Some(reason) => view! {
                <Banner
                    title="The audit trail could not be read."
                    reason
                    on_retry=if is_empty.get() { show } else { more }
                />
            }
            .into_any(),
            None if !is_empty.get() => ().into_any(),
            None if is_loading => view! { <Skeleton rows=8 /> }.into_any(),
            None if chosen.with(Chosen::is_all) => view! {
                <Empty
                    title="Nothing has been done yet"
                    hint="Each start, each refusal and each change of permissions and secrets is noted here."
                />
            }
            .into_any(),
            None => view! {
                <Empty title="No entry was found" hint="Choose more above, or a longer time." />
            }
            .into_any(),
        }
    };
    let has_more = Memo::new(move |_| {
        trail.with(|trail| trail.next.is_some() && !trail.is_loading && trail.failed.is_none())
    });
    view! {
        <section class="monitor-part" aria-label="Audit trail">
            <div class="audit-bar">
                <Filters chosen />
                <TrailActions on_look=show />
            </div>
            <table class="plain-table audit-table" hidden=move || is_empty.get()>
                <thead>
                    <tr>
                        <th scope="col" class="col-when">"When"</th>
                        <th scope="col" class="col-who">"Who"</th>
                        <th scope="col" class="col-what">"What"</th>
                        <th scope="col" class="col-tool-name">"Tool"</th>
                        <th scope="col" class="col-decision">"Decision"</th>
                        <th scope="col">"About"</th>
                    </tr>
                </thead>
                <For
                    each=move || trail.with(|trail| trail.entries.clone())
                    key=|entry: &AuditRecord| entry.number
                    children=|entry| view! { <TrailRow entry /> }
                />
            </table>
            {instead}
            <Show when=move || has_more.get()>
                <button
                    type="button"
                    class="button small"
                    data-action="show-more"
                    on:click=move |_| more.run(())
                >
                    {texts::SHOW_MORE}
                </button>
            </Show>
        </section>
    }
}
