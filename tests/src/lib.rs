//! What the end-to-end tests stand on: the built binaries, a virtual display with the real window
//! on it, trees of files that are hard on a tool, long histories, and values that are hard on a wire.
//!
//! What is tested stands in `tests/`, one file a door.

pub mod answers;
pub mod any;
pub mod axe;
pub mod binaries;
pub mod display;
pub mod history;
pub mod keyboard;
pub mod lab;
pub mod odd_tree;
pub mod pictures;
pub mod process_group;
pub mod scenes;
pub mod slow_server;
pub mod terminal;
pub mod tool_page;
pub mod window;
