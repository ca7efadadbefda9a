//! The pieces that pages are made of: props in, callbacks out. None of them knows of jobs.

mod chart;
mod combobox;
mod copy_button;
mod copy_command;
mod dialog;
mod end_text;
mod file_buttons;
mod fold;
mod form;
mod icon;
mod keys;
mod progress_bar;
mod question_card;
mod result_view;
mod segments;
mod states;
mod string_list;
mod switch;

pub use chart::{Chart, ChartLine, HEIGHT as CHART_HEIGHT, WIDTH as CHART_WIDTH};
pub use combobox::Combobox;
pub use copy_button::CopyButton;
pub use copy_command::CopyCommand;
pub use dialog::Dialog;
pub use end_text::EndText;
pub use file_buttons::{FileActions, FileButtons};
pub use fold::Fold;
pub use form::{Edit, FormContext, FormFields, KeptSecrets, PathPicker, PathQuestion};
pub use icon::{Icon, IconView};
pub use keys::Keys;
pub use progress_bar::ProgressBar;
pub use question_card::QuestionCard;
pub use result_view::{ResultView, SavedText};
pub use segments::{Segment, Segments};
pub use states::{Banner, Empty, Skeleton};
pub use string_list::StringList;
pub use switch::Switch;
