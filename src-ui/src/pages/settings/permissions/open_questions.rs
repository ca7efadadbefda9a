//! The questions that wait for an answer, also those that were put away.

use leptos::prelude::*;
use toolroom_shared::Question;

use crate::components::QuestionCard;
use crate::stores::use_stores;

/// The open questions; nothing if there are none.
#[component]
pub fn OpenQuestions() -> impl IntoView {
    let stores = use_stores();
    let permissions = stores.permissions.clone();
    let questions = Memo::new(move |_| permissions.questions());
    let card = move |question: Question| {
        let (permissions, id) = (stores.permissions.clone(), question.id);
        let tools = stores.tools.clone();
        let tool = tools.find(&question.tool_name);
        let title = tool.map(|tool| tool.title.clone());
        let now = stores.now.clone();
        let now = Signal::derive(move || now.get());
        view! {
            <li>
                <QuestionCard
                    heading=format!("listed-question-{id}")
                    question
                    tool_title=title
                    now
                    on_answer=Callback::new(move |answer| permissions.answer(id, answer))
                />
            </li>
        }
    };
    view! {
        <Show when=move || !questions.with(Vec::is_empty)>
            <section class="settings-part" aria-labelledby="questions-heading">
                <header class="settings-part-head">
                    <h2 id="questions-heading">"Questions"</h2>
                </header>
                <ul class="panels" data-questions="listed">
                    <For
                        each=move || questions.get()
                        key=|question| (question.id, question.waits_until.clone())
                        children=card.clone()
                    />
                </ul>
            </section>
        </Show>
    }
}
