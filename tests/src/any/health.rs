//! How an engine may be.

use proptest::{collection::vec, option, prelude::*, sample::select};
use toolroom_shared::{
    EngineLoad, HealthSnapshot, HealthWarning, ResourceUse, ServiceHealth, ServiceState,
    WarningCode,
};

use super::json::{text, whole};

pub fn health() -> impl Strategy<Value = HealthSnapshot> {
    let parts = (
        load(),
        resources(),
        vec(service(), 0..3),
        vec(warning(), 0..3),
    );
    (text(), any::<u32>(), parts).prop_map(|(at, pid, (load, resources, services, warnings))| {
        HealthSnapshot {
            at,
            pid,
            load,
            resources,
            services,
            warnings,
        }
    })
}

/// Milliseconds or percents, to the thousandth.
fn measured() -> impl Strategy<Value = f64> {
    any::<u32>().prop_map(|thousandths| f64::from(thousandths) / 1_000.0)
}

fn load() -> impl Strategy<Value = EngineLoad> {
    (any::<[u32; 8]>(), measured(), measured()).prop_map(|(counts, lag_ms, longest_step_ms)| {
        let [
            jobs_queued,
            jobs_running,
            jobs_ended,
            tasks,
            tasks_waiting,
            rest @ ..,
        ] = counts;
        let [blocking_waiting, blocking_running, changes_unwritten] = rest;
        EngineLoad {
            jobs_queued,
            jobs_running,
            jobs_ended,
            tasks,
            tasks_waiting,
            blocking_waiting,
            blocking_running,
            changes_unwritten,
            lag_ms,
            longest_step_ms,
        }
    })
}

fn resources() -> impl Strategy<Value = ResourceUse> {
    let bytes = || option::of(whole());
    let files = || option::of(any::<u32>());
    let all = (
        bytes(),
        bytes(),
        option::of(measured()),
        files(),
        files(),
        bytes(),
        bytes(),
    );
    all.prop_map(|all| ResourceUse {
        memory_bytes: all.0,
        resting_memory_bytes: all.1,
        cpu_percent: all.2,
        open_files: all.3,
        open_files_limit: all.4,
        disk_free_bytes: all.5,
        database_bytes: all.6,
    })
}

fn service() -> impl Strategy<Value = ServiceHealth> {
    let state = select(vec![
        ServiceState::Waiting,
        ServiceState::Starting,
        ServiceState::Running,
        ServiceState::Resting,
        ServiceState::Stopped,
    ]);
    (text(), state, any::<u32>(), option::of(text()), text()).prop_map(
        |(name, state, restarts, last_error, since)| ServiceHealth {
            name,
            state,
            restarts,
            last_error,
            since,
        },
    )
}

fn warning() -> impl Strategy<Value = HealthWarning> {
    let code = select(vec![
        WarningCode::ManyTasks,
        WarningCode::BlockingBacklog,
        WarningCode::HighMemory,
        WarningCode::LowDisk,
        WarningCode::ManyFiles,
        WarningCode::ServiceDown,
    ]);
    (code, text(), text()).prop_map(|(code, message, since)| HealthWarning {
        code,
        message,
        since,
    })
}
