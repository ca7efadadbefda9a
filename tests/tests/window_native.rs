//! The window and the system around it: chosen and dropped paths, files of results, a second start, the
//! window's place, and its end while jobs run. The system itself is stood in for.

#![cfg(unix)] // the window is reached by a socket
#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use toolroom_tests::{
    binaries,
    odd_tree::sparse_file,
    tool_page::{RUN, job},
    window::Window,
};

/// How long what no page shows may take.
const LIMIT: Duration = Duration::from_secs(20);

/// What stands in for the system.
struct System {
    folder: TempDir,
}

impl System {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let system = Self { folder };
        system.answer(json!({}));
        system
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("answers.json")
    }

    /// What the system answers from now on.
    fn answer(&self, answers: Value) {
        fs::write(self.file(), answers.to_string()).unwrap();
    }

    /// What it was asked.
    fn asked(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.folder.path().join("answers.json.asked"));
        let lines = text.unwrap_or_default();
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    async fn open(&self, arguments: &[&str]) -> Window {
        let file = self.file().to_str().unwrap().to_owned();
        let environment = vec![("TOOLROOM_STAND_IN".to_owned(), file)];
        let data = tempfile::tempdir().unwrap();
        Window::open_with(data, environment, arguments)
            .await
            .unwrap()
    }
}

/// Says something to the app as a second start does, or as only tests can.
fn say(data: &Path, message: Value) {
    let mut stream = UnixStream::connect(data.join("window.sock")).unwrap();
    writeln!(stream, "{message}").unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    assert_eq!(answer, "heard\n");
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LIMIT, "{what} took too long");
        tokio::time::sleep(Duration::from_millis(20)).await; // sleep: other processes tell nobody
    }
}

async fn items(window: &Window) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[data-field=\"/paths\"] [data-item]')]
        .map(item => item.dataset.item);";
    serde_json::from_value(window.run(script).await.unwrap()).unwrap()
}

/// The middle of what `css` names.
async fn middle(window: &Window, css: &str) -> Value {
    let script = format!(
        "const box = document.querySelector({css:?}).getBoundingClientRect();
         return [box.x + box.width / 2, box.y + box.height / 2];"
    );
    window.wait_for(css).await.unwrap();
    window.run(&script).await.unwrap()
}

const LIST: &str = "[data-field='/paths'] .list-box";

#[tokio::test(flavor = "multi_thread")]
async fn paths_are_chosen_dropped_moved_and_taken_out() {
    let system = System::new();
    let window = system.open(&["--tool", "hash-files"]).await;
    let data = window.data_dir();
    system.answer(json!({ "chosen": ["/data/2026/beach.jpg", "/data/2026/forest.jpg"] }));
    window
        .click("[data-field='/paths'] [data-action='choose-file']")
        .await
        .unwrap();
    window
        .wait_for("[data-item='/data/2026/forest.jpg']")
        .await
        .unwrap();
    let asked = &system.asked()[0]["choose"];
    assert_eq!(
        (&asked["kind"], &asked["several"]),
        (&json!("file"), &json!(true))
    );

    let at = middle(&window, LIST).await;
    say(
        &data,
        json!({ "kind": "drag", "place": at, "dropped": null }),
    );
    window.wait_for(&format!("{LIST}.drop-over")).await.unwrap();
    window.screenshot("native-drag").await.unwrap();
    say(
        &data,
        json!({ "kind": "drag", "place": null, "dropped": null }),
    );
    let lit = "return document.querySelectorAll('.drop-over').length;";
    window.wait_until(lit, json!(0)).await.unwrap();
    let dropped = json!(["/data/notes.txt", "/data/2026/beach.jpg"]);
    say(
        &data,
        json!({ "kind": "drag", "place": at, "dropped": dropped }),
    );
    window
        .wait_for("[data-item='/data/notes.txt']")
        .await
        .unwrap();
    let three = [
        "/data/2026/beach.jpg",
        "/data/2026/forest.jpg",
        "/data/notes.txt",
    ];
    assert_eq!(items(&window).await, three);
    window.screenshot("native-paths").await.unwrap();
    window.resize(900, 600).await.unwrap();
    window.screenshot("native-paths-900x600").await.unwrap();
    assert!(window.sticking_out().await.unwrap().is_empty());

    // By keyboard: the last row up, then out of the list; the focus stays on a row.
    let press = |key: &str, alt: bool| {
        format!(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
                 {{ key: '{key}', altKey: {alt}, bubbles: true, cancelable: true }}));"
        )
    };
    window
        .run("document.querySelector('[data-row=\"2\"] button').focus();")
        .await
        .unwrap();
    window.run(&press("ArrowUp", true)).await.unwrap();
    let focused = "return document.activeElement.closest('[data-item]')?.dataset.item;";
    window
        .wait_until(focused, json!("/data/notes.txt"))
        .await
        .unwrap();
    assert_eq!(items(&window).await, [three[0], three[2], three[1]]);
    window.run(&press("Delete", false)).await.unwrap();
    window.wait_until(focused, json!(three[1])).await.unwrap();
    assert_eq!(items(&window).await, [three[0], three[1]]);

    // On a tool in the list.
    let other = "[data-tool]:not([data-tool='hash-files'])";
    let tool = window
        .wait_for(other)
        .await
        .unwrap()
        .attr("data-tool")
        .await
        .unwrap();
    let at = middle(&window, other).await;
    say(
        &data,
        json!({ "kind": "drag", "place": at, "dropped": ["/data/x.zip"] }),
    );
    let address = format!("/tools/{}", tool.unwrap());
    window
        .wait_until("return location.pathname;", json!(address))
        .await
        .unwrap();
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_brings_its_files_to_the_window_that_is_there() {
    let system = System::new();
    let window = system.open(&["--tool", "hash-files", "/data/a"]).await;
    let data = window.data_dir();
    window.wait_for("[data-item='/data/a']").await.unwrap();
    assert_eq!(items(&window).await, ["/data/a"]);

    let folder = tempfile::tempdir().unwrap();
    let mut second = Command::new(binaries::desktop().unwrap());
    second
        .current_dir(folder.path())
        .args(["--data-dir".as_ref(), data.as_os_str(), "b c".as_ref()])
        .env_remove("DISPLAY");
    assert!(second.status().unwrap().success());
    window
        .wait_for_text(".dialog", "What shall be done with b c?")
        .await
        .unwrap();
    window.screenshot("native-which-tool").await.unwrap();
    window
        .click(".dialog [data-choice='hash-files']")
        .await
        .unwrap();
    let path = folder.path().canonicalize().unwrap().join("b c");
    let item = format!("[data-item='{}']", path.display());
    window.wait_for(&item).await.unwrap();
    assert_eq!(items(&window).await.len(), 2);

    // What can't be understood is said.
    let wrong = Command::new(binaries::desktop().unwrap())
        .arg("--no-such-flag")
        .output();
    let wrong = wrong.unwrap();
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("--no-such-flag"));
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_result_are_opened_and_shown_and_nothing_else_is() {
    let system = System::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().canonicalize().unwrap().join("notes.txt");
    fs::write(&file, "abc").unwrap();
    let window = system
        .open(&["--tool", "hash-files", file.to_str().unwrap()])
        .await;
    window.wait_for("[data-item]").await.unwrap();
    window.run_to_result().await.unwrap();
    for (action, asked) in [("open-path", "open"), ("reveal-path", "reveal")] {
        let before = system.asked().len();
        window
            .click(&format!(
                "[data-result] [data-row] [data-action='{action}']"
            ))
            .await
            .unwrap();
        until(asked, || system.asked().len() > before).await;
        assert_eq!(system.asked().last().unwrap()[asked], json!(file));
    }
    window.screenshot("native-result").await.unwrap();
    let job_id = window
        .wait_for("[data-job-id]")
        .await
        .unwrap()
        .attr("data-job-id")
        .await
        .unwrap();
    let before = system.asked().len();
    for command in ["open_path", "reveal_path"] {
        let call = json!({ "jobId": job_id, "path": "/etc/passwd" });
        let refused = window.invoke(command, call).await.unwrap_err();
        assert!(
            refused.to_string().contains("path_not_allowed"),
            "{refused}"
        );
    }
    assert_eq!(system.asked().len(), before);
    window.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_while_a_job_runs_asks_and_the_job_can_go_on_without_the_window() {
    let system = System::new();
    let folder = tempfile::tempdir().unwrap();
    let video = folder.path().join("holiday.mkv");
    sparse_file(&video, 1 << 40).unwrap();
    let window = system
        .open(&["--tool", "hash-files", video.to_str().unwrap()])
        .await;
    let data = window.data_dir();
    window.wait_for("[data-item]").await.unwrap();
    window.click(RUN).await.unwrap();
    window.wait_for(&job("Running")).await.unwrap();
    let focused = "return document.activeElement.dataset.action;";
    say(&data, json!({ "kind": "close" }));
    window
        .wait_for_text(".dialog", "1 job is unfinished")
        .await
        .unwrap();
    window.wait_until(focused, json!("stay")).await.unwrap();
    window.screenshot("native-closing").await.unwrap();
    window.click("[data-action='stay']").await.unwrap();
    let open = "return document.querySelectorAll('.dialog').length;";
    window.wait_until(open, json!(0)).await.unwrap();

    say(&data, json!({ "kind": "close" }));
    window.click("[data-action='keep-going']").await.unwrap();
    let hidden = "return document.visibilityState;";
    window.wait_until(hidden, json!("hidden")).await.unwrap();
    say(&data, json!({ "kind": "show", "request": null }));
    window.wait_until(hidden, json!("visible")).await.unwrap();
    say(&data, json!({ "kind": "close" }));
    window.click("[data-action='keep-going']").await.unwrap();
    window.wait_until(hidden, json!("hidden")).await.unwrap();
    // The last job ends, and the app with it.
    let cancel = json!({ "query": { "statuses": ["Running"] } });
    // It may end before it has answered.
    let _ = window.invoke("cancel_jobs", cancel).await;
    until("the end", || !data.join("engine.json").exists()).await;
    let told = system.asked().pop().unwrap();
    assert_eq!(told["notify"]["title"], "All jobs have ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_comes_back_where_it_was_with_the_page_that_it_showed() {
    let system = System::new();
    let window = system.open(&[]).await;
    let data = window.data_dir();
    window.resize(1000, 700).await.unwrap();
    window.click("nav a[href='/jobs']").await.unwrap();
    window.wait_for("[data-page-id='jobs']").await.unwrap();
    say(&data, json!({ "kind": "close" }));
    until("the end", || !data.join("engine.json").exists()).await;
    let window = window.open_again().await.unwrap();
    window.wait_for("[data-page-id='jobs']").await.unwrap();
    let size = "return [innerWidth, innerHeight];";
    window.wait_until(size, json!([1000, 700])).await.unwrap();

    window.close().await.unwrap();
}
