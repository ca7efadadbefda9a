//! The pages: they put components and stores together, and make no calls themselves.

mod chat;
mod choose_path;
pub mod job_view;
mod jobs;
mod monitor;
mod settings;
mod terminal;
mod tools;

pub use chat::ChatPage;
pub use jobs::JobsPage;
pub use monitor::MonitorPage;
pub use settings::SettingsPage;
pub use terminal::TerminalPage;
pub use tools::ToolsPage;
