//! What the page may have opened and shown: the paths that stand in a job's input or output, so that a
//! page that was taken over reaches nothing else, and nothing that would run instead of being shown.

use std::path::{Path, PathBuf};

use serde_json::Value;
use toolroom_engine::JobApi;
use toolroom_shared::{AppError, Caller, ErrorCode, JobId};

/// Files with these endings are programs, or tell the system to run something.
const RUNS: &[&str] = &[
    "app", "appimage", "bat", "cmd", "com", "command", "cpl", "desktop", "exe", "hta", "jar", "js",
    "jse", "lnk", "msc", "msi", "pif", "ps1", "reg", "run", "scf", "scr", "sh", "url", "vbe",
    "vbs", "webloc", "workflow", "wsf", "wsh",
];

/// The path, if it stands as a whole value in the job's input or output.
///
/// # Errors
/// `unknown_job`; `path_not_allowed`, if it doesn't; those of reading a large output.
pub async fn check_is_of_job(
    api: &dyn JobApi,
    job_id: &JobId,
    path: &str,
) -> Result<PathBuf, AppError> {
    let job = api.get(Caller::Window, job_id).await?;
    let is_named = holds(&job.input, path)
        || match &job.output {
            Some(output) => holds(output, path),
            None if job.output_bytes.is_some() => is_in_output(api, job_id, path).await?,
            None => false,
        };
    if is_named && Path::new(path).is_absolute() {
        return Ok(path.into());
    }
    Err(AppError::new(
        ErrorCode::PathNotAllowed,
        format!("{path} is neither in the job's input nor in its result. Nothing was opened."),
    ))
}

/// Refuses what would run when it is opened.
///
/// # Errors
/// `path_not_allowed`, for a program; `io_error`, for what isn't there any more.
pub async fn check_opens_nothing_that_runs(path: PathBuf) -> Result<PathBuf, AppError> {
    let shown = path.display().to_string();
    // What a link leads to is what is opened.
    let real = tokio::fs::canonicalize(&path).await.map_err(|error| {
        AppError::new(
            ErrorCode::Io,
            format!("{shown} can't be reached: {error}. It may have been moved since."),
        )
    })?;
    let runs = [&path, &real]
        .into_iter()
        .any(|path| ends_like_a_program(path));
    if runs {
        return Err(AppError::new(
            ErrorCode::PathNotAllowed,
            format!("{shown} would be run and not shown. Look at it in its folder instead."),
        ));
    }
    Ok(real)
}

fn ends_like_a_program(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        RUNS.binary_search(&ending.to_ascii_lowercase().as_str())
            .is_ok()
    })
}

/// Whether a string of the value, however deep, is this text.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(other) => other == text,
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(fields) => fields.values().any(|field| holds(field, text)),
        _ => false,
    }
}

/// Whether the JSON of an output that is too large for a snapshot has this string.
async fn is_in_output(api: &dyn JobApi, job_id: &JobId, text: &str) -> Result<bool, AppError> {
    let mut search = Search::of(text);
    let mut offset = 0;
    loop {
        let page = api.read_output(Caller::Window, job_id, offset).await?;
        if search.is_in(&page.text) {
            return Ok(true);
        }
        match page.next_offset {
            Some(next) if next > offset => offset = next,
            _ => return Ok(false),
        }
    }
}

/// Looks for a string in JSON text that comes in pieces.
struct Search {
    wanted: String,
    /// The end of what was looked through, in which the string may begin.
    rest: String,
    /// Whether something stood before the rest.
    has_more_before: bool,
}

impl Search {
    fn of(text: &str) -> Self {
        Self {
            wanted: Value::from(text).to_string(),
            rest: String::new(),
            has_more_before: false,
        }
    }

    fn is_in(&mut self, piece: &str) -> bool {
        let text = std::mem::take(&mut self.rest) + piece;
        let found = text.match_indices(&self.wanted).any(|(at, _)| {
            // A quote after a backslash is within a longer string. What stands right at the cut was
            // seen before with what stands before it.
            !(text[..at].ends_with('\\') || at == 0 && self.has_more_before)
        });
        let keep = text.len().saturating_sub(self.wanted.len());
        let keep = (0..=keep)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0);
        self.has_more_before |= keep > 0;
        self.rest = text[keep..].to_owned();
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::test_engine::{engine, run};

    proptest! {
        #[test]
        fn a_string_is_found_wherever_the_pieces_end_and_only_as_a_whole(
            before in "[a/\\\\\"ä]{0,6}",
            wanted in "/[a/\\\\\"ä]{0,6}",
            other in "[a/\\\\\"ä]{0,8}",
            cut in 1_usize..9,
        ) {
            let text = json!({ "x": [before, other], "y": { "z": wanted } }).to_string();
            let pieces = |text: &str, wanted: &str| {
                let mut search = Search::of(wanted);
                let letters: Vec<char> = text.chars().collect();
                letters.chunks(cut).any(|piece| search.is_in(&piece.iter().collect::<String>()))
            };
            prop_assert!(pieces(&text, &wanted));
            let without = json!({ "x": [before, other], "y": format!("{wanted}b") });
            let expected = before == wanted || other == wanted;
            prop_assert_eq!(pieces(&without.to_string(), &wanted), expected);
        }
    }

    #[test]
    fn a_value_counts_however_deep_and_a_part_of_one_does_not() {
        let value = json!({ "files": [{ "path": "/a/b" }], "/c": 1 });
        assert!(holds(&value, "/a/b"));
        for other in ["/a", "/c", "b", ""] {
            assert!(!holds(&value, other), "{other}");
        }
    }

    #[test]
    fn the_endings_are_in_order_so_that_each_is_found() {
        assert!(RUNS.is_sorted());
        for name in ["/a/setup.EXE", "/a/x.desktop", "/a/x.app"] {
            assert!(ends_like_a_program(Path::new(name)), "{name}");
        }
        for name in ["/a/x.txt", "/a/exe", "/a/x.exe.txt", "/a/.desktop"] {
            assert!(!ends_like_a_program(Path::new(name)), "{name}");
        }
    }

    #[tokio::test]
    async fn a_path_that_no_job_names_is_refused() {
        let api = engine(8);
        let job = run(&*api).await;
        let refused = check_is_of_job(&*api, &job, "/etc/passwd").await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::PathNotAllowed);
        let unknown = check_is_of_job(&*api, &JobId("none".into()), "/a").await;
        assert_eq!(unknown.unwrap_err().code, ErrorCode::UnknownJob);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_link_to_a_program_is_a_program_and_what_is_gone_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let (program, link) = (folder.path().join("x.sh"), folder.path().join("x.txt"));
        std::fs::write(&program, "").unwrap();
        std::os::unix::fs::symlink(&program, &link).unwrap();
        let refused = check_opens_nothing_that_runs(link).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::PathNotAllowed);
        let gone = check_opens_nothing_that_runs(folder.path().join("gone")).await;
        assert_eq!(gone.unwrap_err().code, ErrorCode::Io);
        let opened = check_opens_nothing_that_runs(folder.path().to_owned()).await;
        assert!(opened.is_ok());
    }
}
