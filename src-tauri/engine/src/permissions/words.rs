//! What was changed in a policy and what was answered, in words for the audit trail.

use std::fmt::Display;

use toolroom_shared::{Caller, Grant, Policy, Question, QuestionAnswer, SpawnGrant};

/// What became of each caller's grant, as in `http:desk: tools +hash-files, reads in -/old`; nothing
/// for those whose grant stayed as it was.
pub fn changes(before: &Policy, after: &Policy) -> Vec<String> {
    let nothing = Grant::default();
    let mut callers: Vec<&Caller> = Vec::new();
    for given in before.grants.iter().chain(&after.grants) {
        if !callers.contains(&&given.caller) {
            callers.push(&given.caller);
        }
    }
    let said = callers.into_iter().filter_map(|caller| {
        let what = match (before.grant(caller), after.grant(caller)) {
            (Some(_), None) => "nothing any more".to_owned(),
            (None, Some(now)) => match change(&nothing, now) {
                what if what.is_empty() => "nothing yet".to_owned(),
                what => what,
            },
            (Some(had), Some(now)) => change(had, now),
            (None, None) => return None,
        };
        (!what.is_empty()).then(|| format!("{caller}: {what}"))
    });
    said.collect()
}

fn change(had: &Grant, now: &Grant) -> String {
    let mut parts = Vec::new();
    let mut list = |name: &str, gone: Vec<String>, come: Vec<String>| {
        let signed = |sign: char, all: Vec<String>| {
            all.into_iter()
                .map(move |one| format!("{sign}{one}"))
                .collect::<Vec<_>>()
        };
        let all = [signed('-', gone), signed('+', come)].concat();
        if !all.is_empty() {
            parts.push(format!("{name} {}", all.join(" ")));
        }
    };
    macro_rules! lists {
        ($($name:literal $field:ident),*) => {$(
            list($name, missing(&had.$field, &now.$field), missing(&now.$field, &had.$field));
        )*};
    }
    lists!("tools" tools, "reads in" read, "writes in" write, "refused" refused_paths,
        "hosts" hosts, "secrets" secrets);
    if had.all_tools != now.all_tools {
        parts.push(["not every tool", "every tool"][usize::from(now.all_tools)].to_owned());
    }
    if had.spawn != now.spawn {
        parts.push(match now.spawn {
            SpawnGrant::Ask => "programs asked".to_owned(),
            SpawnGrant::Allowed => "programs allowed".to_owned(),
            SpawnGrant::Refused => "programs refused".to_owned(),
        });
    }
    if had.starts_per_minute != now.starts_per_minute {
        parts.push(format!("{} starts a minute", now.starts_per_minute));
    }
    if had.others_jobs != now.others_jobs {
        parts.push(["own jobs alone", "jobs of others"][usize::from(now.others_jobs)].to_owned());
    }
    parts.join(", ")
}

/// What is in `these` and not in `others`.
fn missing<T: Display + PartialEq>(these: &[T], others: &[T]) -> Vec<String> {
    let missing = these.iter().filter(|one| !others.contains(one));
    missing.map(ToString::to_string).collect()
}

/// What a person said to a question.
pub fn answer(question: &Question, answer: QuestionAnswer) -> String {
    let said = match answer {
        QuestionAnswer::AllowOnce => "allowed once",
        QuestionAnswer::AllowAlways => "allowed always",
        QuestionAnswer::RefuseOnce => "refused once",
        QuestionAnswer::RefuseAlways => "refused always",
    };
    let read = question.read.iter().map(|path| format!("read {path}"));
    let write = question.write.iter().map(|path| format!("write in {path}"));
    let spawn = question.spawn.then(|| "start programs".to_owned());
    let wants: Vec<_> = read.chain(write).chain(spawn).collect();
    format!("{} is {said} to {}", question.caller, wants.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_and_what_went_is_said_of_each_caller_and_nothing_of_who_keeps_what_they_had() {
        let caller = |text: &str| text.parse::<Caller>().unwrap();
        let mut before = Policy::default();
        before.grant_mut(&caller("http:same")).all_tools = true;
        before.grant_mut(&caller("http:gone"));
        let desk = before.grant_mut(&caller("mcp:desk"));
        desk.tools = vec!["a".into(), "b".into()];
        let mut after = before.clone();
        after.revoke(&caller("http:gone"));
        after.grant_mut(&caller("http:new"));
        let desk = after.grant_mut(&caller("mcp:desk"));
        desk.tools = vec!["b".into(), "c".into()];
        desk.read.push("/r".into());
        desk.spawn = SpawnGrant::Refused;
        desk.starts_per_minute = 5;
        assert_eq!(
            changes(&before, &after),
            [
                "http:gone: nothing any more",
                "mcp:desk: tools -a +c, reads in +/r, programs refused, 5 starts a minute",
                "http:new: nothing yet",
            ]
        );
        assert!(changes(&before, &before).is_empty());
        let back = changes(&after, &before);
        assert!(back[0].starts_with("mcp:desk: tools -c +a"), "{back:?}");
    }
}
