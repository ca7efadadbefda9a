//! Whole tasks in the window by keyboard alone: nothing here clicks.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::fs;

use serde_json::{Value, json};
use toolroom_shared::TabId;
use toolroom_tests::{slow_server::SlowServer, tool_page::job, window::Window};

/// Opens the palette, types, and chooses the first that it finds of that kind.
async fn find(window: &Window, query: &str, kind: &str) {
    window.press("Ctrl+K").await.unwrap();
    window.wait_for_focus("paletteQuery:").await.unwrap();
    window.type_text(query).await.unwrap();
    let meant = format!("[data-offer^='{kind}:'][aria-selected='true']");
    window.wait_for(&meant).await.unwrap();
    window.press("Enter").await.unwrap();
    let gone = "return document.querySelector('.palette') === null;";
    window.wait_until(gone, json!(true)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_is_found_filled_in_run_canceled_and_its_job_found_again_after_a_restart() {
    let folder = tempfile::Builder::new()
        .prefix("toolroom-")
        .tempdir()
        .unwrap();
    let recipes = folder.path().join("recipes");
    fs::create_dir(&recipes).unwrap();
    fs::write(recipes.join("soup.txt"), "leek").unwrap();
    let server = SlowServer::start().unwrap();
    let window = Window::open().await.unwrap();
    window.wait_for(".tool-form h1").await.unwrap();

    // A tool by some letters of its name; its form is filled in and run.
    find(&window, "hshfil", "tool").await;
    window.wait_for_focus("h1:Hash files").await.unwrap();
    let paths = "[data-field='/paths'] input";
    window.tab_into(paths).await.unwrap();
    window.type_text(recipes.to_str().unwrap()).await.unwrap();
    window.press("Enter").await.unwrap();
    window
        .wait_for("[data-field='/paths'] [data-item]")
        .await
        .unwrap();
    window.press("Ctrl+Enter").await.unwrap();
    window.wait_for_result().await.unwrap();

    // One that would go on for long is canceled.
    find(&window, "download", "tool").await;
    window.wait_for_focus("h1:Download files").await.unwrap();
    for (field, text) in [
        ("/urls", server.url("lecture.mp4")),
        ("/into", folder.path().join("in").display().to_string()),
    ] {
        let input = format!("[data-field='{field}'] :is(input, textarea)");
        window.tab_into(&input).await.unwrap();
        window.type_text(&text).await.unwrap();
        if field == "/urls" {
            window.press("Enter").await.unwrap();
        }
    }
    window.press("Ctrl+Enter").await.unwrap();
    window.wait_for(&job("Running")).await.unwrap();
    window.tab_to("action:cancel").await.unwrap();
    window.press("Enter").await.unwrap();
    window.wait_for(&job("Canceled")).await.unwrap();

    // A job by a word of its input, and what happened to it.
    find(&window, "recipes", "job").await;
    window.wait_for_focus("h1:Jobs").await.unwrap();
    let detail = window.wait_for_text(".detail h2", "recipes").await;
    detail.unwrap();
    if !window
        .all("[data-fold='happened']")
        .await
        .unwrap()
        .is_empty()
    {
        window.tab_to("fold:happened").await.unwrap();
        window.press("Enter").await.unwrap();
    }
    let happened = window.wait_for_text(".happened", "queued by the window");
    happened.await.unwrap();

    find(&window, "dark theme", "action").await;
    let theme = "return document.documentElement.dataset.theme;";
    window.wait_until(theme, json!("dark")).await.unwrap();

    // Everything is as it was.
    let window = window.close_and_open_again().await.unwrap();
    window.wait_until(theme, json!("dark")).await.unwrap();
    window.press("Ctrl+2").await.unwrap();
    window.wait_for_focus("h1:Jobs").await.unwrap();
    for status in ["Succeeded", "Canceled"] {
        window.wait_for(&job(status)).await.unwrap();
    }
    window.press("/").await.unwrap();
    window.wait_for_focus("search:").await.unwrap();
    window.type_text("recipes").await.unwrap();
    let ids = "return document.querySelectorAll('.jobs-table [data-job-id]').length;";
    window.wait_until(ids, json!(1)).await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_reached_named_and_takes_the_focus() {
    let window = Window::open().await.unwrap();
    window.wait_for(".tool-form h1").await.unwrap();
    // The first Tab leads past all that stands around the page.
    window.press("Tab").await.unwrap();
    window.wait_for_focus("a:Skip to the page").await.unwrap();
    window.press("Enter").await.unwrap();
    let heading = window.text(".main h1").await.unwrap();
    window
        .wait_for_focus(&format!("h1:{heading}"))
        .await
        .unwrap();
    let title = "return document.title;";
    for (number, tab) in TabId::ALL.into_iter().enumerate().skip(1) {
        if tab.is_settings() {
            find(&window, tab.title(), "page").await;
        } else {
            window.press(&format!("Ctrl+{}", number + 1)).await.unwrap();
        }
        let page = format!("[data-page-id='{}']", tab.id());
        window.wait_for(&page).await.unwrap();
        window
            .wait_for_focus(&format!("h1:{}", tab.title()))
            .await
            .unwrap();
        let named = window.run(title).await.unwrap();
        assert!(named.as_str().unwrap().contains(tab.title()), "{named}");
    }
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_is_open_and_takes_keys_with_the_next_frame() {
    let window = Window::open().await.unwrap();
    window.wait_for(".tool-form h1").await.unwrap();
    let script = "
        const done = arguments[arguments.length - 1];
        dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, cancelable: true }));
        requestAnimationFrame(() => done(
            [!!document.querySelector('dialog.palette[open]'), document.activeElement.getAttribute('role'),
             document.querySelectorAll('.palette [role=option]').length > 10]));";
    let open = window.run_async(script, Vec::new()).await.unwrap();
    assert_eq!(open, json!([true, "combobox", true]));
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_opens_closes_by_escape_and_gives_the_focus_back() {
    let window = Window::open().await.unwrap();
    window.wait_for(".tool-form h1").await.unwrap();
    window.tab_to("action:find-anything").await.unwrap();
    for (keys, dialog) in [
        ("Ctrl+K", ".palette"),
        ("Enter", ".palette"),
        ("?", ".shortcuts"),
    ] {
        window.press(keys).await.unwrap();
        window
            .wait_for(&format!("dialog{dialog}[open]"))
            .await
            .unwrap();
        let within = "return document.activeElement.closest('dialog') !== null;";
        window.wait_until(within, json!(true)).await.unwrap();
        // Tab leads nowhere else, and nothing runs or turns below.
        for keys in ["Tab", "Tab", "Shift+Tab", "Ctrl+2", "Ctrl+Enter"] {
            window.press(keys).await.unwrap();
            assert_eq!(
                window.run(within).await.unwrap(),
                Value::Bool(true),
                "{keys}"
            );
        }
        window.press("Escape").await.unwrap();
        window.wait_for_focus("action:find-anything").await.unwrap();
        assert!(window.all("dialog").await.unwrap().is_empty());
    }
    assert!(window.all("[data-page-id='tools']").await.unwrap().len() == 1);
    assert!(
        window
            .all("[data-job-id], [data-problem]")
            .await
            .unwrap()
            .is_empty()
    );
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn tab_goes_round_every_page_and_always_shows_where_it_is() {
    let window = Window::open().await.unwrap();
    window.wait_for(".tool-form h1").await.unwrap();
    // Nobody manages the windows of this display: the one below the mouse has the focus, and only
    // there is it drawn. So the window is made to lie below the mouse.
    window.resize(2_560, 1_440).await.unwrap();
    let active = "return document.hasFocus();";
    window.wait_until(active, json!(true)).await.unwrap();
    for tab in [
        TabId::Tools,
        TabId::Jobs,
        TabId::Monitor,
        TabId::SettingsGeneral,
    ] {
        window.go(tab.path()).await.unwrap();
        let page = format!("[data-page-id='{}']", tab.id());
        window.wait_for(&page).await.unwrap();
        // A page that was gone to takes the focus to its heading, once it is drawn.
        if tab != TabId::Tools {
            let heading = "return document.activeElement?.tagName;";
            window.wait_until(heading, json!("H1")).await.unwrap();
            // For some frames more it takes the focus from nothing, which Tab comes by.
            let frames = "
                const done = arguments[0];
                const step = left => left ? requestAnimationFrame(() => step(left - 1)) : done(null);
                step(40);";
            window.run_async(frames, Vec::new()).await.unwrap();
        }
        window.tab_to("a:Skip to the page").await.unwrap();
        let mut seen = Vec::new();
        loop {
            window.press("Tab").await.unwrap();
            let focused = window.focused().await.unwrap();
            if focused == "a:Skip to the page" {
                break;
            }
            assert!(seen.len() < 120, "{}: a trap: {seen:?}", tab.id());
            let shows = focused == "nothing" || window.focus_is_visible().await.unwrap();
            assert!(shows, "{}: {focused} does not show the focus", tab.id());
            seen.push(focused);
        }
        assert!(seen.len() > 6, "{}: {seen:?}", tab.id());
    }
    window.close().await.unwrap();
}
