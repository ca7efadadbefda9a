//! Values of every type that crosses the wire, as odd as they may be.
//!
//! [`everything`] has them all; `json` makes what people, tools and files can put into them,
//! `jobs` and `tools` the shared crate's own types.

mod jobs;
mod json;
mod tools;

use proptest::{collection::vec, prelude::*};
use toolroom_ipc_lab_types::Everything;

pub use jobs::error;
pub use json::{json, text};

use jobs::{event, job_id, page, query, snapshot, start_options, summaries, transition};
use tools::{input_problem, log_page, output_page, position, tab, tool};

/// One value of each type.
pub fn everything() -> impl Strategy<Value = Everything> {
    let plain = (text(), any::<u32>(), json(), job_id(), start_options());
    let asked = (query(), position(), vec(tool(), 0..3));
    let answered = (
        vec(input_problem(), 0..3),
        job_id(),
        snapshot(),
        page(),
        vec(transition(), 0..3),
        log_page(),
        output_page(),
        tab(),
    );
    let told = (
        error(),
        summaries(),
        summaries(),
        summaries(),
        summaries(),
        event(),
    );
    (plain, asked, answered, told).prop_map(|(plain, asked, answered, told)| {
        let (text, number, json, id, start_options) = plain;
        let (jobs_query, queue_position, tools) = asked;
        let (input_problems, job_id, snapshot, jobs_page, transitions, log_page, output_page, tab) =
            answered;
        let (error, progress, completed, failed, canceled, event) = told;
        Everything {
            nothing: (),
            text,
            number,
            json,
            job_id: id,
            start_options,
            jobs_query,
            queue_position,
            tools,
            input_problems,
            job_handle: toolroom_shared::JobHandle { job_id },
            snapshot,
            jobs_page,
            transitions,
            log_page,
            output_page,
            tab,
            error,
            progress: toolroom_shared::ToolJobProgress { jobs: progress },
            completed: toolroom_shared::ToolJobCompleted { jobs: completed },
            failed: toolroom_shared::ToolJobFailed { jobs: failed },
            canceled: toolroom_shared::ToolJobCanceled { jobs: canceled },
            event,
        }
    })
}
