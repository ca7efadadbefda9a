//! The jobs page in the real window, with a history of 100,000 jobs.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::path::Path;

use serde_json::{Value, json};
use toolroom_tests::{history, odd_tree::sparse_file, tool_page::job, window::Window};

/// The keys that have no letter, as WebDriver names them.
const END: &str = "\u{e010}";
const HOME: &str = "\u{e011}";
const DOWN: &str = "\u{e015}";
const PAGE_DOWN: &str = "\u{e00f}";
const CONTROL: &str = "\u{e009}";
const SHIFT: &str = "\u{e008}";
const ESCAPE: &str = "\u{e00c}";

const TABLE: &str = ".jobs-scroll";

/// A window at the jobs page, with a long history.
async fn open() -> Window {
    let data = history::data_folder(history::LONG).await.unwrap();
    let window = Window::open_with(data, Vec::new(), &[]).await.unwrap();
    window.click("nav a[href='/jobs']").await.unwrap();
    all_there(&window, history::LONG).await;
    window
}

/// Waits until the table has so many rows and all that is in sight are known.
async fn all_there(window: &Window, count: usize) {
    total(window, count).await;
    let unknown = "return document.querySelectorAll('.jobs-table .placeholder').length;";
    window.wait_until(unknown, json!(0)).await.unwrap();
}

async fn total(window: &Window, count: usize) {
    let total = "return Number(document.querySelector('.jobs-foot').dataset.total);";
    window.wait_until(total, json!(count)).await.unwrap();
}

async fn press(window: &Window, keys: &str) {
    window.type_into(TABLE, keys).await.unwrap();
}

/// The rows that are drawn: their numbers.
async fn drawn(window: &Window) -> Vec<usize> {
    let script = "return [...document.querySelectorAll('.jobs-table [data-row]')]
        .map(row => Number(row.dataset.row));";
    serde_json::from_value(window.run(script).await.unwrap()).unwrap()
}

/// The row that the keyboard is at, once it is in sight.
async fn cursor_at(window: &Window, row: usize) {
    let script = "
        const row = document.querySelector('.jobs-table tr.cursor');
        if (!row) return null;
        const pane = document.querySelector('.jobs-scroll').getBoundingClientRect();
        const box = row.getBoundingClientRect();
        const seen = box.top >= pane.top + 27 && box.bottom <= pane.bottom + 1;
        return seen ? Number(row.dataset.row) : 'out of sight';";
    window.wait_until(script, json!(row)).await.unwrap();
}

/// Waits until the first row has these words in a column, whether or not the driver counts it as seen.
async fn first_row_says(window: &Window, column: &str, words: &str) {
    let script = format!(
        "return document.querySelector('.jobs-table [data-row=\"0\"] .col-{column}')
            ?.textContent.includes({words:?}) ?? false;"
    );
    window.wait_until(&script, json!(true)).await.unwrap();
}

async fn selected(window: &Window, words: &str) {
    window.wait_for_text(".many-count", words).await.unwrap();
}

/// Clicks a row as with a key held down.
async fn click_with(window: &Window, row: usize, key: &str) {
    let script = format!(
        "const row = document.querySelector('.jobs-table [data-row=\"{row}\"] .col-tool');
         const how = {{ bubbles: true, cancelable: true, {key}: true }};
         row.dispatchEvent(new MouseEvent('mousedown', how));
         row.dispatchEvent(new MouseEvent('click', how));"
    );
    window.run(&script).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_jobs_are_gone_through_by_keyboard_and_few_are_drawn() {
    let window = open().await;
    let rows = "return document.querySelector('.jobs-scroll').getAttribute('aria-rowcount');";
    window.wait_until(rows, json!("100001")).await.unwrap();
    let height = "return document.querySelector('.jobs-scroll').scrollHeight;";
    let height: f64 = serde_json::from_value(window.run(height).await.unwrap()).unwrap();
    assert!((3_800_000.0..3_801_000.0).contains(&height), "{height}");
    window.screenshot("jobs-100000").await.unwrap();

    press(&window, END).await;
    cursor_at(&window, 99_999).await;
    all_there(&window, history::LONG).await;
    let shown = drawn(&window).await;
    assert!(shown.len() < 80 && shown.contains(&99_999), "{shown:?}");
    window.screenshot("jobs-100000-end").await.unwrap();
    press(&window, HOME).await;
    cursor_at(&window, 0).await;
    press(&window, &DOWN.repeat(40)).await;
    cursor_at(&window, 40).await;
    press(&window, PAGE_DOWN).await;
    let further = "return Number(document.querySelector('tr.cursor')?.dataset.row) > 45;";
    window.wait_until(further, json!(true)).await.unwrap();

    // A drag of the scroll bar to the middle.
    window
        .run("document.querySelector('.jobs-scroll').scrollTop = 1_900_000;")
        .await
        .unwrap();
    let middle = "return !!document.querySelector('.jobs-table [data-row=\"50005\"]');";
    window.wait_until(middle, json!(true)).await.unwrap();
    all_there(&window, history::LONG).await;

    // Whoever types looks for something.
    press(&window, "item-77777").await;
    total(&window, 1).await;
    let typed = "return document.querySelector('[data-search]').value;";
    window.wait_until(typed, json!("item-77777")).await.unwrap();
    first_row_says(&window, "job", "item-77777").await;
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_order_filters_narrow_and_going_back_leads_to_what_was_there() {
    let window = open().await;
    window.click("[data-sort='took']").await.unwrap();
    let order = "return document.querySelector('th.col-took').getAttribute('aria-sort');";
    window.wait_until(order, json!("descending")).await.unwrap();
    let first_took = "return document.querySelector('[data-row=\"0\"] .col-took')?.textContent;";
    // One may end a little after the next has begun: it takes that one's time too.
    let longest = "
        const took = document.querySelector('[data-row=\"0\"] .col-took')?.textContent;
        return / s$/.test(took) && parseFloat(took) >= 10;";
    window.wait_until(longest, json!(true)).await.unwrap();
    window.click("[data-sort='took']").await.unwrap();
    window
        .wait_until(first_took, json!("under 0.1 s"))
        .await
        .unwrap();
    window.click("[data-sort='tool']").await.unwrap();
    first_row_says(&window, "tool", "Compress").await;

    window.click("[data-option='failed']").await.unwrap();
    total(&window, history::LONG / 35).await;
    window.click("[data-action='filters']").await.unwrap();
    window.screenshot("jobs-filters").await.unwrap();
    choose(&window, "tool", "hash-files").await;
    let failed_of_tool = (0..history::LONG)
        .filter(|number| number % 35 == 34 && number % 4 == 0)
        .count();
    total(&window, failed_of_tool).await;
    choose(&window, "caller", "terminal").await;
    let by_terminal = (0..history::LONG)
        .filter(|number| number % 35 == 34 && number % 4 == 0 && number % 9 == 0)
        .count();
    total(&window, by_terminal).await;
    window.click("[data-action='clear-filters']").await.unwrap();
    total(&window, history::LONG / 35).await;
    for expected in [by_terminal, failed_of_tool, history::LONG / 35] {
        window.run("history.back();").await.unwrap();
        total(&window, expected).await;
    }
    let kept = "return location.search;";
    window
        .wait_until(kept, json!("?status=failed&sort=tool&up=1"))
        .await
        .unwrap();

    // A column that was made wider is as wide the next time.
    let width = "return document.querySelector('th.col-tool').offsetWidth;";
    let before = window.run(width).await.unwrap().as_i64().unwrap();
    let edge = "th.col-tool .column-edge";
    window.type_into(edge, &"\u{e012}".repeat(3)).await.unwrap();
    let wider = json!(before + 48);
    window.wait_until(width, wider.clone()).await.unwrap();
    let window = window.close_and_open_again().await.unwrap();
    window.click("nav a[href='/jobs']").await.unwrap();
    all_there(&window, history::LONG).await;
    window.wait_until(width, wider).await.unwrap();
    window.close().await.unwrap();
}

async fn choose(window: &Window, filter: &str, value: &str) {
    let option = format!("[data-filter={filter}] option[value='{value}']");
    window.wait_for(&option).await.unwrap();
    let script = format!(
        "const list = document.querySelector('[data-filter={filter}]');
         list.value = {value:?};
         list.dispatchEvent(new Event('change', {{ bubbles: true }}));
         return list.value;"
    );
    let chosen = window.run(&script).await.unwrap();
    assert_eq!(chosen, json!(value));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_jobs_are_selected_by_mouse_and_keyboard_and_run_again() {
    let window = open().await;
    // Those of which the real tool takes the input.
    window.click("[data-action='filters']").await.unwrap();
    choose(&window, "tool", "hash-files").await;
    window.run("document.activeElement.blur();").await.unwrap();
    window.click("#jobs-heading").await.unwrap();
    all_there(&window, history::LONG / 4).await;
    click_with(&window, 2, "ctrlKey").await;
    selected(&window, "1 selected").await;
    click_with(&window, 6, "shiftKey").await;
    selected(&window, "5 selected").await;
    click_with(&window, 4, "ctrlKey").await;
    selected(&window, "4 selected").await;
    window.screenshot("jobs-selected").await.unwrap();
    press(&window, &format!("{CONTROL}a")).await;
    selected(&window, "25,000 selected").await;
    window
        .click("[data-action='run-selected-again']")
        .await
        .unwrap();
    window
        .wait_for_text(".notices", "25,000 jobs are too many")
        .await
        .unwrap();
    press(&window, ESCAPE).await;
    let none = "return !document.querySelector('.many');";
    window.wait_until(none, json!(true)).await.unwrap();

    press(&window, HOME).await;
    press(&window, &format!("{SHIFT}{}", DOWN.repeat(2))).await;
    selected(&window, "3 selected").await;
    press(&window, &format!("{DOWN}{DOWN} ")).await;
    selected(&window, "4 selected").await;
    window
        .click("[data-action='run-selected-again']")
        .await
        .unwrap();
    window
        .wait_for_text(".question", "Run 4 jobs again?")
        .await
        .unwrap();
    window.screenshot("jobs-run-again-question").await.unwrap();
    window
        .click("[data-action='confirm-run-again']")
        .await
        .unwrap();
    window
        .wait_for_text(".notices", "4 jobs started again.")
        .await
        .unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_job_shows_its_rate_and_an_ended_one_can_be_changed_and_run_again() {
    let folder = tempfile::tempdir().unwrap();
    let video = folder.path().join("holiday.mkv");
    sparse_file(&video, 1 << 40).unwrap();
    let window = open().await;
    let id = start(&window, &video).await;
    // It stands in the table without anybody asking for it.
    window
        .click(&format!(".jobs-table [data-job-id='{id}'] a"))
        .await
        .unwrap();
    window
        .wait_for("[data-rate-chart] .rate-line")
        .await
        .unwrap();
    window.click("[data-fold='happened']").await.unwrap();
    window
        .wait_for_text(".happened", "running, attempt 1")
        .await
        .unwrap();
    let never_back = "
        const done = arguments[0];
        let highest = -1, fell = 0, left = 40;
        const look = () => {
            const shown = document.querySelector('tr.selected [data-percent]');
            const percent = Number(shown?.dataset.percent ?? highest);
            if (percent < highest) fell += 1;
            highest = Math.max(highest, percent);
            left -= 1;
            if (left) setTimeout(look, 50); else done(fell);
        };
        look();";
    let fell = window.run_async(never_back, Vec::new()).await.unwrap();
    assert_eq!(fell, json!(0));
    for (width, height) in [(900, 600), (1280, 820), (2560, 1440)] {
        window.resize(width, height).await.unwrap();
        all_there(&window, history::LONG + 1).await;
        let name = format!("jobs-detail-{width}x{height}");
        window.screenshot(&name).await.unwrap();
        assert!(window.sticking_out().await.unwrap().is_empty(), "{name}");
    }
    window.resize(1280, 820).await.unwrap();
    for part in ["log", "input", "output", "files"] {
        window
            .click(&format!(".detail [data-option='{part}']"))
            .await
            .unwrap();
        window
            .wait_for(&format!(".detail-body[data-part='{part}']"))
            .await
            .unwrap();
        window
            .screenshot(&format!("jobs-part-{part}"))
            .await
            .unwrap();
    }
    window.click("[data-action='cancel']").await.unwrap();
    window.wait_for(&job("Canceled")).await.unwrap();
    window
        .click("[data-action='edit-and-run-again']")
        .await
        .unwrap();
    window.wait_for("[data-page-id='tools']").await.unwrap();
    let item = format!("[data-item='{}']", video.display());
    window.wait_for(&item).await.unwrap();
    window.close().await.unwrap();
}

async fn start(window: &Window, path: &Path) -> String {
    let start = json!({
        "toolName": "hash-files",
        "inputJson": { "paths": [path] },
        "options": {},
    });
    let handle = window.invoke("start_tool_job", start).await.unwrap();
    handle["job_id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_log_is_searched_and_only_what_is_in_sight_is_drawn() {
    let window = open().await;
    let with_log = "
        const log = job => ({ ...job, revision: job.revision + 1, log_lines: 9_000 });
        return answer.jobs ? { ...answer, jobs: answer.jobs.map(log) } : log(answer);";
    for command in ["list_jobs", "get_job"] {
        window.change_answers(command, with_log).await.unwrap();
    }
    window
        .change_answers(
            "read_job_log",
            "const lines = [];
             const last = Math.min(args.after + args.limit, 9_000);
             for (let number = args.after + 1; number <= last; number += 1) {
                 lines.push({ number, at: '2026-11-21T13:02:11Z',
                     text: `fetched part ${number} of 9000 from https://example.org/archive` });
             }
             return { lines, dropped: 0, more: last < 9_000 };",
        )
        .await
        .unwrap();
    window.click("[data-sort='took']").await.unwrap();
    window.click(".jobs-table [data-row='1'] a").await.unwrap();
    window.click(".detail [data-option='log']").await.unwrap();
    window.wait_for("[data-line='9000']").await.unwrap();
    let lines = "return document.querySelectorAll('.log [data-line]').length < 120;";
    window.wait_until(lines, json!(true)).await.unwrap();
    window
        .type_into("[data-log-search]", "part 4242")
        .await
        .unwrap();
    window.wait_for("[data-line='4242']").await.unwrap();
    window
        .wait_for_text(".log-count", "1 of 9,000 lines")
        .await
        .unwrap();
    for (width, height) in [(900, 600), (1280, 820)] {
        window.resize(width, height).await.unwrap();
        window
            .screenshot(&format!("jobs-log-{width}x{height}"))
            .await
            .unwrap();
        let out: Vec<Value> = window
            .sticking_out()
            .await
            .unwrap()
            .into_iter()
            .map(Value::from)
            .collect();
        assert!(out.is_empty(), "{out:?}");
    }
    window.close().await.unwrap();
}
