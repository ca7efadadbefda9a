//! Forms and results in the window: every kind of field, by keyboard and by mouse; presets; lines for a
//! terminal; ways to look at a result.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::fs;

use serde_json::{Value, json};
use toolroom_tests::{
    tool_page::{RUN, job},
    window::Window,
};

const TAB: &str = "\u{e004}";
const BACKSPACE: &str = "\u{e003}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const SPACE: &str = " ";
const RIGHT: &str = "\u{e014}";
const DOWN: &str = "\u{e015}";
const UP: &str = "\u{e013}";

/// A schema with every kind of field.
fn every_kind() -> Value {
    json!({ "type": "object", "required": ["name", "sizes"], "properties": {
        "name": { "type": "string", "title": "Name", "description": "What it is called.", "examples": ["Holiday"] },
        "notes": { "type": "string", "title": "Notes", "x-multiline": true },
        "site": { "type": "string", "title": "Address", "format": "uri" },
        "day": { "type": "string", "title": "Day", "format": "date" },
        "at": { "type": "string", "title": "Moment", "format": "date-time" },
        "token": { "x-secret": true, "title": "Token", "description": "Lets you in." },
        "size": { "type": "integer", "title": "Size", "x-unit": "bytes", "minimum": 1, "default": 1_048_576 },
        "wait": { "type": ["integer", "null"], "title": "Wait", "x-unit": "s", "maximum": 86_400 },
        "share": { "type": "number", "title": "Share", "minimum": 0, "maximum": 1, "multipleOf": 0.1, "default": 0.5 },
        "on": { "type": "boolean", "title": "Switched on" },
        "mode": { "type": "string", "title": "Mode", "enum": ["fast", "exact", "both"] },
        "color": { "type": "string", "title": "Color",
            "enum": ["red", "orange", "yellow", "green", "blue", "violet", "rose"] },
        "tags": { "type": "array", "title": "Tags", "items": { "type": "string" } },
        "sizes": { "type": "array", "title": "Sizes", "items": { "type": "object", "required": ["width"], "properties": {
            "width": { "type": "integer", "title": "Width", "x-unit": "px" },
            "label": { "type": "string", "title": "Label" },
        } } },
        "limits": { "type": "object", "title": "Limits", "additionalProperties": { "type": "integer" } },
        "target": { "title": "Target", "oneOf": [
            { "type": "object", "title": "Folder", "required": ["kind", "folder"], "properties": {
                "kind": { "const": "folder" }, "folder": { "type": "string", "title": "Folder" } } },
            { "type": "object", "title": "Server", "required": ["kind", "host"], "properties": {
                "kind": { "const": "server" }, "host": { "type": "string", "title": "Host" } } },
        ] },
        "threads": { "type": "integer", "title": "Threads", "default": 4, "x-advanced": true },
    } })
}

/// A window whose page knows a tool with every kind of field: as if the backend had told of one.
async fn open_every_kind() -> Window {
    let window = Window::open().await.unwrap();
    // A page without a form, so that its keys are nobody's any more.
    window.click("nav a[href='/jobs']").await.unwrap();
    window.wait_for("[data-page-id='jobs']").await.unwrap();
    let change = format!(
        "answer[0].title = 'Every kind'; answer[0].input_schema = {}; return answer;",
        every_kind()
    );
    window.change_answers("list_tools", &change).await.unwrap();
    window
        .change_answers(
            "check_input",
            "window.input = args.inputJson;
             const problems = [];
             if (!args.inputJson.name) problems.push({ pointer: '/name', message: 'This is needed.' });
             (args.inputJson.sizes ?? []).forEach((size, index) => {
                 if (!(size.width > 0)) problems.push({ pointer: `/sizes/${index}/width`, message: 'Must be at least 1.' });
             });
             return problems;",
        )
        .await
        .unwrap();
    // The page begins anew, with the changed answers in place.
    let begin = "
        const done = arguments[0];
        (async () => {
            document.body.replaceChildren();
            history.replaceState(null, '', '/tools');
            const page = [...document.querySelectorAll('link')]
                .map(link => link.href).find(href => href.endsWith('.js'));
            const module = await import(`${page}?again`);
            await module.default({ module_or_path: page.replace(/\\.js$/, '_bg.wasm') });
            done('begun');
        })().catch(error => done(String(error)));";
    let begun = window.run_async(begin, Vec::new()).await.unwrap();
    assert_eq!(begun, json!("begun"));
    wait_for_words(&window, ".page h1", "Every kind").await;
    window
}

/// What stands at the focus takes these keys. It is marked first: without a window manager no window
/// has the focus that `:focus` asks for.
async fn press(window: &Window, keys: &str) {
    let mark = "
        document.querySelectorAll('[data-at]').forEach(was => delete was.dataset.at);
        document.activeElement.dataset.at = '';";
    window.run(mark).await.unwrap();
    window.type_into("[data-at]", keys).await.unwrap();
}

/// Waits until the text of what `css` names contains `part`, cut off on screen or not.
async fn wait_for_words(window: &Window, css: &str, part: &str) {
    let script =
        format!("return !!document.querySelector({css:?})?.textContent.includes({part:?});");
    window.wait_until(&script, json!(true)).await.unwrap();
}

/// Goes on to the next field by Tab. A date has several places to go through, and the driver begins at
/// the first each time.
async fn leave(window: &Window) {
    let is_there = "return document.activeElement?.matches('[data-at]');";
    for times in 1..10 {
        press(window, &TAB.repeat(times)).await;
        if window.run(is_there).await.unwrap() != json!(true) {
            return;
        }
    }
}

/// Goes on by Tab until the focus is at what `css` names.
async fn tab_to(window: &Window, css: &str) {
    let is_there = format!("return !!document.activeElement?.matches({css:?});");
    for _ in 0..14 {
        leave(window).await;
        if window.run(&is_there).await.unwrap() == json!(true) {
            return;
        }
    }
    let at = window
        .run("return document.activeElement?.outerHTML;")
        .await;
    panic!("Tab doesn't lead to {css}, but to {at:?}");
}

fn field(name: &str) -> String {
    format!("[data-field='/{name}'] input, [data-field='/{name}'] textarea")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_field_is_filled_in_by_keyboard_alone() {
    let window = open_every_kind().await;
    window.resize(1_280, 820).await.unwrap();
    window.screenshot("every-kind-empty").await.unwrap();
    // Run may be pressed at any time, and then says what is missing.
    window.run("document.querySelector('.tool-form h1').focus(); document.querySelector(\"[data-field='/notes'] textarea\").focus();").await.unwrap();
    press(&window, "\u{e009}\u{e007}").await;
    window
        .wait_for_text("[data-problem='/name']", "This is needed.")
        .await
        .unwrap();
    let focus = "return document.activeElement.closest('[data-field]')?.dataset.field;";
    window.wait_until(focus, json!("/name")).await.unwrap();

    press(&window, "Trip").await;
    tab_to(&window, &field("notes")).await;
    press(&window, &format!("one{ENTER}two")).await;
    tab_to(&window, &field("site")).await;
    press(&window, "https://example.org").await;
    tab_to(&window, "[data-field='/token'] input[type=password]").await;
    press(&window, "CANARY").await;
    tab_to(&window, &field("size")).await;
    press(&window, &format!("{}64 MiB{UP}", BACKSPACE.repeat(12))).await;
    tab_to(&window, &field("wait")).await;
    press(&window, "1 h 30 min").await;
    tab_to(&window, &field("share")).await;
    press(&window, UP).await;
    tab_to(&window, &field("on")).await;
    press(&window, SPACE).await;
    tab_to(&window, &field("mode")).await;
    press(&window, &format!("{RIGHT}{RIGHT}")).await;
    tab_to(&window, &field("color")).await;
    press(&window, &format!("gr{DOWN}{UP}{ENTER}")).await;
    tab_to(&window, &field("tags")).await;
    press(&window, &format!("b{ENTER}a{ENTER}")).await;
    window
        .wait_for("[data-field='/tags'] [data-item='a']")
        .await
        .unwrap();
    tab_to(&window, "[data-field='/sizes'] [data-action='add-row']").await;
    press(&window, ENTER).await;
    window
        .wait_until("return document.activeElement.tagName;", json!("INPUT"))
        .await
        .unwrap();
    press(&window, "640").await;
    tab_to(&window, "[data-field='/limits'] [data-action='add-row']").await;
    press(&window, ENTER).await;
    window
        .wait_until(
            "return document.activeElement.className;",
            json!("input row-name"),
        )
        .await
        .unwrap();
    press(&window, &format!("most{TAB}9")).await;
    tab_to(&window, &field("target")).await;
    press(&window, RIGHT).await;
    press(&window, RIGHT).await;
    tab_to(&window, "[data-field='/target/host'] input").await;
    press(&window, "example.org").await;
    window.screenshot("every-kind-filled").await.unwrap();
    window.run("window.input = null;").await.unwrap();
    press(&window, "\u{e009}\u{e007}").await;
    let typed = "return window.input;";
    let expected = json!({
        "name": "Trip", "notes": "one\ntwo", "site": "https://example.org", "token": "CANARY",
        "size": 65 * 1_048_576, "wait": 5_400, "share": 0.6, "on": true, "mode": "exact",
        "color": "green", "tags": ["b", "a"], "sizes": [{ "width": 640 }], "limits": { "most": 9 },
        "target": { "kind": "server", "host": "example.org" }, "threads": 4,
    });
    window.wait_until(typed, expected).await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_values_are_said_at_their_fields_and_rows_are_moved_by_mouse() {
    let window = open_every_kind().await;
    window.click("[data-action='take-example']").await.unwrap();
    for (name, wrong) in [("size", "a lot"), ("wait", "soon")] {
        window.type_into(&field(name), wrong).await.unwrap();
    }
    for width in ["640", "0"] {
        window
            .click("[data-field='/sizes'] [data-action='add-row']")
            .await
            .unwrap();
        let last = "[data-field='/sizes'] .row:last-child [data-field$='/width'] input";
        window.type_into(last, width).await.unwrap();
    }
    window.click(RUN).await.unwrap();
    window
        .wait_for_text("[data-problem='/size']", "such as 64 MiB")
        .await
        .unwrap();
    window
        .wait_for_text("[data-problem='/wait']", "such as 1 h 30 min")
        .await
        .unwrap();
    let second = ".row:nth-child(2) [data-problem]";
    window
        .wait_for_text(second, "Must be at least 1.")
        .await
        .unwrap();
    window.screenshot("every-kind-wrong").await.unwrap();
    // Each row keeps what is said of it.
    window
        .wait_for("[data-field='/sizes'] .row:nth-child(2) .handle")
        .await
        .unwrap();
    window
        .type_into("[data-field='/sizes'] .row:nth-child(2) .handle", UP)
        .await
        .unwrap();
    window
        .wait_for(".row:nth-child(1) [data-problem]")
        .await
        .unwrap();
    window
        .click("[data-field='/sizes'] .row:nth-child(1) [data-action='remove-row']")
        .await
        .unwrap();
    let rows = "return document.querySelectorAll(\"[data-field='/sizes'] .row\").length;";
    window.wait_until(rows, json!(1)).await.unwrap();

    // What was typed in one variant is kept while another is looked at.
    window
        .click("[data-field='/target'] [data-option='folder']")
        .await
        .unwrap();
    window
        .type_into("[data-field='/target/folder'] input", "kept")
        .await
        .unwrap();
    window
        .click("[data-field='/target'] [data-option='server']")
        .await
        .unwrap();
    window
        .wait_for("[data-field='/target/host']")
        .await
        .unwrap();
    window
        .click("[data-field='/target'] [data-option='folder']")
        .await
        .unwrap();
    let kept = "return document.querySelector(\"[data-field='/target/folder'] input\")?.value;";
    window.wait_until(kept, json!("kept")).await.unwrap();

    // A list is opened, looked through and left as it was.
    window.click(&field("color")).await.unwrap();
    window
        .wait_for("[data-field='/color'] [role='option']")
        .await
        .unwrap();
    window.screenshot("every-kind-options").await.unwrap();
    window.type_into(&field("color"), ESCAPE).await.unwrap();
    window
        .click("[aria-controls='advanced-fields']")
        .await
        .unwrap();
    window.type_into(&field("threads"), UP).await.unwrap();
    wait_for_words(&window, ".fold-note", "Threads: 5").await;
    window.resize(900, 600).await.unwrap();
    let sticking_out = window.sticking_out().await.unwrap();
    assert!(sticking_out.is_empty(), "{sticking_out:?}");
    window.screenshot("every-kind-small").await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn presets_keep_inputs_by_name_and_a_form_becomes_a_line_for_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f"), "abc").unwrap();
    let window = Window::open_form(&[folder.path()]).await.unwrap();
    window.choose_algorithm("sha256").await.unwrap();
    window.click("[data-action='presets']").await.unwrap();
    window.screenshot("presets-empty").await.unwrap();
    window
        .type_into("[data-presets] .name-line input", &format!("Quick{ENTER}"))
        .await
        .unwrap();
    window.wait_for("[data-preset='Quick']").await.unwrap();
    wait_for_words(&window, "[data-action='presets']", "Quick").await;
    press(&window, ESCAPE).await;
    window.choose_algorithm("sha512").await.unwrap();
    wait_for_words(&window, "[data-action='presets']", "changed").await;

    window.click("[data-action='presets']").await.unwrap();
    window
        .wait_for("[data-action='update-preset']")
        .await
        .unwrap();
    window.screenshot("presets-changed").await.unwrap();
    window.click("[data-action='apply-preset']").await.unwrap();
    let chosen = "return document.querySelector(\"[data-field='/algorithm'] input:checked\").closest('label').dataset.option;";
    window.wait_until(chosen, json!("sha256")).await.unwrap();

    window.click("[data-action='presets']").await.unwrap();
    window.click("[data-action='rename']").await.unwrap();
    let line = "[data-preset='Quick'] input";
    window.wait_for(line).await.unwrap();
    window.type_into(line, &format!("er{ENTER}")).await.unwrap();
    window.wait_for("[data-preset='Quicker']").await.unwrap();
    window.click("[data-action='remove-preset']").await.unwrap();
    wait_for_words(&window, ".removed", "Quicker was removed.").await;
    window.click("[data-action='undo-remove']").await.unwrap();
    window.wait_for("[data-preset='Quicker']").await.unwrap();
    let kept = window
        .invoke("list_presets", json!({ "toolName": "hash-files" }))
        .await
        .unwrap();
    assert_eq!(kept[0]["name"], "Quicker");
    assert_eq!(kept[0]["input"]["algorithm"], "sha256");
    window
        .type_into("[data-presets] .name-line input", ESCAPE)
        .await
        .unwrap();

    let listen = "navigator.clipboard.writeText = async text => { window.copied = text; };";
    window.run(listen).await.unwrap();
    window.click("[data-action='copy-command']").await.unwrap();
    let line = format!(
        "toolroom run hash-files --paths {} --algorithm sha256",
        folder.path().display()
    );
    let copied = "return window.copied;";
    window.wait_until(copied, json!(line)).await.unwrap();
    window.run_to_result().await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_is_looked_at_as_it_suits_and_taken_out() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("photos");
    fs::create_dir_all(home.join("copies")).unwrap();
    for (name, length) in [
        ("beach.jpg", 90_000),
        ("forest.jpg", 40_000),
        ("hill.jpg", 9_000),
    ] {
        let bytes = vec![length as u8; length];
        fs::write(home.join(name), &bytes).unwrap();
        fs::write(home.join("copies").join(name), &bytes).unwrap();
    }
    let window = Window::open().await.unwrap();
    window.resize(1_280, 820).await.unwrap();
    window.click("[data-tool='find-duplicates']").await.unwrap();
    let start =
        json!({ "toolName": "find-duplicates", "inputJson": { "paths": [home] }, "options": {} });
    window.invoke("start_tool_job", start).await.unwrap();
    window.wait_for(&job("Succeeded")).await.unwrap();
    window.wait_for("[role='tree']").await.unwrap();
    let lines = "return document.querySelectorAll(\"[role='treeitem']\").length;";
    window.wait_until(lines, json!(3)).await.unwrap();
    window.click("[role='treeitem']").await.unwrap();
    window.wait_until(lines, json!(5)).await.unwrap();
    window
        .type_into("[role='treeitem'][aria-expanded='true']", RIGHT)
        .await
        .unwrap();
    window
        .wait_until(
            "return document.activeElement.getAttribute('aria-level');",
            json!("2"),
        )
        .await
        .unwrap();
    window.screenshot("result-tree").await.unwrap();

    window
        .click(".result-table [data-option='treemap']")
        .await
        .unwrap();
    let tiles = "return document.querySelectorAll('[data-treemap] > li').length;";
    window.wait_until(tiles, json!(3)).await.unwrap();
    window.screenshot("result-treemap").await.unwrap();
    window
        .click(".result-table [data-option='table']")
        .await
        .unwrap();
    window.wait_for(".result-table tr[data-row]").await.unwrap();

    let sizes = "return [...document.querySelectorAll('tr[data-row] [data-column=bytes]')].map(cell => +cell.dataset.value);";
    window
        .wait_until(sizes, json!([90_000, 40_000, 9_000]))
        .await
        .unwrap();
    window
        .click("th[data-column='bytes'] button")
        .await
        .unwrap();
    window
        .wait_until(sizes, json!([9_000, 40_000, 90_000]))
        .await
        .unwrap();
    let width = "return document.querySelector('th[data-column=bytes]').offsetWidth;";
    let before = window.run(width).await.unwrap().as_i64().unwrap();
    window
        .type_into("th[data-column='bytes'] .edge", &format!("{RIGHT}{RIGHT}"))
        .await
        .unwrap();
    window.wait_until(width, json!(before + 32)).await.unwrap();

    let listen = "navigator.clipboard.writeText = async text => { window.copied = text; };";
    window.run(listen).await.unwrap();
    window
        .click("tr[data-row] [data-column='bytes']")
        .await
        .unwrap();
    window.click("[data-action='copy-cell']").await.unwrap();
    window
        .wait_until("return window.copied;", json!("9000"))
        .await
        .unwrap();
    window.screenshot("result-cell").await.unwrap();
    window.click("[data-action='save-csv']").await.unwrap();
    wait_for_words(&window, "body", "Saved as ").await;
    let exports = window.data_dir().join("exports/groups.csv");
    if exports.is_file() {
        let text = fs::read_to_string(exports).unwrap();
        assert!(
            text.starts_with("bytes,copies,wasted_bytes,files,"),
            "{text}"
        );
    }

    // Widths are as they were left.
    window.reload().await.unwrap();
    window.wait_for(&job("Succeeded")).await.unwrap();
    window
        .click(".result-table [data-option='table']")
        .await
        .unwrap();
    window.wait_until(width, json!(before + 32)).await.unwrap();
    window.close().await.unwrap();
}
