//! Choosing paths, as far as fields need it: whoever shows a form says through the context how a person
//! is asked. Without that there is no button, and a path is typed.

use leptos::prelude::*;
use toolroom_shared::{PathKind, PathUse, PathWish};

use crate::form::Field;

/// What a person is to choose, and who wants to know.
#[derive(Clone)]
pub struct PathQuestion {
    /// What is to be chosen.
    pub wish: PathWish,
    /// Takes what was chosen; it isn't called if that is nothing.
    pub answer: Callback<Vec<String>>,
}

/// How paths come into fields other than by typing.
#[derive(Clone, Copy)]
pub struct PathPicker {
    /// Asks the person.
    pub ask: Callback<PathQuestion>,
    /// The key of the field that files are dragged over.
    pub over: Signal<Option<String>>,
}

/// Whether files are dragged over the field.
pub(super) fn is_over(field: &Field) -> Signal<bool> {
    let over = use_context::<PathPicker>().map(|picker| picker.over);
    let key = field.key.clone();
    Memo::new(move |_| {
        over.is_some_and(|over| over.with(|over| over.as_deref() == Some(key.as_str())))
    })
    .into()
}

/// The buttons that let a person choose paths for the field; none where nobody asks.
pub(super) fn buttons(
    field: &Field,
    path: PathUse,
    several: bool,
    beside: impl Fn() -> Option<String> + Clone + Send + Sync + 'static,
    answer: Callback<Vec<String>>,
) -> Option<AnyView> {
    let picker = use_context::<PathPicker>()?;
    let title = field.label.clone();
    let button = move |kind: PathKind, words: &'static str| {
        let (title, beside) = (title.clone(), beside.clone());
        let name = format!("{title}: {words}");
        let ask = move |_| {
            picker.ask.run(PathQuestion {
                wish: PathWish {
                    kind,
                    several: several && kind != PathKind::Save,
                    title: title.clone(),
                    beside: beside(),
                },
                answer,
            });
        };
        view! {
            <button
                type="button"
                class="text-button"
                data-action=action(kind)
                aria-label=name
                on:click=ask
            >
                {words}
            </button>
        }
    };
    let buttons = match (path, several) {
        (PathUse::Input, true) => vec![
            button(PathKind::File, "Files…"),
            button(PathKind::Folder, "Folders…"),
        ],
        (PathUse::Input, false) => vec![
            button(PathKind::File, "File…"),
            button(PathKind::Folder, "Folder…"),
        ],
        (PathUse::Output, _) => vec![button(PathKind::Save, "Choose…")],
        (PathUse::OutputDir, _) => vec![button(PathKind::Folder, "Choose…")],
    };
    Some(view! { <span class="path-buttons">{buttons}</span> }.into_any())
}

/// What tests know a button by.
const fn action(kind: PathKind) -> &'static str {
    match kind {
        PathKind::File => "choose-file",
        PathKind::Folder => "choose-folder",
        PathKind::Save => "choose-save",
    }
}
