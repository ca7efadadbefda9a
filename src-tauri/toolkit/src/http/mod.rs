//! HTTP for tools: one client for all jobs of an engine, and for each job a door to it that hears the
//! job's cancel at every wait.
//!
//! `client` holds the connections and their time-outs, `request` and `response` are one exchange,
//! `error` says in words what went wrong, `retry` decides whether and when to ask again. What is done
//! with an answer is the tool's business. The library behind it is named nowhere else.
//!
//! Speaks HTTP/1.1: each of several downloads has a connection of its own then, and a slow one holds up
//! no other. Nothing is decompressed on the way: what is given is what the server sent.

mod classify;
mod client;
mod error;
mod request;
mod response;
mod retry;
#[cfg(test)]
mod tests;
mod tls;

pub use client::{Http, HttpClient, HttpSettings};
pub use error::{HttpError, HttpErrorKind};
pub use request::{Credentials, HttpRequest};
pub use response::HttpResponse;
pub use retry::HttpRetryPolicy;

pub use hyper::body::Bytes;
pub use reqwest::{Method, Url};

use crate::ToolExecutionContext;

impl ToolExecutionContext {
    /// The door to the network. Every wait behind it ends at once when the job is to stop.
    #[must_use]
    pub fn http(&self) -> Http {
        Http::new(
            self.http_client.clone(),
            self.cancel.clone(),
            self.pool.clone(),
        )
    }
}
