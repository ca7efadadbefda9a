//! # download-files
//! Downloads files by http and https into a folder, several at once, and goes on with what was broken
//! off.
//!
//! A file has its name only when it is whole and what its checksum says. Until then it is `name.partial`,
//! which the next run goes on with if the server says that the file is still the same. What one server
//! does wrong stops no other download: each that failed has a row with the reason. Names that servers
//! choose are made safe. Nothing is unpacked on the way.

mod attempt;
mod crew;
mod disposition;
mod fetch;
mod item;
mod names;
mod names_taken;
mod note;
mod pace;
mod partial;
mod range;
mod report;
mod stream;
mod tally;

use std::{collections::HashSet, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_toolkit::{
    About, ErrorCode, Example, ExecutableTool, HttpErrorKind, InputProblem, OutputDir, Overwrite,
    Permission, Secret, SkipSentence, ToolBehavior, ToolCategory, ToolError, ToolExecutionContext,
    ToolLimits, http::Credentials,
};

use crew::Crew;
use fetch::shown;
use item::Item;
pub use report::{Downloaded, NotDownloaded, Output, Reason};

/// Downloads files.
pub struct DownloadFiles;

/// What to download, and where to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// One address a line. After it there may be a checksum, by which the file is verified, and "as"
    /// and a name for it: https://example.org/file.zip sha256:0123… as new.zip
    #[schemars(title = "Addresses", length(min = 1))]
    pub urls: Vec<String>,
    /// The folder to download into. It is made if it isn't there. Nothing is written outside it.
    #[schemars(title = "Into")]
    pub into: OutputDir,
    /// What becomes of a file that has the name of one that is downloaded.
    #[serde(default)]
    #[schemars(title = "If a file is there already")]
    pub overwrite: Overwrite,
    /// How many files are downloaded at the same time.
    #[serde(default = "at_once")]
    #[schemars(title = "At once", range(min = 1, max = 16))]
    pub at_once: u32,
    /// Keep what has come if a download is broken off, as name.partial, and go on with it the next time.
    #[serde(default = "resume")]
    #[schemars(title = "Resume", extend("x-advanced" = true))]
    pub resume: bool,
    /// How often each file is tried in all before it is given up, with longer and longer waits between.
    #[serde(default = "attempts")]
    #[schemars(title = "Attempts", range(min = 1, max = 100), extend("x-advanced" = true))]
    pub attempts: u32,
    /// How many bytes may come in a second, over all downloads together; 0 for as many as can.
    #[serde(default)]
    #[schemars(title = "Most bytes a second", extend("x-unit" = "bytes", "x-advanced" = true))]
    pub max_rate: u64,
    /// A token that lets you in at the servers of these addresses ("Bearer"). It is sent to them alone, and
    /// to no other server that one of them leads on to.
    #[serde(default)]
    #[schemars(title = "Token", extend("x-advanced" = true))]
    pub token: Option<Secret>,
    /// Your name at the servers of these addresses, if they ask for a name and a password.
    #[serde(default)]
    #[schemars(title = "User", extend("x-advanced" = true))]
    pub user: Option<String>,
    /// The password of that user. It is sent as the token is.
    #[serde(default)]
    #[schemars(title = "Password", extend("x-advanced" = true))]
    pub password: Option<Secret>,
}

fn at_once() -> u32 {
    4
}

fn resume() -> bool {
    true
}

fn attempts() -> u32 {
    4
}

impl ExecutableTool for DownloadFiles {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "download-files",
        title: "Download files",
        description: "Downloads files by http and https, several at once, verifies them by checksums, and goes on with what was broken off.",
        category: ToolCategory::Network,
        version: "1.0.0",
        permissions: &[Permission::Connect, Permission::WriteFiles],
        limits: ToolLimits::NONE,
        // Begun again it might meet its own files, and keep both.
        behavior: ToolBehavior::CAUTIOUS,
    };

    fn examples() -> Vec<Example> {
        vec![
            Example::new(
                "Download a file and verify it",
                json!({
                    "urls": ["https://example.org/tool.tar.gz sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
                    "into": "Downloads",
                }),
            )
            .not_run(),
            Example::new(
                "Download two files slowly, one of them under another name",
                json!({
                    "urls": [
                        "https://example.org/a.iso",
                        "https://example.org/latest as tool.zip",
                    ],
                    "into": "Downloads",
                    "max_rate": 1_000_000,
                }),
            )
            .not_run(),
        ]
    }

    fn check(&self, input: &Input) -> Vec<InputProblem> {
        let lines = input.urls.iter().enumerate();
        let wrong_lines = lines.filter_map(|(number, line)| {
            let said = Item::parse(line).err()?;
            Some(InputProblem::new(format!("/urls/{number}"), said))
        });
        wrong_lines.chain(wrong_credentials(input)).collect()
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        let into = input.into.clone();
        let folder = ctx.blocking(move |ctx| Ok(ctx.output_dir(&into)?)).await?;
        let (items, repeated) = read_list(&input.urls)?;
        let at_once = usize::try_from(input.at_once).unwrap_or(1);
        let credentials = credentials(&ctx, &input).await?;
        let crew = Crew::new(ctx.clone(), folder.clone(), &input, credentials, items);
        let crew = Arc::new(crew);
        let outcomes = crew.clone().run(at_once).await;

        let mut output = Output {
            into: folder.path().to_string_lossy().into_owned(),
            received_bytes: crew.tally.received(),
            ..Output::default()
        };
        let mut is_all_synced = true;
        for outcome in outcomes {
            match outcome {
                Ok((downloaded, is_synced)) => {
                    is_all_synced &= is_synced;
                    output.downloaded.push(downloaded);
                }
                Err(not) => output.not_downloaded.push(not),
            }
        }
        output.not_downloaded.extend(repeated);
        if !is_all_synced {
            ctx.blocking(move |_| Ok(folder.sync_all()?))
                .await
                .map_err(|error| error.with_partial(&output))?;
        }
        end(output)
    }
}

/// What lets us in at the servers.
async fn credentials(
    ctx: &ToolExecutionContext,
    input: &Input,
) -> Result<Option<Credentials>, ToolError> {
    Ok(match (&input.token, &input.user, &input.password) {
        (Some(token), ..) => Some(Credentials::Token(ctx.secrets.reveal(token).await?)),
        (None, Some(user), Some(password)) => {
            let password = ctx.secrets.reveal(password).await?;
            Some(Credentials::Password(user.clone(), password))
        }
        _ => None,
    })
}

fn wrong_credentials(input: &Input) -> Option<InputProblem> {
    let (at, said) = match (&input.token, &input.user, &input.password) {
        (Some(_), None, None) | (None, None, None) | (None, Some(_), Some(_)) => return None,
        (Some(_), ..) => (
            "/token",
            "Give a token, or a user and a password: not both.",
        ),
        (None, None, Some(_)) => ("/user", "Say whose password it is."),
        (None, Some(_), None) => ("/password", "A user needs a password here."),
    };
    Some(InputProblem::new(at, said))
}

/// What is to be downloaded, and what is there twice.
fn read_list(lines: &[String]) -> Result<(Vec<Item>, Vec<NotDownloaded>), ToolError> {
    let mut seen = HashSet::new();
    let (mut items, mut repeated) = (Vec::new(), Vec::new());
    for line in lines {
        let item =
            Item::parse(line).map_err(|said| ToolError::failed(ErrorCode::InvalidInput, said))?;
        if seen.insert(item.url.clone()) {
            items.push(item);
        } else {
            repeated.push(NotDownloaded {
                url: shown(&item.url),
                reason: Reason::Repeated,
                status: None,
                message: Reason::Repeated.sentence().to_owned(),
                attempts: 0,
                kept: None,
                kept_bytes: 0,
            });
        }
    }
    Ok((items, repeated))
}

fn end(output: Output) -> Result<Output, ToolError> {
    let canceled = Reason::Http(HttpErrorKind::Canceled);
    if output
        .not_downloaded
        .iter()
        .any(|not| not.reason == canceled)
    {
        return Err(ToolError::canceled().with_partial(&output));
    }
    if !output.downloaded.is_empty() {
        return Ok(output);
    }
    let message = match &output.not_downloaded[..] {
        [only] => format!("{} could not be downloaded. {}", only.url, only.message),
        all => format!(
            "None of the {} files could be downloaded; the result says why for each.",
            all.len()
        ),
    };
    let code = ErrorCode::Tool("nothing_downloaded".to_owned());
    Err(ToolError::failed(code, message).with_partial(&output))
}
