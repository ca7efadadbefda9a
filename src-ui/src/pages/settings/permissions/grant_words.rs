//! What a grant says in a line.

use toolroom_shared::{Grant, SpawnGrant};

/// What is granted, in a few words.
pub fn summary(grant: &Grant) -> String {
    let some = |count: usize, one: &str, more: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {more}")),
    };
    let tools = match grant.all_tools {
        true => Some("every tool".to_owned()),
        false => some(grant.tools.len(), "tool", "tools"),
    };
    let Some(tools) = tools else {
        return "May do nothing yet".to_owned();
    };
    let parts = [
        Some(tools),
        some(grant.read.len(), "place to read", "places to read"),
        some(grant.write.len(), "place to write", "places to write"),
        some(grant.hosts.len(), "host", "hosts"),
        (grant.spawn == SpawnGrant::Allowed).then(|| "programs".to_owned()),
        some(grant.secrets.len(), "secret", "secrets"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_summed_up_and_one_without_tools_is_worth_nothing() {
        let mut grant = Grant {
            read: vec!["/a".into(), "/b".into()],
            ..Grant::default()
        };
        assert_eq!(summary(&grant), "May do nothing yet");
        grant.tools.push("t".into());
        assert_eq!(summary(&grant), "1 tool · 2 places to read");
        grant.all_tools = true;
        grant.spawn = SpawnGrant::Allowed;
        assert_eq!(summary(&grant), "every tool · 2 places to read · programs");
    }
}
