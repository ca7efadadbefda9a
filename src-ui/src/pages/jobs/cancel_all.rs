//! Canceling everything that the list shows, after asking.

use leptos::ev;
use leptos::prelude::*;

use crate::dom;
use crate::stores::{CancelAll, ListKey, use_stores};
use crate::texts;

/// The button that begins it.
#[component]
pub fn CancelAllButton(
    /// The list.
    key: Memo<ListKey>,
    /// How far it is; shared with [`CancelAllQuestion`].
    state: ArcRwSignal<CancelAll>,
) -> impl IntoView {
    let jobs = use_stores().jobs;
    let busy = {
        let state = state.clone();
        move || state.get() != CancelAll::Idle
    };
    let some = {
        let jobs = jobs.clone();
        Memo::new(move |_| key.with(|key| jobs.has_unfinished(key)))
    };
    view! {
        <Show when=move || some.get()>
            <button
                type="button"
                class="button"
                data-action="cancel-all"
                disabled=busy.clone()
                on:click={
                    let (jobs, state) = (jobs.clone(), state.clone());
                    move |_| jobs.ask_to_cancel(key.get_untracked(), state.clone())
                }
            >
                "Cancel all"
            </button>
        </Show>
    }
}

/// Says how many jobs would be canceled, and asks.
#[component]
pub fn CancelAllQuestion(
    /// The list.
    key: Memo<ListKey>,
    /// How far it is; shared with [`CancelAllButton`].
    state: ArcRwSignal<CancelAll>,
) -> impl IntoView {
    let jobs = use_stores().jobs;
    let count = {
        let state = state.clone();
        Memo::new(move |_| match state.get() {
            CancelAll::Asking(count) => Some(count),
            _ => None,
        })
    };
    // Another list is another question.
    {
        let state = state.clone();
        Effect::new(move |before: Option<ListKey>| {
            let key = key.get();
            if before.is_some_and(|before| before != key) {
                state.set(CancelAll::Idle);
            }
            key
        });
    }
    let keep = {
        let state = state.clone();
        Callback::new(move |()| {
            state.set(CancelAll::Idle);
            dom::focus_first(vec!["[data-action='cancel-all']".to_owned()]);
        })
    };
    let yes = Callback::new(move |()| jobs.cancel_all(key.get_untracked(), state.clone()));
    let on_key = move |ev: ev::KeyboardEvent| {
        if ev.key() == "Escape" {
            keep.run(());
        }
    };
    move || {
        count.get().map(|count| {
            let searched = key.with_untracked(|key| !key.search.is_empty());
            let jobs = texts::jobs(count, searched);
            // The harmless answer is the nearest.
            dom::focus_first(vec!["[data-action='keep-all']".to_owned()]);
            view! {
                <div
                    class="question"
                    role="alertdialog"
                    aria-labelledby="cancel-all-question"
                    on:keydown=on_key
                >
                    <p id="cancel-all-question">
                        {format!("Cancel {jobs}? Canceled jobs can be run again.")}
                    </p>
                    <div class="question-answers">
                    <button
                        type="button"
                        class="button small"
                        data-action="keep-all"
                        on:click=move |_| keep.run(())
                    >
                        "Keep going"
                    </button>
                    <button
                        type="button"
                        class="button small danger"
                        data-action="confirm-cancel-all"
                        on:click=move |_| yes.run(())
                    >
                        {format!("Cancel {jobs}")}
                    </button>
                    </div>
                </div>
            }
        })
    }
}
