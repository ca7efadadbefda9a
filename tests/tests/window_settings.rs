//! The window's settings: changed at once, refused in words, put back, found again after a restart.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::fs;

use serde_json::{Value, json};
use toolroom_shared::TabId;
use toolroom_tests::{
    odd_tree::sparse_file,
    tool_page::{RUN, job},
    window::Window,
};

const GROUND: &str = "return getComputedStyle(document.body).backgroundColor;";
const DARK: &str = "rgb(22, 23, 26)";
const LIGHT: &str = "rgb(246, 246, 244)";

async fn settings(window: &Window, page: TabId) {
    window.click("nav a[href='/settings']").await.unwrap();
    window
        .click(&format!(".settings-list a[href='{}']", page.path()))
        .await
        .unwrap();
    window
        .wait_for(&format!("[data-page-id='{}']", page.id()))
        .await
        .unwrap();
}

fn input(pointer: &str) -> String {
    format!("[data-setting='{pointer}'] input")
}

/// Puts `text` in the place of what stands in a field.
async fn fill(window: &Window, pointer: &str, text: &str) {
    let field = input(pointer);
    window.click(&field).await.unwrap();
    let script = format!("document.querySelector(\"{field}\").select();");
    window.run(&script).await.unwrap();
    window.type_into(&field, text).await.unwrap();
}

async fn option(window: &Window, pointer: &str, option: &str) {
    let css = format!("[data-setting='{pointer}'] [data-option='{option}']");
    window.click(&css).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_theme_is_seen_at_once_after_a_reload_and_after_a_restart() {
    let window = Window::open().await.unwrap();
    settings(&window, TabId::SettingsAppearance).await;
    option(&window, "/appearance/theme", "dark").await;
    window.wait_until(GROUND, json!(DARK)).await.unwrap();
    let saved = "[data-setting='/appearance/theme'] .setting-saved";
    window.wait_for_text(saved, "Saved").await.unwrap();
    option(&window, "/appearance/density", "compact").await;
    let density = "return document.documentElement.dataset.density;";
    window.wait_until(density, json!("compact")).await.unwrap();
    window.reload().await.unwrap();
    assert_eq!(window.run(GROUND).await.unwrap(), json!(DARK));

    let window = window.close_and_open_again().await.unwrap();
    assert_eq!(window.run(GROUND).await.unwrap(), json!(DARK));
    assert_eq!(window.run(density).await.unwrap(), json!("compact"));
    settings(&window, TabId::SettingsAppearance).await;
    option(&window, "/appearance/theme", "light").await;
    window.wait_until(GROUND, json!(LIGHT)).await.unwrap();
    window.click("[data-action='reset-section']").await.unwrap();
    window
        .wait_until(density, json!("comfortable"))
        .await
        .unwrap();
    let theme = "return document.documentElement.dataset.theme ?? null;";
    window.wait_until(theme, Value::Null).await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_can_not_hold_is_refused_below_its_field_and_reset_brings_the_default_back() {
    let window = Window::open().await.unwrap();
    settings(&window, TabId::SettingsLimits).await;
    let at = "/limits/queue_depth";
    window.wait_for(&input(at)).await.unwrap();
    fill(&window, at, "0").await;
    let problem = format!("[data-problem='{at}']");
    window
        .wait_for_text(&problem, "Must be at least 1.")
        .await
        .unwrap();
    window.screenshot("settings-refused").await.unwrap();
    let kept = async || {
        let form = window.invoke("get_settings", json!({})).await.unwrap();
        form["state"]["settings"]["limits"]["queue_depth"].clone()
    };
    assert_eq!(kept().await, json!(10_000));
    fill(&window, at, "50").await;
    let saved = format!("[data-setting='{at}'] .setting-saved");
    window.wait_for_text(&saved, "Saved").await.unwrap();
    assert_eq!(kept().await, json!(50));
    window
        .click(&format!(
            "[data-setting='{at}'] [data-action='reset-setting']"
        ))
        .await
        .unwrap();
    let shown = format!("return document.querySelector(\"{}\").value;", input(at));
    window.wait_until(&shown, json!("10000")).await.unwrap();
    assert_eq!(kept().await, json!(10_000));
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn more_jobs_at_a_time_let_a_waiting_job_begin() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::open().await.unwrap();
    let one = json!({"changeJson": {"limits": {"jobs_at_a_time": 1}}});
    window.invoke("change_settings", one).await.unwrap();
    let start = async |name: &str| {
        let file = folder.path().join(name);
        sparse_file(&file, 1 << 40).unwrap();
        let args = json!({"toolName": "hash-files", "inputJson": {"paths": [file]}, "options": {}});
        window.invoke("start_tool_job", args).await.unwrap();
    };
    start("a").await;
    start("b").await;
    window.click("nav a[href='/jobs']").await.unwrap();
    window.wait_for(&job("Queued")).await.unwrap();
    settings(&window, TabId::SettingsLimits).await;
    fill(&window, "/limits/jobs_at_a_time", "2").await;
    window
        .wait_for_text("[data-count='running']", "2 running")
        .await
        .unwrap();
    let all = json!({"query": {}});
    window.invoke("cancel_jobs", all).await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_written_into_a_file_removed_and_taken_in_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f"), "abc").unwrap();
    let window = Window::open_form(&[folder.path()]).await.unwrap();
    window.run_to_result().await.unwrap();
    window.wait_for(RUN).await.unwrap();
    settings(&window, TabId::SettingsStorage).await;
    window
        .wait_for_text("[data-fact='Jobs']", "1")
        .await
        .unwrap();
    let file = folder.path().join("jobs.jsonl");
    let path = file.to_str().unwrap();
    window.type_into("#export-path", path).await.unwrap();
    window.click("[data-action='export']").await.unwrap();
    let said = |work: &str| format!("[data-work='{work}'] [data-outcome]");
    window
        .wait_for_text(&said("export"), "1 job written.")
        .await
        .unwrap();
    window.click("[data-action='export']").await.unwrap();
    window
        .wait_for_text(&said("export"), "can't be written")
        .await
        .unwrap();

    window
        .run("document.querySelector('#clean-up-days').select();")
        .await
        .unwrap();
    window.type_into("#clean-up-days", "0").await.unwrap();
    window
        .click("[data-action='survey-clean-up']")
        .await
        .unwrap();
    window
        .wait_for_text("[data-survey]", "1 job")
        .await
        .unwrap();
    window.screenshot("settings-clean-up").await.unwrap();
    window.click("[data-action='clean-up']").await.unwrap();
    window
        .wait_for_text(&said("clean-up"), "1 job removed.")
        .await
        .unwrap();
    window
        .wait_for_text("[data-fact='Jobs']", "0")
        .await
        .unwrap();
    window.enter("#import-path", path).await.unwrap();
    window
        .wait_for_text(&said("import"), "1 job taken in.")
        .await
        .unwrap();
    window
        .wait_for_text("[data-fact='Jobs']", "1")
        .await
        .unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_settings_is_whole_in_both_themes_and_small_windows() {
    let window = Window::open().await.unwrap();
    for (width, height) in [(900, 600), (1280, 820)] {
        window.resize(width, height).await.unwrap();
        for page in TabId::ALL.into_iter().filter(|tab| tab.is_settings()) {
            settings(&window, page).await;
            window
                .wait_until(
                    "return document.querySelectorAll('.skeleton').length;",
                    json!(0),
                )
                .await
                .unwrap();
            let name = format!("{}-{width}x{height}", page.id());
            window.screenshot(&name).await.unwrap();
            assert!(window.sticking_out().await.unwrap().is_empty(), "{name}");
        }
    }
    window.close().await.unwrap();
}
