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
async fn a_job_is_found_run_again_and_looked_into_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["holiday", "invoices"] {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("f"), "abc").unwrap();
    }
    let window = Window::open_form(&[&folder.path().join("holiday")])
        .await
        .unwrap();
    window.run_to_result().await.unwrap();
    window
        .click("[data-field='/paths'] [data-item] button")
        .await
        .unwrap();
    window
        .enter_path(&folder.path().join("invoices"))
        .await
        .unwrap();
    window.click(RUN).await.unwrap();
    window
        .wait_until(
            "return document.querySelectorAll('[data-status=Succeeded]').length;",
            json!(2),
        )
        .await
        .unwrap();

    let window = window.close_and_open_again().await.unwrap();
    window.click("nav a[href='/jobs']").await.unwrap();
    window.wait_until(ROWS, json!(2)).await.unwrap();
    window.type_into("[data-search]", "holi").await.unwrap();
    window.wait_until(ROWS, json!(1)).await.unwrap();
    window.click("tbody [data-job-id] a").await.unwrap();
    window.wait_for("[data-result] tr[data-row]").await.unwrap();
    window.click("[data-fold='happened']").await.unwrap();
    let happened = window
        .wait_for_text(".happened", "queued by the window")
        .await;
    happened.unwrap();
    window
        .wait_for_text(".happened", "succeeded")
        .await
        .unwrap();
    window.screenshot("jobs-search").await.unwrap();

    window.click("[data-action='run-again']").await.unwrap();
    window
        .wait_for("[data-action='show-earlier']")
        .await
        .unwrap();
    // The search finds the new one by itself.
    window.wait_until(ROWS, json!(2)).await.unwrap();
    window.click("[data-action='show-earlier']").await.unwrap();
    window.wait_for("[data-action='run-again']").await.unwrap();
    window.close().await.unwrap();
}

/// How many jobs the table shows.
const ROWS: &str = "return document.querySelectorAll('.jobs-table [data-job-id]').length;";

#[tokio::test(flavor = "multi_thread")]
async fn waiting_jobs_are_held_back_put_first_and_canceled_all_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let window = Window::open().await.unwrap();
    let cores = std::thread::available_parallelism().unwrap().get();
    for number in 0..cores + 3 {
        let path = folder.path().join(format!("video-{number}.mkv"));
        sparse_file(&path, 1 << 40).unwrap();
        let start = json!({
            "toolName": "hash-files",
            "inputJson": { "paths": [path] },
            "options": {},
        });
        window.invoke("start_tool_job", start).await.unwrap();
    }
    window.click("nav a[href='/jobs']").await.unwrap();
    window.wait_until(ROWS, json!(cores + 3)).await.unwrap();
    let queued = format!(".jobs-table {} a", job("Queued"));
    window.click(&queued).await.unwrap();
    window.click("[data-action='pause']").await.unwrap();
    window
        .wait_for_text(".detail .pill", "paused")
        .await
        .unwrap();
    window
        .wait_for_text("tr.selected .status-word", "paused")
        .await
        .unwrap();
    window.screenshot("jobs-paused").await.unwrap();
    window.click("[data-action='resume']").await.unwrap();
    window.click("[data-action='move-to-front']").await.unwrap();
    window.click("[data-fold='happened']").await.unwrap();
    let moved = window
        .wait_for_text(".happened", "moved in the queue by the window")
        .await;
    moved.unwrap();

    window.click("[data-action='cancel-all']").await.unwrap();
    let jobs = format!("Cancel {} jobs", cores + 3);
    window.wait_for_text(".question", &jobs).await.unwrap();
    let focused = "return document.activeElement.dataset.action;";
    window.wait_until(focused, json!("keep-all")).await.unwrap();
    window.screenshot("jobs-cancel-all").await.unwrap();
    window.resize(900, 600).await.unwrap();
    window.screenshot("jobs-cancel-all-900x600").await.unwrap();
    assert!(window.sticking_out().await.unwrap().is_empty());
    window
        .click("[data-action='confirm-cancel-all']")
        .await
        .unwrap();
    let canceled = "return document.querySelectorAll('.jobs-table [data-status=Canceled]').length;";
    window.wait_until(canceled, json!(cores + 3)).await.unwrap();
    window
        .wait_for_text(".notices", "jobs canceled.")
        .await
        .unwrap();
    let end = window.wait_for_text(".happened", "canceled").await;
    end.unwrap();
    window.screenshot("jobs-all-canceled").await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_waits_for_a_retry_says_when_and_why_and_shows_its_log() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f"), "abc").unwrap();
    let window = Window::open_form(&[folder.path()]).await.unwrap();
    window.run_to_result().await.unwrap();
    window.click("nav a[href='/jobs']").await.unwrap();
    window.wait_for(&job("Succeeded")).await.unwrap();
    // No tool of the catalogue fails in a way that may pass or writes a log.
    let waits = "
        const wait = job => ({
            ...job, revision: job.revision + 1, status: 'Queued', log_lines: 203, attempt: 1,
            output: null, finished_at: null, progress_pct: 0,
            next_attempt_at: new Date(Date.now() + 90_000).toISOString(),
            error: { code: 'io_error', message: 'The server did not answer within 30 s.',
                     details: null, retryable: true },
        });
        return answer.jobs ? { ...answer, jobs: answer.jobs.map(wait) } : wait(answer);";
    for command in ["list_jobs", "get_job"] {
        window.change_answers(command, waits).await.unwrap();
    }
    window
        .change_answers(
            "read_job_log",
            "const lines = [];
             for (let number = args.after + 1; number <= 203; number += 1) {
                 if (number > 3) lines.push({ number, at: '2026-11-21T13:02:11Z',
                     text: `fetched part ${number} of 203 from https://example.org/archive` });
             }
             return { lines, dropped: 3, more: false };",
        )
        .await
        .unwrap();
    window.wait_for(&job("Queued")).await.unwrap();
    window
        .wait_for_text(".status-word", "waiting to retry")
        .await
        .unwrap();
    window.click("tbody [data-job-id] a").await.unwrap();
    window
        .wait_for_text(".detail .progress", "Retries at ")
        .await
        .unwrap();
    window
        .wait_for_text("[data-retry-reason]", "did not answer")
        .await
        .unwrap();
    window.click(".detail [data-option='log']").await.unwrap();
    window.wait_for("[data-line='203']").await.unwrap();
    window
        .wait_for_text(".log-dropped", "3 earlier lines were dropped")
        .await
        .unwrap();
    // It follows: the newest line is the one on screen.
    let at_end = "const log = document.querySelector('.log');
        return log.scrollTop > 0 && log.scrollHeight - log.scrollTop - log.clientHeight < 2;";
    window.wait_until(at_end, json!(true)).await.unwrap();
    window.screenshot("jobs-retry-and-log").await.unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_sticks_out_of_the_smallest_window() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a-name-that-is-rather-long.txt"), "abc").unwrap();
    let window = Window::open_form(&[folder.path()]).await.unwrap();
    window.run_to_result().await.unwrap();
    window.resize(900, 600).await.unwrap();
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
        assert!(window.sticking_out().await.unwrap().is_empty(), "{page}");
    }
    window.close().await.unwrap();
}
