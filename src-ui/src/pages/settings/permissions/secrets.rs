//! The secrets that are kept, by name: added, replaced, forgotten, and never shown.

use std::sync::Arc;

use leptos::prelude::*;
use toolroom_shared::{KeptSecret, SecretName, SecretPlace};

use super::secret_form::{SecretForm, Which};
use crate::components::{Banner, Empty, Skeleton};
use crate::dom;
use crate::stores::{Known, use_stores};

/// The secrets.
#[component]
pub fn Secrets() -> impl IntoView {
    let secrets = use_stores().secrets;
    secrets.load();
    // Which one is typed in.
    let form = RwSignal::new(None::<Which>);
    // Which one is asked about before it is forgotten.
    let asked = RwSignal::new(None::<SecretName>);
    let reload = {
        let secrets = secrets.clone();
        Callback::new(move |()| secrets.load())
    };
    let list = Memo::new(move |_| secrets.list());
    let kept = Memo::new(move |_| list.with(|list| list.ready().cloned().unwrap_or_default()));
    let instead = move || match list.get() {
        Known::Loading => view! { <Skeleton rows=2 /> }.into_any(),
        Known::Failed(reason) => view! {
            <Banner title="The names of the secrets could not be read." reason on_retry=reload />
        }
        .into_any(),
        Known::Ready(kept) if kept.is_empty() && form.with(Option::is_none) => view! {
            <Empty
                title="No secrets yet"
                hint="Keep a password or token once, and choose it by its name in a tool's form."
            />
        }
        .into_any(),
        Known::Ready(_) => ().into_any(),
    };
    let row = move |one: KeptSecret| view! { <Row one form asked /> };
    view! {
        <section class="settings-part" aria-labelledby="secrets-heading">
            <header class="settings-part-head">
                <h2 id="secrets-heading">"Secrets"</h2>
                <button
                    type="button"
                    class="button small"
                    data-action="add-secret"
                    aria-expanded=move || (form.get() == Some(Which::New)).to_string()
                    on:click=move |_| {
                        form.update(|form| {
                            let is_open = *form == Some(Which::New);
                            *form = (!is_open).then_some(Which::New);
                        });
                    }
                >
                    "Add a secret"
                </button>
            </header>
            {move || form.get().map(|which| view! { <SecretForm which form /> })}
            {instead}
            <ul class="panels">
                <For each=move || kept.get() key=|one| (one.name.clone(), one.place) children=row />
            </ul>
        </section>
    }
}

#[component]
fn Row(
    one: KeptSecret,
    form: RwSignal<Option<Which>>,
    asked: RwSignal<Option<SecretName>>,
) -> impl IntoView {
    let place = match one.place {
        SecretPlace::Keyring => "in the system's keyring",
        SecretPlace::File => "in a file for your eyes only",
    };
    let name = one.name;
    let (replaced, removed, of) = (name.clone(), name.clone(), name.clone());
    let is_asked = Memo::new(move |_| asked.with(|asked| asked.as_ref() == Some(&of)));
    let text = name.to_string();
    view! {
        <li class="panel" data-secret=text.clone()>
            <div class="panel-line">
                <span class="panel-title mono">{text.clone()}</span>
                <span class="panel-note">{place}</span>
                <button
                    type="button"
                    class="text-button"
                    data-action="replace-secret"
                    on:click=move |_| form.set(Some(Which::Replace(replaced.clone())))
                >
                    "Replace"
                </button>
                <button
                    type="button"
                    class="text-button danger"
                    data-action="remove-secret"
                    on:click=move |_| asked.set(Some(removed.clone()))
                >
                    "Remove"
                </button>
            </div>
            <Show when=move || is_asked.get()>
                <RemoveQuestion name=name.clone() asked />
            </Show>
        </li>
    }
}

/// Asks before a secret is forgotten, and says who was granted it.
#[component]
fn RemoveQuestion(name: SecretName, asked: RwSignal<Option<SecretName>>) -> impl IntoView {
    let stores = use_stores();
    let granted: Vec<String> = match untrack(|| stores.permissions.state()) {
        Known::Ready(state) => {
            let all = state.policy.grants.into_iter();
            all.filter(|given| given.grant.secrets.contains(&name))
                .map(|given| given.caller.label())
                .collect()
        }
        _ => Vec::new(),
    };
    let who = match granted.len() {
        0 => String::new(),
        _ => format!(" It was granted to {}.", granted.join(", ")),
    };
    let words = format!(
        "Remove {name}? It can't be brought back, and jobs that name it will fail until it is kept again.{who}"
    );
    let (kept, removed) = (name.clone(), name.clone());
    let keep = move || {
        asked.set(None);
        let row = format!(
            "[data-secret={}] [data-action='remove-secret']",
            dom::quoted(kept.as_str())
        );
        dom::focus_first(vec![row]);
    };
    let yes = move |_| {
        let notices = stores.notices.clone();
        let done = Arc::new(move |done: Result<(), String>| {
            let _ = asked.try_set(None);
            if let Err(reason) = done {
                notices.tell(reason);
            }
            dom::focus_first(vec!["[data-action='add-secret']".to_owned()]);
        });
        stores.secrets.remove(removed.clone(), done);
    };
    // The harmless answer is the nearest.
    dom::focus_first(vec!["[data-action='keep-secret']".to_owned()]);
    let escape = keep.clone();
    view! {
        <div
            class="question within"
            role="alertdialog"
            aria-labelledby="remove-secret-question"
            on:keydown=move |ev| {
                if ev.key() == "Escape" {
                    escape();
                }
            }
        >
            <p id="remove-secret-question">{words}</p>
            <div class="question-answers">
                <button
                    type="button"
                    class="button small"
                    data-action="keep-secret"
                    on:click=move |_| keep()
                >
                    "Keep it"
                </button>
                <button
                    type="button"
                    class="button small danger"
                    data-action="confirm-remove-secret"
                    on:click=yes
                >
                    "Remove it"
                </button>
            </div>
        </div>
    }
}
