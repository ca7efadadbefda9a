//! Which servers a caller's jobs may speak to: names, names below a name, addresses by number.
//!
//! Names are compared label by label, never as bare text, so that `evil-example.org` isn't taken for
//! `example.org`. What a name leads to is not asked.

use std::{fmt, net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};

/// A server, as a grant names it: `example.org`, `*.example.org` for every name below that one and
/// not itself, `192.0.2.7` or `[2001:db8::1]`, each with `:8443` behind it for one port alone. An
/// address by number is only reached if it is itself named.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "specta", specta(type = String))]
#[serde(try_from = "String", into = "String")]
pub struct HostPattern {
    host: Host,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Host {
    Name(Box<str>),
    Below(Box<str>),
    Address(IpAddr),
}

/// A text that names no server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadHost;

impl fmt::Display for BadHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "A host is written as example.org, *.example.org, 192.0.2.7 or [2001:db8::1], with :443 behind it for one port alone; letters beyond a to z in their ASCII form (xn--…).",
        )
    }
}

impl std::error::Error for BadHost {}

impl HostPattern {
    /// Whether a server is meant: `host` as it stands in an address, `[…]` around IPv6 or not.
    #[must_use]
    pub fn matches(&self, host: &str, port: u16) -> bool {
        if self.port.is_some_and(|only| only != port) {
            return false;
        }
        let bare = host
            .strip_prefix('[')
            .and_then(|inside| inside.strip_suffix(']'))
            .unwrap_or(host);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return matches!(self.host, Host::Address(meant) if meant == address);
        }
        // The dot at the end says that the name is whole, and every name here is.
        let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        if !is_name(&name) {
            return false;
        }
        match &self.host {
            Host::Name(meant) => **meant == *name,
            Host::Below(above) => name
                .strip_suffix(&**above)
                .and_then(|below| below.strip_suffix('.'))
                .is_some_and(|below| !below.is_empty()),
            Host::Address(_) => false,
        }
    }
}

impl FromStr for HostPattern {
    type Err = BadHost;

    fn from_str(text: &str) -> Result<Self, BadHost> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self {
                host: Host::Address(address),
                port: None,
            });
        }
        if let Some(inside) = text.strip_prefix('[') {
            let (address, rest) = inside.split_once(']').ok_or(BadHost)?;
            let port = match rest.strip_prefix(':') {
                Some(port) => Some(port_of(port)?),
                None if rest.is_empty() => None,
                None => return Err(BadHost),
            };
            let address: std::net::Ipv6Addr = address.parse().map_err(|_| BadHost)?;
            return Ok(Self {
                host: Host::Address(address.into()),
                port,
            });
        }
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, Some(port_of(port)?)),
            None => (text, None),
        };
        let host = host.to_ascii_lowercase();
        let host = if let Ok(address) = host.parse::<IpAddr>() {
            Host::Address(address)
        } else if let Some(above) = host.strip_prefix("*.") {
            // Below a whole top-level domain is everybody.
            if !is_name(above) || !above.contains('.') {
                return Err(BadHost);
            }
            Host::Below(above.into())
        } else if is_name(&host) {
            Host::Name(host.into())
        } else {
            return Err(BadHost);
        };
        Ok(Self { host, port })
    }
}

fn port_of(text: &str) -> Result<u16, BadHost> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let port = text.parse().ok().filter(|port| *port != 0 && is_plain);
    port.ok_or(BadHost)
}

/// Whether it is a name in lower case whose end can't be read as a number, as addresses are.
fn is_name(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte)
            })
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
        || last
            .strip_prefix("0x")
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    text.len() <= 253 && text.split('.').all(label) && !is_number
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Name(name) => f.write_str(name)?,
            Host::Below(above) => write!(f, "*.{above}")?,
            Host::Address(IpAddr::V6(address)) => write!(f, "[{address}]")?,
            Host::Address(IpAddr::V4(address)) => write!(f, "{address}")?,
        }
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl TryFrom<String> for HostPattern {
    type Error = BadHost;

    fn try_from(text: String) -> Result<Self, BadHost> {
        text.parse()
    }
}

impl From<HostPattern> for String {
    fn from(pattern: HostPattern) -> Self {
        pattern.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pattern(text: &str) -> HostPattern {
        text.parse().unwrap()
    }

    proptest! {
        #[test]
        fn only_the_name_itself_or_what_stands_below_it_is_meant(
            name in "[a-z][a-z0-9]{0,5}\\.[a-z]{2,5}",
            before in "[a-z0-9.-]{0,8}",
            port in 1u16..,
        ) {
            let other = format!("{before}{name}");
            prop_assert_eq!(pattern(&name).matches(&other, port), before.is_empty());
            let is_below = before
                .strip_suffix('.')
                .is_some_and(|labels| labels.split('.').all(|label| {
                    !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
                }));
            prop_assert_eq!(pattern(&format!("*.{name}")).matches(&other, port), is_below);
            let shouted = format!("{}.", name.to_ascii_uppercase());
            prop_assert!(pattern(&name).matches(&shouted, port));
            let (one, next) = (format!("{name}:{port}"), port.wrapping_add(1));
            prop_assert!(pattern(&one).matches(&name, port));
            prop_assert!(!pattern(&one).matches(&name, next));
        }

        #[test]
        fn a_pattern_survives_its_text_and_an_address_is_met_by_itself_alone(
            address in any::<IpAddr>(), other in any::<IpAddr>(), port in 1u16..,
        ) {
            let text = match address {
                IpAddr::V4(address) => format!("{address}:{port}"),
                IpAddr::V6(address) => format!("[{address}]:{port}"),
            };
            let parsed = pattern(&text);
            prop_assert_eq!(&parsed.to_string(), &text);
            let wire = serde_json::to_string(&parsed).unwrap();
            prop_assert_eq!(&serde_json::from_str::<HostPattern>(&wire).unwrap(), &parsed);
            prop_assert_eq!(parsed.matches(&other.to_string(), port), other == address);
            prop_assert!(parsed.matches(&address.to_string(), port));
            prop_assert!(!pattern("*.example.org").matches(&other.to_string(), port));
        }
    }

    #[test]
    fn what_could_mean_something_else_is_refused() {
        for text in [
            "",
            "*",
            "*.org",
            "*.*.org",
            "a*.example.org",
            ".example.org",
            "example.org.",
            "a..b",
            "*.0.0.1",
            "1.2.3",
            "0x7f.1",
            "host.0x7",
            "example.org:",
            "example.org:0",
            "a:b:c",
            "example.org:+1",
            "exämple.org",
            "-a.org",
            "[::1",
            "[::1]x",
            "[1.2.3.4]",
            "a b",
            "a/b",
            "user@example.org",
        ] {
            assert!(text.parse::<HostPattern>().is_err(), "{text}");
        }
    }
}
