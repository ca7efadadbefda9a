//! Attacks by paths on the catalogue's own tools, run for a caller who may read and write in one folder:
//! nothing outside it is read or written, and nothing hangs.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use toolroom_engine::{EngineConfig, JobApi, JobManager, PermissionApi, PermissionConfig};
use toolroom_shared::{AppError, Caller, ErrorCode, JobSnapshot, JobStatus, StartOptions};

/// What stands in every file that must not be read.
const CANARY: &str = "canary-d6b1f0a4-never-to-be-read";
/// The same in small: what is read of it is seen in any output.
const LONG: Duration = Duration::from_secs(60);

struct House {
    folder: TempDir,
    engine: JobManager,
    /// The digests of the canary's file, as a person is told them.
    digests: Vec<String>,
}

impl House {
    /// `open-é` is granted; what is beside it isn't: among others folders that look like it.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        // Composed and decomposed, larger and longer: four folders that aren't one another.
        for name in [
            "open-\u{e9}",
            "open-e\u{301}",
            "OPEN-\u{c9}",
            "open-\u{e9}vil",
            "out",
        ] {
            fs::create_dir_all(top.join(name).join("deep")).unwrap();
        }
        for name in [
            "open-e\u{301}",
            "OPEN-\u{c9}",
            "open-\u{e9}vil",
            "out",
            "out/deep",
        ] {
            fs::write(top.join(name).join("kept"), CANARY).unwrap();
        }
        let open = top.join("open-\u{e9}");
        fs::write(open.join("good"), "good").unwrap();
        fs::write(open.join("deep/good"), "good").unwrap();
        // What a manifest and an archive may lead to.
        fs::write(
            open.join("SHA256SUMS"),
            format!(
                "{:064} ../out/kept\n{:064} {}\n",
                0,
                0,
                top.join("out/kept").display()
            ),
        )
        .unwrap();
        symlink(top.join("out"), open.join("way")).unwrap();
        symlink("../out/kept", open.join("file-way")).unwrap();
        symlink("way", open.join("second-way")).unwrap();
        symlink("/proc/self/environ", open.join("environ")).unwrap();
        symlink("/dev/zero", open.join("zeros")).unwrap();
        symlink("round", open.join("round")).unwrap();
        for pipe in [open.join("pipe"), top.join("out/pipe")] {
            assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
        }
        let config = EngineConfig {
            permissions: PermissionConfig {
                ask_for: Duration::ZERO,
                ..PermissionConfig::default()
            },
            ..EngineConfig::default()
        };
        let opened = JobManager::open(toolroom_app::registry().unwrap(), config);
        let mut house = Self {
            folder,
            engine: opened.unwrap().manager,
            digests: Vec::new(),
        };
        let permissions = house.engine.permissions();
        let mut policy = permissions.policy(Caller::Window).await.unwrap();
        let grant = policy.grant_mut(&attacker());
        grant.all_tools = true;
        grant.starts_per_minute = 1_000_000;
        grant.read.push(open.to_str().unwrap().into());
        grant.write.push(open.to_str().unwrap().into());
        permissions
            .set_policy(Caller::Window, policy)
            .await
            .unwrap();
        house.digests = house.digests_of_the_canary().await;
        house
    }

    fn top(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    fn open(&self) -> PathBuf {
        self.top().join("open-\u{e9}")
    }

    async fn digests_of_the_canary(&self) -> Vec<String> {
        let mut digests = Vec::new();
        for algorithm in ["blake3", "sha256"] {
            let input = json!({ "paths": [self.top().join("out/kept")], "algorithm": algorithm });
            let job = self.run(Caller::Window, "hash-files", input).await.unwrap();
            assert_eq!(job.status, JobStatus::Succeeded, "{:?}", job.error);
            let text = job.output.unwrap().to_string();
            let is_hex =
                |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
            let found = text.split('"').find(is_hex);
            digests.push(found.unwrap().to_owned());
        }
        digests
    }

    async fn run(&self, caller: Caller, tool: &str, input: Value) -> Result<JobSnapshot, AppError> {
        let options = StartOptions::default();
        let started = self
            .engine
            .start(caller.clone(), tool, input.clone(), options);
        let job = tokio::time::timeout(LONG, started).await.unwrap()?.job_id;
        let ended = tokio::time::timeout(LONG, self.engine.wait(caller, &job)).await;
        let Ok(ended) = ended else {
            panic!("{tool} hangs with {input}");
        };
        Ok(ended.unwrap())
    }

    /// Runs a tool for the attacker. What it gives and leaves in the open must hold nothing of what is
    /// outside.
    async fn attack(&self, tool: &str, input: Value) -> Option<JobSnapshot> {
        let (job, said) = match self.run(attacker(), tool, input.clone()).await {
            Ok(job) => {
                let said = serde_json::to_string(&(&job.output, &job.error, &job.message));
                (Some(job), said.unwrap())
            }
            Err(error) => {
                let is_refusal = matches!(
                    error.code,
                    ErrorCode::PermissionAsked
                        | ErrorCode::PermissionDenied
                        | ErrorCode::InvalidInput
                );
                // So many questions are open by now that nobody is asked any more.
                assert!(
                    is_refusal || error.code == ErrorCode::RateLimited,
                    "{error}"
                );
                (None, serde_json::to_string(&error).unwrap())
            }
        };
        let is_told = |text: &str| {
            text.contains(CANARY) || self.digests.iter().any(|digest| text.contains(digest))
        };
        assert!(!is_told(&said), "{tool} tells with {input}: {said}");
        job
    }

    /// Every file and link outside of what is open, with what it holds.
    fn outside(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        for entry in fs::read_dir(self.top()).unwrap() {
            let path = entry.unwrap().path();
            if path != self.open() {
                content(&path, &mut found);
            }
        }
        found
    }

    /// Nothing of what is outside has come into the open.
    fn assert_nothing_came_in(&self) {
        let mut found = BTreeMap::new();
        content(&self.open(), &mut found);
        for (path, bytes) in found {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(CANARY), "{}", path.display());
            assert!(
                !self.digests.iter().any(|digest| text.contains(digest)),
                "{}",
                path.display()
            );
            // A name inside an archive isn't packed: a file called so stands outside alone.
            let is_made = path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("made-");
            assert!(!is_made || !text.contains("kept"), "{}", path.display());
        }
    }
}

fn attacker() -> Caller {
    "mcp:attacker".parse().unwrap()
}

fn content(path: &Path, into: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let about = fs::symlink_metadata(path).unwrap();
    if about.is_dir() {
        into.insert(path.to_owned(), Vec::new());
        for entry in fs::read_dir(path).unwrap() {
            content(&entry.unwrap().path(), into);
        }
    } else if about.is_file() {
        into.insert(path.to_owned(), fs::read(path).unwrap());
    } else {
        into.insert(path.to_owned(), b"neither".to_vec());
    }
}

/// Everything that the catalogue can be made to do with a path, to read it and to write there.
fn uses(path: &Path, open: &Path, number: usize) -> Vec<(&'static str, Value)> {
    let path = path.to_str().unwrap();
    let good = open.join("good");
    let fresh = |name: &str| open.join(format!("made-{number}-{name}"));
    vec![
        ("hash-files", json!({ "paths": [path] })),
        (
            "hash-files",
            json!({ "paths": [path], "follow_links": true }),
        ),
        (
            "hash-files",
            json!({ "paths": [good], "manifest": path, "overwrite": true }),
        ),
        ("find-duplicates", json!({ "paths": [path, good] })),
        (
            "search-text",
            json!({ "paths": [path], "pattern": "canary[-0-9a-z]*", "syntax": "regex" }),
        ),
        ("verify-checksums", json!({ "manifests": [path] })),
        (
            "verify-checksums",
            json!({ "manifests": [open.join("SHA256SUMS")], "folder": path }),
        ),
        (
            "compress",
            json!({ "paths": [path], "archive": fresh("a.tar") }),
        ),
        (
            "compress",
            json!({ "paths": [good], "archive": path, "overwrite": "replace", "format": "tar" }),
        ),
        ("extract", json!({ "archive": path, "into": fresh("e") })),
        (
            "extract",
            json!({ "archive": open.join("all.tar"), "into": path }),
        ),
        (
            "convert-images",
            json!({ "paths": [path], "into": fresh("c") }),
        ),
        ("convert-images", json!({ "paths": [open], "into": path })),
        (
            "remove-duplicates",
            json!({ "paths": [path], "action": "hard_link", "apply": true }),
        ),
        (
            "remove-duplicates",
            json!({ "paths": [path], "action": "trash", "apply": true }),
        ),
        (
            "remove-duplicates",
            json!({
                "groups": [{ "files": [{ "path": good }, { "path": path }] }],
                "action": "hard_link", "apply": true,
            }),
        ),
    ]
}

/// One way out for each trick.
fn ways_out(house: &House) -> Vec<PathBuf> {
    let (top, open) = (house.top(), house.open());
    let inside = |way: &str| open.join(way);
    let long = "a".repeat(300);
    let deep = "a/".repeat(2_500);
    let mut ways = vec![
        top.join("out"),
        top.join("out/kept"),
        top.join("out/new"),
        top.clone(),
        inside("../out"),
        inside("../out/kept"),
        inside("deep/../../out/kept"),
        inside("./.././out/./kept"),
        inside("missing/../../out/kept"),
        inside("way"),
        inside("way/kept"),
        inside("way/new"),
        inside("way/../kept"),
        inside("way/../../out/kept"),
        inside("file-way"),
        inside("second-way/deep/kept"),
        inside("round"),
        inside("round/kept"),
        // What looks like it.
        top.join("open-e\u{301}/kept"),
        top.join("OPEN-\u{c9}/kept"),
        top.join("open-\u{e9}vil/kept"),
        top.join("open-\u{e9}vil"),
        // What is no file.
        inside("pipe"),
        top.join("out/pipe"),
        inside("environ"),
        inside("zeros"),
        // What no system takes.
        inside(&long),
        inside(&format!("{long}/../../out/kept")),
        inside(&deep),
        inside(&format!("{deep}../../out/kept")),
    ];
    if cfg!(target_os = "linux") {
        let out = top.join("out/kept");
        let out = out.strip_prefix("/").unwrap();
        let system = ["/proc/self/root", "/proc/1/root", "/proc/thread-self/root"];
        ways.extend(system.map(|root| Path::new(root).join(out)));
        ways.push("/proc/self/environ".into());
        ways.push("/proc/self/mem".into());
        ways.push("/proc/self/fd".into());
        ways.push("/proc/self/fd/0".into());
        ways.push("/dev/zero".into());
        ways.push("/dev/stdin".into());
        ways.push("/dev/full".into());
    }
    ways
}

async fn archive_of_all(house: &House) {
    // Links that lead out stand in it, to be unpacked and written through.
    let made = Command::new("tar")
        .args(["-cf", "all.tar", "good", "way", "file-way", "deep"])
        .current_dir(house.open())
        .status();
    assert!(made.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_path_leads_out_of_what_was_granted_whatever_tool_it_is_given_to() {
    let house = House::new().await;
    archive_of_all(&house).await;
    let before = house.outside();
    let (mut ran, mut number) = (0, 0);
    for way in ways_out(&house) {
        for (tool, input) in uses(&way, &house.open(), number) {
            ran += usize::from(house.attack(tool, input).await.is_some());
            number += 1;
        }
        assert_eq!(house.outside(), before, "{}", way.display());
    }
    house.assert_nothing_came_in();
    // The same uses do their work where they may.
    let input = json!({ "paths": [house.open().join("good")] });
    let job = house.attack("hash-files", input).await.unwrap();
    assert_eq!(job.status, JobStatus::Succeeded);
    assert!(ran > 0 && number > 400, "{ran} of {number}");
}

/// Puts something into a place that a tool may have taken meanwhile.
fn into_place(put: impl Fn() -> std::io::Result<()>, place: &Path) {
    for _ in 0..1_000 {
        if put().is_ok() {
            return;
        }
        clear(place);
    }
    panic!("{} is taken again and again", place.display());
}

/// No link is followed.
fn clear(place: &Path) {
    if fs::remove_file(place).is_err() {
        let _ = fs::remove_dir_all(place);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_becomes_a_link_while_tools_run_leads_nowhere() {
    let house = House::new().await;
    archive_of_all(&house).await;
    let open = house.open();
    let before = house.outside();
    let (swap, real, out) = (
        open.join("swap"),
        open.join("real"),
        house.top().join("out"),
    );
    fs::create_dir(&swap).unwrap();
    for name in ["kept", "more"] {
        fs::write(swap.join(name), "harmless").unwrap();
    }
    let is_over = AtomicBool::new(false);
    let swaps = std::thread::scope(|scope| {
        // joined: by the scope
        let swapping = scope.spawn(|| {
            let mut swaps = 0u32;
            while !is_over.load(Ordering::Relaxed) {
                into_place(|| fs::rename(&swap, &real), &real);
                into_place(|| symlink(&out, &swap), &swap);
                std::hint::black_box(fs::metadata(&swap).is_ok());
                clear(&swap);
                into_place(|| fs::rename(&real, &swap), &swap);
                swaps += 1;
            }
            swaps
        });
        let attacks = async {
            let mut ended = 0;
            for round in 0..12 {
                for way in [
                    swap.clone(),
                    swap.join("kept"),
                    swap.join(format!("new-{round}")),
                ] {
                    // Its number makes what is written new each time.
                    for (tool, input) in uses(&way, &open, round * 100 + ended) {
                        ended += usize::from(house.attack(tool, input).await.is_some());
                    }
                }
            }
            ended
        };
        let ended =
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(attacks));
        is_over.store(true, Ordering::Relaxed);
        assert!(ended > 100, "only {ended} jobs came as far as to run");
        swapping.join().unwrap()
    });
    assert!(swaps > 100, "{swaps}");
    assert_eq!(house.outside(), before);
}
