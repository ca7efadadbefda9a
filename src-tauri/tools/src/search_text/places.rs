//! Which files are searched: ignore files, globs and types as rules of the walk.

use toolroom_toolkit::{
    InputProblem,
    walk::{IgnoreRules, Override, OverrideBuilder, Types, TypesBuilder},
};

use super::Input;

/// The rules for an input that was found to be sound.
///
/// # Errors
/// The first thing that is wrong with a glob or a type, as a sentence.
pub(super) fn rules(input: &Input) -> Result<IgnoreRules, String> {
    let heed = !input.include_ignored;
    Ok(IgnoreRules {
        git: heed,
        dot_ignore: heed,
        more_names: heed.then(|| ".rgignore".into()).into_iter().collect(),
        parents: heed,
        hidden: !input.include_hidden,
        overrides: overrides(input)?,
        types: types(input)?,
        ..IgnoreRules::default()
    })
}

/// What is wrong with the globs and types.
pub(super) fn problems(input: &Input) -> Vec<InputProblem> {
    let at = |list: &str, index: usize| format!("/{list}/{index}");
    let globs = input.globs.iter().enumerate();
    let mut problems: Vec<_> = globs
        .filter_map(|(index, glob)| {
            let message = glob_problem(glob)?;
            Some(InputProblem::new(at("globs", index), message))
        })
        .collect();
    if !input.types.is_empty() {
        let known = known_types();
        problems.extend(input.types.iter().enumerate().filter_map(|(index, name)| {
            let message = type_problem(&known, name)?;
            Some(InputProblem::new(at("types", index), message))
        }));
    }
    problems
}

fn glob_problem(glob: &str) -> Option<String> {
    if body_of(glob).1.trim().is_empty() {
        return Some("Must not be empty.".to_owned());
    }
    if glob.starts_with('#') {
        return Some("Would be taken for a comment. Write \\# instead of #.".to_owned());
    }
    let mut builder = OverrideBuilder::new("");
    let built = match builder.add(glob) {
        Ok(builder) => builder.build().map(drop),
        Err(error) => Err(error),
    };
    built.err().map(|error| {
        let said = error.to_string();
        let what = said.rsplit("': ").next().unwrap_or_default();
        format!("Can't be used as a glob: {}.", what.trim_end_matches('.'))
    })
}

/// Whether a glob leaves out, and the glob itself.
fn body_of(glob: &str) -> (bool, &str) {
    match glob.strip_prefix('!') {
        Some(body) => (true, body),
        None => (false, glob),
    }
}

/// The globs. One with a slash is meant from each of the paths, so it stands there once for each.
fn overrides(input: &Input) -> Result<Override, String> {
    let mut builder = OverrideBuilder::new("");
    let mut add = |glob: &str| match builder.add(glob) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    };
    for glob in &input.globs {
        let (is_left_out, body) = body_of(glob);
        if !body.trim_end_matches('/').contains('/') || body.starts_with("**/") {
            add(glob)?;
            continue;
        }
        for path in &input.paths {
            let path = escaped(&path.as_path().to_string_lossy());
            let sign = if is_left_out { "!" } else { "" };
            let body = body.strip_prefix('/').unwrap_or(body);
            match path.is_empty() {
                true => add(&format!("{sign}/{body}"))?,
                false => add(&format!("{sign}/{path}/{body}"))?,
            }
        }
    }
    builder.build().map_err(|error| error.to_string())
}

/// A path as a glob that only fits that path, without the slash at either end.
fn escaped(path: &str) -> String {
    let path = match cfg!(windows) {
        true => path.replace('\\', "/"),
        false => path.to_owned(),
    };
    let mut glob = String::with_capacity(path.len());
    let path = path.strip_prefix('/').unwrap_or(&path);
    for c in path.strip_suffix('/').unwrap_or(path).chars() {
        if matches!(c, '\\' | '*' | '?' | '[' | ']' | '{' | '}' | '!') {
            glob.push('\\');
        }
        glob.push(c);
    }
    glob
}

fn known_types() -> TypesBuilder {
    let mut builder = TypesBuilder::new();
    builder.add_defaults();
    builder
}

fn type_problem(known: &TypesBuilder, name: &str) -> Option<String> {
    let (_, wanted) = body_of(name);
    let known = known.definitions();
    if wanted == "all" || known.iter().any(|known| known.name() == wanted) {
        return None;
    }
    // Many write the ending of the names.
    let ending = format!("*.{wanted}");
    let meant = known.iter().find(|known| known.globs().contains(&ending));
    Some(match meant {
        Some(meant) => format!(
            "There is no file type “{wanted}”. Files that end in .{wanted} are of the type {}.",
            meant.name()
        ),
        None => format!(
            "There is no file type “{wanted}”. A glob, such as *.{wanted}, can be used instead."
        ),
    })
}

fn types(input: &Input) -> Result<Types, String> {
    if input.types.is_empty() {
        return Ok(Types::empty());
    }
    let mut builder = known_types();
    for name in &input.types {
        match body_of(name) {
            (true, name) => builder.negate(name),
            (false, name) => builder.select(name),
        };
    }
    builder.build().map_err(|error| error.to_string())
}
