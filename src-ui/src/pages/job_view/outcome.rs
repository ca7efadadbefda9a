//! How a job ended: its error in words, and its result.

use leptos::prelude::*;
use toolroom_shared::{JobId, JobStatus};

use super::JobReading;
use super::large_output::{FailedOutput, LoadingOutput, OfferedOutput};
use crate::components::{FileActions, ResultView, SavedText, Skeleton};
use crate::stores::{JobFilesStore, LOADED_AT_ONCE, Output, Stores, use_stores};
use crate::texts;

/// The error, if there is one, and the output. Asks for the output by itself.
#[component]
pub fn Outcome(
    /// The job, which has ended.
    reading: JobReading,
    /// Little room.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    let stores = use_stores();
    let jobs = stores.jobs.clone();
    let id = reading.id.clone();
    provide_context(file_actions(&stores, &id));
    jobs.view_output(&id);
    on_cleanup({
        let (jobs, id) = (jobs.clone(), id.clone());
        move || jobs.leave_output(&id)
    });
    let output = reading.part(|job| job.output.clone());
    let load = Callback::new({
        let (jobs, id) = (jobs.clone(), id.clone());
        move |()| jobs.load_output(&id)
    });
    let revision = reading.summary(|job| job.revision);
    Effect::new(move |_| {
        // Asked again when the job changes or the backend comes back.
        let _ = revision.get();
        stores.link.track();
        jobs.want_output(&id);
    });
    Effect::new(move |_| {
        // What failed or is very large waits for a person to say so.
        if matches!(output.get(), Output::Large(bytes) if bytes <= LOADED_AT_ONCE) {
            load.run(());
        }
    });
    let error = reading.summary(|job| job.error.clone());
    let partial = reading.summary(|job| job.partial);
    let status = reading.status;
    let exports = stores.exports.clone();
    let save = Callback::new(move |saved: SavedText| exports.save(saved.file_name, saved.text));
    let words = move || {
        let error = error.get();
        view! {
            {error
                .map(|error| {
                    view! { <p class="failure">{error.message}</p> }
                })}
            {partial.get().then(|| view! { <p class="partial">{texts::PARTIAL}</p> })}
        }
    };
    let result = move || match output.get() {
        Output::Unknown if status.get() == JobStatus::Succeeded => {
            view! { <Skeleton rows=2 /> }.into_any()
        }
        Output::Unknown | Output::Nothing => ().into_any(),
        Output::Here(output) => {
            let schema = reading.output_schema();
            view! { <ResultView output schema compact on_save=save /> }.into_any()
        }
        Output::Large(total) if total > LOADED_AT_ONCE => {
            view! { <OfferedOutput total on_load=load /> }.into_any()
        }
        Output::Large(total) => view! { <LoadingOutput done=0 total /> }.into_any(),
        Output::Loading { done, total, .. } => view! { <LoadingOutput done total /> }.into_any(),
        Output::Failed { reason, .. } => view! { <FailedOutput reason on_load=load /> }.into_any(),
    };
    view! {
        {words}
        {result}
    }
}

/// How the files of a job are opened and shown.
pub fn file_actions(stores: &Stores, id: &JobId) -> FileActions {
    let action = |does: fn(&JobFilesStore, JobId, String)| {
        let (files, id) = (stores.job_files.clone(), id.clone());
        Callback::new(move |path| does(&files, id.clone(), path))
    };
    FileActions {
        open: action(JobFilesStore::open),
        reveal: action(JobFilesStore::reveal),
        preview: Callback::new({
            let (thumbnails, id) = (stores.thumbnails.clone(), id.clone());
            move |path| thumbnails.preview(id.clone(), path)
        }),
    }
}
