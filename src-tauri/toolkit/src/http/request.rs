//! One question to a server.

use std::time::SystemTime;

use reqwest::{Method, Url};
use tokio::time::{Instant, timeout_at};

use super::{
    classify,
    client::Http,
    error::{HttpError, HttpErrorKind},
    response::HttpResponse,
    retry::{HttpRetryPolicy, retry_after},
};
use crate::SecretText;

/// What lets somebody in at a server.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A bearer token.
    Token(SecretText),
    /// A user's name and password.
    Password(String, SecretText),
}

/// One question to a server.
#[derive(Clone, Debug)]
#[must_use]
pub struct HttpRequest {
    http: Http,
    method: Method,
    url: Url,
    headers: Vec<(String, String)>,
    credentials: Option<Credentials>,
    body: Option<Vec<u8>>,
}

impl HttpRequest {
    pub(super) fn new(http: Http, method: Method, url: &Url) -> Self {
        Self {
            http,
            method,
            url: url.clone(),
            headers: Vec::new(),
            credentials: None,
            body: None,
        }
    }

    /// With one header more.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With these to be let in. They go to the server that is asked, and to no other that a redirect
    /// leads to.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// With that to read for the server.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Asks, once. An answer of whatever status is an answer.
    ///
    /// # Errors
    /// If none comes, or the job is to stop.
    pub async fn send(self) -> Result<HttpResponse, HttpError> {
        let host = host(&self.url);
        if !matches!(self.url.scheme(), "http" | "https") {
            return Err(HttpError::new(HttpErrorKind::BadUrl, &host));
        }
        self.http
            .check(&self.url)
            .map_err(|kind| HttpError::new(kind, &host))?;
        let settings = self.http.settings();
        let deadline = settings
            .overall_timeout
            .and_then(|timeout| Instant::now().checked_add(timeout));
        let asked = async {
            let client = self.http.client(&host).await?;
            let mut request = client.request(self.method.clone(), self.url.clone());
            for (name, value) in &self.headers {
                request = request.header(name, value);
            }
            request = match &self.credentials {
                None => request,
                Some(Credentials::Token(token)) => request.bearer_auth(&**token),
                Some(Credentials::Password(user, password)) => {
                    request.basic_auth(user, Some(&**password))
                }
            };
            if let Some(body) = self.body {
                request = request.body(body);
            }
            let answer = request.send().await;
            answer.map_err(|error| {
                // A redirect may have led to another server, which is the one to be named.
                let host = error.url().map_or_else(|| host.clone(), self::host);
                classify::without_answer(&error, &host)
            })
        };
        let response = tokio::select! {
            biased;
            () = self.http.cancel.cancelled() => Err(HttpError::canceled(&host)),
            answer = by(deadline, asked) => answer
                .unwrap_or_else(|()| Err(HttpError::new(HttpErrorKind::TimedOut, &host))),
        }?;
        Ok(HttpResponse::new(
            response,
            self.http.cancel.clone(),
            deadline,
        ))
    }

    /// Asks until there is an answer with a good status or `policy` has had enough. What may not be
    /// repeated, such as a POST, is asked once.
    ///
    /// # Errors
    /// What the last attempt failed with.
    pub async fn send_retrying(self, policy: &HttpRetryPolicy) -> Result<HttpResponse, HttpError> {
        let mut failures = 0;
        loop {
            let answer = self.clone().send().await;
            let error = match answer.and_then(HttpResponse::with_good_status) {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            failures += 1;
            if !self.method.is_idempotent()
                || !self.http.wait_to_retry(policy, &error, failures).await?
            {
                return Err(error);
            }
        }
    }
}

/// What comes of `work`, if it comes by then.
pub(super) async fn by<T>(
    deadline: Option<Instant>,
    work: impl Future<Output = T>,
) -> Result<T, ()> {
    match deadline {
        Some(deadline) => timeout_at(deadline, work).await.map_err(|_| ()),
        None => Ok(work.await),
    }
}

/// The server that a URL names, with its port where that isn't the usual one. No name or password.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

impl HttpResponse {
    /// The answer, if its status is one of success.
    ///
    /// # Errors
    /// What its status says otherwise.
    pub fn with_good_status(self) -> Result<Self, HttpError> {
        match self.status() {
            200..=299 => Ok(self),
            _ => Err(self.bad_status()),
        }
    }

    /// What is wrong with an answer whose status isn't what was asked for.
    #[must_use]
    pub fn bad_status(&self) -> HttpError {
        let asked_for = self
            .header("retry-after")
            .and_then(|value| retry_after(value, SystemTime::now()));
        HttpError::of_status(self.status(), &host(self.url()), asked_for)
    }
}
