//! The chain: each entry's hash is over the hash before it and its own bytes, so that none can be
//! changed, removed, inserted or moved without every later hash being wrong.
//!
//! Entries stand in pages: the hash before the first, then each entry's bytes followed by its
//! hash. What is hashed is thus one piece of the page as it stands: nothing is copied, whether a
//! page is written or checked. Where pages are kept is left to the store; how a whole trail is
//! checked, to `verify`.

use std::fmt;

use super::record::{Entry, HASH_BYTES, Hash, LENGTH_BYTES};

/// Where a chain ends: the number of the last entry, and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// 0 before the first entry.
    pub number: u64,
    /// All zeroes before the first entry.
    pub hash: Hash,
}

impl Head {
    /// Before the first entry.
    pub const START: Self = Self {
        number: 0,
        hash: [0; HASH_BYTES],
    };

    /// Goes on to the entry that follows, of this number, whose hash is this one but should be
    /// that.
    pub fn follow(&mut self, number: u64, hash: &Hash, computed: &Hash) -> Result<(), Fault> {
        let next = self.number + 1;
        if number > next {
            return Err(Fault::missing(next, number - 1));
        }
        if number < next {
            return Err(Fault::new(
                next,
                format!(
                    "Entry {number} stands where entry {next} should: entries were moved or inserted"
                ),
            ));
        }
        if hash != computed {
            return Err(Fault::new(
                next,
                format!(
                    "Entry {next} was changed, or doesn't follow on the entry before it: its hash is wrong"
                ),
            ));
        }
        *self = Self {
            number,
            hash: *hash,
        };
        Ok(())
    }

    /// Whether the trail ends where its keeper says.
    pub fn expect(&self, end: &Self) -> Result<(), Fault> {
        if self == end {
            return Ok(());
        }
        let next = self.number + 1;
        Err(match end.number {
            more if more > self.number => Fault::missing(next, more),
            less if less < self.number => Fault::new(
                less + 1,
                format!(
                    "The trail should end with entry {less} and goes on to entry {}: something was added to it",
                    self.number
                ),
            ),
            same => Fault::new(
                same,
                format!(
                    "Entry {same} isn't the one with which the trail should end: it was replaced"
                ),
            ),
        })
    }
}

/// The first thing that is wrong with a trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The first entry that isn't as it was written.
    pub number: u64,
    what: String,
    place: String,
}

impl Fault {
    /// What is wrong from this entry on: a clause without a full stop.
    pub fn new(number: u64, what: impl Into<String>) -> Self {
        Self {
            number,
            what: what.into(),
            place: String::new(),
        }
    }

    /// These entries are missing.
    pub fn missing(from: u64, to: u64) -> Self {
        let what = if from == to {
            format!("Entry {from} is missing")
        } else {
            format!("Entries {from} to {to} are missing")
        };
        Self::new(from, what)
    }

    /// What stands where this entry should is none.
    pub fn unreadable(number: u64) -> Self {
        let what = format!("Entry {number} can't be read: what stands there is no entry");
        Self::new(number, what)
    }

    /// The same, with where it was found.
    #[must_use]
    pub fn within(mut self, place: &str) -> Self {
        place.clone_into(&mut self.place);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => write!(f, "{}.", self.what),
            place => write!(f, "{} ({place}).", self.what),
        }
    }
}

/// The hash of an entry: over the hash before it and its bytes.
pub fn link(before_and_entry: &[u8]) -> Hash {
    *blake3::hash(before_and_entry).as_bytes()
}

/// The digest of a text that comes with a request.
pub fn digest(text: &str) -> Hash {
    *blake3::hash(text.as_bytes()).as_bytes()
}

/// Writes a page. Its memory is used again for the next one.
#[derive(Debug)]
pub struct PageWriter {
    bytes: Vec<u8>,
    head: Head,
    first: u64,
}

impl Default for PageWriter {
    fn default() -> Self {
        Self {
            bytes: Vec::new(),
            head: Head::START,
            first: 1,
        }
    }
}

impl PageWriter {
    /// Begins a page after this entry.
    pub fn begin(&mut self, after: Head) {
        self.bytes.clear();
        self.bytes.extend(after.hash);
        self.head = after;
        self.first = after.number + 1;
    }

    /// Adds an entry, which gets the next number.
    pub fn push(&mut self, entry: &Entry<'_>) {
        let linked = self.bytes.len() - HASH_BYTES;
        let number = self.head.number + 1;
        Entry { number, ..*entry }.write(&mut self.bytes);
        let hash = link(&self.bytes[linked..]);
        self.bytes.extend(hash);
        self.head = Head { number, hash };
    }

    /// The page; none if nothing was added.
    pub fn page(&self) -> Option<Page<'_>> {
        (self.head.number >= self.first).then_some(Page {
            first: self.first,
            last: self.head.number,
            bytes: &self.bytes,
        })
    }

    /// Where the chain ends with this page.
    pub const fn head(&self) -> Head {
        self.head
    }
}

/// Entries that stand together.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The number of the first.
    pub first: u64,
    /// The number of the last.
    pub last: u64,
    /// All of them.
    pub bytes: &'a [u8],
}

/// An entry in a page, with what was hashed and its hash.
type Framed<'a> = (Entry<'a>, &'a [u8], &'a Hash);

impl<'a> Page<'a> {
    /// Checks the page, which must follow on `head`, and leaves `head` behind its last whole
    /// entry. `each` is given the entries.
    pub fn check(
        &self,
        head: &mut Head,
        mut each: impl FnMut(&Entry<'a>, &Hash),
    ) -> Result<(), Fault> {
        let next = head.number + 1;
        if self.first != next {
            return Err(match self.first > next {
                true => Fault::missing(next, self.first - 1),
                false => Fault::new(
                    next,
                    format!(
                        "Entry {} stands where entry {next} should: entries were moved or inserted",
                        self.first
                    ),
                ),
            });
        }
        if self.bytes.get(..HASH_BYTES) != Some(&head.hash[..]) {
            let what = format!("Entry {next} doesn't follow on the entry before it");
            return Err(Fault::new(next, what));
        }
        let mut place = HASH_BYTES;
        while place < self.bytes.len() {
            let Some((entry, linked, hash)) = framed(self.bytes, place) else {
                return Err(Fault::unreadable(head.number + 1));
            };
            head.follow(entry.number, hash, &link(linked))?;
            each(&entry, hash);
            place += linked.len();
        }
        match head.number == self.last {
            true => Ok(()),
            false if head.number < self.last => Err(Fault::missing(head.number + 1, self.last)),
            false => Err(Fault::new(
                self.last + 1,
                format!(
                    "Entry {} stands in a page that ends before it",
                    self.last + 1
                ),
            )),
        }
    }

    /// The entries in the page as they stand there, up to one that can't be read.
    pub fn entries(&self) -> impl Iterator<Item = (Entry<'a>, Hash)> + use<'a> {
        let (bytes, mut place) = (self.bytes, HASH_BYTES);
        std::iter::from_fn(move || {
            let (entry, linked, hash) = framed(bytes, place)?;
            place += linked.len();
            Some((entry, *hash))
        })
    }
}

/// The entry that begins at `place`; the hash before it stands right before that.
fn framed(bytes: &[u8], place: usize) -> Option<Framed<'_>> {
    let length = bytes.get(place..place + LENGTH_BYTES)?;
    let length = usize::from(u16::from_le_bytes(length.try_into().ok()?));
    let end = place + LENGTH_BYTES + length;
    let linked = bytes.get(place - HASH_BYTES..end)?;
    let hash = bytes.get(end..end + HASH_BYTES)?.try_into().ok()?;
    let entry = Entry::read(&linked[HASH_BYTES..])?;
    Some((entry, linked, hash))
}

#[cfg(test)]
#[path = "chain_tests.rs"]
mod tests;
