//! Looks for what keeps people out, with axe-core.
//!
//! The script is run by the driver, past the page's content security policy; `npm ci` in
//! `tests/axe` lays it down, which `cargo xtask test` does by itself.

use std::{env, fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::window::Window;

/// Runs axe, and gives a line for each thing that it objects to.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    window.axe.run(document, { resultTypes: ['violations'] }).then(
        ({ violations }) => done({ ok: violations.flatMap(({ id, help, nodes }) =>
            nodes.map(({ target, failureSummary, html }) =>
                `${id} (${help}): ${target.join(' ')}: ${html.slice(0, 160)}: ${
                    failureSummary.split('\\n').slice(1).map(line => line.trim()).join('; ')}`)) }),
        error => done({ error: String(error) }));";

impl Window {
    /// What axe objects to on the page as it is, in the theme that is in force.
    ///
    /// # Errors
    /// When axe isn't there or doesn't run.
    pub async fn barriers(&self) -> Result<Vec<String>> {
        if self.run("return !window.axe;").await? == Value::Bool(true) {
            self.run(&script()?).await?;
        }
        let answer = self.run_async(RUN, Vec::new()).await?;
        match answer.get("error") {
            Some(error) => bail!("axe did not run: {error}"),
            None => Ok(serde_json::from_value(answer["ok"].clone())?),
        }
    }

    /// What axe objects to in light and in dark, each with the theme before it.
    ///
    /// # Errors
    /// When axe isn't there or doesn't run.
    pub async fn barriers_in_both_themes(&self) -> Result<Vec<String>> {
        let mut all = Vec::new();
        for theme in ["dark", "light"] {
            self.settle_in(theme).await?;
            let found = self.barriers().await?;
            all.extend(found.into_iter().map(|line| format!("{theme}: {line}")));
        }
        Ok(all)
    }
}

/// axe itself: a script that leaves `window.axe` behind.
fn script() -> Result<String> {
    let path = env::var_os("TOOLROOM_AXE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("axe/node_modules/axe-core/axe.min.js"),
        PathBuf::from,
    );
    fs::read_to_string(&path).with_context(|| {
        format!(
            "axe is not at {}: run `npm ci` in tests/axe, or `cargo xtask test --only end-to-end`",
            path.display()
        )
    })
}
