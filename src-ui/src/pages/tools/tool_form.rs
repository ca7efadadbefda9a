//! A tool's form: what it does, its fields, Run.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::{JobId, TabId, ToolDefinition};

use crate::components::{Edit, FormContext, FormFields};
use crate::dom;
use crate::stores::{FormSession, use_stores};
use crate::texts;

/// A tool's form.
#[component]
pub fn ToolForm(
    /// The tool.
    tool: Arc<ToolDefinition>,
) -> impl IntoView {
    let session = use_stores().forms.session(&tool);
    let form = context(&session);
    let problems = form.problems;
    run_on_ctrl_enter(&session);
    focus_on_wish(&session);
    let permissions = tool
        .permissions
        .iter()
        .map(|permission| view! { <span class="pill" data-tone="idle">{permission.title()}</span> })
        .collect_view();
    let trouble = {
        let refusal = session.refusal.clone();
        move || {
            let own = problems.with(|all| all.get("").cloned().unwrap_or_default());
            let own = (!own.is_empty()).then(|| {
                let lines = own
                    .into_iter()
                    .map(|line| view! { <span>{line}</span> })
                    .collect_view();
                view! { <p class="problem boxed" data-problem="" tabindex="-1">{lines}</p> }
            });
            let refused = refusal.get().map(|refusal| {
                view! {
                    <p class="problem boxed" data-refusal="">
                        <span>{refusal.reason}</span>
                        {refusal.job.map(link)}
                    </p>
                }
            });
            view! {
                {own}
                {refused}
            }
        }
    };
    let (run, reset) = (session.clone(), session.clone());
    let starting = session.starting.clone();
    // The press itself must not take the focus from a field: what leaving it changes would move
    // the button away under the mouse.
    let stay = |ev: ev::MouseEvent| ev.prevent_default();
    view! {
        <section class="column tool-form" aria-label=tool.title.clone()>
            <header>
                <h1>{tool.title.clone()}</h1>
                {permissions}
            </header>
            <p class="tool-description">{tool.description.clone()}</p>
            <form on:submit=|ev| ev.prevent_default() novalidate=true>
                <FormFields model=session.model.clone() form />
                <div class="trouble" role="alert">{trouble}</div>
                <div class="actions">
                    <button
                        type="button"
                        class="button primary"
                        data-action="run"
                        aria-busy=move || starting.get().to_string()
                        on:mousedown=stay
                        on:click=move |_| run.run()
                    >
                        "Run"
                        <kbd aria-hidden="true">"Ctrl ⏎"</kbd>
                    </button>
                    <button
                        type="button"
                        class="button quiet"
                        data-action="reset"
                        on:mousedown=stay
                        on:click=move |_| reset.reset()
                    >
                        "Reset"
                    </button>
                </div>
            </form>
        </section>
    }
}

fn context(session: &FormSession) -> FormContext {
    let (shown, edited) = (session.clone(), session.clone());
    FormContext {
        values: session.values.clone(),
        problems: Memo::new(move |_| shown.shown_problems()),
        on_edit: Callback::new(move |edit: Edit| edited.edit(&edit.pointer, edit.change)),
    }
}

fn run_on_ctrl_enter(session: &FormSession) {
    let session = session.clone();
    let listener = window_event_listener(ev::keydown, move |ev| {
        if ev.key() == "Enter" && (ev.ctrl_key() || ev.meta_key()) && !ev.repeat() {
            ev.prevent_default();
            session.run();
        }
    });
    on_cleanup(move || listener.remove());
}

fn focus_on_wish(session: &FormSession) {
    let wish = session.focus.clone();
    // A wish of an earlier visit was granted then.
    let seen = wish.get_untracked();
    Effect::new(move |_| {
        let wish = wish.get();
        if wish == seen {
            return;
        }
        if let Some((_, pointer)) = wish {
            let pointer = dom::quoted(&pointer);
            let field = format!("[data-field={pointer}]");
            dom::focus_first(vec![
                format!("{field} input:checked"),
                format!("{field} :is(input, textarea, select)"),
                format!("[data-problem={pointer}]"),
            ]);
        }
    });
}

/// The way to the job that stands in the way of a run.
fn link(id: JobId) -> impl IntoView {
    let path = format!("/{}/{id}", TabId::Jobs.id());
    view! {
        <A href=path attr:class="link" attr:data-action="show-job">
            {texts::SHOW_THAT_JOB}
        </A>
    }
}
