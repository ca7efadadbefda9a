//! What a job's tool wrote, line by line.

use leptos::html;
use leptos::prelude::*;
use toolroom_shared::{JobId, LogLine};

use crate::components::{Banner, Fold, Skeleton};
use crate::dom;
use crate::format;
use crate::pages::job_view::JobReading;
use crate::stores::{Log, use_stores};

/// The job's log, folded; nothing for a job without one.
#[component]
pub fn LogSection(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let written = reading.summary(|job| job.log_lines);
    let has_any = Memo::new(move |_| written.get() > 0);
    let id = reading.id.clone();
    let note = Signal::derive(move || match written.get() {
        1 => "1 line".to_owned(),
        lines => format!("{} lines", format::count(u64::from(lines))),
    });
    move || {
        let id = id.clone();
        has_any.get().then(|| {
            view! {
                <section class="detail-part">
                    <Fold title="Log" name="log" note>
                        <Lines id=id.clone() written />
                    </Fold>
                </section>
            }
        })
    }
}

/// The lines, which follow while the job writes more.
#[component]
fn Lines(
    /// The job.
    id: JobId,
    /// How many lines there are.
    written: Memo<u32>,
) -> impl IntoView {
    let jobs = use_stores().jobs;
    // Shared with the store, which may answer after the view has gone.
    let log = ArcRwSignal::new(Log::default());
    let read = {
        let log = log.clone();
        Callback::new(move |()| jobs.read_log(id.clone(), log.clone()))
    };
    Effect::new(move |_| {
        let _ = written.get();
        read.run(());
    });
    let lines = {
        let log = log.clone();
        move || log.with(|log| log.lines.clone())
    };
    let count = part(&log, |log| log.lines.len());
    let dropped = part(&log, |log| log.dropped);
    let loaded = part(&log, |log| log.loaded);
    let failure = part(&log, |log| log.failure.clone());
    let pane = NodeRef::<html::Div>::new();
    // Whoever scrolls up to read stays there.
    let at_end = RwSignal::new(true);
    let on_scroll = move |_| {
        if let Some(pane) = pane.get_untracked() {
            at_end.set(dom::is_at_end(&pane));
        }
    };
    Effect::new(move |_| {
        let _ = count.get();
        if let Some(pane) = pane.get()
            && at_end.get_untracked()
        {
            dom::scroll_to_end(pane.into());
        }
    });
    view! {
        {move || {
            failure
                .get()
                .map(|reason| {
                    view! { <Banner title="The log could not be loaded." reason on_retry=read /> }
                })
        }}
        <Show when=move || !loaded.get()>
            <Skeleton rows=3 />
        </Show>
        <Show when=move || { dropped.get() > 0 }>
            <p class="log-dropped">{move || dropped_words(dropped.get())}</p>
        </Show>
        <div
            class="log"
            node_ref=pane
            role="log"
            aria-label="Log"
            tabindex="0"
            hidden=move || count.get() == 0
            on:scroll=on_scroll
        >
            <For each=lines key=|line| line.number children=line />
        </div>
    }
}

fn line(line: LogLine) -> impl IntoView {
    let ms = format::parse_time(&line.at).unwrap_or_default();
    let offset = dom::utc_offset_minutes(ms);
    view! {
        <p data-line=line.number>
            <time title=format::exact_time(ms, offset)>{format::time_of_day(ms, offset)}</time>
            " "
            {line.text}
        </p>
    }
}

fn dropped_words(dropped: u32) -> String {
    match dropped {
        1 => "1 earlier line was dropped: there were too many.".to_owned(),
        lines => format!(
            "{} earlier lines were dropped: there were too many.",
            format::count(u64::from(lines))
        ),
    }
}

fn part<T: Clone + PartialEq + Send + Sync + 'static>(
    log: &ArcRwSignal<Log>,
    what: impl Fn(&Log) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let log = log.clone();
    Memo::new(move |_| log.with(&what))
}
