//! # hash-files
//! Computes a digest of every file in a list of files and folders and, if asked to, writes a
//! manifest that `b3sum --check`, `sha256sum --check` and `sha512sum --check` read.
//!
//! What can't be read is reported and doesn't stop the rest. A cancel is heard after at most
//! 4 MiB more, over all threads together; what is done by then is kept, and no manifest is
//! written.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toolroom_toolkit::{
    About, ErrorCode, ExecutableTool, InputPath, OutputPath, Permission, Phase, ToolBehavior,
    ToolCategory, ToolError, ToolExecutionContext, ToolLimits,
};

use crate::support::{
    checksum_line::checksum_line,
    digest::Algorithm,
    digest_files::digest_files,
    file_list::{FoundFile, SkipReason, Skipped, find_files},
    whole_file::write_whole,
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
    /// BLAKE3 is the fastest; SHA-256 is the most widely known.
    #[serde(default)]
    #[schemars(title = "Algorithm")]
    pub algorithm: Algorithm,
    /// A file for the digests, which b3sum, sha256sum or sha512sum can check. Left empty, the
    /// results stay in the job.
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

impl ExecutableTool for HashFiles {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "hash-files",
        title: "Hash files",
        description: "Computes a checksum for each file and, on request, writes a manifest that other tools can verify.",
        category: ToolCategory::Files,
        version: "1.0.0",
        permissions: &[Permission::ReadFiles, Permission::WriteFiles],
        limits: ToolLimits::NONE,
        // Files are only read, and a manifest appears whole at the very end.
        behavior: ToolBehavior {
            starts_again: true,
            ..ToolBehavior::CAUTIOUS
        },
    };

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        ctx.blocking(move |ctx| hash_files(&ctx, &input)).await
    }
}

fn hash_files(ctx: &ToolExecutionContext, input: &Input) -> Result<Output, ToolError> {
    let manifest = input.manifest.as_ref().map(OutputPath::as_path);
    if let Some(path) = manifest {
        refuse_hopeless_manifest(path, input.overwrite)?;
    }
    ctx.progress
        .begin(Phase::new("Scanning").counting("files", None));
    let list = find_files(ctx, &input.paths, input.follow_links)?;
    let mut output = Output {
        algorithm: input.algorithm,
        total_bytes: 0,
        manifest: None,
        files: Vec::with_capacity(list.files.len()),
        skipped: list.skipped,
    };
    if list.roots_read == 0 {
        return Err(ToolError::failed(
            ErrorCode::Tool("nothing_to_hash".to_owned()),
            "None of the files and folders could be read. Nothing was hashed; the result says why for each.",
        )
        .with_partial(&output));
    }
    let files = without_manifest(list.files, manifest, &mut output.skipped);
    let total = files.iter().map(|file| file.bytes).sum();
    ctx.progress
        .begin(Phase::new("Hashing").counting("bytes", Some(total)));

    let mut lines = Vec::new();
    for (file, result) in files.iter().zip(digest_files(ctx, &files, input.algorithm)) {
        match result {
            Some(Ok((digest, bytes))) => {
                if manifest.is_some() && can_list(input.algorithm, &file.path) {
                    lines.extend(checksum_line(&digest, &file.path));
                } else if manifest.is_some() {
                    let reason = SkipReason::NameNotText;
                    output.skipped.push(Skipped::new(&file.path, reason));
                }
                output.total_bytes += bytes;
                output.files.push(HashedFile {
                    path: file.path.to_string_lossy().into_owned(),
                    digest,
                    bytes,
                });
            }
            Some(Err(error)) => output.skipped.push(Skipped::from_io(&file.path, &error)),
            None => {} // canceled before it was done
        }
    }
    if ctx.is_canceled() {
        return Err(ToolError::canceled().with_partial(&output));
    }
    if let Some(path) = manifest {
        write_whole(path, input.overwrite, |out| out.write_all(&lines))
            .map_err(|error| manifest_error(path, &error).with_partial(&output))?;
        output.manifest = Some(path.to_string_lossy().into_owned());
    }
    Ok(output)
}

/// Better to hear it before an hour of hashing than after.
fn refuse_hopeless_manifest(path: &Path, overwrite: bool) -> Result<(), ToolError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(manifest_error(path, &io::ErrorKind::NotADirectory.into())),
        Err(error) => return Err(manifest_error(path, &error)),
    }
    if path.is_dir() {
        return Err(manifest_error(path, &io::ErrorKind::IsADirectory.into()));
    }
    if !overwrite && path.exists() {
        return Err(manifest_error(path, &io::ErrorKind::AlreadyExists.into()));
    }
    Ok(())
}

fn manifest_error(path: &Path, error: &io::Error) -> ToolError {
    if error.kind() == io::ErrorKind::AlreadyExists {
        ToolError::failed(
            ErrorCode::AlreadyExists,
            format!(
                "The manifest {} is there already and was left as it is. Choose another name or switch on overwriting.",
                path.display()
            ),
        )
    } else {
        ToolError::io("write the manifest", path, error)
    }
}

/// `b3sum --check` gives up at a name that is not UTF-8; `sha256sum` takes any bytes.
fn can_list(algorithm: Algorithm, path: &Path) -> bool {
    algorithm != Algorithm::Blake3 || path.to_str().is_some()
}

/// A manifest from an earlier run would change under its own digest.
fn without_manifest(
    mut files: Vec<FoundFile>,
    manifest: Option<&Path>,
    skipped: &mut Vec<Skipped>,
) -> Vec<FoundFile> {
    let Some(manifest) = manifest.and_then(|path| fs::canonicalize(path).ok()) else {
        return files;
    };
    files.retain(|file| {
        let is_manifest = file.path.file_name() == manifest.file_name()
            && fs::canonicalize(&file.path).is_ok_and(|path: PathBuf| path == manifest);
        if is_manifest {
            skipped.push(Skipped::new(&file.path, SkipReason::IsManifest));
        }
        !is_manifest
    });
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use serde_json::{Value, json};
    use toolroom_toolkit::{DynTool, JobId};

    fn ctx() -> ToolExecutionContext {
        ToolExecutionContext::new(JobId("j".into()))
    }

    async fn run(ctx: &ToolExecutionContext, input: Value) -> Result<Value, ToolError> {
        let work = Arc::new(HashFiles).prepare(&input).map_err(|problems| {
            ToolError::failed(ErrorCode::InvalidInput, format!("{problems:?}"))
        })?;
        work(ctx.clone()).await
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
