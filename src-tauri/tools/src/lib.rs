//! The catalogue: one tool, one file, named after the tool.
//!
//! [`all`] is generated from the files in this folder. A tool's file holds its documentation,
//! its input and output, its implementation and its tests; what several tools need is in
//! `support`.

mod catalogue;
mod support;

pub use catalogue::*;
