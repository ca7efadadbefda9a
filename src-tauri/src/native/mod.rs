//! What only the system can do for the person: choosing paths, opening and showing files, telling of
//! something while the window is out of sight.
//!
//! All of it goes through [`NativeServices`]. `system` does it with Tauri's plugins, of which the page is
//! granted nothing: it calls the contract's own commands, and they ask `job_paths` first. `stand_in`
//! answers in the system's place where a test says so, and isn't there in what ships.

mod job_paths;
mod say;
#[cfg(debug_assertions)]
mod stand_in;
mod system;

use std::{path::PathBuf, sync::Arc};

use async_trait::async_trait;
use tauri::{AppHandle, Wry};
use toolroom_shared::{AppError, ErrorCode, GivenPaths, PathWish};

pub use job_paths::{check_is_of_job, check_opens_nothing_that_runs};
pub use say::say;

/// Something that the person is told outside of the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// In a few words.
    pub title: String,
    /// More; may be empty.
    pub text: String,
}

/// What the system does for the person.
#[async_trait]
pub trait NativeServices: Send + Sync {
    /// Lets the person choose paths; none if they think better of it.
    ///
    /// # Errors
    /// `io_error`, where there is no such dialog.
    async fn choose(&self, wish: &PathWish) -> Result<Vec<PathBuf>, AppError>;

    /// Opens a file or folder with the program that the system has for it.
    ///
    /// # Errors
    /// `io_error`, if there is none or it can't be begun.
    async fn open(&self, path: PathBuf) -> Result<(), AppError>;

    /// Shows a file or folder where it lies.
    ///
    /// # Errors
    /// `io_error`, if nothing can show it.
    async fn reveal(&self, path: PathBuf) -> Result<(), AppError>;

    /// Tells the person something, and waits until they have reacted: true if they clicked on it.
    /// Where that isn't told, it answers at once.
    ///
    /// # Errors
    /// `io_error`, where nothing can be told.
    async fn notify(&self, notice: &Notice) -> Result<bool, AppError>;
}

/// The services of this app: the system's, unless a test stands in for it.
#[must_use]
pub fn services(app: &AppHandle<Wry>) -> Arc<dyn NativeServices> {
    #[cfg(debug_assertions)]
    if let Some(stand_in) = stand_in::StandIn::from_environment() {
        return Arc::new(stand_in);
    }
    Arc::new(system::System::new(app.clone()))
}

/// Those of `paths` that the page can be told of: whole ones whose names are text.
#[must_use]
pub fn given(paths: Vec<PathBuf>) -> GivenPaths {
    let mut given = GivenPaths::default();
    for path in paths {
        match path.to_str() {
            Some(text) if path.is_absolute() => given.paths.push(text.to_owned()),
            _ => given.left_out = given.left_out.saturating_add(1),
        }
    }
    given
}

/// The system could not do what was asked.
fn refused(what: &str, why: impl std::fmt::Display) -> AppError {
    AppError::new(ErrorCode::Io, format!("{what} {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_is_no_whole_path_or_no_text_is_counted_and_left_out() {
        use std::os::unix::ffi::OsStringExt;
        let odd = std::ffi::OsString::from_vec(b"/a/\xff".to_vec());
        let paths = vec!["/a b".into(), "https://example.org/x".into(), odd.into()];
        let given = given(paths);
        assert_eq!((given.paths, given.left_out), (vec!["/a b".to_owned()], 2));
    }
}
