//! Contracts side by side, as git has them and as chance makes them.

mod cases;
mod chance;
mod repository;
mod truth;

use serde_json::{Map, Value, json};

use super::change::{Change, Kind};
use super::contract::{Contract, changes};

/// A contract of one command, `go`.
fn contract(
    args: Value,
    ok: &Value,
    err: Option<&Value>,
    schemas: &Map<String, Value>,
) -> Contract {
    let text = json!({
        "format": 1,
        "hash": "",
        "commands": {"go": {"docs": "", "args": args, "ok": ok, "err": err}},
        "events": {},
        "schemas": schemas,
    });
    Contract::parse(&text.to_string(), "the test").unwrap()
}

/// What changes if clients send `new` and sent `old`.
fn sent(old: &Value, new: &Value, types: &Map<String, Value>) -> Vec<Change> {
    let of = |schema: &Value| {
        let args = json!([{"name": "it", "schema": schema}]);
        contract(args, &json!({"type": "null"}), None, types)
    };
    changes(&of(old), &of(new))
}

/// What changes if the backend answers `new` and answered `old`.
fn answered(old: &Value, new: &Value, types: &Map<String, Value>) -> Vec<Change> {
    let of = |schema: &Value| contract(json!([]), schema, None, types);
    changes(&of(old), &of(new))
}

fn breaks(changes: &[Change]) -> bool {
    changes.iter().any(|change| change.breaks)
}

fn kinds(changes: &[Change]) -> Vec<Kind> {
    let mut kinds: Vec<_> = changes.iter().filter_map(|change| change.kind).collect();
    kinds.sort_unstable();
    kinds
}
