//! What goes wrong with a request, for programs and in words.

use std::{error::Error, fmt, time::Duration};

use schemars::JsonSchema;
use serde::Serialize;
use toolroom_shared::ErrorCode;

use crate::{SkipSentence, ToolError};

/// What goes wrong with a request. `?` makes a [`ToolError`] of it, which the engine tries again if it
/// may pass; for one of many requests, kind and sentence go into the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpError {
    kind: HttpErrorKind,
    /// The server, with its port where that isn't the usual one.
    host: String,
    status: Option<u16>,
    retry_after: Option<Duration>,
    detail: Option<String>,
}

/// What kind of thing goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum HttpErrorKind {
    /// The job was to stop.
    #[schemars(title = "Canceled")]
    Canceled,
    /// Nothing can be asked for at such an address.
    #[schemars(title = "Bad address")]
    BadUrl,
    /// The tool doesn't declare that it uses the network.
    #[schemars(title = "Not declared")]
    NotDeclared,
    /// Who started the job may not have this server asked.
    #[schemars(title = "Not granted")]
    NotGranted,
    /// There is no server of that name.
    #[schemars(title = "Name not found")]
    NameNotFound,
    /// There is no way to the server.
    #[schemars(title = "Unreachable")]
    Unreachable,
    /// Nobody listens there.
    #[schemars(title = "Refused")]
    Refused,
    /// No connection came about in time.
    #[schemars(title = "No connection")]
    ConnectTimedOut,
    /// Nothing came for too long.
    #[schemars(title = "Timed out")]
    TimedOut,
    /// No safe connection could be agreed on, or the server isn't who it says it is.
    #[schemars(title = "Not secure")]
    Tls,
    /// It leads from https to http.
    #[schemars(title = "Insecure redirect")]
    InsecureRedirect,
    /// It leads on and on.
    #[schemars(title = "Too many redirects")]
    TooManyRedirects,
    /// 401: the server wants to know who asks.
    #[schemars(title = "Sign-in needed")]
    Unauthorized,
    /// 403: the server knows, and refuses.
    #[schemars(title = "Forbidden")]
    Forbidden,
    /// 404 or 410: there is nothing.
    #[schemars(title = "Not found")]
    NotFound,
    /// 429: asked too often.
    #[schemars(title = "Too many requests")]
    TooManyRequests,
    /// 500 to 599: the server failed.
    #[schemars(title = "Server error")]
    ServerError,
    /// Any other status that isn't what was asked for.
    #[schemars(title = "Refused by the server")]
    OtherStatus,
    /// The connection ended before an answer came.
    #[schemars(title = "No answer")]
    NoAnswer,
    /// The answer ended before its end.
    #[schemars(title = "Cut short")]
    CutShort,
    /// What came isn't HTTP.
    #[schemars(title = "Garbage")]
    Garbage,
    /// Anything else.
    #[schemars(title = "Other")]
    Other,
}

impl HttpErrorKind {
    /// The code of an error of this kind.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Canceled => "canceled",
            Self::BadUrl => "bad_url",
            Self::NotDeclared | Self::NotGranted => "permission_denied",
            Self::NameNotFound => "name_not_found",
            Self::Unreachable => "unreachable",
            Self::Refused => "connection_refused",
            Self::ConnectTimedOut => "connect_timed_out",
            Self::TimedOut => "timed_out",
            Self::Tls => "tls",
            Self::InsecureRedirect => "insecure_redirect",
            Self::TooManyRedirects => "too_many_redirects",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::TooManyRequests => "too_many_requests",
            Self::ServerError => "server_error",
            Self::OtherStatus => "http_status",
            Self::NoAnswer => "no_answer",
            Self::CutShort => "cut_short",
            Self::Garbage => "garbage",
            Self::Other => "http_error",
        }
    }
}

impl SkipSentence for HttpErrorKind {
    fn sentence(&self) -> &'static str {
        match self {
            Self::Canceled => "The job was stopped before it was done.",
            Self::BadUrl => {
                "Nothing can be asked for at such an address. Write it as https://example.org/file."
            }
            Self::NotDeclared => {
                "The server was not asked: the tool doesn't declare that it uses the network."
            }
            Self::NotGranted => {
                "The server was not asked, or not followed to: who started this job may not have it asked. It can be granted with `toolroom permissions grant CALLER --host HOST`."
            }
            Self::NameNotFound => {
                "There is no server of that name. Look for a slip in the address."
            }
            Self::Unreachable => "There is no way to the server. Look whether the network is up.",
            Self::Refused => {
                "The server refused the connection: nobody listens there, or a firewall is in between."
            }
            Self::ConnectTimedOut => "No connection to the server came about in time.",
            Self::TimedOut => "The server sent nothing for too long.",
            Self::Tls => "No safe connection to the server could be made.",
            Self::InsecureRedirect => {
                "The server leads from https to http, where anybody could change what comes. It was not followed."
            }
            Self::TooManyRedirects => "The server leads on and on, and never to the file.",
            Self::Unauthorized => {
                "The server wants a name and a password for this, or takes neither. They can stand in the address: https://name:password@example.org/file."
            }
            Self::Forbidden => "The server doesn't give this to everyone.",
            Self::NotFound => "The server has nothing at this address.",
            Self::TooManyRequests => "The server was asked too often.",
            Self::ServerError => "The server failed.",
            Self::OtherStatus => "The server answered, but not with what was asked for.",
            Self::NoAnswer => "The server closed the connection without an answer.",
            Self::CutShort => "The connection ended in the middle of the answer.",
            Self::Garbage => "What the server sent isn't an answer in HTTP.",
            Self::Other => "The request failed.",
        }
    }
}

impl HttpError {
    pub(super) fn new(kind: HttpErrorKind, host: &str) -> Self {
        Self {
            kind,
            host: host.to_owned(),
            status: None,
            retry_after: None,
            detail: None,
        }
    }

    pub(super) fn canceled(host: &str) -> Self {
        Self::new(HttpErrorKind::Canceled, host)
    }

    /// Of an answer that isn't what was asked for.
    pub(super) fn of_status(status: u16, host: &str, retry_after: Option<Duration>) -> Self {
        let kind = match status {
            401 => HttpErrorKind::Unauthorized,
            403 => HttpErrorKind::Forbidden,
            404 | 410 => HttpErrorKind::NotFound,
            429 => HttpErrorKind::TooManyRequests,
            500..=599 => HttpErrorKind::ServerError,
            _ => HttpErrorKind::OtherStatus,
        };
        Self {
            status: Some(status),
            retry_after,
            ..Self::new(kind, host)
        }
    }

    #[cfg(test)]
    pub(super) fn asking_for(self, retry_after: Option<Duration>) -> Self {
        Self {
            retry_after,
            ..self
        }
    }

    pub(super) fn because(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// What kind of thing went wrong.
    #[must_use]
    pub fn kind(&self) -> HttpErrorKind {
        self.kind
    }

    /// The server, with its port where that isn't the usual one.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What the server answered, if it did.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// How long the server asked to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        self.kind.may_pass(self.status)
    }

    /// Whether the job was to stop.
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        self.kind == HttpErrorKind::Canceled
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.sentence())?;
        if let Some(status) = self.status {
            write!(f, " {} answered with status {status}.", self.host)?;
        } else if !self.host.is_empty() {
            write!(f, " The server is {}.", self.host)?;
        }
        if let Some(delay) = self.retry_after {
            write!(f, " It asks to be left alone for {} s.", delay.as_secs())?;
        }
        if let Some(detail) = &self.detail {
            write!(f, " ({})", detail.trim_end_matches('.'))?;
        }
        Ok(())
    }
}

impl Error for HttpError {}

impl From<HttpError> for ToolError {
    fn from(error: HttpError) -> Self {
        if error.is_canceled() {
            return Self::canceled();
        }
        let code = ErrorCode::from(error.kind.code().to_owned());
        let mut failed = Self::failed(code, error.to_string());
        if error.may_pass() {
            failed = failed.retryable(error.host);
        }
        match error.retry_after {
            Some(delay) => failed.retry_after(delay),
            None => failed,
        }
    }
}
