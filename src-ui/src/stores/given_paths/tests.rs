//! Where paths from outside go, against a backend in memory.

use futures::executor::block_on;
use serde_json::{Value, json};
use toolroom_ipc::FakeTransport;
use toolroom_shared::{ToolBehavior, ToolLimits};

use super::*;
use crate::clock::Clock;
use crate::stores::{JobsStore, LinkStore, Patience, test_tasks};

fn tool(name: &str, properties: Value) -> Value {
    json!({
        "name": name, "title": name, "description": "", "category": "files", "version": "1.0.0",
        "input_schema": {"type": "object", "properties": properties},
        "output_schema": {}, "message_schema": null, "permissions": [],
        "limits": ToolLimits::default(),
        "behavior": ToolBehavior::default(),
    })
}

struct Page {
    backend: FakeTransport,
    store: GivenPathsStore,
}

/// A page with a tool for many paths, one for a single path and one for none.
fn page() -> Page {
    test_tasks::leave_undone();
    let backend = FakeTransport::default();
    let path = json!({"type": "string", "format": "path", "x-path": "input"});
    let tools = json!([
        tool(
            "many",
            json!({"paths": {"type": "array", "items": path.clone()}, "beside": path.clone()})
        ),
        tool("one", json!({"file": path})),
        tool("none", json!({"text": {"type": "string"}})),
    ]);
    backend.answer("list_tools", move |_| Ok(tools.clone()));
    backend.answer("check_input", |_| Ok(json!([])));
    let client = Client::new(Arc::new(backend.clone()));
    let clock = Clock::by_hand(&Arc::default());
    let link = LinkStore::default();
    let notices = NoticesStore::new(clock.clone());
    let jobs = JobsStore::new(client.clone(), clock.clone(), link.clone(), notices.clone());
    let tools = ToolsStore::new(client.clone(), Patience::new(clock.clone(), link.clone()));
    block_on(tools.load_now());
    let forms = FormsStore::new(client.clone(), clock, link, jobs);
    Page {
        store: GivenPathsStore::new(client, tools, forms, notices),
        backend,
    }
}

impl Page {
    fn drop_on(&self, target: Option<DropTarget>, paths: &[&str]) {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        self.store
            .dropped(target, GivenPaths { paths, left_out: 0 });
    }

    fn items(&self, tool: &str, key: &str) -> Vec<String> {
        let tool = self.store.tool(tool).unwrap();
        let session = self.store.forms.session(&tool);
        session
            .values
            .with_untracked(|values| match values.text(key) {
                "" => values.items(key).to_vec(),
                text => vec![text.to_owned()],
            })
    }

    fn way(&self) -> Option<String> {
        untrack(|| self.store.way()).map(|(_, address)| address)
    }

    fn said(&self) -> Vec<String> {
        let notices = untrack(|| self.store.notices.shown());
        notices.into_iter().map(|notice| notice.text).collect()
    }
}

#[test]
fn a_drop_on_a_field_fills_it_and_beside_it_the_first_one() {
    let page = page();
    let (tool, key) = ("many".to_owned(), "/beside".to_owned());
    page.drop_on(Some(DropTarget::Field { tool, key }), &["/a"]);
    assert_eq!(page.items("many", "/beside"), ["/a"]);
    page.drop_on(Some(DropTarget::Form("many".into())), &["/b", "/c"]);
    page.drop_on(Some(DropTarget::Form("many".into())), &["/c", "/d"]);
    assert_eq!(page.items("many", "/paths"), ["/b", "/c", "/d"]);
}

#[test]
fn a_drop_on_a_tool_in_the_list_opens_it_with_its_first_field_filled() {
    let page = page();
    page.drop_on(Some(DropTarget::Tool("one".into())), &["/a", "/b"]);
    assert_eq!(page.items("one", "/file"), ["/a"]);
    assert_eq!(page.way().as_deref(), Some("/tools/one"));
    page.drop_on(Some(DropTarget::Tool("none".into())), &["/a"]);
    assert_eq!(
        page.way().as_deref(),
        Some("/tools/one"),
        "one that takes no files isn't opened"
    );
}

#[test]
fn what_is_dragged_lights_the_field_that_would_take_it() {
    let page = page();
    let over = |target| {
        page.store.drag_over(target);
        untrack(|| page.store.field_over())
    };
    assert_eq!(
        over(Some(DropTarget::Form("many".into()))).as_deref(),
        Some("/paths")
    );
    let (tool, key) = ("many".to_owned(), "/beside".to_owned());
    assert_eq!(
        over(Some(DropTarget::Field { tool, key })).as_deref(),
        Some("/beside")
    );
    assert_eq!(over(Some(DropTarget::Tool("one".into()))), None);
    assert_eq!(over(None), None);
}

#[test]
fn without_a_tool_the_person_chooses_among_those_that_take_the_paths() {
    let page = page();
    let names = |count| -> Vec<String> {
        let tools = page.store.tools_for(count);
        tools.iter().map(|tool| tool.name.clone()).collect()
    };
    assert_eq!(names(1), ["many", "one"]);
    assert_eq!(names(2), ["many"]);
    page.drop_on(None, &["/a"]);
    assert_eq!(
        untrack(|| page.store.undecided()),
        Some(vec!["/a".to_owned()])
    );
    page.store.decide(None);
    assert_eq!(
        (untrack(|| page.store.undecided()), page.way()),
        (None, None)
    );
    page.drop_on(None, &["/a"]);
    page.store.decide(Some("one"));
    assert_eq!(page.items("one", "/file"), ["/a"]);
    assert_eq!(page.way().as_deref(), Some("/tools/one"));
}

#[test]
fn what_the_window_is_asked_to_show_is_shown_in_its_order() {
    let page = page();
    page.backend.answer("take_open_requests", |_| {
        Ok(json!([
            {"kind": "tool", "tool": "many", "given": {"paths": ["/a"], "left_out": 0}},
            {"kind": "job", "job_id": "j"},
        ]))
    });
    block_on(page.store.take_requests());
    assert_eq!(page.items("many", "/paths"), ["/a"]);
    assert_eq!(page.way().as_deref(), Some("/jobs/j"));
    page.backend.answer("take_open_requests", |_| {
        Ok(json!([{"kind": "tool", "tool": null, "given": {"paths": ["/b"], "left_out": 0}}]))
    });
    block_on(page.store.take_requests());
    assert_eq!(
        untrack(|| page.store.undecided()),
        Some(vec!["/b".to_owned()])
    );
    assert_eq!(page.said(), [""; 0]);
}
