//! `toolroom health`: how the engine is, in lines or as JSON.
//!
//! Of an engine that another process runs it is what that one last wrote; else this process opens
//! one and looks.

use std::{fmt::Write, path::PathBuf};

use toolroom_app::{HealthReport, HealthSource, health_elsewhere};
use toolroom_engine::Registry;
use toolroom_shared::{AppError, Caller, ResourceUse, ServiceHealth};

use crate::{render, session::with_toolroom};

/// Prints how the engine is.
///
/// # Errors
/// Those of opening it where nobody else runs it.
pub fn show(registry: Registry, data_dir: Option<PathBuf>, json: bool) -> Result<(), AppError> {
    let report = match health_elsewhere(data_dir.clone())? {
        Some(report) => report,
        None => with_toolroom(registry, data_dir, async |toolroom| {
            toolroom.services().ready().await;
            let health = toolroom.health().health(Caller::Terminal).await?;
            Ok(HealthReport::of_this_process(health))
        })?,
    };
    let text = if json {
        render::json(&report)?
    } else {
        lines(&report)
    };
    render::print(&text);
    Ok(())
}

fn lines(report: &HealthReport) -> String {
    let health = &report.health;
    let mut text = String::new();
    if report.source == HealthSource::OtherProcess {
        let stale = if report.is_stale {
            ". That is too long ago: it hangs, or has just ended"
        } else {
            ""
        };
        put(
            &mut text,
            &format!(
                "As process {} wrote {} s ago{stale}.",
                health.pid, report.age_seconds
            ),
        );
    }
    match health.warnings.as_slice() {
        [] => put(&mut text, "All is well."),
        warnings => {
            for warning in warnings {
                put(&mut text, &format!("! {}", warning.message));
            }
        }
    }
    let load = &health.load;
    put(
        &mut text,
        &format!(
            "Jobs: {} run, {} wait. Tasks: {}. Blocking work: {} runs, {} waits. Not yet written: {}. Late by {:.1} ms.",
            load.jobs_running,
            load.jobs_queued,
            load.tasks,
            load.blocking_running,
            load.blocking_waiting,
            load.changes_unwritten,
            load.lag_ms
        ),
    );
    put(&mut text, &resources(&health.resources));
    for service in &health.services {
        put(&mut text, &service_line(service));
    }
    text
}

fn resources(of: &ResourceUse) -> String {
    const UNKNOWN: &str = "?";
    let size = |bytes: Option<u64>| {
        bytes.map_or_else(
            || UNKNOWN.to_owned(),
            |bytes| format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
        )
    };
    let number = |number: Option<u32>| number.map_or_else(|| UNKNOWN.into(), |n| n.to_string());
    let percent = of.cpu_percent;
    format!(
        "Memory: {} (at rest {}). Processor: {}. Open files: {} of {}. Disk left: {}. History: {}.",
        size(of.memory_bytes),
        size(of.resting_memory_bytes),
        percent.map_or_else(|| UNKNOWN.into(), |percent| format!("{percent:.0} %")),
        number(of.open_files),
        number(of.open_files_limit),
        size(of.disk_free_bytes),
        size(of.database_bytes)
    )
}

fn service_line(service: &ServiceHealth) -> String {
    let mut line = format!("  {}: {}", service.name, service.state.title());
    if service.restarts > 0 {
        line.push_str(&format!(", begun again {} times", service.restarts));
    }
    if let Some(why) = &service.last_error {
        line.push_str(&format!("; last: {why}"));
    }
    line
}

fn put(text: &mut String, line: &str) {
    // Writing to a text can't fail.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolroom_shared::{HealthSnapshot, HealthWarning, ServiceState, WarningCode};

    #[test]
    fn what_is_worrying_comes_first_and_a_stale_report_is_told_as_stale() {
        let mut health = HealthSnapshot {
            pid: 7,
            ..HealthSnapshot::default()
        };
        health.warnings.push(HealthWarning {
            code: WarningCode::LowDisk,
            message: "The disk is nearly full.".into(),
            since: String::new(),
        });
        health.services.push(ServiceHealth {
            name: "store-writer".into(),
            state: ServiceState::Running,
            restarts: 2,
            last_error: Some("It fell.".into()),
            since: String::new(),
        });
        let report = HealthReport {
            source: HealthSource::OtherProcess,
            age_seconds: 40,
            is_stale: true,
            ..HealthReport::of_this_process(health)
        };
        let text = lines(&report);
        let told: Vec<_> = text.lines().collect();
        assert!(told[0].contains("process 7 wrote 40 s ago. That is too long ago"));
        assert_eq!(told[1], "! The disk is nearly full.");
        assert!(told[3].contains("Memory: ? (at rest ?)"));
        assert_eq!(
            told[4],
            "  store-writer: running, begun again 2 times; last: It fell."
        );
    }

    #[test]
    fn a_healthy_engine_is_said_to_be_well() {
        let report = HealthReport::of_this_process(HealthSnapshot::default());
        assert!(lines(&report).starts_with("All is well.\n"));
    }
}
