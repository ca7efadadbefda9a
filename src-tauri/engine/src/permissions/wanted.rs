//! What a start would reach, read from its input: the paths and addresses that it names.
//!
//! Only what an input names can be asked about. What a job reaches beyond that is refused when it
//! does, by the toolkit.

use std::path::{Component, Path, PathBuf};

use serde_json::Value;
use toolroom_shared::{PathUse, Permission, SecretForm, ToolDefinition, each_secret, each_string};
use toolroom_toolkit::http::Url;

/// What a start would reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Files and folders that it reads, with links and `..` seen through.
    pub read: Vec<PathBuf>,
    /// Folders that it writes in, likewise.
    pub write: Vec<PathBuf>,
    /// Servers that it asks, with their ports.
    pub hosts: Vec<(String, u16)>,
    /// It starts programs.
    pub spawn: bool,
    /// The secrets that it names.
    pub secrets: Vec<String>,
}

impl Wanted {
    /// What a job of `tool` with this input would reach, of the kinds that the tool declares.
    /// `resolve` sees through links and `..`.
    pub fn of(
        tool: &ToolDefinition,
        input: &Value,
        resolve: &mut dyn FnMut(&Path) -> PathBuf,
    ) -> Self {
        let declares = |permission| tool.permissions.contains(&permission);
        let (reads, writes) = (
            declares(Permission::ReadFiles),
            declares(Permission::WriteFiles),
        );
        let connects = declares(Permission::Connect);
        // A tool that writes and is told no place for it changes what it is given.
        let changes_inputs = writes && !PathUse::writes(&tool.input_schema);
        let mut wanted = Self {
            spawn: declares(Permission::Spawn),
            ..Self::default()
        };
        let mut input = input.clone();
        each_secret(&mut input, &tool.input_schema, &mut |_, value| {
            if SecretForm::of(value) == SecretForm::Named {
                let name = value["secret"].as_str().unwrap_or_default();
                wanted.secrets.push(name.to_owned());
            }
        });
        each_string(&mut input, &tool.input_schema, &mut |text, schema| {
            let path = Path::new(text.as_str());
            match PathUse::of(schema) {
                Some(PathUse::Input) => {
                    let path = resolve(path);
                    if changes_inputs {
                        add(&mut wanted.write, path.clone());
                    }
                    if reads {
                        add(&mut wanted.read, path);
                    }
                }
                Some(PathUse::OutputDir) if writes => {
                    add(&mut wanted.write, resolve(path));
                }
                Some(PathUse::Output) if writes => {
                    // It is made beside its place, so the folder is what is written in.
                    let folder = path.parent().unwrap_or(path);
                    add(&mut wanted.write, resolve(folder));
                }
                None if connects => wanted.hosts.extend(server(text, schema)),
                _ => {}
            }
        });
        wanted
    }
}

fn add(list: &mut Vec<PathBuf>, path: PathBuf) {
    if !list.contains(&path) {
        list.push(path);
    }
}

/// The server that a text names: one whose schema says that it is an address, or that begins with
/// one as people write them.
fn server(text: &str, schema: &Value) -> Option<(String, u16)> {
    let first = text.split_whitespace().next()?;
    let lower = first.to_ascii_lowercase();
    let is_address = schema["format"].as_str() == Some("uri")
        || lower.starts_with("http://")
        || lower.starts_with("https://");
    if !is_address {
        return None;
    }
    let url: Url = first.parse().ok()?;
    Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
}

/// A path with links and `..` seen through as far as it is there; the rest as it is written.
pub fn seen_through(path: &Path) -> PathBuf {
    for there in path.ancestors() {
        if let Ok(resolved) = std::fs::canonicalize(there) {
            let missing = path.strip_prefix(there).unwrap_or(Path::new(""));
            return joined(resolved, missing);
        }
    }
    joined(PathBuf::new(), path)
}

fn joined(mut here: PathBuf, way: &Path) -> PathBuf {
    for part in way.components() {
        match part {
            Component::ParentDir => {
                here.pop();
            }
            Component::CurDir => {}
            other => here.push(other),
        }
    }
    here
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use toolroom_shared::{ToolBehavior, ToolCategory, ToolLimits};

    fn tool(permissions: &[Permission], properties: Value) -> ToolDefinition {
        ToolDefinition {
            name: "t".into(),
            title: "T".into(),
            description: String::new(),
            category: ToolCategory::Files,
            version: "1.0.0".into(),
            input_schema: json!({ "type": "object", "properties": properties }),
            output_schema: json!({}),
            message_schema: None,
            permissions: permissions.to_vec(),
            limits: ToolLimits::NONE,
            behavior: ToolBehavior::CAUTIOUS,
        }
    }

    #[test]
    fn an_input_says_what_is_read_written_and_asked_and_an_undeclared_kind_counts_for_nothing() {
        use Permission::{Connect, ReadFiles, Spawn, WriteFiles};
        let properties = json!({
            "from": { "items": { "x-path": "input" } },
            "to": { "x-path": "output" },
            "into": { "x-path": "output-dir" },
            "url": { "format": "uri" },
            "words": { "items": {} },
            "token": { "x-secret": true },
            "key": { "x-secret": true },
        });
        let input = json!({
            "from": ["/r/a", "/r/a"], "to": "/w/file", "into": "/d",
            "url": "ftp://a.example:7/x", "token": { "secret": "mine" }, "key": "typed in",
            "words": ["HTTPS://user@b.example/ sha256:0", "http://[::1]/", "c.example"],
        });
        let of = |permissions: &[Permission]| {
            let tool = tool(permissions, properties.clone());
            Wanted::of(&tool, &input, &mut Path::to_owned)
        };
        let secrets = vec!["mine".to_owned()];
        assert_eq!(
            of(&[]),
            Wanted {
                secrets: secrets.clone(),
                ..Wanted::default()
            }
        );
        let host = |name: &str, port| (name.to_owned(), port);
        assert_eq!(
            of(&[ReadFiles, WriteFiles, Connect, Spawn]),
            Wanted {
                read: vec!["/r/a".into()],
                write: vec!["/w".into(), "/d".into()],
                hosts: vec![
                    host("a.example", 7),
                    host("b.example", 443),
                    host("[::1]", 80)
                ],
                spawn: true,
                secrets,
            }
        );
    }

    #[test]
    fn a_tool_that_is_told_no_place_to_write_to_writes_where_it_reads() {
        use Permission::{ReadFiles, WriteFiles};
        let tool = tool(
            &[ReadFiles, WriteFiles],
            json!({ "a": { "x-path": "input" } }),
        );
        let wanted = Wanted::of(&tool, &json!({ "a": "/x" }), &mut Path::to_owned);
        assert_eq!(wanted.write, wanted.read);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_dots_are_seen_through_also_where_nothing_is() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(top.join("in/deep")).unwrap();
        std::os::unix::fs::symlink(&top, top.join("in/out")).unwrap();
        for (path, is) in [
            ("in/deep/../deep", "in/deep"),
            ("in/out/secret", "secret"),
            ("in/deep/../../none/x", "none/x"),
            ("in/none/../../x", "x"),
        ] {
            assert_eq!(seen_through(&top.join(path)), top.join(is), "{path}");
        }
    }
}
