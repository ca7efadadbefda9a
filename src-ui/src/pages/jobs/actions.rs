//! The buttons of the chosen job.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use toolroom_shared::{JobId, TabId, command_line, without_defaults};

use crate::components::CopyCommand;
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
            {copy_command(&reading)}
            <EditButton reading can />
        </div>
    }
}

/// Copies what would run the job from a terminal, once its input is known.
fn copy_command(reading: &JobReading) -> impl IntoView + use<> {
    let (input, tool) = (reading.part(|job| job.input.clone()), reading.tool);
    move || {
        let (input, tool) = (input.get()?, tool.get()?);
        let line = Callback::new(move |()| {
            let schema = &tool.input_schema;
            command_line(&tool.name, schema, &without_defaults(&input, schema))
        });
        Some(view! { <CopyCommand line small=true /> })
    }
}

type Does = fn(&JobsStore, JobId);

/// Opens the tool's form with the job's input in it.
#[component]
fn EditButton(
    /// The job.
    reading: JobReading,
    /// What can be done to it.
    can: Can,
) -> impl IntoView {
    let stores = use_stores();
    let navigate = use_navigate();
    let input = reading.part(|job| job.input.is_some());
    // A job of a tool that is gone can't be changed, only looked at.
    let tool = reading.tool;
    let is_shown = Memo::new(move |_| can.run_again.get() && input.get() && tool.get().is_some());
    let job = reading.job.clone();
    let edit = Callback::new(move |()| {
        let input = job.with_untracked(|job| job.input.clone());
        let (Some(tool), Some(input)) = (tool.get_untracked(), input) else {
            return;
        };
        let left_out = stores.forms.session(&tool).fill_in(&input);
        if left_out > 0 {
            stores.notices.tell(texts::secrets_left_out(left_out));
        }
        let path = format!("{}/{}", TabId::Tools.path(), tool.name);
        navigate(&path, NavigateOptions::default());
    });
    view! {
        <Show when=move || is_shown.get()>
            <button
                type="button"
                class="button small"
                data-action="edit-and-run-again"
                title="Opens the form with this input"
                on:click=move |_| edit.run(())
            >
                "Edit and run again"
            </button>
        </Show>
    }
}
