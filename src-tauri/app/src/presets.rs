//! Inputs that are kept by name: a small file in the data folder, written whole and changed under a lock of
//! its own, so that window and terminal have the same ones whoever runs the engine.
//!
//! What was typed into an input as a secret is never kept.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::Value;
use toolroom_shared::{AppError, ErrorCode, Preset, ToolDefinition, without_typed_secrets};

use crate::{data_folder, off_thread::off_thread, secrets::whole};

const FILE: &str = "presets.json";
const LOCK: &str = "presets.lock";
/// More than anybody keeps by hand.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Each tool's presets by their names.
type All = BTreeMap<String, BTreeMap<String, Value>>;

/// The presets of a data folder.
#[derive(Clone, Debug)]
pub struct Presets {
    folder: PathBuf,
    tools: Arc<BTreeMap<String, Tool>>,
}

#[derive(Debug)]
struct Tool {
    input_schema: Value,
    most_bytes: u32,
}

impl Presets {
    /// Those of a data folder, which need not be there yet, for these tools.
    #[must_use]
    pub fn new(folder: &Path, tools: &[ToolDefinition]) -> Self {
        let tool = |tool: &ToolDefinition| {
            let about = Tool {
                input_schema: tool.input_schema.clone(),
                most_bytes: tool.limits.most_input_bytes(),
            };
            (tool.name.clone(), about)
        };
        Self {
            folder: folder.to_owned(),
            tools: Arc::new(tools.iter().map(tool).collect()),
        }
    }

    /// A tool's presets, in the order of their names.
    ///
    /// # Errors
    /// `unknown_tool`, `storage`.
    pub async fn list(&self, tool_name: String) -> Result<Vec<Preset>, AppError> {
        let me = self.clone();
        off_thread(move || {
            me.tool(&tool_name)?;
            let mut all = me.read()?;
            let kept = all.remove(&tool_name).unwrap_or_default();
            Ok(kept
                .into_iter()
                .map(|(name, input)| Preset { name, input })
                .collect())
        })
        .await
    }

    /// Keeps an input, in the place of the preset called `instead_of` or else as a new one, and gives it
    /// as it is kept.
    ///
    /// # Errors
    /// `unknown_tool`, `unknown_preset`, `already_exists`, `invalid_input`, `input_too_large`, `storage`.
    pub async fn save(
        &self,
        tool_name: String,
        preset: Preset,
        instead_of: Option<String>,
    ) -> Result<Preset, AppError> {
        let me = self.clone();
        off_thread(move || me.save_now(&tool_name, preset, instead_of.as_deref())).await
    }

    /// Forgets a preset.
    ///
    /// # Errors
    /// `unknown_tool`, `unknown_preset`, `storage`.
    pub async fn remove(&self, tool_name: String, name: String) -> Result<(), AppError> {
        let me = self.clone();
        off_thread(move || {
            me.tool(&tool_name)?;
            me.change(|all| {
                let gone = all.get_mut(&tool_name).and_then(|kept| kept.remove(&name));
                gone.map(drop).ok_or_else(|| unknown(&tool_name, &name))
            })
        })
        .await
    }

    /// One preset. Waits for the disk.
    ///
    /// # Errors
    /// `unknown_tool`, `unknown_preset`, `storage`.
    pub fn get(&self, tool_name: &str, name: &str) -> Result<Preset, AppError> {
        self.tool(tool_name)?;
        let mut all = self.read()?;
        let found = all
            .get_mut(tool_name)
            .and_then(|kept| kept.remove_entry(name));
        found
            .map(|(name, input)| Preset { name, input })
            .ok_or_else(|| unknown(tool_name, name))
    }

    fn save_now(
        &self,
        tool_name: &str,
        preset: Preset,
        instead_of: Option<&str>,
    ) -> Result<Preset, AppError> {
        let tool = self.tool(tool_name)?;
        let refused = |says: String| AppError::new(ErrorCode::InvalidInput, says);
        if let Some(problem) = Preset::name_problem(&preset.name) {
            return Err(refused(problem));
        }
        if !preset.input.is_object() {
            return Err(refused("A preset's input is an object with fields.".into()));
        }
        let preset = Preset {
            input: without_typed_secrets(&preset.input, &tool.input_schema),
            ..preset
        };
        if preset.input.to_string().len() as u64 > u64::from(tool.most_bytes) {
            return Err(AppError::new(
                ErrorCode::InputTooLarge,
                "This input is too large to be kept. Nothing was changed.",
            ));
        }
        data_folder::open(Some(self.folder.clone()))?;
        self.change(|all| {
            let kept = all.entry(tool_name.to_owned()).or_default();
            if instead_of != Some(preset.name.as_str()) && kept.contains_key(&preset.name) {
                return Err(AppError::new(
                    ErrorCode::AlreadyExists,
                    format!(
                        "There is a preset called {} already. Choose another name.",
                        preset.name
                    ),
                ));
            }
            if let Some(old) = instead_of
                && kept.remove(old).is_none()
            {
                return Err(unknown(tool_name, old));
            }
            kept.insert(preset.name.clone(), preset.input.clone());
            Ok(())
        })?;
        Ok(preset)
    }

    fn tool(&self, name: &str) -> Result<&Tool, AppError> {
        self.tools.get(name).ok_or_else(|| {
            AppError::new(
                ErrorCode::UnknownTool,
                format!("There is no tool named {name}."),
            )
        })
    }

    fn change(
        &self,
        change: impl FnOnce(&mut All) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let _held = self.lock()?;
        let mut all = self.read()?;
        change(&mut all)?;
        all.retain(|_, kept| !kept.is_empty());
        let path = self.folder.join(FILE);
        serde_json::to_vec_pretty(&all)
            .map_err(io::Error::from)
            .and_then(|text| whole::write(&path, &text))
            .map_err(|error| failed(&path, &error))
    }

    fn read(&self) -> Result<All, AppError> {
        let path = self.folder.join(FILE);
        let text = match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(All::new()),
            Ok(about) if about.len() > MOST_BYTES => return Err(damaged(&path, "It is too long.")),
            _ => fs::read(&path).map_err(|error| failed(&path, &error))?,
        };
        serde_json::from_slice(&text).map_err(|error| damaged(&path, &format!("{error}.")))
    }

    /// Given back when the file is dropped, or its process ends.
    fn lock(&self) -> Result<File, AppError> {
        let path = self.folder.join(LOCK);
        let locked = || -> io::Result<File> {
            let mut options = File::options();
            options.create(true).truncate(false).write(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(&path)?;
            file.lock()?;
            Ok(file)
        };
        locked().map_err(|error| failed(&path, &error))
    }
}

fn unknown(tool: &str, name: &str) -> AppError {
    AppError::new(
        ErrorCode::UnknownPreset,
        format!("{tool} has no preset called {name}. It may have been removed or renamed."),
    )
}

fn failed(path: &Path, error: &io::Error) -> AppError {
    AppError::new(
        ErrorCode::Storage,
        format!(
            "{} can't be used: {error}. Nothing was changed.",
            path.display()
        ),
    )
}

fn damaged(path: &Path, problem: &str) -> AppError {
    AppError::new(
        ErrorCode::Storage,
        format!(
            "{} can't be understood. {problem} Mend it, or move it away and keep the presets anew.",
            path.display()
        ),
    )
}

#[cfg(test)]
mod tests;
