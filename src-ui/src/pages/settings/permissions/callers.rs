//! The callers that were granted something, each to be unfolded.

use std::sync::Arc;

use leptos::prelude::*;
use toolroom_shared::{Caller, Grant};

use super::{add_caller::AddCaller, caller_row::CallerRow};
use crate::components::{Banner, Empty, Skeleton};
use crate::stores::{Known, use_stores};

/// What was taken from a caller, to be given back.
pub type Revoked = (Caller, Grant);

/// The callers.
#[component]
pub fn Callers() -> impl IntoView {
    let stores = use_stores();
    let permissions = stores.permissions.clone();
    // Which one is unfolded.
    let open = RwSignal::new(None::<Caller>);
    let revoked = RwSignal::new(Vec::<Revoked>::new());
    let adding = RwSignal::new(false);
    let reload = {
        let permissions = permissions.clone();
        Callback::new(move |()| permissions.load())
    };
    let phase = {
        let permissions = permissions.clone();
        Memo::new(move |_| match permissions.state() {
            Known::Loading => Known::Loading,
            Known::Failed(reason) => Known::Failed(reason),
            Known::Ready(_) => Known::Ready(()),
        })
    };
    let callers = Memo::new(move |_| match permissions.state() {
        Known::Ready(state) => state
            .policy
            .grants
            .into_iter()
            .map(|given| given.caller)
            .collect(),
        _ => Vec::new(),
    });
    let instead = move || match phase.get() {
        Known::Loading => view! { <Skeleton rows=3 /> }.into_any(),
        Known::Failed(reason) => view! {
            <Banner title="What is granted could not be loaded." reason on_retry=reload />
        }
        .into_any(),
        Known::Ready(()) if callers.with(Vec::is_empty) && !adding.get() => view! {
            <Empty
                title="Nobody else may do anything"
                hint="Add a caller to let a program or a model start tools."
            />
        }
        .into_any(),
        Known::Ready(()) => ().into_any(),
    };
    view! {
        <section class="settings-part" aria-labelledby="callers-heading">
            <header class="settings-part-head">
                <h2 id="callers-heading">"Callers"</h2>
                <button
                    type="button"
                    class="button small"
                    data-action="add-caller"
                    aria-expanded=move || adding.get().to_string()
                    on:click=move |_| adding.update(|adding| *adding = !*adding)
                >
                    "Add a caller"
                </button>
            </header>
            <Show when=move || adding.get()>
                <AddCaller adding open />
            </Show>
            {instead}
            <ul class="panels">
                <For
                    each=move || callers.get()
                    key=Caller::clone
                    children=move |caller| view! { <CallerRow caller open revoked /> }
                />
            </ul>
            <ul class="panels">
                <For
                    each=move || revoked.get()
                    key=|(caller, _)| caller.clone()
                    children=move |one| view! { <Undo one revoked /> }
                />
            </ul>
        </section>
    }
}

/// That everything was taken from a caller, and a way back.
#[component]
fn Undo(
    /// Who, and what.
    one: Revoked,
    /// All of them.
    revoked: RwSignal<Vec<Revoked>>,
) -> impl IntoView {
    let permissions = use_stores().permissions;
    let notices = use_stores().notices;
    let words = format!(
        "{} may do nothing any more. What it has started goes on.",
        one.0.label()
    );
    let forget = {
        let caller = one.0.clone();
        move || {
            // Who was unfolded meanwhile may be gone.
            let _ = revoked.try_update(|all| all.retain(|(other, _)| *other != caller));
        }
    };
    let undo = {
        let forget = forget.clone();
        move |_| {
            let (forget, notices) = (forget.clone(), notices.clone());
            let done = Arc::new(move |done: Result<(), String>| match done {
                Ok(()) => forget(),
                Err(reason) => notices.tell(reason),
            });
            permissions.set(one.0.clone(), None, Some(one.1.clone()), done);
        }
    };
    view! {
        <li class="panel panel-line" role="status">
            <span>{words}</span>
            <button
                type="button"
                class="text-button"
                data-action="undo-revoke"
                on:click=undo
            >
                "Undo"
            </button>
            <button type="button" class="text-button" on:click=move |_| forget()>
                "Dismiss"
            </button>
        </li>
    }
}
