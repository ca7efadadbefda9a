//! What a job's tool wrote, line by line. Of a long log only the lines in sight are drawn.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use toolroom_shared::{JobId, LogLine};

use crate::components::{Banner, CopyButton, Empty, Icon, IconView, Skeleton};
use crate::dom;
use crate::format;
use crate::pages::job_view::JobReading;
use crate::stores::{Log, use_stores};

/// A line's height in pixels, as the style has it.
const LINE: f64 = 19.0;
/// How many lines are drawn above and below those in sight.
const BESIDE: usize = 12;

/// The job's log, which follows while the job writes more.
#[component]
pub fn LogSection(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let written = reading.summary(|job| job.log_lines);
    let over = reading.summary(|job| job.status.is_terminal());
    let has_any = Memo::new(move |_| written.get() > 0);
    let id = reading.id.clone();
    move || {
        if has_any.get() {
            let id = id.clone();
            return view! { <Lines id written /> }.into_any();
        }
        let hint = if over.get() {
            "Its tool wrote nothing."
        } else {
            "What its tool writes stands here as it comes."
        };
        view! { <Empty title="No log" hint /> }.into_any()
    }
}

/// The lines.
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
    let search = RwSignal::new(String::new());
    let found = {
        let log = log.clone();
        Memo::new(move |_| search.with(|words| log.with(|log| matching(&log.lines, words))))
    };
    let count = part(&log, |log| log.lines.len());
    let dropped = part(&log, |log| log.dropped);
    let loaded = part(&log, |log| log.loaded);
    let failure = part(&log, |log| log.failure.clone());
    // Whoever scrolls up to read stays there.
    let follows = RwSignal::new(true);
    let summary = move || {
        let (found, count) = (found.with(Vec::len), count.get());
        let lines = |count: usize| match count {
            1 => "1 line".to_owned(),
            count => format!("{} lines", format::count(count as u64)),
        };
        if search.with(|words| words.trim().is_empty()) {
            lines(count)
        } else {
            format!("{} of {}", format::count(found as u64), lines(count))
        }
    };
    let all = {
        let log = log.clone();
        move || log.with_untracked(|log| text_of(&log.lines))
    };
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
        <div class="log-tools" hidden=move || count.get() == 0>
            <label class="search">
                <IconView icon=Icon::Search />
                <input
                    type="search"
                    aria-label="Search the log"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="Search the log"
                    data-log-search=""
                    on:input:target=move |ev| search.set(ev.target().value())
                />
            </label>
            <span class="log-count" role="status">
                {summary}
            </span>
            <button
                type="button"
                class="button small"
                data-action="follow-log"
                aria-pressed=move || follows.get().to_string()
                on:click=move |_| follows.update(|follows| *follows = !*follows)
            >
                "Follow"
            </button>
            {move || {
                let _ = count.get();
                view! { <CopyButton text=all() what="log" /> }
            }}
        </div>
        <Show when=move || { dropped.get() > 0 }>
            <p class="log-dropped">{move || dropped_words(dropped.get())}</p>
        </Show>
        <Show when=move || { count.get() > 0 && found.with(Vec::is_empty) }>
            <p class="muted">"No line has these words."</p>
        </Show>
        <Pane log found follows />
    }
}

/// The lines that were found, as high as they all are together.
#[component]
fn Pane(
    /// The log.
    log: ArcRwSignal<Log>,
    /// The places of the lines that are shown.
    found: Memo<Vec<usize>>,
    /// The newest line is kept in sight.
    follows: RwSignal<bool>,
) -> impl IntoView {
    let pane = NodeRef::<html::Div>::new();
    let seen = RwSignal::new((0usize, 60usize));
    let length = Memo::new(move |_| found.with(Vec::len));
    let look = move || {
        if let Some(pane) = pane.get_untracked() {
            let first = (f64::from(pane.scroll_top()) / LINE) as usize;
            let lines = (f64::from(pane.client_height()) / LINE) as usize + 1;
            let range = (first.saturating_sub(BESIDE), first + lines + BESIDE);
            seen.maybe_update(|seen| std::mem::replace(seen, range) != range);
        }
    };
    let last_top = StoredValue::new(0);
    let on_scroll = move |_: ev::Event| {
        look();
        if let Some(pane) = pane.get_untracked() {
            let top = pane.scroll_top();
            let goes_up = top < last_top.get_value();
            last_top.set_value(top);
            // That the end is farther away than a moment ago is no wish to leave it.
            let wants = dom::is_at_end(&pane) || follows.get_untracked() && !goes_up;
            if follows.get_untracked() != wants {
                follows.set(wants);
            }
        }
    };
    Effect::new(move |_| {
        let _ = length.get();
        if let Some(pane) = pane.get() {
            if follows.get() {
                dom::scroll_to_end(pane.into());
            }
            request_animation_frame(look);
        }
    });
    let lines = move || {
        let (first, last) = seen.get();
        found.with(|found| {
            log.with(|log| {
                let last = last.min(found.len());
                let range = found.get(first.min(last)..last).unwrap_or_default();
                let lines = range.iter().filter_map(|place| log.lines.get(*place));
                lines.cloned().collect::<Vec<_>>()
            })
        })
    };
    let height = |lines: usize| format!("{}px", lines as f64 * LINE);
    let above = move || height(seen.with(|(first, _)| *first).min(length.get()));
    let below = move || height(length.get().saturating_sub(seen.with(|(_, last)| *last)));
    view! {
        <div
            class="log"
            node_ref=pane
            role="log"
            aria-label="Log"
            tabindex="0"
            hidden=move || length.get() == 0
            on:scroll=on_scroll
        >
            <div style:height=above></div>
            <For each=lines key=|line| line.number children=line />
            <div style:height=below></div>
        </div>
    }
}

fn line(line: LogLine) -> impl IntoView {
    let ms = format::parse_time(&line.at).unwrap_or_default();
    let offset = dom::utc_offset_minutes(ms);
    let whole = line.text.clone();
    view! {
        <p data-line=line.number title=whole>
            <time title=format::exact_time(ms, offset)>{format::time_of_day(ms, offset)}</time>
            " "
            {line.text}
        </p>
    }
}

/// The places of the lines in which all of the words stand, in whatever case.
fn matching(lines: &[LogLine], words: &str) -> Vec<usize> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let has_all = |line: &LogLine| {
        words.is_empty() || {
            let text = line.text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        }
    };
    let places = lines.iter().enumerate();
    places
        .filter(|(_, line)| has_all(line))
        .map(|(place, _)| place)
        .collect()
}

fn text_of(lines: &[LogLine]) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(&line.at);
        text.push(' ');
        text.push_str(&line.text);
        text.push('\n');
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_by_all_of_its_words_in_any_case_and_order() {
        let lines: Vec<_> = ["Fetched part 1", "fetched part 2", "Warning: slow"]
            .iter()
            .zip(1..)
            .map(|(text, number)| LogLine {
                number,
                at: String::new(),
                text: (*text).to_owned(),
            })
            .collect();
        assert_eq!(matching(&lines, "  "), [0, 1, 2]);
        assert_eq!(matching(&lines, "PART fetch"), [0, 1]);
        assert_eq!(matching(&lines, "warning part"), [0usize; 0]);
    }
}
