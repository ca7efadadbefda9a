//! One caller: what it may do in a line, and unfolded the form for it.

use std::sync::Arc;

use leptos::prelude::*;
use toolroom_shared::{Caller, Grant};

use super::{callers::Revoked, grant_form::GrantForm, grant_words};
use crate::components::{Icon, IconView};
use crate::stores::use_stores;

/// One caller.
#[component]
pub fn CallerRow(
    /// Who.
    caller: Caller,
    /// Who is unfolded.
    open: RwSignal<Option<Caller>>,
    /// What was taken, to be given back.
    revoked: RwSignal<Vec<Revoked>>,
) -> impl IntoView {
    let stores = use_stores();
    let permissions = stores.permissions.clone();
    let grant = {
        let (permissions, caller) = (permissions.clone(), caller.clone());
        Memo::new(move |_| permissions.grant(&caller).unwrap_or_default())
    };
    // Who is given something again has nothing left to be undone.
    revoked.update(|all| all.retain(|(other, _)| *other != caller));
    let id = format!("grant-{caller}").replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let is_open = {
        let caller = caller.clone();
        Memo::new(move |_| open.with(|open| open.as_ref() == Some(&caller)))
    };
    let toggle = {
        let caller = caller.clone();
        move |_| {
            let next = (!is_open.get_untracked()).then(|| caller.clone());
            open.set(next);
        }
    };
    let revoke = {
        let caller = caller.clone();
        move |_| {
            let before: Grant = grant.get_untracked();
            let (who, had) = (caller.clone(), before.clone());
            let notices = stores.notices.clone();
            let done = Arc::new(move |done: Result<(), String>| match done {
                Ok(()) => {
                    let one = (who.clone(), had.clone());
                    let _ = revoked.try_update(|all| all.push(one));
                }
                Err(reason) => notices.tell(reason),
            });
            permissions.set(caller.clone(), Some(before), None, done);
        }
    };
    let (label, text) = (sentence_case(&caller.label()), caller.to_string());
    let form_id = id.clone();
    view! {
        <li class="panel" data-caller=text>
            <div class="panel-line">
                <button
                    type="button"
                    class="fold panel-fold"
                    aria-expanded=move || is_open.get().to_string()
                    aria-controls=id
                    on:click=toggle
                >
                    <IconView icon=Icon::Chevron />
                    <span class="panel-title">{label}</span>
                </button>
                <span class="panel-note">{move || grant.with(grant_words::summary)}</span>
                <button
                    type="button"
                    class="text-button danger"
                    data-action="revoke"
                    on:click=revoke
                >
                    "Revoke"
                </button>
            </div>
            <div id=form_id hidden=move || !is_open.get()>
                <Show when=move || is_open.get()>
                    <GrantForm caller=caller.clone() grant />
                </Show>
            </div>
        </li>
    }
}

/// A label at the beginning of a line.
fn sentence_case(label: &str) -> String {
    let label = label.strip_prefix("the ").unwrap_or(label);
    let mut characters = label.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
