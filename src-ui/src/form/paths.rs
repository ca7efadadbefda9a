//! Where paths that come from outside of a form go in it.

use toolroom_shared::PathUse;

use super::{Field, FieldKind, FieldValue, FormModel, FormValues, ListItems};

impl FormModel {
    /// The first field that takes paths to read, among those that are always there.
    #[must_use]
    pub fn first_path_field(&self) -> Option<&Field> {
        first_in(&self.fields)
    }

    /// The field with that key, however deep.
    #[must_use]
    pub fn field_by_key(&self, key: &str) -> Option<Field> {
        let mut found = None;
        for field in &self.fields {
            field.each(&mut |inner| {
                if inner.key == key {
                    found = Some(inner.clone());
                }
            });
        }
        found
    }
}

fn first_in(fields: &[Field]) -> Option<&Field> {
    fields.iter().find_map(|field| match &field.kind {
        FieldKind::Path(PathUse::Input) | FieldKind::List(ListItems::Path(PathUse::Input)) => {
            Some(field)
        }
        FieldKind::Group(inner) if !field.is_optional_group() => first_in(inner),
        _ => None,
    })
}

impl Field {
    /// Whether so many paths fit in.
    #[must_use]
    pub fn takes_paths(&self, count: usize) -> bool {
        match self.kind {
            FieldKind::Path(_) => count == 1,
            FieldKind::List(ListItems::Path(_)) => count > 0,
            _ => false,
        }
    }

    /// Puts paths in: beside those of a list, in the place of a single one. How many have no place.
    pub fn put_paths(&self, values: &mut FormValues, paths: &[String]) -> usize {
        match (&self.kind, paths) {
            (FieldKind::List(ListItems::Path(_)), paths) => {
                values.add_items(&self.key, paths);
                0
            }
            (FieldKind::Path(_), [first, others @ ..]) => {
                values.set(&self.key, FieldValue::Text(first.clone()));
                others.len()
            }
            (_, paths) => paths.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn model() -> FormModel {
        let path = |purpose: &str| json!({"type": "string", "format": "path", "x-path": purpose});
        FormModel::of(
            &json!({"type": "object", "required": ["from"], "properties": {
                "to": path("output-dir"),
                "maybe": {"type": "object", "properties": {"inner": path("input")}},
                "from": {"type": "object", "properties": {
                    "many": {"type": "array", "items": path("input")},
                    "one": path("input"),
                }},
            }}),
        )
    }

    #[test]
    fn the_first_field_for_reading_is_found_where_it_is_always_there() {
        let model = model();
        assert_eq!(model.first_path_field().unwrap().key, "/from/many");
        assert_eq!(FormModel::of(&json!({})).first_path_field(), None);
        let inner = model.field_by_key("/maybe/inner").unwrap();
        assert!(inner.takes_paths(1) && !inner.takes_paths(2));
    }

    proptest! {
        #[test]
        fn each_path_is_put_in_once_or_counted(
            paths in proptest::collection::vec("/[a-c]{1,2}", 0..8),
            again in any::<bool>(),
        ) {
            let model = model();
            let many = model.first_path_field().unwrap();
            let mut values = model.initial_values();
            prop_assert_eq!(many.put_paths(&mut values, &paths), 0);
            if again {
                many.put_paths(&mut values, &paths);
            }
            let mut expected = Vec::new();
            for path in &paths {
                if !expected.contains(path) {
                    expected.push(path.clone());
                }
            }
            prop_assert_eq!(values.items(&many.key), expected);

            let one = model.field_by_key("/from/one").unwrap();
            let left = one.put_paths(&mut values, &paths);
            prop_assert_eq!(left, paths.len().saturating_sub(1));
            prop_assert_eq!(values.text("/from/one"), paths.first().map_or("", String::as_str));
        }
    }
}
