//! Looking again, checking the chain, and exporting it.

use std::sync::Arc;

use leptos::prelude::*;
use toolroom_shared::PathKind;

use crate::audit_words;
use crate::components::Banner;
use crate::dom;
use crate::format;
use crate::pages::choose_path::ChoosePath;
use crate::stores::{Known, use_stores};

/// The buttons of the trail, and what came of them.
#[component]
pub fn TrailActions(
    /// Shows what is newest.
    on_look: Callback<()>,
) -> impl IntoView {
    let audit = use_stores().audit;
    let exporting = RwSignal::new(false);
    let verify = {
        let audit = audit.clone();
        Callback::new(move |()| audit.verify())
    };
    let report = Memo::new(move |_| audit.report());
    let is_checking = move || report.with(|report| *report == Some(Known::Loading));
    let found = move || match report.get() {
        None | Some(Known::Loading) => ().into_any(),
        Some(Known::Failed(reason)) => view! {
            <Banner title="The trail could not be checked." reason on_retry=verify />
        }
        .into_any(),
        Some(Known::Ready(report)) => {
            let tone = match report.fault {
                None => "good",
                Some(_) => "bad",
            };
            view! {
                <p class="audit-report" data-tone=tone>
                    <span class="dot" data-tone=tone></span>
                    {audit_words::report(&report)}
                </p>
            }
            .into_any()
        }
    };
    let open = move |_| {
        exporting.set(true);
        dom::focus_first(vec!["#audit-export-path".to_owned()]);
    };
    view! {
        <div class="audit-buttons">
            <button
                type="button"
                class="button small"
                data-action="refresh-audit"
                on:click=move |_| on_look.run(())
            >
                "Refresh"
            </button>
            <button
                type="button"
                class="button small"
                data-action="verify-audit"
                disabled=is_checking
                on:click=move |_| verify.run(())
            >
                {move || if is_checking() { "Checking…" } else { "Check the chain" }}
            </button>
            <button type="button" class="button small" data-action="export-audit" on:click=open>
                "Export…"
            </button>
        </div>
        <div class="audit-found" role="status">
            {found}
        </div>
        <Show when=move || exporting.get()>
            <Export exporting />
        </Show>
    }
}

#[component]
fn Export(exporting: RwSignal<bool>) -> impl IntoView {
    let stores = use_stores();
    let path = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let write = Callback::new(move |()| {
        let text = path.get_untracked().trim().to_owned();
        if text.is_empty() {
            problem.set(Some("Say where to: a whole path to a new file.".to_owned()));
            return;
        }
        let notices = stores.notices.clone();
        let done = Arc::new(move |written: Result<u32, String>| match written {
            Ok(entries) => {
                exporting.try_set(false);
                let entries = format::count(entries.into());
                notices.tell(format!("{entries} entries were written."));
            }
            Err(reason) => {
                problem.try_set(Some(reason));
            }
        });
        stores.audit.export(text, done);
    });
    view! {
        <form
            class="audit-export"
            on:submit=move |ev| {
                ev.prevent_default();
                write.run(());
            }
            on:keydown=move |ev| {
                if ev.key() == "Escape" {
                    exporting.set(false);
                }
            }
        >
            <label class="field-label" for="audit-export-path">
                "Export to a new file"
            </label>
            <div class="audit-export-line">
                <input
                    id="audit-export-path"
                    class="input mono"
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="/home/you/audit-trail.jsonl"
                    aria-describedby="audit-export-problem"
                    aria-invalid=move || problem.with(Option::is_some).to_string()
                    prop:value=path
                    on:input:target=move |ev| {
                        path.set(ev.target().value());
                        problem.set(None);
                    }
                />
                <ChoosePath kind=PathKind::Save title="Export to a new file" path />
                <button type="submit" class="button small primary" data-action="write-audit">
                    "Export"
                </button>
                <button
                    type="button"
                    class="button small"
                    on:click=move |_| exporting.set(false)
                >
                    "Keep it here"
                </button>
            </div>
            <p class="problem" id="audit-export-problem" aria-live="polite">
                {problem}
            </p>
        </form>
    }
}
