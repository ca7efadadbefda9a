//! From the network to the disk: one batch is written while the next comes.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use toolroom_toolkit::{
    HttpError,
    http::{Bytes, HttpResponse},
};

use super::{
    fetch::{Fetch, Stop},
    partial::Partial,
};

/// What comes slowly is written after so long, that little is lost if the run is broken off.
const LONGEST_WAIT: Duration = Duration::from_millis(200);
/// Pieces in a batch at the most, however short.
const PIECES: usize = 1_024;

/// A body that is read.
pub struct Stream {
    response: HttpResponse,
    /// How much of the whole file has come.
    arrived: u64,
}

/// What is written at once.
pub struct Batch {
    pieces: Vec<Bytes>,
    /// How the body ended, if it did.
    end: Option<Result<(), HttpError>>,
}

impl Stream {
    /// The body of an answer, which begins after `from` bytes of the file.
    pub fn new(response: HttpResponse, from: u64) -> Self {
        Self {
            response,
            arrived: from,
        }
    }
}

impl Batch {
    /// Whether that is all there is.
    pub fn is_whole(&self) -> bool {
        matches!(self.end, Some(Ok(())))
    }
}

impl Fetch<'_> {
    /// Reads until there is enough to be written.
    pub(super) async fn read(&self, stream: &mut Stream) -> Batch {
        let mut batch = Batch {
            pieces: Vec::new(),
            end: None,
        };
        let mut bytes = 0;
        let mut until = None;
        while bytes < self.crew.batch && batch.pieces.len() < PIECES {
            let piece = match until {
                None => stream.response.chunk().await,
                Some(until) => match timeout_at(until, stream.response.chunk()).await {
                    Ok(piece) => piece,
                    Err(_) => break,
                },
            };
            match piece {
                Ok(Some(piece)) => {
                    let len = piece.len() as u64;
                    bytes += len;
                    stream.arrived += len;
                    batch.pieces.push(piece);
                    self.received(len, stream.arrived);
                    self.keep_pace(len).await;
                    until = until.or_else(|| Instant::now().checked_add(LONGEST_WAIT));
                }
                Ok(None) => batch.end = Some(Ok(())),
                Err(error) => batch.end = Some(Err(error)),
            }
            if batch.end.is_some() {
                break;
            }
        }
        batch
    }

    fn received(&self, bytes: u64, arrived: u64) {
        let position = arrived.saturating_sub(self.base.unwrap_or_default());
        self.crew.tally.receive(self.index, bytes, position);
    }

    async fn keep_pace(&self, bytes: u64) {
        if let Some(pace) = &self.crew.pace {
            tokio::select! {
                biased;
                // Heard once more where the next piece is waited for.
                () = self.crew.ctx.cancel.cancelled() => {}
                () = pace.take(bytes) => {}
            }
        }
    }

    /// Writes `batch` and all that comes after it. Whatever stops it, what has come is written.
    pub(super) async fn pump(
        &mut self,
        mut stream: Stream,
        mut batch: Batch,
        mut partial: Partial,
    ) -> Result<Partial, Stop> {
        loop {
            let end = batch.end.take();
            let pieces = batch.pieces;
            let write = self.crew.blocking(move || {
                let written = partial.write(&pieces);
                (partial, written)
            });
            let written;
            if let Some(end) = end {
                (partial, written) = write.await?;
                if let Err(stop) = written.map_err(Stop::from).and(end.map_err(Stop::from)) {
                    self.keep(partial).await?;
                    return Err(stop);
                }
                return Ok(partial);
            }
            let done;
            (done, batch) = tokio::join!(write, self.read(&mut stream));
            (partial, written) = done?;
            if let Err(error) = written {
                self.keep(partial).await?;
                return Err(error.into());
            }
        }
    }

    /// Keeps what can be gone on with, and removes what can't.
    async fn keep(&mut self, partial: Partial) -> Result<(), Stop> {
        self.kept = partial.kept();
        let is_kept = self.kept.is_some();
        self.crew
            .blocking(move || match is_kept {
                true => drop(partial),
                false => partial.discard(),
            })
            .await
    }
}
