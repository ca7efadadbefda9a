//! Libraries and programs of the operating system: which ones, and the sign that they are there.
//!
//! Installing them is `apt`'s business.

use std::path::Path;
use std::process::Command;

use super::{Stage, System};
use crate::process;

/// A package of Debian and Ubuntu.
#[derive(Debug)]
pub struct Package {
    /// Its name at Debian and Ubuntu.
    pub name: &'static str,
    /// What first wants it.
    pub stage: Stage,
    sign: Sign,
    macos: &'static str,
    windows: &'static str,
}

/// By what a package is known to be there, whichever way it came.
#[derive(Debug)]
enum Sign {
    /// `pkg-config` knows the library.
    Library(&'static str),
    /// The program is on the PATH.
    Program(&'static str),
    /// The program is on the PATH and of this major version, or a later one.
    Newer(&'static str, u32),
    /// One of these files exists.
    File(&'static [&'static str]),
}

const PART_OF_MACOS: &str = "xcode-select --install";
const NOT_ON_MACOS: &str = "not used on macOS: window tests run on Linux only";
const NOT_ON_WINDOWS: &str = "not used on Windows: window tests run on Linux only";

/// Every package, in the order in which they are told.
pub const ALL: &[Package] = &[
    Package {
        name: "pkg-config",
        stage: Stage::Build,
        sign: Sign::Program("pkg-config"),
        macos: PART_OF_MACOS,
        windows: "winget install Microsoft.VisualStudio.2022.BuildTools",
    },
    Package {
        name: "libwebkit2gtk-4.1-dev",
        stage: Stage::Build,
        sign: Sign::Library("webkit2gtk-4.1"),
        macos: PART_OF_MACOS,
        windows: "winget install Microsoft.EdgeWebView2Runtime",
    },
    Package {
        name: "webkit2gtk-driver",
        stage: Stage::Test,
        sign: Sign::Program("WebKitWebDriver"),
        macos: NOT_ON_MACOS,
        windows: NOT_ON_WINDOWS,
    },
    Package {
        name: "xvfb",
        stage: Stage::Test,
        sign: Sign::Program("Xvfb"),
        macos: NOT_ON_MACOS,
        windows: NOT_ON_WINDOWS,
    },
    Package {
        name: "xxhash",
        stage: Stage::Test,
        sign: Sign::Program("xxh128sum"),
        macos: "brew install xxhash",
        windows: "scoop install xxhash",
    },
    Package {
        name: "dbus-daemon",
        stage: Stage::Test,
        sign: Sign::Program("dbus-run-session"),
        macos: NOT_ON_MACOS,
        windows: NOT_ON_WINDOWS,
    },
    // Without a font a window on a bare machine draws no text at all, and the tests see blank
    // pages.
    Package {
        name: "fonts-dejavu-core",
        stage: Stage::Test,
        sign: Sign::File(&[
            "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
            "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
            "/usr/share/fonts/TTF/DejaVuSans.ttf",
        ]),
        macos: NOT_ON_MACOS,
        windows: NOT_ON_WINDOWS,
    },
    // The TypeScript client is compiled and tested.
    Package {
        name: "nodejs",
        stage: Stage::Test,
        sign: Sign::Newer("node", 18),
        macos: "brew install node",
        windows: "winget install OpenJS.NodeJS.LTS",
    },
    Package {
        name: "npm",
        stage: Stage::Test,
        sign: Sign::Program("npm"),
        macos: "brew install node",
        windows: "winget install OpenJS.NodeJS.LTS",
    },
    // What other programs packed is unpacked, and the other way round.
    Package {
        name: "unzip",
        stage: Stage::Test,
        sign: Sign::Program("unzip"),
        macos: "brew install unzip",
        windows: "winget install GnuWin32.UnZip",
    },
    Package {
        name: "zip",
        stage: Stage::Test,
        sign: Sign::Program("zip"),
        macos: "brew install zip",
        windows: "winget install GnuWin32.Zip",
    },
    Package {
        name: "xz-utils",
        stage: Stage::Test,
        sign: Sign::Program("xz"),
        macos: "brew install xz",
        windows: "scoop install xz",
    },
    Package {
        name: "zstd",
        stage: Stage::Test,
        sign: Sign::Program("zstd"),
        macos: "brew install zstd",
        windows: "scoop install zstd",
    },
    Package {
        name: "p7zip-full",
        stage: Stage::Test,
        sign: Sign::Program("7z"),
        macos: "brew install sevenzip",
        windows: "winget install 7zip.7zip",
    },
    // Pictures are compared with those that these make.
    Package {
        name: "libvips-tools",
        stage: Stage::Test,
        sign: Sign::Program("vipsthumbnail"),
        macos: "brew install vips",
        windows: "scoop install libvips-tools",
    },
    Package {
        name: "imagemagick",
        stage: Stage::Test,
        sign: Sign::Program("mogrify"),
        macos: "brew install imagemagick",
        windows: "winget install ImageMagick.ImageMagick",
    },
    // What it finds there twice is compared with ours.
    Package {
        name: "jdupes",
        stage: Stage::Test,
        sign: Sign::Program("jdupes"),
        macos: "brew install jdupes",
        windows: "scoop install jdupes",
    },
    // Peers that the tools are measured against.
    Package {
        name: "curl",
        stage: Stage::Bench,
        sign: Sign::Program("curl"),
        macos: PART_OF_MACOS,
        windows: "winget install cURL.cURL",
    },
    Package {
        name: "pigz",
        stage: Stage::Bench,
        sign: Sign::Program("pigz"),
        macos: "brew install pigz",
        windows: "scoop install pigz",
    },
];

impl Package {
    /// Whether it is there.
    #[must_use]
    pub fn is_present(&self) -> bool {
        match self.sign {
            Sign::Library(library) => library_version(library).is_some(),
            Sign::Program(program) => process::find(program).is_some(),
            Sign::Newer(program, least) => {
                program_version(program).is_some_and(|version| is_newer(&version, least))
            }
            Sign::File(files) => files.iter().any(|file| Path::new(file).exists()),
        }
    }

    /// The version that is there: the library's own, or the package's where Debian's list knows it.
    #[must_use]
    pub fn version(&self) -> Option<String> {
        match self.sign {
            Sign::Library(library) => library_version(library),
            Sign::Newer(program, _) => program_version(program),
            Sign::Program(_) | Sign::File(_) => {
                let mut query = Command::new("dpkg-query");
                query.args(["--show", "--showformat=${Version}", self.name]);
                process::output(&mut query)
                    .ok()
                    .filter(|version| !version.is_empty())
            }
        }
    }

    /// By what it is known to be there, in words.
    #[must_use]
    pub fn sign(&self) -> String {
        match self.sign {
            Sign::Library(library) => format!("`pkg-config --modversion {library}`"),
            Sign::Program(program) => format!("the program {program}"),
            Sign::Newer(program, least) => {
                format!("`{program} --version` of {least} or later")
            }
            Sign::File(files) => format!("the file {}", files.join(" or ")),
        }
    }

    /// The command that gets it.
    #[must_use]
    pub fn how(&self, system: System) -> String {
        match system {
            System::Linux => format!("apt-get install {}", self.name),
            System::MacOs => self.macos.to_owned(),
            System::Windows => self.windows.to_owned(),
        }
    }
}

fn program_version(program: &str) -> Option<String> {
    let printed = process::output(Command::new(program).arg("--version")).ok()?;
    Some(printed.trim_start_matches('v').to_owned())
}

fn is_newer(version: &str, least: u32) -> bool {
    let major = version.split('.').next().and_then(|part| part.parse().ok());
    major.is_some_and(|major: u32| major >= least)
}

fn library_version(library: &str) -> Option<String> {
    process::output(Command::new("pkg-config").args(["--modversion", library])).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(sign: Sign) -> Package {
        Package {
            name: "example",
            stage: Stage::Build,
            sign,
            macos: "m",
            windows: "w",
        }
    }

    #[test]
    fn a_package_without_its_sign_is_missing() {
        assert!(!package(Sign::Library("no-such-library-9.9")).is_present());
        assert!(!package(Sign::Program("no-such-program")).is_present());
        assert!(!package(Sign::Newer("no-such-program", 1)).is_present());
        assert!(!package(Sign::File(&["/no/such/file"])).is_present());
    }

    #[test]
    fn one_of_several_files_is_enough() {
        assert!(package(Sign::File(&["/no/such/file", "/"])).is_present());
    }

    #[test]
    fn a_program_that_is_too_old_is_missing() {
        assert!(is_newer("20.20.2", 18) && is_newer("18.0.0", 18));
        assert!(!is_newer("12.22.12", 18) && !is_newer("unknown", 18));
    }

    #[test]
    fn each_system_is_told_its_own_command() {
        let package = package(Sign::Program("x"));
        assert_eq!(package.how(System::Linux), "apt-get install example");
        assert_eq!(package.how(System::MacOs), "m");
        assert_eq!(package.how(System::Windows), "w");
    }
}
