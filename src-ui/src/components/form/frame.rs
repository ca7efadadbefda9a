//! What is the same about every field: its name, its help, and what is wrong with it.

use leptos::prelude::*;

use super::FormContext;
use crate::form::{Field, fill};

/// The ids by which a field's parts refer to each other.
#[derive(Clone)]
pub(super) struct Ids {
    /// The input itself.
    pub input: String,
    /// The field's name.
    pub label: String,
    /// Its help and its problems.
    pub about: String,
}

impl Ids {
    pub(super) fn of(field: &Field) -> Self {
        let base: String = field
            .key
            .chars()
            .map(|c| {
                if c.is_whitespace() || c.is_control() {
                    '.'
                } else {
                    c
                }
            })
            .collect();
        let (help, problem) = (format!("help{base}"), format!("problem{base}"));
        Self {
            input: format!("input{base}"),
            label: format!("label{base}"),
            about: format!("{help} {problem}"),
        }
    }

    fn help(&self) -> String {
        self.about.split(' ').next().unwrap_or_default().to_owned()
    }

    fn problem(&self) -> String {
        self.about.split(' ').nth(1).unwrap_or_default().to_owned()
    }
}

/// A field: its name above, then `control`, then what there is to say about it.
pub(super) fn labelled(
    field: &Field,
    form: &FormContext,
    ids: &Ids,
    class: &'static str,
    control: impl IntoView + 'static,
) -> AnyView {
    let required = field.required.then(|| {
        view! {
            <span class="required" title="Required">
                <span aria-hidden="true">"*"</span>
                <span class="visually-hidden">" (required)"</span>
            </span>
        }
    });
    // In a row its place says what it is.
    let label_class = if field.is_row {
        "visually-hidden"
    } else {
        "field-label"
    };
    view! {
        <div class=format!("field {class}") data-field=field.pointer.clone()>
            <label class=label_class id=ids.label.clone() for=ids.input.clone()>
                {field.label.clone()}
                {required}
            </label>
            {control}
            {about(field, form, ids)}
        </div>
    }
    .into_any()
}

/// A field whose control holds its name itself.
pub(super) fn plain(
    field: &Field,
    form: &FormContext,
    ids: &Ids,
    class: &'static str,
    control: impl IntoView + 'static,
) -> AnyView {
    view! {
        <div class=format!("field {class}") data-field=field.pointer.clone()>
            {control}
            {about(field, form, ids)}
        </div>
    }
    .into_any()
}

/// The field's problems and its help.
pub(super) fn about(field: &Field, form: &FormContext, ids: &Ids) -> impl IntoView + use<> {
    let (problems, pointer) = (form.problems, field.pointer.clone());
    let lines =
        Memo::new(move |_| problems.with(|all| all.get(&pointer).cloned().unwrap_or_default()));
    let pointer = field.pointer.clone();
    let problem = move || {
        let lines = lines.get();
        (!lines.is_empty()).then(|| {
            let lines = lines
                .into_iter()
                .map(|line| view! { <span>{line}</span> })
                .collect_view();
            view! { <p class="problem" data-problem=pointer.clone()>{lines}</p> }
        })
    };
    let help = field
        .help
        .clone()
        .map(|help| view! { <p class="help" id=ids.help()>{help}</p> });
    view! {
        <div id=ids.problem() aria-live="polite">{problem}</div>
        {help}
        {example(field, form)}
    }
}

/// Something that could stand in the field, which a click puts there.
fn example(field: &Field, form: &FormContext) -> Option<impl IntoView + use<>> {
    let (words, value) = (field.example.clone()?, field.example_value.clone()?);
    let (form, field) = (form.clone(), field.clone());
    let take = move |_| {
        let (inside, value) = (field.clone(), value.clone());
        form.edit(&field, move |values| fill(&inside, Some(&value), values));
    };
    Some(view! {
        <button type="button" class="example" data-action="take-example" on:click=take>
            "Example: "
            <span class="mono">{words}</span>
        </button>
    })
}
