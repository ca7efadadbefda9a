//! Deflate on all cores: what comes in is cut into blocks, which are packed side by side, each knowing
//! the end of the one before it, and written in order. One thread writes, one a core packs, and whoever
//! puts in reads the next file meanwhile.

use std::{
    io,
    num::NonZeroUsize,
    panic,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use crc32fast::Hasher;
use flate2::{Compress, Compression, FlushCompress};

/// As long as pays: shorter ones are packed worse, longer ones wait for each other.
const BLOCK: usize = 256 << 10;
/// How far deflate looks back.
const WINDOW: usize = 32 << 10;

/// A block that is packed.
pub struct Packed {
    pub bytes: Vec<u8>,
    /// The checksum of what it was, and how long that was.
    pub sum: Hasher,
    pub length: u64,
    /// Whether the stream ends with it.
    pub is_last: bool,
}

/// What the writer is given, in order.
pub enum Event<H> {
    /// What comes before a stream.
    Head(H),
    /// A block, as soon as it is packed.
    Block(Receiver<Packed>),
}

struct Job {
    data: Vec<u8>,
    /// The end of the block before it.
    before: Vec<u8>,
    is_last: bool,
    to: SyncSender<Packed>,
}

/// Packs streams of bytes.
pub struct Pipeline<H, T> {
    jobs: Option<SyncSender<Job>>,
    events: Option<SyncSender<Event<H>>>,
    workers: Vec<JoinHandle<()>>,
    writer: Option<JoinHandle<io::Result<T>>>,
    block: Vec<u8>,
    before: Vec<u8>,
}

impl<H: Send + 'static, T: Send + 'static> Pipeline<H, T> {
    /// `write` runs on a thread of its own until there are no more events.
    pub fn new(
        level: u32,
        write: impl FnOnce(Receiver<Event<H>>) -> io::Result<T> + Send + 'static,
    ) -> Self {
        let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let (jobs, waiting) = sync_channel::<Job>(threads);
        let (events, in_order) = sync_channel(4 * threads);
        let waiting = Arc::new(Mutex::new(waiting));
        let workers = (0..threads)
            .map(|_| {
                let waiting = waiting.clone();
                // joined: by `finish` or when the pipeline is dropped
                thread::spawn(move || work(&waiting, level))
            })
            .collect();
        Self {
            jobs: Some(jobs),
            events: Some(events),
            workers,
            // joined: by `finish` or when the pipeline is dropped
            writer: Some(thread::spawn(move || write(in_order))),
            block: Vec::with_capacity(BLOCK),
            before: Vec::new(),
        }
    }

    /// What the writer is to know before the next stream.
    pub fn head(&mut self, head: H) -> io::Result<()> {
        self.send(Event::Head(head))
    }

    /// More of the stream.
    pub fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            // Kept back until there is more: the last one is packed as the last.
            if self.block.len() == BLOCK {
                self.put(false)?;
            }
            let part = bytes.len().min(BLOCK - self.block.len());
            self.block.extend_from_slice(&bytes[..part]);
            bytes = &bytes[part..];
        }
        Ok(())
    }

    /// The stream ends; another may begin.
    pub fn end(&mut self) -> io::Result<()> {
        self.put(true)?;
        self.before.clear();
        Ok(())
    }

    /// All is written.
    pub fn finish(mut self) -> io::Result<T> {
        self.close()
            .unwrap_or_else(|| Err(io::ErrorKind::BrokenPipe.into()))
    }

    fn put(&mut self, is_last: bool) -> io::Result<()> {
        let capacity = if is_last { 0 } else { BLOCK };
        let data = std::mem::replace(&mut self.block, Vec::with_capacity(capacity));
        let after = data[data.len().saturating_sub(WINDOW)..].to_vec();
        let before = std::mem::replace(&mut self.before, after);
        let (to, packed) = sync_channel(1);
        let job = Job {
            data,
            before,
            is_last,
            to,
        };
        self.send(Event::Block(packed))?;
        match self.jobs.as_ref().map(|jobs| jobs.send(job)) {
            Some(Ok(())) => Ok(()),
            _ => Err(self.why()),
        }
    }

    fn send(&mut self, event: Event<H>) -> io::Result<()> {
        match self.events.as_ref().map(|events| events.send(event)) {
            Some(Ok(())) => Ok(()),
            _ => Err(self.why()),
        }
    }

    /// The writer is gone: it knows why.
    fn why(&mut self) -> io::Error {
        match self.close() {
            Some(Err(error)) => error,
            _ => io::ErrorKind::BrokenPipe.into(),
        }
    }

    fn close(&mut self) -> Option<io::Result<T>> {
        self.jobs = None;
        self.events = None;
        for worker in self.workers.drain(..) {
            if let Err(panic) = worker.join() {
                panic::resume_unwind(panic);
            }
        }
        match self.writer.take()?.join() {
            Ok(result) => Some(result),
            Err(panic) => panic::resume_unwind(panic),
        }
    }
}

impl<H, T> Drop for Pipeline<H, T> {
    /// Nothing goes on when the job has ended: what was being written is gone by then.
    fn drop(&mut self) {
        self.jobs = None;
        self.events = None;
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

fn work(waiting: &Mutex<Receiver<Job>>, level: u32) {
    let mut deflate = Compress::new(Compression::new(level), false);
    loop {
        let job = {
            let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.recv()
        };
        let Ok(job) = job else {
            return;
        };
        deflate.reset();
        if let Some(packed) = pack(&mut deflate, &job) {
            // Nobody waits for it after a cancel.
            let _ = job.to.send(packed);
        }
    }
}

fn pack(deflate: &mut Compress, job: &Job) -> Option<Packed> {
    if !job.before.is_empty() {
        deflate.set_dictionary(&job.before).ok()?;
    }
    let mut sum = Hasher::new();
    sum.update(&job.data);
    let mut bytes = Vec::with_capacity(job.data.len() / 2 + 64);
    let flush = match job.is_last {
        true => FlushCompress::Finish,
        false => FlushCompress::Sync,
    };
    let mut taken = 0;
    loop {
        let before = deflate.total_in();
        deflate
            .compress_vec(&job.data[taken..], &mut bytes, flush)
            .ok()?;
        taken += usize::try_from(deflate.total_in() - before).ok()?;
        // Room that was left over means that all is out.
        if taken == job.data.len() && bytes.len() < bytes.capacity() {
            break;
        }
        bytes.reserve(bytes.capacity().max(1024));
    }
    Some(Packed {
        bytes,
        sum,
        length: job.data.len() as u64,
        is_last: job.is_last,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::{Read, Write};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn any_streams_cut_anyhow_come_out_as_they_went_in(
            streams in proptest::collection::vec((0usize..900_000, 1usize..300_000, 2u64..40), 1..4),
            level in 1u32..=9,
        ) {
            let data: Vec<Vec<u8>> = streams
                .iter()
                .map(|(length, _, step)| {
                    (0..*length as u64).map(|at| (at * at / step % 251) as u8).collect()
                })
                .collect();
            let mut pipeline = Pipeline::new(level, |events: Receiver<Event<()>>| {
                let mut streams = vec![(Vec::new(), Hasher::new())];
                for event in events {
                    let Event::Block(packed) = event else { continue };
                    let packed = packed.recv().unwrap();
                    let (bytes, sum) = streams.last_mut().unwrap();
                    bytes.write_all(&packed.bytes)?;
                    sum.combine(&packed.sum);
                    if packed.is_last {
                        streams.push((Vec::new(), Hasher::new()));
                    }
                }
                Ok(streams)
            });
            for (data, (_, piece, _)) in data.iter().zip(&streams) {
                for piece in data.chunks(*piece) {
                    pipeline.write(piece).unwrap();
                }
                pipeline.end().unwrap();
            }
            let packed = pipeline.finish().unwrap();
            prop_assert_eq!(packed.len(), data.len() + 1);
            for (data, (packed, sum)) in data.iter().zip(packed) {
                let mut read = Vec::new();
                flate2::read::DeflateDecoder::new(&packed[..]).read_to_end(&mut read).unwrap();
                prop_assert!(read == *data);
                prop_assert_eq!(sum.finalize(), crc32fast::hash(data));
            }
        }
    }

    #[test]
    fn what_the_writer_fails_with_is_heard() {
        let mut pipeline = Pipeline::new(1, |_: Receiver<Event<()>>| -> io::Result<()> {
            Err(io::Error::other("the disk is full"))
        });
        let failed = (0..1000).find_map(|_| pipeline.write(&[1; BLOCK]).err());
        assert_eq!(failed.unwrap().to_string(), "the disk is full");
    }
}
