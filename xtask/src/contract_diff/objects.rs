//! Objects side by side: fields, maps, and the variants of enums.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::{Direction, Kind, Step};
use super::compare::{At, pairs};
use super::shape::Object;

impl At<'_, '_> {
    /// Compares the objects that there may be: variants by what tells them apart.
    pub fn all_objects(&mut self, old: &[Object], new: &[Object]) {
        if let ([old], [new]) = (old, new) {
            return self.objects(old, new);
        }
        let (old, new) = (by_label(old), by_label(new));
        let labels: BTreeSet<_> = old.keys().chain(new.keys()).collect();
        let none = Vec::new();
        for label in labels {
            let (old, new) = (
                old.get(label).unwrap_or(&none),
                new.get(label).unwrap_or(&none),
            );
            let (pairs, gone, added) = pairs(old, new);
            let mut at = self.step(Step::Variant(label.clone()));
            for (old, new) in pairs {
                at.objects(old, new);
            }
            for _ in 0..gone {
                at.tell(Kind::Narrowed, "is gone");
            }
            for _ in 0..added {
                at.tell(Kind::Widened, "is new");
            }
        }
    }

    fn objects(&mut self, old: &Object, new: &Object) {
        if is_map(old) != is_map(new) && (old.fields.is_empty() || new.fields.is_empty()) {
            let name = |object: &Object| {
                if is_map(object) {
                    "a map"
                } else {
                    "an object with fields"
                }
            };
            let what = format!("is {} and was {}", name(new), name(old));
            return self.tell(Kind::Replaced, &what);
        }
        let names: BTreeSet<_> = old.fields.keys().chain(new.fields.keys()).collect();
        for name in names {
            let (was_required, is_required) =
                (old.required.contains(name), new.required.contains(name));
            match (old.fields.get(name), new.fields.get(name)) {
                (Some(was), Some(is)) => {
                    self.field(name, was, is);
                    match (was_required, is_required) {
                        (false, true) => self.tell_field(name, Kind::BecameRequired),
                        (true, false) => self.tell_field(name, Kind::BecameOptional),
                        _ => {}
                    }
                }
                (Some(was), None) => {
                    self.tell_field(
                        name,
                        Kind::FieldRemoved {
                            required: was_required,
                        },
                    );
                    // What was a field goes with all others now.
                    if let Some(rest) = &new.rest {
                        self.field(name, was, rest);
                    }
                }
                (None, Some(is)) => {
                    self.tell_field(
                        name,
                        Kind::FieldAdded {
                            required: is_required,
                        },
                    );
                    if let Some(rest) = &old.rest {
                        self.field(name, rest, is);
                    }
                }
                (None, None) => {}
            }
        }
        match (&old.rest, &new.rest) {
            (Some(was), Some(is)) => self.below(Step::Value, was, is),
            (Some(_), None) => self.tell(
                Kind::FieldRemoved { required: false },
                "has no other fields any more",
            ),
            (None, Some(_)) => self.tell(
                Kind::FieldAdded { required: false },
                "may have other fields now",
            ),
            (None, None) => {}
        }
        let any_text = Value::from_iter([("type", "string")]);
        let keys = |object: &Object| object.keys.clone().unwrap_or_else(|| any_text.clone());
        if is_map(old) && is_map(new) {
            self.below(Step::Key, &keys(old), &keys(new));
        }
    }

    fn field(&mut self, name: &str, old: &Value, new: &Value) {
        let is_deprecated = |schema: &Value| schema.get("deprecated").is_some();
        if is_deprecated(old) != is_deprecated(new) {
            self.tell_field(name, Kind::Deprecation);
        }
        self.below(Step::Field(name.to_owned()), old, new);
    }

    fn tell_field(&mut self, name: &str, kind: Kind) {
        let what = match kind {
            Kind::FieldAdded { .. } if self.direction == Direction::ToClient => "is new",
            Kind::FieldAdded { required: true } => "is new and must be there",
            Kind::FieldAdded { required: false } => "is new and may be left out",
            Kind::FieldRemoved { .. } => "is gone",
            Kind::BecameRequired => "must be there and could be left out",
            Kind::BecameOptional => "may be left out and had to be there",
            _ => "is deprecated, or no longer so",
        };
        self.step(Step::Field(name.to_owned())).tell(kind, what);
    }
}

fn is_map(object: &Object) -> bool {
    object.rest.is_some()
}

fn by_label(objects: &[Object]) -> BTreeMap<String, Vec<Object>> {
    let mut by_label: BTreeMap<String, Vec<Object>> = BTreeMap::new();
    for object in objects {
        by_label
            .entry(object.label())
            .or_default()
            .push(object.clone());
    }
    by_label
}
