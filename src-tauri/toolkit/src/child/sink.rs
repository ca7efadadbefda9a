//! Where one of a program's outputs goes: it is held up to a limit, or given away line by line.
//!
//! Reading it from the program is `child`'s business.

use toolroom_shared::ErrorCode;

use crate::ToolError;

/// How much of a line on stderr is kept.
const STDERR_LINE_BYTES: usize = 64 * 1024;

/// Takes a line, or refuses it.
pub type OnLine<'a> = Box<dyn FnMut(&str) -> Result<(), ToolError> + Send + 'a>;

/// Where one of a program's outputs goes: it is held, or given away line by line.
pub struct Sink<'a> {
    each: Option<OnLine<'a>>,
    /// The line that has not ended yet, or all there is.
    held: Vec<u8>,
    limit: usize,
    /// What to say beyond the limit; without it, what is too much is left out.
    too_much: Option<ToolError>,
    /// Whether the last line ended with `\r`, so that a `\n` belongs to it.
    after_return: bool,
}

impl<'a> Sink<'a> {
    /// For what the program called `name` writes to stdout.
    pub fn stdout(each: Option<OnLine<'a>>, limit: usize, name: &str) -> Self {
        let what = if each.is_some() { "a line of " } else { "" };
        let sentence =
            format!("{name} was ended: it wrote {what}more than {limit} bytes, the most it may.");
        let code = ErrorCode::Tool("too_much_output".to_owned());
        Self {
            each,
            held: Vec::new(),
            limit,
            too_much: Some(ToolError::failed(code, sentence)),
            after_return: false,
        }
    }

    /// For what it writes to stderr. Words too long for a line are no reason to end it.
    pub fn stderr(each: OnLine<'a>) -> Self {
        Self {
            each: Some(each),
            held: Vec::new(),
            limit: STDERR_LINE_BYTES,
            too_much: None,
            after_return: false,
        }
    }

    /// Takes what was written next.
    ///
    /// # Errors
    /// If it is too much, or a line is refused.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), ToolError> {
        if self.each.is_none() {
            return self.hold(bytes);
        }
        for piece in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            match piece {
                b"\n" if self.after_return => self.after_return = false,
                [text @ .., end @ (b'\n' | b'\r')] => {
                    self.hold(text)?;
                    self.after_return = *end == b'\r';
                    self.give()?;
                }
                text => {
                    self.after_return = false;
                    self.hold(text)?;
                }
            }
        }
        Ok(())
    }

    fn hold(&mut self, bytes: &[u8]) -> Result<(), ToolError> {
        let room = self.limit.saturating_sub(self.held.len());
        if bytes.len() <= room {
            self.held.extend_from_slice(bytes);
            return Ok(());
        }
        self.held.extend_from_slice(&bytes[..room]);
        self.too_much.clone().map_or(Ok(()), Err)
    }

    fn give(&mut self) -> Result<(), ToolError> {
        let line = std::mem::take(&mut self.held);
        match &mut self.each {
            Some(each) => each(&String::from_utf8_lossy(&line)),
            None => Ok(()),
        }
    }

    /// Gives away the last line if it has no end, and hands over what was held.
    ///
    /// # Errors
    /// If the line is refused.
    pub fn finish(mut self) -> Result<Vec<u8>, ToolError> {
        if self.each.is_some() && !self.held.is_empty() {
            self.give()?;
        }
        Ok(self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(pieces: &[&[u8]]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut sink = Sink::stderr(Box::new(|line| {
            lines.push(line.to_owned());
            Ok(())
        }));
        for piece in pieces {
            sink.take(piece).unwrap();
        }
        sink.finish().unwrap();
        lines
    }

    #[test]
    fn lines_end_with_either_break_and_the_last_one_without() {
        let written: &[u8] = b"a\n\nb\r\nc\rd\xff\r\n\r\ne";
        assert_eq!(lines(&[written]), ["a", "", "b", "c", "d\u{fffd}", "", "e"]);
        assert!(lines(&[b""]).is_empty());
    }

    proptest! {
        #[test]
        fn how_the_bytes_arrive_makes_no_difference(text in "[ab\r\n]{0,12}", at in 0usize..12) {
            let (left, right) = text.as_bytes().split_at(at.min(text.len()));
            prop_assert_eq!(lines(&[left, right]), lines(&[text.as_bytes()]));
        }
    }

    #[test]
    fn a_long_line_is_cut_on_stderr_and_refused_on_stdout() {
        let long = vec![b'a'; STDERR_LINE_BYTES + 1];
        let cut = lines(&[&long, b"a\nb"]);
        assert_eq!((cut[0].len(), cut[1].as_str()), (STDERR_LINE_BYTES, "b"));

        let mut sink = Sink::stdout(Some(Box::new(|_| Ok(()))), 2, "chatter");
        sink.take(b"ab\ncd\n").unwrap();
        let Err(ToolError::Failed(failure)) = sink.take(b"abc\n") else {
            panic!("three bytes were taken");
        };
        assert_eq!(
            failure.error.message,
            "chatter was ended: it wrote a line of more than 2 bytes, the most it may."
        );
    }
}
