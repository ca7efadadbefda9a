//! Follows the jobs while nobody looks: tells of those that took long and have ended, and ends an app
//! whose window was closed once the last job has.
//!
//! How ends become one notification is `bell`'s business, how it is shown `native`'s.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use tauri::{AppHandle, Manager, Wry};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::{task::JoinSet, time::Instant};
use toolroom_engine::{JobApi, Service, ServiceContext, ServiceEnd, StreamItem};
use toolroom_shared::{Caller, GeneralSettings, JobId, JobStatus, JobSummary, OpenRequest};

use crate::{
    bell::{Bell, Ended, Ring},
    closing,
    native::{NativeServices, Notice},
    sight::{Sight, Stand},
    state::AppState,
};

/// How long an app that ends waits for its last notification to be shown.
const SHOWN_WITHIN: Duration = Duration::from_secs(2);

/// The service that follows.
pub fn service(
    app: AppHandle<Wry>,
    api: Arc<dyn JobApi>,
    native: Arc<dyn NativeServices>,
    sight: Arc<Sight>,
) -> Service {
    Service::new("job-endings", move |context| {
        let watcher = Watcher {
            app: app.clone(),
            api: api.clone(),
            native: native.clone(),
            bell: Bell::default(),
            unfinished: HashSet::new(),
            titles: HashMap::new(),
            shown: JoinSet::new(),
            ended_unseen: 0,
        };
        watcher.run(sight.clone(), context)
    })
}

struct Watcher {
    app: AppHandle<Wry>,
    api: Arc<dyn JobApi>,
    native: Arc<dyn NativeServices>,
    bell: Bell,
    unfinished: HashSet<JobId>,
    titles: HashMap<String, String>,
    /// What waits for a click; ends with this.
    shown: JoinSet<()>,
    /// How many have ended since the window was closed.
    ended_unseen: usize,
}

impl Watcher {
    async fn run(mut self, sight: Arc<Sight>, context: ServiceContext) -> ServiceEnd {
        let tools = self.api.list_tools(Caller::Window).await;
        let tools = tools.map_err(|error| error.to_string())?;
        self.titles = tools
            .into_iter()
            .map(|tool| (tool.name, tool.title))
            .collect();
        let mut stand = sight.watch();
        let mut stream = self.follow().await?;
        context.ready();
        loop {
            let now = *stand.borrow_and_update();
            if now.is_in_front {
                self.bell.forget();
            }
            if !now.is_hidden {
                self.ended_unseen = 0;
            } else if self.unfinished.is_empty() {
                self.tell_the_last().await;
                self.app.exit(0);
                context.stopped().await;
                return Ok(());
            }
            let due = self.bell.due();
            tokio::select! {
                () = context.stopped() => return Ok(()),
                changed = stand.changed() => if changed.is_err() {
                    return Err("Nobody says how the window stands.".to_owned());
                },
                // sleep: until it is due
                () = tokio::time::sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    if let Some(ring) = self.bell.ring() {
                        self.show(ring);
                    }
                }
                Some(_) = self.shown.join_next() => {}
                item = stream.next() => match item {
                    Some(StreamItem::Event(event)) => self.see(&event.job, now),
                    Some(StreamItem::Gap(_)) => stream = self.follow().await?,
                    None => {
                        context.stopped().await;
                        return Ok(());
                    }
                },
            }
        }
    }

    /// Follows from now on, beginning with what is unfinished.
    async fn follow(&mut self) -> Result<toolroom_engine::Subscription, String> {
        let stream = self.api.subscribe(Caller::Window, None).await;
        let stream = stream.map_err(|error| error.to_string())?;
        self.unfinished = stream
            .snapshot
            .iter()
            .map(|job| job.job_id.clone())
            .collect();
        Ok(stream)
    }

    fn see(&mut self, job: &JobSummary, stand: Stand) {
        if !job.status.is_terminal() {
            self.unfinished.insert(job.job_id.clone());
            return;
        }
        self.unfinished.remove(&job.job_id);
        self.ended_unseen += usize::from(stand.is_hidden);
        if !stand.is_in_front && self.is_worth_telling(job) {
            let ended = Ended {
                job_id: job.job_id.clone(),
                title: self
                    .titles
                    .get(&job.tool_name)
                    .unwrap_or(&job.tool_name)
                    .clone(),
                failure: job.error.as_ref().map(|error| error.message.clone()),
            };
            self.bell.add(Instant::now(), ended);
        }
    }

    /// Shows it, and brings the window up when it is clicked on.
    fn show(&mut self, ring: Ring) {
        let (app, native) = (self.app.clone(), self.native.clone());
        self.shown.spawn(async move {
            match native.notify(&ring.notice).await {
                Ok(false) => {}
                Ok(true) => {
                    closing::bring_up(&app);
                    if let (Some(job_id), Some(state)) = (ring.job_id, app.try_state::<AppState>())
                    {
                        state
                            .open_requests()
                            .tell(&app, OpenRequest::Job { job_id });
                    }
                }
                // Where nothing can be told, the list of jobs still has it.
                Err(error) => eprintln!("toolroom: {}", error.message),
            }
        });
    }

    fn is_worth_telling(&self, job: &JobSummary) -> bool {
        let state = self.app.try_state::<AppState>();
        let settings = state.map(|state| state.general_settings());
        settings.is_some_and(|settings| is_worth_telling(job.status, took(job), &settings))
    }

    /// Says that the last job has ended, before the app does.
    async fn tell_the_last(&mut self) {
        let notice = match self.bell.ring() {
            Some(ring) if ring.jobs == self.ended_unseen => ring.notice,
            _ => Notice {
                title: "All jobs have ended".to_owned(),
                text: String::new(),
            },
        };
        // It answers once somebody reacts, which may be never.
        let _ = tokio::time::timeout(SHOWN_WITHIN, self.native.notify(&notice)).await;
    }
}

/// How long the job ran; nothing if it never did.
fn took(job: &JobSummary) -> Option<time::Duration> {
    let time = |text: &Option<String>| OffsetDateTime::parse(text.as_deref()?, &Rfc3339).ok();
    Some(time(&job.finished_at)? - time(&job.started_at)?)
}

/// Whether a person who looks elsewhere wants to know of this end, as they have set it: what they ended
/// themselves they do know.
fn is_worth_telling(
    status: JobStatus,
    took: Option<time::Duration>,
    settings: &GeneralSettings,
) -> bool {
    let least = Duration::from_secs(settings.notify_after_seconds.into());
    settings.notifications
        && status != JobStatus::Canceled
        && took.is_some_and(|took| took >= least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_job_that_ended_by_itself_is_told_of_where_that_is_wanted() {
        let wanted = GeneralSettings {
            notifications: true,
            notify_after_seconds: 10,
            ..GeneralSettings::default()
        };
        let not_wanted = GeneralSettings {
            notifications: false,
            ..wanted.clone()
        };
        let told = |status, seconds: Option<i64>, settings: &GeneralSettings| {
            is_worth_telling(status, seconds.map(time::Duration::seconds), settings)
        };
        for status in [JobStatus::Succeeded, JobStatus::Failed] {
            assert!(told(status, Some(10), &wanted), "{status:?}");
            assert!(!told(status, Some(9), &wanted), "{status:?}");
            assert!(!told(status, None, &wanted), "{status:?}");
            assert!(!told(status, Some(10), &not_wanted), "{status:?}");
        }
        assert!(!told(JobStatus::Canceled, Some(60), &wanted));
    }
}
