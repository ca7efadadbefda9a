//! The buttons of the chosen job.

use leptos::prelude::*;
use toolroom_shared::JobId;

use crate::pages::job_view::{Can, JobReading};
use crate::stores::{JobsStore, use_stores};
use crate::texts;

/// What can be done to the job now, as buttons.
#[component]
pub fn Actions(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let can = Can::of(&reading);
    let id = reading.id.clone();
    let button = move |when: Memo<bool>, name: &'static str, words: &'static str, does: Does| {
        let (jobs, id) = (use_stores().jobs, id.clone());
        view! {
            <Show when=move || when.get()>
                <button
                    type="button"
                    class="button small"
                    class:danger=name == "cancel"
                    data-action=name
                    on:click={
                        let (jobs, id) = (jobs.clone(), id.clone());
                        move |_| does(&jobs, id.clone())
                    }
                >
                    {words}
                </button>
            </Show>
        }
    };
    view! {
        <div class="detail-actions">
            {button(can.move_up, "move-to-front", "Move to the front", JobsStore::move_to_front)}
            {button(can.pause, "pause", texts::PAUSE, JobsStore::pause)}
            {button(can.resume, "resume", texts::RESUME, JobsStore::resume)}
            {button(can.cancel, "cancel", texts::CANCEL, JobsStore::cancel)}
            {button(can.run_again, "run-again", texts::RUN_AGAIN, JobsStore::run_again)}
        </div>
    }
}

type Does = fn(&JobsStore, JobId);
