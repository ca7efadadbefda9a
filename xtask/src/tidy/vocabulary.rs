//! Words that may be spoken in one place only: tauri in the shell, in code generation and in the
//! lab, axum in the bridge, reqwest in the toolkit, the web view's own door in one file of the page.
//!
//! Which of our crates may use which is `layers`' business.

use anyhow::Result;

use super::{Finding, Tree, layers, source};

/// Crates of other people, and the manifests that may name them.
const CRATES: &[(&str, &[&str])] = &[
    (
        "tauri",
        &[
            "src-tauri/Cargo.toml",
            "src-tauri/codegen/Cargo.toml",
            "tests/ipc-lab/Cargo.toml",
        ],
    ),
    ("axum", &["src-tauri/bridge/Cargo.toml"]),
    ("reqwest", &["src-tauri/toolkit/Cargo.toml"]),
];

/// What the web view puts into the page; all of the page goes through the one file that knows it.
const DOOR: &str = "__TAURI";
const DOOR_FOLDER: &str = "src-ui/ipc/src/";
const DOOR_SEARCHED: &[&str] = &["src-ui/", "shared/", "src-tauri/"];

/// Looks at manifests and sources.
pub fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = crates(tree)?;
    findings.extend(door(tree));
    Ok(findings)
}

fn crates(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in tree.files().filter(|file| layers::is_manifest(file)) {
        for dependency in layers::dependencies(&layers::parse(file)?) {
            for (family, places) in CRATES {
                if is_of(family, &dependency.name) && !places.contains(&file.path.as_str()) {
                    findings.push(Finding::whole(
                        &file.path,
                        format!(
                            "{} may be named in {} only",
                            dependency.name,
                            places.join(", ")
                        ),
                    ));
                }
            }
        }
    }
    Ok(findings)
}

fn is_of(family: &str, name: &str) -> bool {
    name.strip_prefix(family)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn door(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known: Option<&str> = None;
    let sources = tree.files().filter(|file| {
        let is_code = [".rs", ".js"]
            .iter()
            .any(|ending| file.path.ends_with(ending));
        let is_searched = DOOR_SEARCHED
            .iter()
            .any(|folder| file.path.starts_with(folder));
        is_code && is_searched && file.path.contains("src/")
    });
    for file in sources {
        let Some((line, _)) = source::code_lines(&file.text).find(|(_, line)| line.contains(DOOR))
        else {
            continue;
        };
        if !file.path.starts_with(DOOR_FOLDER) {
            findings.push(Finding::at(
                file,
                line,
                format!(
                    "{DOOR} may be named in one file below {DOOR_FOLDER} only; use toolroom-ipc"
                ),
            ));
        } else if let Some(first) = known {
            findings.push(Finding::at(
                file,
                line,
                format!("{DOOR} is named in {first} already"),
            ));
        } else {
            known = Some(&file.path);
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(tree: &Tree) -> Vec<String> {
        check(tree)
            .unwrap()
            .into_iter()
            .map(|finding| finding.path)
            .collect()
    }

    #[test]
    fn tauri_and_its_family_belong_to_the_shell_and_to_code_generation() {
        let manifest = "[package]\nname = \"x\"\n[dependencies]\ntauri-specta.workspace = true\n";
        let tree = Tree::of(&[
            ("src-tauri/Cargo.toml", manifest),
            ("src-tauri/codegen/Cargo.toml", manifest),
            ("src-tauri/engine/Cargo.toml", manifest),
        ]);
        assert_eq!(places(&tree), ["src-tauri/engine/Cargo.toml"]);
    }

    #[test]
    fn a_crate_that_only_begins_alike_is_another_crate() {
        assert!(is_of("axum", "axum") && is_of("axum", "axum-extra"));
        assert!(!is_of("axum", "axumite"));
    }

    #[test]
    fn the_workspace_manifest_may_pin_versions() {
        let tree = Tree::of(&[(
            "Cargo.toml",
            "[workspace.dependencies]\ntauri = \"2\"\naxum = \"1\"\n",
        )]);
        assert!(places(&tree).is_empty());
    }

    #[test]
    fn the_web_views_door_is_known_to_one_file() {
        let code = "//! Words.\nlet door = \"__TAURI_INTERNALS__\";\n";
        let tree = Tree::of(&[
            ("src-ui/ipc/src/lib.rs", "//! Hides __TAURI.\n"),
            (
                "src-ui/ipc/src/page.js",
                "// Words.\nwindow.__TAURI_INTERNALS__.invoke();\n",
            ),
            ("src-ui/ipc/src/window.rs", code),
            ("src-ui/src/app.js", code),
            ("src-ui/src/app.rs", code),
        ]);
        assert_eq!(
            places(&tree),
            [
                "src-ui/ipc/src/window.rs",
                "src-ui/src/app.js",
                "src-ui/src/app.rs"
            ]
        );
    }
}
