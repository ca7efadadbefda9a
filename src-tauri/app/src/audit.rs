//! The audit trail of a data folder, to be read only.

use std::path::PathBuf;

use toolroom_engine::AuditReader;
use toolroom_shared::AppError;

use crate::data_folder;

/// Reads the trail of the data folder that [`Toolroom::open`](crate::Toolroom::open) would open,
/// also while another process runs its engine; none if nothing was ever done there. Makes and
/// changes nothing.
///
/// # Errors
/// `data_folder`, when it isn't known which; `storage`, when the history can't be read.
pub fn audit_trail(data_dir: Option<PathBuf>) -> Result<Option<AuditReader>, AppError> {
    AuditReader::open(&data_folder::find(data_dir)?)
}
