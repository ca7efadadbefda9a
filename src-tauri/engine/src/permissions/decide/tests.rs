//! What is decided, for any caller, grant and wish.

use proptest::{collection::vec, prelude::*, sample::subsequence};
use serde_json::json;
use toolroom_shared::{Permission, ToolBehavior, ToolCategory, ToolLimits};

use super::*;

const KINDS: [Permission; 4] = [
    Permission::ReadFiles,
    Permission::WriteFiles,
    Permission::Connect,
    Permission::Spawn,
];

fn tool(permissions: Vec<Permission>) -> ToolDefinition {
    ToolDefinition {
        name: "t".into(),
        title: "T".into(),
        description: String::new(),
        category: ToolCategory::Files,
        version: "1.0.0".into(),
        input_schema: json!({}),
        output_schema: json!({}),
        message_schema: None,
        permissions,
        limits: ToolLimits::NONE,
        behavior: ToolBehavior::CAUTIOUS,
    }
}

fn any_paths() -> impl Strategy<Value = Vec<PathBuf>> {
    vec("(/[ab]){1,3}".prop_map(PathBuf::from), 0..3)
}

fn any_granted() -> impl Strategy<Value = Granted> {
    let spawn = proptest::sample::select(vec![
        SpawnGrant::Ask,
        SpawnGrant::Allowed,
        SpawnGrant::Refused,
    ]);
    let hosts = subsequence(vec!["a.example", "*.a.example", "b.example:443"], 0..=3);
    (
        any_paths(),
        any_paths(),
        any_paths(),
        hosts,
        spawn,
        any::<bool>(),
    )
        .prop_map(|(read, write, refused, hosts, spawn, all_tools)| Granted {
            grant: Grant {
                all_tools,
                hosts: hosts.iter().map(|host| host.parse().unwrap()).collect(),
                spawn,
                ..Grant::default()
            },
            read,
            write,
            refused,
        })
}

/// What a start wants of the kinds that its tool declares, as `Wanted::of` gives it.
fn any_wish() -> impl Strategy<Value = (ToolDefinition, Wanted)> {
    let host = (
        proptest::sample::select(vec!["a.example", "x.a.example", "b.example", "10.0.0.1"]),
        proptest::sample::select(vec![80u16, 443]),
    );
    let wishes = (any_paths(), any_paths(), vec(host, 0..3));
    (subsequence(KINDS.to_vec(), 0..=4), wishes).prop_map(|(kinds, (read, write, hosts))| {
        let declares = |kind| kinds.contains(&kind);
        let of = |kind, paths: Vec<PathBuf>| if declares(kind) { paths } else { Vec::new() };
        let wanted = Wanted {
            read: of(Permission::ReadFiles, read),
            write: of(Permission::WriteFiles, write),
            hosts: hosts
                .into_iter()
                .filter(|_| declares(Permission::Connect))
                .map(|(host, port)| (host.to_owned(), port))
                .collect(),
            spawn: declares(Permission::Spawn),
            secrets: Vec::new(),
        };
        (tool(kinds), wanted)
    })
}

fn stranger() -> Caller {
    "http:client".parse().unwrap()
}

proptest! {
    #[test]
    fn a_person_and_the_app_may_what_the_tool_declares_and_no_more(
        granted in proptest::option::of(any_granted()), (tool, wanted) in any_wish(),
    ) {
        for caller in [Caller::Window, Caller::Terminal, Caller::App] {
            let verdict = decide(&caller, granted.as_ref(), &tool, &wanted);
            prop_assert_eq!(verdict, Verdict::Allowed(Access::declared(&tool.permissions)));
        }
    }

    #[test]
    fn who_was_granted_nothing_may_do_nothing((tool, wanted) in any_wish()) {
        for granted in [None, Some(Granted::default())] {
            match decide(&stranger(), granted.as_ref(), &tool, &wanted) {
                Verdict::Refused(error) => prop_assert_eq!(error.code, ErrorCode::PermissionDenied),
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }

    #[test]
    fn what_is_allowed_was_wanted_declared_and_granted_and_what_is_asked_was_not(
        granted in any_granted(), (tool, wanted) in any_wish(),
    ) {
        let reach = |paths: &[PathBuf]| Reach::Within(paths.into());
        let (read, write) = (reach(&granted.read), reach(&granted.write));
        let hosts_granted = wanted.hosts.iter().all(|(host, port)| {
            granted.grant.hosts.iter().any(|pattern| pattern.matches(host, *port))
        });
        match decide(&stranger(), Some(&granted), &tool, &wanted) {
            Verdict::Allowed(access) => {
                prop_assert!(granted.grant.all_tools && hosts_granted);
                prop_assert!(wanted.read.iter().all(|path| read.covers(path)));
                prop_assert!(wanted.write.iter().all(|path| write.covers(path)));
                prop_assert!(!wanted.spawn || granted.grant.spawn == SpawnGrant::Allowed);
                // Never a kind that isn't declared, never a place that isn't granted.
                prop_assert_eq!(&access, &access.clone().narrowed(&tool.permissions));
                prop_assert_eq!(access, granted.access().narrowed(&tool.permissions));
            }
            Verdict::Ask(ask) => {
                prop_assert!(granted.grant.all_tools && hosts_granted);
                let refused = reach(&granted.refused);
                prop_assert!(!ask.read.is_empty() || !ask.write.is_empty() || ask.spawn);
                for path in &ask.read {
                    prop_assert!(wanted.read.contains(path) && !read.covers(path));
                }
                for path in &ask.write {
                    prop_assert!(wanted.write.contains(path) && !write.covers(path));
                }
                prop_assert!(ask.read.iter().chain(&ask.write).all(|path| !refused.covers(path)));
                prop_assert!(!ask.spawn || granted.grant.spawn == SpawnGrant::Ask);
                // Once it is allowed, all that was wanted is in reach, and nothing undeclared is.
                let access = ask.allowed(&granted, &tool);
                prop_assert!(wanted.read.iter().all(|path| access.read.covers(path)));
                prop_assert!(wanted.write.iter().all(|path| access.write.covers(path)));
                prop_assert!(!wanted.spawn || access.spawn);
                prop_assert_eq!(&access, &access.clone().narrowed(&tool.permissions));
            }
            Verdict::Refused(error) => {
                prop_assert_eq!(error.code, ErrorCode::PermissionDenied);
                prop_assert!(error.message.contains("Nothing was started."));
                prop_assert!(error.message.contains("toolroom permissions grant http:client"));
            }
        }
    }

    #[test]
    fn more_that_is_granted_never_allows_less(
        granted in any_granted(), (tool, wanted) in any_wish(), more in any_paths(),
    ) {
        let before = decide(&stranger(), Some(&granted), &tool, &wanted);
        let mut wider = granted;
        wider.read.extend(more.clone());
        wider.write.extend(more);
        let after = decide(&stranger(), Some(&wider), &tool, &wanted);
        if matches!(before, Verdict::Allowed(_)) {
            prop_assert!(matches!(after, Verdict::Allowed(_)));
        }
        if matches!(before, Verdict::Ask(_)) {
            prop_assert!(!matches!(after, Verdict::Refused(_)));
        }
    }
}

#[test]
fn a_secret_is_used_by_name_only_where_that_was_granted_and_by_persons() {
    let mut granted = Granted {
        grant: Grant {
            all_tools: true,
            ..Grant::default()
        },
        ..Granted::default()
    };
    let wanted = Wanted {
        secrets: vec!["mine".into()],
        ..Wanted::default()
    };
    let (tool, client) = (tool(Vec::new()), "http:x".parse().unwrap());
    let refused = decide(&client, Some(&granted), &tool, &wanted);
    assert!(matches!(&refused, Verdict::Refused(error) if error.message.contains("--secret mine")));
    let person = decide(&Caller::Window, None, &tool, &wanted);
    assert!(matches!(person, Verdict::Allowed(_)));
    granted.grant.secrets = vec![toolroom_shared::SecretName::new("mine").unwrap()];
    let allowed = decide(&client, Some(&granted), &tool, &wanted);
    assert!(matches!(allowed, Verdict::Allowed(_)));
}
