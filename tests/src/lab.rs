//! The IPC lab: a window whose page does what it is told and says what came of it.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{binaries, window::Window};

/// The lab's window.
pub struct Lab {
    window: Window,
}

/// Who does it: on the page both have the same functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The typed client.
    Typed,
    /// What Tauri itself puts into a page.
    Bare,
}

/// What a function of the page gave.
#[derive(Debug, Deserialize)]
pub struct Done {
    /// Its value.
    pub value: Value,
    /// How long it took by the page's clock, which is rounded to a millisecond.
    pub milliseconds: f64,
}

/// How the page stands.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct State {
    /// How many callbacks are registered.
    pub callbacks: usize,
    /// What went wrong without anybody having asked, since this was asked last.
    pub errors: Vec<String>,
    /// How many messages were for callbacks that are gone, since this was asked last.
    pub unheard: usize,
}

impl Side {
    const fn name(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::Bare => "bare",
        }
    }
}

impl Lab {
    /// Opens it and waits for its page.
    ///
    /// # Errors
    /// When the app, the driver or the display can't be started.
    pub async fn open() -> Result<Self> {
        let window = Window::open_program(binaries::lab()?).await?;
        Ok(Self { window })
    }

    /// Calls a function of the page and waits for its value.
    ///
    /// # Errors
    /// What the function fails with.
    pub async fn run(&self, side: Side, function: &str, args: Value) -> Result<Done> {
        let script = "
            const [side, name, args, done] = arguments;
            window.lab.run(side, name, args)
                .then(ok => done({ ok }), error => done({ error: String(error) }));";
        let args = vec![json!(side.name()), json!(function), args];
        let answer = match self.window.run_async(script, args).await {
            Ok(answer) => answer,
            Err(error) => {
                let state = self.state().await.context(function.to_owned())?;
                return Err(error).with_context(|| format!("{function}; the page: {state:?}"));
            }
        };
        match answer.get("error").and_then(Value::as_str) {
            Some(error) => bail!("{function}: {error}"),
            None => Ok(serde_json::from_value(answer["ok"].clone())?),
        }
    }

    /// Calls a function of the typed client's that gives JSON text, and reads it.
    ///
    /// # Errors
    /// What the function fails with.
    pub async fn typed(&self, function: &str, args: Value) -> Result<Value> {
        let done = self.run(Side::Typed, function, args).await?;
        let text = done.value.as_str().context("no text")?;
        Ok(serde_json::from_str(text)?)
    }

    /// How the page stands.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn state(&self) -> Result<State> {
        let state = self.window.run("return window.lab.state();").await?;
        Ok(serde_json::from_value(state)?)
    }

    /// Waits until no more than so many callbacks are registered.
    ///
    /// # Errors
    /// When more are left within the patience of these tests.
    pub async fn wait_for_callbacks(&self, count: usize) -> Result<()> {
        let script = "return window.__TAURI_INTERNALS__.callbacks.size;";
        self.window.wait_until(script, json!(count)).await
    }

    /// The window itself.
    #[must_use]
    pub const fn window(&self) -> &Window {
        &self.window
    }

    /// Closes the window and waits for the app to end.
    ///
    /// # Errors
    /// When the driver can't be reached any more.
    pub async fn close(self) -> Result<()> {
        self.window.close().await
    }
}
