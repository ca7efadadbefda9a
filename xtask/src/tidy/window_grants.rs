//! What the window may do: the commands of the contract and the two calls that listen to events, for
//! the app's own page alone, under a content security policy without a source more than it needs.
//!
//! A wider grant is made here, in sight, or not at all.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{File, Finding, Tree};

/// What a page may call beside the commands of its contract.
const CORE: &[&str] = &["core:event:allow-listen", "core:event:allow-unlisten"];
/// Keys of a capability; `remote` and `local` are not among them.
const KEYS: &[&str] = &[
    "$schema",
    "identifier",
    "description",
    "windows",
    "permissions",
];
/// The sources that each directive may have.
const SOURCES: &[(&str, &[&str])] = &[
    ("default-src", &["'none'"]),
    ("script-src", &["'self'", "'wasm-unsafe-eval'"]),
    ("style-src", &["'self'"]),
    // Small pictures come as answers: in an image no script runs.
    ("img-src", &["'self'", "data:"]),
    ("connect-src", &["'self'", "ipc:", "http://ipc.localhost"]),
    ("object-src", &["'none'"]),
    ("base-uri", &["'none'"]),
    ("form-action", &["'none'"]),
    ("frame-ancestors", &["'none'"]),
    ("frame-src", &["'none'"]),
];
/// What may stand in the configuration's `app.security`.
const SECURITY: &[&str] = &["csp", "capabilities"];

/// The folders of programs with a window: the app's first, whose configuration is looked at too. The
/// lab's page is driven by scripts from outside, so its own is wider.
const SHELLS: &[&str] = &["src-tauri/", "tests/ipc-lab/"];

/// Looks at every capability and configuration of a window.
pub fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for shell in SHELLS {
        let commands = tree
            .files()
            .find(|file| file.path == format!("{shell}command_names.rs"))
            .map(granted)
            .unwrap_or_default();
        for file in tree.files() {
            let Some(place) = file.path.strip_prefix(shell) else {
                continue;
            };
            if place.starts_with("capabilities/") {
                findings.extend(capability(file, &commands)?);
            }
            if *shell == SHELLS[0] && place.starts_with("tauri.") && place.ends_with(".json") {
                findings.extend(configuration(file)?);
            }
        }
    }
    Ok(findings)
}

/// The permissions of the commands in a generated list.
fn granted(list: &File) -> Vec<String> {
    list.text
        .split('"')
        .skip(1)
        .step_by(2)
        .map(|name| format!("allow-{}", name.replace('_', "-")))
        .collect()
}

fn parse(file: &File) -> Result<Value> {
    serde_json::from_str(&file.text).with_context(|| format!("{} is not valid JSON", file.path))
}

fn capability(file: &File, commands: &[String]) -> Result<Vec<Finding>> {
    let value = parse(file)?;
    let found = |message: String| Finding::whole(&file.path, message);
    let Some(fields) = value.as_object() else {
        return Ok(vec![found("a capability is an object".to_owned())]);
    };
    let mut findings: Vec<_> = fields
        .keys()
        .filter(|key| !KEYS.contains(&key.as_str()))
        .map(|key| found(format!("grants more than its window's own page: {key:?}")))
        .collect();
    if value["windows"] != serde_json::json!(["main"]) {
        findings.push(found(
            "grants something to other windows than main".to_owned(),
        ));
    }
    for permission in value["permissions"].as_array().into_iter().flatten() {
        let name = permission.as_str().unwrap_or_default();
        if !CORE.contains(&name) && !commands.iter().any(|command| command == name) {
            findings.push(found(format!(
                "grants {permission}, which no command of the contract needs"
            )));
        }
    }
    Ok(findings)
}

fn configuration(file: &File) -> Result<Vec<Finding>> {
    let value = parse(file)?;
    let found = |message: String| Finding::whole(&file.path, message);
    let mut findings = Vec::new();
    let security = &value["app"]["security"];
    for key in security
        .as_object()
        .into_iter()
        .flat_map(|keys| keys.keys())
    {
        if !SECURITY.contains(&key.as_str()) {
            findings.push(found(format!("loosens the window's security: {key:?}")));
        }
    }
    if value["app"]["withGlobalTauri"] == true {
        findings.push(found(
            "gives every script the calls: withGlobalTauri".to_owned(),
        ));
    }
    for key in ["devUrl", "frontendDist"] {
        let place = value["build"][key].as_str().unwrap_or_default();
        if place.contains("://") {
            findings.push(found(format!("shows a page from elsewhere: {place}")));
        }
    }
    match security["csp"].as_str() {
        None => findings.push(found(
            "has no content security policy as one text".to_owned(),
        )),
        Some(policy) => findings.extend(wider(policy).into_iter().map(found)),
    }
    Ok(findings)
}

/// What a policy allows beyond the list, and what it leaves open.
fn wider(policy: &str) -> Vec<String> {
    let mut open: BTreeMap<_, _> = SOURCES.iter().copied().collect();
    let mut told = Vec::new();
    for directive in policy.split(';').filter(|text| !text.trim().is_empty()) {
        let mut words = directive.split_whitespace();
        let name = words.next().unwrap_or_default();
        let Some(allowed) = open.remove(name) else {
            told.push(format!(
                "the policy's {name} is twice there or not in the list"
            ));
            continue;
        };
        for source in words.filter(|source| !allowed.contains(source)) {
            told.push(format!(
                "the policy's {name} allows {source} beyond the list"
            ));
        }
    }
    told.extend(
        open.keys()
            .map(|name| format!("the policy leaves {name} open")),
    );
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &str = "pub const COMMAND_NAMES: &[&str] = &[\n    \"get_job\",\n];\n";

    fn policy() -> String {
        let directives = SOURCES
            .iter()
            .map(|(name, sources)| format!("{name} {}", sources.join(" ")));
        directives.collect::<Vec<_>>().join("; ")
    }

    fn told(path: &str, value: &Value) -> Vec<String> {
        let text = value.to_string();
        let tree = Tree::of(&[("src-tauri/command_names.rs", NAMES), (path, &text)]);
        let findings = check(&tree).unwrap();
        findings
            .into_iter()
            .map(|finding| finding.message)
            .collect()
    }

    fn capability_with(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut value = serde_json::json!({
            "identifier": "main",
            "windows": ["main"],
            "permissions": ["core:event:allow-listen", "allow-get-job"],
        });
        change(&mut value);
        told("src-tauri/capabilities/main.json", &value)
    }

    fn configuration_with(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut value = serde_json::json!({
            "build": { "frontendDist": "../dist" },
            "app": { "security": { "csp": policy(), "capabilities": ["main"] } },
        });
        change(&mut value);
        told("src-tauri/tauri.conf.json", &value)
    }

    #[test]
    fn what_the_page_needs_is_granted() {
        assert!(capability_with(|_| ()).is_empty());
        assert!(configuration_with(|_| ()).is_empty());
    }

    #[test]
    fn a_wider_grant_is_found() {
        for permission in [
            "core:default",
            "allow-other",
            "shell:allow-open",
            "core:event:default",
        ] {
            let found = capability_with(|value| {
                value["permissions"] = serde_json::json!([permission]);
            });
            assert!(found[0].contains(permission), "{found:?}");
        }
        let scoped = serde_json::json!([{ "identifier": "allow-get-job", "allow": [] }]);
        assert_eq!(
            capability_with(|value| value["permissions"] = scoped).len(),
            1
        );
        let remote = serde_json::json!({ "urls": ["https://example.org"] });
        assert_eq!(capability_with(|value| value["remote"] = remote).len(), 1);
        let windows = serde_json::json!(["*"]);
        assert_eq!(capability_with(|value| value["windows"] = windows).len(), 1);
    }

    #[test]
    fn a_policy_that_allows_more_or_leaves_something_open_is_found() {
        for (from, to) in [
            ("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
            ("connect-src 'self'", "connect-src 'self' https:"),
            ("; frame-src 'none'", ""),
            ("default-src 'none'", "default-src *"),
        ] {
            let changed = policy().replace(from, to);
            assert_ne!(changed, policy());
            let found = configuration_with(|value| {
                value["app"]["security"]["csp"] = changed.into();
            });
            assert_eq!(found.len(), 1, "{to}: {found:?}");
        }
    }

    #[test]
    fn other_ways_to_loosen_it_are_found() {
        let found = configuration_with(|value| {
            value["app"]["withGlobalTauri"] = true.into();
            value["app"]["security"]["dangerousDisableAssetCspModification"] = true.into();
            value["app"]["security"]["csp"] = Value::Null;
            value["build"]["devUrl"] = "http://localhost:1420".into();
        });
        assert_eq!(found.len(), 4, "{found:?}");
    }
}
