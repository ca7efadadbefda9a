//! Jobs that come and go by the thousand, and a thousand that report at full rate.
//!
//! The first are real. So many at a time no machine here runs, so the second are told to the page as
//! the shell would tell of them: through the page's own channel, ten times a second, each message with
//! as many events as one has at the most, and in the list.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use toolroom_tests::window::{READ_JSON_TEXT, Window};

use crate::{
    memory::Processes,
    report::{Document, Row},
    timer::longest_gap,
};

/// How many jobs come and go.
const JOBS: u32 = 10_000;
/// How many jobs report.
const RUNNING: u32 = 1_000;
/// How often each of them does: five seconds long, ten times a second.
const BEATS: u32 = 50;
/// How long a click may wait (ms).
const LONGEST_GAP: f64 = 50.0;
/// How much larger a window may be for all that it has seen (MB).
const GROWTH: f64 = 30.0;
/// After so long the page has let go of what it needs no longer.
const SETTLED: Duration = Duration::from_secs(15);

/// Measures both in one window.
pub async fn measure(document: &mut Document) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("small");
    std::fs::write(&file, "abc")?;
    let window = Window::open().await?;
    window.click("nav a[href='/jobs']").await?;
    let processes = Processes::of(&window.data_dir())?;
    let input = json!({ "paths": [file] });
    // What is made once and kept is there before it is weighed.
    come_and_go(&window, &input, JOBS / 20).await?;
    settle().await;
    let before = processes.memory()?;
    let jobs = document.of(JOBS);
    eprintln!("{jobs} jobs come and go");
    come_and_go(&window, &input, jobs).await?;
    settle().await;
    let after = processes.memory()?;
    let group = "jobs come and go";
    for (work, memory) in [("before", before), ("after", after)] {
        let work = format!("memory {work} {jobs} jobs");
        document
            .rows
            .extend(Row::of(group, work, "Toolroom", "MB", vec![memory]));
    }
    document.at_most(
        format!("memory that {jobs} jobs leave behind"),
        Some((after - before).max(0.0)),
        GROWTH,
        "MB",
    );
    eprintln!("{RUNNING} jobs report");
    let gap = report(&window, &input, document.of(BEATS)).await?;
    window.close().await?;
    let work = format!("longest gap of a 10 ms timer while {RUNNING} jobs report");
    document.rows.extend(Row::of(
        "the page's own thread",
        work.clone(),
        "Toolroom",
        "ms",
        vec![gap],
    ));
    document.at_most(work, Some(gap), LONGEST_GAP, "ms");
    Ok(())
}

async fn settle() {
    // sleep: nobody tells when a window is at rest
    tokio::time::sleep(SETTLED).await;
}

/// Starts so many jobs and waits for the end of all.
async fn come_and_go(window: &Window, input: &Value, jobs: u32) -> Result<()> {
    let script = format!(
        "
        const [input, jobs, done] = arguments;
        const read = {READ_JSON_TEXT};
        const invoke = (name, args) => window.__TAURI_INTERNALS__.invoke(name, args).then(read);
        const wait = ms => new Promise(then => setTimeout(then, ms));
        let left = jobs;
        const start = async () => {{
            while (left > 0) {{
                left -= 1;
                const args = {{ toolName: 'hash-files', inputJson: input, options: {{}} }};
                // The queue may be full.
                while (!await invoke('start_tool_job', args).catch(() => null)) await wait(50);
            }}
        }};
        const unfinished = async () => {{
            const query = {{ statuses: ['Queued', 'Running'], limit: 1 }};
            return (await invoke('list_jobs', {{ query }})).total;
        }};
        (async () => {{
            await Promise.all([...Array(16)].map(start));
            while (await unfinished()) await wait(100);
        }})().then(() => done({{}}), error => done({{ error: JSON.stringify(error) }}));"
    );
    // A script has two minutes: so many are surely done in one.
    let mut left = jobs;
    while left > 0 {
        let part = left.min(2_000);
        let answer = window
            .run_async(&script, vec![input.clone(), json!(part)])
            .await?;
        anyhow::ensure!(answer.get("error").is_none(), "{answer}");
        left -= part;
    }
    Ok(())
}

/// Has jobs report and gives the longest gap meanwhile.
async fn report(window: &Window, input: &Value, beats: u32) -> Result<f64> {
    // Every function that the backend may call says what it was called with: the first message of
    // a channel tells which is the channel of jobs and where it stands.
    let listen = format!(
        "
        const read = {READ_JSON_TEXT};
        const {{ callbacks }} = window.__TAURI_INTERNALS__;
        for (const [id, take] of callbacks) callbacks.set(id, data => {{
            const message = data && data.index !== undefined ? read(data.message) : null;
            if (message?.kind === 'events') window.feed = {{
                take, index: data.index, seq: message.events.at(-1).seq,
                job: message.events.at(-1).job,
            }};
            return take(data);
        }});"
    );
    window.run(&listen).await?;
    come_and_go(window, input, 3).await?;
    window
        .wait_until("return !!window.feed;", json!(true))
        .await
        .context("nothing came through the channel of jobs")?;
    // sleep: the last of what is told of the three may still be on its way
    tokio::time::sleep(Duration::from_secs(2)).await;
    let prepare = "
        const [running, beats] = arguments;
        const { job, seq, index } = window.feed;
        const encode = new TextEncoder();
        const moment = new Date().toISOString();
        const id = number => `ffffffff-0000-7000-8000-${String(number).padStart(12, '0')}`;
        let next = seq;
        let place = index;
        const messages = [];
        window.pretended = [];
        for (let beat = 0; beat < beats; beat += 1) {
            for (let first = 0; first < running; first += 500) {
                const events = [];
                for (let number = first; number < Math.min(first + 500, running); number += 1) {
                    next += 1;
                    events.push({ seq: next, kind: 'progress', job: {
                        ...job, job_id: id(number), status: 'Running', finished_at: null,
                        started_at: moment, created_at: moment, revision: beat + 2, attempt: 1,
                        progress_pct: Math.floor(100 * beat / beats), stage: 'Hashing',
                        message: `file ${beat} of ${beats}`, error: null, output_bytes: null,
                        progress: { done: beat * 1000, total: beats * 1000, unit: 'bytes',
                                    rate: 10_000 + number * beat % 977 },
                    } });
                }
                place += 1;
                const text = '\\u001e' + JSON.stringify({ kind: 'events', events });
                messages.push({ index: place, message: encode.encode(text).buffer });
                if (beat === 0) window.pretended.push(...events.map(event => event.job));
            }
        }
        window.messages = messages;
        return messages.length;";
    let prepared = window
        .run_async(
            &format!(
                "const [running, beats, done] = arguments;
                 const make = function() {{ {prepare} }};
                 done(make(running, beats));"
            ),
            vec![json!(RUNNING), json!(beats)],
        )
        .await?;
    let count = prepared.as_u64().context("no messages were made")?;
    // The list has them too: the page shows and follows them as it does any others.
    let listed = "
        const { offset, limit } = args.query;
        const from = offset ?? 0;
        return {
            jobs: window.pretended.slice(from, from + (limit ?? 100)),
            total: window.pretended.length, next_cursor: null,
        };";
    window.change_answers("list_jobs", listed).await?;
    window
        .wait_until(
            "return document.querySelectorAll('.jobs-table [data-status=Running]').length > 5;",
            json!(true),
        )
        .await
        .context("the page shows none of the jobs as running")?;
    let tell = "
        const each = args.each;
        let beat = performance.now();
        while (window.messages.length) {
            for (const message of window.messages.splice(0, each)) window.feed.take(message);
            beat += 100;
            await window.wait(Math.max(0, beat - performance.now()));
        }
        return document.querySelectorAll('.jobs-table [data-status=Running]').length;";
    let each = count / u64::from(beats);
    let (gap, shown) = longest_gap(window, tell, json!({ "each": each })).await?;
    anyhow::ensure!(
        shown.as_u64() > Some(5),
        "the page shows {shown} of the jobs as running"
    );
    Ok(gap)
}
