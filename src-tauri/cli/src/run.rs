//! Runs one job and waits for its end.

use std::{io::Write, sync::Arc};

use toolroom_app::Toolroom;
use toolroom_engine::{JobApi, Registry, StreamItem};
use toolroom_shared::{AppError, Caller, ErrorCode, JobId, JobSnapshot, JobStatus, StartOptions};

use crate::{arguments::RunRequest, progress_bar::JobBar, render};

/// Runs the job and prints its result. The exit code.
pub fn run(registry: Registry, request: RunRequest) -> Result<u8, AppError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            AppError::new(
                ErrorCode::Io,
                format!(
                    "The system gave no threads to run the job on: {error}. Nothing was started."
                ),
            )
        })?;
    runtime.block_on(async {
        let toolroom = Toolroom::open(registry, request.data_dir.clone())?;
        let ended = follow(toolroom.api(), &request).await;
        toolroom.shut_down().await;
        let job = ended.map_err(|error| with_flags(&error))?;
        print_end(&job, request.json)?;
        Ok(match job.status {
            JobStatus::Succeeded => 0,
            JobStatus::Canceled => 130,
            _ => 1,
        })
    })
}

/// Starts the job and follows it to its end, showing its progress and passing a Ctrl-C on.
async fn follow(api: Arc<dyn JobApi>, request: &RunRequest) -> Result<JobSnapshot, AppError> {
    let mut events = api.subscribe(Caller::Terminal).await?;
    let mut stop = StopSignal::new()?;
    let job_id = api
        .start(
            Caller::Terminal,
            &request.tool_name,
            request.input.clone(),
            StartOptions::default(),
        )
        .await?
        .job_id;
    let bar = JobBar::new();
    loop {
        tokio::select! {
            item = events.next() => match item {
                Some(StreamItem::Event(event)) if event.job.job_id == job_id => {
                    bar.show(&event.job);
                    if event.job.status.is_terminal() {
                        break;
                    }
                }
                Some(StreamItem::Event(_)) => {}
                Some(StreamItem::Gap(_)) => {
                    if has_ended(&*api, &job_id).await? {
                        break;
                    }
                }
                None => break,
            },
            () = stop.received() => api.cancel(Caller::Terminal, &job_id).await?,
        }
    }
    bar.clear();
    api.get(Caller::Terminal, &job_id).await
}

async fn has_ended(api: &dyn JobApi, job_id: &JobId) -> Result<bool, AppError> {
    let job = api.get(Caller::Terminal, job_id).await?;
    Ok(job.status.is_terminal())
}

fn print_end(job: &JobSnapshot, as_json: bool) -> Result<(), AppError> {
    if as_json {
        render::print(&render::json(job)?);
    } else if let Some(output) = &job.output {
        render::print(&render::output(output));
    }
    if let Some(sentence) = render::ending(job) {
        let _ = writeln!(std::io::stderr(), "toolroom: {sentence}");
    }
    Ok(())
}

/// A refused input, each problem at the flag where it is mended.
fn with_flags(error: &AppError) -> AppError {
    let problems = error.input_problems();
    if problems.is_empty() {
        return error.clone();
    }
    let lines: Vec<_> = problems
        .iter()
        .map(|problem| {
            let mut parts = problem.pointer.split('/').skip(1);
            match (parts.next(), parts.next()) {
                (None, _) => format!("  {}", problem.message),
                (Some(field), None) => {
                    format!("  --{}: {}", field.replace('_', "-"), problem.message)
                }
                (Some(field), Some(_)) => format!(
                    "  --{} ({}): {}",
                    field.replace('_', "-"),
                    problem.pointer,
                    problem.message
                ),
            }
        })
        .collect();
    AppError {
        message: format!("The input was not accepted.\n{}", lines.join("\n")),
        ..error.clone()
    }
}

/// Ctrl-C, and on Unix also a polite request to end.
struct StopSignal {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl StopSignal {
    fn new() -> Result<Self, AppError> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let watch = |kind| {
                signal(kind).map_err(|error| AppError::new(ErrorCode::Io, error.to_string()))
            };
            Ok(Self {
                terminate: watch(SignalKind::terminate())?,
                interrupt: watch(SignalKind::interrupt())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    async fn received(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
