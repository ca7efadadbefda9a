//! Fields that are typed into: words, secrets, paths, numbers, several lines, JSON.

use leptos::prelude::*;

use super::FormContext;
use super::frame::{self, Ids};
use crate::form::{Field, FieldValue};

/// What is typed into a line.
#[derive(Clone)]
pub(super) enum Look {
    /// Words.
    Words,
    /// Something not to be seen.
    Secret,
    /// A file or folder.
    Path,
    /// A number.
    Number {
        /// A whole one.
        integer: bool,
        /// What is counted.
        unit: Option<String>,
        /// What is allowed, in words.
        bounds: Option<String>,
    },
}

/// What bounds say in words: `1 to 16`.
pub(super) fn bounds(minimum: Option<f64>, maximum: Option<f64>) -> Option<String> {
    // Bounds that only say what a number type can hold are of no use to people.
    let minimum = minimum.filter(|bound| *bound != 0.0);
    let maximum = maximum.filter(|bound| *bound < 4_294_967_295.0);
    match (minimum, maximum) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (Some(least), None) => Some(format!("{least} or more")),
        (None, Some(most)) => Some(format!("at most {most}")),
        (None, None) => None,
    }
}

/// A field of one line.
pub(super) fn line(field: &Field, form: &FormContext, look: Look) -> AnyView {
    let ids = Ids::of(field);
    let (value, set) = bound(field, form);
    let wrong = form.is_wrong(field);
    let (class, kind) = match look {
        Look::Words => ("input", "text"),
        Look::Secret => ("input", "password"),
        Look::Path => ("input mono", "text"),
        Look::Number { .. } => ("input number-input", "text"),
    };
    let (mode, unit, bounds) = match look {
        Look::Number {
            integer,
            unit,
            bounds,
        } => (
            Some(if integer { "numeric" } else { "decimal" }),
            unit,
            bounds,
        ),
        _ => (None, None, None),
    };
    let beside = match (unit, bounds) {
        (Some(unit), Some(bounds)) => Some(format!("{unit}, {bounds}")),
        (unit, bounds) => unit.or(bounds),
    };
    let is_number = mode.is_some();
    let input = view! {
        <input
            id=ids.input.clone()
            class=class
            type=kind
            inputmode=mode
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            placeholder=field.example.clone()
            aria-describedby=ids.about.clone()
            aria-invalid=move || wrong.get().to_string()
            prop:value=value
            on:input:target=move |ev| set(ev.target().value())
        />
    };
    let control = match beside {
        Some(words) => view! {
            <div class="with-unit">{input} <span class="unit">{words}</span></div>
        }
        .into_any(),
        None => input.into_any(),
    };
    let class = if is_number { "narrow" } else { "" };
    frame::labelled(field, form, &ids, class, control)
}

/// A field of several lines.
pub(super) fn area(field: &Field, form: &FormContext, class: &'static str) -> AnyView {
    let ids = Ids::of(field);
    let (value, set) = bound(field, form);
    let wrong = form.is_wrong(field);
    let control = view! {
        <textarea
            id=ids.input.clone()
            class=format!("input {class}")
            rows="4"
            autocomplete="off"
            spellcheck="false"
            placeholder=field.example.clone()
            aria-describedby=ids.about.clone()
            aria-invalid=move || wrong.get().to_string()
            prop:value=value
            on:input:target=move |ev| set(ev.target().value())
        ></textarea>
    };
    frame::labelled(field, form, &ids, "", control)
}

/// The field's text, and what sets it.
fn bound(field: &Field, form: &FormContext) -> (Signal<String>, impl Fn(String) + Clone + use<>) {
    let key = field.key.clone();
    let value = form.read(move |values| values.text(&key).to_owned());
    let (form, field) = (form.clone(), field.clone());
    let set = move |text: String| {
        let key = field.key.clone();
        form.edit(&field, move |values| {
            values.set(&key, FieldValue::Text(text));
        });
    };
    (value, set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_said_as_far_as_they_matter() {
        assert_eq!(bounds(Some(1.0), Some(16.0)).as_deref(), Some("1 to 16"));
        assert_eq!(bounds(Some(0.0), Some(4_294_967_295.0)), None);
        assert_eq!(bounds(Some(0.0), Some(9.0)).as_deref(), Some("at most 9"));
        assert_eq!(bounds(Some(2.0), None).as_deref(), Some("2 or more"));
    }
}
