//! Asks before every unfinished job is canceled, from wherever that was wished for.

use leptos::prelude::*;

use crate::components::{Dialog, Skeleton};
use crate::dom;
use crate::stores::{Overlay, StopAll, use_stores};
use crate::texts;

/// The question.
#[component]
pub fn CancelAllDialog() -> impl IntoView {
    let stores = use_stores();
    let (overlays, stop_all) = (stores.overlays, stores.stop_all);
    let close = Callback::new(move |()| overlays.close(Overlay::CancelAll));
    stop_all.ask();
    let state = {
        let stop_all = stop_all.clone();
        Memo::new(move |_| stop_all.state())
    };
    Effect::new(move |_| {
        if state.get() == StopAll::Over {
            close.run(());
        }
    });
    let body = move || {
        let StopAll::Asking(count) = state.get() else {
            return view! { <Skeleton rows=2 /> }.into_any();
        };
        let words = texts::jobs(count, false);
        let stop_all = stop_all.clone();
        let yes = move |_| {
            stop_all.go();
            close.run(());
        };
        // The harmless answer is the nearest.
        dom::focus_first(vec![".dialog [data-action='keep-all']".to_owned()]);
        view! {
            <p>{format!("Cancel {words}? Canceled jobs can be run again.")}</p>
            <div class="dialog-answers">
                <button
                    type="button"
                    class="button small"
                    data-action="keep-all"
                    on:click=move |_| close.run(())
                >
                    "Keep going"
                </button>
                <button
                    type="button"
                    class="button small danger"
                    data-action="confirm-cancel-all"
                    on:click=yes
                >
                    {format!("Cancel {words}")}
                </button>
            </div>
        }
        .into_any()
    };
    view! {
        <Dialog label="Cancel all jobs" class="dialog" on_close=close>
            {body}
        </Dialog>
    }
}
