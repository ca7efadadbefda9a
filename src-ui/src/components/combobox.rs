//! One of many options, found by typing.

use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

use super::{Icon, IconView, Segment};
use crate::dom;

/// A line that shows what is chosen, and a list below it while somebody chooses. What is typed leaves
/// the options that contain it.
#[component]
pub fn Combobox(
    /// The id of the line.
    #[prop(into)]
    id: String,
    /// The id of what describes it.
    #[prop(into)]
    described_by: String,
    /// Whether it shows a problem.
    wrong: Signal<bool>,
    /// The options.
    options: Vec<Segment>,
    /// The index of the chosen one.
    chosen: Signal<Option<usize>>,
    /// Takes the index of the new one.
    on_choose: Callback<usize>,
) -> impl IntoView {
    let labels: Vec<String> = options.iter().map(|option| option.label.clone()).collect();
    let labels = StoredValue::new(labels);
    let open = RwSignal::new(false);
    let typed = RwSignal::new(None::<String>);
    let active = RwSignal::new(0_usize);
    let line = NodeRef::<Input>::new();
    let shown = Memo::new(move |_| {
        let query = typed.get().unwrap_or_default();
        labels.with_value(|labels| matching(labels, &query))
    });
    let text = move || {
        typed.get().unwrap_or_else(|| {
            let chosen = chosen.get();
            labels
                .with_value(|labels| chosen.and_then(|index| labels.get(index)).cloned())
                .unwrap_or_default()
        })
    };
    let list_id = format!("options-{id}");
    let option_id = {
        let list_id = list_id.clone();
        move |index: usize| format!("{list_id}-{index}")
    };
    let show = move || {
        if !open.get_untracked() {
            open.set(true);
            let at = chosen.get_untracked();
            active.set(at.unwrap_or(0));
        }
    };
    let close = move || {
        open.set(false);
        typed.set(None);
    };
    let choose = move |place: usize| {
        if let Some(index) = shown.with_untracked(|shown| shown.get(place).copied()) {
            on_choose.run(index);
        }
        close();
    };
    let reveal = {
        let option_id = option_id.clone();
        move || {
            let index = shown.with_untracked(|shown| shown.get(active.get_untracked()).copied());
            if let Some(index) = index {
                dom::reveal(option_id(index));
            }
        }
    };
    let on_key = {
        let reveal = reveal.clone();
        move |ev: KeyboardEvent| {
            let count = shown.with_untracked(Vec::len);
            let at = active.get_untracked();
            match ev.key().as_str() {
                "ArrowDown" | "ArrowUp" if !open.get_untracked() => show(),
                "ArrowDown" => active.set((at + 1).min(count.saturating_sub(1))),
                "ArrowUp" => active.set(at.saturating_sub(1)),
                "Home" if open.get_untracked() => active.set(0),
                "End" if open.get_untracked() => active.set(count.saturating_sub(1)),
                "Enter" if open.get_untracked() && !ev.ctrl_key() && !ev.meta_key() => choose(at),
                "Escape" if open.get_untracked() => {
                    ev.stop_propagation();
                    close();
                }
                _ => return,
            }
            ev.prevent_default();
            reveal();
        }
    };
    let on_input = move |text: String| {
        show();
        typed.set(Some(text));
        active.set(0);
    };
    // Who has typed and goes on means what is marked.
    let on_blur = move |_| {
        let has_typed = typed
            .with_untracked(|typed| typed.as_ref().is_some_and(|typed| !typed.trim().is_empty()));
        if open.get_untracked() && has_typed {
            choose(active.get_untracked());
        }
        close();
    };
    let on_click = {
        move |_| {
            show();
            if let Some(line) = line.get_untracked() {
                line.select();
            }
            reveal();
        }
    };
    let activedescendant = {
        let option_id = option_id.clone();
        move || {
            let index = shown.with(|shown| shown.get(active.get()).copied());
            index.filter(|_| open.get()).map(&option_id)
        }
    };
    let items = move || {
        let query_shown = shown.get();
        if !open.get() {
            return Vec::new();
        }
        query_shown
            .into_iter()
            .enumerate()
            .filter_map(|(place, index)| {
                let option = options.get(index)?.clone();
                Some(view! {
                    <li
                        id=option_id(index)
                        role="option"
                        class:active=move || active.get() == place
                        aria-selected=move || (chosen.get() == Some(index)).to_string()
                        data-option=option.id
                        title=option.help
                        on:click=move |_| choose(place)
                    >
                        {option.label}
                    </li>
                })
            })
            .collect::<Vec<_>>()
    };
    let nothing = move || {
        (open.get() && shown.with(Vec::is_empty))
            .then(|| view! { <p class="muted-line" role="status">"Nothing is called that."</p> })
    };
    view! {
        <div class="combobox">
            <input
                id=id
                class="input"
                type="text"
                role="combobox"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                placeholder="Choose…"
                aria-autocomplete="list"
                aria-expanded=move || open.get().to_string()
                aria-controls=list_id.clone()
                aria-activedescendant=activedescendant
                aria-describedby=described_by
                aria-invalid=move || wrong.get().to_string()
                node_ref=line
                prop:value=text
                on:input:target=move |ev| on_input(ev.target().value())
                on:keydown=on_key
                on:click=on_click
                on:blur=on_blur
            />
            <IconView icon=Icon::Chevron />
            // A press on an option must not take the focus from the line.
            <div class="options" hidden=move || !open.get() on:mousedown=|ev| ev.prevent_default()>
                <ul id=list_id role="listbox" aria-label="Options">
                    {items}
                </ul>
                {nothing}
            </div>
        </div>
    }
}

/// The indices of the labels that contain `query`, those that begin with it first.
fn matching(labels: &[String], query: &str) -> Vec<usize> {
    let query = query.trim().to_lowercase();
    let mut found: Vec<(bool, usize)> = labels
        .iter()
        .enumerate()
        .filter_map(|(index, label)| {
            let place = label.to_lowercase().find(&query)?;
            Some((place > 0, index))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_the_query_comes_first_and_nothing_typed_leaves_all() {
        let labels = ["Maple", "Apple", "Pear"].map(str::to_owned);
        assert_eq!(matching(&labels, "ap"), [1, 0]);
        assert_eq!(matching(&labels, " "), [0, 1, 2]);
        assert_eq!(matching(&labels, "x"), Vec::<usize>::new());
    }
}
