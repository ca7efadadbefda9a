//! Writes the functions of commands and events.

use super::{
    Imports,
    contract::{Argument, Command, Event},
    kinds::JsonKinds,
    layout::WIDTH,
    names, text,
    types::TypeGraph,
};
use crate::CodegenError;

/// Writes functions; what they are made of has names that are free in this contract.
pub struct FunctionWriter<'a> {
    /// The contract's types.
    pub types: &'a TypeGraph,
    /// The names of what is imported.
    pub imports: &'a Imports,
}

impl FunctionWriter<'_> {
    /// The function of a command.
    pub fn command(&self, command: &Command) -> Result<String, CodegenError> {
        let mut parameters = Vec::new();
        let mut fields = Vec::new();
        // A parameter that may be left out must not stand before one that may not.
        let required = command
            .arguments
            .iter()
            .rposition(|argument| !self.may_be_left_out(argument))
            .map_or(0, |last| last + 1);
        for (index, argument) in command.arguments.iter().enumerate() {
            let name = names::identifier(&argument.key);
            let type_name = self.argument_type(argument)?;
            let default = if index >= required { " = null" } else { "" };
            parameters.push(format!("{name}: {type_name}{default}"));
            fields.push(match name == argument.key {
                true => name,
                false => format!("{}: {name}", argument.key),
            });
        }
        let taken = command
            .arguments
            .iter()
            .map(|argument| argument.key.clone())
            .collect();
        let options = match command.arguments.iter().any(|it| it.key == "options") {
            true => names::free_name("callOptions", &taken),
            false => "options".to_owned(),
        };
        parameters.push(format!("{options}?: {}", self.imports.call_options));
        let (ok, err) = self.sides(command)?;
        let result = format!("Promise<{}<{ok}, {err}>>", self.imports.result);
        let mut handed = vec![text::literal(&command.wire), object(&fields), options];
        let kinds = command
            .err
            .map_or(JsonKinds::NONE, |err| self.types.json_kinds(err));
        // Errors are objects unless they say otherwise.
        if kinds != JsonKinds::OBJECT {
            let kinds: Vec<_> = kinds.names().map(text::literal).collect();
            handed.push(format!("[{}]", kinds.join(", ")));
        }
        let docs = text::comment(&command.docs, command.deprecated.as_ref());
        let head = signature(&command.function, &parameters, &result);
        Ok(format!(
            "{docs}{head} {{\n{}}}\n",
            call(&self.imports.call, &handed)
        ))
    }

    /// The function that listens to an event.
    pub fn event(&self, event: &Event) -> Result<String, CodegenError> {
        let payload = self.types.text(event.payload)?;
        let parameters = [
            format!("handler: (payload: {payload}) => void"),
            format!("options?: {}", self.imports.listen_options),
        ];
        let result = format!(
            "Promise<{}<{}, never>>",
            self.imports.result, self.imports.listener
        );
        let docs = text::comment(&event.docs, event.deprecated.as_ref());
        let head = signature(&event.function, &parameters, &result);
        let handed = [
            text::literal(&event.wire),
            "handler".to_owned(),
            "options".to_owned(),
        ];
        let listen = call(&self.imports.listen, &handed);
        Ok(format!("{docs}{head} {{\n{listen}}}\n"))
    }

    /// What a command takes, gives and fails with, as a property of an interface.
    pub fn command_entry(&self, command: &Command) -> Result<String, CodegenError> {
        let mut fields = Vec::new();
        for argument in &command.arguments {
            fields.push(format!(
                "{}: {}",
                argument.key,
                self.argument_type(argument)?
            ));
        }
        let args = if fields.is_empty() {
            "Record<string, never>".to_owned()
        } else {
            format!("{{ {} }}", fields.join("; "))
        };
        let (ok, err) = self.sides(command)?;
        let key = names::key(&command.wire);
        Ok(format!(
            "  {key}: {{\n    args: {args};\n    value: {ok};\n    error: {err};\n  }};\n"
        ))
    }

    /// An event's payload, as a property of an interface.
    pub fn event_entry(&self, event: &Event) -> Result<String, CodegenError> {
        let payload = self.types.text(event.payload)?;
        Ok(format!("  {}: {payload};\n", names::key(&event.wire)))
    }

    fn sides(&self, command: &Command) -> Result<(String, String), CodegenError> {
        let ok = match command.ok {
            Some(ok) => self.types.text(ok)?,
            None => "null".to_owned(),
        };
        let err = match command.err {
            Some(err) => self.types.text(err)?,
            None => "never".to_owned(),
        };
        Ok((ok, err))
    }

    fn argument_type(&self, argument: &Argument) -> Result<String, CodegenError> {
        let data_type = self.types.text(argument.data_type)?;
        Ok(if argument.is_channel {
            format!("{}<{data_type}>", self.imports.channel_stream)
        } else {
            data_type
        })
    }

    fn may_be_left_out(&self, argument: &Argument) -> bool {
        !argument.is_channel && self.types.is_nullable(argument.data_type)
    }
}

fn object(fields: &[String]) -> String {
    if fields.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{ {} }}", fields.join(", "))
    }
}

fn signature(function: &str, parameters: &[String], result: &str) -> String {
    let line = format!(
        "export function {function}({}): {result}",
        parameters.join(", ")
    );
    // The brace that follows counts as well.
    if line.len() + 2 <= WIDTH && !line.contains('\n') {
        return line;
    }
    let lines: String = parameters
        .iter()
        .map(|parameter| format!("  {parameter},\n"))
        .collect();
    format!("export function {function}(\n{lines}): {result}")
}

fn call(function: &str, arguments: &[String]) -> String {
    let line = format!("  return {function}({});\n", arguments.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    let lines: String = arguments
        .iter()
        .map(|argument| format!("    {argument},\n"))
        .collect();
    format!("  return {function}(\n{lines}  );\n")
}
