//! The table, what is done to many jobs, and forgetting, against a backend in memory.

use futures::executor::block_on;
use leptos::prelude::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use toolroom_shared::{JobId, JobStatus};

use super::tests::{World, life};
use super::{JobsTable, Many, ManyAction, Phase, Selection, StatusFilter, TableKey};

fn id(number: u32) -> JobId {
    JobId(format!("{number:05}"))
}

fn ended(number: u32) -> Vec<toolroom_shared::JobSnapshot> {
    life(&format!("{number:05}"), 1, Some(JobStatus::Succeeded))
}

/// Scrolls there and waits until what is in sight is known.
fn scroll(table: &JobsTable, rows: std::ops::RangeInclusive<u32>) {
    table.hold();
    table.want(rows);
    block_on(table.work_off());
}

/// Follows what has changed and waits until what is in sight is known.
fn settle(table: &JobsTable) {
    table.hold();
    untrack(|| table.follow());
    block_on(table.work_off());
}

fn total(table: &JobsTable) -> u32 {
    table.view.with_untracked(|view| view.total)
}

fn at(table: &JobsTable, row: u32) -> Option<JobId> {
    table.view.with_untracked(|view| view.id_at(row).cloned())
}

fn asked(world: &World) -> usize {
    world.transport.calls("list_jobs").len()
}

#[test]
fn only_what_is_near_is_asked_for_and_kept_and_the_end_is_one_question_away() {
    let world = World::new((0..10_000).map(ended).collect());
    let table = world.store.new_table(TableKey::default());
    scroll(&table, 0..=30);
    assert_eq!(total(&table), 10_000);
    assert_eq!(at(&table, 0), Some(id(9_999)));
    let before = asked(&world);
    scroll(&table, 5..=35);
    assert_eq!(asked(&world), before, "known rows need no asking");
    scroll(&table, 9_960..=9_999);
    assert_eq!(asked(&world), before + 1);
    assert_eq!(at(&table, 9_999), Some(id(0)));
    assert_eq!(at(&table, 0), None, "what is far away is dropped");
    let row = table.view.with_untracked(|view| view.row_of(&id(3)));
    assert_eq!(row, Some(9_996));
}

#[test]
fn a_job_that_comes_is_in_the_table_and_progress_asks_for_nothing() {
    let world = World::new((0..120).map(ended).collect());
    let table = world.store.new_table(TableKey::default());
    scroll(&table, 0..=20);
    let new = life("00120", 3, None);
    world.jobs.lock().unwrap().push(new.clone());
    world.emit(&new[1]);
    settle(&table);
    assert_eq!(
        (at(&table, 0), at(&table, 1)),
        (Some(id(120)), Some(id(119)))
    );
    assert_eq!(total(&table), 121);
    let before = asked(&world);
    world.emit(&new[2]);
    settle(&table);
    assert_eq!(asked(&world), before);
}

#[test]
fn rows_whose_answer_never_comes_are_asked_for_again_and_a_failure_can_be_tried_again() {
    let world = World::new((0..60).map(ended).collect());
    world.transport.lose("list_jobs", 1);
    let table = world.store.new_table(TableKey::default());
    scroll(&table, 0..=20);
    assert_eq!(at(&table, 0), Some(id(59)));
    let failing = World::new(vec![]);
    let oops = json!({"code": "storage", "message": "The disk is full.", "details": null,
                      "retryable": false});
    failing
        .transport
        .answer("list_jobs", move |_| Err(oops.clone()));
    let table = failing.store.new_table(TableKey::default());
    scroll(&table, 0..=20);
    let phase = |table: &JobsTable| table.view.with_untracked(|view| view.phase.clone());
    assert_eq!(phase(&table), Phase::Failed("The disk is full.".into()));
    failing.transport.answer("list_jobs", |_| {
        Ok(json!({"jobs": [], "total": 0, "next_cursor": null}))
    });
    table.hold();
    table.try_again();
    block_on(table.work_off());
    assert_eq!(phase(&table), Phase::Ready);
}

#[test]
fn a_backend_that_counts_more_rows_than_it_gives_is_not_asked_for_ever() {
    let world = World::new(vec![]);
    world.transport.answer("list_jobs", |_| {
        Ok(json!({"jobs": [], "total": 70, "next_cursor": null}))
    });
    let table = world.store.new_table(TableKey::default());
    scroll(&table, 0..=60);
    assert_eq!((total(&table), at(&table, 0)), (70, None));
    assert_eq!(asked(&world), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Wherever one scrolls and whichever jobs come meanwhile: what is in sight is what is there.
    #[test]
    fn any_scrolling_among_jobs_that_come_ends_in_the_backends_rows(
        first in 0u32..400,
        steps in prop::collection::vec((0u32..600, any::<bool>()), 1..12),
    ) {
        let world = World::new((0..first).map(ended).collect());
        let table = world.store.new_table(TableKey::default());
        let mut count = first;
        for (row, comes) in steps {
            if comes {
                let new = ended(count);
                world.jobs.lock().unwrap().push(new.clone());
                world.emit(&new[0]);
                count += 1;
                settle(&table);
            }
            let row = row.min(count.saturating_sub(1));
            scroll(&table, row..=row + 30);
            prop_assert_eq!(total(&table), count);
            for row in row..(row + 30).min(count) {
                prop_assert_eq!(at(&table, row), Some(id(count - 1 - row)));
            }
        }
    }
}

fn selected(numbers: &[u32]) -> Selection {
    let mut selection = Selection::default();
    selection.set(0, numbers.iter().map(|number| id(*number)));
    selection
}

#[test]
fn canceling_all_says_how_many_first_and_asks_only_for_unfinished_ones() {
    let mut lives: Vec<_> = (0..5).map(ended).collect();
    lives.extend((5..8).map(|number| life(&format!("{number:05}"), 1, None)));
    let world = World::new(lives);
    world.transport.answer("cancel_jobs", |_| Ok(json!(3)));
    let table = world.store.new_table(TableKey::default());
    let mut all = Selection::default();
    all.select_all();
    let state = ArcRwSignal::default();
    let said = block_on(table.ask_to_now(ManyAction::Cancel, &all, &state));
    assert_eq!(said, Ok(None));
    assert_eq!(state.get_untracked(), Many::Asking(ManyAction::Cancel, 3));
    assert!(world.transport.calls("cancel_jobs").is_empty());
    let said = block_on(table.do_to_now(ManyAction::Cancel, &all, &state));
    assert_eq!(said, Ok(Some("3 jobs canceled.".to_owned())));
    let query = &world.transport.calls("cancel_jobs")[0]["query"];
    assert_eq!(query["statuses"], json!(["Queued", "Running"]));
    // Where nothing unfinished is shown, nothing is asked for: no status would mean every status.
    let failed = TableKey {
        status: StatusFilter::Failed,
        ..TableKey::default()
    };
    let table = world.store.new_table(failed);
    block_on(table.ask_to_now(ManyAction::Cancel, &all, &state)).unwrap();
    assert_eq!(state.get_untracked(), Many::Idle);
    block_on(table.do_to_now(ManyAction::Cancel, &all, &state)).unwrap();
    assert_eq!(world.transport.calls("cancel_jobs").len(), 1);
}

#[test]
fn what_is_selected_is_done_one_by_one_to_those_that_it_fits_and_failures_are_counted() {
    let mut lives: Vec<_> = (0..6).map(ended).collect();
    lives.push(life("00006", 1, None));
    let world = World::new(lives);
    let refused = json!({"code": "wrong_state", "message": "Not this one.", "details": null,
                         "retryable": false});
    world.transport.answer("retry_job", move |args| {
        match args["jobId"] == json!("00002") {
            true => Err(refused.clone()),
            false => Ok(json!({"job_id": "00006"})),
        }
    });
    let table = world.store.new_table(TableKey::default());
    scroll(&table, 0..=10);
    let state = ArcRwSignal::default();
    let selection = selected(&[1, 2, 3, 6]);
    block_on(table.ask_to_now(ManyAction::RunAgain, &selection, &state)).unwrap();
    assert_eq!(state.get_untracked(), Many::Asking(ManyAction::RunAgain, 3));
    let said = block_on(table.do_to_now(ManyAction::RunAgain, &selection, &state));
    let again: Vec<Value> = world.transport.calls("retry_job");
    let again: Vec<_> = again.iter().map(|args| args["jobId"].clone()).collect();
    assert_eq!(again, [json!("00001"), json!("00002"), json!("00003")]);
    let words = "2 jobs started again. 1 could not be: Not this one.";
    assert_eq!(said, Ok(Some(words.to_owned())));
}

#[test]
fn stopping_begins_no_further_job() {
    let world = World::new((0..40).map(ended).collect());
    let state = ArcRwSignal::new(Many::Idle);
    let stop = state.clone();
    world.transport.answer("retry_job", move |_| {
        stop.set(Many::Idle);
        Ok(json!({"job_id": "00001"}))
    });
    let table = world.store.new_table(TableKey::default());
    let numbers: Vec<u32> = (0..40).collect();
    block_on(table.do_to_now(ManyAction::RunAgain, &selected(&numbers), &state)).unwrap();
    assert!(world.transport.calls("retry_job").len() <= 4);
}

#[test]
fn rows_that_are_not_known_are_selected_too() {
    let world = World::new((0..900).map(ended).collect());
    let table = world.store.new_table(TableKey::default());
    scroll(&table, 0..=20);
    let ids = block_on(table.ids_in(10..=809));
    assert_eq!(ids.len(), 800);
    assert_eq!((ids.first(), ids.last()), (Some(&id(889)), Some(&id(90))));
}

#[test]
fn however_many_jobs_come_and_go_few_are_kept() {
    let world = World::new(vec![]);
    let (long, seen) = (life("00000", 2, None), ended(1));
    world
        .jobs
        .lock()
        .unwrap()
        .extend([long.clone(), seen.clone()]);
    world.emit(&long[1]);
    world.emit(&seen[2]);
    world.store.pin(&id(1));
    let mut most = 0;
    for number in 2..10_002 {
        world.emit(&ended(number)[2]);
        world.pass(20);
        if number % 50 == 0 {
            world.store.prune();
            most = most.max(world.store.state().cells.len());
        }
    }
    assert!(most <= 1_600, "{most}");
    assert!(world.store.job(&id(0)).is_some(), "it runs");
    assert!(world.store.job(&id(1)).is_some(), "a view shows it");
    assert!(world.store.job(&id(5_000)).is_none());
    assert!(world.store.job(&id(10_001)).is_some());
    world.store.unpin(&id(1));
    for number in 10_002..12_002 {
        world.emit(&ended(number)[2]);
    }
    world.pass(20_000);
    world.store.prune();
    assert_eq!(
        world.store.state().cells.len(),
        201,
        "the newest, and the one that runs"
    );
    assert!(world.store.job(&id(1)).is_none());
}
