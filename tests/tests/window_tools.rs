//! Every tool in the window: its form, and what comes of its work.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::{fs, path::Path};

use serde_json::{Value, json};
use toolroom_tests::{tool_page::job, window::Window};

/// Opens what is folded, and counts the fields.
const UNFOLD: &str = "
    const fold = document.querySelector('[aria-controls=advanced-fields]');
    if (fold?.getAttribute('aria-expanded') === 'false') fold.click();
    return [...document.querySelectorAll('[data-field]')]
        .filter(field => field.dataset.field.split('/').length === 2).length;";

#[tokio::test(flavor = "multi_thread")]
async fn every_tools_form_has_all_its_fields_and_fits() {
    let window = Window::open().await.unwrap();
    let tools = window.invoke("list_tools", json!({})).await.unwrap();
    for tool in tools.as_array().unwrap() {
        let name = tool["name"].as_str().unwrap();
        window
            .click(&format!("[data-tool='{name}']"))
            .await
            .unwrap();
        window
            .wait_for_text(".page h1", tool["title"].as_str().unwrap())
            .await
            .unwrap();
        let fields = window.run(UNFOLD).await.unwrap().as_u64().unwrap();
        let expected = tool["input_schema"]["properties"].as_object().unwrap();
        assert_eq!(fields, expected.len() as u64, "{name}");
        for (width, height) in [(900, 600), (1_280, 820)] {
            window.resize(width, height).await.unwrap();
            let sticking_out = window.sticking_out().await.unwrap();
            assert!(sticking_out.is_empty(), "{name}: {sticking_out:?}");
        }
        window.screenshot(&format!("form-{name}")).await.unwrap();
    }
    window.close().await.unwrap();
}

/// Starts a job past the form, and waits for its result on the tool's page.
async fn result_of(window: &Window, tool: &str, input: Value) -> Value {
    window
        .click(&format!("[data-tool='{tool}']"))
        .await
        .unwrap();
    let start = json!({ "toolName": tool, "inputJson": input, "options": {} });
    let started = window.invoke("start_tool_job", start).await.unwrap();
    window.wait_for(&job("Succeeded")).await.unwrap();
    window.wait_for("[data-result]").await.unwrap();
    window.screenshot(&format!("result-{tool}")).await.unwrap();
    let sticking_out = window.sticking_out().await.unwrap();
    assert!(sticking_out.is_empty(), "{tool}: {sticking_out:?}");
    let get = json!({ "jobId": started["job_id"] });
    window.invoke("get_job", get).await.unwrap()["output"].clone()
}

/// Some notes and photos, two of them twice.
fn fill(folder: &Path) {
    let photos = folder.join("photos");
    fs::create_dir_all(photos.join("copies")).unwrap();
    for (name, seed) in [("beach.ppm", 3_u32), ("forest.ppm", 7)] {
        let mut picture = b"P6 320 200 255\n".to_vec();
        picture.extend((0..320 * 200 * 3_u32).map(|n| (n * seed / 640) as u8));
        fs::write(photos.join(name), &picture).unwrap();
        fs::write(photos.join("copies").join(name), &picture).unwrap();
    }
    let notes: String = (0..40)
        .map(|day| format!("day {day}: walked to the beach and back\n"))
        .collect();
    fs::write(folder.join("notes.txt"), notes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_each_tool_gives_stands_on_its_page() {
    let place = tempfile::Builder::new()
        .prefix("toolroom-")
        .tempdir()
        .unwrap();
    let holiday = place.path().join("holiday");
    fill(&holiday);
    let window = Window::open().await.unwrap();

    let search = json!({ "paths": [holiday], "pattern": "beach" });
    let output = result_of(&window, "search-text", search).await;
    assert_eq!(
        output["results"].as_array().map(Vec::len),
        Some(40),
        "{output}"
    );

    let output = result_of(&window, "find-duplicates", json!({ "paths": [holiday] })).await;
    assert_eq!(
        output["groups"].as_array().map(Vec::len),
        Some(2),
        "{output}"
    );
    let remove = json!({ "paths": [holiday], "action": "hard_link", "keep_under": holiday.join("photos/copies") });
    result_of(&window, "remove-duplicates", remove).await;

    let archive = place.path().join("holiday.tar.zst");
    let pack = json!({ "paths": [holiday], "archive": archive });
    result_of(&window, "compress", pack).await;
    let unpacked = place.path().join("unpacked");
    let unpack = json!({ "archive": archive, "into": unpacked });
    result_of(&window, "extract", unpack).await;
    assert_eq!(
        fs::read(unpacked.join("holiday/notes.txt")).unwrap(),
        fs::read(holiday.join("notes.txt")).unwrap()
    );

    let small = place.path().join("small");
    let convert = json!({
        "paths": [holiday.join("photos")], "into": small, "format": "jpeg", "width": 64,
    });
    result_of(&window, "convert-images", convert).await;
    assert!(small.join("copies/beach.jpg").is_file());
    // Each is seen as what it looks like, in its new size.
    let seen = "
        return [...document.querySelectorAll('.image-grid img')]
            .filter(picture => picture.complete && picture.naturalWidth === 64).length;";
    window.wait_until(seen, json!(4)).await.unwrap();
    let sizes = "
        return [...new Set([...document.querySelectorAll('.image-size')].map(size => size.textContent))];";
    assert_eq!(window.run(sizes).await.unwrap(), json!(["64 × 40"]));
    window.screenshot("result-pictures").await.unwrap();

    let manifest = place.path().join("holiday.sha256");
    let hash = json!({ "paths": [holiday], "algorithm": "sha256", "manifest": manifest });
    result_of(&window, "hash-files", hash).await;
    let verify = json!({ "manifests": [manifest] });
    result_of(&window, "verify-checksums", verify).await;
    window.close().await.unwrap();
}
