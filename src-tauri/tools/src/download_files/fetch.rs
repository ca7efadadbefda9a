//! One download: asks for the file, or for the rest of it, again if that is worth it, and says what
//! came of it.

use std::time::SystemTime;

use toolroom_toolkit::{
    HttpError, HttpErrorKind, Overwrite, SkipSentence,
    http::{HttpResponse, Url},
};

use super::{
    crew::Crew,
    item::Item,
    names::name_of,
    partial::NotWritten,
    report::{Downloaded, NotDownloaded, Reason},
};

/// One download.
pub struct Fetch<'a> {
    pub(super) crew: &'a Crew,
    pub(super) item: &'a Item,
    /// Its place on the list.
    pub(super) index: usize,
    /// The name that it has taken.
    pub(super) name: Option<String>,
    /// What is kept of it: its path and length.
    pub(super) kept: Option<(String, u64)>,
    /// Where this run began to fetch.
    pub(super) base: Option<u64>,
    /// How much the latest attempt found there.
    pub(super) resumed_from: u64,
    /// What was kept could not be gone on with, and was removed.
    is_afresh: bool,
}

/// Why an attempt came to nothing.
pub enum Stop {
    Http(HttpError),
    /// What was there, or the rest that came, is of no use. All of it may be.
    Afresh(NotWritten),
    Own(NotWritten),
    Canceled,
}

impl From<HttpError> for Stop {
    fn from(error: HttpError) -> Self {
        match error.is_canceled() {
            true => Self::Canceled,
            false => Self::Http(error),
        }
    }
}

impl From<NotWritten> for Stop {
    fn from(error: NotWritten) -> Self {
        Self::Own(error)
    }
}

impl From<Reason> for NotWritten {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            message: reason.sentence().to_owned(),
        }
    }
}

impl<'a> Fetch<'a> {
    /// A download that isn't begun.
    pub fn new(crew: &'a Crew, item: &'a Item, index: usize) -> Self {
        Self {
            crew,
            item,
            index,
            name: None,
            kept: None,
            base: None,
            resumed_from: 0,
            is_afresh: false,
        }
    }

    /// Downloads it. True beside what was downloaded: it is on disk already.
    pub async fn run(mut self) -> Result<(Downloaded, bool), NotDownloaded> {
        let begun = SystemTime::now();
        let (mut attempts, mut failures) = (0, 0);
        let stop = loop {
            if self.crew.ctx.is_canceled() {
                break Stop::Canceled;
            }
            attempts += 1;
            match self.attempt().await {
                Ok((mut downloaded, is_synced)) => {
                    let took = begun.elapsed().unwrap_or_default();
                    // In milliseconds: more is noise.
                    downloaded.seconds = took.as_millis() as f64 / 1_000.0;
                    return Ok((downloaded, is_synced));
                }
                Err(Stop::Afresh(_)) if !self.is_afresh => self.is_afresh = true,
                Err(Stop::Http(error)) => {
                    failures += 1;
                    let http = self.crew.ctx.http();
                    match http
                        .wait_to_retry(&self.crew.policy, &error, failures)
                        .await
                    {
                        Ok(true) => {
                            let url = shown(&self.item.url);
                            self.crew
                                .ctx
                                .log
                                .line(format!("{url}: {error} Trying again."));
                        }
                        Ok(false) => break Stop::Http(error),
                        Err(_) => break Stop::Canceled,
                    }
                }
                Err(stop) => break stop,
            }
        };
        Err(self.not_downloaded(&stop, attempts))
    }

    fn not_downloaded(self, stop: &Stop, attempts: u32) -> NotDownloaded {
        let (reason, status, mut message) = match stop {
            Stop::Http(error) => (
                Reason::Http(error.kind()),
                error.status(),
                error.to_string(),
            ),
            Stop::Own(why) | Stop::Afresh(why) => (why.reason, None, why.message.clone()),
            Stop::Canceled => {
                let reason = Reason::Http(HttpErrorKind::Canceled);
                (reason, None, reason.sentence().to_owned())
            }
        };
        if let Some((path, _)) = &self.kept {
            message +=
                &format!(" What came of it is kept as {path}, and the next run goes on there.");
        }
        let (kept, kept_bytes) = self.kept.unzip();
        NotDownloaded {
            url: shown(&self.item.url),
            reason,
            status,
            message,
            attempts,
            kept,
            kept_bytes: kept_bytes.unwrap_or_default(),
        }
    }

    /// The name that it has or gets.
    pub(super) fn choose_name(&mut self, response: &HttpResponse) -> Result<String, NotWritten> {
        let wanted = match &self.item.name {
            Some(name) => name.clone(),
            None => name_of(response.url(), response.header("content-disposition")),
        };
        if let Some(name) = &self.name {
            if *name == wanted || self.crew.overwrite == Overwrite::KeepBoth {
                return Ok(name.clone());
            }
            // An address that now leads to another file.
            self.crew.names.give_back(name);
        }
        self.name = self.crew.names.take(&wanted, self.crew.overwrite);
        self.name.clone().ok_or_else(|| Reason::SameName.into())
    }

    /// Takes a name that it may have already, and no other in its place.
    pub(super) fn take_exactly(&mut self, name: &str) -> bool {
        if let Some(own) = &self.name {
            return own == name;
        }
        self.name = self.crew.names.take(name, Overwrite::Refuse);
        self.name.is_some()
    }

    /// Better heard before it is fetched than after.
    pub(super) async fn refuse_if_there(&self, name: String) -> Result<(), Stop> {
        if self.crew.overwrite != Overwrite::Refuse {
            return Ok(());
        }
        let folder = self.crew.folder.clone();
        let is_there = self.crew.blocking(move || folder.metadata(name).is_ok());
        match is_there.await? {
            true => Err(Stop::Own(Reason::AlreadyThere.into())),
            false => Ok(()),
        }
    }
}

/// An address for people to see: without name and password.
pub fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    // Refused only where there is none.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.into()
}
