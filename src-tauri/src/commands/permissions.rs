//! What callers may do, and the questions that they raise.

use tauri::State;
use toolroom_shared::{
    AppError, Caller, Grant, PermissionsState, Policy, QuestionAnswer, QuestionId,
};

use crate::{permissions, state::AppState};

/// What is granted, and which questions are open.
#[tauri::command]
#[specta::specta]
pub async fn get_permissions(state: State<'_, AppState>) -> Result<PermissionsState, AppError> {
    permissions::now(&*state.permissions()).await
}

/// Puts `grant` in the place of what is granted to a caller, which must still be `before`. Null stands
/// for nothing at all: to add a caller, and to revoke. What is granted then, with links seen through.
///
/// Fails with `wrong_state` if it was changed meanwhile, `invalid_input` or `storage`.
#[tauri::command]
#[specta::specta]
pub async fn set_grant(
    state: State<'_, AppState>,
    caller: Caller,
    before: Option<Grant>,
    grant: Option<Grant>,
) -> Result<Policy, AppError> {
    let permissions = state.permissions();
    permissions
        .set_grant(Caller::Window, caller, before, grant)
        .await
}

/// Answers a question.
///
/// Fails with `invalid_query` when it isn't open any more, or `storage`.
#[tauri::command]
#[specta::specta]
pub async fn answer_question(
    state: State<'_, AppState>,
    question_id: QuestionId,
    answer: QuestionAnswer,
) -> Result<(), AppError> {
    let permissions = state.permissions();
    permissions
        .answer(Caller::Window, question_id, answer)
        .await
}
