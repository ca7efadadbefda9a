//! What may be asked of the audit trail through the engine, and by whom.

use std::{path::PathBuf, sync::Arc};

use async_trait::async_trait;
use toolroom_shared::{
    AppError, AuditDecision, AuditOperation, AuditPage, AuditQuery, AuditReport, Caller, ErrorCode,
};

use super::job_manager::JobManager;
use crate::{AuditApi, AuditLog, AuditNote, AuditReader};

impl JobManager {
    /// Takes notes for the audit trail; without a history on disk they are dropped.
    #[must_use]
    pub fn audit_log(&self) -> Arc<dyn AuditLog> {
        self.scheduler.audit.clone()
    }

    /// Does `read` with the trail where that may take its time, if the caller is a person.
    async fn read_audit<R: Send + 'static>(
        &self,
        caller: Caller,
        read: impl FnOnce(&AuditReader) -> Result<R, AppError> + Send + 'static,
    ) -> Result<R, AppError> {
        if !matches!(caller, Caller::Window | Caller::Terminal) {
            let refused = AppError::new(
                ErrorCode::PermissionDenied,
                "The audit trail is for people: nothing of it was read. Look at it in the window or the terminal.",
            );
            let operation = AuditOperation::Read;
            let note = AuditNote::new(caller, operation, AuditDecision::Refused);
            let note = note.code(&refused.code).subject("the audit trail");
            self.scheduler.audit.note(note);
            return Err(refused);
        }
        let Some(reader) = &self.reader else {
            let message = "This engine keeps nothing, and so no audit trail.";
            return Err(AppError::new(ErrorCode::WrongState, message));
        };
        self.read(reader, move |reader| {
            read(&AuditReader::new(reader.history().clone()))
        })
        .await
    }
}

#[async_trait]
impl AuditApi for JobManager {
    async fn audit_page(&self, caller: Caller, query: AuditQuery) -> Result<AuditPage, AppError> {
        self.read_audit(caller, move |reader| reader.page(&query))
            .await
    }

    async fn verify_audit(&self, caller: Caller) -> Result<AuditReport, AppError> {
        self.read_audit(caller, |reader| reader.verify(&mut |_, _| ()))
            .await
    }

    async fn export_audit(&self, caller: Caller, path: PathBuf) -> Result<u64, AppError> {
        if !path.is_absolute() {
            let message = format!(
                "{} is not a whole path, so nothing was written. Write where the file goes, from the top.",
                path.display()
            );
            return Err(AppError::new(ErrorCode::InvalidInput, message));
        }
        self.read_audit(caller, move |reader| reader.export(&path))
            .await
    }
}
