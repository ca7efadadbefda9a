//! Values of every type that crosses the wire, as odd as they may be.
//!
//! [`everything`] has them all; `json` makes what people, tools and files can put into them,
//! `jobs`, `tools`, `health`, `hints` and `watching` the shared crate's own types.

mod health;
mod hints;
mod jobs;
mod json;
mod tools;
mod watching;

use proptest::{collection::vec, prelude::*};
use toolroom_ipc_lab_types::Everything;
use toolroom_shared::JobHandle;

pub use jobs::error;
pub use json::{json, text};

use health::health;
use hints::{canceled, completed, failed, progress};
use jobs::{job_id, page, query, snapshot, start_options, transition};
use tools::{input_problem, log_page, output_page, position, tool};
use watching::{event_seq, frontend_ready, job_update, jobs_update, watch_id};

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
        health(),
    );
    let told = (error(), progress(), completed(), failed(), canceled());
    let watched = (
        event_seq(),
        watch_id(),
        frontend_ready(),
        vec(jobs_update(), 0..3),
        job_update(),
    );
    let all = (plain, asked, answered, told, watched);
    all.prop_map(|(plain, asked, answered, told, watched)| {
        let (text, number, json, id, start_options) = plain;
        let (jobs_query, queue_position, tools) = asked;
        let (
            input_problems,
            job_id,
            snapshot,
            jobs_page,
            transitions,
            log_page,
            output_page,
            health,
        ) = answered;
        let (error, progress, completed, failed, canceled) = told;
        let (event_seq, watch_id, frontend_ready, jobs_updates, job_update) = watched;
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
            job_handle: JobHandle { job_id },
            snapshot,
            jobs_page,
            transitions,
            log_page,
            output_page,
            health,
            event_seq,
            watch_id,
            frontend_ready,
            error,
            progress,
            completed,
            failed,
            canceled,
            jobs_updates,
            job_update,
        }
    })
}
