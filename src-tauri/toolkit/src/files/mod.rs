//! Files and folders as a job may use them: resolved once, checked against its roots, and from then
//! on reached by handle, so that nothing that is swapped meanwhile leads anywhere else.
//!
//! ```text
//! InputPath  --ctx.input-->      Place   --open-->         File
//!                                        --open_folder-->  Folder
//! OutputDir  --ctx.output_dir--> Folder  --create-->       NewFile --finish--> a file, whole
//! OutputPath --ctx.output-->     Target  --create-->       NewFile
//! ```
//!
//! How a path is resolved is told in `resolve`, what may be resolved in `roots`; how the system is
//! asked not to follow links in `sys`. Walking through folders is `walk`'s business.

mod error;
mod folder;
mod folder_write;
mod metadata;
mod names;
mod new_file;
#[cfg(unix)]
mod open_files;
mod overwrite;
mod place;
mod resolve;
mod roots;
mod scratch;
mod skipped;
mod spot;
pub(crate) mod sys;
mod target;
#[cfg(test)]
#[cfg(unix)]
mod tests;

pub use error::PathError;
pub use folder::Folder;
pub use metadata::{FileId, FileKind, FileMetadata};
pub use new_file::NewFile;
pub use overwrite::Overwrite;
pub use place::Place;
pub use roots::Roots;
pub use scratch::Scratch;
pub use skipped::{SkipReason, SkipSentence, Skipped};
pub use target::Target;

pub(crate) use names::is_partial;
pub(crate) use resolve::resolve;
pub(crate) use spot::{Spot, Use, open_regular_in};
