//! The runs of one tool, newest first.

use std::collections::HashSet;
use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::{JobId, TabId, ToolDefinition};

use super::run_card::RunCard;
use crate::components::{Banner, Empty, Skeleton};
use crate::stores::{ListKey, Phase, use_stores};
use crate::texts;

/// How many of the runs that had ended before are shown with their results.
const OPEN_AT_FIRST: usize = 3;

/// The runs of a tool.
#[component]
pub fn Runs(
    /// The tool.
    tool: Arc<ToolDefinition>,
) -> impl IntoView {
    let jobs = use_stores().jobs;
    let key = ListKey {
        tool: Some(tool.name.clone()),
    };
    let listing = jobs.listing(&key);
    let rows = {
        let (jobs, key) = (jobs.clone(), key.clone());
        Memo::new(move |_| jobs.rows(&key))
    };
    let phase = { Memo::new(move |_| listing.with(|listing| listing.phase.clone())) };
    let has_more = Memo::new(move |_| rows.with(|rows| rows.has_more));
    let more = {
        let (jobs, key) = (jobs.clone(), key.clone());
        Callback::new(move |()| jobs.show_more(&key))
    };
    let instead = move || match (phase.get(), rows.with(|rows| rows.ids.is_empty())) {
        (Phase::Failed(reason), _) => view! {
            <Banner title="The runs could not be loaded." reason on_retry=more />
        }
        .into_any(),
        (Phase::Loading, true) => view! { <Skeleton rows=3 /> }.into_any(),
        (Phase::Ready, true) => view! {
            <Empty
                title="No runs yet"
                hint="Fill in the form and press Run. What happens is shown here."
            />
        }
        .into_any(),
        _ => ().into_any(),
    };
    let newest = StoredValue::new(HashSet::<JobId>::new());
    let card = move |id: JobId| {
        let open = newest.try_update_value(|newest| {
            newest.contains(&id)
                || newest.len() < OPEN_AT_FIRST && {
                    newest.insert(id.clone());
                    true
                }
        });
        view! { <RunCard id open=open.unwrap_or(false) /> }
    };
    view! {
        <section class="column runs" aria-label="Runs of this tool">
            <header>
                <h2>"Runs of this tool"</h2>
                <A href=format!("/{}", TabId::Jobs.id())>"all jobs →"</A>
            </header>
            {instead}
            <For each=move || rows.with(|rows| rows.ids.clone()) key=JobId::clone children=card />
            <Show when=move || has_more.get() && phase.get() == Phase::Ready>
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
