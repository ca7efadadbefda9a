//! Settings over real files, with a trail and an engine that only remember.

use std::fs;

use serde_json::json;

use super::*;

#[derive(Default)]
struct Remembered(Mutex<Vec<AuditNote>>);

impl AuditLog for Remembered {
    fn note(&self, note: AuditNote) {
        self.0.lock().unwrap().push(note);
    }
}

fn note(caller: Caller, subject: &str) -> AuditNote {
    AuditNote::new(caller, AuditOperation::Setting, AuditDecision::Allowed).subject(subject)
}

#[tokio::test]
async fn a_change_is_in_force_when_it_returns_is_noted_and_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let settings = LocalSettings::open(folder.path()).unwrap();
    let trail = Arc::new(Remembered::default());
    let applied: Arc<Mutex<Vec<u32>>> = Arc::default();
    let into = applied.clone();
    let apply = move |settings: &Settings| into.lock().unwrap().push(settings.limits.queue_depth);
    settings.connect(trail.clone(), Box::new(apply));
    let mut watch = settings.watch_settings(Caller::Window);
    watch.mark_unchanged();

    let change = json!({"limits": {"queue_depth": 7}});
    let state = settings
        .change_settings(Caller::Window, change.clone())
        .await
        .unwrap();
    assert_eq!(state.settings.limits.queue_depth, 7);
    assert_eq!(*applied.lock().unwrap(), [7]);
    assert_eq!(**watch.borrow_and_update(), state);
    assert_eq!(
        *trail.0.lock().unwrap(),
        [note(Caller::Window, "limits.queue_depth: 7")]
    );
    // What changes nothing is told to nobody.
    let same = settings
        .change_settings(Caller::Window, change)
        .await
        .unwrap();
    assert_eq!(same.revision, state.revision);
    assert!(!watch.has_changed().unwrap());

    let again = LocalSettings::open(folder.path()).unwrap();
    assert_eq!(again.now().settings, state.settings);
    let back = json!({"limits": null});
    let state = settings
        .change_settings(Caller::Window, back)
        .await
        .unwrap();
    assert_eq!(state.settings, Settings::default());
}

#[tokio::test]
async fn what_another_process_has_changed_is_taken_in_and_noted_as_the_terminals() {
    let folder = tempfile::tempdir().unwrap();
    let settings = LocalSettings::open(folder.path()).unwrap();
    let trail = Arc::new(Remembered::default());
    settings.connect(trail.clone(), Box::new(|_| ()));
    let supervisor = crate::Supervisor::new(crate::Clock::default());
    supervisor.add(settings.service());
    supervisor.ready().await;
    let mut watch = settings.watch_settings(Caller::Window);
    let other = LocalSettings::open(folder.path()).unwrap();
    other
        .change_file(&json!({"appearance": {"theme": "dark"}}))
        .unwrap();
    let told =
        watch.wait_for(|state| state.settings.appearance.theme == toolroom_shared::Theme::Dark);
    drop(told.await.unwrap());
    let noted = note(Caller::Terminal, "appearance.theme: \"dark\"");
    assert_eq!(*trail.0.lock().unwrap(), [noted]);
    assert!(supervisor.stop(Duration::from_secs(5)).await.is_empty());
}

#[tokio::test]
async fn a_damaged_file_is_set_aside_and_said_and_nothing_refuses_to_begin() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.json");
    for (number, damage) in [(1, "{"), (2, "[]"), (3, "\u{0}")] {
        fs::write(&file, damage).unwrap();
        let settings = LocalSettings::open(folder.path()).unwrap();
        let aside = format!("settings.damaged-{number}.json");
        let state = settings.now();
        assert_eq!(state.settings, Settings::default());
        assert_eq!(state.problems[0].pointer, "");
        assert!(state.problems[0].message.contains(&aside), "{state:?}");
        assert_eq!(
            fs::read_to_string(folder.path().join(aside)).unwrap(),
            damage
        );
        assert!(!file.exists());
    }
}

#[tokio::test]
async fn what_can_not_hold_is_refused_by_pointer_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let settings = LocalSettings::open(folder.path()).unwrap();
    let change = json!({"limits": {"queue_depth": 0}, "appearance": {"theme": "dark"}});
    let refused = settings
        .change_settings(Caller::Window, change)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert_eq!(refused.input_problems()[0].pointer, "/limits/queue_depth");
    assert_eq!(settings.now().settings, Settings::default());
    assert!(!folder.path().join("settings.json").exists());
}

#[tokio::test]
async fn only_persons_see_or_change_them() {
    let folder = tempfile::tempdir().unwrap();
    let settings = LocalSettings::open(folder.path()).unwrap();
    let stranger: Caller = "http:x".parse().unwrap();
    let refused = [
        settings.settings(stranger.clone()).await.unwrap_err(),
        settings
            .change_settings(stranger, json!({}))
            .await
            .unwrap_err(),
    ];
    assert!(
        refused
            .iter()
            .all(|error| error.code == ErrorCode::PermissionDenied)
    );
}

#[cfg(unix)]
#[tokio::test]
async fn settings_are_for_their_owners_eyes_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let settings = LocalSettings::open(folder.path()).unwrap();
    settings
        .change_file(&json!({"general": {"notifications": false}}))
        .unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}
