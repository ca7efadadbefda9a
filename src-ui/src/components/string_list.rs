//! A list of lines outside of a tool's form: each is added, and taken away, at once.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::{EndText, Icon, IconView};

/// A list of lines with a line to add one.
#[component]
pub fn StringList(
    /// The id of the line that takes a new one.
    #[prop(into)]
    id: String,
    /// What the lines are.
    label: &'static str,
    /// What to know of them.
    #[prop(optional)]
    help: Option<&'static str>,
    /// What to type.
    placeholder: &'static str,
    /// The lines.
    #[prop(into)]
    items: Signal<Vec<String>>,
    /// Why the last change was refused.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// Takes a new line.
    on_add: Callback<String>,
    /// Takes the line that is to go.
    on_remove: Callback<String>,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let (help_id, problem_id) = (format!("{id}-help"), format!("{id}-problem"));
    let described_by = format!("{help_id} {problem_id}");
    // What was typed goes once the list has grown by it; what was refused stays to be mended.
    let sent = StoredValue::new(false);
    Effect::new(move |before: Option<usize>| {
        let count = items.with(Vec::len);
        if before.is_some_and(|before| count > before) && sent.get_value() {
            sent.set_value(false);
            text.set(String::new());
        }
        count
    });
    let add = move || {
        // A field that goes away loses the focus, too.
        let Some(new) = text.try_get_untracked() else {
            return;
        };
        let new = new.trim().to_owned();
        if items.with_untracked(|items| items.contains(&new)) {
            text.set(String::new());
        } else if !new.is_empty() {
            sent.set_value(true);
            on_add.run(new);
        }
    };
    let on_key = move |ev: KeyboardEvent| {
        if ev.key() == "Enter" && !ev.ctrl_key() && !ev.meta_key() {
            ev.prevent_default();
            add();
        }
    };
    let row = move |item: String| {
        let gone = item.clone();
        view! {
            <li class="item mono" data-item=item.clone()>
                <span class="item-text" title=item.clone()>
                    <EndText text=item.clone() />
                </span>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=format!("Remove {item}")
                    title="Remove"
                    on:click=move |_| on_remove.run(gone.clone())
                >
                    <IconView icon=Icon::Close />
                </button>
            </li>
        }
    };
    view! {
        <div class="field" data-list=id.clone()>
            <label class="field-label" for=id.clone()>
                {label}
            </label>
            <div class="list-box" class:wrong=move || problem.with(Option::is_some)>
                <ul class="items" hidden=move || items.with(Vec::is_empty)>
                    <For each=move || items.get() key=String::clone children=row />
                </ul>
                <input
                    id=id.clone()
                    class="add-line mono"
                    type="text"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder=placeholder
                    aria-describedby=described_by
                    aria-invalid=move || problem.with(Option::is_some).to_string()
                    prop:value=text
                    on:input:target=move |ev| text.set(ev.target().value())
                    on:keydown=on_key
                    on:blur=move |_| add()
                />
            </div>
            <p class="problem" id=problem_id aria-live="polite">
                {problem}
            </p>
            {help.map(|help| view! { <p class="help" id=help_id>{help}</p> })}
        </div>
    }
}
