//! A secret: typed in and hidden until one asks to see it, or the name of one that is kept.

use leptos::prelude::*;

use super::FormContext;
use super::frame::{self, Ids};
use crate::components::{Segment, Segments};
use crate::form::{Field, FieldValue, SecretValue};

/// Which secrets are kept: whoever shows a form says so through the context. Without that a name is typed.
#[derive(Clone, Copy)]
pub struct KeptSecrets {
    /// Asks which there are.
    pub ask: Callback<()>,
    /// Their names, as far as they are known.
    pub names: Signal<Vec<String>>,
}

/// How many of them are offered; the others can be typed.
const OFFERED: usize = 12;

/// The field for a secret.
pub(super) fn view(field: &Field, form: &FormContext) -> AnyView {
    let ids = Ids::of(field);
    let key = field.key.clone();
    let by_name = form.read(move |values| values.secret(&key).by_name);
    let change = {
        let (form, field) = (form.clone(), field.clone());
        move |change: Box<dyn FnOnce(&mut SecretValue)>| {
            let key = field.key.clone();
            form.edit(&field, move |values| {
                let mut secret = values.secret(&key);
                change(&mut secret);
                values.set(&key, FieldValue::Secret(secret));
            });
        }
    };
    let ways = [("typed", "Typed in"), ("named", "Kept one")]
        .map(|(id, label)| Segment {
            id: id.to_owned(),
            label: label.to_owned(),
            help: None,
            count: None,
        })
        .to_vec();
    let on_choose = {
        let change = change.clone();
        Callback::new(move |index: usize| {
            change(Box::new(move |secret| secret.by_name = index == 1));
        })
    };
    let input = {
        let (form, field, ids) = (form.clone(), field.clone(), ids.clone());
        move || {
            let change = change.clone();
            if by_name.get() {
                named(&field, &form, &ids, move |name| {
                    change(Box::new(|secret| secret.name = name));
                })
            } else {
                typed(&field, &form, &ids, move |typed| {
                    change(Box::new(|secret| secret.typed = typed));
                })
            }
        }
    };
    let control = view! {
        <Segments
            name=format!("way{}", ids.input)
            labelled_by=ids.label.clone()
            segments=ways
            chosen=Signal::derive(move || Some(usize::from(by_name.get())))
            on_choose
        />
        <div class="secret-input">{input}</div>
    };
    frame::labelled(field, form, &ids, "secret", control)
}

fn typed(field: &Field, form: &FormContext, ids: &Ids, set: impl Fn(String) + 'static) -> AnyView {
    let key = field.key.clone();
    let value = form.read(move |values| values.secret(&key).typed);
    let wrong = form.is_wrong(field);
    let shown = RwSignal::new(false);
    view! {
        <div class="with-unit">
            <input
                id=ids.input.clone()
                class="input"
                type=move || if shown.get() { "text" } else { "password" }
                autocomplete="new-password"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby=ids.about.clone()
                aria-invalid=move || wrong.get().to_string()
                prop:value=value
                on:input:target=move |ev| set(ev.target().value())
            />
            <button
                type="button"
                class="button small"
                aria-pressed=move || shown.get().to_string()
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                {move || if shown.get() { "Hide" } else { "Show" }}
            </button>
        </div>
        <p class="help">"Not kept: a job with it can't be run again."</p>
    }
    .into_any()
}

fn named(
    field: &Field,
    form: &FormContext,
    ids: &Ids,
    set: impl Fn(String) + Clone + Send + Sync + 'static,
) -> AnyView {
    let key = field.key.clone();
    let value = form.read(move |values| values.secret(&key).name);
    let wrong = form.is_wrong(field);
    let offered = use_context::<KeptSecrets>().map(|kept| {
        kept.ask.run(());
        offered(kept.names, value, set.clone())
    });
    view! {
        <input
            id=ids.input.clone()
            class="input mono"
            type="text"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            placeholder="Its name"
            aria-describedby=ids.about.clone()
            aria-invalid=move || wrong.get().to_string()
            prop:value=value
            on:input:target=move |ev| set(ev.target().value())
        />
        {offered}
    }
    .into_any()
}

/// The names of those that are kept, to be taken with a press.
fn offered(
    names: Signal<Vec<String>>,
    chosen: Signal<String>,
    set: impl Fn(String) + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let button = move |name: String| {
        let (own, taken, set) = (name.clone(), name.clone(), set.clone());
        view! {
            <button
                type="button"
                class="text-button mono"
                data-secret-name=name.clone()
                aria-pressed=move || (chosen.get() == own).to_string()
                on:click=move |_| set(taken.clone())
            >
                {name.clone()}
            </button>
        }
    };
    move || match names.get() {
        names if names.is_empty() => {
            view! { <p class="help">"None is kept so far. Settings, Permissions keeps them."</p> }
                .into_any()
        }
        names => {
            let buttons = names.into_iter().take(OFFERED).map(button.clone());
            view! { <p class="help secret-names">"Kept: " {buttons.collect_view()}</p> }.into_any()
        }
    }
}
