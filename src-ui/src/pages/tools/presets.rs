//! A tool's presets: a button at the heading, and behind it the list.

use leptos::ev::KeyboardEvent;
use leptos::html::{Button, Div};
use leptos::prelude::*;
use toolroom_shared::Preset;
use wasm_bindgen::JsCast;

use crate::components::{Icon, IconView, Skeleton};
use crate::dom;
use crate::stores::{FormSession, PresetList, ToolPresets, use_stores};
use crate::texts;

/// The button and, while it is open, the list.
#[component]
pub fn Presets(
    /// The tool's form.
    session: FormSession,
) -> impl IntoView {
    let presets = use_stores().presets.of(session.tool_name());
    let open = RwSignal::new(false);
    let (button, panel) = (NodeRef::<Button>::new(), NodeRef::<Div>::new());
    let applied = {
        let session = session.clone();
        Memo::new(move |_| session.preset_in_use())
    };
    let toggle = {
        let presets = presets.clone();
        move |_| {
            open.update(|open| *open = !*open);
            if open.get_untracked() {
                presets.load();
                presets.refusal.set(None);
                dom::focus_first(vec![
                    "[data-presets] [data-preset] button".to_owned(),
                    "[data-presets] input".to_owned(),
                ]);
            }
        }
    };
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            // Fails only for what is going away.
            let _ = button.focus();
        }
    };
    let on_key = move |ev: KeyboardEvent| {
        if ev.key() == "Escape" {
            ev.stop_propagation();
            close();
        }
    };
    // A press anywhere else means that one is done here.
    let elsewhere = window_event_listener(leptos::ev::mousedown, move |ev| {
        let at = ev
            .target()
            .and_then(|at| at.dyn_into::<web_sys::Node>().ok());
        let is_inside =
            |node: Option<&web_sys::Node>| node.is_some_and(|node| node.contains(at.as_ref()));
        if open.get_untracked()
            && !panel
                .get_untracked()
                .is_some_and(|panel| is_inside(Some(panel.as_ref())))
            && !button
                .get_untracked()
                .is_some_and(|button| is_inside(Some(button.as_ref())))
        {
            open.set(false);
        }
    });
    on_cleanup(move || elsewhere.remove());
    let words = move || match applied.get() {
        Some((name, _)) => name,
        None => "Presets".to_owned(),
    };
    let changed = move || {
        applied
            .get()
            .is_some_and(|(_, changed)| changed)
            .then(|| view! { <span class="changed">"changed"</span> })
    };
    let body = {
        let session = session.clone();
        move || {
            open.get().then(|| {
                view! { <Panel session=session.clone() presets=presets.clone() close=Callback::new(move |()| close()) /> }
            })
        }
    };
    view! {
        <div class="presets" on:keydown=on_key>
            <button
                type="button"
                class="button"
                data-action="presets"
                aria-haspopup="dialog"
                aria-expanded=move || open.get().to_string()
                node_ref=button
                on:click=toggle
            >
                <span class="presets-name">{words}</span>
                {changed}
                <IconView icon=Icon::Chevron />
            </button>
            <div node_ref=panel>{body}</div>
        </div>
    }
}

#[component]
fn Panel(session: FormSession, presets: ToolPresets, close: Callback<()>) -> impl IntoView {
    let list = {
        let (session, presets) = (session.clone(), presets.clone());
        move || match presets.list.get() {
            PresetList::Loading => view! { <Skeleton rows=2 /> }.into_any(),
            PresetList::Failed(reason) => view! { <p class="problem">{reason}</p> }.into_any(),
            PresetList::Ready(list) if list.is_empty() => view! {
                <p class="muted-line">"None yet. Fill in the form and save it under a name."</p>
            }
            .into_any(),
            PresetList::Ready(list) => {
                let entry = |preset| entry(preset, &session, &presets, close);
                view! { <ul>{list.into_iter().map(entry).collect_view()}</ul> }.into_any()
            }
        }
    };
    let removed = {
        let presets = presets.clone();
        move || {
            let presets = presets.clone();
            presets.removed.get().map(|preset| {
                view! {
                    <p class="removed" role="status">
                        <span>{preset.name} " was removed."</span>
                        <button
                            type="button"
                            class="text-button"
                            data-action="undo-remove"
                            on:click=move |_| presets.put_back()
                        >
                            "Undo"
                        </button>
                    </p>
                }
            })
        }
    };
    let refusal = presets.refusal.clone();
    let refused = move || {
        refusal
            .get()
            .map(|reason| view! { <p class="problem" role="alert">{reason}</p> })
    };
    view! {
        <div class="presets-panel" role="dialog" aria-label="Presets" data-presets="">
            {list}
            {removed}
            {update(&session, &presets)}
            {save_as(&session, &presets)}
            {refused}
            {session.has_secret_field().then(|| view! { <p class="help">{texts::PRESETS_WITHOUT_SECRETS}</p> })}
        </div>
    }
}

fn entry(
    preset: Preset,
    session: &FormSession,
    presets: &ToolPresets,
    close: Callback<()>,
) -> impl IntoView + use<> {
    let renaming = RwSignal::new(false);
    let (session, presets) = (session.clone(), presets.clone());
    move || {
        let name = preset.name.clone();
        if renaming.get() {
            let rename = {
                let (preset, presets, session) = (preset.clone(), presets.clone(), session.clone());
                move |new: String| {
                    let (session, old) = (session.clone(), preset.name.clone());
                    let instead_of = Some(preset.name.clone());
                    presets.save(&new, preset.input.clone(), instead_of, move |kept| {
                        session.preset_renamed(&old, &kept.name);
                    });
                }
            };
            return view! {
                <li class="preset" data-preset=name.clone()>
                    {name_line("New name", name.clone(), "Rename", "rename-preset", rename)}
                </li>
            }
            .into_any();
        }
        let apply = {
            let (session, preset) = (session.clone(), preset.clone());
            move |_| {
                session.apply_preset(&preset);
                close.run(());
            }
        };
        let remove = {
            let (presets, preset) = (presets.clone(), preset.clone());
            move |_| presets.remove(preset.clone())
        };
        view! {
            <li class="preset" data-preset=name.clone()>
                <button type="button" class="preset-name" data-action="apply-preset" on:click=apply>
                    {name.clone()}
                </button>
                <button
                    type="button"
                    class="text-button"
                    data-action="rename"
                    aria-label=format!("Rename {name}")
                    on:click=move |_| {
                        renaming.set(true);
                        dom::focus_first(vec!["[data-preset] input".to_owned()]);
                    }
                >
                    "Rename"
                </button>
                <button
                    type="button"
                    class="icon-button"
                    data-action="remove-preset"
                    aria-label=format!("Remove {name}")
                    title="Remove"
                    on:click=remove
                >
                    <IconView icon=Icon::Close />
                </button>
            </li>
        }
        .into_any()
    }
}

/// Offers to keep what was changed under the preset's own name.
fn update(session: &FormSession, presets: &ToolPresets) -> impl IntoView + use<> {
    let (session, presets) = (session.clone(), presets.clone());
    move || {
        let (name, changed) = session.preset_in_use()?;
        let (session, presets) = (session.clone(), presets.clone());
        changed.then(|| {
            let words = format!("Update {name}");
            let update = move |_| {
                let session = session.clone();
                let input = session.input();
                presets.save(&name, input, Some(name.clone()), move |kept| {
                    session.preset_saved(&kept);
                });
            };
            view! {
                <button type="button" class="button small" data-action="update-preset" on:click=update>
                    {words}
                </button>
            }
        })
    }
}

fn save_as(session: &FormSession, presets: &ToolPresets) -> impl IntoView + use<> {
    let (session, presets) = (session.clone(), presets.clone());
    let save = move |name: String| {
        let session = session.clone();
        presets.save(&name, session.input(), None, move |kept| {
            session.preset_saved(&kept);
        });
    };
    name_line(
        "Name of a new preset",
        String::new(),
        "Save",
        "save-preset",
        save,
    )
}

/// A line for a name, and the button that takes it.
fn name_line(
    label: &'static str,
    first: String,
    words: &'static str,
    action: &'static str,
    take: impl Fn(String) + Clone + 'static,
) -> impl IntoView {
    let name = RwSignal::new(first);
    let submit = move || {
        take(name.get_untracked());
        name.set(String::new());
    };
    let on_enter = {
        let submit = submit.clone();
        move |ev: KeyboardEvent| {
            if ev.key() == "Enter" && !ev.ctrl_key() && !ev.meta_key() {
                ev.prevent_default();
                submit();
            }
        }
    };
    view! {
        <div class="name-line">
            <input
                class="input"
                type="text"
                autocomplete="off"
                spellcheck="false"
                placeholder=label
                aria-label=label
                prop:value=name
                on:input:target=move |ev| name.set(ev.target().value())
                on:keydown=on_enter
            />
            <button type="button" class="button small" data-action=action on:click=move |_| submit()>
                {words}
            </button>
        </div>
    }
}
