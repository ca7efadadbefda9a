//! What is kept, how long, and how large it is.

use leptos::prelude::*;
use toolroom_shared::{PathKind, StorageReport};

use super::section::Section;
use crate::components::{Banner, CopyButton, Skeleton};
use crate::format;
use crate::pages::choose_path::ChoosePath;
use crate::stores::{Asked, StorageStore, Work, use_stores};
use crate::texts;

/// The page within the settings.
#[component]
pub fn StorageSettings() -> impl IntoView {
    let store = use_stores().storage;
    store.load();
    view! {
        <p class="settings-lead">"What is kept, how long, and how large it is."</p>
        <Section name="storage" />
        <h2>"Room that is taken"</h2>
        {sizes(&store)}
        <h2>"Remove old jobs"</h2>
        {clean_up(&store)}
        <h2>"Move jobs"</h2>
        {file(&store, Work::Export)}
        {file(&store, Work::Import)}
    }
}

fn sizes(store: &StorageStore) -> impl IntoView + use<> {
    let store = store.clone();
    let report = {
        let store = store.clone();
        Memo::new(move |_| store.report())
    };
    move || match report.get() {
        Asked::Waiting => view! { <Skeleton rows=3 /> }.into_any(),
        Asked::Failed(reason) => {
            let store = store.clone();
            let on_retry = Callback::new(move |()| store.load());
            view! { <Banner title="How much is kept could not be found out." reason on_retry /> }
                .into_any()
        }
        Asked::Here(report) => facts(&report).into_any(),
    }
}

fn facts(report: &StorageReport) -> impl IntoView + use<> {
    let size = |bytes: u64| format::bytes(bytes as f64);
    let rows = [
        ("Jobs", format::count(report.jobs.into())),
        ("History", size(report.database_bytes)),
        ("Large results", size(report.outputs_bytes)),
        ("Audit trail in files", size(report.audit_bytes)),
        ("What the window keeps", size(report.window_bytes)),
    ];
    let rows = rows
        .into_iter()
        .map(|(name, value)| {
            view! {
                <dt>{name}</dt>
                <dd data-fact=name>{value}</dd>
            }
        })
        .collect_view();
    let folder = report.folder.clone();
    view! {
        <dl class="settings-facts">
            {rows} <dt>"Data folder"</dt>
            <dd class="settings-path">
                <span class="mono">{folder.clone()}</span>
                <CopyButton text=folder what="Data folder" />
            </dd>
        </dl>
    }
}

fn clean_up(store: &StorageStore) -> impl IntoView + use<> {
    let days = RwSignal::new("90".to_owned());
    let parsed = move || days.with(|text| text.trim().parse::<u32>().ok().filter(|n| *n <= 36_500));
    let busy = working(store);
    let survey = {
        let store = store.clone();
        Memo::new(move |_| store.survey())
    };
    let look = {
        let store = store.clone();
        move |_| {
            if let Some(days) = parsed() {
                store.survey_clean_up(days);
            }
        }
    };
    let problem = move || {
        parsed().is_none().then(|| {
            view! { <p class="problem" id="problem-days">"Enter a whole number of days, 36,500 at the most."</p> }
        })
    };
    let found = {
        let store = store.clone();
        move || {
            survey.get().map(|(_, found)| {
                let (keep, remove) = (store.clone(), store.clone());
                if found.jobs == 0 {
                    return view! { <p data-survey="0">"No job is that old. Nothing would be removed."</p> }
                        .into_any();
                }
                let jobs = texts::jobs(found.jobs, false);
                let with = match found.output_bytes {
                    0 => String::new(),
                    bytes => format!(" with {} of large results", format::bytes(bytes as f64)),
                };
                view! {
                    <div class="settings-question" data-survey=found.jobs.to_string() role="group">
                        <p>
                            {format!(
                                "{jobs}{with} will be removed for good. Export first what you may need.",
                            )}
                        </p>
                        <div class="settings-buttons">
                            <button
                                type="button"
                                class="button small danger"
                                data-action="clean-up"
                                disabled=move || busy.get()
                                on:click=move |_| remove.clean_up()
                            >
                                {format!("Remove {jobs}")}
                            </button>
                            <button
                                type="button"
                                class="button small quiet"
                                data-action="keep-all"
                                on:click=move |_| keep.keep_all()
                            >
                                "Keep"
                            </button>
                        </div>
                    </div>
                }
                    .into_any()
            })
        }
    };
    view! {
        <div class="settings-work" data-work="clean-up">
            <label class="field-label" for="clean-up-days">
                "Ended more than"
            </label>
            <div class="settings-line">
                <input
                    id="clean-up-days"
                    class="input number-input"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    aria-describedby="problem-days"
                    aria-invalid=move || parsed().is_none().to_string()
                    prop:value=days
                    on:input:target=move |ev| days.set(ev.target().value())
                />
                <span class="unit">"days ago"</span>
                <button
                    type="button"
                    class="button"
                    data-action="survey-clean-up"
                    disabled=move || busy.get()
                    on:click=look
                >
                    "See what would go"
                </button>
            </div>
            {problem}
            {found}
            {said(store, Work::CleanUp)}
        </div>
    }
}

/// A path, and what can be done with the file there.
fn file(store: &StorageStore, work: Work) -> impl IntoView + use<> {
    let path = RwSignal::new(String::new());
    let busy = working(store);
    let (id, kind, label, help, button) = match work {
        Work::Export => (
            "export",
            PathKind::Save,
            "Write into a new file",
            "Every job that has ended, with its input, log and result: one JSON object a line.",
            "Export",
        ),
        _ => (
            "import",
            PathKind::File,
            "Take in from a file",
            "Nothing is taken in unless the whole file is well. A job that is there already stays as it is.",
            "Import",
        ),
    };
    let go = {
        let store = store.clone();
        move || {
            let path = path.get_untracked().trim().to_owned();
            if !path.is_empty() {
                match work {
                    Work::Export => store.export(path),
                    _ => store.import(path),
                }
            }
        }
    };
    let on_enter = {
        let go = go.clone();
        move |ev: leptos::ev::KeyboardEvent| {
            if ev.key() == "Enter" {
                go();
            }
        }
    };
    view! {
        <div class="settings-work" data-work=id>
            <label class="field-label" for=format!("{id}-path")>
                {label}
            </label>
            <div class="settings-line">
                <input
                    id=format!("{id}-path")
                    class="input mono"
                    type="text"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder="/home/me/jobs.jsonl"
                    aria-describedby=format!("{id}-help")
                    prop:value=path
                    on:input:target=move |ev| path.set(ev.target().value())
                    on:keydown=on_enter
                />
                <ChoosePath kind title=label path />
                <button
                    type="button"
                    class="button"
                    data-action=id
                    disabled=move || busy.get() || path.with(|path| path.trim().is_empty())
                    on:click=move |_| go()
                >
                    {button}
                </button>
            </div>
            <p class="help" id=format!("{id}-help")>
                {help}
            </p>
            {said(store, work)}
        </div>
    }
}

/// What is being done to it, and what came of it.
fn said(store: &StorageStore, work: Work) -> impl IntoView + use<> {
    let store = store.clone();
    let words = move || {
        if store.busy() == Some(work) {
            return Some(view! { <p class="muted">"Working…"</p> }.into_any());
        }
        Some(match store.outcome(work)? {
            Ok(words) => view! { <p class="settings-done" data-outcome="">{words}</p> }.into_any(),
            Err(words) => view! { <p class="problem" data-outcome="">{words}</p> }.into_any(),
        })
    };
    view! { <div role="status">{words}</div> }
}

fn working(store: &StorageStore) -> Memo<bool> {
    let store = store.clone();
    Memo::new(move |_| store.busy().is_some())
}
