//! The second way to a compiler for the page: Debian's own packages of a recent Rust.
//!
//! For machines that reach Debian's archive but not rustup's server. The packages are unpacked
//! into the cache and not installed: they would put another `rustc` under /usr, and push out
//! Debian's usual one. So this needs no administrator either. Debian ships no standard library for
//! WebAssembly but its sources; it is built once, in half a minute, and lies in the unpacked
//! toolchain like any other target. Linking is done by the `rust-lld` of the toolchain in use,
//! since Debian's Rust brings none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::wasm::{TARGET, WasmToolchain};
use super::{apt, components};
use crate::cache::{self, Cache};
use crate::{process, report};

/// The compiler, the standard library for build scripts and macros, and the sources of both.
const PACKAGES: &[&str] = &["rustc-web", "libstd-rust-web-dev", "rust-web-src"];

const FOLDER: &str = "wasm-sysroot-";

/// The unpacked toolchain, if there is one; the newest of several.
pub fn find(cache: &Cache) -> Result<Option<WasmToolchain>> {
    let Ok(entries) = fs::read_dir(cache.root()) else {
        return Ok(None);
    };
    let newest = entries
        .filter_map(|entry| version_in(&entry.ok()?.file_name().to_string_lossy()))
        .filter(|version| compiler(&folder(cache, version)).is_file())
        .max_by_key(|version| numbers(version));
    newest.map(|version| describe(cache, &version)).transpose()
}

/// The unpacked toolchain; made where there is none.
pub fn ensure(cache: &Cache) -> Result<WasmToolchain> {
    if let Some(found) = find(cache)? {
        return Ok(found);
    }
    let _lock = cache.lock("wasm-sysroot")?;
    if let Some(found) = find(cache)? {
        return Ok(found);
    }
    for program in ["apt-get", "dpkg-deb"] {
        if process::find(program).is_none() {
            bail!(
                "{program} was not found: this way works on Debian only; install the target \
                 {TARGET} with rustup"
            );
        }
    }
    let what = "asking Debian's archive for a Rust compiler (apt)";
    let offers = report::timed(what, || apt::offers(PACKAGES)).context(
        "Debian's archive offers no compiler here (Ubuntu's has none of these packages); install \
         the target with rustup",
    )?;
    let version = offers
        .iter()
        .find(|offer| offer.name == "rustc-web")
        .map(|offer| upstream(&offer.version).to_owned())
        .context("Debian's archive offers no rustc-web here; install the target with rustup")?;
    let folder = folder(cache, &version);
    cache.install(&folder, |unfinished| {
        let what = format!("unpacking Debian's Rust {version} into the cache (apt)");
        report::timed(&what, || apt::unpack(&offers, unfinished))?;
        // Until it is moved to its place it is started where it lies.
        write_compiler(unfinished, unfinished)?;
        let what = format!("building the standard library for {TARGET} (cargo)");
        report::timed(&what, || build_std(unfinished))?;
        // Four hundred megabytes of sources that nobody reads again.
        cache::remove(&unfinished.join("usr/src"))?;
        write_compiler(unfinished, &folder)
    })?;
    describe(cache, &version)
}

/// A script in place of the compiler: the unpacked one finds its own libraries only when told
/// where.
fn write_compiler(into: &Path, place: &Path) -> Result<()> {
    let script = script(place, &libraries(into)?);
    let file = compiler(into);
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(&file, script)?;
    make_executable(&file)
}

#[cfg(unix)]
fn make_executable(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(
        file,
        fs::Permissions::from_mode(0o755),
    )?)
}

/// Elsewhere nothing marks a program, and Debian's packages are not to be had.
#[cfg(not(unix))]
fn make_executable(_file: &Path) -> Result<()> {
    Ok(())
}

fn script(place: &Path, libraries: &str) -> String {
    let usr = quoted(&place.join("usr").to_string_lossy());
    format!(
        "#!/bin/sh\n\
         LD_LIBRARY_PATH={usr}/lib/{libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}\n\
         export LD_LIBRARY_PATH\n\
         exec {usr}/bin/rustc --sysroot {usr} \"$@\"\n"
    )
}

/// The folder below usr/lib that is named after the processor.
fn libraries(folder: &Path) -> Result<String> {
    for entry in fs::read_dir(folder.join("usr/lib"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with("-linux-gnu") {
            return Ok(name);
        }
    }
    bail!("Debian's packages have another layout than expected: no usr/lib/*-linux-gnu")
}

fn build_std(folder: &Path) -> Result<()> {
    let empty = folder.join("std");
    fs::create_dir_all(empty.join("src"))?;
    fs::write(
        empty.join("Cargo.toml"),
        "[package]\nname = \"nothing\"\nedition = \"2021\"\n\n[workspace]\n",
    )?;
    fs::write(empty.join("src/lib.rs"), "")?;
    let target = empty.join("target");
    let mut build = Command::new("cargo");
    build
        .args(["build", "--quiet", "--release", "--target", TARGET])
        .args(["-Z", "build-std=std,panic_abort"])
        .current_dir(&empty)
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTC", compiler(folder))
        // Building the standard library is reserved for nightlies; this says that we mean it.
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        // Without bitcode a release build that optimises across crates cannot use it.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes");
    process::run(&mut build)?;
    let lib = folder.join("usr/lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&lib)?;
    for entry in fs::read_dir(target.join(TARGET).join("release/deps"))? {
        let file = entry?;
        let name = file.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libnothing-") {
            fs::copy(file.path(), lib.join(name))?;
        }
    }
    cache::remove(&empty)
}

fn describe(cache: &Cache, version: &str) -> Result<WasmToolchain> {
    let compiler = compiler(&folder(cache, version));
    Ok(WasmToolchain {
        origin: format!("Debian's Rust {version}"),
        env: vec![
            ("RUSTC", compiler.into_os_string()),
            (
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER",
                linker()?.into_os_string(),
            ),
        ],
        has_clippy: false,
    })
}

fn linker() -> Result<PathBuf> {
    let rustlib = components::sysroot()?.join("lib/rustlib");
    let of_toolchain = fs::read_dir(&rustlib)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin/rust-lld")))
        .find(|candidate| candidate.is_file());
    of_toolchain
        .or_else(|| process::find("rust-lld"))
        .or_else(|| process::find("wasm-ld"))
        .context(
            "no linker for WebAssembly: neither rust-lld in the Rust toolchain nor wasm-ld on the \
         PATH; `apt-get install lld` brings one",
        )
}

fn folder(cache: &Cache, version: &str) -> PathBuf {
    cache.root().join(format!("{FOLDER}{version}"))
}

fn compiler(folder: &Path) -> PathBuf {
    folder.join("bin/rustc")
}

fn version_in(folder: &str) -> Option<String> {
    folder.strip_prefix(FOLDER).map(str::to_owned)
}

/// `1.96.0` of `1.96.0+dfsg1-1~deb12u2`.
fn upstream(version: &str) -> &str {
    version.split(['+', '-', '~']).next().unwrap_or(version)
}

fn numbers(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compilers_own_version_is_told_from_debians_additions() {
        assert_eq!(upstream("1.96.0+dfsg1-1~deb12u2"), "1.96.0");
        assert!(numbers("1.100.0") > numbers("1.96.0"));
    }

    #[test]
    fn the_newest_whole_toolchain_is_taken() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::at(home.path());
        assert_eq!(find(&cache).unwrap(), None);
        for version in ["1.96.0", "1.100.0", "1.200.0"] {
            fs::create_dir_all(folder(&cache, version).join("bin")).unwrap();
        }
        for version in ["1.96.0", "1.100.0"] {
            fs::write(compiler(&folder(&cache, version)), "").unwrap();
        }
        let found = find(&cache).unwrap().unwrap();
        assert!(found.origin.ends_with("1.100.0"), "{}", found.origin);
        assert!(!found.has_clippy);
        assert!(found.env.iter().any(|(name, _)| *name == "RUSTC"));
    }

    #[test]
    fn the_script_starts_the_unpacked_compiler_wherever_the_cache_lies() {
        let script = script(Path::new("/a b/it's"), "some-linux-gnu");
        assert!(
            script.contains(r"exec '/a b/it'\''s/usr'/bin/rustc --sysroot '/a b/it'\''s/usr'"),
            "{script}"
        );
        assert!(script.contains("lib/some-linux-gnu"), "{script}");
    }
}
