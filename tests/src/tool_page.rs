//! A tool's page, as the tests use it: what is where, and the usual ways through it.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result};

use crate::window::Window;

/// The line of the form's list of paths that takes a new one.
pub const PATHS: &str = "[data-field='/paths'] [data-add]";
/// The button that starts the job.
pub const RUN: &str = "[data-action='run']";

/// The run card or the row of a job in this status.
#[must_use]
pub fn job(status: &str) -> String {
    format!("[data-job-id][data-status='{status}']")
}

impl Window {
    /// A new window at the page of `hash-files`, with these paths in its form.
    ///
    /// # Errors
    /// When the window or the page doesn't come.
    pub async fn open_form(paths: &[&Path]) -> Result<Self> {
        let window = Self::open().await?;
        window.click("[data-tool='hash-files']").await?;
        for path in paths {
            window.enter_path(path).await?;
        }
        Ok(window)
    }

    /// Adds a path to the form.
    ///
    /// # Errors
    /// When the form isn't there.
    pub async fn enter_path(&self, path: &Path) -> Result<()> {
        let path = path.to_str().context("the path is not text")?;
        self.enter(PATHS, path).await
    }

    /// Chooses an algorithm in the form.
    ///
    /// # Errors
    /// When the form has no such choice.
    pub async fn choose_algorithm(&self, algorithm: &str) -> Result<()> {
        self.click(&format!(
            "[data-field='/algorithm'] [data-option='{algorithm}']"
        ))
        .await
    }

    /// Presses Run and waits until the job has succeeded and its result stands on the page.
    ///
    /// # Errors
    /// When it doesn't come to that.
    pub async fn run_to_result(&self) -> Result<()> {
        self.click(RUN).await?;
        self.wait_for_result().await
    }

    /// Waits until a job has succeeded and its result stands on the page.
    ///
    /// # Errors
    /// When it doesn't come to that.
    pub async fn wait_for_result(&self) -> Result<()> {
        self.wait_for(&job("Succeeded")).await?;
        self.wait_for("[data-result] tr[data-row]").await?;
        Ok(())
    }

    /// The digests that the page shows, by path.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn shown_digests(&self) -> Result<BTreeMap<String, String>> {
        let script = "
            return [...document.querySelectorAll('[data-result] tr[data-row]')].map(row =>
                ['path', 'digest'].map(name =>
                    row.querySelector(`[data-column=${name}]`)?.dataset.value));";
        let rows: Vec<[Option<String>; 2]> = serde_json::from_value(self.run(script).await?)?;
        Ok(rows
            .into_iter()
            .filter_map(|[path, digest]| Some((path?, digest?)))
            .collect())
    }
}
