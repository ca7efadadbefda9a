//! The filters that aren't on screen all the time: tool, caller, time.

use leptos::ev;
use leptos::prelude::*;
use toolroom_shared::Caller;

use super::JobsView;
use crate::components::{Icon, IconView};
use crate::dom;
use crate::stores::{TableKey, TimeSpan, ToolList, use_stores};

/// The doors at which persons ask, and the app itself.
const DOORS: [Caller; 3] = [Caller::Window, Caller::Terminal, Caller::App];

/// The button, and the filters behind it.
#[component]
pub fn Filters(
    /// The page.
    jobs: JobsView,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let set = Memo::new(move |_| jobs.key.with(TableKey::more_filters));
    let close = move || {
        open.set(false);
        dom::focus_first(vec!["[data-action='filters']".to_owned()]);
    };
    let on_key = move |ev: ev::KeyboardEvent| {
        if ev.key() == "Escape" && open.get_untracked() {
            ev.stop_propagation();
            close();
        }
    };
    // Whoever goes on elsewhere is done with it.
    let on_leave = move |ev: ev::FocusEvent| {
        if dom::goes_out_of(&ev, ".filters") {
            open.set(false);
        }
    };
    let on_press = window_event_listener(ev::pointerdown, move |ev| {
        if open.get_untracked() && !dom::is_within(&ev, ".filters") {
            open.set(false);
        }
    });
    on_cleanup(move || on_press.remove());
    let words = move || match set.get() {
        0 => "Filter".to_owned(),
        count => format!("Filter · {count}"),
    };
    view! {
        <div class="filters" on:keydown=on_key on:focusout=on_leave>
            <button
                type="button"
                class="button filter-button"
                class:set=move || { set.get() > 0 }
                data-action="filters"
                aria-expanded=move || open.get().to_string()
                aria-controls="jobs-filters"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {words}
                <IconView icon=Icon::Chevron />
            </button>
            <Show when=move || open.get()>
                <Panel jobs />
            </Show>
        </div>
    }
}

#[component]
fn Panel(jobs: JobsView) -> impl IntoView {
    let stores = use_stores();
    let key = jobs.key;
    let change = move |change: &dyn Fn(&mut TableKey)| {
        let mut changed = key.get_untracked();
        change(&mut changed);
        jobs.show.run((changed, false));
    };
    let tools = stores.tools.clone();
    let tools = Signal::derive(move || {
        let known = match tools.list() {
            ToolList::Ready(tools) => tools
                .iter()
                .map(|tool| (tool.name.clone(), tool.title.clone()))
                .collect(),
            _ => Vec::new(),
        };
        let chosen = key.with(|key| key.tool.clone());
        options("Any tool", known, chosen.map(|name| (name.clone(), name)))
    });
    let known = stores.jobs.callers();
    let callers = Signal::derive(move || {
        let doors = DOORS.iter().chain(&known);
        let doors = doors.map(|caller| (caller.to_string(), sentence(&caller.label())));
        let chosen = key.with(|key| key.caller.clone());
        let chosen = chosen.map(|caller| (caller.to_string(), sentence(&caller.label())));
        options("Anyone", doors.collect(), chosen)
    });
    let spans = Signal::derive(move || {
        let named = |span: &TimeSpan| (span.id().to_owned(), span.title().to_owned());
        TimeSpan::ALL.iter().map(named).collect::<Vec<_>>()
    });
    let any = Memo::new(move |_| key.with(TableKey::more_filters) > 0);
    view! {
        <div class="filter-panel" id="jobs-filters" role="group" aria-label="Filters">
            <Choice
                name="tool"
                label="Tool"
                options=tools
                chosen=Signal::derive(move || key.with(|key| key.tool.clone().unwrap_or_default()))
                on_choose=Callback::new(move |value: String| {
                    let tool = (!value.is_empty()).then_some(value);
                    change(&|key| key.tool.clone_from(&tool));
                })
            />
            <Choice
                name="caller"
                label="Started by"
                options=callers
                chosen=Signal::derive(move || {
                    key.with(|key| key.caller.as_ref().map(Caller::to_string).unwrap_or_default())
                })
                on_choose=Callback::new(move |value: String| {
                    let caller: Option<Caller> = value.parse().ok();
                    change(&|key| key.caller.clone_from(&caller));
                })
            />
            <Choice
                name="time"
                label="Started"
                options=spans
                chosen=Signal::derive(move || key.with(|key| key.span.id().to_owned()))
                on_choose=Callback::new(move |value: String| {
                    let span = TimeSpan::ALL.into_iter().find(|span| span.id() == value);
                    change(&|key| key.span = span.unwrap_or_default());
                })
            />
            <button
                type="button"
                class="button small"
                data-action="clear-filters"
                disabled=move || !any.get()
                on:click=move |_| jobs.show.run((key.get_untracked().without_more_filters(), false))
            >
                "Clear filters"
            </button>
        </div>
    }
}

/// A list of which one is chosen.
#[component]
fn Choice(
    name: &'static str,
    label: &'static str,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(into)] chosen: Signal<String>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let options = move || {
        let now = chosen.get();
        options
            .get()
            .into_iter()
            .map(|(value, label)| {
                let selected = value == now;
                view! {
                    <option value=value prop:selected=selected>
                        {label}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <label class="filter">
            <span>{label}</span>
            <select
                class="input"
                data-filter=name
                on:change:target=move |ev| on_choose.run(ev.target().value())
            >
                {options}
            </select>
        </label>
    }
}

/// None first, then what is known, and what is chosen although nothing knows it.
fn options(
    none: &str,
    known: Vec<(String, String)>,
    chosen: Option<(String, String)>,
) -> Vec<(String, String)> {
    let mut all = vec![(String::new(), none.to_owned())];
    for one in known.into_iter().chain(chosen) {
        if all.iter().all(|(value, _)| *value != one.0) {
            all.push(one);
        }
    }
    all
}

/// With a capital letter at its beginning.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_can_be_chosen_even_if_nothing_else_knows_it() {
        let known = vec![("zip".to_owned(), "Zip".to_owned())];
        let gone = Some(("gone".to_owned(), "gone".to_owned()));
        let values = |all: Vec<(String, String)>| -> Vec<String> {
            all.into_iter().map(|(value, _)| value).collect()
        };
        assert_eq!(
            values(options("Any", known.clone(), gone)),
            ["", "zip", "gone"]
        );
        let twice = known.first().cloned();
        assert_eq!(values(options("Any", known, twice)), ["", "zip"]);
        assert_eq!(sentence("the window"), "The window");
    }
}
