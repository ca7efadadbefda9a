//! Values of every type that crosses the wire, as odd as they may be.
//!
//! [`everything`] has them all; `json` makes what people, tools and files can put into them,
//! `jobs`, `tools`, `health`, `settings`, `storage`, `hints`, `native`, `trust` and `watching` the shared
//! crate's own types.

mod health;
mod hints;
mod jobs;
mod json;
mod native;
mod settings;
mod storage;
mod tools;
mod trust;
mod watching;

use proptest::{collection::vec, option, prelude::*};
use toolroom_ipc_lab_types::Everything;
use toolroom_shared::JobHandle;

pub use jobs::error;
pub use json::{json, text};

use health::health;
use hints::{canceled, completed, failed, progress};
use jobs::{job_id, page, query, snapshot, start_options, transition};
use native::native;
use settings::{settings_form, settings_state};
use storage::{about, clean_up, history_copy, storage};
use tools::{input_problem, log_page, output_page, position, preset, tool};
use trust::{
    answer, audit_page, audit_query, audit_report, grant, kept_secret, permissions, question_id,
    secret_name,
};
use watching::{event_seq, frontend_ready, job_update, jobs_update, watch_id};

/// One value of each type.
pub fn everything() -> impl Strategy<Value = Everything> {
    let plain = (text(), any::<u32>(), json(), job_id(), start_options());
    let asked = (query(), position(), vec(tool(), 0..3), vec(preset(), 0..3));
    let answered = (
        vec(input_problem(), 0..3),
        job_id(),
        snapshot(),
        page(),
        vec(transition(), 0..3),
        log_page(),
        output_page(),
        (health(), native()),
        (settings_form(), settings_state()),
        (about(), storage(), clean_up(), history_copy()),
    );
    let told = (error(), progress(), completed(), failed(), canceled());
    let watched = (
        event_seq(),
        watch_id(),
        frontend_ready(),
        vec(jobs_update(), 0..3),
        job_update(),
    );
    let trusted = (
        permissions(),
        option::of(grant()),
        question_id(),
        answer(),
        vec(kept_secret(), 0..3),
        secret_name(),
        audit_query(),
        audit_page(),
        audit_report(),
    );
    let all = (plain, asked, answered, told, watched, trusted);
    all.prop_map(|(plain, asked, answered, told, watched, trusted)| {
        let (text, number, json, id, start_options) = plain;
        let (jobs_query, queue_position, tools, presets) = asked;
        let (
            input_problems,
            job_id,
            snapshot,
            jobs_page,
            transitions,
            log_page,
            output_page,
            (health, native),
            (settings_form, settings_state),
            (about, storage, clean_up, history_copy),
        ) = answered;
        let (error, progress, completed, failed, canceled) = told;
        let (event_seq, watch_id, frontend_ready, jobs_updates, job_update) = watched;
        let (
            permissions,
            grant,
            question_id,
            answer,
            kept_secrets,
            secret_name,
            audit_query,
            audit_page,
            audit_report,
        ) = trusted;
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
            presets,
            input_problems,
            job_handle: JobHandle { job_id },
            snapshot,
            jobs_page,
            transitions,
            log_page,
            output_page,
            health,
            about,
            answer,
            audit_page,
            audit_query,
            audit_report,
            clean_up,
            grant,
            history_copy,
            kept_secrets,
            native,
            permissions,
            question_id,
            secret_name,
            settings_form,
            settings_state,
            storage,
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
