//! The chosen job: all that is known of it.

use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::{JobId, TabId};

use super::actions::Actions;
use super::facts::{Identity, Input, Overview};
use super::happened::Happened;
use super::log::LogSection;
use crate::components::{Banner, Empty, Icon, IconView, Skeleton};
use crate::pages::job_view::{JobReading, Outcome, Progress, StatusPill};
use crate::stores::{Details, use_stores};

/// The chosen job.
#[component]
pub fn Detail(
    /// The job.
    id: JobId,
) -> impl IntoView {
    let stores = use_stores();
    // Shared with the store, which may answer after the view has gone.
    let state = ArcRwSignal::new(Details::Loading);
    stores.jobs.look_at(id.clone(), state.clone());
    let retry = {
        let (jobs, id, state) = (stores.jobs.clone(), id.clone(), state.clone());
        Callback::new(move |()| {
            state.set(Details::Loading);
            jobs.look_at(id.clone(), state.clone());
        })
    };
    let known = {
        let (jobs, id) = (stores.jobs.clone(), id.clone());
        Memo::new(move |_| jobs.job_tracked(&id).is_some())
    };
    let label = format!("Job {id}");
    let body = move || {
        let job = known.get().then(|| stores.jobs.job(&id)).flatten();
        if let Some(job) = job {
            let reading = JobReading::of(job, &stores);
            return view! { <Known reading /> }.into_any();
        }
        // Looked at only here: a job that is known isn't drawn anew when its details come.
        match state.get() {
            Details::Failed(reason) => view! {
                <Banner title="The job could not be loaded." reason on_retry=retry />
            }
            .into_any(),
            Details::Gone | Details::Ready => view! {
                <Empty
                    title="This job is gone"
                    hint="It is not in the history any more. Choose another on the left."
                />
            }
            .into_any(),
            Details::Loading => view! { <Skeleton rows=5 /> }.into_any(),
        }
    };
    view! {
        <aside class="column detail" aria-label=label>
            <A href=format!("/{}", TabId::Jobs.id()) attr:class="icon-button close" attr:title="Close">
                <IconView icon=Icon::Close />
                <span class="visually-hidden">"Close"</span>
            </A>
            {body}
        </aside>
    }
}

/// A job that is known.
#[component]
fn Known(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let status = reading.status;
    let over = Memo::new(move |_| status.get().is_terminal());
    let title = reading.title;
    let parts = reading.clone();
    let body = move || {
        let reading = parts.clone();
        if over.get() {
            view! {
                <section class="detail-part" aria-label="Outcome">
                    <Outcome reading />
                </section>
            }
            .into_any()
        } else {
            view! {
                <section class="detail-part" aria-label="Progress">
                    <Progress reading />
                </section>
            }
            .into_any()
        }
    };
    view! {
        <header>
            <h2 title=title>{title} "\u{200b}"</h2>
            <div class="detail-line">
                <StatusPill reading=reading.clone() />
                <Actions reading=reading.clone() />
            </div>
        </header>
        {body}
        <Overview reading=reading.clone() />
        <Happened reading=reading.clone() />
        <LogSection reading=reading.clone() />
        <Input reading=reading.clone() />
        <Identity reading />
    }
}
