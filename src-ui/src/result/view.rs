//! The ways to look at a list: what its schema asks for with `x-view`, and what can be done with it.

use serde_json::Value;

use super::Table;
use crate::form::schema::Resolved;

/// A way to look at a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListView {
    /// Rows and columns.
    Table,
    /// Branches that unfold.
    Tree,
    /// Sizes as areas.
    Treemap,
    /// Files with their kinds and sizes.
    Files,
    /// Small pictures of the files.
    Images,
}

impl ListView {
    const ALL: [Self; 5] = [
        Self::Table,
        Self::Tree,
        Self::Treemap,
        Self::Files,
        Self::Images,
    ];

    /// The name in a schema.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Tree => "tree",
            Self::Treemap => "treemap",
            Self::Files => "files",
            Self::Images => "images",
        }
    }

    /// Its name as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Table => "Table",
            Self::Tree => "Tree",
            Self::Treemap => "Map",
            Self::Files => "Files",
            Self::Images => "Pictures",
        }
    }

    /// What a schema asks for with `x-view`: one name, or several, the best first.
    #[must_use]
    pub fn named_in(schema: &Resolved) -> Vec<&str> {
        match schema.keywords.get("x-view") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The ways to look at a list, the best first: those that its schema names and that are possible, and
    /// always as a table.
    #[must_use]
    pub fn of(schema: &Resolved, table: &Table, rows: &[Value]) -> Vec<Self> {
        let mut views: Vec<Self> = Self::named_in(schema)
            .into_iter()
            .filter_map(|name| Self::ALL.into_iter().find(|view| view.id() == name))
            .filter(|view| match view {
                Self::Table => true,
                Self::Tree => rows.iter().any(|row| row.is_object() || row.is_array()),
                Self::Treemap => table.size_column().is_some_and(|size| {
                    rows.iter()
                        .filter_map(|row| row.get(&size.name)?.as_f64())
                        .any(|size| size > 0.0)
                }),
                Self::Files => table.path_column().is_some(),
                Self::Images => table.image_column().is_some(),
            })
            .collect();
        if !views.contains(&Self::Table) {
            views.push(Self::Table);
        }
        views
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::schema::resolve;
    use serde_json::json;

    fn views(schema: Value, rows: Value) -> Vec<&'static str> {
        let list = resolve(&schema, &schema);
        let rows = rows.as_array().unwrap();
        let table = Table::of(None, "T".into(), rows, &list, &schema);
        table.views.into_iter().map(ListView::id).collect()
    }

    #[test]
    fn what_the_schema_names_comes_first_if_it_is_possible() {
        let path = json!({"type": "object", "properties": {"path": {"format": "path"}}});
        let files = json!([{"path": "/a", "bytes": 7}]);
        let all = json!({"x-view": ["treemap", "files"], "items": path});
        assert_eq!(views(all.clone(), files), ["treemap", "files", "table"]);
        assert_eq!(
            views(all, json!([{"path": "/a", "bytes": 0}])),
            ["files", "table"]
        );
        assert_eq!(views(json!({"x-view": "tree"}), json!(["a"])), ["table"]);
        assert_eq!(
            views(json!({"x-view": "unheard of"}), json!([{}])),
            ["table"]
        );
        assert_eq!(views(json!({}), json!([{"bytes": 1}])), ["table"]);
        let made = json!({"properties": {"made": {"x-image": true}}});
        let images = json!({"x-view": "images", "items": made});
        assert_eq!(
            views(images.clone(), json!([{"made": "/a.png"}])),
            ["images", "table"]
        );
        assert_eq!(views(images, json!([{"made": null}])), ["table"]);
    }
}
