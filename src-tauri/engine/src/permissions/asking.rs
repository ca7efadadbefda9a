//! Asks the person: opens a question, shows it to other processes, and waits for the answer from here or
//! from there.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};
use toolroom_shared::{AppError, Caller, ErrorCode, Question, QuestionAnswer, QuestionId};

use super::{
    ANSWER_EVERY, Permissions, State,
    decide::{self, Ask},
    questions::{MOST_OPEN, Open},
};
use crate::clock::Timestamp;

impl Permissions {
    /// Asks the person, and waits for the answer. Well if it is a yes.
    pub(super) async fn ask(&self, caller: &Caller, tool: &str, ask: &Ask) -> Result<(), AppError> {
        let ask_for = self.ask_for();
        let deadline = Instant::now() + ask_for;
        let waits_until = self.shared.clock.now().after(ask_for);
        let (id, mut answer) = {
            let mut state = self.state();
            if state.questions.take_pass(caller, tool, ask, Instant::now()) {
                return Ok(());
            }
            let is_full = state.questions.len() >= MOST_OPEN;
            if let Some(open) = state.questions.same(caller, tool, ask) {
                // Of several who wait for the answer, the last waits longest.
                open.question.waits_until = waits_until.to_rfc3339();
                (open.question.id, open.answer.subscribe())
            } else if is_full {
                return Err(too_many_questions(caller));
            } else {
                self.open(&mut state, caller, tool, ask, waits_until)
            }
        };
        self.tell_change();
        if self.files().is_some() {
            self.blocking(Self::show_questions).await?;
        }
        loop {
            let look = deadline.min(Instant::now() + ANSWER_EVERY);
            let said = timeout_at(look, answer.wait_for(Option::is_some)).await;
            // None: nobody has answered yet; else whether it was a yes.
            let said = said
                .ok()
                .map(|said| said.is_ok_and(|answer| answer.is_some_and(QuestionAnswer::allows)));
            match said {
                Some(true) => return Ok(()),
                Some(false) => return Err(decide::said_no(caller, tool)),
                None => {}
            }
            if Instant::now() >= deadline {
                return Err(still_asked(caller, tool, id));
            }
            if self.files().is_some() {
                self.blocking(Self::hear_answers).await?;
            }
        }
    }

    fn open(
        &self,
        state: &mut State,
        caller: &Caller,
        tool: &str,
        ask: &Ask,
        waits_until: Timestamp,
    ) -> (QuestionId, watch::Receiver<Option<QuestionAnswer>>) {
        let text = |path: &PathBuf| path.to_string_lossy().into_owned();
        state.last_question += 1;
        let (sender, receiver) = watch::channel(None);
        let question = Question {
            id: QuestionId(state.last_question),
            caller: caller.clone(),
            tool_name: tool.to_owned(),
            read: ask.read.iter().map(text).collect(),
            write: ask.write.iter().map(text).collect(),
            spawn: ask.spawn,
            asked_at: self.shared.clock.now().to_rfc3339(),
            waits_until: waits_until.to_rfc3339(),
        };
        let id = question.id;
        state.questions.add(Open {
            question,
            ask: ask.clone(),
            answer: Arc::new(sender),
        });
        (id, receiver)
    }

    /// Writes down which questions are open, for other processes to see.
    pub(super) fn show_questions(&self) {
        let Some(files) = self.files() else { return };
        // Without the file they can still be answered from this process.
        let _ = files.change_questions(|questions| {
            let state = self.state();
            let heard = |id: QuestionId| questions.answers.iter().any(|(other, _)| *other == id);
            let open = state.questions.list();
            questions.open = open.into_iter().filter(|open| !heard(open.id)).collect();
            questions.last = state.last_question;
        });
        self.hear_answers();
    }

    /// Takes in what another process has answered.
    pub(super) fn hear_answers(&self) {
        let Some(files) = self.files() else { return };
        let signature = files.questions_signature();
        if std::mem::replace(&mut self.state().questions_seen, signature) == signature {
            return;
        }
        let heard = files.change_questions(|questions| std::mem::take(&mut questions.answers));
        let mut any = false;
        for (id, answer) in heard.unwrap_or_default() {
            any |= self.deliver(id, answer).is_some();
        }
        if any {
            // What was remembered is in the file by now.
            self.read_policy(files);
            self.tell_change();
        }
    }

    pub(super) fn deliver(&self, id: QuestionId, answer: QuestionAnswer) -> Option<Question> {
        self.state().questions.answer(id, answer, Instant::now())
    }

    /// Forgets what an earlier engine has asked. Waits for the disk.
    pub(crate) fn begin(&self) {
        if let Some(files) = self.files() {
            let last = files.change_questions(|questions| {
                questions.open.clear();
                questions.answers.clear();
                questions.last
            });
            self.state().last_question = last.unwrap_or_default();
        }
    }
}

fn too_many_questions(caller: &Caller) -> AppError {
    AppError::new(
        ErrorCode::RateLimited,
        format!(
            "{caller} would have a person asked, and {MOST_OPEN} questions are open already. Nothing was started. Answer some first: toolroom permissions questions"
        ),
    )
    .retryable()
}

fn still_asked(caller: &Caller, tool: &str, id: QuestionId) -> AppError {
    let mut error = AppError::new(
        ErrorCode::PermissionAsked,
        format!(
            "A person was asked whether {caller} may run {tool} on this, and hasn't answered yet. Nothing was started. Try again once question {id} is answered: toolroom permissions answer {id} allow"
        ),
    )
    .retryable();
    error.details = json!({ "question_id": id });
    error
}
