//! The fields of a form, drawn from its model.
//!
//! What stands in them and what is wrong comes through [`FormContext`]; every change goes out
//! through it. Which schema gives which field is decided in `crate::form`.

mod choice;
mod field;
mod frame;
mod list_lines;
mod moments;
mod nested;
mod path;
mod path_list;
mod picking;
mod reorder;
mod rows;
mod secret;
mod text;

use std::sync::Arc;

use leptos::prelude::*;

use crate::components::{Icon, IconView};
use crate::form::pointer;
use crate::form::problems::ShownProblems;
use crate::form::{Field, FormModel, FormValues, differing};

pub use picking::{PathPicker, PathQuestion};
pub use secret::KeptSecrets;

/// A change of what stands in a form.
pub struct Edit {
    /// The field that was changed.
    pub pointer: String,
    /// The change.
    pub change: Box<dyn FnOnce(&mut FormValues)>,
}

/// What every field of a form needs.
#[derive(Clone)]
pub struct FormContext {
    /// What stands in the fields.
    pub values: ArcRwSignal<FormValues>,
    /// What is wrong, by the pointers of the fields that show it.
    pub problems: Memo<ShownProblems>,
    /// Takes every change.
    pub on_edit: Callback<Edit>,
}

impl FormContext {
    fn edit(&self, field: &Field, change: impl FnOnce(&mut FormValues) + 'static) {
        self.on_edit.run(Edit {
            pointer: field.pointer.clone(),
            change: Box::new(change),
        });
    }

    /// Something that stands in the form, kept up to date.
    fn read<T: Clone + PartialEq + Send + Sync + 'static>(
        &self,
        what: impl Fn(&FormValues) -> T + Send + Sync + 'static,
    ) -> Signal<T> {
        let values = self.values.clone();
        Memo::new(move |_| values.with(&what)).into()
    }

    /// Whether the field shows a problem.
    fn is_wrong(&self, field: &Field) -> Signal<bool> {
        let (problems, pointer) = (self.problems, field.pointer.clone());
        Memo::new(move |_| problems.with(|all| all.contains_key(&pointer))).into()
    }
}

/// All fields of a form: the usual ones, and below them, folded, the advanced ones.
#[component]
pub fn FormFields(
    /// The form.
    model: Arc<FormModel>,
    /// What stands in it and where changes go.
    form: FormContext,
) -> impl IntoView {
    let (advanced, usual): (Vec<Field>, Vec<Field>) = model
        .fields
        .iter()
        .cloned()
        .partition(|field| field.advanced);
    view! {
        <div class="fields">{field::views(usual, &form)}</div>
        {(!advanced.is_empty()).then(|| folded(advanced, &form))}
    }
}

fn folded(fields: Vec<Field>, form: &FormContext) -> impl IntoView + use<> {
    let opened = RwSignal::new(false);
    let pointers: Vec<String> = fields.iter().map(|field| field.pointer.clone()).collect();
    let problems = form.problems;
    let has_problem = Memo::new(move |_| {
        problems.with(|all| {
            all.keys()
                .any(|at| pointers.iter().any(|folded| pointer::is_within(at, folded)))
        })
    });
    let changed = {
        let fields = fields.clone();
        form.read(move |values| differing(&fields, values).join(" · "))
    };
    // A problem must not hide in the fold.
    let open = Memo::new(move |_| opened.get() || has_problem.get());
    view! {
        <div class="advanced">
            <button
                type="button"
                class="fold"
                aria-controls="advanced-fields"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| opened.set(!open.get())
            >
                <IconView icon=Icon::Chevron />
                "Advanced"
                <span class="fold-note">{changed}</span>
            </button>
            <div id="advanced-fields" class="fields" hidden=move || !open.get()>
                {field::views(fields, form)}
            </div>
        </div>
    }
}
