//! What one command or one event becomes in a Rust client: a function.

use std::{borrow::Cow, fmt::Write as _};

use heck::{ToLowerCamelCase, ToSnakeCase};
use specta::datatype::{DataType, Deprecated, Function, Reference};
use tauri_specta::BuilderConfiguration;

use crate::{
    CodegenError, TypePaths,
    rust_type::{ResultTypes, TypeWriter},
};

/// A function of the client.
pub struct RustFunction {
    /// What it is called.
    pub name: String,
    /// What it stands for, as errors and bare docs speak of it.
    pub place: String,
    /// Its source, a blank line before it.
    pub text: String,
    /// What it needs of the runtime.
    pub uses: Vec<&'static str>,
}

/// An argument of a command.
struct Argument<'a> {
    /// As it is written in Rust.
    name: Cow<'a, str>,
    /// What it is called on the wire.
    key: String,
    type_name: String,
    is_channel: bool,
}

/// The function that calls `command`.
pub fn command(
    contract: &BuilderConfiguration,
    paths: &TypePaths,
    command: &Function,
) -> Result<RustFunction, CodegenError> {
    let place = format!("the command {}", command.name());
    let writer = TypeWriter {
        types: &contract.types,
        paths,
        place: &place,
    };
    let ResultTypes { ok, err } = writer.result(command.result())?;
    let arguments = arguments(&writer, command)?;
    let mut uses = vec!["IpcError", "call"];
    let err = err.unwrap_or_else(|| {
        uses.push("Never");
        "Never".to_owned()
    });
    if arguments.is_empty() {
        uses.push("NoArgs");
    }
    if arguments.iter().any(|argument| argument.is_channel) {
        uses.push("Channel");
    }

    let function = contract.command_accessor_name(command);
    let wire_name = match contract.plugin_name {
        Some(plugin) => format!("plugin:{plugin}|{}", command.name()),
        None => command.name().to_owned(),
    };
    let mut text = docs(&command.docs, &place, command.deprecated.as_ref());
    // Writing to a string can't fail, here and below.
    let _ = writeln!(text, "    pub async fn {function}(\n        &self,");
    for Argument {
        name, type_name, ..
    } in &arguments
    {
        let _ = writeln!(text, "        {name}: {type_name},");
    }
    let _ = writeln!(text, "    ) -> Result<{ok}, IpcError<{err}>> {{");
    text.push_str(&body(&arguments, &wire_name));
    text.push_str("    }\n");
    Ok(RustFunction {
        name: function.to_owned(),
        place,
        text,
        uses,
    })
}

fn arguments<'a>(
    writer: &TypeWriter<'_>,
    command: &'a Function,
) -> Result<Vec<Argument<'a>>, CodegenError> {
    let written = command.args().iter().map(|(name, data_type)| {
        let channel = writer.channel(data_type)?;
        let is_channel = channel.is_some();
        Ok(Argument {
            name: identifier(name),
            key: name.to_lower_camel_case(),
            type_name: match channel {
                Some(message) => format!("Channel<{message}>"),
                None => writer.name(data_type)?,
            },
            is_channel,
        })
    });
    written.collect()
}

fn body(arguments: &[Argument<'_>], wire_name: &str) -> String {
    if arguments.is_empty() {
        return format!("        call(&*self.transport, {wire_name:?}, &NoArgs {{}}).await\n");
    }
    let mut text = "        #[derive(serde::Serialize)]\n        struct Args {\n".to_owned();
    for argument in arguments {
        let Argument {
            name,
            key,
            type_name,
            ..
        } = argument;
        if name.trim_start_matches("r#") != key {
            let _ = writeln!(text, "            #[serde(rename = {key:?})]");
        }
        let _ = writeln!(text, "            {name}: {type_name},");
    }
    let names: Vec<_> = arguments.iter().map(|argument| &*argument.name).collect();
    let _ = writeln!(
        text,
        "        }}\n        let args = Args {{ {} }};",
        names.join(", ")
    );
    let call = format!("call(&*self.transport, {wire_name:?}, &args).await");
    let mut channels = arguments.iter().filter(|argument| argument.is_channel);
    let Some(first) = channels.next() else {
        let _ = writeln!(text, "        {call}");
        return text;
    };
    let _ = writeln!(text, "        let answer = {call};");
    for channel in std::iter::once(first).chain(channels) {
        let _ = writeln!(text, "        args.{}.settle(&answer);", channel.name);
    }
    text.push_str("        answer\n");
    text
}

/// The function that listens to `event`.
pub fn event(
    contract: &BuilderConfiguration,
    paths: &TypePaths,
    event: &str,
    payload: &Reference,
) -> Result<RustFunction, CodegenError> {
    let place = format!("the event {event}");
    let writer = TypeWriter {
        types: &contract.types,
        paths,
        place: &place,
    };
    let payload_type = writer.name(&DataType::Reference(payload.clone()))?;
    let named = match payload {
        Reference::Named(reference) => contract.types.get(reference),
        Reference::Opaque(_) => None,
    };
    let mut text = match named {
        Some(named) => docs(&named.docs, &place, named.deprecated.as_ref()),
        None => docs("", &place, None),
    };
    let name = format!("on_{}", event.to_snake_case());
    let wire_name = match contract.plugin_name {
        Some(plugin) => format!("plugin:{plugin}:{event}"),
        None => event.to_owned(),
    };
    let _ = write!(
        text,
        "    pub async fn {name}(
        &self,
        handler: impl Fn(Result<{payload_type}, DecodeError>) + Send + Sync + 'static,
    ) -> Result<Listener, IpcError<Never>> {{
        listen(&*self.transport, {wire_name:?}, handler).await
    }}
"
    );
    Ok(RustFunction {
        name,
        place,
        text,
        uses: vec!["DecodeError", "IpcError", "Listener", "Never", "listen"],
    })
}

/// The documentation of a function, a blank line before it.
fn docs(docs: &str, place: &str, deprecated: Option<&Deprecated>) -> String {
    let mut text = "\n".to_owned();
    let bare = format!("{}{}.", place[..1].to_uppercase(), &place[1..]);
    let docs = docs.trim_end();
    let docs = if docs.is_empty() { &bare } else { docs };
    let mut is_code = false;
    for line in docs.lines() {
        // Every line of a doc comment begins with a space.
        let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
        let line = doc_line(line, &mut is_code);
        let _ = match &*line {
            "" => writeln!(text, "    ///"),
            line => writeln!(text, "    /// {line}"),
        };
    }
    if let Some(deprecated) = deprecated {
        text.push_str(&deprecation(deprecated));
    }
    text
}

/// A line of documentation. What is an example for the backend would be compiled as a test of the
/// client's: so code is marked as text, and nothing is indented so far that it becomes code.
fn doc_line<'a>(line: &'a str, is_code: &mut bool) -> Cow<'a, str> {
    let trimmed = line.trim_start();
    let fence = ["```", "~~~"]
        .into_iter()
        .find(|fence| trimmed.starts_with(fence));
    if let Some(fence) = fence {
        *is_code = !*is_code;
        if *is_code {
            return Cow::Owned(line.replace(trimmed, &format!("{fence}text")));
        }
    }
    if *is_code || line.len() - trimmed.len() < 4 {
        Cow::Borrowed(line)
    } else {
        Cow::Owned(format!("   {trimmed}"))
    }
}

fn deprecation(deprecated: &Deprecated) -> String {
    let says = |key: &str, value: Option<&Cow<'_, str>>| {
        let value = value.filter(|value| !value.is_empty());
        value.map(|value| format!("{key} = {value:?}"))
    };
    let said: Vec<_> = [
        says("since", deprecated.since.as_ref()),
        says("note", deprecated.note.as_ref()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if said.is_empty() {
        "    #[deprecated]\n".to_owned()
    } else {
        format!("    #[deprecated({})]\n", said.join(", "))
    }
}

/// `name` as it may be written: a keyword needs a mark.
fn identifier(name: &str) -> Cow<'_, str> {
    if KEYWORDS.contains(&name) {
        Cow::Owned(format!("r#{name}"))
    } else {
        Cow::Borrowed(name)
    }
}

/// Those of all editions, less the few that can't be marked, and so can't be names in the backend
/// either.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];
