//! From a schema to the fields of a form.

use serde_json::{Value, json};
use toolroom_shared::PathUse;

use super::pointer;
use super::schema::{Resolved, humanised, resolve};
use super::{Choice, Field, FieldKind, FormModel, ListItems, TextLook, Variant, VariantShape};

/// Objects nested deeper than this are filled in as JSON.
const MAX_NESTING: usize = 5;

impl FormModel {
    /// The form for a tool's input. Whatever the schema holds, there is a form: what has no
    /// field of its own is filled in as JSON.
    #[must_use]
    pub fn of(schema: &Value) -> Self {
        let builder = Builder { root: schema };
        let resolved = resolve(schema, schema);
        Self {
            fields: builder.fields(&resolved, "", "", 0),
        }
    }
}

struct Builder<'a> {
    root: &'a Value,
}

impl Builder<'_> {
    fn fields(&self, object: &Resolved, at: &str, key: &str, depth: usize) -> Vec<Field> {
        object
            .properties()
            .map(|(name, schema)| {
                let required = object.requires(name);
                self.field(name, schema, required, (at, key), depth)
            })
            .collect()
    }

    fn field(
        &self,
        name: &str,
        schema: &Value,
        required: bool,
        (at, parent_key): (&str, &str),
        depth: usize,
    ) -> Field {
        let resolved = resolve(self.root, schema);
        let pointer = pointer::child(at, name);
        let key = pointer::child(parent_key, name);
        let kind = self.kind(&resolved, &pointer, &key, depth);
        Field {
            label: resolved.text("title").unwrap_or_else(|| humanised(name)),
            help: resolved.text("description"),
            example: resolved.list("examples").first().map(shown),
            example_value: resolved.list("examples").first().cloned(),
            required,
            nullable: resolved.nullable,
            advanced: resolved.flag("x-advanced"),
            default: resolved.keywords.get("default").cloned(),
            name: name.to_owned(),
            pointer,
            key,
            is_row: false,
            kind,
        }
    }

    fn kind(&self, schema: &Resolved, pointer: &str, key: &str, depth: usize) -> FieldKind {
        if schema.flag("x-secret") {
            return FieldKind::Secret;
        }
        if let Some(choices) = self.choices(schema) {
            return FieldKind::Choice(choices);
        }
        if depth >= MAX_NESTING {
            return FieldKind::Json;
        }
        if let Some(variants) = self.variants(schema, pointer, key, depth) {
            return FieldKind::Variants(variants);
        }
        match schema.kind() {
            Some("string") => {
                path_use(schema).map_or_else(|| FieldKind::Text(look(schema)), FieldKind::Path)
            }
            Some("boolean") if schema.nullable => FieldKind::Choice(yes_or_no()),
            Some("boolean") => FieldKind::Switch,
            Some(kind @ ("integer" | "number")) => FieldKind::Number {
                integer: kind == "integer",
                minimum: schema.number("minimum"),
                maximum: schema.number("maximum"),
                step: schema.number("multipleOf"),
                unit: schema.text("x-unit"),
            },
            Some("array") => self.list(schema, pointer, key, depth),
            Some("object") if schema.properties().next().is_some() => {
                FieldKind::Group(self.fields(schema, pointer, key, depth + 1))
            }
            Some("object") => match schema.keywords.get("additionalProperties") {
                Some(Value::Object(values)) if !values.is_empty() => {
                    let values = Value::Object(values.clone());
                    FieldKind::Map(Box::new(self.row(&values, pointer, key, depth)))
                }
                _ => FieldKind::Json,
            },
            _ => FieldKind::Json,
        }
    }

    fn list(&self, schema: &Resolved, pointer: &str, key: &str, depth: usize) -> FieldKind {
        // Entries that each have a shape of their own are no rows of one.
        if schema.keywords.contains_key("prefixItems") {
            return FieldKind::Json;
        }
        let Some(items @ Value::Object(_)) = schema.keywords.get("items") else {
            return FieldKind::Json;
        };
        let row = self.row(items, pointer, key, depth);
        match row.kind {
            FieldKind::Json => FieldKind::Json,
            _ if row.nullable => FieldKind::Json,
            FieldKind::Path(path) => FieldKind::List(ListItems::Path(path)),
            FieldKind::Text(TextLook::Line | TextLook::Address) => {
                FieldKind::List(path_use(schema).map_or(ListItems::Text, ListItems::Path))
            }
            _ => FieldKind::Rows(Box::new(row)),
        }
    }

    /// What each row of a list is filled in like.
    fn row(&self, schema: &Value, pointer: &str, key: &str, depth: usize) -> Field {
        let (pointer, key) = (format!("{pointer}/*"), format!("{key}\u{2}*"));
        let resolved = resolve(self.root, schema);
        Field {
            label: resolved.text("title").unwrap_or_else(|| "Entry".to_owned()),
            help: resolved.text("description"),
            example: None,
            example_value: None,
            required: true,
            nullable: resolved.nullable,
            advanced: false,
            default: resolved.keywords.get("default").cloned(),
            name: String::new(),
            is_row: true,
            kind: self.kind(&resolved, &pointer, &key, depth + 1),
            pointer,
            key,
        }
    }

    /// The values of an enum, however it is written down; none if it isn't one.
    fn choices(&self, schema: &Resolved) -> Option<Vec<Choice>> {
        if let Some(Value::Array(values)) = schema.keywords.get("enum") {
            return (!values.is_empty()).then(|| values.iter().map(plain_choice).collect());
        }
        let options = options(schema)?;
        let mut choices = Vec::new();
        for option in options {
            let option = resolve(self.root, option);
            if let Some(value) = option.keywords.get("const") {
                choices.push(Choice {
                    label: option.text("title").unwrap_or_else(|| shown(value)),
                    help: option.text("description"),
                    value: value.clone(),
                });
            } else if let Some(Value::Array(values)) = option.keywords.get("enum") {
                choices.extend(values.iter().map(plain_choice));
            } else {
                return None;
            }
        }
        Some(choices)
    }

    /// The shapes of a one-of; none if it isn't one.
    fn variants(
        &self,
        schema: &Resolved,
        pointer: &str,
        key: &str,
        depth: usize,
    ) -> Option<Vec<Variant>> {
        let variants: Vec<Variant> = options(schema)?
            .iter()
            .enumerate()
            .map(|(index, option)| {
                let option = resolve(self.root, option);
                // A control character keeps the key apart from any property's name.
                let key = format!("{key}\u{1}{index}");
                self.variant(&option, pointer, &key, depth + 1)
            })
            .collect();
        Some(variants)
    }

    fn variant(&self, schema: &Resolved, pointer: &str, key: &str, depth: usize) -> Variant {
        let title = schema.text("title");
        let help = schema.text("description");
        if let Some(value) = constant(schema) {
            return Variant {
                label: title.unwrap_or_else(|| label_of(value)),
                help,
                shape: VariantShape::Constant(value.clone()),
            };
        }
        if schema.properties().next().is_some() {
            return self.object_variant(schema, title, help, (pointer, key), depth);
        }
        let label = title.unwrap_or_else(|| humanised(schema.kind().unwrap_or("other")));
        let kind = self.kind(schema, pointer, key, depth);
        let field = Field {
            key: key.to_owned(),
            pointer: pointer.to_owned(),
            name: String::new(),
            label: label.clone(),
            help: None,
            example: schema.list("examples").first().map(shown),
            example_value: schema.list("examples").first().cloned(),
            required: true,
            nullable: schema.nullable,
            advanced: false,
            default: schema.keywords.get("default").cloned(),
            is_row: false,
            kind,
        };
        Variant {
            label,
            help,
            shape: VariantShape::Single(Box::new(field)),
        }
    }

    fn object_variant(
        &self,
        schema: &Resolved,
        title: Option<String>,
        help: Option<String>,
        (pointer, key): (&str, &str),
        depth: usize,
    ) -> Variant {
        let mut tags = Vec::new();
        let mut fields = Vec::new();
        for (name, property) in schema.properties() {
            let resolved = resolve(self.root, property);
            if let Some(value) = constant(&resolved) {
                tags.push((name.clone(), value.clone()));
            } else {
                let required = schema.requires(name);
                fields.push(self.field(name, property, required, (pointer, key), depth));
            }
        }
        let named = tags
            .first()
            .map(|(_, value)| label_of(value))
            .or_else(|| fields.first().map(|field| field.label.clone()));
        Variant {
            label: title.or(named).unwrap_or_default(),
            help,
            shape: VariantShape::Object { tags, fields },
        }
    }
}

fn look(schema: &Resolved) -> TextLook {
    if schema.flag("writeOnly") {
        return TextLook::Hidden;
    }
    if schema.flag("x-multiline") {
        return TextLook::Lines;
    }
    match schema.text("format").as_deref() {
        Some("uri" | "url" | "iri") => TextLook::Address,
        Some("date") => TextLook::Date,
        Some("date-time") => TextLook::Moment,
        Some("partial-date-time") => TextLook::LocalMoment,
        Some("time") => TextLook::Time,
        Some("partial-time") => TextLook::LocalTime,
        _ => TextLook::Line,
    }
}

fn options(schema: &Resolved) -> Option<&[Value]> {
    ["oneOf", "anyOf"]
        .into_iter()
        .map(|keyword| schema.list(keyword))
        .find(|options| !options.is_empty())
}

fn constant(schema: &Resolved) -> Option<&Value> {
    schema.keywords.get("const").or(match schema.list("enum") {
        [one] => Some(one),
        _ => None,
    })
}

/// What is done with the path that is filled in; none if it isn't one.
fn path_use(schema: &Resolved) -> Option<PathUse> {
    let said = schema.keywords.get("x-path").cloned();
    said.and_then(|purpose| PathUse::of(&json!({ "x-path": purpose })))
        .or_else(|| (schema.text("format").as_deref() == Some("path")).then_some(PathUse::Input))
}

fn plain_choice(value: &Value) -> Choice {
    Choice {
        value: value.clone(),
        label: label_of(value),
        help: None,
    }
}

/// A value as a label: words are made of a name in several parts, others stay as they are.
fn label_of(value: &Value) -> String {
    match value {
        Value::String(text) if text.contains(['_', '-']) => humanised(text),
        other => shown(other),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn yes_or_no() -> Vec<Choice> {
    let choice = |value: bool, label: &str| Choice {
        value: Value::Bool(value),
        label: label.to_owned(),
        help: None,
    };
    vec![choice(true, "Yes"), choice(false, "No")]
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::any_json;
