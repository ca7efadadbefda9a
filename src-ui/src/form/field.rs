//! What a form consists of.

use serde_json::Value;
use toolroom_shared::PathUse;

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
    /// Something that could stand in it, as people read it.
    pub example: Option<String>,
    /// The same as it goes into the input.
    pub example_value: Option<Value>,
    /// Whether the input must have it.
    pub required: bool,
    /// Whether null is allowed in its place.
    pub nullable: bool,
    /// Whether it is folded away.
    pub advanced: bool,
    /// What stands in it at first.
    pub default: Option<Value>,
    /// It is a row of a list: its place says what it is, and its name is for assistive technology.
    pub is_row: bool,
    /// How it is filled in.
    pub kind: FieldKind,
}

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// Words.
    Text(TextLook),
    /// A secret: typed in, or the name of one that is kept.
    Secret,
    /// A file or folder, and what is done with it.
    Path(PathUse),
    /// A number.
    Number {
        /// A whole one.
        integer: bool,
        /// The least that is allowed.
        minimum: Option<f64>,
        /// The most that is allowed.
        maximum: Option<f64>,
        /// What it goes up and down by, and must be a multiple of.
        step: Option<f64>,
        /// What is counted.
        unit: Option<String>,
    },
    /// On or off.
    Switch,
    /// One of some values.
    Choice(Vec<Choice>),
    /// Any number of lines.
    List(ListItems),
    /// Any number of rows, each of which is filled in like this field.
    Rows(Box<Field>),
    /// Rows with a name each, whose values are filled in like this field.
    Map(Box<Field>),
    /// Fields of an object of its own.
    Group(Vec<Field>),
    /// One of several shapes.
    Variants(Vec<Variant>),
    /// Anything, as JSON.
    Json,
}

/// What a text is, as far as it decides how it is typed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextLook {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// One line that isn't to be seen.
    Hidden,
    /// An address on the web.
    Address,
    /// A day: `2026-11-22`.
    Date,
    /// A moment: `2026-11-22T10:30:00Z`.
    Moment,
    /// A day and a time of no place in particular: `2026-11-22T10:30:00`.
    LocalMoment,
    /// A time of day, with the difference to UTC: `10:30:00Z`.
    Time,
    /// A time of day of no place in particular: `10:30:00`.
    LocalTime,
}

/// What a list's lines are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListItems {
    /// Words.
    Text,
    /// Files and folders, and what is done with them.
    Path(PathUse),
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
            FieldKind::Rows(row) | FieldKind::Map(row) => row.each(visit),
            _ => {}
        }
    }

    /// The same field at another place: with this key and this pointer, and those inside it accordingly.
    #[must_use]
    pub fn at(&self, key: &str, pointer: &str) -> Self {
        self.moved((&self.key, key), (&self.pointer, pointer))
    }

    fn moved(&self, key: (&str, &str), pointer: (&str, &str)) -> Self {
        let all = |fields: &[Self]| -> Vec<Self> {
            fields
                .iter()
                .map(|field| field.moved(key, pointer))
                .collect()
        };
        let kind = match &self.kind {
            FieldKind::Group(fields) => FieldKind::Group(all(fields)),
            FieldKind::Variants(variants) => FieldKind::Variants(
                variants
                    .iter()
                    .map(|variant| Variant {
                        label: variant.label.clone(),
                        help: variant.help.clone(),
                        shape: match &variant.shape {
                            VariantShape::Constant(value) => VariantShape::Constant(value.clone()),
                            VariantShape::Object { tags, fields } => VariantShape::Object {
                                tags: tags.clone(),
                                fields: all(fields),
                            },
                            VariantShape::Single(field) => {
                                VariantShape::Single(Box::new(field.moved(key, pointer)))
                            }
                        },
                    })
                    .collect(),
            ),
            FieldKind::Rows(row) => FieldKind::Rows(Box::new(row.moved(key, pointer))),
            FieldKind::Map(row) => FieldKind::Map(Box::new(row.moved(key, pointer))),
            other => other.clone(),
        };
        Self {
            key: swapped(&self.key, key),
            pointer: swapped(&self.pointer, pointer),
            kind,
            ..self.clone()
        }
    }

    /// The field of a row of this list, by the row's number, whose place in the list may change: for
    /// what is drawn.
    #[must_use]
    pub fn row(&self, template: &Self, id: u32) -> Self {
        let place = format!("{}/#{id}", self.pointer);
        template.at(&row_key(&self.key, id), &place)
    }

    /// Whether the field's value is filled in at one place, so that its name can stand beside it.
    #[must_use]
    pub fn is_simple(&self) -> bool {
        !matches!(
            self.kind,
            FieldKind::Group(_)
                | FieldKind::Variants(_)
                | FieldKind::Rows(_)
                | FieldKind::Map(_)
                | FieldKind::List(_)
        )
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

/// The key of the row with this number. A control character keeps it apart from any property's name.
pub fn row_key(list: &str, id: u32) -> String {
    format!("{list}\u{2}{id}")
}

/// The key of a map's row's name.
pub fn name_key(row: &str) -> String {
    format!("{row}\u{2}name")
}

fn swapped(text: &str, (old, new): (&str, &str)) -> String {
    match text.strip_prefix(old) {
        Some(rest) => format!("{new}{rest}"),
        None => text.to_owned(),
    }
}
