//! The audit trail: shown by page, checked, exported.

use tauri::State;
use toolroom_shared::{AppError, AuditPage, AuditQuery, AuditReport, Caller};

use crate::{json_text::JsonText, state::AppState};

/// One page of the audit trail, newest first.
///
/// Fails with `invalid_query` or `storage`.
#[tauri::command]
#[specta::specta]
pub async fn list_audit(
    state: State<'_, AppState>,
    query: AuditQuery,
) -> Result<JsonText<AuditPage>, AppError> {
    let audit = state.audit();
    audit.audit_page(Caller::Window, query).await.map(JsonText)
}

/// Checks the whole audit trail: a million entries take about two seconds. That something is wrong is
/// no error: it is what the report says.
///
/// Fails with `storage`.
#[tauri::command]
#[specta::specta]
pub async fn verify_audit(state: State<'_, AppState>) -> Result<AuditReport, AppError> {
    state.audit().verify_audit(Caller::Window).await
}

/// Writes the whole audit trail into a new file, given by a whole path, as JSON lines with hashes. How
/// many entries it has.
///
/// Fails with `invalid_input`, `already_exists`, `io_error` or `storage`.
#[tauri::command]
#[specta::specta]
pub async fn export_audit(state: State<'_, AppState>, path: String) -> Result<u32, AppError> {
    let audit = state.audit();
    let entries = audit.export_audit(Caller::Window, path.into()).await?;
    Ok(u32::try_from(entries).unwrap_or(u32::MAX))
}
