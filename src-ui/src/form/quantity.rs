//! Sizes and spans of time as people write them: `64 MiB`, `1 h 30 min`.
//!
//! What is read is exact, and what is shown is read back as the same number. A number without a unit
//! counts what the field counts.

use serde_json::{Number, Value};

/// What a number counts, where there is more than one unit for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Bytes.
    Bytes,
    /// Time, in units of so many milliseconds.
    Time(u64),
}

/// Bytes in each unit that is read; of those that mean the same, the first is shown.
const SIZES: &[(&str, u64)] = &[
    ("B", 1),
    ("bytes", 1),
    ("byte", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("PB", 1_000_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("PiB", 1 << 50),
    ("k", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("T", 1_000_000_000_000),
];

/// Milliseconds in each unit that is read, the longest first; of those that mean the same, the first
/// is shown.
const SPANS: &[(&str, u64)] = &[
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("min", 60_000),
    ("s", 1_000),
    ("ms", 1),
    ("day", 86_400_000),
    ("days", 86_400_000),
    ("hour", 3_600_000),
    ("hours", 3_600_000),
    ("m", 60_000),
    ("minute", 60_000),
    ("minutes", 60_000),
    ("sec", 1_000),
    ("second", 1_000),
    ("seconds", 1_000),
    ("milliseconds", 1),
];

impl Quantity {
    /// What is counted by a field of this unit; none if there is only one unit for it.
    #[must_use]
    pub fn of(unit: Option<&str>) -> Option<Self> {
        Some(match unit? {
            "bytes" | "byte" | "B" => Self::Bytes,
            unit => Self::Time(SPANS.iter().find(|(name, _)| *name == unit)?.1),
        })
    }

    /// What to write, for whoever wrote something else.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Bytes => "Enter a size, such as 64 MiB.",
            Self::Time(_) => "Enter a span of time, such as 1 h 30 min.",
        }
    }

    const fn units(self) -> &'static [(&'static str, u64)] {
        match self {
            Self::Bytes => SIZES,
            Self::Time(_) => SPANS,
        }
    }

    /// How many of the smallest units the field's own is.
    const fn base(self) -> u64 {
        match self {
            Self::Bytes => 1,
            Self::Time(ms) => ms,
        }
    }

    /// The factor of a unit; letters may be large or small where that leaves no doubt.
    fn factor(self, unit: &str) -> Option<u64> {
        let exact = self.units().iter().find(|(name, _)| *name == unit);
        let loose = || {
            let mut alike = self
                .units()
                .iter()
                .filter(|(name, _)| name.eq_ignore_ascii_case(unit));
            alike.next()
        };
        exact.or_else(loose).map(|(_, factor)| *factor)
    }

    /// What is meant by a text; none if it can't be read. Whole if it comes out even.
    #[must_use]
    pub fn parse(self, text: &str) -> Option<Value> {
        if let Some(number) = number(text.trim()) {
            return Some(number);
        }
        let mut total = Exact::ZERO;
        let mut rest = text.trim();
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')?;
            let (amount, after) = rest.split_at(digits);
            let after = after.trim_start();
            let end = after
                .find(|c: char| !c.is_alphabetic())
                .unwrap_or(after.len());
            let (unit, after) = after.split_at(end);
            total = total.plus(Exact::read(amount)?.times(self.factor(unit)?)?)?;
            rest = after.trim_start();
        }
        total.over(self.base())
    }

    /// A number as people write it. What has no exact spelling in units is shown as it is.
    #[must_use]
    pub fn show(self, value: &Value) -> String {
        let Some(whole) = value.as_u64() else {
            return value.to_string();
        };
        match self {
            Self::Bytes => size(whole),
            Self::Time(ms) => span(u128::from(whole) * u128::from(ms)),
        }
    }
}

/// The shortest spelling without a fraction.
fn size(bytes: u64) -> String {
    SIZES
        .iter()
        .filter(|(name, _)| name.ends_with('B'))
        .filter(|(_, factor)| bytes.is_multiple_of(*factor) && (bytes > 0 || *factor == 1))
        .map(|(name, factor)| (bytes / factor, *name))
        .min_by_key(|(count, name)| (count.to_string().len(), name.len()))
        .map_or_else(String::new, |(count, name)| format!("{count} {name}"))
}

fn span(mut ms: u128) -> String {
    let mut parts = Vec::new();
    for (name, factor) in &SPANS[..5] {
        let count = ms / u128::from(*factor);
        ms %= u128::from(*factor);
        if count > 0 {
            parts.push(format!("{count} {name}"));
        }
    }
    if parts.is_empty() {
        parts.push("0 s".to_owned());
    }
    parts.join(" ")
}

/// A number as people type it; whole ones stay whole.
#[must_use]
pub fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole));
    }
    if let Ok(whole) = text.parse::<u64>() {
        return Some(Value::from(whole));
    }
    // What is only a word to a parser of numbers is no number to people.
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let number = text.parse::<f64>().ok().and_then(Number::from_f64);
    number.map(Value::Number)
}

/// A decimal number, exactly: digits, and by which power of ten they are to be divided.
#[derive(Clone, Copy)]
struct Exact {
    digits: u128,
    places: u32,
}

impl Exact {
    const ZERO: Self = Self {
        digits: 0,
        places: 0,
    };

    fn read(text: &str) -> Option<Self> {
        let text = text.replace(',', ".");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits: u128 = format!("{whole}{fraction}").parse().ok()?;
        let places = u32::try_from(fraction.len())
            .ok()
            .filter(|places| *places <= 12)?;
        Some(Self { digits, places })
    }

    fn times(self, factor: u64) -> Option<Self> {
        let digits = self.digits.checked_mul(u128::from(factor))?;
        Some(Self { digits, ..self })
    }

    fn plus(self, other: Self) -> Option<Self> {
        let places = self.places.max(other.places);
        let digits = |part: Self| {
            part.digits
                .checked_mul(10_u128.checked_pow(places - part.places)?)
        };
        Some(Self {
            digits: digits(self)?.checked_add(digits(other)?)?,
            places,
        })
    }

    fn over(self, base: u64) -> Option<Value> {
        let divisor = 10_u128
            .checked_pow(self.places)?
            .checked_mul(u128::from(base))?;
        if self.digits.is_multiple_of(divisor) {
            return u64::try_from(self.digits / divisor).ok().map(Value::from);
        }
        Number::from_f64(self.digits as f64 / divisor as f64).map(Value::Number)
    }
}

/// What a number's arrows go by and stop at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Steps {
    /// What one goes on by; 1 if it isn't said.
    pub step: Option<f64>,
    /// The least.
    pub minimum: Option<f64>,
    /// The most.
    pub maximum: Option<f64>,
}

/// The text after a press of an arrow; none if what stands there can't be counted on from. A size or
/// span in one unit goes on by one of that unit.
#[must_use]
pub fn stepped(text: &str, up: bool, steps: Steps, quantity: Option<Quantity>) -> Option<String> {
    let text = text.trim();
    if let Some(quantity) = quantity
        && let Some((count, unit)) = one_unit(text)
    {
        let count = if up {
            count.checked_add(1)?
        } else {
            count.checked_sub(1)?
        };
        let next = format!("{count} {unit}");
        let value = quantity.parse(&next)?.as_f64()?;
        let bounded = steps.bounded(value);
        return Some(if bounded == value {
            next
        } else {
            quantity.show(&whole_or_not(bounded))
        });
    }
    let now = match (text, quantity) {
        ("", _) => None,
        (text, Some(quantity)) => Some(quantity.parse(text)?.as_f64()?),
        (text, None) => Some(number(text)?.as_f64()?),
    };
    let by = steps.step.unwrap_or(1.0) * if up { 1.0 } else { -1.0 };
    let next = match now {
        Some(now) => now + by,
        None => steps.minimum.unwrap_or(0.0),
    };
    let next = whole_or_not(steps.bounded(next));
    Some(match quantity {
        Some(quantity) => quantity.show(&next),
        None => next.to_string(),
    })
}

impl Steps {
    fn bounded(&self, value: f64) -> f64 {
        let value = self.maximum.map_or(value, |most| value.min(most));
        self.minimum.map_or(value, |least| value.max(least))
    }
}

fn one_unit(text: &str) -> Option<(u64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (count, unit) = text.split_at(digits);
    let unit = unit.trim_start();
    let is_one_word = !unit.is_empty() && unit.chars().all(char::is_alphabetic);
    Some((count.parse().ok()?, unit)).filter(|_| is_one_word)
}

/// A sum of steps without the dust of binary fractions.
fn whole_or_not(value: f64) -> Value {
    let rounded = (value * 1e9).round() / 1e9;
    if rounded.fract() == 0.0 && rounded.abs() < 9_007_199_254_740_992.0 {
        Value::from(rounded as i64)
    } else {
        Number::from_f64(rounded).map_or(Value::Null, Value::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const SECONDS: Quantity = Quantity::Time(1_000);

    #[test]
    fn sizes_and_spans_are_read_as_people_write_them() {
        let size = |text: &str| Quantity::Bytes.parse(text);
        assert_eq!(size("64 MiB"), Some(json!(67_108_864)));
        assert_eq!(size("1.5GB"), Some(json!(1_500_000_000)));
        assert_eq!(size("1,5 kb"), Some(json!(1_500)));
        assert_eq!(size("512"), Some(json!(512)));
        assert_eq!(SECONDS.parse("1 h 30 min"), Some(json!(5_400)));
        assert_eq!(SECONDS.parse("1h30m"), Some(json!(5_400)));
        assert_eq!(SECONDS.parse("500 ms"), Some(json!(0.5)));
        assert_eq!(Quantity::Time(60_000).parse("2 h"), Some(json!(120)));
        for wrong in ["", "many", "64 MiX", "MiB", "1 h 30", "1.2.3 GB", "inf"] {
            assert_eq!(size(wrong), None, "{wrong}");
            assert_eq!(SECONDS.parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_are_shown_in_the_unit_that_spells_them_shortest() {
        let size = |bytes: u64| Quantity::Bytes.show(&json!(bytes));
        assert_eq!(size(0), "0 B");
        assert_eq!(size(1), "1 B");
        assert_eq!(size(67_108_864), "64 MiB");
        assert_eq!(size(1_000_000), "1 MB");
        assert_eq!(SECONDS.show(&json!(5_400)), "1 h 30 min");
        assert_eq!(SECONDS.show(&json!(0)), "0 s");
        assert_eq!(SECONDS.show(&json!(-3)), "-3");
    }

    #[test]
    fn arrows_go_by_steps_and_stop_at_bounds() {
        let steps = Steps {
            step: Some(0.1),
            minimum: Some(0.0),
            maximum: Some(1.0),
        };
        assert_eq!(stepped("0.2", true, steps, None).as_deref(), Some("0.3"));
        assert_eq!(stepped("1", true, steps, None).as_deref(), Some("1"));
        assert_eq!(stepped("", true, steps, None).as_deref(), Some("0"));
        assert_eq!(stepped("x", true, steps, None), None);
        let bytes = Some(Quantity::Bytes);
        let free = Steps::default();
        assert_eq!(
            stepped("64 MiB", true, free, bytes).as_deref(),
            Some("65 MiB")
        );
        assert_eq!(stepped("0 B", false, free, bytes), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back_as_the_same_number(number in any::<u64>(), shift in 0..60_u32) {
            // Also round ones, which random numbers never are.
            for number in [number, (number & 0xfff) << (shift % 50), (number % 1000) * 10_u64.pow(shift % 16)] {
                let value = json!(number);
                for quantity in [Quantity::Bytes, Quantity::Time(1), SECONDS, Quantity::Time(86_400_000)] {
                    prop_assert_eq!(quantity.parse(&quantity.show(&value)), Some(value.clone()));
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9.,a-zA-Z ]{0,12}") {
            for quantity in [Quantity::Bytes, SECONDS] {
                let _ = quantity.parse(&text);
                let _ = stepped(&text, true, Steps::default(), Some(quantity));
            }
        }

        #[test]
        fn a_step_stays_within_the_bounds(at in -50..50_i32, up in any::<bool>()) {
            let steps = Steps { step: None, minimum: Some(-10.0), maximum: Some(10.0) };
            let next: f64 = stepped(&at.to_string(), up, steps, None).unwrap().parse().unwrap();
            prop_assert!((-10.0..=10.0).contains(&next));
        }
    }
}
