//! The pages: they put components and stores together, and make no calls themselves.

mod job_view;
mod jobs;
mod tools;

pub use jobs::JobsPage;
pub use tools::ToolsPage;
