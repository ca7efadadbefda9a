//! Questions to the person: asked once however many wait for the answer, and answered from this
//! process or, through a file, from another.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::Instant};
use toolroom_shared::{Caller, Question, QuestionAnswer, QuestionId};

use super::decide::Ask;

/// How many may be open at once; beyond that nobody could answer them.
pub(super) const MOST_OPEN: usize = 100;
/// How long a yes for once, which came after nobody waited any more, is good for.
const PASS_LASTS: Duration = Duration::from_secs(600);

/// A question that is open, or whose answer waits for the next time.
#[derive(Debug)]
pub(super) struct Open {
    pub question: Question,
    pub ask: Ask,
    /// Told the answer.
    pub answer: Arc<watch::Sender<Option<QuestionAnswer>>>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct OpenQuestions {
    open: Vec<Open>,
    /// Yeses for once that nobody waited for.
    passes: Vec<(Caller, String, Ask, Instant)>,
}

impl OpenQuestions {
    /// The open question that asks for the same.
    pub(super) fn same(&mut self, caller: &Caller, tool: &str, ask: &Ask) -> Option<&mut Open> {
        self.open.iter_mut().find(|open| {
            open.question.caller == *caller && open.question.tool_name == tool && open.ask == *ask
        })
    }

    /// Uses up a yes that was given after nobody waited for it any more.
    pub(super) fn take_pass(
        &mut self,
        caller: &Caller,
        tool: &str,
        ask: &Ask,
        now: Instant,
    ) -> bool {
        self.passes
            .retain(|(.., at)| now.saturating_duration_since(*at) < PASS_LASTS);
        let place = self
            .passes
            .iter()
            .position(|pass| (&pass.0, pass.1.as_str(), &pass.2) == (caller, tool, ask));
        place.map(|place| self.passes.swap_remove(place)).is_some()
    }

    pub(super) fn add(&mut self, open: Open) {
        self.open.push(open);
    }

    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    pub(super) fn list(&self) -> Vec<Question> {
        self.open.iter().map(|open| open.question.clone()).collect()
    }

    /// Takes in an answer; the question, if it was open.
    pub(super) fn answer(
        &mut self,
        id: QuestionId,
        answer: QuestionAnswer,
        now: Instant,
    ) -> Option<Question> {
        let place = self.open.iter().position(|open| open.question.id == id)?;
        let open = self.open.remove(place);
        let nobody_waits = open.answer.send(Some(answer)).is_err();
        if nobody_waits && answer == QuestionAnswer::AllowOnce {
            let question = &open.question;
            let (caller, tool) = (question.caller.clone(), question.tool_name.clone());
            self.passes.push((caller, tool, open.ask, now));
        }
        Some(open.question)
    }
}
