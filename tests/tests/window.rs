//! The main job in the real window: from a form to a result, and what can come between.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::fs;

use fantoccini::elements::Element;
use serde_json::{Value, json};
use toolroom_shared::contract_hash;
use toolroom_tests::{
    odd_tree::sparse_file,
    tool_page::{RUN, job},
    window::{READ_JSON_TEXT, Window},
};

async fn attribute(element: &Element, name: &str) -> String {
    element.attr(name).await.unwrap().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_hashed_and_its_digests_are_read_off_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let photos = folder.path().join("photos");
    fs::create_dir_all(photos.join("2026")).unwrap();
    fs::write(photos.join("abc.txt"), "abc").unwrap();
    fs::write(photos.join("2026/empty"), "").unwrap();
    std::os::unix::fs::symlink("nowhere", photos.join("lost")).unwrap();

    let window = Window::open_form(&[&photos]).await.unwrap();
    window.screenshot("tool-form").await.unwrap();
    window.choose_algorithm("sha256").await.unwrap();
    window.run_to_result().await.unwrap();
    window.screenshot("tool-result").await.unwrap();

    let expected = [
        (
            photos.join("2026/empty"),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            photos.join("abc.txt"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
    ]
    .map(|(path, digest)| (path.to_str().unwrap().to_owned(), digest.to_owned()));
    assert_eq!(window.shown_digests().await.unwrap(), expected.into());
    let text = window.page_text().await.unwrap();
    assert!(text.contains("points to nothing"), "{text}");
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_job_shows_how_far_it_is_and_is_canceled() {
    let folder = tempfile::tempdir().unwrap();
    let long = folder.path().join("long");
    sparse_file(&long, 1 << 40).unwrap();
    let window = Window::open_form(&[&long]).await.unwrap();
    window.choose_algorithm("sha512").await.unwrap();
    window.click(RUN).await.unwrap();
    let running = job("Running");
    window.wait_for(&running).await.unwrap();
    // Real figures, not only a spinner.
    window
        .wait_for_text(&running, " GB of 1.1 TB")
        .await
        .unwrap();
    window.screenshot("tool-running").await.unwrap();
    window
        .click(&format!("{running} [data-action='cancel']"))
        .await
        .unwrap();
    window.wait_for(&job("Canceled")).await.unwrap();
    window.screenshot("tool-canceled").await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_in_the_middle_loses_nothing_and_runs_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("some-seconds");
    sparse_file(&file, 5_000_000_000).unwrap();
    let window = Window::open_form(&[&file]).await.unwrap();
    window.choose_algorithm("sha512").await.unwrap();
    window.click(RUN).await.unwrap();
    let running = window.wait_for(&job("Running")).await.unwrap();
    let job_id = attribute(&running, "data-job-id").await;

    window.reload().await.unwrap();
    let again = window.wait_for(&job("Running")).await.unwrap();
    assert_eq!(attribute(&again, "data-job-id").await, job_id);

    window.wait_for_result().await.unwrap();
    let page = window
        .invoke("list_jobs", json!({ "query": {} }))
        .await
        .unwrap();
    assert_eq!(page["total"], 1, "{page}");
    assert_eq!(page["jobs"][0]["attempt"], 1);
    let digests = window.shown_digests().await.unwrap();
    let digest = &digests[file.to_str().unwrap()];
    assert_eq!(digest.len(), 128, "{digest}");
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_is_too_large_for_one_answer_is_shown_whole() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..2_000 {
        fs::write(folder.path().join(format!("{number}.txt")), "abc").unwrap();
    }
    let window = Window::open_form(&[folder.path()]).await.unwrap();
    window.choose_algorithm("sha512").await.unwrap();
    // The second piece is held up, and then doesn't come.
    window
        .change_answers(
            "read_job_output",
            "if (args.offset === 0) return answer;
             await new Promise(go_on => { window.go_on = go_on; });
             throw { code: 'io_error', message: 'The disk did not answer.',
                     details: null, retryable: true };",
        )
        .await
        .unwrap();
    window.click(RUN).await.unwrap();
    window
        .wait_for_text(
            "[data-output='loading']",
            "Loading the result, 0.3 of 0.4 MB",
        )
        .await
        .unwrap();
    window.screenshot("large-loading").await.unwrap();
    window
        .wait_until("return !!window.go_on;", json!(true))
        .await
        .unwrap();
    window.run("window.go_on();").await.unwrap();
    window
        .wait_for_text(".banner", "The disk did not answer.")
        .await
        .unwrap();
    window.screenshot("large-failed").await.unwrap();

    window
        .change_answers("read_job_output", "return answer;")
        .await
        .unwrap();
    window.click("[data-action='retry-load']").await.unwrap();
    window.wait_for_result().await.unwrap();
    assert_eq!(window.text(".result-table .count").await.unwrap(), "2,000");
    // Of that many rows, those in sight are drawn.
    let first = window.shown_digests().await.unwrap();
    assert!((10..200).contains(&first.len()), "{}", first.len());
    window
        .run("const pane = document.querySelector('.table-scroll'); pane.scrollTop = pane.scrollHeight;")
        .await
        .unwrap();
    let last = "return document.querySelector('.table-scroll tbody tr:last-child').hasAttribute('data-row');";
    window.wait_until(last, json!(true)).await.unwrap();
    let digests = window.shown_digests().await.unwrap();
    assert!(digests.keys().all(|path| !first.contains_key(path)));
    assert!(
        digests
            .values()
            .all(|digest| digest.starts_with("ddaf35a1"))
    );
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_the_page_sends_twice_runs_once() {
    let window = Window::open().await.unwrap();
    let start = || {
        window.invoke(
            "start_tool_job",
            json!({
                "toolName": "hash-files",
                "inputJson": { "paths": [window.data_dir()] },
                "options": { "idempotency_key": "one" },
            }),
        )
    };
    let first = start().await.unwrap();
    assert_eq!(start().await.unwrap(), first);
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_way_of_running_a_tool_is_a_job_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f"), "abc").unwrap();
    let window = Window::open().await.unwrap();
    let input = json!({ "paths": [folder.path()] });
    let args = json!({ "toolName": "hash-files", "inputJson": input });
    let job = window.invoke("run_tool", args).await.unwrap();
    assert_eq!(job["status"], "Succeeded");
    assert_eq!(job["output"]["files"][0]["bytes"], 3);
    let found = window.invoke("get_job", json!({ "jobId": job["job_id"] }));
    assert_eq!(found.await.unwrap(), job);
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_never_arrive_change_nothing_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f"), "abc").unwrap();
    let window = Window::open_form(&[folder.path()]).await.unwrap();
    // From here on the page hears nothing of any job: its channel is there, but deaf.
    let deafened = window
        .run(&format!(
            "const read = {READ_JSON_TEXT};
             let deafened = 0;
             window.withheld = 0;
             const callbacks = window.__TAURI_INTERNALS__.callbacks;
             for (const [id, callback] of [...callbacks]) {{
                 deafened += 1;
                 callbacks.set(id, told => {{
                     if (read(told?.message)?.kind === 'events') {{ window.withheld += 1; }}
                     else {{ callback(told); }}
                 }});
             }}
             return deafened;"
        ))
        .await
        .unwrap();
    assert!(deafened.as_u64().unwrap() >= 1, "{deafened} callbacks");
    window.run_to_result().await.unwrap();
    let withheld = window.run("return window.withheld;").await.unwrap();
    // What happens within a tenth of a second comes as one.
    assert!(withheld.as_u64().unwrap() >= 1, "{withheld} withheld");
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_missed_is_told_to_the_next_one_when_it_is_ready() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f"), "abc").unwrap();
    let window = Window::open().await.unwrap();
    let ready = async |last_event: &Value| {
        let args = json!({ "contractHash": contract_hash(), "lastEvent": last_event });
        window.invoke("frontend_ready", args).await.unwrap()
    };
    let first = ready(&Value::Null).await;
    assert_eq!(first["missed"], 0);
    let started = window
        .invoke(
            "run_tool",
            json!({ "toolName": "hash-files", "inputJson": { "paths": [folder.path()] } }),
        )
        .await
        .unwrap();
    assert_eq!(started["status"], "Succeeded");

    window.reload().await.unwrap();
    // The page before this one has listened to no hint, and this one does so from now on.
    window
        .run(
            "window.told = [];
             const handler = window.__TAURI_INTERNALS__.transformCallback(
                 event => window.told.push(event.payload));
             const event = 'tool-job-completed', target = { kind: 'Any' };
             window.listening = window.__TAURI_INTERNALS__.invoke(
                 'plugin:event|listen', { event, target, handler });",
        )
        .await
        .unwrap();
    window
        .wait_until(
            "window.listening.then(() => { window.listens = true; });
             return window.listens === true;",
            json!(true),
        )
        .await
        .unwrap();
    let again = ready(&first["last_event"]).await;
    assert_eq!(again["missed"], 0);
    window
        .wait_until("return window.told.length > 0;", json!(true))
        .await
        .unwrap();
    let told = window.run("return window.told;").await.unwrap();
    assert_eq!(told[0]["jobs"][0]["job_id"], started["job_id"], "{told}");
    assert!(told[0]["last_event"].as_u64() > first["last_event"].as_u64());
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_contract_is_refused() {
    let window = Window::open().await.unwrap();
    let args = json!({ "contractHash": "other", "lastEvent": null });
    let refused = window.invoke("frontend_ready", args).await.unwrap_err();
    assert!(
        refused.to_string().contains("contract_mismatch"),
        "{refused}"
    );
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_marked_at_its_field_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f"), "abc").unwrap();
    let window = Window::open_form(&[]).await.unwrap();
    window.choose_algorithm("sha512").await.unwrap();
    window.click(RUN).await.unwrap();
    let problem = window.text("[data-problem='/paths']").await.unwrap();
    assert_eq!(problem, "Needs at least 1 entry.");
    // The first field that is wrong has the keyboard.
    let focused = "return document.activeElement.closest('[data-field]')?.dataset.field;";
    window.wait_until(focused, json!("/paths")).await.unwrap();
    window.screenshot("tool-bad-input").await.unwrap();
    let page = window
        .invoke("list_jobs", json!({ "query": {} }))
        .await
        .unwrap();
    assert_eq!(page["total"], 0);

    // Mended, it runs, with everything else as it was.
    window.enter_path(folder.path()).await.unwrap();
    window.run_to_result().await.unwrap();
    let digests = window.shown_digests().await.unwrap();
    assert_eq!(digests.values().next().map(String::len), Some(128));
    assert!(
        window
            .all("[data-problem='/paths']")
            .await
            .unwrap()
            .is_empty(),
        "the problem is mended"
    );
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_wrongly_is_refused_at_once_with_a_code() {
    let window = Window::open().await.unwrap();
    let refused = |tool: &str, input: Value| {
        let args = json!({ "toolName": tool, "inputJson": input, "options": {} });
        let call = window.invoke("start_tool_job", args);
        async move {
            let error = call.await.unwrap_err().to_string();
            serde_json::from_str::<Value>(&error).unwrap_or(Value::String(error))
        }
    };
    let error = refused("no-such-tool", json!({})).await;
    assert_eq!(error["code"], "unknown_tool");
    let error = refused("hash-files", json!({ "paths": [1] })).await;
    assert_eq!(error["code"], "invalid_input");
    assert_eq!(error["details"]["problems"][0]["pointer"], "/paths/0");
    // What the contract doesn't list, the window may not call.
    let error = window
        .invoke("plugin:event|emit", json!({ "event": "x" }))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("not allowed"), "{error}");
    window.close().await.unwrap();
}
