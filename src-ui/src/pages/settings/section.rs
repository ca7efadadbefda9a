//! A section of the settings: its fields as the schema describes them, each saved by itself.

use std::sync::Arc;

use leptos::prelude::*;

use crate::components::{Banner, Edit, Fold, FormContext, FormFields, Skeleton};
use crate::stores::{SettingField, SettingsPhase, use_stores};

/// A section's fields, once they are known.
#[component]
pub fn Section(
    /// Its name on the wire.
    name: &'static str,
) -> impl IntoView {
    let store = use_stores().settings;
    let phase = {
        let store = store.clone();
        Memo::new(move |_| store.phase())
    };
    move || match phase.get() {
        SettingsPhase::Loading => view! { <Skeleton rows=4 /> }.into_any(),
        SettingsPhase::Failed(reason) => {
            let store = store.clone();
            let on_retry = Callback::new(move |()| store.load());
            view! { <Banner title="The settings could not be loaded." reason on_retry /> }
                .into_any()
        }
        SettingsPhase::Ready => view! { <Fields name /> }.into_any(),
    }
}

#[component]
fn Fields(name: &'static str) -> impl IntoView {
    let store = use_stores().settings;
    let (advanced, usual): (Vec<_>, Vec<_>) = store
        .fields(name)
        .into_iter()
        .partition(|field| field.is_advanced);
    let all: Vec<_> = usual.iter().chain(&advanced).cloned().collect();
    let is_changed = Memo::new(move |_| all.iter().any(SettingField::is_changed));
    let problems = {
        let store = store.clone();
        let at = format!("/{name}");
        move || {
            let concern = |pointer: &str| pointer.is_empty() || pointer.starts_with(&at);
            let found = store.problems();
            let found = found
                .into_iter()
                .filter(|problem| concern(&problem.pointer));
            found
                .map(|problem| {
                    let words = match problem.pointer.is_empty() {
                        true => problem.message,
                        false => format!(
                            "{} The default holds until you set it here.",
                            problem.sentence()
                        ),
                    };
                    view! { <p class="problem boxed" data-kept-problem="">{words}</p> }
                })
                .collect_view()
        }
    };
    let reset = move |_| store.reset_section(name);
    let folded = (!advanced.is_empty()).then(|| {
        view! {
            <Fold title="Advanced" name="advanced-settings" level=2>
                <div class="settings-rows">
                    {advanced.clone().into_iter().map(row).collect_view()}
                </div>
            </Fold>
        }
    });
    view! {
        {problems}
        <div class="settings-rows">{usual.into_iter().map(row).collect_view()}</div>
        {folded}
        <div class="settings-foot">
            <button
                type="button"
                class="button small"
                data-action="reset-section"
                disabled=move || !is_changed.get()
                on:click=reset
            >
                "Reset this page"
            </button>
        </div>
    }
}

/// A setting with what there is to say beside it.
fn row(setting: SettingField) -> impl IntoView {
    let form = FormContext {
        values: setting.values.clone(),
        problems: {
            let setting = setting.clone();
            Memo::new(move |_| setting.shown_problems())
        },
        on_edit: {
            let setting = setting.clone();
            Callback::new(move |edit: Edit| setting.edit(edit.change))
        },
    };
    let (leaving, resetting) = (setting.clone(), setting.clone());
    let is_changed = {
        let setting = setting.clone();
        Memo::new(move |_| setting.is_changed())
    };
    let saved = setting.saved.clone();
    let label = format!("Reset {}", setting.field.label);
    view! {
        <div
            class="setting"
            data-setting=setting.field.pointer.clone()
            on:focusout=move |_| leaving.leave()
        >
            <FormFields model=Arc::clone(&setting.model) form />
            <div class="setting-aside">
                <span class="setting-saved" role="status">
                    {move || saved.get().then_some("Saved")}
                </span>
                <button
                    type="button"
                    class="text-button"
                    data-action="reset-setting"
                    aria-label=label
                    hidden=move || !is_changed.get()
                    on:click=move |_| resetting.reset()
                >
                    "Reset"
                </button>
            </div>
        </div>
    }
}
