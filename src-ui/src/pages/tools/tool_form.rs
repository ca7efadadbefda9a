//! A tool's form: what it does, its fields, Run.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::{JobId, TabId, ToolDefinition};

use super::presets::Presets;
use crate::components::{CopyCommand, Edit, FormContext, FormFields};
use crate::dom;
use crate::keys::Command;
use crate::stores::{Action, FormSession, NoticesStore, use_action, use_stores};
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
    offer_actions(&session, &tool);
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
    let (run, reset, command) = (session.clone(), session.clone(), session.clone());
    let notices = use_stores().notices;
    let starting = session.starting.clone();
    // The press itself must not take the focus from a field: what leaving it changes would move
    // the button away under the mouse.
    let stay = |ev: ev::MouseEvent| ev.prevent_default();
    view! {
        <section class="column tool-form" aria-label=tool.title.clone() data-form=tool.name.clone()>
            <header>
                <div class="tool-heading">
                    <h1>{tool.title.clone()}</h1>
                    {permissions}
                </div>
                <Presets session=session.clone() />
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
                    <CopyCommand line=Callback::new(move |()| command.command_line()) />
                    <button
                        type="button"
                        class="button quiet"
                        data-action="reset"
                        on:mousedown=stay
                        on:click=move |_| reset_with_undo(&reset, &notices)
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

/// What can be done with the form from anywhere on the page.
fn offer_actions(session: &FormSession, tool: &ToolDefinition) {
    let (run, reset) = (session.clone(), session.clone());
    let title = format!("Run {}", tool.title);
    use_action(Action::here("run", title, move || run.run()).by(Command::Run));
    use_action(Action::here("reset", "Reset the form", move || {
        reset.reset()
    }));
}

/// Puts the form back to how it was at first; what stood in it can be had back for a while.
fn reset_with_undo(session: &FormSession, notices: &NoticesStore) {
    let before = session.values.get_untracked();
    session.reset();
    if session.values.with_untracked(|now| *now != before) {
        let values = session.values.clone();
        let undo = move || values.set(before);
        notices.offer("The form was reset.".to_owned(), texts::UNDO, undo);
    }
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
