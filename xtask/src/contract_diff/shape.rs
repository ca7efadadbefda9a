//! What a schema says, in a form that can be compared: the alternatives that it allows.
//!
//! References are looked up, `allOf` is put together, `oneOf` and `anyOf` are one list. What is only
//! for people is left out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// No schema of a type nests so deeply without a reference between.
const DEEPEST: usize = 64;

/// What a schema allows.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Anything at all.
    Anything,
    /// One of these; nothing, if there are none.
    OneOf(Vec<Alternative>),
}

/// One thing that a schema allows.
#[derive(Debug, Clone, PartialEq)]
pub enum Alternative {
    /// Null.
    Null,
    /// True or false.
    Bool,
    /// A number.
    Number(Number),
    /// Text.
    Text(Text),
    /// A list or a tuple.
    List(List),
    /// A struct or a map.
    Object(Object),
}

/// Which numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Whole ones only.
    pub is_integer: bool,
    /// The smallest.
    pub least: Option<f64>,
    /// The largest.
    pub most: Option<f64>,
}

/// Which texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// One of these; any text, if none are given.
    pub values: Option<BTreeSet<String>>,
    /// The fewest characters.
    pub least: Option<f64>,
    /// The most characters.
    pub most: Option<f64>,
}

/// Which lists.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// The schemas of a tuple's elements.
    pub first: Vec<Value>,
    /// The schema of all others; none if there are no others.
    pub rest: Option<Value>,
    /// The fewest elements.
    pub least: Option<f64>,
    /// The most elements.
    pub most: Option<f64>,
}

/// Which objects.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object {
    /// The fields' schemas.
    pub fields: BTreeMap<String, Value>,
    /// The fields that must be there.
    pub required: BTreeSet<String>,
    /// The schema of all other fields, where they mean something: those of a map.
    pub rest: Option<Value>,
    /// The schema of a map's keys.
    pub keys: Option<Value>,
    /// Whether there are no other fields, as in a variant with one key.
    pub is_closed: bool,
}

impl Object {
    /// What tells a variant from its siblings: its one key, or the fields that can only be one
    /// text. Empty if nothing does.
    pub fn label(&self) -> String {
        if self.is_closed && self.fields.len() == 1 {
            return self.fields.keys().cloned().collect();
        }
        let tags: Vec<_> = self
            .fields
            .iter()
            .filter(|(name, _)| self.required.contains(*name))
            .filter_map(|(_, schema)| schema.get("const")?.as_str())
            .collect();
        tags.join(" ")
    }
}

/// Reads schemas of one contract.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The contract's named schemas.
    pub schemas: &'a Map<String, Value>,
}

impl<'a> Reader<'a> {
    /// The name that a schema refers to.
    pub fn reference(self, schema: &Value) -> Option<&str> {
        schema.get("$ref")?.as_str()?.strip_prefix("#/schemas/")
    }

    /// What a schema says.
    pub fn shape(self, schema: &Value) -> Shape {
        self.at(schema, 0)
    }

    fn at(self, schema: &Value, depth: usize) -> Shape {
        if depth > DEEPEST {
            return Shape::Anything;
        }
        let object = match schema {
            Value::Object(object) => object,
            Value::Bool(false) => return Shape::OneOf(Vec::new()),
            _ => return Shape::Anything,
        };
        if let Some(name) = self.reference(schema) {
            let known = self.schemas.get(name);
            return known.map_or(Shape::Anything, |known| self.at(known, depth + 1));
        }
        if object.get("not").is_some() {
            return Shape::OneOf(Vec::new());
        }
        if let Some(Value::Array(choices)) = object.get("oneOf").or_else(|| object.get("anyOf")) {
            return self.any_of(choices, depth);
        }
        if let Some(Value::Array(parts)) = object.get("allOf") {
            return self.all_of(object, parts, depth);
        }
        if let Some(value) = object.get("const") {
            return constants(std::slice::from_ref(value));
        }
        if let Some(Value::Array(values)) = object.get("enum") {
            return constants(values);
        }
        match object.get("type") {
            Some(Value::String(name)) => typed(&[name], object),
            Some(Value::Array(names)) => {
                let names: Vec<_> = names.iter().filter_map(Value::as_str).collect();
                typed(&names, object)
            }
            _ => Shape::Anything,
        }
    }

    fn any_of(self, choices: &[Value], depth: usize) -> Shape {
        let mut all = Vec::new();
        for choice in choices {
            match self.at(choice, depth + 1) {
                Shape::Anything => return Shape::Anything,
                Shape::OneOf(alternatives) => all.extend(alternatives),
            }
        }
        Shape::OneOf(all)
    }

    /// Each way to put an alternative of each part together: the parts are flattened structs,
    /// enums and maps.
    fn all_of(self, object: &Map<String, Value>, parts: &[Value], depth: usize) -> Shape {
        let mut whole = vec![Object {
            rest: object.get("unevaluatedProperties").cloned(),
            ..Object::default()
        }];
        for part in parts {
            let Shape::OneOf(alternatives) = self.at(part, depth + 1) else {
                continue;
            };
            whole = alternatives
                .iter()
                .filter_map(|alternative| match alternative {
                    Alternative::Object(object) => Some(object),
                    _ => None,
                })
                .flat_map(|addition| whole.iter().map(|object| together(object, addition)))
                .collect();
        }
        Shape::OneOf(whole.into_iter().map(Alternative::Object).collect())
    }
}

fn together(object: &Object, addition: &Object) -> Object {
    let mut both = object.clone();
    both.fields.extend(addition.fields.clone());
    both.required.extend(addition.required.iter().cloned());
    both.rest = both.rest.or_else(|| addition.rest.clone());
    both
}

fn constants(values: &[Value]) -> Shape {
    let mut texts = BTreeSet::new();
    let mut alternatives = Vec::new();
    for value in values {
        match value {
            Value::String(text) => {
                texts.insert(text.clone());
            }
            Value::Null => alternatives.push(Alternative::Null),
            Value::Bool(_) => alternatives.push(Alternative::Bool),
            Value::Number(number) => alternatives.push(Alternative::Number(Number {
                is_integer: !number.is_f64(),
                least: number.as_f64(),
                most: number.as_f64(),
            })),
            Value::Array(_) | Value::Object(_) => return Shape::Anything,
        }
    }
    if !texts.is_empty() {
        alternatives.push(Alternative::Text(Text {
            values: Some(texts),
            least: None,
            most: None,
        }));
    }
    Shape::OneOf(alternatives)
}

fn typed(names: &[&str], schema: &Map<String, Value>) -> Shape {
    let bound = |word: &str| schema.get(word).and_then(Value::as_f64);
    let of = |name: &&str| {
        Some(match *name {
            "null" => Alternative::Null,
            "boolean" => Alternative::Bool,
            "integer" | "number" => Alternative::Number(Number {
                is_integer: *name == "integer",
                least: bound("minimum"),
                most: bound("maximum"),
            }),
            "string" => Alternative::Text(Text {
                values: None,
                least: bound("minLength"),
                most: bound("maxLength"),
            }),
            "array" => Alternative::List(list(schema)),
            "object" => Alternative::Object(object(schema)),
            _ => return None,
        })
    };
    Shape::OneOf(names.iter().filter_map(of).collect())
}

fn list(schema: &Map<String, Value>) -> List {
    let first = match schema.get("prefixItems") {
        Some(Value::Array(first)) => first.clone(),
        _ => Vec::new(),
    };
    let bound = |word: &str| schema.get(word).and_then(Value::as_f64);
    let rest = match schema.get("items") {
        Some(Value::Bool(false)) => None,
        Some(rest) => Some(rest.clone()),
        None => Some(Value::Bool(true)).filter(|_| bound("maxItems") != Some(0.0)),
    };
    List {
        first,
        rest,
        least: bound("minItems"),
        most: bound("maxItems"),
    }
}

fn object(schema: &Map<String, Value>) -> Object {
    let fields = match schema.get("properties") {
        Some(Value::Object(fields)) => fields
            .iter()
            .map(|(name, schema)| (name.clone(), schema.clone()))
            .collect(),
        _ => BTreeMap::new(),
    };
    let required = match schema.get("required") {
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
        _ => BTreeSet::new(),
    };
    let rest = schema.get("additionalProperties");
    Object {
        fields,
        required,
        rest: rest.filter(|rest| **rest != false).cloned(),
        keys: schema.get("propertyNames").cloned(),
        is_closed: rest.is_some_and(|rest| *rest == false),
    }
}
