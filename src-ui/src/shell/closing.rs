//! The question what becomes of unfinished jobs when the window is closed.

use leptos::prelude::*;
use toolroom_shared::CloseAnswer;

use crate::components::Dialog;
use crate::stores::use_stores;
use crate::texts;

/// The question, while it is open.
#[component]
pub fn ClosingQuestion() -> impl IntoView {
    let closing = use_stores().closing;
    let asked = {
        let closing = closing.clone();
        Memo::new(move |_| closing.asked())
    };
    let answer = Callback::new(move |answer| closing.answer(answer));
    let stay = Callback::new(move |()| answer.run(CloseAnswer::Stay));
    move || {
        asked.get().map(|count| {
            view! {
                <Dialog label=texts::unfinished(count) class="dialog asking" on_close=stay>
                    <h2>{texts::unfinished(count)}</h2>
                    <p>
                        "Jobs can go on without the window. Start the app again to see it; it ends by itself when the last job has ended."
                    </p>
                    <p>
                        "Jobs that are stopped begin again at the next start where that does no harm. The others count as interrupted."
                    </p>
                    <div class="dialog-answers">
                        // The harmless answer comes first and has the focus.
                        <button
                            type="button"
                            class="button quiet"
                            data-action="stay"
                            on:click=move |_| stay.run(())
                        >
                            "Stay"
                        </button>
                        <button
                            type="button"
                            class="button danger"
                            data-action="stop-and-quit"
                            on:click=move |_| answer.run(CloseAnswer::Quit)
                        >
                            "Stop and quit"
                        </button>
                        <button
                            type="button"
                            class="button primary"
                            data-action="keep-going"
                            on:click=move |_| answer.run(CloseAnswer::KeepGoing)
                        >
                            "Keep going"
                        </button>
                    </div>
                </Dialog>
            }
        })
    }
}
