//! Secrets are kept with a keyring in memory, which may be missing or locked, and real files.

use std::{collections::BTreeMap, sync::Mutex};

use proptest::prelude::*;
use toolroom_shared::ErrorCode;

use super::*;

/// A keyring in memory, which may be missing or locked.
#[derive(Debug, Default)]
struct Fake {
    kept: Mutex<BTreeMap<String, SecretText>>,
    trouble: Mutex<Option<Trouble>>,
}

impl Fake {
    fn absent() -> Arc<Self> {
        Arc::new(Self {
            trouble: Mutex::new(Some(Trouble::Absent("There is no keyring.".to_owned()))),
            ..Self::default()
        })
    }

    fn check(&self) -> Result<(), Trouble> {
        self.trouble.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

impl Vault for Fake {
    fn get(&self, account: &str) -> Result<Option<SecretText>, Trouble> {
        self.check()?;
        Ok(self.kept.lock().unwrap().get(account).cloned())
    }

    fn set(&self, account: &str, secret: &SecretText) -> Result<(), Trouble> {
        self.check()?;
        let mut kept = self.kept.lock().unwrap();
        kept.insert(account.to_owned(), secret.clone());
        Ok(())
    }

    fn remove(&self, account: &str) -> Result<(), Trouble> {
        self.check()?;
        self.kept.lock().unwrap().remove(account);
        Ok(())
    }
}

fn name(text: &str) -> SecretName {
    SecretName::new(text).unwrap()
}

fn text(text: &str) -> SecretText {
    text.to_owned().into()
}

fn everything_in(folder: &Path) -> String {
    let files = std::fs::read_dir(folder).unwrap();
    let texts = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
    texts
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn secrets_are_found_as_they_were_kept_last_wherever_they_are(
        steps in prop::collection::vec(("[a-c]", prop::option::of("\\PC{1,12}"), any::<bool>()), 1..12),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let keyring = Arc::new(Fake::default());
        let secrets = || KeptSecrets::with_keyring(folder.path(), keyring.clone());
        let mut expected = BTreeMap::new();
        for (key, secret, is_absent) in steps {
            let in_keyring = || secrets().index().unwrap().names.get(&name(&key)) == Some(&SecretPlace::Keyring);
            // A keyring that has some of them stays reachable for those.
            let is_absent = is_absent && !in_keyring();
            *keyring.trouble.lock().unwrap() = is_absent.then(|| Trouble::Absent("Gone.".to_owned()));
            match &secret {
                Some(secret) => {
                    secrets().set(&name(&key), &text(secret), true).unwrap();
                    expected.insert(key, secret.clone());
                }
                None => {
                    let was_there = secrets().remove(&name(&key)).unwrap();
                    prop_assert_eq!(was_there, expected.remove(&key).is_some());
                }
            }
            *keyring.trouble.lock().unwrap() = None;
            let listed = secrets().list().unwrap();
            prop_assert!(listed.iter().map(|one| one.name.as_str()).eq(expected.keys()));
            for (key, secret) in &expected {
                prop_assert_eq!(secrets().get(&name(key)).unwrap(), Some(text(secret)));
            }
        }
        for key in expected.keys() {
            prop_assert!(secrets().remove(&name(key)).unwrap());
        }
        // Nothing is left that nobody lists.
        prop_assert!(keyring.kept.lock().unwrap().is_empty());
    }
}

#[test]
fn without_a_keyring_a_file_is_used_only_if_the_person_agrees_which_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = KeptSecrets::with_keyring(folder.path(), Fake::absent());
    let refused = secrets.set(&name("a"), &text("CANARY"), false);
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NoKeyring);
    assert!(refused.message.contains("--allow-file"), "{refused}");
    assert!(!everything_in(folder.path()).contains("CANARY"));
    assert_eq!(secrets.list().unwrap(), []);
    secrets.set(&name("a"), &text("one"), true).unwrap();
    secrets.set(&name("b"), &text("two"), false).unwrap();
    assert_eq!(secrets.get(&name("b")).unwrap(), Some(text("two")));
    let place = |one: &KeptSecret| one.place == SecretPlace::File;
    assert!(secrets.list().unwrap().iter().all(place));
}

#[test]
fn a_keyring_that_refuses_is_not_gone_round_by_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = Arc::new(Fake::default());
    let secrets = KeptSecrets::with_keyring(folder.path(), keyring.clone());
    secrets.set(&name("a"), &text("CANARY"), true).unwrap();
    *keyring.trouble.lock().unwrap() = Some(Trouble::Refused("It is locked.".to_owned()));
    for refused in [
        secrets.set(&name("b"), &text("CANARY"), true).unwrap_err(),
        secrets.get(&name("a")).unwrap_err(),
        secrets.remove(&name("a")).unwrap_err(),
    ] {
        assert_eq!(refused.code, ErrorCode::SecretStore);
    }
    assert!(!everything_in(folder.path()).contains("CANARY"));
    let listed = secrets.list().unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].name, name("a"));
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_get_at_is_refused_and_never_made() {
    use std::{fs, os::unix::fs::PermissionsExt};
    let folder = tempfile::tempdir().unwrap();
    let secrets = KeptSecrets::with_keyring(folder.path(), Fake::absent());
    secrets.set(&name("a"), &text("one"), true).unwrap();
    let file = folder.path().join("secrets.private");
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    for mode in [0o640, 0o604, 0o620, 0o602, 0o601] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let refused = secrets.get(&name("a")).unwrap_err();
        assert!(refused.message.contains("chmod 600"), "{refused}");
        assert!(secrets.set(&name("a"), &text("two"), true).is_err());
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(secrets.get(&name("a")).unwrap(), Some(text("one")));
    // Nor is a link followed, wherever it leads.
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
    assert!(secrets.get(&name("a")).is_err());
}

#[test]
fn a_file_that_is_damaged_is_refused_without_being_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = KeptSecrets::with_keyring(folder.path(), Fake::absent());
    secrets.set(&name("a"), &text("one"), true).unwrap();
    let damaged = br#"{"CANARY!": "CANARY"}"#;
    whole::write(&folder.path().join("secrets.private"), damaged).unwrap();
    let refused = secrets.get(&name("a")).unwrap_err();
    assert!(!refused.message.contains("CANARY"), "{refused}");
    std::fs::write(folder.path().join("secrets.json"), "{").unwrap();
    assert_eq!(secrets.list().unwrap_err().code, ErrorCode::SecretStore);
}
