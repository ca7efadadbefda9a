//! Which field shows which problem.

use std::collections::BTreeMap;

use toolroom_shared::InputProblem;

use super::{Field, FieldKind, FormModel, FormValues, name_key, pointer};
use crate::texts;

/// What is wrong, by the pointer of the field that shows it; the empty pointer is the form's own.
pub type ShownProblems = BTreeMap<String, Vec<String>>;

/// Puts each problem at the innermost field on screen that contains it.
#[must_use]
pub fn placed(form: &FormModel, values: &FormValues, problems: &[InputProblem]) -> ShownProblems {
    let fields = visible(form, values);
    let mut shown = ShownProblems::new();
    for problem in problems {
        let nearest = fields
            .iter()
            .filter(|seen| pointer::is_within(&problem.pointer, &seen.pointer))
            .max_by_key(|seen| seen.pointer.len());
        let (at, message) = match nearest {
            Some(seen) => {
                let row = seen
                    .lines
                    .as_ref()
                    .filter(|key| values.items(key).len() > 1)
                    .and_then(|_| pointer::index_below(&problem.pointer, &seen.pointer));
                let message = row.map_or_else(
                    || problem.message.clone(),
                    |index| texts::in_row(index, &problem.message),
                );
                (seen.place.clone(), message)
            }
            None => (String::new(), problem.sentence()),
        };
        let lines = shown.entry(at).or_default();
        if !lines.contains(&message) {
            lines.push(message);
        }
    }
    shown
}

/// The place of the first field on screen, from the top, that shows a problem.
#[must_use]
pub fn first(form: &FormModel, values: &FormValues, shown: &ShownProblems) -> Option<String> {
    let mut fields = visible(form, values);
    // Folded fields stand below the others.
    fields.sort_by_key(|seen| seen.is_folded);
    let found = fields
        .into_iter()
        .find(|seen| shown.contains_key(&seen.place));
    found.map(|seen| seen.place)
}

/// A field on screen.
struct Seen {
    /// Where its value stands in the input.
    pointer: String,
    /// What it is known by on screen: rows keep it when they are moved.
    place: String,
    /// Its key, if it is a list of lines.
    lines: Option<String>,
    /// It is folded away.
    is_folded: bool,
}

fn visible(form: &FormModel, values: &FormValues) -> Vec<Seen> {
    let mut all = Vec::new();
    for field in &form.fields {
        see(field, &field.pointer, field.advanced, values, &mut all);
    }
    all
}

fn see(field: &Field, at: &str, is_folded: bool, values: &FormValues, all: &mut Vec<Seen>) {
    let is_list = matches!(field.kind, FieldKind::List(_));
    all.push(Seen {
        pointer: at.to_owned(),
        place: field.pointer.clone(),
        lines: is_list.then(|| field.key.clone()),
        is_folded,
    });
    // Where a field inside stands, by its place.
    let below = |inner: &Field| {
        let rest = inner.pointer.strip_prefix(&field.pointer);
        format!("{at}{}", rest.unwrap_or_default())
    };
    match &field.kind {
        FieldKind::Group(inner) if values.on(&field.key) => {
            for inner in inner {
                see(inner, &below(inner), is_folded, values, all);
            }
        }
        FieldKind::Variants(variants) => {
            let chosen = values.chosen(&field.key);
            let variant = chosen.and_then(|index| variants.get(index));
            for inner in variant.map_or(&[][..], |variant| variant.fields()) {
                see(inner, &below(inner), is_folded, values, all);
            }
        }
        FieldKind::Rows(row) => {
            for (index, id) in values.rows(&field.key).iter().enumerate() {
                let at = pointer::child(at, &index.to_string());
                see(&field.row(row, *id), &at, is_folded, values, all);
            }
        }
        FieldKind::Map(row) => {
            for id in values.rows(&field.key) {
                let row = field.row(row, *id);
                let at = pointer::child(at, values.text(&name_key(&row.key)));
                see(&row, &at, is_folded, values, all);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn form() -> FormModel {
        FormModel::of(&json!({"type": "object", "properties": {
            "fold": {"type": "string", "x-advanced": true},
            "paths": {"type": "array", "items": {"type": "string"}},
            "group": {"type": "object", "properties": {"size": {"type": "integer"}}},
        }, "required": ["group"]}))
    }

    fn shown(problems: &[(&str, &str)]) -> ShownProblems {
        let problems: Vec<_> = problems
            .iter()
            .map(|(pointer, message)| InputProblem::new(*pointer, *message))
            .collect();
        let form = form();
        let mut values = form.initial_values();
        values.add_lines("/paths", "/a\n/b");
        placed(&form, &values, &problems)
    }

    #[test]
    fn a_problem_stands_at_its_own_field_or_the_nearest_around_it() {
        let shown = shown(&[
            ("/paths/1", "No such file."),
            ("/group/size", "Too big."),
            ("/group/other/deep", "Unknown."),
        ]);
        assert_eq!(shown["/paths"], ["Row 2: No such file."]);
        assert_eq!(shown["/group/size"], ["Too big."]);
        assert_eq!(shown["/group"], ["Unknown."]);
    }

    #[test]
    fn a_problem_without_a_field_stands_at_the_form_and_names_what_it_is_about() {
        let shown = shown(&[("", "Say more."), ("/nowhere", "Unknown.")]);
        assert_eq!(shown[""], ["Say more.", "/nowhere: Unknown."]);
    }

    #[test]
    fn the_first_problem_is_the_topmost_on_screen() {
        let form = form();
        let all = shown(&[("/fold", "x"), ("/group/size", "y"), ("/paths", "z")]);
        let values = form.values_of(&json!({"group": {}}));
        assert_eq!(first(&form, &values, &all).as_deref(), Some("/paths"));
        let folded = shown(&[("/fold", "x")]);
        assert_eq!(first(&form, &values, &folded).as_deref(), Some("/fold"));
    }

    #[test]
    fn a_problem_in_a_row_stays_at_its_row_when_the_rows_are_moved() {
        let form = FormModel::of(&json!({"type": "object", "properties": {
            "sizes": {"type": "array", "items": {"type": "object", "properties": {
                "width": {"type": "integer"}
            }}},
            "names": {"type": "object", "additionalProperties": {"type": "integer"}},
        }}));
        let input = json!({"sizes": [{"width": 1}, {"width": 2}], "names": {"a/b": 1}});
        let mut values = form.values_of(&input);
        let at = |values: &FormValues, pointer: &str| {
            let shown = placed(&form, values, &[InputProblem::new(pointer, "No.")]);
            shown.into_keys().next().unwrap()
        };
        let before = at(&values, "/sizes/1/width");
        values.move_row("/sizes", 0, 1);
        assert_eq!(at(&values, "/sizes/0/width"), before);
        assert_eq!(at(&values, "/names/a~1b"), "/names/#1");
    }
}
