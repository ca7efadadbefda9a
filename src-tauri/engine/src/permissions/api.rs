//! What can be asked about permissions, by persons alone.

use async_trait::async_trait;
use tokio::sync::watch;
use toolroom_shared::{
    AppError, Caller, ErrorCode, Grant, Policy, Question, QuestionAnswer, QuestionId,
};

use super::{Operation, Permissions, files, words};

/// What can be asked of an engine about permissions. `caller` is set at the door, and must be a person:
/// everyone else is told `permission_denied`.
#[async_trait]
pub trait PermissionApi: Send + Sync {
    /// What is granted.
    async fn policy(&self, caller: Caller) -> Result<Policy, AppError>;

    /// Grants this and nothing else. Holds for starts from now on.
    ///
    /// # Errors
    /// `invalid_input`, when it means nothing; `storage`.
    async fn set_policy(&self, caller: Caller, policy: Policy) -> Result<(), AppError>;

    /// Puts `grant` in the place of what is granted to `who`, which must be `before`: two who change it
    /// at once don't undo each other's changes. None stands for nothing at all. What is granted now.
    ///
    /// # Errors
    /// `wrong_state`, when something else is granted by now; `invalid_input`, when it means nothing;
    /// `storage`.
    async fn set_grant(
        &self,
        caller: Caller,
        who: Caller,
        before: Option<Grant>,
        grant: Option<Grant>,
    ) -> Result<Policy, AppError>;

    /// The questions that are open, oldest first.
    async fn questions(&self, caller: Caller) -> Result<Vec<Question>, AppError>;

    /// Answers a question.
    ///
    /// # Errors
    /// `invalid_query`, when it isn't open any more.
    async fn answer(
        &self,
        caller: Caller,
        id: QuestionId,
        answer: QuestionAnswer,
    ) -> Result<(), AppError>;

    /// Tells whenever the policy or the open questions change.
    async fn permission_changes(&self, caller: Caller) -> Result<PermissionChanges, AppError>;
}

/// Tells whenever the policy or the open questions change. Several changes may be told as one.
#[derive(Debug)]
pub struct PermissionChanges(watch::Receiver<u64>);

impl PermissionChanges {
    /// Waits for the next change; false once the engine is gone.
    pub async fn next(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }
}

#[async_trait]
impl PermissionApi for Permissions {
    async fn policy(&self, caller: Caller) -> Result<Policy, AppError> {
        self.only_persons(&caller, Operation::Policy)?;
        let policy = self.blocking(Self::policy_now).await?;
        Ok(Policy::clone(&policy))
    }

    async fn set_policy(&self, caller: Caller, policy: Policy) -> Result<(), AppError> {
        self.only_persons(&caller, Operation::Policy)?;
        if let Some(problem) = policy.problem() {
            let message = format!("The policy was left as it is. {problem}");
            return Err(AppError::new(ErrorCode::InvalidInput, message));
        }
        self.change_as(caller, move |old| {
            *old = policy;
            Ok(())
        })
        .await
        .map(drop)
    }

    async fn set_grant(
        &self,
        caller: Caller,
        who: Caller,
        before: Option<Grant>,
        grant: Option<Grant>,
    ) -> Result<Policy, AppError> {
        self.only_persons(&caller, Operation::Policy)?;
        self.change_as(caller, move |policy| {
            if policy.grant(&who) != before.as_ref() {
                return Err(changed_meanwhile(&who));
            }
            match grant {
                Some(grant) => *policy.grant_mut(&who) = grant,
                None => drop(policy.revoke(&who)),
            }
            Ok(())
        })
        .await
    }

    async fn questions(&self, caller: Caller) -> Result<Vec<Question>, AppError> {
        self.only_persons(&caller, Operation::Policy)?;
        self.blocking(|me| {
            me.hear_answers();
            me.state().questions.list()
        })
        .await
    }

    async fn answer(
        &self,
        caller: Caller,
        id: QuestionId,
        answer: QuestionAnswer,
    ) -> Result<(), AppError> {
        self.only_persons(&caller, Operation::Answer)?;
        let question = self.blocking(move |me| me.answer_now(id, answer)).await??;
        let (tool, what) = (&question.tool_name, words::answer(&question, answer));
        self.tell_changed(&caller, Operation::Answer, Some(tool), what);
        Ok(())
    }

    async fn permission_changes(&self, caller: Caller) -> Result<PermissionChanges, AppError> {
        self.only_persons(&caller, Operation::Policy)?;
        Ok(PermissionChanges(self.shared.changed.subscribe()))
    }
}

impl Permissions {
    fn only_persons(&self, caller: &Caller, operation: Operation) -> Result<(), AppError> {
        if caller.is_person() {
            return Ok(());
        }
        let error = AppError::new(
            ErrorCode::PermissionDenied,
            "Only a person may see or change what is granted. Nothing was changed.",
        );
        self.tell(caller, operation, None, None, Err(&error));
        Err(error)
    }

    /// Changes what is granted as a person wants it, and tells what was changed. What is granted now.
    async fn change_as(
        &self,
        caller: Caller,
        change: impl FnOnce(&mut Policy) -> Result<(), AppError> + Send + 'static,
    ) -> Result<Policy, AppError> {
        let changed = self.blocking(move |me| me.change_policy(change)).await?;
        let (before, policy) = changed?;
        for what in words::changes(&before, &policy) {
            self.tell_changed(&caller, Operation::Policy, None, what);
        }
        Ok(policy)
    }

    /// What was granted before, and what is now.
    fn change_policy(
        &self,
        change: impl FnOnce(&mut Policy) -> Result<(), AppError>,
    ) -> Result<(Policy, Policy), AppError> {
        let changed = match self.files() {
            Some(files) => {
                let changed = files.try_change_policy(change)?;
                self.read_policy(files);
                changed
            }
            None => {
                let mut state = self.state();
                let before = Policy::clone(&state.policy);
                let mut policy = before.clone();
                change(&mut policy)?;
                files::see_through_new(&before, &mut policy);
                state.policy = policy.clone().into();
                (before, policy)
            }
        };
        self.tell_change();
        Ok(changed)
    }

    fn answer_now(&self, id: QuestionId, answer: QuestionAnswer) -> Result<Question, AppError> {
        let open = self.state().questions.list();
        let found = open.into_iter().find(|open| open.id == id);
        let question = found.ok_or_else(|| files::no_question(id))?;
        // Before anybody is told, so that what is remembered holds from then on.
        if answer.is_remembered() {
            let asked = question.clone();
            self.change_policy(|policy| {
                answer.remember(&asked, policy.grant_mut(&asked.caller));
                Ok(())
            })?;
        }
        let delivered = self.deliver(id, answer);
        self.show_questions();
        self.tell_change();
        delivered.ok_or_else(|| files::no_question(id))
    }
}

fn changed_meanwhile(who: &Caller) -> AppError {
    AppError::new(
        ErrorCode::WrongState,
        format!(
            "What is granted to {who} was changed elsewhere meanwhile. Nothing was changed here: look at it, and change it again."
        ),
    )
}
