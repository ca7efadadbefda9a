//! What notices are shown, kept and taken away, by the clock.

use std::sync::atomic::AtomicBool;

use super::*;
use toolroom_shared::ErrorCode;

fn store() -> NoticesStore {
    NoticesStore::new(Clock::by_hand(&Arc::default()))
}

fn texts_of(notices: Vec<Notice>) -> Vec<(String, u32)> {
    notices
        .into_iter()
        .map(|notice| (notice.text, notice.times))
        .collect()
}

fn failed(store: &NoticesStore, text: &str) -> Notice {
    let error = AppError::new(ErrorCode::UnknownJob, text);
    Notice {
        is_failure: true,
        ..store.notice(text.to_owned(), error.code.to_string())
    }
}

#[test]
fn many_alike_become_one_that_counts_them() {
    let store = store();
    assert!(store.push(failed(&store, "There is no job a.")));
    assert!(!store.push(failed(&store, "There is no job b.")));
    store.push(store.notice("Saved.".into(), "Saved.".into()));
    store.push(failed(&store, "There is no job c."));
    let expected = [
        ("Saved.".to_owned(), 1),
        ("There is no job c.".to_owned(), 3),
    ];
    assert_eq!(texts_of(untrack(|| store.shown())), expected);
}

#[test]
fn a_notice_goes_by_itself_unless_somebody_reads_it_and_stays_on_the_list() {
    let store = store();
    store.push(store.notice("Saved.".into(), "Saved.".into()));
    store.hold(true);
    for _ in 0..STANDS_FOR {
        assert!(store.step());
    }
    store.hold(false);
    let steps = (0..).take_while(|_| store.step()).count();
    assert_eq!(steps, (STANDS_FOR / TICK - 1) as usize);
    assert_eq!(
        texts_of(untrack(|| store.kept())),
        [("Saved.".to_owned(), 1)]
    );
    store.clear();
    assert_eq!(untrack(|| store.kept_count()), 0);
}

#[test]
fn what_a_notice_offers_is_done_once_and_by_itself() {
    let store = store();
    let done = Arc::new([AtomicBool::new(false), AtomicBool::new(false)]);
    let ids: Vec<u32> = (0..2)
        .map(|place| {
            let done = done.clone();
            let does: Does = Box::new(move || {
                assert!(!done[place].swap(true, Ordering::Relaxed), "done twice");
            });
            let action = NoticeAction {
                label: "Undo".to_owned(),
                does: Arc::new(Mutex::new(Some(does))),
            };
            let notice = Notice {
                action: Some(action),
                ..store.notice("Removed.".into(), format!("offer {place}"))
            };
            let id = notice.id;
            store.push(notice);
            id
        })
        .collect();
    store.dismiss(ids[1]);
    store.act(ids[1]);
    store.act(ids[1]);
    assert!(done[1].load(Ordering::Relaxed) && !done[0].load(Ordering::Relaxed));
    assert_eq!(untrack(|| store.shown()).len(), 1);
}

#[test]
fn no_more_are_kept_than_somebody_would_read() {
    let store = store();
    for number in 0..KEPT + 5 {
        let text = format!("Notice {number}.");
        store.push(store.notice(text.clone(), text));
    }
    let kept = untrack(|| store.kept());
    assert_eq!(kept.len(), KEPT);
    assert_eq!(kept[0].text, format!("Notice {}.", KEPT + 4));
}
