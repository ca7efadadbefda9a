//! Which field shows which problem.

use std::collections::BTreeMap;

use toolroom_shared::InputProblem;

use super::{Field, FieldKind, FormModel, FormValues, pointer};
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
            .filter(|(pointer, _)| pointer::is_within(&problem.pointer, pointer))
            .max_by_key(|(pointer, _)| pointer.len());
        let (at, message) = match nearest {
            Some((at, list)) => {
                let row = list
                    .as_ref()
                    .filter(|key| values.items(key).len() > 1)
                    .and_then(|_| pointer::index_below(&problem.pointer, at));
                let message = row.map_or_else(
                    || problem.message.clone(),
                    |index| texts::in_row(index, &problem.message),
                );
                (at.clone(), message)
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

/// The pointer of the first field on screen, from the top, that shows a problem.
#[must_use]
pub fn first(form: &FormModel, shown: &ShownProblems) -> Option<String> {
    let mut found = None;
    // Folded fields stand below the others.
    for advanced in [false, true] {
        for field in form.fields.iter().filter(|f| f.advanced == advanced) {
            field.each(&mut |inner| {
                if found.is_none() && shown.contains_key(&inner.pointer) {
                    found = Some(inner.pointer.clone());
                }
            });
        }
    }
    found
}

/// The pointers of the fields on screen, each with its key if it is a list of rows.
fn visible(form: &FormModel, values: &FormValues) -> Vec<(String, Option<String>)> {
    fn walk(fields: &[Field], values: &FormValues, into: &mut Vec<(String, Option<String>)>) {
        for field in fields {
            let list = matches!(field.kind, FieldKind::List(_)).then(|| field.key.clone());
            into.push((field.pointer.clone(), list));
            match &field.kind {
                FieldKind::Group(inner) if values.on(&field.key) => walk(inner, values, into),
                FieldKind::Variants(variants) => {
                    let chosen = values.chosen(&field.key);
                    if let Some(variant) = chosen.and_then(|index| variants.get(index)) {
                        walk(variant.fields(), values, into);
                    }
                }
                _ => {}
            }
        }
    }
    let mut all = Vec::new();
    walk(&form.fields, values, &mut all);
    all
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
        assert_eq!(first(&form, &all).as_deref(), Some("/paths"));
        let folded = shown(&[("/fold", "x")]);
        assert_eq!(first(&form, &folded).as_deref(), Some("/fold"));
    }
}
