//! A choice between values: segments for up to four, beyond that a list with type-ahead.

use leptos::prelude::*;

use super::FormContext;
use super::frame::{self, Ids};
use crate::components::{Combobox, Segment, Segments};
use crate::form::{Choice, Field, FieldValue};
use crate::texts;

/// More options than this don't stand side by side.
const MAX_SEGMENTS: usize = 4;

/// The field for one of `choices`.
pub(super) fn view(field: Field, choices: Vec<Choice>, form: &FormContext) -> AnyView {
    let options = choices
        .into_iter()
        .map(|choice| Segment {
            id: choice.id(),
            label: choice.label,
            help: choice.help,
            count: None,
        })
        .collect();
    let may_be_unset = !field.required && !field.has_default();
    let ids = Ids::of(&field);
    let (control, class) = picker(&field, form, &ids, options, may_be_unset);
    frame::labelled(&field, form, &ids, class, control)
}

/// The control that sets the field's chosen index, and the field's class.
pub(super) fn picker(
    field: &Field,
    form: &FormContext,
    ids: &Ids,
    mut options: Vec<Segment>,
    may_be_unset: bool,
) -> (AnyView, &'static str) {
    // With "not set" in front, every index on screen is one higher.
    let shift = usize::from(may_be_unset);
    if may_be_unset {
        let unset = Segment {
            id: String::new(),
            label: texts::NOT_SET.to_owned(),
            help: None,
            count: None,
        };
        options.insert(0, unset);
    }
    let key = field.key.clone();
    let chosen = form.read(move |values| match values.chosen(&key) {
        Some(index) => Some(index + shift),
        None if may_be_unset => Some(0),
        None => None,
    });
    let on_choose = {
        let (form, field) = (form.clone(), field.clone());
        Callback::new(move |index: usize| {
            let key = field.key.clone();
            let index = index.checked_sub(shift);
            form.edit(&field, move |values| {
                values.set(&key, FieldValue::Chosen(index));
            });
        })
    };
    if options.len() <= MAX_SEGMENTS {
        let segments = view! {
            <Segments
                name=ids.input.clone()
                labelled_by=ids.label.clone()
                segments=options
                chosen
                on_choose
            />
        };
        return (segments.into_any(), "");
    }
    let wrong = form.is_wrong(field);
    let combobox = view! {
        <Combobox
            id=ids.input.clone()
            described_by=ids.about.clone()
            wrong
            options
            chosen
            on_choose
        />
    };
    (combobox.into_any(), "narrow")
}
