//! The pieces that pages are made of: props in, callbacks out. None of them knows of jobs.

mod copy_button;
mod end_text;
mod fold;
mod form;
mod icon;
mod progress_bar;
mod result_view;
mod segments;
mod states;
mod switch;

pub use copy_button::CopyButton;
pub use end_text::EndText;
pub use fold::Fold;
pub use form::{Edit, FormContext, FormFields};
pub use icon::{Icon, IconView};
pub use progress_bar::ProgressBar;
pub use result_view::ResultView;
pub use segments::{Segment, Segments};
pub use states::{Banner, Empty, Skeleton};
pub use switch::Switch;
