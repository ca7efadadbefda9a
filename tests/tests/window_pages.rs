//! The window's pages: what stands on them, at which sizes, and how it looks.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::{fs, path::Path};

use serde_json::json;
use toolroom_tests::{
    odd_tree::sparse_file,
    tool_page::{RUN, job},
    window::Window,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_jobs_page_lists_what_ran_and_shows_its_result() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f"), "abc").unwrap();
    let window = Window::open_form(&[folder.path()]).await.unwrap();
    window.run_to_result().await.unwrap();
    window.click("nav a[href='/jobs']").await.unwrap();
    window.wait_for("[data-page-id='jobs']").await.unwrap();
    window
        .click("[data-page-id='jobs'] [data-job-id] a")
        .await
        .unwrap();
    window.wait_for("[data-result] tr[data-row]").await.unwrap();
    window.screenshot("jobs").await.unwrap();
    assert_eq!(window.shown_digests().await.unwrap().len(), 1);
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_that_succeed_fail_and_go_on_stand_side_by_side() {
    let folder = tempfile::Builder::new()
        .prefix("toolroom-")
        .tempdir()
        .unwrap();
    let photos = folder.path().join("Photos");
    fs::create_dir(&photos).unwrap();
    for (name, length) in [
        ("beach.jpg", 4_200_000),
        ("forest.jpg", 3_900_000),
        ("notes.txt", 812),
    ] {
        fs::write(photos.join(name), vec![7; length]).unwrap();
    }
    let video = folder.path().join("holiday.mkv");
    sparse_file(&video, 1 << 40).unwrap();

    let window = Window::open_form(&[&photos]).await.unwrap();
    window.run_to_result().await.unwrap();
    let music = Path::new("/mnt/nas/music").to_owned();
    for (path, status) in [(music, "Failed"), (video, "Running")] {
        window
            .click("[data-field='/paths'] [data-item] button")
            .await
            .unwrap();
        // Typed at once after the click that took the focus away, and still one path.
        window.enter_path(&path).await.unwrap();
        let item = format!("[data-item='{}']:only-child", path.display());
        window.wait_for(&item).await.unwrap();
        window.click(RUN).await.unwrap();
        window.wait_for(&job(status)).await.unwrap();
    }
    let failed = window.text(&job("Failed")).await.unwrap();
    assert!(
        failed.contains("None of the files and folders could be read"),
        "{failed}"
    );
    window
        .wait_for_text(&job("Running"), " GB of 1.1 TB")
        .await
        .unwrap();
    for status in ["Succeeded", "Failed", "Running"] {
        window.wait_for(&job(status)).await.unwrap();
    }
    window.screenshot("tool-runs").await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_sticks_out_of_the_smallest_window() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a-name-that-is-rather-long.txt"), "abc").unwrap();
    let window = Window::open_form(&[folder.path()]).await.unwrap();
    window.run_to_result().await.unwrap();
    window.resize(900, 600).await.unwrap();
    // Whatever is wider than its place and neither scrolls nor ends in an ellipsis.
    let sticking_out = "
        return [...document.querySelectorAll('body *')].filter(element => {
            const style = getComputedStyle(element);
            const { right, width } = element.getBoundingClientRect();
            return width > 0 && right > innerWidth + 1 && style.position !== 'absolute'
                && !element.closest('.result-table, .visually-hidden');
        }).map(element => element.className || element.tagName);";
    for page in ["tools", "jobs"] {
        window
            .click(&format!("nav a[href='/{page}']"))
            .await
            .unwrap();
        window
            .wait_for(&format!("[data-page-id='{page}']"))
            .await
            .unwrap();
        window.screenshot(&format!("{page}-900x600")).await.unwrap();
        assert_eq!(window.run(sticking_out).await.unwrap(), json!([]), "{page}");
    }
    window.close().await.unwrap();
}
