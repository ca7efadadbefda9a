//! What may be set, and what follows from what is kept.
//!
//! What is kept is what a person has set and nothing else, so that a later Toolroom's better default
//! reaches who never minded. What this Toolroom doesn't know stays where it is: another may.

use serde_json::{Map, Value};
use toolroom_shared::{AppError, ErrorCode, InputProblem, Settings};
use toolroom_toolkit::InputChecker;

/// What is kept: of each section the fields that were set.
pub type Document = Map<String, Value>;

/// The schema of all settings, and their defaults.
#[derive(Debug)]
pub struct Rules {
    schema: Value,
    checker: InputChecker,
    defaults: Value,
}

impl Rules {
    /// Reads the schema of the settings.
    ///
    /// # Errors
    /// `internal`: it isn't one.
    pub fn new() -> Result<Self, AppError> {
        let fault = |why: String| AppError::new(ErrorCode::Internal, why);
        let schema = Settings::schema();
        Ok(Self {
            checker: InputChecker::new(&schema).map_err(|error| fault(error.to_string()))?,
            defaults: serde_json::to_value(Settings::default())
                .map_err(|error| fault(error.to_string()))?,
            schema,
        })
    }

    /// The schema.
    pub const fn schema(&self) -> &Value {
        &self.schema
    }

    /// What holds with this document, and what of it can't.
    pub fn in_force(&self, document: &Document) -> (Settings, Vec<InputProblem>) {
        let (mut whole, mut problems) = (self.defaults.clone(), Vec::new());
        for (section, fields) in document {
            let Some(known) = whole.get(section).and_then(Value::as_object).cloned() else {
                continue;
            };
            let Some(fields) = fields.as_object() else {
                let pointer = format!("/{section}");
                problems.push(InputProblem::new(pointer, "Must be an object with fields."));
                continue;
            };
            for (name, value) in fields.iter().filter(|(name, _)| known.contains_key(*name)) {
                let place = &mut whole[section.as_str()][name.as_str()];
                let default = std::mem::replace(place, value.clone());
                let found = self.problems(&whole, &format!("/{section}/{name}"));
                if !found.is_empty() {
                    whole[section.as_str()][name.as_str()] = default;
                    problems.extend(found);
                }
            }
        }
        (serde_json::from_value(whole).unwrap_or_default(), problems)
    }

    /// The document after a change, which is a JSON merge patch.
    ///
    /// # Errors
    /// What can't be set so, by pointer.
    pub fn changed(
        &self,
        document: &Document,
        change: &Value,
    ) -> Result<Document, Vec<InputProblem>> {
        let Some(change) = change.as_object() else {
            let problem = InputProblem::new("", "Must be an object with fields.");
            return Err(vec![problem]);
        };
        let settings = self.in_force(document).0;
        let mut whole = serde_json::to_value(settings).unwrap_or_else(|_| self.defaults.clone());
        for (section, fields) in change {
            let default = |name: &str| self.defaults[section.as_str()][name].clone();
            match (whole.get_mut(section), fields) {
                (Some(known), Value::Null) => *known = self.defaults[section.as_str()].clone(),
                (Some(known), Value::Object(fields)) => {
                    for (name, value) in fields {
                        known[name.as_str()] = match value {
                            Value::Null => default(name),
                            value => value.clone(),
                        };
                    }
                }
                // The check says what is wrong with it.
                _ => whole[section.as_str()] = fields.clone(),
            }
        }
        let problems = self.problems(&whole, "");
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut after = document.clone();
        for (section, fields) in change {
            self.keep(&mut after, section, fields, &whole[section.as_str()]);
        }
        Ok(after)
    }

    /// Keeps of a section what was changed, unless that is the default.
    fn keep(&self, document: &mut Document, section: &str, change: &Value, now: &Value) {
        let defaults = &self.defaults[section];
        let mut kept = match document.remove(section) {
            Some(Value::Object(kept)) => kept,
            _ => Map::new(),
        };
        let names: Vec<&String> = match change {
            Value::Object(fields) => fields.keys().collect(),
            _ => defaults
                .as_object()
                .into_iter()
                .flat_map(Map::keys)
                .collect(),
        };
        for name in names {
            kept.shift_remove(name);
            if now[name.as_str()] != defaults[name.as_str()] {
                kept.insert(name.clone(), now[name.as_str()].clone());
            }
        }
        if !kept.is_empty() {
            document.insert(section.to_owned(), Value::Object(kept));
        }
    }

    /// What is wrong with all settings together; `at` is what was changed last.
    fn problems(&self, whole: &Value, at: &str) -> Vec<InputProblem> {
        let mut problems = self.checker.problems(whole);
        // A number that is whole and written with a point, for one.
        if problems.is_empty()
            && let Err(error) = serde_json::from_value::<Settings>(whole.clone())
        {
            problems.push(InputProblem::new(
                at,
                format!("This can't be understood: {error}."),
            ));
        }
        problems
    }
}

/// What stands differently, in words: `limits.queue_depth: 5`.
pub fn differences(before: &Settings, after: &Settings) -> Vec<String> {
    let sections = |of: &Settings| match serde_json::to_value(of) {
        Ok(Value::Object(sections)) => sections,
        _ => Map::new(),
    };
    let (before, after) = (sections(before), sections(after));
    let mut found = Vec::new();
    for (section, fields) in &after {
        for (name, value) in fields.as_object().into_iter().flatten() {
            if before[section][name.as_str()] != *value {
                found.push(format!("{section}.{name}: {value}"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn document(value: Value) -> Document {
        value.as_object().unwrap().clone()
    }

    /// Anything that could stand in a file, mostly near what is meant.
    fn any_document() -> impl Strategy<Value = Document> {
        let value = prop_oneof![
            any::<i32>().prop_map(Value::from),
            (1u32..300).prop_map(Value::from),
            Just(json!("dark")),
            Just(json!(null)),
            Just(json!(2.0)),
            any::<bool>().prop_map(Value::from),
            Just(json!({"deep": []})),
        ];
        let name = prop::sample::select(vec![
            "theme",
            "accent",
            "queue_depth",
            "jobs_at_a_time",
            "jobs_of_one_tool",
            "keep_days",
            "later",
            "notifications",
        ]);
        let fields = prop::collection::vec((name, value.clone()), 0..5).prop_map(|fields| {
            let named = fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value));
            Value::Object(named.collect())
        });
        let section =
            prop::sample::select(vec!["general", "appearance", "limits", "storage", "later"]);
        let sections = (section, prop_oneof![4 => fields, 1 => value]);
        prop::collection::vec(sections, 0..4).prop_map(|sections| {
            let named = sections
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value));
            named.collect()
        })
    }

    proptest! {
        #[test]
        fn whatever_is_kept_there_are_settings_that_fit(kept in any_document()) {
            let rules = Rules::new().unwrap();
            let (settings, _) = rules.in_force(&kept);
            let whole = serde_json::to_value(settings).unwrap();
            prop_assert!(rules.problems(&whole, "").is_empty());
        }

        #[test]
        fn a_change_holds_or_says_why_not_and_leaves_everything_else(
            kept in any_document(), change in any_document(),
        ) {
            let rules = Rules::new().unwrap();
            let (before, _) = rules.in_force(&kept);
            let change = Value::Object(change);
            let Ok(after) = rules.changed(&kept, &change) else {
                return Ok(());
            };
            let (now, _) = rules.in_force(&after);
            for what in differences(&before, &now) {
                let (path, value) = what.split_once(": ").unwrap();
                let (section, name) = path.split_once('.').unwrap();
                let wanted = &change[section][name];
                if wanted.is_null() {
                    prop_assert_eq!(&rules.defaults[section][name].to_string(), value);
                } else {
                    prop_assert_eq!(&wanted.to_string(), value);
                }
            }
            // What nobody here knows is kept.
            if let Some(later) = kept.get("later") {
                prop_assert_eq!(after.get("later"), Some(later));
            }
        }

        #[test]
        fn putting_all_back_leaves_what_no_one_here_knows(kept in any_document()) {
            let rules = Rules::new().unwrap();
            let all = json!({"general": null, "appearance": null, "limits": null, "storage": null});
            let after = rules.changed(&kept, &all).unwrap();
            prop_assert_eq!(rules.in_force(&after), (Settings::default(), vec![]));
        }
    }

    #[test]
    fn what_can_not_be_set_is_pointed_at_and_said() {
        let rules = Rules::new().unwrap();
        let change = json!({"limits": {"queue_depth": 0, "spead": 1}, "later": {}});
        let problems = rules.changed(&Map::new(), &change).unwrap_err();
        let found = |pointer: &str| problems.iter().any(|problem| problem.pointer == pointer);
        assert!(
            found("/limits/queue_depth") && found("/limits/spead") && found("/later"),
            "{problems:?}"
        );
    }

    #[test]
    fn one_value_that_can_not_hold_takes_no_other_with_it() {
        let rules = Rules::new().unwrap();
        let kept = document(json!({
            "limits": {"queue_depth": 0, "question_seconds": 5}, "appearance": {"theme": "dark"},
        }));
        let (settings, problems) = rules.in_force(&kept);
        assert_eq!(settings.limits.question_seconds, 5);
        assert_eq!(
            settings.limits.queue_depth,
            Settings::default().limits.queue_depth
        );
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].pointer, "/limits/queue_depth");
    }

    #[test]
    fn what_is_set_to_its_default_is_not_kept() {
        let rules = Rules::new().unwrap();
        let kept = document(json!({"limits": {"queue_depth": 7}}));
        let same = json!({"limits": {"queue_depth": 10_000}});
        assert!(rules.changed(&kept, &same).unwrap().is_empty());
    }
}
