//! Callers' questions to the person, above whatever page is shown. They never take the focus: who types
//! goes on typing.

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};
use toolroom_shared::{Question, TabId};

use crate::components::{Icon, IconView, QuestionCard};
use crate::dom;
use crate::stores::use_stores;

/// The oldest question, and how many wait behind it.
#[component]
pub fn Questions() -> impl IntoView {
    let stores = use_stores();
    let asked = {
        let permissions = stores.permissions.clone();
        Memo::new(move |_| permissions.asked_now())
    };
    let first = Memo::new(move |_| asked.with(|asked| asked.first().cloned()));
    let behind = Memo::new(move |_| asked.with(|asked| asked.len().saturating_sub(1)));
    // Said once a question, by its words, to who doesn't see the card.
    let said = move || {
        first
            .get()
            .map(|question| format!("{} asks for a permission.", question.caller.label()))
    };
    let path = use_location().pathname;
    // There they are listed, all of them.
    let is_listed = Memo::new(move |_| path.with(|path| path == TabId::SettingsPermissions.path()));
    let card = move || {
        let question = first.get().filter(|_| !is_listed.get());
        question.map(|question| view! { <Card question behind /> })
    };
    view! {
        <div class="visually-hidden" role="status" aria-live="polite">
            {said}
        </div>
        {card}
    }
}

#[component]
fn Card(question: Question, behind: Memo<usize>) -> impl IntoView {
    let stores = use_stores();
    let id = question.id;
    let heading = format!("card-question-{id}");
    let tool = untrack(|| stores.tools.find(&question.tool_name));
    let title = tool.map(|tool| tool.title.clone());
    let now = stores.now.clone();
    let now = Signal::derive(move || now.get());
    let permissions = stores.permissions.clone();
    let answer = Callback::new(move |answer| {
        // Who answers by keyboard goes on to the next question.
        if dom::has_focus("[data-questions=card]") {
            let next = "[data-questions=card] [data-answer=allow-once]";
            dom::focus_first(vec![next.to_owned()]);
        }
        permissions.answer(id, answer);
    });
    let permissions = stores.permissions;
    let more = move || match behind.get() {
        0 => String::new(),
        1 => "1 more question waits.".to_owned(),
        count => format!("{count} more questions wait."),
    };
    view! {
        <div
            class="question-card"
            role="dialog"
            aria-labelledby=heading.clone()
            data-questions="card"
            data-behind=move || behind.get().min(2).to_string()
        >
            <button
                type="button"
                class="icon-button close"
                aria-label="Answer later"
                title="Answer later, in the settings"
                data-action="put-away-question"
                on:click=move |_| permissions.put_away(id)
            >
                <IconView icon=Icon::Close />
            </button>
            <QuestionCard heading=heading.clone() question tool_title=title now on_answer=answer />
            <Show when=move || { behind.get() > 0 }>
                <p class="asked-more">
                    {more} " "
                    <A href=TabId::SettingsPermissions.path() attr:class="link">
                        "Show all"
                    </A>
                </p>
            </Show>
        </div>
    }
}
