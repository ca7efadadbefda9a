//! What a form consists of.

use serde_json::Value;

/// A form: the fields of one input, in the schema's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormModel {
    /// The fields of the input.
    pub fields: Vec<Field>,
}

/// One field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Names the field's value. Unlike the pointer it tells variants of a one-of apart.
    pub key: String,
    /// Where its value stands in the input.
    pub pointer: String,
    /// The property's name.
    pub name: String,
    /// Its name as people read it.
    pub label: String,
    /// A sentence below it.
    pub help: Option<String>,
    /// Something that could stand in it, shown while it is empty.
    pub example: Option<String>,
    /// Whether the input must have it.
    pub required: bool,
    /// Whether null is allowed in its place.
    pub nullable: bool,
    /// Whether it is folded away.
    pub advanced: bool,
    /// What stands in it at first.
    pub default: Option<Value>,
    /// How it is filled in.
    pub kind: FieldKind,
}

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// Words.
    Text {
        /// Over several lines.
        multiline: bool,
        /// Not to be seen.
        secret: bool,
    },
    /// A file or folder.
    Path,
    /// A number.
    Number {
        /// A whole one.
        integer: bool,
        /// The least that is allowed.
        minimum: Option<f64>,
        /// The most that is allowed.
        maximum: Option<f64>,
        /// What is counted.
        unit: Option<String>,
    },
    /// On or off.
    Switch,
    /// One of some values.
    Choice(Vec<Choice>),
    /// Any number of lines.
    List(ListItems),
    /// Fields of an object of its own.
    Group(Vec<Field>),
    /// One of several shapes.
    Variants(Vec<Variant>),
    /// Anything, as JSON.
    Json,
}

/// What a list's lines are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListItems {
    /// Words.
    Text,
    /// Files and folders.
    Path,
}

/// One value of a choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What goes into the input.
    pub value: Value,
    /// What people read.
    pub label: String,
    /// More about it, on hover.
    pub help: Option<String>,
}

impl Choice {
    /// The value as text: a string's own characters, anything else as JSON.
    #[must_use]
    pub fn id(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// One shape of a one-of.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// What people read.
    pub label: String,
    /// More about it.
    pub help: Option<String>,
    /// What it puts into the input.
    pub shape: VariantShape,
}

/// What a variant puts into the input.
#[derive(Clone, Debug, PartialEq)]
pub enum VariantShape {
    /// Always the same value.
    Constant(Value),
    /// An object: properties that are always the same, and fields.
    Object {
        /// The properties that tell this variant from the others.
        tags: Vec<(String, Value)>,
        /// The others.
        fields: Vec<Field>,
    },
    /// A value in one field.
    Single(Box<Field>),
}

impl Field {
    /// Calls `visit` with this field and then with those inside it.
    pub fn each(&self, visit: &mut impl FnMut(&Field)) {
        visit(self);
        match &self.kind {
            FieldKind::Group(fields) => fields.iter().for_each(|field| field.each(visit)),
            FieldKind::Variants(variants) => {
                for variant in variants {
                    for field in variant.fields() {
                        field.each(visit);
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether the field may be left out as a whole, and is until somebody asks for it.
    #[must_use]
    pub fn is_optional_group(&self) -> bool {
        matches!(self.kind, FieldKind::Group(_) | FieldKind::Variants(_))
            && !self.required
            && !matches!(&self.default, Some(value) if !value.is_null())
    }

    /// Whether the field starts out with a value.
    #[must_use]
    pub fn has_default(&self) -> bool {
        self.default.as_ref().is_some_and(|value| !value.is_null())
    }
}

impl Variant {
    /// The variant's fields.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        match &self.shape {
            VariantShape::Constant(_) => &[],
            VariantShape::Object { fields, .. } => fields,
            VariantShape::Single(field) => std::slice::from_ref(field),
        }
    }
}
