//! The settings of an engine: read when it is made, changed by persons, applied at once, told.
//!
//! `rules` says what may be set and what follows from what is kept, pure; `file` keeps it where the
//! terminal can change it while another process runs the engine; `api` is what doors may ask. What a
//! setting means is whose limits they are: see [`connect`](LocalSettings::connect).

mod api;
mod file;
mod rules;

use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use serde_json::{Map, Value};
use tokio::{sync::watch, time::MissedTickBehavior};
use toolroom_shared::{
    AppError, AuditDecision, AuditOperation, Caller, ErrorCode, InputProblem, Settings,
    SettingsState,
};

pub use api::SettingsApi;
use file::{SettingsFile, Signature};
use rules::Rules;

use crate::{
    AuditLog, AuditNote,
    services::{Service, ServiceContext, ServiceEnd},
};

/// How often it is looked whether another process has changed the file.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Puts settings into force.
pub type Apply = Box<dyn Fn(&Settings) + Send + Sync>;

/// The settings of a data folder. Clones are the same ones.
#[derive(Clone)]
pub struct LocalSettings {
    shared: Arc<Shared>,
}

struct Shared {
    rules: Rules,
    file: SettingsFile,
    seen: Mutex<Option<Signature>>,
    state: watch::Sender<Arc<SettingsState>>,
    engine: OnceLock<Engine>,
}

/// Whom changes concern.
struct Engine {
    apply: Apply,
    audit: Arc<dyn AuditLog>,
}

impl LocalSettings {
    /// Those of a data folder, which need not be there. What is damaged is set aside, and what can't hold
    /// is told by [`SettingsState::problems`]: there are always settings. May wait for the disk.
    ///
    /// # Errors
    /// `internal`, for a fault in this program.
    pub fn open(folder: &Path) -> Result<Self, AppError> {
        let settings = Self {
            shared: Arc::new(Shared {
                rules: Rules::new()?,
                file: SettingsFile::in_folder(folder),
                seen: Mutex::default(),
                state: watch::Sender::new(Arc::default()),
                engine: OnceLock::new(),
            }),
        };
        settings.look(None);
        Ok(settings)
    }

    /// What holds now.
    #[must_use]
    pub fn now(&self) -> Arc<SettingsState> {
        self.shared.state.borrow().clone()
    }

    /// From now on changes are put into force with `apply`, before anybody is told of them, and noted in
    /// the trail. Done once.
    pub(crate) fn connect(&self, audit: Arc<dyn AuditLog>, apply: Apply) {
        let _ = self.shared.engine.set(Engine { apply, audit });
    }

    /// The service that takes in what another process has changed.
    pub(crate) fn service(&self) -> Service {
        let settings = self.clone();
        Service::new("settings", move |context| {
            look_until_stopped(settings.clone(), context)
        })
    }

    /// Changes the settings where no engine runs in this process: one that another runs notices within a
    /// second, and notes it. May wait for the disk.
    ///
    /// # Errors
    /// `invalid_input`, with the problems by pointer, when it can't hold; `storage`.
    pub fn change_file(&self, change: &Value) -> Result<Arc<SettingsState>, AppError> {
        self.change_now(&Caller::Terminal, change)
    }

    /// The JSON Schema of what can be set.
    #[must_use]
    pub fn schema(&self) -> &Value {
        self.shared.rules.schema()
    }

    fn change_now(&self, caller: &Caller, change: &Value) -> Result<Arc<SettingsState>, AppError> {
        let mut seen = self.seen();
        let Shared { rules, file, .. } = &*self.shared;
        let changed = file.change(|document| {
            rules
                .changed(document, change)
                .map_err(|problems| refused(&problems))
        });
        let (document, signature) = changed?;
        *seen = Some(signature);
        Ok(self.take_in(&document, None, Some(caller)))
    }

    /// Takes in the file if it isn't as it was last; `caller` is who must have changed it.
    fn look(&self, caller: Option<&Caller>) {
        let mut seen = self.seen();
        let file = &self.shared.file;
        let signature = file.signature();
        if seen.replace(signature) == Some(signature) {
            return;
        }
        match file.read() {
            Ok(document) => {
                self.take_in(&document, None, caller);
            }
            Err(error) => {
                let problem = match file.set_aside() {
                    Ok(Some(aside)) => format!(
                        "The settings could not be read and were set aside as {}. The defaults hold.",
                        aside.display()
                    ),
                    _ => error.message,
                };
                *seen = Some(file.signature());
                self.take_in(&Map::new(), Some(InputProblem::new("", problem)), caller);
            }
        }
    }

    /// Puts into force what is kept, and tells of it if it is anything new.
    fn take_in(
        &self,
        document: &Map<String, Value>,
        about_all: Option<InputProblem>,
        caller: Option<&Caller>,
    ) -> Arc<SettingsState> {
        let (settings, mut problems) = self.shared.rules.in_force(document);
        problems.extend(about_all);
        let before = self.now();
        if before.settings == settings && before.problems == problems && before.revision > 0 {
            return before;
        }
        let state = Arc::new(SettingsState {
            revision: before.revision + 1,
            settings,
            problems,
        });
        if let Some(engine) = self.shared.engine.get() {
            (engine.apply)(&state.settings);
            if let Some(caller) = caller {
                for what in rules::differences(&before.settings, &state.settings) {
                    let operation = AuditOperation::Setting;
                    let note = AuditNote::new(caller.clone(), operation, AuditDecision::Allowed);
                    engine.audit.note(note.subject(what));
                }
            }
        }
        self.shared.state.send_replace(state.clone());
        state
    }

    fn seen(&self) -> MutexGuard<'_, Option<Signature>> {
        let seen = self.shared.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs what may wait for the disk where that holds up nothing else.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let me = self.clone();
        // joined: right here
        tokio::task::spawn_blocking(move || work(&me))
            .await
            .map_err(|_| AppError::new(ErrorCode::ShuttingDown, "Toolroom is closing."))
    }
}

impl fmt::Debug for LocalSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalSettings")
            .field("state", &self.now())
            .finish_non_exhaustive()
    }
}

async fn look_until_stopped(settings: LocalSettings, context: ServiceContext) -> ServiceEnd {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    context.ready();
    loop {
        tokio::select! {
            () = context.stopped() => return Ok(()),
            _ = ticks.tick() => {}
        }
        let looked = settings.blocking(|me| me.look(Some(&Caller::Terminal)));
        looked.await.map_err(|error| error.message)?;
    }
}

fn refused(problems: &[InputProblem]) -> AppError {
    let mut error = AppError::invalid_input(problems);
    let sentences: Vec<_> = problems.iter().map(InputProblem::sentence).collect();
    error.message = format!("Nothing was changed. {}", sentences.join(" "));
    error
}

#[cfg(test)]
mod tests;
