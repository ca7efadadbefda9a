//! A history of 100,000 jobs that is scrolled from its beginning to its end.

use anyhow::Result;
use serde_json::json;
use toolroom_tests::{history, window::Window};

use crate::{
    report::{Document, Row},
    timer::longest_gap,
};

/// How long a click may wait (ms).
const LONGEST_GAP: f64 = 50.0;
/// How many rows are gone through slowly, a few each frame, before the rest.
const SLOWLY: u32 = 2_000;
/// In how many steps the rest is gone through.
const STEPS: u32 = 300;

/// Measures it.
pub async fn measure(document: &mut Document) -> Result<()> {
    eprintln!(
        "a history of {} jobs is made, unless it is there",
        history::LONG
    );
    let window =
        Window::open_with(history::data_folder(history::LONG).await?, Vec::new(), &[]).await?;
    window.click("nav a[href='/jobs']").await?;
    let total = "return Number(document.querySelector('.jobs-foot')?.dataset.total);";
    window.wait_until(total, json!(history::LONG)).await?;
    let scroll = "
        const pane = document.querySelector('.jobs-scroll');
        const frame = () => new Promise(requestAnimationFrame);
        for (let row = 0; row < args.slowly; row += 4) {
            pane.scrollTop = row * 38;
            await frame();
        }
        const end = pane.scrollHeight;
        for (let step = 0; step <= args.steps; step += 1) {
            pane.scrollTop = end * step / args.steps;
            await frame();
        }
        return document.querySelectorAll('.jobs-table tr').length;";
    let steps = json!({ "slowly": document.of(SLOWLY), "steps": document.of(STEPS) });
    let mut gaps = Vec::new();
    for round in 0..document.rounds {
        eprintln!("100,000 jobs are scrolled, round {}", round + 1);
        let (gap, rows) = longest_gap(&window, scroll, steps.clone()).await?;
        anyhow::ensure!(rows.as_u64() < Some(200), "{rows} rows are drawn");
        window
            .wait_until(
                "return !!document.querySelector('.jobs-table [data-row=\"99999\"]');",
                json!(true),
            )
            .await?;
        gaps.push(gap);
    }
    window.close().await?;
    let longest = gaps.iter().copied().fold(0.0, f64::max);
    let work = "longest gap of a 10 ms timer while 100,000 jobs are scrolled".to_owned();
    let row = Row::of(
        "the page's own thread",
        work.clone(),
        "Toolroom",
        "ms",
        gaps,
    );
    document.rows.extend(row);
    document.at_most(
        format!("{work}, of all rounds"),
        Some(longest),
        LONGEST_GAP,
        "ms",
    );
    Ok(())
}
