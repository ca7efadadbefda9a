//! Which crate may depend on which: the direction in which the house leans.
//!
//! Read from the members' manifests, for all kinds of dependencies. Dependencies on crates of other
//! people are `vocabulary`'s business.

use anyhow::{Context, Result};

use super::{File, Finding, Tree};

/// What a crate of this workspace may depend on.
struct Layer {
    name: &'static str,
    may: &'static [&'static str],
    /// In addition, for tests, examples and benches alone.
    may_in_development: &'static [&'static str],
}

const fn layer(name: &'static str, may: &'static [&'static str]) -> Layer {
    Layer {
        name,
        may,
        may_in_development: &[],
    }
}

/// From the bottom to the top. `toolroom-tests` is not listed: it may depend on everything.
const LAYERS: &[Layer] = &[
    layer("toolroom-shared", &[]),
    layer("toolroom-toolkit", &["toolroom-shared"]),
    layer("toolroom-engine", &["toolroom-toolkit", "toolroom-shared"]),
    layer("toolroom-tools", &["toolroom-toolkit", "toolroom-shared"]),
    layer(
        "toolroom-bridge",
        &["toolroom-engine", "toolroom-toolkit", "toolroom-shared"],
    ),
    layer(
        "toolroom-app",
        &[
            "toolroom-bridge",
            "toolroom-engine",
            "toolroom-tools",
            "toolroom-toolkit",
            "toolroom-shared",
        ],
    ),
    layer(
        "toolroom-cli",
        &["toolroom-app", "toolroom-engine", "toolroom-shared"],
    ),
    Layer {
        name: "toolroom-desktop",
        may: &["toolroom-app", "toolroom-engine", "toolroom-shared"],
        may_in_development: &["toolroom-codegen", "toolroom-toolkit"],
    },
    layer("toolroom-codegen", &["toolroom-shared"]),
    layer("toolroom-ipc", &["toolroom-shared"]),
    layer("toolroom-ui", &["toolroom-ipc", "toolroom-shared"]),
    // The lab that the typed IPC is tested and measured in, below tests/.
    layer("toolroom-ipc-lab-types", &["toolroom-shared"]),
    Layer {
        name: "toolroom-ipc-lab",
        may: &["toolroom-ipc-lab-types", "toolroom-shared"],
        may_in_development: &["toolroom-codegen"],
    },
    layer(
        "toolroom-ipc-lab-page",
        &["toolroom-ipc", "toolroom-ipc-lab-types", "toolroom-shared"],
    ),
    layer("xtask", &[]),
    // Workspaces of their own below benches/.
    layer(
        "toolroom-bench-engine",
        &["toolroom-engine", "toolroom-toolkit", "toolroom-shared"],
    ),
    layer("toolroom-bench-apalis-sqlite", &[]),
];

const FREE: &str = "toolroom-tests";

/// A dependency as a manifest names it.
pub struct Dependency {
    /// The crate's name.
    pub name: String,
    /// Whether it serves tests, examples and benches alone.
    pub is_development: bool,
}

/// Looks at every manifest.
pub fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in tree.files().filter(|file| is_manifest(file)) {
        let manifest = parse(file)?;
        let Some(name) = package_name(&manifest) else {
            continue;
        };
        if name == FREE {
            continue;
        }
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
            findings.push(Finding::whole(
                &file.path,
                format!(
                    "{name} has no place in the house yet; give it one in xtask/src/tidy/layers.rs"
                ),
            ));
            continue;
        };
        for dependency in dependencies(&manifest) {
            let ours = dependency.name.starts_with("toolroom-") || dependency.name == "xtask";
            let wanted = dependency.name.as_str();
            let allowed = layer.may.contains(&wanted)
                || (dependency.is_development && layer.may_in_development.contains(&wanted));
            // A crate may name itself to switch on its own features in tests.
            if ours && !allowed && wanted != name {
                findings.push(Finding::whole(
                    &file.path,
                    format!("{name} must not depend on {wanted}: nothing points back"),
                ));
            }
        }
    }
    Ok(findings)
}

/// Whether a file is the manifest of a crate.
pub fn is_manifest(file: &File) -> bool {
    file.path == "Cargo.toml" || file.path.ends_with("/Cargo.toml")
}

/// A manifest as a table.
pub fn parse(file: &File) -> Result<toml::Table> {
    file.text
        .parse()
        .with_context(|| format!("{} is not valid TOML", file.path))
}

/// Every dependency that a crate's manifest names itself, on every platform.
pub fn dependencies(manifest: &toml::Table) -> Vec<Dependency> {
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let platforms = targets
        .into_iter()
        .flat_map(toml::Table::values)
        .filter_map(toml::Value::as_table);
    std::iter::once(manifest)
        .chain(platforms)
        .flat_map(|table| {
            ["dependencies", "build-dependencies", "dev-dependencies"]
                .into_iter()
                .flat_map(|kind| {
                    let named = table.get(kind).and_then(toml::Value::as_table);
                    named
                        .into_iter()
                        .flatten()
                        .map(move |(key, value)| Dependency {
                            // A dependency may go by another name in the code.
                            name: value
                                .get("package")
                                .and_then(toml::Value::as_str)
                                .unwrap_or(key)
                                .to_owned(),
                            is_development: kind == "dev-dependencies",
                        })
                })
        })
        .collect()
}

fn package_name(manifest: &toml::Table) -> Option<&str> {
    manifest.get("package")?.get("name")?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, rest: &str) -> Vec<String> {
        let manifest = format!("[package]\nname = \"{name}\"\n{rest}");
        let tree = Tree::of(&[("x/Cargo.toml", &manifest)]);
        check(&tree)
            .unwrap()
            .into_iter()
            .map(|finding| finding.message)
            .collect()
    }

    #[test]
    fn a_dependency_that_points_back_is_found_in_every_table() {
        for table in [
            "dependencies",
            "build-dependencies",
            "dev-dependencies",
            "target.'cfg(unix)'.dependencies",
        ] {
            let found = told(
                "toolroom-toolkit",
                &format!("[{table}]\ntoolroom-engine.workspace = true\n"),
            );
            assert_eq!(found.len(), 1, "{table}");
            assert!(found[0].contains("toolroom-engine"));
        }
    }

    #[test]
    fn a_dependency_under_another_name_is_found() {
        let rest = "[dependencies]\ne = { package = \"toolroom-engine\", path = \"e\" }\n";
        assert_eq!(told("toolroom-shared", rest).len(), 1);
    }

    #[test]
    fn the_direction_of_the_house_is_allowed() {
        let rest = "[dependencies]\ntoolroom-toolkit.workspace = true\nserde.workspace = true\n";
        assert!(told("toolroom-engine", rest).is_empty());
    }

    #[test]
    fn code_generation_serves_the_window_in_development_only() {
        let rest = |table: &str| format!("[{table}]\ntoolroom-codegen.workspace = true\n");
        assert!(told("toolroom-desktop", &rest("dev-dependencies")).is_empty());
        assert_eq!(told("toolroom-desktop", &rest("dependencies")).len(), 1);
    }

    #[test]
    fn the_end_to_end_tests_may_use_everything_and_a_stranger_must_be_placed() {
        assert!(told("toolroom-tests", "[dependencies]\ntoolroom-ui = \"1\"\n").is_empty());
        assert!(told("toolroom-attic", "")[0].contains("toolroom-attic"));
    }
}
