//! How the window ends, and what of it is left behind: nothing. And a page that crashes.

#![cfg(target_os = "linux")] // processes are looked for in /proc
#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::Value;
use toolroom_tests::window::Window;

/// How long a process may take to end in order.
const LIMIT: Duration = Duration::from_secs(20);

/// The process that runs the engine of a data folder.
fn process_of(data: &Path) -> u32 {
    let holder = fs::read(data.join("engine.json")).unwrap();
    let holder: Value = serde_json::from_slice(&holder).unwrap();
    holder["pid"].as_u64().unwrap() as u32
}

/// A process's name and its parent; none once it has ended.
fn look_at(pid: u32) -> Option<(String, u32)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (name, rest) = text.split_once('(')?.1.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let is_alive = !matches!(fields.next()?, "Z" | "X");
    is_alive.then(|| Some((name.to_owned(), fields.next()?.parse().ok()?)))?
}

/// The processes that `pid` has begun.
fn children_of(pid: u32) -> Vec<(u32, String)> {
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|child: u32| {
            let (name, parent) = look_at(child)?;
            (parent == pid).then_some((child, name))
        })
        .collect()
}

fn send(signal: &str, pid: u32) {
    let sent = Command::new("kill")
        .args([signal, &pid.to_string()])
        .status();
    assert!(sent.unwrap().success());
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LIMIT, "{what} took too long");
        tokio::time::sleep(Duration::from_millis(20)).await; // sleep: other processes tell nobody
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_polite_request_to_end_closes_everything_in_order() {
    let window = Window::open().await.unwrap();
    let data = window.data_dir();
    let pid = process_of(&data);
    let all: Vec<_> = children_of(pid);
    assert!(!all.is_empty(), "the page has a process of its own");
    send("-TERM", pid);
    until("the end", || look_at(pid).is_none()).await;
    until("the end of its children", || {
        all.iter().all(|(child, _)| look_at(*child).is_none())
    })
    .await;
    for left in ["engine.json", "health.json"] {
        assert!(!data.join(left).exists(), "{left} was left behind");
    }
    let log = data.join("toolroom.db-wal");
    assert_eq!(log.metadata().map_or(0, |about| about.len()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_crashes_is_loaded_anew_and_the_engine_goes_on() {
    let window = Window::open().await.unwrap();
    let pid = process_of(&window.data_dir());
    let page = || {
        let children = children_of(pid);
        // The system keeps fifteen letters of a name.
        let page = children
            .iter()
            .find(|(_, name)| name.starts_with("WebKitWebProces"));
        page.map(|(child, _)| *child)
    };
    let before = page().unwrap();
    send("-KILL", before);
    until("a new page", || page().is_some_and(|now| now != before)).await;
    assert_eq!(process_of(&window.data_dir()), pid);
}

/// A module whose one function traps, as a panic does.
const FAULT: &str = "
    window.isTheFirst = true;
    const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0,
        7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
    const module = new WebAssembly.Module(new Uint8Array(bytes));
    const { f } = new WebAssembly.Instance(module).exports;
    setTimeout(f);
    return true;";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_a_fault_is_loaded_anew_and_says_so() {
    let window = Window::open().await.unwrap();
    window.run(FAULT).await.unwrap();
    window
        .wait_until("return !window.isTheFirst;", true.into())
        .await
        .unwrap();
    let words = "The page had a fault and was loaded anew.";
    window.wait_for_text(".notices", words).await.unwrap();
    window.screenshot("page-fault").await.unwrap();
    // Nothing is said of it again.
    window.reload().await.unwrap();
    window.wait_for("[data-link=good]").await.unwrap();
    assert!(!window.page_text().await.unwrap().contains(words));
}
