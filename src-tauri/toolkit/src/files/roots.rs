//! Where a job may read and write.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use cap_std::{ambient_authority, fs::Dir};

use super::spot::{Held, Spot};

/// Where a job may read and write: everywhere, or in some folders and below. Cheap to clone.
///
/// The folders are held open: one that is swapped later doesn't widen what is allowed.
#[derive(Clone, Default)]
pub struct Roots {
    within: Option<Arc<[Arc<Held>]>>,
}

impl Roots {
    /// Everywhere that the system lets it.
    #[must_use]
    pub fn everywhere() -> Self {
        Self::default()
    }

    /// In these folders and below.
    ///
    /// # Errors
    /// If one of them can't be opened.
    pub fn within(folders: impl IntoIterator<Item = impl AsRef<Path>>) -> io::Result<Self> {
        let held: io::Result<Vec<_>> = folders
            .into_iter()
            .map(|folder| hold(fs::canonicalize(folder)?))
            .collect();
        Ok(Self {
            within: Some(held?.into()),
        })
    }

    /// Whether there are bounds at all.
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        self.within.is_none()
    }

    /// Where a path is, seen from the folder that allows it. `path` is whole and free of links and
    /// of `..`. Nothing if no folder allows it.
    pub(crate) fn locate(&self, path: &Path) -> io::Result<Option<Spot>> {
        let Some(within) = &self.within else {
            return anywhere(path).map(Some);
        };
        let found = within.iter().find_map(|root| {
            let way = path.strip_prefix(&root.path).ok()?;
            Some(Spot::new(root.clone(), way.to_owned()))
        });
        Ok(found)
    }

    /// Whether a path would be allowed, without looking whether it is there.
    pub(crate) fn allow(&self, path: &Path) -> bool {
        self.within
            .as_ref()
            .is_none_or(|within| within.iter().any(|root| path.starts_with(&root.path)))
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.within {
            None => f.write_str("Roots::everywhere()"),
            Some(within) => f
                .debug_set()
                .entries(within.iter().map(|root| &root.path))
                .finish(),
        }
    }
}

fn hold(path: PathBuf) -> io::Result<Arc<Held>> {
    let dir = Dir::open_ambient_dir(&path, ambient_authority())?;
    Ok(Arc::new(Held { dir, path }))
}

/// Where there are no bounds, the way begins at the top: one folder held open serves all paths. It
/// need not be readable, only passable.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
fn anywhere(path: &Path) -> io::Result<Spot> {
    use std::sync::OnceLock;
    static TOP: OnceLock<Arc<Held>> = OnceLock::new();
    let top = match TOP.get() {
        Some(top) => top,
        None => {
            let top = hold(PathBuf::from("/"))?;
            TOP.get_or_init(|| top)
        }
    };
    let way = path.strip_prefix("/").unwrap_or(path);
    Ok(Spot::new(top.clone(), way.to_owned()))
}

/// Elsewhere a folder can only be passed with the right to list it, so the way begins at the parent.
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
fn anywhere(path: &Path) -> io::Result<Spot> {
    Ok(match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => Spot::new(hold(parent.to_owned())?, name.into()),
        _ => Spot::new(hold(path.to_owned())?, PathBuf::new()),
    })
}
