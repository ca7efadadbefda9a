//! Where the policy and the open questions are kept: two small files in the data folder, each written
//! whole, changed under a lock of their own, so that the terminal can change them while another
//! process runs the engine.
//!
//! Who runs the engine looks whether they have changed. Every call may wait for the disk.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use toolroom_shared::{
    AppError, AuditDecision, AuditOperation, Caller, ErrorCode, Grant, Policy, Question,
    QuestionAnswer, QuestionId,
};

use super::{wanted::seen_through, words};
use crate::audit::{AuditJournal, AuditLog, AuditNote};

const POLICY: &str = "permissions.json";
const QUESTIONS: &str = "questions.json";
const LOCK: &str = "permissions.lock";
/// More than a policy of any size that people could look through.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// The files of one data folder.
#[derive(Clone, Debug)]
pub struct PermissionFiles {
    folder: PathBuf,
    /// Who makes the changes, where the audit trail is told of them from here.
    told_as: Option<Caller>,
}

/// What tells one version of a file from another.
pub(super) type Signature = Option<(SystemTime, u64, u64)>;

/// The questions that the running engine has asked, and the answers that it hasn't heard yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Questions {
    /// The number of the last question.
    pub last: u32,
    pub open: Vec<Question>,
    pub answers: Vec<(QuestionId, QuestionAnswer)>,
}

impl PermissionFiles {
    /// Those in `folder`, which need not be there yet.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            told_as: None,
        }
    }

    /// The same, for changes that are made past an engine: each is noted for the audit trail, as made by
    /// `caller`, before it holds.
    #[must_use]
    pub fn told_as(mut self, caller: Caller) -> Self {
        self.told_as = Some(caller);
        self
    }

    /// What is granted. Nothing, if nothing was.
    ///
    /// # Errors
    /// `storage`, when it can't be read or means nothing.
    pub fn policy(&self) -> Result<Policy, AppError> {
        let policy: Policy = self.read(POLICY)?;
        match policy.problem() {
            None => Ok(policy),
            Some(problem) => Err(self.damaged(POLICY, &problem)),
        }
    }

    /// Changes what is granted, and gives what it is then.
    ///
    /// # Errors
    /// `storage`; `invalid_input`, when it would mean nothing.
    pub fn change_policy(&self, change: impl FnOnce(&mut Policy)) -> Result<Policy, AppError> {
        let changed = self.try_change_policy(|policy| {
            change(policy);
            Ok(())
        });
        changed.map(|(_, policy)| policy)
    }

    /// The same for a change that may refuse; what was granted before, and what is now.
    ///
    /// # Errors
    /// The same, and those of `change`.
    pub(super) fn try_change_policy(
        &self,
        change: impl FnOnce(&mut Policy) -> Result<(), AppError>,
    ) -> Result<(Policy, Policy), AppError> {
        let locked = self.lock()?;
        self.write_policy(&locked, change, |before, policy| {
            let said = words::changes(before, policy).into_iter();
            said.map(|what| (String::new(), what)).collect()
        })
    }

    /// `notes` says what is noted of the change: with which tool, and what.
    fn write_policy(
        &self,
        _locked: &File,
        change: impl FnOnce(&mut Policy) -> Result<(), AppError>,
        notes: impl FnOnce(&Policy, &Policy) -> Vec<(String, String)>,
    ) -> Result<(Policy, Policy), AppError> {
        let before = self.policy()?;
        let mut policy = before.clone();
        change(&mut policy)?;
        see_through_new(&before, &mut policy);
        if let Some(problem) = policy.problem() {
            let message = format!("The policy was left as it is. {problem}");
            return Err(AppError::new(ErrorCode::InvalidInput, message));
        }
        let notes = notes(&before, &policy);
        for (tool, what) in &notes {
            self.note(AuditDecision::Allowed, tool, what, None)?;
        }
        let written = self.write(POLICY, &policy);
        if let Err(error) = &written {
            for (tool, what) in &notes {
                // It has failed anyway, and that is told.
                let _ = self.note(AuditDecision::Refused, tool, what, Some(&error.code));
            }
        }
        written.map(|()| (before, policy))
    }

    fn note(
        &self,
        decided: AuditDecision,
        tool: &str,
        what: &str,
        code: Option<&ErrorCode>,
    ) -> Result<(), AppError> {
        let Some(caller) = &self.told_as else {
            return Ok(());
        };
        let note = AuditNote::new(caller.clone(), AuditOperation::Permission, decided);
        let mut note = note.tool(tool).subject(what);
        if let Some(code) = code {
            note = note.code(code);
        }
        AuditJournal::in_folder(&self.folder).try_note(note)
    }

    /// Puts a policy aside that can't be read, under a name that says so. None if it can be read.
    pub(super) fn set_aside(&self) -> Result<Option<PathBuf>, AppError> {
        let _locked = self.lock()?;
        if self.policy().is_ok() {
            return Ok(None);
        }
        let from = self.folder.join(POLICY);
        for number in 1u32.. {
            let to = self
                .folder
                .join(format!("permissions.damaged-{number}.json"));
            if !to.exists() {
                fs::rename(&from, &to).map_err(|error| self.failed(&from, &error))?;
                return Ok(Some(to));
            }
        }
        Ok(None)
    }

    /// The questions that are open, oldest first.
    ///
    /// # Errors
    /// `storage`.
    pub fn questions(&self) -> Result<Vec<Question>, AppError> {
        Ok(self.read::<Questions>(QUESTIONS)?.open)
    }

    /// Answers a question: the engine that asked it hears of it at once or within a second. What is to
    /// be remembered becomes part of the policy.
    ///
    /// # Errors
    /// `storage`; `invalid_query`, when no such question is open.
    pub fn answer(&self, id: QuestionId, answer: QuestionAnswer) -> Result<Question, AppError> {
        let locked = self.lock()?;
        let open = self.questions()?;
        let Some(question) = open.into_iter().find(|open| open.id == id) else {
            return Err(no_question(id));
        };
        let (tool, what) = (&question.tool_name, words::answer(&question, answer));
        // Before the engine can hear of the answer: the next start goes by what is remembered.
        if answer.is_remembered() {
            let remember = |policy: &mut Policy| {
                answer.remember(&question, policy.grant_mut(&question.caller));
                Ok(())
            };
            self.write_policy(&locked, remember, |_, _| vec![(tool.clone(), what)])?;
        } else {
            self.note(AuditDecision::Allowed, tool, &what, None)?;
        }
        self.change_questions_under(&locked, |questions| {
            questions.open.retain(|open| open.id != id);
            questions.answers.push((id, answer));
        })?;
        Ok(question)
    }

    pub(super) fn change_questions<T>(
        &self,
        change: impl FnOnce(&mut Questions) -> T,
    ) -> Result<T, AppError> {
        let locked = self.lock()?;
        self.change_questions_under(&locked, change)
    }

    fn change_questions_under<T>(
        &self,
        _locked: &File,
        change: impl FnOnce(&mut Questions) -> T,
    ) -> Result<T, AppError> {
        // What can't be read is worth nothing: nobody waits for it.
        let mut questions = self.read::<Questions>(QUESTIONS).unwrap_or_default();
        let before = questions.clone();
        let result = change(&mut questions);
        if questions != before {
            self.write(QUESTIONS, &questions)?;
        }
        Ok(result)
    }

    pub(super) fn policy_signature(&self) -> Signature {
        signature(&self.folder.join(POLICY))
    }

    pub(super) fn questions_signature(&self) -> Signature {
        signature(&self.folder.join(QUESTIONS))
    }

    fn read<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T, AppError> {
        let path = self.folder.join(name);
        let bytes = match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(T::default()),
            Ok(about) if about.len() > MOST_BYTES => {
                return Err(self.damaged(name, "It is too long."));
            }
            _ => fs::read(&path).map_err(|error| self.failed(&path, &error))?,
        };
        serde_json::from_slice(&bytes).map_err(|error| self.damaged(name, &format!("{error}.")))
    }

    /// Temporary file, sync, rename: what is read is the old or the new.
    fn write(&self, name: &str, value: &impl Serialize) -> Result<(), AppError> {
        let path = self.folder.join(name);
        let written = || -> io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            serde_json::to_writer_pretty(&mut file, value)?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            #[cfg(unix)]
            File::open(&self.folder)?.sync_all()?;
            Ok(())
        };
        written().map_err(|error| self.failed(&path, &error))
    }

    /// Given back when the file is dropped, or its process ends.
    fn lock(&self) -> Result<File, AppError> {
        let path = self.folder.join(LOCK);
        let locked = || -> io::Result<File> {
            fs::create_dir_all(&self.folder)?;
            let mut options = File::options();
            options.create(true).truncate(false).write(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(&path)?;
            file.lock()?;
            Ok(file)
        };
        locked().map_err(|error| self.failed(&path, &error))
    }

    fn failed(&self, path: &Path, error: &io::Error) -> AppError {
        AppError::new(
            ErrorCode::Storage,
            format!(
                "{} can't be used: {error}. Nothing was changed.",
                path.display()
            ),
        )
    }

    fn damaged(&self, name: &str, problem: &str) -> AppError {
        let path = self.folder.join(name);
        AppError::new(
            ErrorCode::Storage,
            format!(
                "{} can't be understood, so nothing is granted to anybody. {problem} Mend or remove it.",
                path.display()
            ),
        )
    }
}

/// Sees through links and `..` in the paths that are new in a policy. Once, when they are granted: what
/// a folder becomes later, such as a link to somewhere else, was not granted.
pub(super) fn see_through_new(before: &Policy, policy: &mut Policy) {
    let nothing = Grant::default();
    for given in &mut policy.grants {
        let had = before.grant(&given.caller).unwrap_or(&nothing);
        let now = &mut given.grant;
        for (had, now) in [
            (&had.read, &mut now.read),
            (&had.write, &mut now.write),
            (&had.refused_paths, &mut now.refused_paths),
        ] {
            for path in now.iter_mut().filter(|path| !had.contains(path)) {
                let through = seen_through(Path::new(path.as_str()));
                // A path whose target can't be written down stays as it is, and leads nowhere.
                if let Ok(text) = through.into_os_string().into_string()
                    && !text.is_empty()
                {
                    *path = text;
                }
            }
            // Two ways to one place are one place.
            let mut seen = HashSet::new();
            now.retain(|path| seen.insert(path.clone()));
        }
    }
}

/// No such question is open.
pub(super) fn no_question(id: QuestionId) -> AppError {
    AppError::new(
        ErrorCode::InvalidQuery,
        format!("No question {id} is open. It was answered, or nobody waits for it any more."),
    )
}

fn signature(path: &Path) -> Signature {
    let about = fs::metadata(path).ok()?;
    #[cfg(unix)]
    let id = std::os::unix::fs::MetadataExt::ino(&about);
    #[cfg(not(unix))]
    let id = 0;
    Some((about.modified().ok()?, about.len(), id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_policy_is_read_back_and_one_that_means_nothing_is_never_written() {
        let folder = tempfile::tempdir().unwrap();
        let files = PermissionFiles::in_folder(folder.path());
        assert_eq!(files.policy().unwrap(), Policy::default());
        let caller = "mcp:a".parse().unwrap();
        let written = files
            .change_policy(|policy| policy.grant_mut(&caller).read.push("/data".into()))
            .unwrap();
        assert_eq!(files.policy().unwrap(), written);
        let refused = files
            .change_policy(|policy| policy.grant_mut(&caller).read.push("data".into()))
            .unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput);
        assert_eq!(files.policy().unwrap(), written);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_granted_is_for_its_owners_eyes_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let files = PermissionFiles::in_folder(folder.path());
        files.change_policy(|_| {}).unwrap();
        for entry in fs::read_dir(folder.path()).unwrap() {
            let mode = entry.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
    }

    #[test]
    fn a_damaged_policy_is_set_aside_as_it_is_and_a_good_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let files = PermissionFiles::in_folder(folder.path());
        for (number, damage) in [(1, "{"), (2, "[]"), (3, r#"{"grants":[],"more":1}"#)] {
            fs::write(folder.path().join(POLICY), damage).unwrap();
            assert_eq!(files.policy().unwrap_err().code, ErrorCode::Storage);
            let aside = files.set_aside().unwrap().unwrap();
            assert!(aside.ends_with(format!("permissions.damaged-{number}.json")));
            assert_eq!(fs::read_to_string(aside).unwrap(), damage);
            assert_eq!(files.policy().unwrap(), Policy::default());
        }
        assert_eq!(files.set_aside().unwrap(), None);
    }

    #[test]
    fn an_answer_that_can_not_be_remembered_is_not_given_either() {
        let folder = tempfile::tempdir().unwrap();
        let files = PermissionFiles::in_folder(folder.path());
        let asked = json!({"id": 1, "caller": { "mcp": { "name": "a" } }, "tool_name": "look", "read": ["/data"],
            "write": [], "spawn": false, "asked_at": "2026-01-01T00:00:00Z",
            "waits_until": "2026-01-01T00:00:30Z"});
        let shown = json!({"last": 1, "open": [asked], "answers": []});
        fs::write(folder.path().join(QUESTIONS), shown.to_string()).unwrap();
        fs::write(folder.path().join(POLICY), "{").unwrap();
        let answer = || files.answer(QuestionId(1), QuestionAnswer::AllowAlways);
        assert_eq!(answer().unwrap_err().code, ErrorCode::Storage);
        let kept: Questions = files.read(QUESTIONS).unwrap();
        assert_eq!((kept.open.len(), kept.answers.len()), (1, 0));
        files.set_aside().unwrap();
        answer().unwrap();
        let kept: Questions = files.read(QUESTIONS).unwrap();
        assert_eq!((kept.open.len(), kept.answers.len()), (0, 1));
        let policy = files.policy().unwrap();
        let caller = "mcp:a".parse().unwrap();
        assert_eq!(policy.grant(&caller).unwrap().read, ["/data"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_seen_through_when_it_is_granted_and_never_again() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        let files = PermissionFiles::in_folder(&top);
        let text = |name: &str| top.join(name).to_str().unwrap().to_owned();
        fs::create_dir_all(top.join("real/deep")).unwrap();
        fs::create_dir(top.join("other")).unwrap();
        std::os::unix::fs::symlink("real", top.join("link")).unwrap();
        let caller = "mcp:a".parse().unwrap();
        let grant = |path: String| {
            let changed = files.change_policy(|policy| policy.grant_mut(&caller).read.push(path));
            changed.unwrap().grant(&caller).unwrap().read.clone()
        };
        assert_eq!(grant(text("link/deep/../deep")), [text("real/deep")]);
        fs::remove_dir(top.join("real/deep")).unwrap();
        std::os::unix::fs::symlink("../other", top.join("real/deep")).unwrap();
        assert_eq!(grant(text("other")), [text("real/deep"), text("other")]);
    }

    #[test]
    fn changes_from_many_sides_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let files = PermissionFiles::in_folder(folder.path());
        std::thread::scope(|scope| {
            for side in 0..4 {
                let files = files.clone();
                scope.spawn(move || {
                    for number in 0..10 {
                        let caller = format!("http:{side}-{number}").parse().unwrap();
                        files
                            .change_policy(|policy| drop(policy.grant_mut(&caller).tools.clone()))
                            .unwrap();
                    }
                });
            }
        });
        assert_eq!(files.policy().unwrap().grants.len(), 40);
    }
}
