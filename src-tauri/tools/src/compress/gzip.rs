//! Gzip on all cores: one member, as any program reads it, with no time and no name in it, so that equal
//! content gives equal bytes.

use std::{
    io::{self, Write},
    sync::mpsc::Receiver,
};

use crc32fast::Hasher;

use super::pipeline::{Event, Pipeline};

const UNKNOWN_SYSTEM: u8 = 255;

/// Writes what it is given to `W`, in gzip.
pub struct Gzip<W> {
    pipeline: Pipeline<(), W>,
}

impl<W: Write + Send + 'static> Gzip<W> {
    pub fn new(mut out: W, level: u32) -> Self {
        let write = move |events: Receiver<Event<()>>| {
            let hint = match level {
                9 => 2,
                1 => 4,
                _ => 0,
            };
            out.write_all(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, hint, UNKNOWN_SYSTEM])?;
            let mut sum = Hasher::new();
            let mut length = 0u64;
            for event in events {
                let Event::Block(packed) = event else {
                    continue;
                };
                let packed = packed.recv().map_err(io::Error::other)?;
                out.write_all(&packed.bytes)?;
                sum.combine(&packed.sum);
                length += packed.length;
                if packed.is_last {
                    out.write_all(&sum.clone().finalize().to_le_bytes())?;
                    // Its lower half, as the format has it.
                    out.write_all(&length.to_le_bytes()[..4])?;
                }
            }
            Ok(out)
        };
        Self {
            pipeline: Pipeline::new(level, write),
        }
    }

    pub fn finish(mut self) -> io::Result<W> {
        self.pipeline.end()?;
        self.pipeline.finish()
    }
}

impl<W: Write + Send + 'static> Write for Gzip<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pipeline.write(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
