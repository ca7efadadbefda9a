//! Where a job may read and write.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use cap_std::{ambient_authority, fs::Dir};

use super::{
    spot::{Bounds, Held, Refusal, Spot, Use},
    sys::{self, Want},
};
use crate::{Access, Permission, Reach};

/// Where a job may read and where it may write: nowhere, everywhere, or in some folders and below.
/// Cheap to clone.
///
/// The folders are held open: one that is swapped later doesn't widen what is allowed.
#[derive(Clone, Debug)]
pub struct Roots {
    sides: Arc<Sides>,
    bounds: Arc<Bounds>,
}

#[derive(Clone, Debug)]
struct Sides {
    read: Side,
    write: Side,
}

#[derive(Clone, Debug)]
enum Side {
    Nowhere,
    Within(Arc<[Root]>),
    Everywhere,
}

#[derive(Clone, Debug)]
struct Root {
    /// Held open: what is allowed, or the folder that it is or will be in.
    dir: Arc<Dir>,
    path: PathBuf,
    allowed: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Self::everywhere()
    }
}

impl Roots {
    /// Everywhere that the system lets it.
    #[must_use]
    pub fn everywhere() -> Self {
        Self {
            sides: Arc::new(Sides {
                read: Side::Everywhere,
                write: Side::Everywhere,
            }),
            bounds: Arc::new(Bounds::NONE),
        }
    }

    /// In these folders and below, for reading and for writing.
    ///
    /// # Errors
    /// If one of them can't be opened.
    pub fn within(folders: impl IntoIterator<Item = impl AsRef<Path>>) -> io::Result<Self> {
        let resolved: io::Result<Vec<_>> = folders.into_iter().map(fs::canonicalize).collect();
        let reach = Reach::Within(resolved?.into());
        let side = Side::open(&reach, |path, error| match error {
            Some(error) => Err(error),
            None => Ok(path.is_dir()),
        })?;
        Ok(Self {
            sides: Arc::new(Sides {
                read: side.clone(),
                write: side,
            }),
            bounds: Arc::new(Bounds {
                read: reach.clone(),
                write: reach,
            }),
        })
    }

    /// What a job may reach of files. A place that isn't there and has no folder to be made in gives
    /// nothing, and neither does one that has become a link. Opens folders, so it may wait for the disk.
    #[must_use]
    pub fn of(access: &Access) -> Self {
        let open = |reach| {
            let opened: Result<_, std::convert::Infallible> =
                Side::open(reach, |_, error| Ok(error.is_none()));
            match opened {
                Ok(side) => side,
                Err(never) => match never {},
            }
        };
        Self {
            sides: Arc::new(Sides {
                read: open(&access.read),
                write: open(&access.write),
            }),
            bounds: Arc::new(Bounds {
                read: access.read.clone(),
                write: access.write.clone(),
            }),
        }
    }

    /// The same without the uses that a tool doesn't declare.
    #[must_use]
    pub fn declared(mut self, permissions: &[Permission]) -> Self {
        let mut access = Access {
            read: self.bounds.read.clone(),
            write: self.bounds.write.clone(),
            ..Access::everything()
        };
        access = access.narrowed(permissions);
        let sides = Arc::make_mut(&mut self.sides);
        if access.read == Reach::Nowhere {
            sides.read = Side::Nowhere;
        }
        if access.write == Reach::Nowhere {
            sides.write = Side::Nowhere;
        }
        self.bounds = Arc::new(Bounds {
            read: access.read,
            write: access.write,
        });
        self
    }

    /// Whether a path that leads nowhere may be told of as such.
    pub(crate) fn tells_all(&self, wanted: Use) -> bool {
        matches!(self.side(wanted), Side::Everywhere)
    }

    /// Where a path is, seen from the folder that allows it. `path` is whole and free of links and
    /// of `..`. Nothing if no folder allows it.
    pub(crate) fn locate(&self, wanted: Use, path: &Path) -> io::Result<Option<Spot>> {
        self.locate_above(wanted, path, path)
    }

    /// Where the folder `there` is, in which `whole` is to be made.
    pub(crate) fn locate_above(
        &self,
        wanted: Use,
        there: &Path,
        whole: &Path,
    ) -> io::Result<Option<Spot>> {
        let within = match self.side(wanted) {
            Side::Nowhere => return Err(Refusal::Undeclared(wanted).into()),
            Side::Everywhere => return self.anywhere(there).map(Some),
            Side::Within(within) => within,
        };
        let found = within.iter().find_map(|root| {
            let way = there.strip_prefix(&root.path).ok()?;
            let held = || self.held(root.dir.clone(), root.path.clone());
            whole
                .starts_with(&root.allowed)
                .then(|| Spot::new(held(), way.to_owned()))
        });
        Ok(found)
    }

    /// Whether a path would be allowed, without looking whether it is there.
    pub(crate) fn allow(&self, wanted: Use, path: &Path) -> bool {
        self.bounds.reach(wanted).covers(path)
    }

    fn side(&self, wanted: Use) -> &Side {
        match wanted {
            Use::Read => &self.sides.read,
            Use::Write => &self.sides.write,
        }
    }

    fn held(&self, dir: Arc<Dir>, path: PathBuf) -> Arc<Held> {
        Arc::new(Held {
            dir,
            path,
            bounds: self.bounds.clone(),
        })
    }

    /// Where there are no bounds, the way begins at the top: one folder held open serves all paths.
    /// It need not be readable, only passable.
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    fn anywhere(&self, path: &Path) -> io::Result<Spot> {
        use std::sync::OnceLock;
        static TOP: OnceLock<Arc<Dir>> = OnceLock::new();
        let top = match TOP.get() {
            Some(top) => top,
            None => {
                let top = open_top(Path::new("/"))?;
                TOP.get_or_init(|| top)
            }
        };
        let way = path.strip_prefix("/").unwrap_or(path);
        let held = self.held(top.clone(), PathBuf::from("/"));
        Ok(Spot::new(held, way.to_owned()))
    }

    /// Elsewhere a folder can only be passed with the right to list it, so the way begins at the
    /// parent.
    #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
    fn anywhere(&self, path: &Path) -> io::Result<Spot> {
        let (folder, way) = match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => (parent, PathBuf::from(name)),
            _ => (path, PathBuf::new()),
        };
        Ok(Spot::new(self.held(open(folder)?, folder.to_owned()), way))
    }
}

impl Side {
    /// Opens what is in reach. `judge` is asked of each path what became of it, and says whether it
    /// is to be taken in.
    fn open<E>(
        reach: &Reach,
        judge: impl Fn(&Path, Option<io::Error>) -> Result<bool, E>,
    ) -> Result<Self, E> {
        let allowed = match reach {
            Reach::Nowhere => return Ok(Self::Nowhere),
            Reach::Everywhere => return Ok(Self::Everywhere),
            Reach::Within(allowed) => allowed,
        };
        let mut roots = Vec::new();
        for allowed in allowed.iter() {
            let opened = Root::open(allowed);
            let (root, error) = match opened {
                Ok(root) => (Some(root), None),
                Err(error) => (None, Some(error)),
            };
            if judge(allowed, error)? {
                roots.extend(root);
            }
        }
        Ok(Self::Within(roots.into()))
    }
}

impl Root {
    fn open(allowed: &Path) -> io::Result<Self> {
        for path in allowed.ancestors() {
            match open(path) {
                Ok(dir) => {
                    return Ok(Self {
                        dir,
                        path: path.to_owned(),
                        allowed: allowed.to_owned(),
                    });
                }
                // A file, or something that isn't there yet: the folder that it is or will be in.
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::NotADirectory | io::ErrorKind::NotFound
                    ) => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::NotFound.into())
    }
}

/// Opens a folder, following no link: its path was seen through before, and says where it is.
fn open(path: &Path) -> io::Result<Arc<Dir>> {
    let Some(top) = path.ancestors().last().filter(|top| *top != path) else {
        return open_top(path);
    };
    let way = path.strip_prefix(top).unwrap_or(path);
    let folder = sys::open(&*open_top(top)?, way, Want::Folder)?;
    Ok(Arc::new(Dir::from_std_file(folder)))
}

fn open_top(path: &Path) -> io::Result<Arc<Dir>> {
    Dir::open_ambient_dir(path, ambient_authority()).map(Arc::new)
}
