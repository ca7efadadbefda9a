//! The real window, driven as a person would: by what is on the page.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use fantoccini::{Client, ClientBuilder, Locator, elements::Element, key::Key};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::{binaries, display::Driver};

/// A JavaScript function that reads JSON text that came as bytes, after a record separator; what
/// came otherwise is what it is.
pub const READ_JSON_TEXT: &str = "(value => value instanceof ArrayBuffer
    ? JSON.parse(new TextDecoder().decode(new Uint8Array(value).subarray(1)))
    : value)";

/// How long anything on the page may take to appear. Generous: these machines are shared.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a script may take to say that it is done.
const SCRIPT_LIMIT: Duration = Duration::from_secs(120);

/// A program's window, on a display and with a data folder of its own. One at a time.
pub struct Window {
    client: Client,
    program: PathBuf,
    _driver: Driver,
    data: TempDir,
    environment: Vec<(String, String)>,
    _turn: OwnedMutexGuard<()>,
}

impl Window {
    /// Starts the app and waits for its first page.
    ///
    /// # Errors
    /// When the app, the driver or the display can't be started.
    pub async fn open() -> Result<Self> {
        Self::open_program(binaries::desktop()?).await
    }

    /// Starts a program that takes `--data-dir` as the app does, and waits for its first page.
    ///
    /// # Errors
    /// When the program, the driver or the display can't be started.
    pub async fn open_program(program: PathBuf) -> Result<Self> {
        Self::open_on(program, tempfile::tempdir()?, Vec::new(), &[]).await
    }

    /// Starts the app with more on its command line and in its environment.
    ///
    /// # Errors
    /// When the app, the driver or the display can't be started.
    pub async fn open_with(
        data: TempDir,
        environment: Vec<(String, String)>,
        arguments: &[&str],
    ) -> Result<Self> {
        Self::open_on(binaries::desktop()?, data, environment, arguments).await
    }

    /// Closes the app and starts it once more with what it kept.
    ///
    /// # Errors
    /// When the app, the driver or the display can't be ended and started.
    pub async fn close_and_open_again(self) -> Result<Self> {
        let Self {
            client,
            program,
            _driver: driver,
            data,
            environment,
            _turn: turn,
        } = self;
        client.close().await?;
        drop((driver, turn));
        Self::open_on(program, data, environment, &[]).await
    }

    /// Starts the app once more, which has ended by itself, with what it kept.
    ///
    /// # Errors
    /// When it can't be started.
    pub async fn open_again(self) -> Result<Self> {
        let Self {
            program,
            _driver: driver,
            data,
            environment,
            _turn: turn,
            ..
        } = self;
        drop((driver, turn));
        Self::open_on(program, data, environment, &[]).await
    }

    /// Starts a program with these arguments beside its data folder, and waits for nothing.
    ///
    /// # Errors
    /// When the program, the driver or the display can't be started.
    pub async fn open_at_once(program: PathBuf, arguments: &[&str]) -> Result<Self> {
        Self::start(program, tempfile::tempdir()?, Vec::new(), arguments).await
    }

    async fn open_on(
        program: PathBuf,
        data: TempDir,
        environment: Vec<(String, String)>,
        arguments: &[&str],
    ) -> Result<Self> {
        let window = Self::start(program, data, environment, arguments).await?;
        window.wait_for("[data-page-id]").await?;
        Ok(window)
    }

    async fn start(
        program: PathBuf,
        data: TempDir,
        environment: Vec<(String, String)>,
        arguments: &[&str],
    ) -> Result<Self> {
        static TURN: std::sync::OnceLock<Arc<Mutex<()>>> = std::sync::OnceLock::new();
        let turn = TURN.get_or_init(Arc::default).clone().lock_owned().await;
        let variables: Vec<_> = environment
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let driver = Driver::start(&variables).await?;
        let folder = data.path().to_str().context("the folder is not text")?;
        let all = [&["--data-dir", folder], arguments].concat();
        let capabilities = json!({
            "webkitgtk:browserOptions": {
                "binary": program,
                "args": all,
            },
            "timeouts": {
                "script": SCRIPT_LIMIT.as_millis(),
                // The driver's own five minutes would hide that a page doesn't load.
                "pageLoad": PATIENCE.as_millis(),
            },
        });
        let capabilities = capabilities.as_object().cloned().unwrap_or_default();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let address = driver.address();
        let client = tokio::time::timeout(PATIENCE, builder.connect(&address))
            .await
            .context("the driver has not opened the app's window in time")?
            .context("the app's window could not be opened")?;
        Ok(Self {
            client,
            program,
            _driver: driver,
            data,
            environment,
            _turn: turn,
        })
    }

    /// The driver's client, for the other ways to drive the window.
    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Goes to an address within the page, as its links do.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn go(&self, path: &str) -> Result<()> {
        let script = "
            const [path, done] = arguments;
            history.pushState(null, '', path);
            dispatchEvent(new PopStateEvent('popstate'));
            requestAnimationFrame(() => requestAnimationFrame(() => done()));";
        self.run_async(script, vec![json!(path)]).await?;
        Ok(())
    }

    /// Where the app keeps everything.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.data.path().to_owned()
    }

    /// The element that `css` names, once it is there.
    ///
    /// # Errors
    /// When it doesn't appear; the message says what the page shows instead.
    pub async fn wait_for(&self, css: &str) -> Result<Element> {
        match self
            .client
            .wait()
            .at_most(PATIENCE)
            .every(Duration::from_millis(50))
            .for_element(Locator::Css(css))
            .await
        {
            Ok(element) => Ok(element),
            Err(error) => {
                let shown = self.page_text().await.unwrap_or_default();
                self.screenshot("failure").await?;
                Err(error).with_context(|| format!("no {css} on a page that reads:\n{shown}"))
            }
        }
    }

    /// Every element that `css` names now.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn all(&self, css: &str) -> Result<Vec<Element>> {
        Ok(self.client.find_all(Locator::Css(css)).await?)
    }

    /// Clicks the element that `css` names, once it is there and stands still: the driver clicks at the
    /// place where it was a moment ago, as a hasty person would.
    ///
    /// # Errors
    /// When it doesn't appear or can't be clicked.
    pub async fn click(&self, css: &str) -> Result<()> {
        self.wait_for(css).await?;
        let script = "
            const [css, done] = arguments;
            let before = null;
            const look = () => {
                const box = document.querySelector(css)?.getBoundingClientRect();
                const place = box && [box.x, box.y, box.width, box.height].join();
                if (place === before) return done(place);
                before = place;
                requestAnimationFrame(look);
            };
            look();";
        self.run_async(script, vec![Value::from(css)]).await?;
        self.wait_for(css).await?.click().await?;
        Ok(())
    }

    /// Types `text` into the element that `css` names and presses Enter.
    ///
    /// # Errors
    /// When it doesn't appear or takes no keys.
    pub async fn enter(&self, css: &str, text: &str) -> Result<()> {
        let keys = format!("{text}{}", char::from(Key::Enter));
        self.wait_for(css).await?.send_keys(&keys).await?;
        Ok(())
    }

    /// Types `text` into the element that `css` names.
    ///
    /// # Errors
    /// When it doesn't appear or takes no keys.
    pub async fn type_into(&self, css: &str, text: &str) -> Result<()> {
        self.wait_for(css).await?.send_keys(text).await?;
        Ok(())
    }

    /// The text of the element that `css` names, once it is there.
    ///
    /// # Errors
    /// When it doesn't appear.
    pub async fn text(&self, css: &str) -> Result<String> {
        Ok(self.wait_for(css).await?.text().await?)
    }

    /// Waits until the text of what `css` names contains `part`.
    ///
    /// # Errors
    /// When it doesn't within the patience of these tests; the message says what it reads instead.
    pub async fn wait_for_text(&self, css: &str, part: &str) -> Result<()> {
        self.poll(async || {
            let text = self.text(css).await?;
            Ok((text.contains(part), format!("{css} reads {text:?}")))
        })
        .await
        .with_context(|| format!("{part:?} was awaited"))
    }

    /// Waits until `script` returns `value`.
    ///
    /// # Errors
    /// When it doesn't within the patience of these tests; the message says what it returns.
    pub async fn wait_until(&self, script: &str, value: Value) -> Result<()> {
        self.poll(async || {
            let returned = self.run(script).await?;
            Ok((returned == value, format!("{script} returns {returned}")))
        })
        .await
        .with_context(|| format!("{value} was awaited"))
    }

    /// Asks again and again until the answer is yes; the second part of the answer is for people.
    async fn poll(&self, ask: impl AsyncFn() -> Result<(bool, String)>) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match ask().await? {
                (true, _) => return Ok(()),
                (false, instead) if Instant::now() > deadline => {
                    self.screenshot("failure").await?;
                    bail!(instead);
                }
                (false, _) => {}
            }
        }
    }

    /// All text on the page.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn page_text(&self) -> Result<String> {
        let text = self.run("return document.body.innerText;").await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Runs JavaScript in the page.
    ///
    /// # Errors
    /// What the script throws.
    pub async fn run(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Runs JavaScript that calls its last argument when it is done, and gives what it calls it
    /// with.
    ///
    /// # Errors
    /// What the script throws.
    pub async fn run_async(&self, script: &str, args: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute_async(script, args).await?)
    }

    /// Calls a command of the app from the page, past the page's own code.
    ///
    /// # Errors
    /// What the command refuses with.
    pub async fn invoke(&self, command: &str, args: Value) -> Result<Value> {
        let script = format!(
            "const [command, args, done] = arguments;
             window.__TAURI_INTERNALS__.invoke(command, args).then({READ_JSON_TEXT})
                 .then(ok => done({{ ok }}), error => done({{ error }}));"
        );
        let answer = self.run_async(&script, vec![json!(command), args]).await?;
        match answer.get("error") {
            Some(error) => bail!("{error}"),
            None => Ok(answer["ok"].clone()),
        }
    }

    /// Loads the page anew, as F5 would.
    ///
    /// # Errors
    /// When the page doesn't come back.
    pub async fn reload(&self) -> Result<()> {
        self.client.refresh().await?;
        self.wait_for("[data-page-id]").await?;
        Ok(())
    }

    /// Makes the window this large, in CSS pixels, and waits for the page to follow.
    ///
    /// # Errors
    /// When the window doesn't take that size.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.client.set_window_size(width, height).await?;
        self.wait_until("return [innerWidth, innerHeight];", json!([width, height]))
            .await
    }

    /// The page as it looks, as PNG.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        Ok(self.client.screenshot().await?)
    }

    /// Closes the window and waits for the app to end.
    ///
    /// # Errors
    /// When the driver can't be reached any more.
    pub async fn close(self) -> Result<()> {
        self.client.close().await?;
        Ok(())
    }
}
