//! What happened to a job, one line a change.

use leptos::prelude::*;
use toolroom_shared::{Caller, JobId, JobStatus, JobTransition, TransitionKind};

use crate::components::{Banner, Fold, Skeleton};
use crate::dom;
use crate::format;
use crate::pages::job_view::{JobReading, tone_of};
use crate::stores::{Transitions, use_stores};

/// What happened to the job, folded.
#[component]
pub fn Happened(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    view! {
        <section class="detail-part">
            <Fold title="What happened" name="happened">
                <List reading=reading.clone() />
            </Fold>
        </section>
    }
}

#[component]
fn List(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let jobs = use_stores().jobs;
    let id: JobId = reading.id.clone();
    // Shared with the store, which may answer after the view has gone.
    let state = ArcRwSignal::new(Transitions::default());
    let read = {
        let state = state.clone();
        Callback::new(move |()| jobs.read_transitions(id.clone(), state.clone()))
    };
    // While it works its revision rises with every bit of progress, which is none of these.
    let changed = reading.summary(|job| {
        let revision = (job.status != JobStatus::Running).then_some(job.revision);
        (job.attempt, job.paused, job.cancel_requested, revision)
    });
    Effect::new(move |_| {
        // Read and not only tracked: a memo that nobody reads never changes.
        let _ = changed.get();
        read.run(());
    });
    move || match state.get() {
        Transitions::Loading => view! { <Skeleton rows=3 /> }.into_any(),
        Transitions::Failed(reason) => view! {
            <Banner title="What happened could not be loaded." reason on_retry=read />
        }
        .into_any(),
        Transitions::Ready(all) => {
            let lines = all.into_iter().map(|one| line(&one)).collect_view();
            view! { <ol class="happened">{lines}</ol> }.into_any()
        }
    }
}

fn line(transition: &JobTransition) -> impl IntoView + use<> {
    let ms = format::parse_time(&transition.at).unwrap_or_default();
    let offset = dom::utc_offset_minutes(ms);
    let cause = transition.cause.clone();
    view! {
        <li data-kind=format!("{:?}", transition.kind)>
            <span class="dot" data-tone=tone_of(transition.status)></span>
            <time title=format::exact_time(ms, offset)>{format::time_of_day(ms, offset)}</time>
            <span class="happened-words">
                {words(transition)}
                {(!cause.is_empty()).then(|| view! { <span class="muted">": " {cause}</span> })}
            </span>
        </li>
    }
}

/// What happened and who caused it; of what the app itself did, only what.
fn words(transition: &JobTransition) -> String {
    let what = match transition.kind {
        TransitionKind::Queued => "queued",
        TransitionKind::Started => return format!("running, attempt {}", transition.attempt),
        TransitionKind::Progress => "progress",
        TransitionKind::CancelRequested => "cancel asked for",
        TransitionKind::PauseRequested => "pause asked for",
        TransitionKind::Paused => "paused",
        TransitionKind::Resumed => "resumed",
        TransitionKind::Moved => "moved in the queue",
        TransitionKind::RetryScheduled => "failed, to be tried again",
        TransitionKind::Requeued => "back in the queue",
        TransitionKind::Succeeded => "succeeded",
        TransitionKind::Failed => "failed",
        TransitionKind::Canceled => "canceled",
    };
    match &transition.caller {
        Caller::App => what.to_owned(),
        other => format!("{what} by {}", other.label()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_happened_and_who_asked_for_it() {
        let said = |kind, caller| {
            words(&JobTransition {
                revision: 2,
                kind,
                status: JobStatus::Queued,
                attempt: 3,
                caller,
                cause: String::new(),
                at: String::new(),
            })
        };
        let window = Caller::Window;
        assert_eq!(said(TransitionKind::Queued, window), "queued by the window");
        assert_eq!(
            said(TransitionKind::Moved, Caller::Terminal),
            "moved in the queue by the terminal"
        );
        assert_eq!(
            said(TransitionKind::Started, Caller::App),
            "running, attempt 3"
        );
        assert_eq!(said(TransitionKind::Failed, Caller::App), "failed");
    }
}
