//! What is kept is what was saved, whoever saves.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn tools() -> Vec<ToolDefinition> {
    let mut tools = crate::registry().unwrap().definitions();
    tools.truncate(2);
    tools[0].input_schema["properties"]["token"] = json!({ "x-secret": true });
    tools
}

fn preset(name: &str, input: Value) -> Preset {
    Preset {
        name: name.into(),
        input,
    }
}

#[tokio::test]
async fn presets_are_kept_renamed_and_forgotten_each_for_its_tool() {
    let folder = tempfile::tempdir().unwrap();
    let tools = tools();
    let presets = Presets::new(folder.path(), &tools);
    let (tool, other) = (tools[0].name.clone(), tools[1].name.clone());
    let save = |name: &str, number: u32, instead_of: Option<&str>| {
        let kept = preset(name, json!({ "number": number }));
        presets.save(tool.clone(), kept, instead_of.map(str::to_owned))
    };
    save("b", 1, None).await.unwrap();
    save("a", 2, None).await.unwrap();
    let taken = save("a", 3, None).await.unwrap_err();
    assert_eq!(taken.code, ErrorCode::AlreadyExists);
    let taken = save("a", 3, Some("b")).await.unwrap_err();
    assert_eq!(taken.code, ErrorCode::AlreadyExists);
    save("a", 4, Some("a")).await.unwrap();
    save("c", 1, Some("b")).await.unwrap();
    let gone = save("d", 1, Some("b")).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::UnknownPreset);
    // As another process sees it.
    let presets = Presets::new(folder.path(), &tools);
    assert_eq!(
        presets.list(tool.clone()).await.unwrap(),
        [
            preset("a", json!({ "number": 4 })),
            preset("c", json!({ "number": 1 }))
        ]
    );
    assert_eq!(presets.list(other).await.unwrap(), []);
    presets.remove(tool.clone(), "a".into()).await.unwrap();
    let gone = presets.remove(tool.clone(), "a".into()).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::UnknownPreset);
    assert_eq!(presets.get(&tool, "c").unwrap().name, "c");
    let unknown = presets.list("nothing".into()).await.unwrap_err();
    assert_eq!(unknown.code, ErrorCode::UnknownTool);
}

#[tokio::test]
async fn a_secret_that_was_typed_in_is_nowhere_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let tools = tools();
    let presets = Presets::new(folder.path(), &tools);
    for (name, secret) in [
        ("typed", json!("CANARY")),
        ("named", json!({ "secret": "n" })),
    ] {
        let input = json!({ "token": secret, "x": 1 });
        let saved = presets.save(tools[0].name.clone(), preset(name, input), None);
        saved.await.unwrap();
    }
    let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert!(!text.contains("CANARY"), "{text}");
    let kept = presets.get(&tools[0].name, "named").unwrap();
    assert_eq!(kept.input["token"], json!({ "secret": "n" }));
}

#[tokio::test]
async fn what_can_not_be_kept_or_read_is_said_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let tools = tools();
    let presets = Presets::new(folder.path(), &tools);
    let save =
        |name: &str, input: Value| presets.save(tools[0].name.clone(), preset(name, input), None);
    for refused in [
        save("", json!({})).await,
        save("x", json!([])).await,
        save(" x", json!({})).await,
    ] {
        assert_eq!(refused.unwrap_err().code, ErrorCode::InvalidInput);
    }
    let large = save("x", json!({ "text": "x".repeat(2 << 20) })).await;
    assert_eq!(large.unwrap_err().code, ErrorCode::InputTooLarge);
    fs::write(folder.path().join(FILE), "{").unwrap();
    let damaged = save("x", json!({})).await.unwrap_err();
    assert_eq!(damaged.code, ErrorCode::Storage);
    assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), "{");
}

#[cfg(unix)]
#[tokio::test]
async fn presets_are_for_their_owners_eyes_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let tools = tools();
    let presets = Presets::new(folder.path(), &tools);
    let saved = presets.save(tools[0].name.clone(), preset("a", json!({})), None);
    saved.await.unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_saved_comes_back_as_it_was(
        names in prop::collection::btree_set("[a-zä\"\\\\][a-z ä]{0,6}[a-z]", 1..5),
        text in ".{0,20}",
    ) {
        let folder = tempfile::tempdir().unwrap();
        let tools = tools();
        let presets = Presets::new(folder.path(), &tools);
        for name in &names {
            let kept = preset(name, json!({ "text": text, "name": name }));
            presets.save_now(&tools[0].name, kept, None).unwrap();
        }
        for name in &names {
            let kept = presets.get(&tools[0].name, name).unwrap();
            prop_assert_eq!(kept, preset(name, json!({ "text": text, "name": name })));
        }
    }
}
