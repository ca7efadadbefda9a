//! Fields that are typed into: words, secrets, numbers, several lines, JSON.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::FormContext;
use super::frame::{self, Ids};
use crate::form::quantity::{Quantity, Steps, stepped};
use crate::form::{Field, FieldValue};
use crate::format;
use crate::texts;

/// What is typed into a line.
#[derive(Clone)]
pub(super) enum Look {
    /// Words.
    Words,
    /// Something not to be seen.
    Hidden,
    /// An address on the web.
    Address,
    /// A number.
    Number {
        /// A whole one.
        integer: bool,
        /// What is counted.
        unit: Option<String>,
        /// What is allowed, in words.
        bounds: Option<String>,
        /// What the arrow keys go by.
        steps: Steps,
    },
}

/// What bounds say in words: `1 to 16`.
pub(super) fn bounds(
    minimum: Option<f64>,
    maximum: Option<f64>,
    quantity: Option<Quantity>,
) -> Option<String> {
    // Bounds that only say what a number type can hold are of no use to people.
    let minimum = minimum.filter(|bound| *bound != 0.0);
    let maximum = maximum.filter(|bound| *bound < 4_294_967_295.0);
    // A size of at least one byte is any at all.
    let minimum = minimum.filter(|bound| quantity.is_none() || *bound > 1.0);
    let words = |bound: f64| match quantity {
        Some(quantity) if bound.fract() == 0.0 && bound >= 0.0 => {
            quantity.show(&serde_json::Value::from(bound as u64))
        }
        None if bound.fract() == 0.0 && bound >= 10_000.0 => format::count(bound as u64),
        _ => bound.to_string(),
    };
    match (minimum.map(words), maximum.map(words)) {
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
        Look::Hidden => ("input", "password"),
        Look::Address => ("input", "url"),
        Look::Number { .. } => ("input number-input", "text"),
    };
    let (on_key, meaning) = match &look {
        Look::Number { unit, steps, .. } => {
            let quantity = Quantity::of(unit.as_deref());
            let on_key = arrows(field, form, *steps, quantity);
            (
                Some(on_key),
                quantity.map(|quantity| meaning(value, quantity)),
            )
        }
        _ => (None, None),
    };
    let placeholder = match (&look, field.required || field.has_default()) {
        (_, false) if !field.is_row => Some(texts::NOT_SET.to_owned()),
        _ => None,
    };
    let (mode, unit, bounds) = match look {
        Look::Number {
            integer,
            unit,
            bounds,
            ..
        } => {
            // What can be typed in several units has none of its own.
            let has_several = Quantity::of(unit.as_deref()).is_some();
            (
                Some(if integer && !has_several {
                    "numeric"
                } else {
                    "decimal"
                }),
                unit.filter(|_| !has_several),
                bounds,
            )
        }
        _ => (None, None, None),
    };
    let beside = match (unit, bounds) {
        (Some(unit), Some(bounds)) => Some(format!("{unit}, {bounds}")),
        (unit, bounds) => unit.or(bounds),
    };
    let is_number = mode.is_some();
    let on_key = move |ev: KeyboardEvent| {
        if let Some(on_key) = &on_key {
            on_key(&ev);
        }
    };
    let input = view! {
        <input
            id=ids.input.clone()
            class=class
            type=kind
            inputmode=mode
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            placeholder=placeholder
            aria-describedby=ids.about.clone()
            aria-invalid=move || wrong.get().to_string()
            prop:value=value
            on:input:target=move |ev| set(ev.target().value())
            on:keydown=on_key
        />
    };
    let control = match (beside, meaning) {
        (None, None) => input.into_any(),
        (words, meaning) => view! {
            <div class="with-unit">
                {input} {meaning} {words.map(|words| view! { <span class="unit">{words}</span> })}
            </div>
        }
        .into_any(),
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
            placeholder=(!field.required && !field.has_default()).then_some(texts::NOT_SET)
            aria-describedby=ids.about.clone()
            aria-invalid=move || wrong.get().to_string()
            prop:value=value
            on:input:target=move |ev| set(ev.target().value())
        ></textarea>
    };
    frame::labelled(field, form, &ids, "", control)
}

/// What the arrow keys do to a number.
fn arrows(
    field: &Field,
    form: &FormContext,
    steps: Steps,
    quantity: Option<Quantity>,
) -> impl Fn(&KeyboardEvent) + use<> {
    let (form, field) = (form.clone(), field.clone());
    move |ev| {
        let up = match ev.key().as_str() {
            "ArrowUp" => true,
            "ArrowDown" => false,
            _ => return,
        };
        ev.prevent_default();
        let now = form
            .values
            .with_untracked(|values| values.text(&field.key).to_owned());
        if let Some(next) = stepped(&now, up, steps, quantity) {
            let key = field.key.clone();
            form.edit(&field, move |values| {
                values.set(&key, FieldValue::Text(next))
            });
        }
    }
}

/// What a size or a span that is typed in another unit comes to.
fn meaning(value: Signal<String>, quantity: Quantity) -> impl IntoView {
    let words = move || {
        let meant = value.with(|text| quantity.parse(text))?;
        let shown = quantity.show(&meant);
        value
            .with(|text| text.trim() != shown)
            .then(|| format!("= {shown}"))
    };
    view! { <span class="unit meaning">{words}</span> }
}

/// The field's text, and what sets it.
pub(super) fn bound(
    field: &Field,
    form: &FormContext,
) -> (Signal<String>, impl Fn(String) + Clone + use<>) {
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
        let plain = |least, most| bounds(least, most, None);
        assert_eq!(plain(Some(1.0), Some(16.0)).as_deref(), Some("1 to 16"));
        assert_eq!(plain(Some(0.0), Some(4_294_967_295.0)), None);
        assert_eq!(plain(Some(0.0), Some(9.0)).as_deref(), Some("at most 9"));
        assert_eq!(plain(Some(2.0), None).as_deref(), Some("2 or more"));
        let many = plain(Some(100.0), Some(10_000_000.0));
        assert_eq!(many.as_deref(), Some("100 to 10,000,000"));
        let size = bounds(Some(1.0), Some(1_048_576.0), Some(Quantity::Bytes));
        assert_eq!(size.as_deref(), Some("at most 1 MiB"));
    }
}
