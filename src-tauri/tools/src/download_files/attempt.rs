//! One attempt: asks for the file, or for the rest of what is there, and judges what comes.

use toolroom_toolkit::http::HttpResponse;

use super::{
    fetch::{Fetch, Stop, shown},
    note::{Note, address},
    partial::{NotWritten, Partial},
    range::{content_range, validator},
    report::{Downloaded, Reason},
    stream::Stream,
};

/// A file that is to be gone on with, and from where.
struct Rest {
    partial: Partial,
    note: Note,
    from: u64,
}

impl Fetch<'_> {
    pub(super) async fn attempt(&mut self) -> Result<(Downloaded, bool), Stop> {
        let rest = self.find_rest().await?;
        let mut request = self
            .crew
            .ctx
            .http()
            .get(&self.item.url)
            // The bytes as they are: what is unpacked on the way has another length and checksum.
            .header("accept-encoding", "identity");
        // An address may have its own.
        let has_own = !self.item.url.username().is_empty() || self.item.url.password().is_some();
        if let Some(credentials) = self.crew.credentials.clone().filter(|_| !has_own) {
            request = request.credentials(credentials);
        }
        if let Some(rest) = &rest {
            request = request
                .header("range", format!("bytes={}-", rest.from))
                .header("if-range", &rest.note.validator);
        }
        let response = request.send().await?;
        match (response.status(), rest) {
            (206, Some(rest)) => self.go_on(response, rest).await,
            (416, Some(rest)) => Err(self.wrong_part(rest.partial).await),
            // Nobody asked for a part.
            (206, None) => Err(Stop::Afresh(Reason::WrongPart.into())),
            (200 | 203, rest) => {
                let partial = rest.map(|rest| rest.partial);
                self.begin(response, partial).await
            }
            _ => Err(Stop::from(response.bad_status())),
        }
    }

    /// What is there from an earlier run or attempt.
    async fn find_rest(&mut self) -> Result<Option<Rest>, Stop> {
        if let Some(name) = &self.item.name {
            self.refuse_if_there(name.clone()).await?;
        }
        if !self.crew.resume {
            return Ok(None);
        }
        let (folder, address) = (self.crew.folder.clone(), address(self.item.url.as_str()));
        let overwrite = self.crew.overwrite;
        let read = {
            let (folder, address) = (folder.clone(), address.clone());
            move || Note::read(&folder, &address)
        };
        let Some(note) = self.crew.blocking(read).await? else {
            return Ok(None);
        };
        let is_meant = self
            .item
            .name
            .as_ref()
            .is_none_or(|name| *name == note.name);
        if !is_meant || !self.take_exactly(&note.name) {
            return Ok(None);
        }
        self.refuse_if_there(note.name.clone()).await?;
        let name = note.name.clone();
        let open = move || Partial::open(&folder, &address, &name, overwrite, true);
        let partial = self.crew.blocking(open).await??;
        let from = match note.total {
            Some(total) if partial.len > total => 0,
            // All is there but its name: its last byte is asked for, to hear whether it still fits.
            Some(total) => partial.len.min(total.saturating_sub(1)),
            None => partial.len,
        };
        if from == 0 {
            self.crew.blocking(move || partial.discard()).await?;
            return Ok(None);
        }
        self.kept = Some((partial.path().to_string_lossy().into_owned(), partial.len));
        Ok(Some(Rest {
            partial,
            note,
            from,
        }))
    }

    /// The rest of a file that is as it was.
    async fn go_on(
        &mut self,
        response: HttpResponse,
        rest: Rest,
    ) -> Result<(Downloaded, bool), Stop> {
        let Rest {
            mut partial,
            note,
            from,
        } = rest;
        let part = response.header("content-range").and_then(content_range);
        let Some(part) = part.filter(|part| {
            let is_same_length = match (part.total, note.total) {
                (Some(now), Some(then)) => now == then,
                _ => true,
            };
            // To its end, as far as that is known.
            let is_all = part.total.is_none_or(|total| part.last + 1 == total);
            part.first == from && is_same_length && is_all
        }) else {
            return Err(self.wrong_part(partial).await);
        };
        // One that says "the same" and means another.
        let is_other_tag = note.validator.starts_with('"')
            && validator(&response)
                .is_some_and(|tag| tag.starts_with('"') && tag != note.validator);
        if is_other_tag {
            return Err(self.wrong_part(partial).await);
        }
        let checksum = self.item.checksum.clone();
        let cancel = self.crew.ctx.cancel.clone();
        let prepared = move || {
            if !partial.is_still_there() {
                return Err(Reason::InUse.into());
            }
            partial.go_on(from, checksum.as_ref(), || !cancel.is_cancelled())?;
            Ok::<_, NotWritten>(partial)
        };
        let partial = self.crew.blocking(prepared).await??;
        self.resumed_from = from;
        self.plan(Some(part.last + 1), from);
        let mut stream = Stream::new(response, from);
        let first = self.read(&mut stream).await;
        let partial = self.pump(stream, first, partial).await?;
        self.finish(partial, Some(part.last + 1)).await
    }

    /// What is there is of no use: the server sends no rest of it. All of the file may be had.
    async fn wrong_part(&mut self, partial: Partial) -> Stop {
        self.kept = None;
        match self.crew.blocking(move || partial.discard()).await {
            Ok(()) => Stop::Afresh(Reason::WrongPart.into()),
            Err(stop) => stop,
        }
    }

    /// A file from its beginning.
    async fn begin(
        &mut self,
        response: HttpResponse,
        partial: Option<Partial>,
    ) -> Result<(Downloaded, bool), Stop> {
        let name = self.choose_name(&response)?;
        self.refuse_if_there(name.clone()).await?;
        let total = response.content_length();
        self.resumed_from = 0;
        self.plan(total, 0);
        let address = address(self.item.url.as_str());
        let note = validator(&response).map(|validator| Note {
            address: address.clone(),
            name: name.clone(),
            validator,
            total,
        });
        let mut stream = Stream::new(response, 0);
        let first = self.read(&mut stream).await;
        // What comes at once is written at once, and has nothing to go on with.
        let is_kept = self.crew.resume && !first.is_whole();
        let (folder, overwrite) = (self.crew.folder.clone(), self.crew.overwrite);
        let checksum = self.item.checksum.clone();
        let prepared = move || {
            let mut partial = match partial {
                Some(partial) if partial.name() == name && partial.is_still_there() => partial,
                old => {
                    // One that was begun under another name is of another file.
                    old.into_iter().for_each(Partial::discard);
                    Partial::open(&folder, &address, &name, overwrite, is_kept)?
                }
            };
            partial.begin(note.as_ref(), checksum.as_ref())?;
            Ok::<_, NotWritten>(partial)
        };
        let partial = self.crew.blocking(prepared).await??;
        self.kept = None;
        let partial = self.pump(stream, first, partial).await?;
        self.finish(partial, total).await
    }

    fn plan(&mut self, total: Option<u64>, from: u64) {
        let base = *self.base.get_or_insert(from);
        if let Some(total) = total {
            self.crew.tally.plan(self.index, total.saturating_sub(base));
        }
    }

    async fn finish(
        &mut self,
        partial: Partial,
        total: Option<u64>,
    ) -> Result<(Downloaded, bool), Stop> {
        let kept = partial.kept();
        self.kept = None;
        let bytes = partial.len;
        let is_resumed = self.resumed_from > 0;
        let finished = move || {
            if total.is_some_and(|total| total != bytes) {
                partial.discard();
                return Err(Reason::WrongLength.into());
            }
            partial.finish()
        };
        match self.crew.blocking(finished).await? {
            Ok((path, verified, is_synced)) => {
                let downloaded = Downloaded {
                    url: shown(&self.item.url),
                    file: path.to_string_lossy().into_owned(),
                    bytes,
                    seconds: 0.0,
                    resumed_from: self.resumed_from,
                    verified,
                };
                Ok((downloaded, is_synced))
            }
            // What was there may have been damaged on disk: all of it anew is another matter.
            Err(why) if why.reason == Reason::WrongChecksum && is_resumed => Err(Stop::Afresh(why)),
            Err(why) => {
                let is_removed = matches!(why.reason, Reason::WrongChecksum | Reason::WrongLength);
                self.kept = kept.filter(|_| !is_removed);
                Err(why.into())
            }
        }
    }
}
