//! Adding a caller: its kind and its name.

use std::sync::Arc;

use leptos::prelude::*;
use toolroom_shared::{Caller, Grant};

use crate::components::{Segment, Segments};
use crate::dom;
use crate::stores::use_stores;

const KINDS: [(&str, &str, &str); 3] = [
    ("http", "HTTP client", "desk"),
    ("mcp", "MCP client", "editor"),
    ("model", "Model", "provider/model"),
];

/// The form that adds a caller.
#[component]
pub fn AddCaller(
    /// Whether it is shown.
    adding: RwSignal<bool>,
    /// Who is unfolded.
    open: RwSignal<Option<Caller>>,
) -> impl IntoView {
    let permissions = use_stores().permissions;
    let kind = RwSignal::new(0_usize);
    let name = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let segments = KINDS.map(|(id, label, _)| Segment {
        id: id.to_owned(),
        label: label.to_owned(),
        help: None,
        count: None,
    });
    let placeholder = move || KINDS.get(kind.get()).map(|(_, _, example)| *example);
    let add = move || {
        let (kind, ..) = KINDS.get(kind.get_untracked()).copied().unwrap_or(KINDS[0]);
        let text = name.get_untracked();
        if text.trim().is_empty() {
            problem.set(Some(
                "Enter the name by which it says who it is.".to_owned(),
            ));
            return;
        }
        let caller: Caller = match format!("{kind}:{}", text.trim()).parse() {
            Ok(caller) => caller,
            Err(bad) => {
                let bad: toolroom_shared::BadCaller = bad;
                problem.set(Some(bad.to_string()));
                return;
            }
        };
        if untrack(|| permissions.grant(&caller)).is_some() {
            open.set(Some(caller));
            adding.set(false);
            return;
        }
        let added = caller.clone();
        let done = Arc::new(move |done: Result<(), String>| match done {
            Ok(()) => {
                let _ = open.try_set(Some(added.clone()));
                let _ = adding.try_set(false);
                let fold = format!(
                    "[data-caller={}] [aria-expanded]",
                    dom::quoted(&added.to_string())
                );
                dom::focus_first(vec![fold]);
            }
            Err(reason) => {
                let _ = problem.try_set(Some(reason));
            }
        });
        permissions.set(caller, None, Some(Grant::default()), done);
    };
    dom::focus_first(vec!["#caller-name".to_owned()]);
    view! {
        <form
            class="panel settings-form"
            data-form="add-caller"
            on:submit=move |ev| {
                ev.prevent_default();
                add();
            }
            on:keydown=move |ev| {
                if ev.key() == "Escape" {
                    adding.set(false);
                }
            }
        >
            <div class="field">
                <span class="field-label" id="caller-kind">
                    "Kind"
                </span>
                <Segments
                    name="caller-kind"
                    labelled_by="caller-kind"
                    segments=segments.to_vec()
                    chosen=Signal::derive(move || Some(kind.get()))
                    on_choose=Callback::new(move |chosen| kind.set(chosen))
                />
            </div>
            <div class="field">
                <label class="field-label" for="caller-name">
                    "Name"
                </label>
                <input
                    id="caller-name"
                    class="input mono"
                    type="text"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder=placeholder
                    aria-describedby="caller-problem"
                    aria-invalid=move || problem.with(Option::is_some).to_string()
                    prop:value=name
                    on:input:target=move |ev| {
                        name.set(ev.target().value());
                        problem.set(None);
                    }
                />
                <p class="problem" id="caller-problem" aria-live="polite">
                    {problem}
                </p>
            </div>
            <div class="form-buttons">
                <button type="submit" class="button small primary" data-action="save-caller">
                    "Add"
                </button>
                <button type="button" class="button small" on:click=move |_| adding.set(false)>
                    "Don't add"
                </button>
            </div>
        </form>
    }
}
