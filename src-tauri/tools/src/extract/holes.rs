//! Files with holes in tars, as newer ones tell them: a list of pieces, and what is in them.

use std::io::{self, BufRead, BufReader, Read};

/// A file with holes, as newer tars tell them: before its data stands a list of where each piece goes.
pub struct Holes<R> {
    data: R,
    /// The pieces, the last first: where each begins, and how long it is.
    pieces: Vec<(u64, u64)>,
    at: u64,
    end: u64,
}

impl<R: Read> Holes<R> {
    pub fn read(data: R, end: u64) -> io::Result<Holes<impl Read>> {
        const MOST: u64 = 1 << 20;
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "its list of holes is damaged");
        let mut data = BufReader::with_capacity(512, data);
        let mut taken = 0;
        let mut number = || {
            let mut line = Vec::new();
            taken += (&mut data).take(24).read_until(b'\n', &mut line)?;
            let digits = line.strip_suffix(b"\n").ok_or_else(damaged)?;
            let text = std::str::from_utf8(digits).map_err(|_| damaged())?;
            text.parse::<u64>().map_err(|_| damaged())
        };
        let count = number()?;
        if count > MOST {
            return Err(damaged());
        }
        let mut pieces = Vec::new();
        let mut last = 0u64;
        for _ in 0..count {
            let (begin, length) = (number()?, number()?);
            if begin < last {
                return Err(damaged());
            }
            last = begin.checked_add(length).ok_or_else(damaged)?;
            pieces.push((begin, length));
        }
        if last > end {
            return Err(damaged());
        }
        pieces.reverse();
        let padding = taken.next_multiple_of(512) - taken;
        io::copy(&mut (&mut data).take(padding as u64), &mut io::sink())?;
        Ok(Holes {
            data,
            pieces,
            at: 0,
            end,
        })
    }
}

impl<R: Read> Read for Holes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most =
            |length: u64| usize::try_from(length).map_or(buffer.len(), |it| it.min(buffer.len()));
        while let Some((begin, length)) = self.pieces.last_mut() {
            if self.at < *begin {
                let zeros = most(*begin - self.at);
                buffer[..zeros].fill(0);
                self.at += zeros as u64;
                return Ok(zeros);
            }
            if *length > 0 {
                let room = most(*length);
                let read = self.data.read(&mut buffer[..room])?;
                if read == 0 && room > 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                *begin += read as u64;
                *length -= read as u64;
                self.at += read as u64;
                return Ok(read);
            }
            self.pieces.pop();
        }
        let zeros = most(self.end.saturating_sub(self.at));
        buffer[..zeros].fill(0);
        self.at += zeros as u64;
        Ok(zeros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn holes_are_filled_with_zeros(
            pieces in proptest::collection::vec((0u64..700, 1usize..700), 0..6),
            tail in 0u64..500,
        ) {
            let (mut expected, mut list, mut data) = (Vec::<u8>::new(), String::new(), Vec::<u8>::new());
            for (number, (gap, length)) in pieces.iter().enumerate() {
                expected.resize(expected.len() + *gap as usize, 0);
                list += &format!("{}\n{length}\n", expected.len());
                let piece = vec![number as u8 + 1; *length];
                expected.extend(&piece);
                data.extend(&piece);
            }
            expected.resize(expected.len() + tail as usize, 0);
            let mut stored = format!("{}\n{list}", pieces.len()).into_bytes();
            stored.resize(stored.len().next_multiple_of(512), 0);
            stored.extend(data);
            let mut read = Vec::new();
            Holes::read(&stored[..], expected.len() as u64).unwrap().read_to_end(&mut read).unwrap();
            prop_assert_eq!(read, expected);
        }
    }
}
