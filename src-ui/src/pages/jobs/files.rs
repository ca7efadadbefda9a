//! The files that a job has to do with: those that its output names, and its output itself where that
//! is a file.

use leptos::prelude::*;
use serde_json::Value;
use toolroom_shared::{PathUse, each_string};

use crate::components::{CopyButton, Empty, EndText, FileButtons, Skeleton};
use crate::format;
use crate::pages::job_view::{JobReading, file_actions};
use crate::stores::{Output, use_stores};

/// How many files are listed: more is what the output itself is for.
const LISTED: usize = 200;

/// The files of a job.
#[component]
pub fn Files(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let stores = use_stores();
    let id = reading.id.clone();
    provide_context(file_actions(&stores, &id));
    let revision = reading.summary(|job| job.revision);
    {
        let (jobs, id) = (stores.jobs.clone(), id.clone());
        Effect::new(move |_| {
            let _ = revision.get();
            jobs.want_output(&id);
        });
    }
    let large = reading.summary(|job| job.output_bytes);
    let schema = reading.clone();
    let paths = Memo::new(move |_| {
        schema.job.with(|job| match &job.output {
            Output::Here(output) => Some(paths_in(output, &schema.output_schema())),
            Output::Unknown if job.status().is_terminal() => None,
            _ => Some(Vec::new()),
        })
    });
    move || {
        let Some(paths) = paths.get() else {
            return view! { <Skeleton rows=3 /> }.into_any();
        };
        let artifact = large.get();
        if paths.is_empty() && artifact.is_none() {
            return view! {
                <Empty title="No files" hint="Files that the output names are listed here." />
            }
            .into_any();
        }
        let count = paths.len();
        let rows = paths
            .into_iter()
            .take(LISTED)
            .map(|path| view! { <FileRow path /> })
            .collect_view();
        view! {
            <section class="detail-part" aria-label="Files">
                {artifact
                    .map(|bytes| {
                        view! {
                            <p class="muted">
                                {format!(
                                    "The output itself is kept as a file of {}.",
                                    format::bytes(bytes as f64),
                                )}
                            </p>
                        }
                    })}
                <ul class="job-files">{rows}</ul>
                {(count > LISTED)
                    .then(|| {
                        let more = format::count((count - LISTED) as u64);
                        view! { <p class="muted">{format!("and {more} more in the output")}</p> }
                    })}
            </section>
        }
        .into_any()
    }
}

/// One file, and what can be done with it.
#[component]
fn FileRow(
    /// Where it is.
    path: String,
) -> impl IntoView {
    view! {
        <li class="file-row with-file" data-file=path.clone()>
            <span class="mono" title=path.clone()>
                <EndText text=path.clone() />
            </span>
            <FileButtons path=path.clone() />
            <CopyButton text=path.clone() what="path" />
        </li>
    }
}

/// Every path in an output, each once, in their order.
fn paths_in(output: &Value, schema: &Value) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    each_string(&mut output.clone(), schema, &mut |text, schema| {
        if PathUse::of(schema).is_some() && seen.insert(text.clone()) {
            paths.push(text.clone());
        }
    });
    paths
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_schema_calls_a_path_is_a_file_and_each_is_told_once() {
        let path = json!({"type": "string", "x-path": "output"});
        let schema = json!({"type": "object", "properties": {
            "made": {"type": "array", "items": path},
            "from": path,
            "note": {"type": "string"},
        }});
        let output = json!({"made": ["/b", "/a", "/b"], "from": "/a", "note": "/etc"});
        let mut paths = paths_in(&output, &schema);
        paths.sort_unstable();
        assert_eq!(paths, ["/a", "/b"]);
        assert!(paths_in(&json!(5), &json!({})).is_empty());
    }
}
