//! A file with secrets, for its owner only: where there is no keyring, and the person agreed.
//!
//! What it is worth is what the file's permissions are worth, so it is refused if others can read it.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::Path,
};

use toolroom_shared::SecretName;
use toolroom_toolkit::SecretText;

use super::{vault::Trouble, whole};

const FILE: &str = "secrets.private";

type Secrets = BTreeMap<SecretName, SecretText>;

/// The secret of that name.
pub fn get(folder: &Path, name: &SecretName) -> Result<Option<SecretText>, Trouble> {
    Ok(read(folder)?.remove(name))
}

/// Keeps a secret, or forgets it.
pub fn set(folder: &Path, name: &SecretName, secret: Option<&SecretText>) -> Result<(), Trouble> {
    let mut all = read(folder)?;
    match secret {
        Some(secret) => all.insert(name.clone(), secret.clone()),
        None => all.remove(name),
    };
    let file = folder.join(FILE);
    let plain: BTreeMap<_, &str> = all
        .iter()
        .map(|(name, secret)| (name.as_str(), &**secret))
        .collect();
    let text = serde_json::to_string(&plain).map_err(io::Error::from);
    text.and_then(|text| whole::write(&file, SecretText::from(text).as_bytes()))
        .map_err(|error| Trouble::with_file("write", &file, &error))
}

fn read(folder: &Path) -> Result<Secrets, Trouble> {
    let path = folder.join(FILE);
    let trouble = |error: io::Error| Trouble::with_file("read", &path, &error);
    let mut file = match open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Secrets::new()),
        Err(error) => return Err(trouble(error)),
    };
    refuse_if_shared(&file, &path)?;
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(trouble)?;
    let text = SecretText::from(text);
    // The decoder's words may hold what it stumbled over.
    let plain: BTreeMap<SecretName, String> = serde_json::from_str(&text).map_err(|error| {
        Trouble::Refused(format!(
            "{} can't be understood (line {}). Move it away and keep the secrets anew.",
            path.display(),
            error.line()
        ))
    })?;
    Ok(plain
        .into_iter()
        .map(|(name, secret)| (name, secret.into()))
        .collect())
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    // A link might lead to somebody else's file, and a pipe would be waited at.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    File::options().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// The file that is open, whatever has its name by now.
#[cfg(unix)]
fn refuse_if_shared(file: &File, path: &Path) -> Result<(), Trouble> {
    use std::os::unix::fs::MetadataExt;
    let metadata = file
        .metadata()
        .map_err(|error| Trouble::with_file("read", path, &error))?;
    let is_mine = metadata.uid() == rustix::process::geteuid().as_raw();
    if metadata.is_file() && is_mine && metadata.mode() & 0o077 == 0 {
        return Ok(());
    }
    Err(Trouble::Refused(format!(
        "{path} holds secrets, and others than you can get at it. It was not used. If its secrets may still be trusted: chmod 600 {path}. Else remove it, and keep other secrets.",
        path = path.display()
    )))
}

/// The data folder is in the person's own part of the system.
#[cfg(not(unix))]
fn refuse_if_shared(_: &File, _: &Path) -> Result<(), Trouble> {
    Ok(())
}
