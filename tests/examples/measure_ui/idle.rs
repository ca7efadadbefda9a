//! From the start of the process to a page that can be used, and the memory of a window at rest, beside
//! a window with an empty page.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use toolroom_tests::{binaries, window::Window};

use crate::{
    memory::Processes,
    report::{Document, Row},
    statistics::median,
};

/// How much more than an empty page the app may take.
const LIMIT: f64 = 1.3;
/// After so long nothing is left to be done at the start.
const SETTLED: Duration = Duration::from_secs(4);

const START_NOTE: &str = "from the process's beginning to the first frame in which what is awaited \
                          stands in the page, as the driver's script sees it; warm";

/// Who is measured: what its page shows when it can be used.
#[derive(Clone, Copy)]
enum Contender {
    App,
    Bare,
}

impl Contender {
    const fn name(self) -> &'static str {
        match self {
            Self::App => "Toolroom",
            Self::Bare => "an empty page",
        }
    }

    /// The app's first tool's form; of the empty page, its one line.
    const fn awaited(self) -> &'static str {
        match self {
            Self::App => ".tool-form [data-field]",
            Self::Bare => "[data-page-id]",
        }
    }

    async fn open(self) -> Result<Window> {
        match self {
            Self::App => Window::open_at_once(binaries::desktop()?, &[]).await,
            Self::Bare => Window::open_at_once(binaries::lab()?, &["--bare"]).await,
        }
    }
}

/// Measures both in turns.
pub async fn measure(document: &mut Document) -> Result<()> {
    let both = [Contender::App, Contender::Bare];
    let mut starts = [Vec::new(), Vec::new()];
    let mut befores = [Vec::new(), Vec::new()];
    let mut memories = [Vec::new(), Vec::new()];
    // The first round is not counted: in it files come into memory.
    for round in 0..=document.rounds {
        eprintln!("start and memory, round {round}");
        for (place, contender) in both.into_iter().enumerate() {
            let [start, before, memory] = once(contender).await?;
            if round > 0 {
                starts[place].push(start);
                befores[place].push(before);
                memories[place].push(memory);
            }
        }
    }
    for (contender, samples) in both.into_iter().zip(befores) {
        let work = "of it, before the page is asked for".to_owned();
        let row = Row::of("start", work, contender.name(), "ms", samples);
        document.rows.extend(row);
    }
    for (group, unit, goal, samples, note) in [
        (
            "start",
            "ms",
            "process start to usable page",
            starts,
            START_NOTE,
        ),
        (
            "memory at rest",
            "MB",
            "memory at rest",
            memories,
            "proportional, of all processes of the window",
        ),
    ] {
        let medians: Vec<f64> = samples.iter().filter_map(|all| median(all)).collect();
        let ratio = (medians.len() == 2).then(|| medians[0] / medians[1]);
        for (contender, samples) in both.into_iter().zip(samples) {
            let row = Row::of(group, goal.to_owned(), contender.name(), unit, samples);
            document.rows.extend(row.map(|row| Row {
                note: note.to_owned(),
                ours_to_this: ratio.filter(|_| matches!(contender, Contender::Bare)),
                ..row
            }));
        }
        document.at_most(
            format!("{goal}, to that of an empty page"),
            ratio,
            LIMIT,
            "",
        );
    }
    Ok(())
}

/// From the process's beginning to the usable page and to the question for the page (ms), and the memory
/// at rest (MB).
async fn once(contender: Contender) -> Result<[f64; 3]> {
    let window = contender.open().await?;
    let usable = "
        const [css, done] = arguments;
        const look = () => document.querySelector(css)
            ? done([Date.now(), performance.timeOrigin]) : requestAnimationFrame(look);
        look();";
    let usable = window
        .run_async(usable, vec![Value::from(contender.awaited())])
        .await?;
    let moment = |place: usize| usable[place].as_f64().context("no time was told");
    let (usable, asked) = (moment(0)?, moment(1)?);
    let processes = Processes::of(&window.data_dir())?;
    let began = processes.began()?;
    let (start, before) = (usable - began, asked - began);
    // sleep: nobody tells when a window is at rest
    tokio::time::sleep(SETTLED).await;
    let memory = processes.memory()?;
    window.close().await?;
    Ok([start, before, memory])
}
