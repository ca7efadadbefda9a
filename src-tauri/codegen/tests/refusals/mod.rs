//! What is said of a contract that breaks a rule.

use tauri::Wry;
use tauri_specta::{Builder, BuilderConfiguration, LanguageExt};
use toolroom_codegen::{CodegenError, ContractJson, contract_hash, wire_rules};

/// A "language" that only checks.
struct Check;

impl LanguageExt for Check {
    type Error = CodegenError;

    fn export(
        self,
        contract: &BuilderConfiguration,
        _: &std::path::Path,
    ) -> Result<(), CodegenError> {
        let checked = wire_rules::check(contract);
        let hashed = contract_hash(contract).map(drop);
        let described = ContractJson::text(contract).map(drop);
        for other in [hashed, described] {
            let text = |result: &Result<(), CodegenError>| {
                result.as_ref().map_err(ToString::to_string).copied()
            };
            assert_eq!(text(&checked), text(&other), "every door says the same");
        }
        checked
    }
}

/// What is wrong with a contract, a sentence a line; empty if nothing is.
pub fn told(contract: Builder<Wry>) -> Vec<String> {
    match contract.export(Check, "nowhere") {
        Ok(()) => Vec::new(),
        Err(CodegenError::OffTheWire(problems)) => {
            let error = CodegenError::OffTheWire(problems.clone());
            assert_eq!(error.to_string().lines().count(), problems.len());
            for problem in &problems {
                assert!(problem.ends_with('.'), "no sentence: {problem}");
            }
            problems
        }
        Err(other) => panic!("{other}"),
    }
}

/// The one problem of a contract, which must speak of all of `words`.
#[track_caller]
pub fn the_one(contract: Builder<Wry>, words: &[&str]) {
    let told = told(contract);
    assert_eq!(told.len(), 1, "{told:#?}");
    for word in words {
        assert!(told[0].contains(word), "nothing of {word}: {}", told[0]);
    }
}
