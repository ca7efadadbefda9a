//! The longest gap of a timer in the page that should tick every 10 ms: how long a click would wait.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use toolroom_tests::window::Window;

/// Runs `work`, the body of an asynchronous JavaScript function of `args`, while a timer ticks, and
/// gives the timer's longest gap in milliseconds and what the work returns.
pub async fn longest_gap(window: &Window, work: &str, args: Value) -> Result<(f64, Value)> {
    let script = format!(
        "
        const [args, done] = arguments;
        const work = async () => {{ {work} }};
        const wait = ms => new Promise(then => setTimeout(then, ms));
        window.wait = wait;
        (async () => {{
            let longest = 0;
            let last = performance.now();
            const tick = () => {{
                const now = performance.now();
                longest = Math.max(longest, now - last);
                last = now;
            }};
            const timer = setInterval(tick, 10);
            await wait(200);
            longest = 0;
            const value = await work();
            tick();
            clearInterval(timer);
            done({{ ok: [longest, value ?? null] }});
        }})().catch(error => done({{ error: String(error?.message ?? JSON.stringify(error)) }}));"
    );
    let answer = window.run_async(&script, vec![args]).await?;
    if let Some(error) = answer.get("error") {
        anyhow::bail!("{error}");
    }
    let longest = answer["ok"][0].as_f64().context("no gap was told")?;
    Ok((longest, json!(answer["ok"][1])))
}
