//! One answer, read piece by piece.

use hyper::body::Bytes;
use reqwest::{Response, Url};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    classify,
    error::{HttpError, HttpErrorKind},
    request::{by, host},
};

/// One answer. Its body is read piece by piece, and not at all if it is dropped before.
#[derive(Debug)]
pub struct HttpResponse {
    response: Response,
    cancel: CancellationToken,
    deadline: Option<Instant>,
}

impl HttpResponse {
    pub(super) fn new(
        response: Response,
        cancel: CancellationToken,
        deadline: Option<Instant>,
    ) -> Self {
        Self {
            response,
            cancel,
            deadline,
        }
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// Where it came from, after all redirects.
    #[must_use]
    pub fn url(&self) -> &Url {
        self.response.url()
    }

    /// A header, as it was sent; the first, if there are several of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        Some(self.response.headers().get(name)?.as_bytes())
    }

    /// How long its body is, if the server says that.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// The next piece of its body; none at its end. Nothing is lost if it isn't waited for to the end
    /// and called again.
    ///
    /// # Errors
    /// If the body ends before its end, nothing comes for too long, or the job is to stop.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, HttpError> {
        let kind = tokio::select! {
            biased;
            () = self.cancel.cancelled() => HttpErrorKind::Canceled,
            piece = by(self.deadline, self.response.chunk()) => match piece {
                Ok(Ok(piece)) => return Ok(piece),
                Ok(Err(error)) => return Err(classify::in_body(&error, &host(self.url()))),
                Err(()) => HttpErrorKind::TimedOut,
            },
        };
        Err(HttpError::new(kind, &host(self.url())))
    }
}
