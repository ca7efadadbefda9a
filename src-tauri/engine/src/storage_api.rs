//! What doors may ask of what is kept, beside its jobs one by one.

use async_trait::async_trait;
use toolroom_shared::{AppError, Caller, CleanUp, HistoryCopy, StorageReport};

/// What can be asked about all that is kept. `caller` is set at the door, and must be a person: everyone else
/// is told `permission_denied`. Where nothing is kept, everything fails with `wrong_state`.
#[async_trait]
pub trait StorageApi: Send + Sync {
    /// How much room everything takes.
    async fn storage(&self, caller: Caller) -> Result<StorageReport, AppError>;

    /// What [`clean_up`](Self::clean_up) would remove.
    async fn survey_clean_up(
        &self,
        caller: Caller,
        older_than_days: u32,
    ) -> Result<CleanUp, AppError>;

    /// Removes the jobs that ended more than so many days ago; all that have ended with 0. What was removed.
    ///
    /// # Errors
    /// `storage`; what was removed by then stays so.
    async fn clean_up(&self, caller: Caller, older_than_days: u32) -> Result<CleanUp, AppError>;

    /// Writes the jobs that have ended into a new file, one JSON object a line, whole or not at all.
    ///
    /// # Errors
    /// `invalid_input` for a path that isn't whole, `already_exists`, `io_error`, `storage`.
    async fn export_history(&self, caller: Caller, path: String) -> Result<HistoryCopy, AppError>;

    /// Takes in the jobs of such a file, once all of it was found to be well. A job that is there already
    /// stays as it is.
    ///
    /// # Errors
    /// `invalid_input` for a path that isn't whole or a line that isn't a job, `io_error`, `storage`.
    async fn import_history(&self, caller: Caller, path: String) -> Result<HistoryCopy, AppError>;
}
