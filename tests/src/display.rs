//! A virtual display, and the driver of the windows on it.

use std::{
    io::{BufRead, BufReader},
    net::{Ipv4Addr, TcpListener},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tokio::net::TcpStream;

use crate::process_group::ProcessGroup;

/// A display of its own for one test, larger than the window.
pub struct Display {
    name: String,
    _server: ProcessGroup,
}

impl Display {
    /// Starts a display and waits until it is ready.
    ///
    /// # Errors
    /// When Xvfb can't be started.
    pub fn start() -> Result<Self> {
        let mut server = ProcessGroup::spawn(
            Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "2600x1500x24"])
                .args(["-nolisten", "tcp"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?;
        // The server writes its number once it takes clients.
        let stdout = server.child().stdout.take().context("Xvfb has no output")?;
        let mut number = String::new();
        BufReader::new(stdout).read_line(&mut number)?;
        if number.trim().is_empty() {
            bail!("Xvfb ended before it was ready");
        }
        Ok(Self {
            name: format!(":{}", number.trim()),
            _server: server,
        })
    }
}

/// WebKit's own WebDriver, on a display and a message bus of its own.
pub struct Driver {
    port: u16,
    _process: ProcessGroup,
    _display: Display,
}

impl Driver {
    /// Starts the driver, on a display of its own, and waits until it takes connections.
    ///
    /// # Errors
    /// When it can't be started or isn't ready within 20 s.
    pub async fn start(environment: &[(&str, &str)]) -> Result<Self> {
        let display = Display::start()?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let process = ProcessGroup::spawn(
            Command::new("dbus-run-session")
                .args(["--", "WebKitWebDriver", "--host=127.0.0.1"])
                .arg(format!("--port={port}"))
                .env("DISPLAY", &display.name)
                .env_remove("WAYLAND_DISPLAY")
                // Makes the webview take commands from the driver that starts it.
                .env("TAURI_WEBVIEW_AUTOMATION", "true")
                .env("TAURI_AUTOMATION", "true")
                .envs(environment.iter().copied())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        let ready = async {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, port))
                .await
                .is_err()
            {
                // sleep: the driver tells nobody when it is ready
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), ready)
            .await
            .context("WebKitWebDriver was not ready within 20 s")?;
        Ok(Self {
            port,
            _process: process,
            _display: display,
        })
    }

    /// Where it takes WebDriver's requests.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}
