//! # hash-files
//! Computes a digest of every file in a list of files and folders and, if asked to, writes a
//! manifest that `b3sum --check`, `sha256sum --check`, `sha512sum --check` and `xxh128sum --check`
//! read.
//!
//! XXH3 stands as `xxh128sum` prints it, 128 bits, and its manifests as `xxh128sum` writes them. It
//! is for finding what was damaged or is there twice; whoever wants to forge a file can.
//!
//! What can't be read is reported and doesn't stop the rest. A cancel is heard after at most
//! 4 MiB more, over all threads together; what is done by then is kept, and no manifest is
//! written.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_toolkit::{
    About, ErrorCode, Example, ExecutableTool, InputPath, OutputPath, Overwrite, Permission, Phase,
    SkipReason, SkipSentence, Target, ToolBehavior, ToolCategory, ToolError, ToolExecutionContext,
    ToolLimits, walk::Links,
};

use crate::support::{
    checksum_line::{Escape, checksum_line},
    digest::Algorithm,
    digest_files::digest_files,
};

/// Computes a digest of every file.
pub struct HashFiles;

/// What to hash, and how.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Every file in a folder is hashed, however deep.
    #[schemars(title = "Files and folders", length(min = 1))]
    pub paths: Vec<InputPath>,
    /// BLAKE3 is the fastest that nobody can forge; SHA-256 is the most widely known; XXH3 only
    /// finds accidents.
    #[serde(default)]
    #[schemars(title = "Algorithm")]
    pub algorithm: Algorithm,
    /// A file for the digests, which b3sum, sha256sum, sha512sum or xxh128sum can check. Left empty,
    /// the results stay in the job.
    #[serde(default)]
    #[schemars(title = "Manifest")]
    pub manifest: Option<OutputPath>,
    /// Hash what symbolic links inside folders point to. Otherwise links are left out and
    /// reported.
    #[serde(default)]
    #[schemars(title = "Follow symbolic links", extend("x-advanced" = true))]
    pub follow_links: bool,
    /// Replace the manifest if there is a file of that name.
    #[serde(default)]
    #[schemars(title = "Overwrite the manifest", extend("x-advanced" = true))]
    pub overwrite: bool,
}

/// The digests, and what was left out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Output {
    /// How the digests were computed.
    #[schemars(title = "Algorithm")]
    pub algorithm: Algorithm,
    /// Bytes hashed, over all files.
    #[schemars(title = "Total", extend("x-unit" = "bytes"))]
    pub total_bytes: u64,
    /// The manifest that was written.
    #[schemars(title = "Manifest", extend("format" = "path"))]
    pub manifest: Option<String>,
    /// One entry a file, in the order of the paths and, within a folder, by name.
    #[schemars(title = "Files")]
    pub files: Vec<HashedFile>,
    /// What was left out, and why.
    #[schemars(title = "Skipped")]
    pub skipped: Vec<Skipped>,
}

/// One file's digest.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct HashedFile {
    /// The file; bytes that are not text are shown as �.
    #[schemars(title = "Path", extend("format" = "path"))]
    pub path: String,
    /// In lower-case hexadecimal.
    #[schemars(title = "Digest")]
    pub digest: String,
    /// Its length.
    #[schemars(title = "Size", extend("x-unit" = "bytes"))]
    pub bytes: u64,
}

type Skipped = toolroom_toolkit::Skipped<Reason>;

/// Why a file or folder was left out.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Reason {
    /// It is the manifest that is being written.
    #[schemars(title = "Manifest")]
    IsManifest,
    /// It was hashed, but its name is not text, and the manifest can hold only text.
    #[schemars(title = "Name is not text")]
    NameNotText,
    /// As with any file.
    #[serde(untagged)]
    Skip(SkipReason),
}

impl From<SkipReason> for Reason {
    fn from(reason: SkipReason) -> Self {
        Self::Skip(reason)
    }
}

impl SkipSentence for Reason {
    fn sentence(&self) -> &'static str {
        match self {
            Self::IsManifest => "It is the manifest that is being written.",
            Self::NameNotText => {
                "It was hashed, but left out of the manifest: its name is not UTF-8 text, which b3sum can't check."
            }
            Self::Skip(reason) => reason.sentence(),
        }
    }
}

impl ExecutableTool for HashFiles {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "hash-files",
        title: "Hash files",
        description: "Computes a checksum for each file and, on request, writes a manifest that other tools can verify.",
        category: ToolCategory::Files,
        version: "1.1.0",
        permissions: &[Permission::ReadFiles, Permission::WriteFiles],
        limits: ToolLimits::NONE,
        // Files are only read, and a manifest appears whole at the very end.
        behavior: ToolBehavior {
            starts_again: true,
            ..ToolBehavior::CAUTIOUS
        },
    };

    fn examples() -> Vec<Example> {
        // Long enough to be broken off.
        let large = || vec![7; 12 << 20];
        vec![
            Example::new(
                "Write a manifest that sha256sum can check",
                json!({ "paths": ["Pictures"], "algorithm": "sha256", "manifest": "pictures.sha256" }),
            )
            .file("Pictures/sea.png", large)
            .file("Pictures/2024/hills.png", || b"small".to_vec()),
            Example::new(
                "Compute a digest with the least work",
                json!({ "paths": ["backup.tar"], "algorithm": "xxh3" }),
            )
            .file("backup.tar", large),
        ]
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        ctx.blocking(move |ctx| hash_files(&ctx, &input)).await
    }
}

fn hash_files(ctx: &ToolExecutionContext, input: &Input) -> Result<Output, ToolError> {
    let overwrite = match input.overwrite {
        true => Overwrite::Replace,
        false => Overwrite::Refuse,
    };
    // Better to hear it before an hour of hashing than after.
    let manifest = match &input.manifest {
        Some(path) => Some(ctx.output(path, overwrite)?),
        None => None,
    };
    ctx.progress.begin(
        Phase::new("Scanning")
            .counting("files", None)
            .spanning(0, 0),
    );
    let links = match input.follow_links {
        true => Links::Follow,
        false => Links::Skip,
    };
    let list = ctx.walk(&input.paths)?.links(links).metadata().list()?;
    let mut files = list.entries;
    let skipped = list.skipped.into_iter();
    let mut output = Output {
        algorithm: input.algorithm,
        total_bytes: 0,
        manifest: None,
        files: Vec::with_capacity(files.len()),
        skipped: skipped
            .map(toolroom_toolkit::Skipped::with_reason)
            .collect(),
    };
    if list.paths_read == 0 {
        return Err(ToolError::failed(
            ErrorCode::Tool("nothing_to_hash".to_owned()),
            "None of the files and folders could be read. Nothing was hashed; the result says why for each.",
        )
        .with_partial(&output));
    }
    if let Some(target) = &manifest {
        // One from an earlier run would change under its own digest.
        files.retain(|file| {
            let is_manifest = target.is(file);
            if is_manifest {
                let skipped = Skipped::new(&file.path(), Reason::IsManifest);
                output.skipped.push(skipped);
            }
            !is_manifest
        });
    }
    let total = files
        .iter()
        .filter_map(|file| Some(file.metadata().ok()?.bytes))
        .sum();
    ctx.progress
        .begin(Phase::new("Hashing").counting("bytes", Some(total)));

    let mut lines = Vec::new();
    for (file, result) in files.iter().zip(digest_files(ctx, &files, input.algorithm)) {
        match result {
            Some(Ok((digest, bytes))) => {
                let path = file.path();
                if manifest.is_some() {
                    match manifest_line(input.algorithm, &digest, &path) {
                        Some(line) => lines.extend(line),
                        None => output
                            .skipped
                            .push(Skipped::new(&path, Reason::NameNotText)),
                    }
                }
                output.total_bytes += bytes;
                output.files.push(HashedFile {
                    path: path.to_string_lossy().into_owned(),
                    digest,
                    bytes,
                });
            }
            Some(Err(skipped)) => output.skipped.push(skipped.with_reason()),
            None => {} // canceled before it was done
        }
    }
    if ctx.is_canceled() {
        return Err(ToolError::canceled().with_partial(&output));
    }
    if let Some(target) = &manifest {
        let path = write_manifest(target, &lines).map_err(|error| error.with_partial(&output))?;
        output.manifest = Some(path.to_string_lossy().into_owned());
    }
    Ok(output)
}

fn write_manifest(target: &Target, lines: &[u8]) -> Result<PathBuf, ToolError> {
    let mut file = target.create()?;
    file.write_all(lines)
        .map_err(|error| ToolError::io("write the manifest", target.path(), &error))?;
    Ok(file.finish()?)
}

/// The line for one file; none if its program could not read it: `b3sum --check` gives up at a name
/// that is not UTF-8, where the others take any bytes.
fn manifest_line(algorithm: Algorithm, digest: &str, path: &Path) -> Option<Vec<u8>> {
    let escape = match algorithm {
        Algorithm::Blake3 if path.to_str().is_none() => return None,
        Algorithm::Blake3 | Algorithm::Sha256 | Algorithm::Sha512 => Escape::Odd,
        Algorithm::Xxh3 => Escape::LineFeeds,
    };
    Some(checksum_line(digest, path, escape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, sync::Arc};

    use serde_json::{Value, json};
    use toolroom_toolkit::{DynTool, JobId};

    fn ctx() -> ToolExecutionContext {
        ToolExecutionContext::new(JobId("j".into()))
    }

    async fn run(ctx: &ToolExecutionContext, input: Value) -> Result<Value, ToolError> {
        let work = Arc::new(HashFiles).prepare(&input).map_err(|problems| {
            ToolError::failed(ErrorCode::InvalidInput, format!("{problems:?}"))
        })?;
        let output = work(ctx.clone()).await?;
        Ok(output.into_value().unwrap())
    }

    fn names(output: &Value, list: &str, root: &Path) -> Vec<String> {
        let root = format!("{}/", root.display());
        output[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["path"].as_str().unwrap().replace(&root, ""))
            .collect()
    }

    #[tokio::test]
    async fn every_file_of_a_folder_is_hashed_in_the_order_of_names() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("b")).unwrap();
        for name in ["c", "b/2", "b/1", "a"] {
            fs::write(root.join(name), name).unwrap();
        }
        let ctx = ctx();
        let output = run(&ctx, json!({ "paths": [root], "algorithm": "sha256" }))
            .await
            .unwrap();
        assert_eq!(names(&output, "files", root), ["a", "b/1", "b/2", "c"]);
        assert_eq!(output["total_bytes"], 8);
        assert_eq!(ctx.progress.sample().percent, 100);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn links_are_left_out_or_followed_and_loops_are_found_either_way() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::write(root.join("file"), "x").unwrap();
        symlink("file", root.join("link")).unwrap();
        symlink("nowhere", root.join("dangling")).unwrap();
        symlink(".", root.join("loop")).unwrap();

        let output = run(&ctx(), json!({ "paths": [root] })).await.unwrap();
        assert_eq!(names(&output, "files", root), ["file"]);
        let reasons: Vec<_> = output["skipped"].as_array().unwrap().iter().collect();
        let reason = |name: &str| {
            let entry = reasons
                .iter()
                .find(|entry| entry["path"].as_str().unwrap().ends_with(name));
            entry.map(|entry| entry["reason"].as_str().unwrap().to_owned())
        };
        assert_eq!(reason("/link").as_deref(), Some("symbolic_link"));
        assert_eq!(reason("/dangling").as_deref(), Some("dangling_link"));
        assert_eq!(reason("/loop").as_deref(), Some("symbolic_link"));

        let input = json!({ "paths": [root], "follow_links": true });
        let output = run(&ctx(), input).await.unwrap();
        assert_eq!(names(&output, "files", root), ["file", "link"]);
        assert_eq!(names(&output, "skipped", root), ["dangling", "loop"]);
        assert_eq!(output["skipped"][1]["reason"], "link_loop");
    }

    #[tokio::test]
    async fn what_is_missing_is_reported_and_does_not_stop_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let (here, gone) = (folder.path().join("here"), folder.path().join("gone"));
        fs::write(&here, "").unwrap();
        let output = run(&ctx(), json!({ "paths": [gone, here] })).await.unwrap();
        assert_eq!(names(&output, "files", folder.path()), ["here"]);
        assert_eq!(output["skipped"][0]["reason"], "not_found");

        let Err(ToolError::Failed(failure)) = run(&ctx(), json!({ "paths": [gone] })).await else {
            panic!("there was nothing to hash");
        };
        assert_eq!(failure.error.code.as_str(), "nothing_to_hash");
        assert_eq!(
            failure.partial.unwrap()["skipped"][0]["reason"],
            "not_found"
        );
    }

    #[tokio::test]
    async fn a_manifest_leaves_itself_out_and_is_overwritten_only_when_asked_to() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("sums");
        fs::write(folder.path().join("a"), "a").unwrap();
        let input = json!({ "paths": [folder.path()], "manifest": manifest });
        run(&ctx(), input).await.unwrap();
        let first = fs::read_to_string(&manifest).unwrap();
        assert_eq!(first.lines().count(), 1);

        let input = json!({ "paths": [folder.path()], "manifest": manifest });
        let Err(ToolError::Failed(failure)) = run(&ctx(), input).await else {
            panic!("the manifest was there");
        };
        assert_eq!(failure.error.code, ErrorCode::AlreadyExists);

        let input = json!({ "paths": [folder.path()], "manifest": manifest, "overwrite": true });
        let output = run(&ctx(), input).await.unwrap();
        assert_eq!(fs::read_to_string(&manifest).unwrap(), first);
        assert_eq!(output["skipped"][0]["reason"], "is_manifest");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_cancel_stops_it_within_4_mib_and_keeps_what_is_done() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a-small"), "first").unwrap();
        // Sparse: long to hash, and nothing to store.
        let long = fs::File::create(folder.path().join("long")).unwrap();
        long.set_len(64 << 30).unwrap();
        let ctx = ctx();
        let manifest = folder.path().join("sums");
        let input =
            json!({ "paths": [folder.path()], "manifest": manifest, "algorithm": "sha512" });
        let job = tokio::spawn({
            let ctx = ctx.clone();
            async move { run(&ctx, input).await }
        });
        while ctx.progress.sample().done < 8 << 20 {
            tokio::task::yield_now().await;
        }
        ctx.cancel.cancel();
        let at_cancel = ctx.progress.sample().done;
        let Err(ToolError::Canceled { partial }) = job.await.unwrap() else {
            panic!("it was canceled");
        };
        let more = ctx.progress.sample().done - at_cancel;
        assert!(more <= 4 << 20, "{more} bytes more");
        assert_eq!(
            names(&partial.unwrap(), "files", folder.path()),
            ["a-small"]
        );
        assert!(!manifest.exists());
    }
}
