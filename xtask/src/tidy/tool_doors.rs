//! Tools reach files, programs and servers through their context alone, which holds them to what they
//! declare and to what was granted.
//!
//! A use of the standard library's or Tokio's own doors is allowed where a comment `// beyond ctx:` gives
//! the reason, at the end of the line or right above it.

use super::{Finding, Tree, source};

const FOLDER: &str = "src-tauri/tools/src/";
const REASON: &str = "// beyond ctx:";
const CRATES: [&str; 2] = ["std", "tokio"];
const MODULES: [&str; 3] = ["fs", "process", "net"];
/// Whole crates that reach files by their paths.
const OTHERS: [&str; 2] = ["trash::", "tempfile::"];
/// What a file that was imported as a type is opened with.
const OPENERS: [&str; 4] = ["File::open", "File::create", "OpenOptions", "Command::new"];
/// What sets what a job may reach.
const OWN: [&str; 2] = [".confined(", "Access::"];

/// Looks at every source of a tool.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        if !file.path.starts_with(FOLDER) || file.is_test() {
            continue;
        }
        // What a `use` of several names has opened, line by line.
        let mut opened: Option<&str> = None;
        for (number, line) in source::code_lines(&file.text) {
            let trimmed = line.trim();
            let found = match opened {
                Some(krate) => MODULES
                    .into_iter()
                    .find(|module| names_module(trimmed, module))
                    .map(|module| format!("{krate}::{module}")),
                None => door(trimmed),
            };
            if let Some(krate) = CRATES
                .into_iter()
                .find(|krate| trimmed.ends_with(&format!("use {krate}::{{")))
            {
                opened = Some(krate);
            } else if trimmed.starts_with("};") {
                opened = None;
            }
            let Some(found) = found else { continue };
            if !source::has_reason(&file.text, number, REASON) {
                findings.push(Finding::at(
                    file,
                    number,
                    format!(
                        "{found} leads past what the tool declares; use ctx, or say why not: {REASON} …"
                    ),
                ));
            }
        }
    }
    findings
}

/// The door that a line goes through, if any. A type alone, such as that of a file that ctx has opened,
/// opens nothing.
fn door(line: &str) -> Option<String> {
    for krate in CRATES {
        for module in MODULES {
            let path = format!("{krate}::{module}");
            let goes = line.match_indices(&path).any(|(place, _)| {
                let before = line[..place].chars().next_back();
                let after = &line[place + path.len()..];
                !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
                    && !after.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_')
                    && !is_type_alone(after)
            });
            if goes {
                return Some(path);
            }
        }
        let several = format!("{krate}::{{");
        if let Some((_, inside)) = line.split_once(&several)
            && let Some(module) = MODULES
                .into_iter()
                .find(|module| inside.split(", ").any(|name| names_module(name, module)))
        {
            return Some(format!("{krate}::{module}"));
        }
    }
    let mut others = OTHERS.into_iter().chain(OPENERS).chain(OWN);
    let other = others.find(|name| line.contains(name));
    other.map(str::to_owned)
}

/// Whether what stands in the braces of a `use` names the module and not a type of it alone.
fn names_module(name: &str, module: &str) -> bool {
    let name = name.trim().trim_start_matches('{');
    name.strip_prefix(module).is_some_and(|after| {
        !after.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_')
            && !is_type_alone(after)
    })
}

/// `File` as a type: only `File::open` and the like open anything.
fn is_type_alone(after: &str) -> bool {
    if after.starts_with("::TryLockError") {
        return true;
    }
    let Some(rest) = after.strip_prefix("::File") else {
        return false;
    };
    match rest.strip_prefix("::") {
        Some(method) => ["try_lock", "lock", "unlock", "sync_all", "metadata"]
            .iter()
            .any(|harmless| method.starts_with(harmless)),
        None => !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str) -> usize {
        check(&Tree::of(&[("src-tauri/tools/src/a.rs", code)])).len()
    }

    #[test]
    fn every_way_around_the_context_is_found() {
        for code in [
            "use std::fs;\n",
            "use std::{fs, io};\n",
            "use std::{\n    fs,\n    io,\n};\n",
            "use std::{\n    io,\n    process::Command,\n};\n",
            "let a = std::fs::read(path);\n",
            "let a = std::fs::File::open(path);\n",
            "use tokio::net::TcpStream;\n",
            "tokio::process::Command::new(\"sh\");\n",
            "trash::delete(&path);\n",
            "let ctx = ctx.confined(everything);\n",
        ] {
            assert_eq!(found(code), 1, "{code}");
        }
    }

    #[test]
    fn a_type_a_test_a_comment_and_a_reason_are_no_way_around() {
        for code in [
            "use std::{fs::File, io};\n",
            "use std::{\n    fs::File,\n    io,\n};\nfn process() {}\n",
            "fn a(file: &mut std::fs::File) {}\n",
            "// std::fs is not used\n",
            "use std::fsx;\nuse my_std::fs;\n",
            "#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n",
            "// beyond ctx: the system's trash takes paths\ntrash::delete(&path);\n",
        ] {
            assert_eq!(found(code), 0, "{code}");
        }
        let elsewhere = Tree::of(&[("src-tauri/toolkit/src/a.rs", "use std::fs;\n")]);
        assert!(check(&elsewhere).is_empty());
    }

    #[test]
    fn a_type_that_opens_by_a_path_is_found_where_it_does() {
        assert_eq!(
            found("use std::{fs::File, io};\nlet a = File::open(path);\n"),
            1
        );
        assert_eq!(found("let a = File::create(path);\nfile.try_lock();\n"), 1);
    }
}
