//! Days and times, in the browser's own fields.

use leptos::prelude::*;

use super::FormContext;
use super::frame::{self, Ids};
use super::text;
use crate::dom;
use crate::form::{Field, TextLook, moment};

/// The field for a day, a time, or both.
pub(super) fn view(field: &Field, look: TextLook, form: &FormContext) -> AnyView {
    let ids = Ids::of(field);
    let (value, set) = text::bound(field, form);
    let wrong = form.is_wrong(field);
    let kind = match look {
        TextLook::Date => "date",
        TextLook::Moment | TextLook::LocalMoment => "datetime-local",
        _ => "time",
    };
    let shown = move || value.with(|value| to_field(look, value));
    let take = move |typed: String| set(from_field(look, &typed));
    let control = view! {
        <input
            id=ids.input.clone()
            class="input moment"
            type=kind
            step=(look != TextLook::Date).then_some("1")
            aria-describedby=ids.about.clone()
            aria-invalid=move || wrong.get().to_string()
            prop:value=shown
            on:change:target=move |ev| take(ev.target().value())
        />
    };
    frame::labelled(field, form, &ids, "narrow", control)
}

fn to_field(look: TextLook, value: &str) -> String {
    match look {
        TextLook::Moment => moment::to_field(value, dom::utc_offset_minutes).unwrap_or_default(),
        TextLook::Time => moment::time_and_offset(value).0.to_owned(),
        _ => value.to_owned(),
    }
}

fn from_field(look: TextLook, typed: &str) -> String {
    if typed.is_empty() {
        return String::new();
    }
    match look {
        // What can't be read is passed on as it is, for the check to refuse.
        TextLook::Moment => {
            moment::from_field(typed, dom::utc_offset_minutes).unwrap_or_else(|| typed.to_owned())
        }
        TextLook::LocalMoment | TextLook::LocalTime => moment::whole(typed),
        TextLook::Time => {
            let offset = moment::offset_text(dom::utc_offset_minutes(dom::now_ms()));
            format!("{}{offset}", moment::whole(typed))
        }
        _ => typed.to_owned(),
    }
}
