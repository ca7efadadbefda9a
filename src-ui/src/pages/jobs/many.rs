//! What is done to many jobs: to those selected, or to all that the table shows.

use leptos::ev;
use leptos::prelude::*;

use super::JobsView;
use crate::components::ProgressBar;
use crate::dom;
use crate::format;
use crate::stores::{Many, ManyAction, Selection, StatusFilter, use_stores};
use crate::texts;

/// Cancels everything that the table shows, after asking.
#[component]
pub fn CancelAllButton(
    /// The page.
    jobs: JobsView,
    /// How far it is; shared with the others here.
    state: ArcRwSignal<Many>,
) -> impl IntoView {
    let store = use_stores().jobs;
    let busy = {
        let state = state.clone();
        move || state.get() != Many::Idle
    };
    let some = Memo::new(move |_| {
        let counts = store.counts();
        let shows_any = jobs.key.with(|key| key.status != StatusFilter::Failed);
        counts.running + counts.queued > 0 && shows_any
    });
    view! {
        <Show when=move || some.get()>
            <button
                type="button"
                class="button"
                data-action="cancel-all"
                disabled=busy.clone()
                on:click={
                    let state = state.clone();
                    move |_| {
                        let mut all = Selection::default();
                        all.select_all();
                        ask(jobs, ManyAction::Cancel, all, &state);
                    }
                }
            >
                "Cancel all"
            </button>
        </Show>
    }
}

fn ask(jobs: JobsView, action: ManyAction, selection: Selection, state: &ArcRwSignal<Many>) {
    jobs.asked.set_value(selection.clone());
    jobs.table
        .with_untracked(|table| table.ask_to(action, selection, state.clone()));
}

/// Says what would be done to how many jobs, and asks.
#[component]
pub fn ManyQuestion(
    /// The page.
    jobs: JobsView,
    /// How far it is; shared with the others here.
    state: ArcRwSignal<Many>,
) -> impl IntoView {
    let asked = {
        let state = state.clone();
        Memo::new(move |_| match state.get() {
            Many::Asking(action, count) => Some((action, count)),
            _ => None,
        })
    };
    // Another table is another question.
    {
        let state = state.clone();
        Effect::new(move |before: Option<_>| {
            let key = jobs.table.with(|table| table.key.clone());
            let is_asking = state.with_untracked(|state| matches!(state, Many::Asking(..)));
            if before.is_some_and(|before| before != key) && is_asking {
                state.set(Many::Idle);
            }
            key
        });
    }
    let keep = {
        let state = state.clone();
        Callback::new(move |()| {
            state.set(Many::Idle);
            dom::focus_first(vec![".jobs-scroll".to_owned()]);
        })
    };
    let yes = Callback::new(move |action: ManyAction| {
        let selection = jobs.asked.get_value();
        jobs.table
            .with_untracked(|table| table.do_to(action, selection, state.clone()));
        dom::focus_first(vec![".jobs-scroll".to_owned()]);
    });
    let on_key = move |ev: ev::KeyboardEvent| {
        if ev.key() == "Escape" {
            ev.stop_propagation();
            keep.run(());
        }
    };
    move || {
        asked.get().map(|(action, count)| {
            let searched = jobs
                .table
                .with_untracked(|table| !table.key.search.is_empty());
            let all = jobs.asked.with_value(Selection::is_all);
            let jobs = texts::jobs(count, searched && all);
            let (question, answer, name) = match action {
                ManyAction::Cancel => (
                    format!("Cancel {jobs}? Canceled jobs can be run again."),
                    format!("Cancel {jobs}"),
                    "confirm-cancel-all",
                ),
                ManyAction::RunAgain => (
                    format!("Run {jobs} again? Each is started as a new job with the same input."),
                    format!("Run {jobs} again"),
                    "confirm-run-again",
                ),
            };
            // The harmless answer is the nearest.
            dom::focus_first(vec!["[data-action='keep-all']".to_owned()]);
            view! {
                <div
                    class="question"
                    role="alertdialog"
                    aria-labelledby="many-question"
                    on:keydown=on_key
                >
                    <p id="many-question">{question}</p>
                    <div class="question-answers">
                        <button
                            type="button"
                            class="button small"
                            data-action="keep-all"
                            on:click=move |_| keep.run(())
                        >
                            {if action == ManyAction::Cancel { "Keep going" } else { "Not now" }}
                        </button>
                        <button
                            type="button"
                            class="button small"
                            class:danger={action == ManyAction::Cancel}
                            data-action=name
                            on:click=move |_| yes.run(action)
                        >
                            {answer}
                        </button>
                    </div>
                </div>
            }
        })
    }
}

/// How many jobs are selected and what can be done to them, or how far that is.
#[component]
pub fn ManyBar(
    /// The page.
    jobs: JobsView,
    /// How far it is; shared with the others here.
    state: ArcRwSignal<Many>,
) -> impl IntoView {
    let count = Memo::new(move |_| {
        let total = jobs.table.with(|table| table.view.with(|view| view.total));
        jobs.selection.with(|selection| selection.count(total))
    });
    let working = {
        let state = state.clone();
        Memo::new(move |_| match state.get() {
            Many::Working {
                action,
                done,
                total,
            } => Some((action, done, total)),
            _ => None,
        })
    };
    let is_working = Memo::new(move |_| working.get().is_some());
    let is_shown = Memo::new(move |_| count.get() > 0 || is_working.get());
    let stop = {
        let state = state.clone();
        Callback::new(move |()| state.set(Many::Idle))
    };
    let start = Callback::new(move |action| {
        ask(jobs, action, jobs.selection.get_untracked(), &state);
    });
    let body = move || {
        if is_working.get() {
            view! { <Working working stop /> }.into_any()
        } else {
            view! { <Chosen jobs count start /> }.into_any()
        }
    };
    view! {
        <Show when=move || is_shown.get()>
            <div class="many" role="group" aria-label="Selected jobs">
                {body}
            </div>
        </Show>
    }
}

#[component]
fn Chosen(jobs: JobsView, count: Memo<u32>, start: Callback<ManyAction>) -> impl IntoView {
    let words = move || format!("{} selected", format::count(u64::from(count.get())));
    let button = move |name: &'static str, words: &'static str, action: ManyAction| {
        view! {
            <button
                type="button"
                class="button small"
                class:danger={action == ManyAction::Cancel}
                data-action=name
                on:click=move |_| start.run(action)
            >
                {words}
            </button>
        }
    };
    let clear = move |_| {
        jobs.selection.update(|selection| selection.clear(None));
        dom::focus_first(vec![".jobs-scroll".to_owned()]);
    };
    view! {
        <span class="many-count" role="status">{words}</span>
        {button("cancel-selected", texts::CANCEL, ManyAction::Cancel)}
        {button("run-selected-again", texts::RUN_AGAIN, ManyAction::RunAgain)}
        <span class="jobs-gap"></span>
        <button type="button" class="button small quiet" data-action="clear-selection" on:click=clear>
            "Clear selection"
        </button>
    }
}

#[component]
fn Working(working: Memo<Option<(ManyAction, u32, u32)>>, stop: Callback<()>) -> impl IntoView {
    let words = move || {
        let Some((action, done, total)) = working.get() else {
            return String::new();
        };
        let what = match action {
            ManyAction::Cancel => "Canceling",
            ManyAction::RunAgain => "Starting again",
        };
        match total {
            0 => format!("{what}…"),
            total => format!(
                "{what}: {} of {}",
                format::count(u64::from(done)),
                format::count(u64::from(total))
            ),
        }
    };
    let percent = Signal::derive(move || {
        let (_, done, total) = working.get().unwrap_or((ManyAction::Cancel, 0, 0));
        let share = u64::from(done) * 100 / u64::from(total.max(1));
        u8::try_from(share).unwrap_or(100)
    });
    let can_stop = move || working.get().is_some_and(|(_, _, total)| total > 0);
    view! {
        <span class="many-count">{words}</span>
        <ProgressBar percent label=Signal::derive(words) />
        <span class="jobs-gap"></span>
        <Show when=can_stop>
            <button
                type="button"
                class="button small"
                data-action="stop-many"
                on:click=move |_| stop.run(())
            >
                "Stop here"
            </button>
        </Show>
    }
}
