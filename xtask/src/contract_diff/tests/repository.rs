//! The work tree beside a revision of a real repository.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::super::{FILE, compared};
use crate::process;

fn git(root: &Path, args: &[&str]) {
    let who = [
        "-c",
        "user.name=Nobody",
        "-c",
        "user.email=nobody@localhost",
    ];
    process::output(Command::new("git").current_dir(root).args(who).args(args)).unwrap();
}

fn write(root: &Path, contract: &Value) {
    let path = root.join(FILE);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, contract.to_string()).unwrap();
}

fn contract(hash: &str, docs: &str, commands: Value) -> Value {
    json!({"format": 1, "hash": hash, "docs": docs, "commands": commands, "events": {}, "schemas": {}})
}

/// A repository whose first revision has no contract and whose second one has this.
fn repository(committed: &Value) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, &["init", "--quiet"]);
    git(
        root,
        &["commit", "--quiet", "--allow-empty", "--message", "empty"],
    );
    write(root, committed);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "a contract"]);
    folder
}

fn go() -> Value {
    json!({"go": {"args": [], "ok": {"type": "null"}, "err": null}})
}

#[test]
fn the_same_hash_is_nothing_changed_and_so_are_words() {
    let folder = repository(&contract("a", "", go()));
    let told = compared(folder.path(), "HEAD").unwrap();
    assert_eq!(told, ("nothing changed since HEAD\n".to_owned(), false));
    write(folder.path(), &contract("a", "Words.", go()));
    let told = compared(folder.path(), "HEAD").unwrap();
    assert_eq!(
        told,
        ("nothing changed but words since HEAD\n".to_owned(), false)
    );
}

#[test]
fn what_breaks_stands_first_under_its_heading() {
    let folder = repository(&contract("a", "", go()));
    let rest = json!({"rest": go()["go"]});
    write(folder.path(), &contract("b", "", rest));
    let (text, breaks) = compared(folder.path(), "HEAD").unwrap();
    assert!(breaks);
    assert_eq!(
        text,
        "breaking since HEAD:\n  The command go is gone.\n\
         not breaking since HEAD:\n  The command rest is new.\n"
    );
}

#[test]
fn a_revision_without_a_contract_and_one_that_does_not_exist_are_told_apart() {
    let folder = repository(&contract("a", "", go()));
    let error = compared(folder.path(), "HEAD~1").unwrap_err().to_string();
    assert!(
        error.contains("HEAD~1 has no shared/contract.json"),
        "{error}"
    );
    for stranger in ["nobody", "--help", ""] {
        let error = compared(folder.path(), stranger).unwrap_err().to_string();
        assert!(error.contains("git knows no revision"), "{error}");
    }
}

#[test]
fn without_a_contract_in_the_work_tree_it_is_said_how_to_make_one() {
    let folder = repository(&contract("a", "", go()));
    fs::remove_file(folder.path().join(FILE)).unwrap();
    let error = compared(folder.path(), "HEAD").unwrap_err().to_string();
    assert!(error.contains("cargo xtask codegen"), "{error}");
}
