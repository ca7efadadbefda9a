//! Stands in for the system in tests of debug builds: gives the answers that stand in a file, and
//! writes down what was asked beside it.
//!
//! `TOOLROOM_STAND_IN` names the file, an object: `chosen` are the paths that a person chooses, and
//! `clicked` is whether they click on a notification. It is read anew each time. What was asked stands in
//! `FILE.asked`, one JSON object a line.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use toolroom_shared::{AppError, PathWish};

use super::{NativeServices, Notice, refused};

const VARIABLE: &str = "TOOLROOM_STAND_IN";

/// What stands in for the system.
pub struct StandIn {
    answers: PathBuf,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Answers {
    chosen: Vec<PathBuf>,
    clicked: bool,
}

impl StandIn {
    /// The one that the environment asks for.
    pub fn from_environment() -> Option<Self> {
        let answers = env::var_os(VARIABLE)?.into();
        Some(Self { answers })
    }

    /// Writes down what was asked.
    pub fn note(&self, asked: &Value) -> Result<(), AppError> {
        let mut name = self.answers.clone().into_os_string();
        name.push(".asked");
        let line = format!("{asked}\n");
        fs::File::options()
            .create(true)
            .append(true)
            .open(Path::new(&name))
            .and_then(|mut file| file.write_all(line.as_bytes()))
            .map_err(|error| refused("What was asked could not be written down:", error))
    }

    fn answers(&self) -> Result<Answers, AppError> {
        let text = fs::read(&self.answers).map_err(|error| refused("No answers:", error))?;
        serde_json::from_slice(&text).map_err(|error| refused("The answers can't be read:", error))
    }
}

#[async_trait]
impl NativeServices for StandIn {
    async fn choose(&self, wish: &PathWish) -> Result<Vec<PathBuf>, AppError> {
        self.note(&json!({ "choose": wish }))?;
        Ok(self.answers()?.chosen)
    }

    async fn open(&self, path: PathBuf) -> Result<(), AppError> {
        self.note(&json!({ "open": path }))
    }

    async fn reveal(&self, path: PathBuf) -> Result<(), AppError> {
        self.note(&json!({ "reveal": path }))
    }

    async fn notify(&self, notice: &Notice) -> Result<bool, AppError> {
        self.note(&json!({ "notify": { "title": notice.title, "text": notice.text } }))?;
        Ok(self.answers()?.clicked)
    }
}
