//! Who asks for something: a person at one of the doors, the app itself, or somebody else by name.
//!
//! Set at the door, never by a payload. What a caller may do is the business of `permission`.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

/// Who asked for a job or for a change of one. Set at the door through which the request came, never
/// by its payload.
///
/// In text, as the terminal takes it and settings show it: `window`, `terminal`, `app`, `http:NAME`,
/// `mcp:NAME`, `model:NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Caller {
    /// The person at the window.
    Window,
    /// The person at the terminal.
    Terminal,
    /// The app itself.
    App,
    /// A client that speaks HTTP.
    Http {
        /// Its name.
        name: CallerName,
    },
    /// A client that speaks the Model Context Protocol.
    Mcp {
        /// Its name.
        name: CallerName,
    },
    /// A model in a chat.
    Model {
        /// The chat's provider and model, as in `provider/model`.
        name: CallerName,
    },
}

impl Caller {
    /// Whether it is a person, who acts in their own name.
    #[must_use]
    pub const fn is_person(&self) -> bool {
        matches!(self, Self::Window | Self::Terminal)
    }

    /// Whether it is anyone but a person or the app: who may do what was granted, and nothing else.
    #[must_use]
    pub const fn is_stranger(&self) -> bool {
        self.name().is_some()
    }

    /// Its name, where several callers come through the same door.
    #[must_use]
    pub const fn name(&self) -> Option<&CallerName> {
        match self {
            Self::Window | Self::Terminal | Self::App => None,
            Self::Http { name } | Self::Mcp { name } | Self::Model { name } => Some(name),
        }
    }

    /// The caller as people read it, as in "by the window".
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Window => "the window".to_owned(),
            Self::Terminal => "the terminal".to_owned(),
            Self::App => "the app".to_owned(),
            Self::Http { name } => format!("the HTTP client {name}"),
            Self::Mcp { name } => format!("the MCP client {name}"),
            Self::Model { name } => format!("the model {name}"),
        }
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window => f.write_str("window"),
            Self::Terminal => f.write_str("terminal"),
            Self::App => f.write_str("app"),
            Self::Http { name } => write!(f, "http:{name}"),
            Self::Mcp { name } => write!(f, "mcp:{name}"),
            Self::Model { name } => write!(f, "model:{name}"),
        }
    }
}

impl FromStr for Caller {
    type Err = BadCaller;

    fn from_str(text: &str) -> Result<Self, BadCaller> {
        let name = |name: &str| CallerName::new(name);
        Ok(match text.split_once(':') {
            None if text == "window" => Self::Window,
            None if text == "terminal" => Self::Terminal,
            None if text == "app" => Self::App,
            Some(("http", it)) => Self::Http { name: name(it)? },
            Some(("mcp", it)) => Self::Mcp { name: name(it)? },
            Some(("model", it)) => Self::Model { name: name(it)? },
            _ => return Err(BadCaller::Kind),
        })
    }
}

/// A caller's name: 1 to 100 of the characters `A-Z a-z 0-9 . _ - / : @ +`, the first a letter or a
/// digit. It is shown to people and stored, so it can hold nothing that looks like something else.
/// Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "specta", specta(type = String))]
#[serde(try_from = "String", into = "String")]
pub struct CallerName(Arc<str>);

impl CallerName {
    /// The most characters of a name.
    pub const LONGEST: usize = 100;

    /// A name, if it can be one.
    ///
    /// # Errors
    /// [`BadCaller::Name`].
    pub fn new(name: &str) -> Result<Self, BadCaller> {
        let fits = name.len() <= Self::LONGEST
            && name.starts_with(|first: char| first.is_ascii_alphanumeric())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-/:@+".contains(&byte));
        if fits {
            Ok(Self(name.into()))
        } else {
            Err(BadCaller::Name)
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CallerName {
    type Error = BadCaller;

    fn try_from(name: String) -> Result<Self, BadCaller> {
        Self::new(&name)
    }
}

impl From<CallerName> for String {
    fn from(name: CallerName) -> Self {
        name.0.as_ref().to_owned()
    }
}

/// A text that names no caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadCaller {
    /// There is no such kind of caller.
    Kind,
    /// A caller can't be named so.
    Name,
}

impl fmt::Display for BadCaller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kind => {
                "A caller is window, terminal, app, http:NAME, mcp:NAME or model:NAME."
            }
            Self::Name => {
                "A caller's name has 1 to 100 letters, digits and characters of . _ - / : @ + and begins with a letter or a digit."
            }
        })
    }
}

impl std::error::Error for BadCaller {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_caller() -> impl Strategy<Value = Caller> {
        ("[A-Za-z0-9][A-Za-z0-9._/:@+-]{0,99}", 0..6).prop_map(|(name, kind)| {
            let name = CallerName::new(&name).unwrap();
            match kind {
                0 => Caller::Window,
                1 => Caller::Terminal,
                2 => Caller::App,
                3 => Caller::Http { name },
                4 => Caller::Mcp { name },
                _ => Caller::Model { name },
            }
        })
    }

    proptest! {
        #[test]
        fn a_caller_survives_the_wire_and_its_text(caller in any_caller()) {
            let wire = serde_json::to_string(&caller).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Caller>(&wire).unwrap(), &caller);
            prop_assert_eq!(&caller.to_string().parse::<Caller>().unwrap(), &caller);
            prop_assert_eq!(caller.is_stranger(), !caller.is_person() && caller != Caller::App);
        }

        #[test]
        fn a_name_that_could_mislead_is_refused_in_text_and_on_the_wire(
            name in "[A-Za-z0-9]{0,3}[^A-Za-z0-9._/:@+-][A-Za-z0-9]{0,3}"
        ) {
            prop_assert_eq!(CallerName::new(&name), Err(BadCaller::Name));
            let wire = serde_json::json!({ "http": { "name": name } });
            prop_assert!(serde_json::from_value::<Caller>(wire).is_err());
        }
    }

    #[test]
    fn a_name_is_neither_empty_nor_long_nor_a_flag() {
        let long = "a".repeat(101);
        for name in ["", "-v", ".", &long] {
            assert_eq!(CallerName::new(name), Err(BadCaller::Name), "{name}");
        }
        assert_eq!("http".parse::<Caller>(), Err(BadCaller::Kind));
        assert_eq!("window:x".parse::<Caller>(), Err(BadCaller::Kind));
    }

    #[test]
    fn persons_and_the_app_stand_on_the_wire_as_before() {
        let wire = serde_json::to_string(&[Caller::Window, Caller::Terminal, Caller::App]).unwrap();
        assert_eq!(wire, r#"["window","terminal","app"]"#);
        let model = "model:ollama/llama3:8b".parse::<Caller>().unwrap();
        assert_eq!(
            serde_json::to_value(&model).unwrap(),
            serde_json::json!({ "model": { "name": "ollama/llama3:8b" } })
        );
        assert_eq!(model.label(), "the model ollama/llama3:8b");
    }
}
