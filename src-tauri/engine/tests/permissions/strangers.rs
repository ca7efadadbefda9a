//! What isn't granted to a caller is for it as if it weren't there.

use proptest::prelude::*;
use serde_json::{Value, json};
use toolroom_engine::JobApi;
use toolroom_shared::{Caller, ErrorCode};

use crate::desk::{Desk, LONG, caller};

/// An input of any kind: right for one tool or none, or more than any takes.
fn any_input() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({})),
        Just(json!({ "to": 3 })),
        Just(json!({ "at": "/etc/hostname" })),
        Just(json!({ "at": 7, "more": [null] })),
        Just(json!("x".repeat(2_000_000))),
        Just(Value::Null),
    ]
}

/// All that `who` is told of a tool, its name left out.
async fn told(desk: &Desk, who: &str, tool: &str, input: &Value) -> Vec<String> {
    let check = desk.api.check_input(caller(who), tool, input).await;
    let start = desk.start(who, tool, input.clone()).await;
    let told = [
        serde_json::to_string(&check.unwrap_err()).unwrap(),
        serde_json::to_string(&start.unwrap_err()).unwrap(),
    ];
    let mut told: Vec<_> = told.iter().map(|text| text.replace(tool, "TOOL")).collect();
    // Nor does the trail's reader see a difference.
    told.extend(desk.trail.told().iter().map(|one| format!("{one:?}")));
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_tool_that_is_not_granted_can_not_be_told_from_one_that_is_not_there(
        granted in prop::sample::subsequence(vec!["look", "count", "gone-tool"], 0..=2),
        input in any_input(),
        name in "[a-z]{3,8}-[a-z]{3,8}",
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        runtime.unwrap().block_on(async {
            let desk = Desk::new(LONG);
            desk.grant("mcp:x", |grant| {
                grant.tools = granted.iter().map(|tool| (*tool).to_owned()).collect();
            })
            .await;
            let all = desk.api.list_tools(Caller::Window).await.unwrap();
            let names: Vec<_> = all.iter().map(|tool| tool.name.as_str()).collect();
            assert!(!names.contains(&&*name));
            let listed = desk.api.list_tools(caller("mcp:x")).await.unwrap();
            let listed: Vec<_> = listed.iter().map(|tool| tool.name.as_str()).collect();
            let expected = names.iter().copied().filter(|name| granted.contains(name));
            assert!(listed.iter().copied().eq(expected));

            let _ = desk.trail.told();
            let missing = told(&desk, "mcp:x", &name, &input).await;
            for hidden in names.iter().filter(|name| !granted.contains(*name)) {
                assert_eq!(told(&desk, "mcp:x", hidden, &input).await, missing, "{hidden}");
            }
            // One that was granted and isn't there: no word of those that weren't granted.
            if granted.contains(&"gone-tool") {
                let unknown = desk.start("mcp:x", "gone-tool", input).await.unwrap_err();
                assert_eq!(unknown.code, ErrorCode::UnknownTool);
                for name in names {
                    assert_eq!(unknown.message.contains(name), granted.contains(&name));
                }
            }
        });
    }
}
