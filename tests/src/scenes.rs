//! Every page and state of the window, one after the other: what pictures are made of, and what is
//! looked through for barriers.
//!
//! States are reached by using the real app on files made for it. What can't be brought about (a
//! backend that fails) is put into its answers.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use toolroom_shared::TabId;

use crate::{slow_server::SlowServer, tool_page::job, window::Window};

/// A name that no place is wide enough for.
const LONG_NAME: &str = "a-name-that-is-much-longer-than-any-place-for-it-and-has-no-space-to-break-at-2026-11-22.tar.zst";

/// The window with files to work on.
pub struct Stage {
    /// The window.
    pub window: Window,
    folder: TempDir,
    server: SlowServer,
}

impl Stage {
    /// Opens a window that has never been used, beside files for it.
    ///
    /// # Errors
    /// When the window or the files can't be made.
    pub async fn open() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("toolroom-").tempdir()?;
        let stage = Self {
            window: Window::open().await?,
            server: SlowServer::start()?,
            folder,
        };
        for (name, bytes) in [
            ("Photos/2026/beach.jpg", 4_200_000),
            ("Photos/2026/forest.jpg", 3_900_000),
            ("Photos/2026/copies/beach.jpg", 4_200_000),
            ("Photos/notes.txt", 812),
            (LONG_NAME, 70_000),
        ] {
            let path = stage.path(name);
            fs::create_dir_all(path.parent().context("a file has a folder")?)?;
            fs::write(path, vec![7; bytes])?;
        }
        fs::create_dir_all(stage.path("Pictures"))?;
        for (name, colors) in [
            ("dawn.ppm", [[250, 190, 120], [90, 70, 140]]),
            ("dunes.ppm", [[240, 210, 160], [170, 110, 60]]),
            ("meadow.ppm", [[150, 200, 240], [60, 120, 60]]),
            ("night.ppm", [[20, 30, 70], [5, 5, 20]]),
        ] {
            fs::write(stage.path("Pictures").join(name), picture(480, 320, colors))?;
        }
        Ok(stage)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts a job past the form; its id.
    async fn start(&self, tool: &str, input: Value) -> Result<String> {
        let args = json!({ "toolName": tool, "inputJson": input, "options": {} });
        let started = self.window.invoke("start_tool_job", args).await?;
        let id = started["job_id"].as_str().context("a job has an id")?;
        Ok(id.to_owned())
    }

    async fn hash(&self, path: PathBuf) -> Result<String> {
        self.start("hash-files", json!({ "paths": [path] })).await
    }

    /// A download that runs for as long as the stage stands, or waits for its turn.
    async fn download(&self, name: &str) -> Result<String> {
        let input = json!({ "urls": [self.server.url(name)], "into": self.path("Downloads") });
        self.start("download-files", input).await
    }

    /// Shows every scene in turn; `visit` is called at each with its name.
    ///
    /// # Errors
    /// When a scene can't be reached, or what `visit` fails with.
    pub async fn play(&self, mut visit: impl AsyncFnMut(&str) -> Result<()>) -> Result<()> {
        self.unused(&mut visit).await?;
        let jobs = self.fill().await?;
        self.used(&jobs, &mut visit).await?;
        self.overlays(&mut visit).await?;
        self.failures(&mut visit).await
    }

    /// A window that has never been used.
    async fn unused(&self, visit: &mut impl AsyncFnMut(&str) -> Result<()>) -> Result<()> {
        let window = &self.window;
        window.wait_for(".tool-form h1").await?;
        visit("tools-no-runs").await?;
        // Run says what is missing.
        window.press("Ctrl+Enter").await?;
        window.wait_for("[data-problem]").await?;
        visit("tools-problems").await?;
        for tab in TabId::ALL {
            if tab == TabId::Tools {
                continue;
            }
            self.page(tab).await?;
            visit(&format!("{}-unused", tab.id())).await?;
        }
        Ok(())
    }

    /// Goes to a page and waits for it.
    async fn page(&self, tab: TabId) -> Result<()> {
        self.window.go(tab.path()).await?;
        let page = format!("[data-page-id='{}']", tab.id());
        self.window.wait_for(&page).await?;
        Ok(())
    }

    /// Jobs of each kind, the last of them still under way.
    async fn fill(&self) -> Result<Jobs> {
        let window = &self.window;
        self.page(TabId::Jobs).await?;
        let succeeded = self.hash(self.path("Photos")).await?;
        self.hash(self.path(LONG_NAME)).await?;
        let find = json!({ "paths": [self.path("Photos")] });
        self.start("find-duplicates", find).await?;
        let convert =
            json!({ "paths": [self.path("Pictures")], "into": self.path("Small"), "width": 240 });
        self.start("convert-images", convert).await?;
        let failed = self.hash("/mnt/nas/music".into()).await?;
        let canceled = self.download("debian-13-netinst.iso").await?;
        window.wait_for(&of(&canceled, "Running")).await?;
        let cancel = json!({ "jobId": canceled });
        window.invoke("cancel_job", cancel).await?;
        let ended = [
            (&succeeded, "Succeeded"),
            (&failed, "Failed"),
            (&canceled, "Canceled"),
        ];
        for (id, status) in ended {
            window.wait_for(&of(id, status)).await?;
        }
        let running = self.download("ubuntu-26.04-desktop-amd64.iso").await?;
        window.wait_for(&of(&running, "Running")).await?;
        let cores = std::thread::available_parallelism()?.get();
        for number in 0..cores + 2 {
            self.download(&format!("lecture-{number:02}.mp4")).await?;
        }
        window.wait_for(&job("Queued")).await?;
        Ok(Jobs {
            succeeded,
            failed,
            canceled,
            running,
        })
    }

    /// Pages with jobs on them.
    async fn used(
        &self,
        jobs: &Jobs,
        visit: &mut impl AsyncFnMut(&str) -> Result<()>,
    ) -> Result<()> {
        let window = &self.window;
        self.page(TabId::Jobs).await?;
        visit("jobs").await?;
        for (name, id) in [
            ("running", &jobs.running),
            ("succeeded", &jobs.succeeded),
            ("failed", &jobs.failed),
            ("canceled", &jobs.canceled),
        ] {
            window.go(&format!("{}/{id}", TabId::Jobs.path())).await?;
            window.wait_for(".detail h2").await?;
            visit(&format!("job-{name}")).await?;
        }
        self.page(TabId::Jobs).await?;
        window.press("/").await?;
        window.type_text("nothing is called so").await?;
        window.wait_for(".jobs .empty").await?;
        visit("jobs-nothing-found").await?;
        for (tool, shown) in [
            ("hash-files", ".runs [data-job-id]"),
            ("download-files", ".runs [data-job-id]"),
            ("find-duplicates", ".runs [data-job-id]"),
            ("convert-images", ".image-grid img"),
        ] {
            window.go(&format!("/tools/{tool}")).await?;
            window.wait_for(shown).await?;
            visit(&format!("tool-{tool}")).await?;
        }
        let look = "
            Object.assign(document.documentElement.dataset, { density: 'compact', accent: 'violet' });";
        window.run(look).await?;
        visit("tool-compact-violet").await?;
        let usual = "
            delete document.documentElement.dataset.density;
            delete document.documentElement.dataset.accent;";
        window.run(usual).await?;
        self.page(TabId::Monitor).await?;
        visit("monitor").await
    }

    /// What stands above the page.
    async fn overlays(&self, visit: &mut impl AsyncFnMut(&str) -> Result<()>) -> Result<()> {
        let window = &self.window;
        window.go("/tools/hash-files").await?;
        window.wait_for(".tool-form h1").await?;
        window.press("Ctrl+K").await?;
        window.wait_for("[data-palette-query]").await?;
        visit("palette").await?;
        window.type_text("mus").await?;
        window.wait_for("[data-offer^='job:']").await?;
        visit("palette-jobs").await?;
        window.type_text(" zzz").await?;
        window.wait_for_text(".palette-instead", "Nothing").await?;
        visit("palette-nothing-found").await?;
        window.press("Escape").await?;
        self.by_palette("keyboard").await?;
        window.wait_for(".shortcuts").await?;
        visit("shortcuts").await?;
        window.press("Escape").await?;
        self.by_palette("cancel all").await?;
        window.wait_for(".dialog [data-action='keep-all']").await?;
        visit("cancel-all").await?;
        window.press("Escape").await?;
        // A form that is reset can be had back; a job that is gone can't be canceled.
        let fold = "[data-field='/algorithm'] input:not(:checked)";
        window
            .run(&format!("document.querySelector({fold:?})?.click();"))
            .await?;
        window.click("[data-action='reset']").await?;
        window.wait_for(".notice").await?;
        visit("notice").await?;
        window.click("[data-action='show-notices']").await?;
        window.wait_for(".notices-list").await?;
        visit("notices-list").await?;
        window.press("Escape").await
    }

    /// What is shown when the backend refuses or fails.
    async fn failures(&self, visit: &mut impl AsyncFnMut(&str) -> Result<()>) -> Result<()> {
        let window = &self.window;
        let fail = "throw { code: 'io_error', message: 'The disk with the history is full. \
            Make room on it and try again.', details: null, retryable: true };";
        window.change_answers("list_jobs", fail).await?;
        window.change_answers("get_job", fail).await?;
        self.page(TabId::Jobs).await?;
        window.press("/").await?;
        window.type_text("music").await?;
        window.wait_for(".banner").await?;
        visit("jobs-failed-to-load").await?;
        window.go("/nowhere").await?;
        window.wait_for(".empty").await?;
        visit("no-such-page").await
    }

    /// Chooses the best of what the palette finds.
    async fn by_palette(&self, query: &str) -> Result<()> {
        let window = &self.window;
        window.press("Ctrl+K").await?;
        window.wait_for("[data-palette-query]").await?;
        window.type_text(query).await?;
        window
            .wait_for("[data-offer^='action:'][aria-selected='true']")
            .await?;
        window.press("Enter").await
    }
}

/// The ids of the jobs that are looked at.
struct Jobs {
    succeeded: String,
    failed: String,
    canceled: String,
    running: String,
}

/// A picture that goes from one colour above to another below, as a PPM.
fn picture(width: u32, height: u32, [above, below]: [[u8; 3]; 2]) -> Vec<u8> {
    let mut bytes = format!("P6 {width} {height} 255\n").into_bytes();
    for y in 0..height {
        let share = f64::from(y) / f64::from(height);
        let between =
            |(from, to): (u8, u8)| f64::from(from) + share * (f64::from(to) - f64::from(from));
        let color = above.into_iter().zip(below).map(between);
        let color: Vec<u8> = color.map(|part| part.round() as u8).collect();
        bytes.extend(color.repeat(width as usize));
    }
    bytes
}

fn of(id: &str, status: &str) -> String {
    format!("[data-job-id='{id}'][data-status='{status}']")
}
