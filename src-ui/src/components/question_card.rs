//! A question to the person: who wants what, and the four answers.

use leptos::prelude::*;
use toolroom_shared::{Question, QuestionAnswer};

use crate::format;

const ANSWERS: [(QuestionAnswer, &str, &str); 4] = [
    (QuestionAnswer::AllowOnce, "allow-once", "Allow once"),
    (QuestionAnswer::AllowAlways, "allow-always", "Allow always"),
    (QuestionAnswer::RefuseOnce, "refuse-once", "Refuse"),
    (
        QuestionAnswer::RefuseAlways,
        "refuse-always",
        "Refuse always",
    ),
];

/// How long the caller still waits, in words.
fn waits(question: &Question, now_ms: u64) -> String {
    let until = format::parse_time(&question.waits_until).unwrap_or_default();
    match until.saturating_sub(now_ms).div_ceil(1_000) {
        0 => "It no longer waits. A yes holds for its next try.".to_owned(),
        seconds => format!("It waits {} more.", format::duration(seconds * 1_000)),
    }
}

/// A question with its answers.
#[component]
pub fn QuestionCard(
    /// The id of its heading.
    #[prop(into)]
    heading: String,
    /// The question.
    question: Question,
    /// The tool's name as people know it, if it is known.
    tool_title: Option<String>,
    /// Milliseconds since 1970.
    now: Signal<u64>,
    /// Takes the answer.
    on_answer: Callback<QuestionAnswer>,
) -> impl IntoView {
    let who = question.caller.label();
    let who = who.strip_prefix("the ").unwrap_or(&who).to_owned();
    let tool = tool_title.unwrap_or_else(|| question.tool_name.clone());
    let wants = [("Read", &question.read), ("Write in", &question.write)].map(|(verb, paths)| {
        paths
            .iter()
            .map(|path| {
                view! {
                    <li>
                        <span class="question-verb">{verb}</span>
                        <span class="mono question-path" title=path.clone()>
                            {path.clone()}
                        </span>
                    </li>
                }
            })
            .collect_view()
    });
    let spawn = question.spawn.then(|| {
        view! {
            <li>
                <span class="question-verb">"Start"</span>
                <span>"other programs"</span>
            </li>
        }
    });
    let answers = ANSWERS
        .into_iter()
        .map(|(answer, id, words)| {
            view! {
                <button
                    type="button"
                    class="button small"
                    class:danger=!answer.allows()
                    data-answer=id
                    on:click=move |_| on_answer.run(answer)
                >
                    {words}
                </button>
            }
        })
        .collect_view();
    let id = question.id.to_string();
    let left = move || waits(&question, now.get());
    view! {
        <div class="asked" data-question=id>
            <p class="asked-title" id=heading>
                <strong>{who}</strong>
                " wants to run "
                <strong>{tool}</strong>
            </p>
            <ul class="asked-wants">{wants} {spawn}</ul>
            <p class="asked-waits">{left}</p>
            <div class="asked-answers" role="group" aria-label="Your answer">
                {answers}
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolroom_shared::QuestionId;

    #[test]
    fn it_is_said_how_long_the_caller_waits_and_what_a_late_yes_is_good_for() {
        let question = Question {
            id: QuestionId(1),
            caller: "http:x".parse().unwrap(),
            tool_name: "t".into(),
            read: Vec::new(),
            write: Vec::new(),
            spawn: true,
            asked_at: "2026-01-01T00:00:00Z".into(),
            waits_until: "2026-01-01T00:00:30Z".into(),
        };
        let begun = format::parse_time(&question.asked_at).unwrap();
        assert_eq!(waits(&question, begun), "It waits 30 s more.");
        assert_eq!(waits(&question, begun + 29_500), "It waits 1 s more.");
        assert!(waits(&question, begun + 30_000).starts_with("It no longer waits."));
    }
}
