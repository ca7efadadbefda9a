//! Typing in a secret. It stands in the field until it was sent, and nowhere after that.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use toolroom_shared::SecretName;

use crate::dom;
use crate::stores::{Keeping, use_stores};

/// Which secret is typed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// A new one.
    New,
    /// One in the place of another.
    Replace(SecretName),
}

/// What stands below the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Typing,
    Sending,
    /// There is no keyring: will a file do?
    Asking,
    Refused(&'static str, String),
}

/// The form.
#[component]
pub fn SecretForm(
    /// Which secret.
    which: Which,
    /// Which form is shown.
    form: RwSignal<Option<Which>>,
) -> impl IntoView {
    let stores = use_stores();
    let given = match &which {
        Which::New => None,
        Which::Replace(name) => Some(name.clone()),
    };
    let is_new = given.is_none();
    let title = match &given {
        None => "Keep a secret".to_owned(),
        Some(name) => format!("Replace {name}"),
    };
    let name = RwSignal::new(given.map_or_else(String::new, |name| name.to_string()));
    // What is typed stays in the field, and in no signal.
    let field = NodeRef::<html::Input>::new();
    let state = RwSignal::new(State::default());
    let clear = move || {
        // Also called once the form has gone.
        if let Some(Some(field)) = field.try_get_untracked() {
            field.set_value("");
        }
    };
    let send = Callback::new(move |allow_file: bool| {
        let name = match SecretName::new(name.get_untracked().trim()) {
            Ok(name) => name,
            Err(bad) => return state.set(State::Refused("name", bad.to_string())),
        };
        let secret = field.get_untracked().map(|field| field.value());
        let Some(secret) = secret.filter(|secret| !secret.is_empty()) else {
            let words = "Type the secret in.".to_owned();
            return state.set(State::Refused("secret", words));
        };
        state.set(State::Sending);
        let notices = stores.notices.clone();
        let kept = name.clone();
        let done = Arc::new(move |keeping: Keeping| match keeping {
            Keeping::Kept => {
                clear();
                let _ = form.try_set(None);
                notices.tell(format!("{kept} is kept."));
                dom::focus_first(vec!["[data-action='add-secret']".to_owned()]);
            }
            Keeping::NoKeyring => {
                let _ = state.try_set(State::Asking);
                dom::focus_first(vec!["[data-action='refuse-file']".to_owned()]);
            }
            Keeping::Refused(reason) => {
                let _ = state.try_set(State::Refused("secret", reason));
            }
        });
        stores.secrets.keep(name, secret, allow_file, done);
    });
    let problem = move |of: &'static str| {
        Memo::new(move |_| {
            state.with(|state| match state {
                State::Refused(field, reason) if *field == of => Some(reason.clone()),
                _ => None,
            })
        })
    };
    let (name_problem, secret_problem) = (problem("name"), problem("secret"));
    let is_sending = move || state.with(|state| *state == State::Sending);
    let close = move || {
        clear();
        form.set(None);
        dom::focus_first(vec!["[data-action='add-secret']".to_owned()]);
    };
    let first = match is_new {
        true => "#secret-name",
        false => "#secret-text",
    };
    dom::focus_first(vec![first.to_owned()]);
    view! {
        <form
            class="panel settings-form"
            data-form="secret"
            aria-label=title.clone()
            autocomplete="off"
            on:submit=move |ev| {
                ev.prevent_default();
                if !is_sending() {
                    send.run(false);
                }
            }
            on:keydown=move |ev| {
                if ev.key() == "Escape" {
                    close();
                }
            }
        >
            <h3>{title.clone()}</h3>
            <div class="field" hidden=!is_new>
                <label class="field-label" for="secret-name">
                    "Name"
                </label>
                <input
                    id="secret-name"
                    class="input mono"
                    type="text"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder="GITHUB_TOKEN"
                    aria-describedby="secret-name-problem"
                    aria-invalid=move || name_problem.with(Option::is_some).to_string()
                    prop:value=name
                    on:input:target=move |ev| {
                        name.set(ev.target().value());
                        state.set(State::Typing);
                    }
                />
                <p class="problem" id="secret-name-problem" aria-live="polite">
                    {name_problem}
                </p>
            </div>
            <div class="field">
                <label class="field-label" for="secret-text">
                    "Secret"
                </label>
                <input
                    id="secret-text"
                    class="input"
                    type="password"
                    autocomplete="new-password"
                    spellcheck="false"
                    node_ref=field
                    aria-describedby="secret-text-problem secret-text-help"
                    aria-invalid=move || secret_problem.with(Option::is_some).to_string()
                    on:input=move |_| {
                        if state.with_untracked(|state| *state != State::Typing) {
                            state.set(State::Typing);
                        }
                    }
                />
                <p class="problem" id="secret-text-problem" aria-live="polite">
                    {secret_problem}
                </p>
                <p class="help" id="secret-text-help">
                    "It is kept in the system's keyring and never shown again."
                </p>
            </div>
            <Show when=move || state.with(|state| *state == State::Asking)>
                <div class="question within" role="alertdialog" aria-labelledby="file-question">
                    <p id="file-question">
                        "There is no keyring on this system. Should secrets be kept in a file in the data folder that only you may read? It isn't encrypted. This is remembered."
                    </p>
                    <div class="question-answers">
                        <button
                            type="button"
                            class="button small"
                            data-action="refuse-file"
                            on:click=move |_| state.set(State::Typing)
                        >
                            "Don't keep it"
                        </button>
                        <button
                            type="button"
                            class="button small"
                            data-action="agree-to-file"
                            on:click=move |_| send.run(true)
                        >
                            "Keep it in a file"
                        </button>
                    </div>
                </div>
            </Show>
            <div class="form-buttons">
                <button
                    type="submit"
                    class="button small primary"
                    data-action="save-secret"
                    disabled=is_sending
                >
                    "Keep it"
                </button>
                <button type="button" class="button small" on:click=move |_| close()>
                    "Close"
                </button>
            </div>
        </form>
    }
}
