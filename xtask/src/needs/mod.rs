//! What the machine must have, and how it comes there.
//!
//! A [`Need`] knows its stage, how it is checked and how to get it. Each kind has a file of its
//! own: `system` (packages of the distribution, through `apt`), `components` (parts of the Rust
//! toolchain), `wasm` with its second way `wasm_debian` (the compiler for the page) and `tools`
//! (programs built from source into the cache). Checks look at files and start at most a quick
//! program, since every command makes them.

mod apt;
mod components;
mod system;
pub mod tools;
pub mod wasm;
mod wasm_debian;

use anyhow::{Result, bail};

use crate::cache::Cache;
use crate::report;
pub use wasm::WasmToolchain;

/// What a need is wanted for. Testing wants everything that building wants, and benches want
/// everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Building the page and the programs.
    Build,
    /// Running all tests and checks.
    Test,
    /// Measuring beside other programs.
    Bench,
}

/// The system a command to type is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Debian, Ubuntu and other Linux systems.
    Linux,
    /// Not tried yet: only the commands are named.
    MacOs,
    /// Not tried yet: only the commands are named.
    Windows,
}

impl System {
    /// The system this runs on.
    #[must_use]
    pub fn current() -> Self {
        if cfg!(target_os = "macos") {
            Self::MacOs
        } else if cfg!(windows) {
            Self::Windows
        } else {
            Self::Linux
        }
    }
}

/// Whether a need is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is there.
    Present,
    /// It is not there.
    Missing,
    /// Nobody has taught us yet how to look for it on this system.
    Unchecked,
}

/// One thing that must be on the machine.
#[derive(Debug, Clone, Copy)]
pub enum Need {
    /// A library or program of the operating system.
    System(&'static system::Package),
    /// A component of the Rust toolchain.
    Component(&'static components::Component),
    /// A compiler and a standard library for `wasm32-unknown-unknown`.
    Wasm,
    /// A program built from source into the cache.
    Tool(&'static tools::Tool),
}

impl Need {
    /// Its name, as the one who installs it calls it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::System(package) => package.name,
            Self::Component(component) => component.name,
            Self::Wasm => wasm::TARGET,
            Self::Tool(tool) => tool.name,
        }
    }

    /// What first wants it.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            Self::System(package) => package.stage,
            Self::Component(component) => component.stage,
            Self::Wasm => Stage::Build,
            Self::Tool(tool) => tool.stage,
        }
    }

    /// Whether it is there. Cheap.
    pub fn presence(&self, cache: &Cache) -> Result<Presence> {
        let present = match self {
            Self::System(_) if System::current() != System::Linux => {
                return Ok(Presence::Unchecked);
            }
            Self::System(package) => package.is_present(),
            Self::Component(component) => component.is_present()?,
            Self::Wasm => wasm::find(cache)?.is_some(),
            Self::Tool(tool) => tool.is_present(cache),
        };
        Ok(if present {
            Presence::Present
        } else {
            Presence::Missing
        })
    }

    /// The version that is there, where it can be told.
    #[must_use]
    pub fn version(&self, cache: &Cache) -> Option<String> {
        match self {
            Self::System(package) => package.version(),
            Self::Component(_) => None,
            Self::Wasm => wasm::find(cache)
                .ok()
                .flatten()
                .map(|found| found.origin.to_owned()),
            Self::Tool(tool) => tool.is_present(cache).then(|| tool.version.to_owned()),
        }
    }

    /// The command that gets it, to be typed by hand.
    #[must_use]
    pub fn how(&self, system: System) -> String {
        match self {
            Self::System(package) => package.how(system),
            Self::Component(component) => format!("rustup component add {}", component.name),
            Self::Wasm => format!("rustup target add {}", wasm::TARGET),
            Self::Tool(tool) => tool.how(),
        }
    }
}

/// Everything that the project needs, in the order in which it is installed.
pub fn all() -> impl Iterator<Item = Need> {
    system::ALL
        .iter()
        .map(Need::System)
        .chain(components::ALL.iter().map(Need::Component))
        .chain([Need::Wasm])
        .chain(tools::ALL.iter().map(Need::Tool))
}

/// Sees to it that everything for a stage is there, and says which compiler the page is built with.
pub fn ensure(cache: &Cache, stage: Stage) -> Result<WasmToolchain> {
    let mut packages = Vec::new();
    let mut parts = Vec::new();
    let mut programs = Vec::new();
    for need in all().filter(|need| need.stage() <= stage) {
        if need.presence(cache)? != Presence::Missing {
            continue;
        }
        match need {
            Need::System(package) => packages.push(package),
            Need::Component(component) => parts.push(component.name),
            Need::Wasm => {}
            Need::Tool(tool) => programs.push(tool),
        }
    }
    if !packages.is_empty() {
        install_packages(&packages)?;
    }
    if !parts.is_empty() {
        let what = format!("installing {} (rustup)", parts.join(" "));
        report::timed(&what, || components::install(&parts))?;
    }
    let toolchain = wasm::ensure(cache)?;
    for tool in programs {
        let what = format!("installing {} {} (cargo install)", tool.name, tool.version);
        report::timed(&what, || tool.install(cache))?;
    }
    Ok(toolchain)
}

/// Sees to it that rustfmt is there: even the terminal program, for which nothing else is
/// installed, has generated code that is laid out before it is compiled.
pub fn ensure_formatter() -> Result<()> {
    let formatter = &components::RUSTFMT;
    if formatter.is_present()? {
        return Ok(());
    }
    let what = format!("installing {} (rustup)", formatter.name);
    report::timed(&what, || components::install(&[formatter.name]))
}

/// The page's compiler through Debian's packages, whatever else is there.
pub fn ensure_wasm_from_debian(cache: &Cache) -> Result<WasmToolchain> {
    wasm_debian::ensure(cache)
}

fn install_packages(packages: &[&system::Package]) -> Result<()> {
    let names: Vec<&str> = packages.iter().map(|package| package.name).collect();
    report::timed(&format!("installing {} (apt)", names.join(" ")), || {
        apt::install(&names)
    })?;
    if let Some(still) = packages.iter().find(|package| !package.is_present()) {
        bail!(
            "{} was installed but is still not found ({}); check that PATH and PKG_CONFIG_PATH \
             name the system's folders",
            still.name,
            still.sign()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_need_has_a_name_of_its_own_and_a_way_to_get_it_on_every_system() {
        let mut names = BTreeSet::new();
        for need in all() {
            assert!(names.insert(need.name()), "{} is listed twice", need.name());
            for system in [System::Linux, System::MacOs, System::Windows] {
                assert!(!need.how(system).is_empty(), "{}", need.name());
            }
        }
    }

    #[test]
    fn testing_wants_everything_that_building_wants() {
        assert!(Stage::Build < Stage::Test && Stage::Test < Stage::Bench);
        assert!(all().any(|need| need.stage() == Stage::Build));
        assert!(all().any(|need| need.stage() == Stage::Test));
    }

    #[test]
    fn a_tool_is_missing_in_an_empty_cache() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::at(home.path());
        let need = Need::Tool(&tools::ALL[0]);
        assert_eq!(need.presence(&cache).unwrap(), Presence::Missing);
        assert_eq!(need.version(&cache), None);
    }
}
