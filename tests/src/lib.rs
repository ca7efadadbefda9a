//! What the end-to-end tests stand on: the built binaries, a virtual display with the real window
//! on it, trees of files that are hard on a tool, and values that are hard on a wire.
//!
//! What is tested stands in `tests/`, one file a door.

pub mod answers;
pub mod any;
pub mod binaries;
pub mod display;
pub mod lab;
pub mod odd_tree;
pub mod pictures;
pub mod process_group;
pub mod terminal;
pub mod tool_page;
pub mod window;
