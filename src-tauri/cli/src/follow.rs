//! Follows a job that a command has begun to its end: shows its progress, passes a Ctrl-C on, and
//! prints how it ended. How it is begun is left to the command.

use std::{path::PathBuf, sync::Arc};

use toolroom_engine::{JobApi, Registry, StreamItem};
use toolroom_shared::{AppError, Caller, JobHandle, JobId, JobSnapshot, JobStatus};

use crate::{
    progress_bar::JobBar, render, session::with_engine, stop_signal::StopSignal,
    whole_output::WholeJob,
};

/// Begins a job with `begin`, follows it, and prints its end. The exit code.
///
/// # Errors
/// When no engine can be had, the job can't be begun, or its output can't be read.
pub fn to_its_end(
    registry: Registry,
    data_dir: Option<PathBuf>,
    as_json: bool,
    begin: impl AsyncFnOnce(&dyn JobApi) -> Result<JobHandle, AppError>,
) -> Result<u8, AppError> {
    let job = with_engine(registry, data_dir, async |api: Arc<dyn JobApi>| {
        let job = follow(&*api, begin).await?;
        Ok(WholeJob::fetch(&*api, job).await)
    })?;
    // What there is of the job is printed even if its output can't be read.
    let (job, output_read) = if as_json {
        job.print_json()?
    } else {
        let (job, output_read) = job.into_snapshot();
        if let Some(output) = &job.output {
            render::print(&render::output(output));
        }
        (job, output_read)
    };
    if let Some(sentence) = render::ending(&job) {
        render::say(&sentence);
    }
    output_read.map(|()| exit_code(job.status))
}

async fn follow(
    api: &dyn JobApi,
    begin: impl AsyncFnOnce(&dyn JobApi) -> Result<JobHandle, AppError>,
) -> Result<JobSnapshot, AppError> {
    // Before the job is begun, lest its first event or an early Ctrl-C be missed.
    let mut events = api.subscribe(Caller::Terminal, None).await?;
    let mut stop = StopSignal::new()?;
    let job_id = begin(api).await?.job_id;
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
                    if has_ended(api, &job_id).await? {
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

const fn exit_code(status: JobStatus) -> u8 {
    match status {
        JobStatus::Succeeded => 0,
        JobStatus::Canceled => 130,
        _ => 1,
    }
}
