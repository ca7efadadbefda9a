//! Calling `apt-get`: with the rights it needs, without questions, all packages at once; or only
//! to fetch packages and unpack them into a folder, which needs no rights at all.
//!
//! Which packages are wanted, and whether they are there already, is decided by others.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{cache, process};

/// What this user may do to the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rights {
    Root,
    Sudo,
    None,
}

/// Installs packages in one call.
pub fn install(packages: &[&str]) -> Result<()> {
    let by_hand = format!(
        "apt-get update && apt-get install -y {}",
        packages.join(" ")
    );
    if process::find("apt-get").is_none() {
        bail!(
            "this system has no apt-get, so nothing was installed. Wanted is what Debian calls \
             {}; install what matches it with this system's own package manager, then run the \
             command again",
            packages.join(", ")
        );
    }
    let rights = rights();
    if rights == Rights::None {
        bail!(
            "installing needs an administrator, and there is neither root nor sudo here; nothing \
             was changed. Let an administrator run `{by_hand}`, then run the command again"
        );
    }
    // A failed update may still leave lists that are good enough; the installation tells.
    if let Err(error) = update_with(rights) {
        eprintln!("the package lists could not be renewed, the present ones are used: {error:#}");
    }
    let mut install = apt_get(rights);
    install
        .args(["install", "-y", "--no-install-recommends"])
        .args(packages);
    process::run(&mut install).map_err(|error| {
        error.context(format!(
            "the packages are not all installed; try `{by_hand}` by hand to see more"
        ))
    })
}

/// A package and its version, as the archive offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The package's name.
    pub name: String,
    /// The version, in Debian's way of writing.
    pub version: String,
}

/// What must be unpacked so that these packages work: themselves, even if they are installed, and
/// what they lean on and this machine lacks. A simulated installation tells.
pub fn offers(packages: &[&str]) -> Result<Vec<Offer>> {
    let rights = rights();
    if rights != Rights::None
        && let Err(error) = update_with(rights)
    {
        eprintln!("the package lists could not be renewed, the present ones are used: {error:#}");
    }
    let mut simulation = Command::new("apt-get");
    simulation
        .args([
            "install",
            "--simulate",
            "--reinstall",
            "--no-install-recommends",
        ])
        .args(packages)
        .env("LC_ALL", "C");
    Ok(offers_in(&process::output(&mut simulation)?))
}

/// Fetches packages and unpacks them into a folder. Nothing is installed.
pub fn unpack(offers: &[Offer], folder: &Path) -> Result<()> {
    let archives = folder.join("archives");
    fs::create_dir(&archives)?;
    let mut download = Command::new("apt-get");
    download
        .args(["download", "-qq"])
        // As root it would fetch as another user, who may not write here, and warn about it.
        .args(["-o", "APT::Sandbox::User=root"])
        .args(
            offers
                .iter()
                .map(|offer| format!("{}={}", offer.name, offer.version)),
        )
        .current_dir(&archives);
    process::run(&mut download)?;
    for archive in fs::read_dir(&archives)? {
        let mut extract = Command::new("dpkg-deb");
        extract.arg("--extract").arg(archive?.path()).arg(folder);
        process::run(&mut extract)?;
    }
    cache::remove(&archives)
}

fn offers_in(plan: &str) -> Vec<Offer> {
    plan.lines()
        .filter_map(|line| line.strip_prefix("Inst "))
        .filter_map(|line| {
            let name = line.split_whitespace().next()?.to_owned();
            let version = line
                .split_once('(')?
                .1
                .split_whitespace()
                .next()?
                .to_owned();
            Some(Offer { name, version })
        })
        .collect()
}

fn update_with(rights: Rights) -> Result<()> {
    process::run(apt_get(rights).args(["update", "-qq"]))
}

fn apt_get(rights: Rights) -> Command {
    let mut command = if rights == Rights::Sudo {
        // sudo drops the environment, so the variable travels on the command line.
        let mut command = Command::new("sudo");
        command.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    } else {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    // A fresh machine often updates itself in the background and holds the lock for a while.
    command.args(["-o", "DPkg::Lock::Timeout=300"]);
    command
}

fn rights() -> Rights {
    let user = process::output(Command::new("id").arg("-u")).ok();
    rights_of(user.as_deref(), process::find("sudo").is_some())
}

fn rights_of(user: Option<&str>, sudo: bool) -> Rights {
    match user {
        Some("0") => Rights::Root,
        _ if sudo => Rights::Sudo,
        _ => Rights::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_needs_no_sudo_and_without_either_there_are_no_rights() {
        assert_eq!(rights_of(Some("0"), true), Rights::Root);
        assert_eq!(rights_of(Some("0"), false), Rights::Root);
        assert_eq!(rights_of(Some("1000"), true), Rights::Sudo);
        assert_eq!(rights_of(Some("1000"), false), Rights::None);
        assert_eq!(rights_of(None, false), Rights::None);
    }

    #[test]
    fn apt_never_asks_a_question_with_or_without_sudo() {
        let with_sudo = process::line(&apt_get(Rights::Sudo));
        assert!(
            with_sudo.starts_with("sudo env DEBIAN_FRONTEND=noninteractive apt-get"),
            "{with_sudo}"
        );
        let root = apt_get(Rights::Root);
        assert_eq!(root.get_program(), "apt-get");
        assert!(root.get_envs().any(|(name, _)| name == "DEBIAN_FRONTEND"));
    }

    #[test]
    fn packages_and_versions_are_read_from_a_simulated_installation() {
        let plan = "Reading package lists...\n\
            Inst libllvm22 (1:22.1.8-1~deb12u1 Security:12 [amd64])\n\
            Remv rustc [1.63]\n\
            Inst rustc-web [1.85.0] (1.96.0+dfsg1-1 Security:12 [amd64])\n\
            Conf rustc-web (1.96.0+dfsg1-1 Security:12 [amd64])\n";
        let offer = |name: &str, version: &str| Offer {
            name: name.to_owned(),
            version: version.to_owned(),
        };
        let expected = [
            offer("libllvm22", "1:22.1.8-1~deb12u1"),
            offer("rustc-web", "1.96.0+dfsg1-1"),
        ];
        assert_eq!(offers_in(plan), expected);
    }
}
