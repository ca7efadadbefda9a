//! The store against a backend in memory: what was told lost, doubled and out of order.

use std::sync::atomic::{AtomicU64, Ordering};

use futures::executor::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};
use toolroom_ipc::FakeTransport;
use toolroom_shared::{JobEvent, JobStatus, JobsUpdate, TransitionKind};

use super::*;
use crate::stores::test_job::a_job;

/// A backend that knows, for each job, every version it had; the last is the present one.
#[derive(Clone)]
pub(super) struct World {
    pub(super) transport: FakeTransport,
    pub(super) jobs: Arc<Mutex<Vec<Vec<JobSnapshot>>>>,
    now: Arc<AtomicU64>,
    pub(super) store: JobsStore,
    /// What the feed tells when it is followed the next time.
    told: Arc<Mutex<Vec<JobsUpdate>>>,
    last_event: Arc<AtomicU64>,
}

/// A job's life: queued, running for a while, and its end if there is one.
pub(super) fn life(id: &str, steps: u32, end: Option<JobStatus>) -> Vec<JobSnapshot> {
    let mut all = vec![a_job(id, 1, JobStatus::Queued)];
    for step in 0..steps {
        let mut running = a_job(id, step + 2, JobStatus::Running);
        running.progress_pct = u8::try_from(step * 100 / steps).unwrap();
        all.push(running);
    }
    all.extend(end.map(|end| a_job(id, steps + 2, end)));
    all
}

impl World {
    pub(super) fn new(jobs: Vec<Vec<JobSnapshot>>) -> Self {
        let transport = FakeTransport::default();
        let jobs = Arc::new(Mutex::new(jobs));
        let present = jobs.clone();
        transport.answer("get_job", move |args| {
            let jobs = present.lock().unwrap();
            let found = jobs
                .iter()
                .map(|life| life.last().unwrap())
                .find(|job| args["jobId"] == job.job_id.as_str());
            found.map(|job| json!(job)).ok_or_else(
                || json!({"code": "unknown_job", "message": "Gone.", "details": null, "retryable": false}),
            )
        });
        let present = jobs.clone();
        transport.answer("list_jobs", move |args| {
            Ok(page(&present.lock().unwrap(), &args))
        });
        let told = Arc::<Mutex<Vec<JobsUpdate>>>::default();
        let (feed, updates) = (transport.clone(), told.clone());
        transport.answer("watch_jobs", move |args| {
            let channel = feed.channel(&args["onEvent"]);
            for update in updates.lock().unwrap().drain(..) {
                channel.send(&update);
            }
            Ok(json!(1))
        });
        transport.answer("end_watch", |_| Ok(Value::Null));
        let now = Arc::new(AtomicU64::new(10_000));
        let clock = Clock::by_hand(&now);
        let store = JobsStore::new(
            Client::new(Arc::new(transport.clone())),
            clock.clone(),
            LinkStore::default(),
            NoticesStore::new(clock),
        );
        Self {
            transport,
            jobs,
            now,
            store,
            told,
            last_event: Arc::default(),
        }
    }

    /// Has the feed begin with the unfinished jobs.
    fn load_active(&self) {
        let jobs = self.jobs.lock().unwrap();
        let unfinished = jobs.iter().filter_map(|life| life.last());
        let unfinished = unfinished.filter(|job| !job.status.is_terminal());
        let jobs = unfinished.map(JobSummary::from).collect();
        let seq = EventSeq(self.last_event.load(Ordering::Relaxed));
        self.tell(JobsUpdate::Snapshot { seq, jobs });
    }

    fn tell(&self, update: JobsUpdate) {
        self.told.lock().unwrap().push(update);
        block_on(self.store.follow()).unwrap();
    }

    pub(super) fn emit(&self, job: &JobSnapshot) {
        self.emit_all(&[job]);
    }

    /// One message on several jobs.
    fn emit_all(&self, jobs: &[&JobSnapshot]) {
        if self.store.state().seen.is_none() {
            let seq = EventSeq(self.last_event.load(Ordering::Relaxed));
            let snapshot = JobsUpdate::Snapshot { seq, jobs: vec![] };
            self.told.lock().unwrap().push(snapshot);
        }
        let event = |job: &&JobSnapshot| JobEvent {
            seq: self.last_event.fetch_add(1, Ordering::Relaxed) + 1,
            kind: TransitionKind::Progress,
            job: JobSummary::from(*job),
        };
        let events = jobs.iter().map(event).collect();
        self.tell(JobsUpdate::Events { events });
    }

    pub(super) fn pass(&self, ms: u64) {
        self.now.fetch_add(ms, Ordering::Relaxed);
    }

    fn shown(&self, id: &str) -> Job {
        self.store.job(&JobId(id.into())).unwrap().get_untracked()
    }
}

fn page(jobs: &[Vec<JobSnapshot>], args: &Value) -> Value {
    let query = &args["query"];
    let limit = usize::try_from(query["limit"].as_u64().unwrap_or(100)).unwrap();
    let offset = query["offset"].as_u64().unwrap_or(0);
    let cursor = query["cursor"].as_str().map(|c| c.parse().unwrap());
    let start = usize::try_from(cursor.unwrap_or(offset)).unwrap();
    let mut all: Vec<JobSummary> = jobs
        .iter()
        .map(|life| JobSummary::from(life.last().unwrap()))
        .filter(|job| {
            query["statuses"].is_null()
                || query["statuses"]
                    .as_array()
                    .unwrap()
                    .contains(&json!(job.status))
        })
        .filter(|job| {
            let words = query["search"].as_str().unwrap_or_default();
            job.job_id.as_str().contains(words)
        })
        .collect();
    all.sort_by(|a, b| b.job_id.cmp(&a.job_id));
    let total = all.len();
    let next = (start + limit < total).then(|| (start + limit).to_string());
    let jobs: Vec<_> = all.into_iter().skip(start).take(limit).collect();
    json!({"jobs": jobs, "total": total, "next_cursor": next})
}

#[test]
fn a_withheld_event_changes_nothing_in_the_end() {
    let life = life("a", 3, Some(JobStatus::Succeeded));
    let world = World::new(vec![life[..2].to_vec()]);
    world.load_active();
    assert_eq!(world.store.counts.get_untracked().running, 1);
    world.jobs.lock().unwrap()[0] = life;
    block_on(world.store.reconcile());
    assert_eq!(
        world.shown("a").status(),
        JobStatus::Running,
        "heard of just now"
    );
    world.pass(1_000);
    block_on(world.store.reconcile());
    assert_eq!(world.shown("a").status(), JobStatus::Succeeded);
    assert_eq!(world.store.counts.get_untracked(), Counts::default());
}

#[test]
fn one_message_on_many_jobs_changes_the_lists_once() {
    let lives: Vec<_> = (0..20).map(|n| life(&format!("{n:02}"), 2, None)).collect();
    let world = World::new(lives.clone());
    let told: Vec<_> = lives.iter().map(|life| &life[1]).collect();
    let before = world.store.shape.get_untracked();
    world.emit_all(&told);
    assert_eq!(world.store.shape.get_untracked(), before + 1);
    assert_eq!(world.store.counts.get_untracked().running, 20);
    world.emit_all(&told);
    assert_eq!(world.store.shape.get_untracked(), before + 1, "nothing new");
}

#[test]
fn the_feed_goes_on_where_it_was_left_and_begins_anew_where_something_is_missing() {
    let world = World::new(vec![life("a", 5, None)]);
    let jobs = world.jobs.lock().unwrap()[0].clone();
    world.emit(&jobs[0]);
    world.emit(&jobs[1]);
    let since = |calls: &[Value]| calls.iter().map(|args| args["since"].clone()).collect();
    let asked: Vec<Value> = since(&world.transport.calls("watch_jobs"));
    assert_eq!(asked, [json!(null), json!(1)]);
    assert_eq!(world.transport.calls("end_watch").len(), 0);
    world.last_event.fetch_add(1, Ordering::Relaxed);
    world.emit(&jobs[3]);
    assert_eq!(world.shown("a").summary.revision, jobs[1].revision);
    assert_eq!(world.transport.calls("end_watch"), [json!({"watchId": 1})]);
    world.load_active();
    assert_eq!(world.shown("a").summary, JobSummary::from(&jobs[5]));
    let asked: Vec<Value> = since(&world.transport.calls("watch_jobs"));
    assert_eq!(asked[3], json!(null));
    assert_eq!(world.transport.channels(), 0, "no channel is left");
}

#[test]
fn an_older_revision_changes_nothing() {
    let life = life("a", 5, None);
    let world = World::new(vec![life.clone()]);
    world.emit(&life[4]);
    world.emit(&life[2]);
    world.emit(&life[4]);
    assert_eq!(world.shown("a").summary, JobSummary::from(&life[4]));
}

#[test]
fn a_step_asks_for_fifty_jobs_at_the_most_and_for_finished_ones_never() {
    let mut lives: Vec<_> = (0..70).map(|n| life(&format!("{n:03}"), 1, None)).collect();
    lives.push(life("999", 1, Some(JobStatus::Failed)));
    let world = World::new(lives);
    block_on(world.store.discover());
    world.pass(1_500);
    block_on(world.store.reconcile());
    assert_eq!(world.transport.calls("get_job").len(), 50);
    block_on(world.store.reconcile());
    assert_eq!(world.transport.calls("get_job").len(), 70);
    block_on(world.store.reconcile());
    assert_eq!(world.transport.calls("get_job").len(), 70);
}

#[test]
fn jobs_that_other_doors_started_are_found_on_as_many_pages_as_it_takes() {
    let world = World::new(vec![life("000", 1, None)]);
    world.load_active();
    let more = (1..=250).map(|n| life(&format!("{n:03}"), 1, None));
    block_on(world.store.discover());
    world.jobs.lock().unwrap().extend(more);
    block_on(world.store.discover());
    assert_eq!(world.store.counts.get_untracked().running, 251);
}

#[test]
fn a_job_that_the_backend_lost_is_forgotten() {
    let world = World::new(vec![life("a", 2, None)]);
    world.load_active();
    world.jobs.lock().unwrap().clear();
    world.pass(1_000);
    block_on(world.store.reconcile());
    assert!(world.store.job(&JobId("a".into())).is_none());
    assert_eq!(world.store.counts.get_untracked(), Counts::default());
}

#[test]
fn a_list_shows_no_further_down_than_it_is_loaded_and_goes_on_where_it_ended() {
    let mut lives: Vec<_> = (0..120)
        .map(|n| life(&format!("{n:03}"), 1, Some(JobStatus::Failed)))
        .collect();
    lives[0] = life("000", 1, None);
    let world = World::new(lives);
    world.load_active();
    let key = ListKey::default();
    block_on(world.store.load_more_now(&key));
    let rows = |key: &ListKey| untrack(|| world.store.rows(key)).ids;
    assert_eq!(rows(&key).len(), 50);
    assert_eq!(rows(&key)[0].as_str(), "119");
    block_on(world.store.load_more_now(&key));
    block_on(world.store.load_more_now(&key));
    assert_eq!(rows(&key).len(), 120);
    let of_tool = ListKey {
        tool: Some("any-tool".into()),
    };
    block_on(world.store.load_more_now(&of_tool));
    assert_eq!(rows(&of_tool).len(), 50);
    let of_none = ListKey {
        tool: Some("another-tool".into()),
    };
    block_on(world.store.load_more_now(&of_none));
    assert!(rows(&of_none).is_empty());
}

#[test]
fn jobs_that_come_push_older_ones_off_a_list_until_more_is_asked_for() {
    let ended = |n| life(&format!("{n:03}"), 1, Some(JobStatus::Succeeded));
    let world = World::new((0..60).map(ended).collect());
    let key = ListKey::default();
    block_on(world.store.load_more_now(&key));
    let rows = || untrack(|| world.store.rows(&key));
    for n in 100..170 {
        world.emit(&ended(n)[0]);
    }
    assert_eq!(rows().ids.len(), 50);
    assert_eq!(rows().ids[0].as_str(), "169");
    assert!(rows().has_more);
    let asked = world.transport.calls("list_jobs").len();
    world.store.show_more(&key);
    assert_eq!(rows().ids.len(), 100, "known ones need no asking");
    assert_eq!(world.transport.calls("list_jobs").len(), asked);
    world.store.show_more(&key);
    assert_eq!(rows().ids.len(), 120);
    assert!(rows().has_more, "ten are known to the backend alone");
    block_on(world.store.load_more_now(&key));
    assert_eq!(rows().ids.len(), 130);
    assert!(!rows().has_more);
}

#[test]
fn an_output_is_had_once_the_job_has_ended_and_a_lost_job_is_said_to_be_gone() {
    let world = World::new(vec![life("a", 2, Some(JobStatus::Succeeded))]);
    block_on(world.store.discover());
    assert!(!world.shown("a").output_is_known());
    let state = ArcRwSignal::default();
    block_on(world.store.look_at_now(&JobId("a".into()), &state));
    assert_eq!(state.get_untracked(), Details::Ready);
    let job = world.shown("a");
    assert!(matches!(&job.output, Output::Here(output) if **output == json!({"done": 4})));
    assert_eq!(job.title.as_deref(), Some("/in/a"));
    block_on(world.store.look_at_now(&JobId("b".into()), &state));
    assert_eq!(state.get_untracked(), Details::Gone);
}

#[test]
fn running_again_has_the_backend_start_the_job_once_more() {
    let world = World::new(vec![
        life("a", 1, Some(JobStatus::Failed)),
        life("b", 1, None),
    ]);
    world
        .transport
        .answer("retry_job", |_| Ok(json!({"job_id": "b"})));
    let new = block_on(world.store.run_again_now(&JobId("a".into()))).unwrap();
    assert_eq!(new.as_str(), "b");
    assert_eq!(world.transport.calls("retry_job"), [json!({"jobId": "a"})]);
    assert_eq!(world.shown("b").status(), JobStatus::Running);
}

#[test]
fn a_job_shows_that_it_is_to_end_as_soon_as_the_backend_says_so() {
    let world = World::new(vec![life("a", 3, None)]);
    world.load_active();
    let jobs = world.jobs.clone();
    world.transport.answer("cancel_job", move |_| {
        let mut jobs = jobs.lock().unwrap();
        let mut next = jobs[0].last().unwrap().clone();
        next.revision += 1;
        next.cancel_requested = true;
        jobs[0].push(next);
        Ok(Value::Null)
    });
    let cancel = async |client: Client, id| client.cancel_job(id).await;
    block_on(world.store.ask_now(&JobId("a".into()), cancel)).unwrap();
    assert!(world.shown("a").summary.cancel_requested);
}

fn any_end() -> impl Strategy<Value = Option<JobStatus>> {
    prop_oneof![
        Just(None),
        Just(Some(JobStatus::Succeeded)),
        Just(Some(JobStatus::Failed)),
        Just(Some(JobStatus::Canceled)),
    ]
}

proptest! {
    /// Whichever events come, how often and in which order: after the ticks the store shows
    /// what the backend knows, and on the way no job ever went back.
    #[test]
    fn any_loss_and_order_of_events_ends_in_the_backends_state(
        lives in prop::collection::vec((1u32..8, any_end()), 1..6),
        picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..60),
        loads_first in any::<bool>(),
    ) {
        let lives: Vec<_> = lives
            .into_iter()
            .enumerate()
            .map(|(n, (steps, end))| life(&format!("job-{n}"), steps, end))
            .collect();
        let world = World::new(lives.clone());
            if loads_first {
            block_on(world.store.discover());
        }
        for (job, version) in picks {
            let life = &lives[job.index(lives.len())];
            let event = &life[version.index(life.len())];
            let cell = world.store.job(&event.job_id);
            let before = cell.map_or(0, |job| job.get_untracked().summary.revision);
            world.emit(event);
            let job = world.shown(event.job_id.as_str());
            prop_assert_eq!(job.summary.revision, before.max(event.revision));
        }
        world.pass(2_000);
        block_on(world.store.discover());
        world.pass(2_000);
        block_on(world.store.reconcile());
        let mut counts = Counts::default();
        for life in &lives {
            let last = life.last().unwrap();
            prop_assert_eq!(world.shown(last.job_id.as_str()).summary, JobSummary::from(last));
            counts.running += u32::from(last.status == JobStatus::Running);
            counts.queued += u32::from(last.status == JobStatus::Queued);
        }
        prop_assert_eq!(world.store.counts.get_untracked(), counts);
    }
}
