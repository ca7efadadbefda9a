//! Toolroom's page: shows tools as forms and their jobs as they run.
//!
//! - [`stores`] know everything and make every call; [`app`] puts them and the routes together.
//! - [`pages`] are made of [`components`]; [`shell`] stands around them.
//! - [`form`] and [`result`] read schemas, [`format`] puts numbers and times into words, [`keys`]
//!   has the shortcuts, [`palette`] finds things by their names: pure, and tested without a browser.
//!
//! How a call reaches the backend is `toolroom-ipc`'s business.

mod app;
mod audit_words;
mod chart;
mod clock;
mod components;
mod dom;
mod form;
mod format;
mod keys;
mod pages;
mod palette;
mod result;
mod shell;
mod stores;
mod texts;

/// Draws the page into the document and starts its work.
pub fn run() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
