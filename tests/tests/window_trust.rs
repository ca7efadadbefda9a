//! Trust in the window: questions answered, callers granted, secrets kept, and the trail of it all.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use toolroom_tests::window::Window;

/// What the caller may do, in the line that sums it up.
const SUMMARY: &str =
    "return document.querySelector(\"[data-caller='http:desk'] .panel-note\")?.textContent;";
const CARD: &str = "[data-questions='card']";

/// Has a caller that is no person start a job, through the debug build's own door.
fn start_as(window: &Window, caller: &str, tool: &str, input: &Value) {
    let start = json!({ "caller": caller, "tool": tool, "input": input });
    let folder = window.data_dir();
    // Whole or not at all.
    fs::write(folder.join("debug-start.part"), start.to_string()).unwrap();
    fs::rename(
        folder.join("debug-start.part"),
        folder.join("debug-start.json"),
    )
    .unwrap();
}

/// What that caller was answered.
async fn answered(window: &Window) -> Value {
    let file = window.data_dir().join("debug-answer.json");
    let since = Instant::now();
    loop {
        if let Ok(text) = fs::read_to_string(&file)
            && let Ok(answer) = serde_json::from_str(&text)
        {
            fs::remove_file(&file).unwrap();
            return answer;
        }
        assert!(since.elapsed() < Duration::from_secs(30), "no answer");
        // sleep: nothing tells when the file is written
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn open_settings(window: &Window) {
    window.click("nav a[href='/settings']").await.unwrap();
    window
        .click("a[href='/settings/permissions']")
        .await
        .unwrap();
    window
        .wait_for("[data-page-id='settings-permissions'] [data-action='add-caller']")
        .await
        .unwrap();
}

/// Pictures at both sizes, on which nothing sticks out.
async fn look(window: &Window, name: &str) {
    for (width, height) in [(900, 600), (1_280, 820)] {
        window.resize(width, height).await.unwrap();
        window
            .screenshot(&format!("{name}-{width}x{height}"))
            .await
            .unwrap();
        let sticking_out = window.sticking_out().await.unwrap();
        assert!(sticking_out.is_empty(), "{name} {width}: {sticking_out:?}");
    }
}

fn hash(file: &Path) -> Value {
    json!({ "paths": [file] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_added_asks_is_answered_and_all_of_it_is_in_the_trail() {
    let folder = tempfile::Builder::new()
        .prefix("toolroom-")
        .tempdir()
        .unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    fs::write(&one, "abc").unwrap();
    fs::write(&two, "abc").unwrap();
    let window = Window::open().await.unwrap();
    open_settings(&window).await;
    look(&window, "permissions-empty").await;

    // Who was granted nothing is refused, and nobody is asked.
    start_as(&window, "http:desk", "hash-files", &hash(&one));
    let refused = answered(&window).await;
    assert_eq!(refused["error"]["code"], "permission_denied", "{refused}");

    window.click("[data-action='add-caller']").await.unwrap();
    window.click("[data-action='save-caller']").await.unwrap();
    window
        .wait_for_text("#caller-problem", "Enter the name")
        .await
        .unwrap();
    window.enter("#caller-name", "desk").await.unwrap();
    window
        .click("[data-caller='http:desk'] [data-pick='hash-files']")
        .await
        .unwrap();
    window.wait_until(SUMMARY, json!("1 tool")).await.unwrap();
    // What is refused is said under its field, and stays there to be mended.
    window.enter("#grant-read", "relative").await.unwrap();
    window
        .wait_for_text("#grant-read-problem", "not a whole path")
        .await
        .unwrap();
    window.enter("#grant-hosts", "not a host").await.unwrap();
    window
        .wait_for_text("#grant-hosts-problem", "A host is written as")
        .await
        .unwrap();
    look(&window, "permissions-form").await;

    // While somebody types on another page, the card comes and the focus stays.
    window.click("nav a[href='/tools']").await.unwrap();
    window
        .type_into("input[type='search']", "has")
        .await
        .unwrap();
    start_as(&window, "http:desk", "hash-files", &hash(&one));
    window
        .wait_for_text(CARD, "HTTP client desk")
        .await
        .unwrap();
    window
        .wait_for_text(CARD, one.to_str().unwrap())
        .await
        .unwrap();
    let typing = "return document.activeElement.type;";
    window.wait_until(typing, json!("search")).await.unwrap();
    start_as(&window, "http:desk", "hash-files", &hash(&two));
    window
        .wait_for_text(CARD, "1 more question waits")
        .await
        .unwrap();
    look(&window, "question").await;
    window
        .click(&format!("{CARD} [data-answer='allow-once']"))
        .await
        .unwrap();
    let allowed = answered(&window).await;
    assert!(allowed["job_id"].is_string(), "{allowed}");
    // The next one is answered elsewhere, and goes by itself.
    window
        .wait_for_text(CARD, two.to_str().unwrap())
        .await
        .unwrap();
    let asked = window.invoke("get_permissions", json!({})).await.unwrap();
    let answer = json!({ "questionId": asked["questions"][0]["id"], "answer": "refuse_always" });
    window.invoke("answer_question", answer).await.unwrap();
    let refused = answered(&window).await;
    assert_eq!(refused["error"]["code"], "permission_denied", "{refused}");
    let cards = format!("return document.querySelectorAll(`{CARD}`).length;");
    window.wait_until(&cards, json!(0)).await.unwrap();

    window.click("nav a[href='/monitor']").await.unwrap();
    window.click("[data-option='audit']").await.unwrap();
    window
        .wait_for("[data-operation='permission']")
        .await
        .unwrap();
    window.click("[data-action='verify-audit']").await.unwrap();
    window
        .wait_for_text(".audit-report", "The trail is whole")
        .await
        .unwrap();
    window
        .click("[data-operation='permission'] button")
        .await
        .unwrap();
    look(&window, "audit").await;
    let choose = "
        const select = document.querySelector('[data-filter=decision]');
        select.value = 'asked';
        select.dispatchEvent(new Event('change', { bubbles: true }));";
    window.run(choose).await.unwrap();
    let shown = "return [...new Set([...document.querySelectorAll('[data-entry] .pill')]
        .map(pill => pill.textContent))].join();";
    // Of what was asked and answered in time nothing else is left than the answers.
    window.wait_until(shown, json!("")).await.unwrap();
    window.screenshot("audit-none").await.unwrap();
    let file = folder.path().join("trail.jsonl");
    window.click("[data-action='export-audit']").await.unwrap();
    window
        .enter("#audit-export-path", file.to_str().unwrap())
        .await
        .unwrap();
    window
        .wait_for_text(".notices", "entries were written")
        .await
        .unwrap();
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains("http:desk is allowed once to read"), "{text}");

    open_settings(&window).await;
    let revoke = "[data-caller='http:desk'] [data-action='revoke']";
    window.click(revoke).await.unwrap();
    window.click("[data-action='undo-revoke']").await.unwrap();
    window.wait_until(SUMMARY, json!("1 tool")).await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_kept_in_a_file_after_the_person_agreed_and_never_shown_again() {
    const CANARY: &str = "CANARY-51f0e2";
    let window = Window::open().await.unwrap();
    open_settings(&window).await;
    window.click("[data-action='add-secret']").await.unwrap();
    window.type_into("#secret-name", "TOKEN").await.unwrap();
    window.enter("#secret-text", CANARY).await.unwrap();
    // There is no keyring on the display's own bus.
    window
        .wait_for("[data-action='agree-to-file']")
        .await
        .unwrap();
    look(&window, "secret-agree").await;
    window.click("[data-action='agree-to-file']").await.unwrap();
    window.wait_for("[data-secret='TOKEN']").await.unwrap();
    look(&window, "secret-kept").await;
    let page = window
        .run("return document.documentElement.outerHTML + [...document.querySelectorAll('input')].map(input => input.value).join();")
        .await
        .unwrap();
    assert!(!page.as_str().unwrap().contains(CANARY));
    // A job names it, and nothing that is kept of the job has it.
    let tools = window.invoke("list_tools", json!({})).await.unwrap();
    let has_secret = |tool: &&Value| tool["input_schema"].to_string().contains("x-secret");
    assert!(
        tools
            .as_array()
            .unwrap()
            .iter()
            .any(|tool| has_secret(&tool))
    );
    let trail = window
        .invoke("list_audit", json!({ "query": { "operation": "secret" } }))
        .await
        .unwrap();
    let subjects: Vec<_> = trail["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["subject"].clone(), entry["decision"].clone()))
        .collect();
    assert_eq!(
        subjects,
        [
            (json!("TOKEN kept"), json!("allowed")),
            (json!("TOKEN kept"), json!("refused")),
        ]
    );
    window.click("[data-action='remove-secret']").await.unwrap();
    window
        .wait_for("[data-action='keep-secret']")
        .await
        .unwrap();
    window.screenshot("secret-remove").await.unwrap();
    window
        .click("[data-action='confirm-remove-secret']")
        .await
        .unwrap();
    window
        .wait_until(
            "return document.querySelectorAll('[data-secret]').length;",
            json!(0),
        )
        .await
        .unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_monitor_draws_what_it_sees_and_stands_still_while_nobody_looks() {
    let window = Window::open().await.unwrap();
    window.click("nav a[href='/monitor']").await.unwrap();
    window
        .wait_for("[data-service='store-writer']")
        .await
        .unwrap();
    // A line has at least two points once it was looked at twice.
    let points = "
        const line = document.querySelector('[data-chart=memory] .chart-line');
        return (line?.getAttribute('d').match(/L/g) ?? []).length >= 3;";
    window.wait_until(points, json!(true)).await.unwrap();
    let said =
        "return document.querySelector('[data-chart=memory] svg').getAttribute('aria-label');";
    let said = window.run(said).await.unwrap();
    assert!(said.as_str().unwrap().contains("MB, at most"), "{said}");
    look(&window, "monitor").await;
    window.close().await.unwrap();
}
