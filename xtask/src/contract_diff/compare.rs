//! Two schemas side by side: what became of the first.
//!
//! Only says what changed; whether that breaks anybody is `change`'s table.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Value, json};

use super::change::{Change, Direction, Kind, Spot, Step};
use super::shape::{List, Number, Reader, Shape, Text};
use super::sorted::Sorted;

/// Compares schemas of an old contract with those of a new one.
pub struct Comparison<'a> {
    /// The old contract's schemas.
    pub old: Reader<'a>,
    /// The new contract's schemas.
    pub new: Reader<'a>,
    /// What was found.
    pub changes: Vec<Change>,
    /// Named types that were compared: each is told of once in a direction.
    told: HashSet<(String, String, Direction)>,
    /// What is being compared, since types hold themselves.
    active: HashSet<(String, String, Direction)>,
}

impl<'a> Comparison<'a> {
    /// Nothing compared yet.
    pub fn new(old: Reader<'a>, new: Reader<'a>) -> Self {
        Self {
            old,
            new,
            changes: Vec::new(),
            told: HashSet::new(),
            active: HashSet::new(),
        }
    }

    /// Compares what travels in one direction.
    pub fn schemas(&mut self, old: &Value, new: &Value, direction: Direction, spot: &Spot) {
        if let (Some(was), Some(is)) = (self.old.reference(old), self.new.reference(new)) {
            return self.named(was, is, direction, spot);
        }
        let (mut old, mut new) = (choices(old), choices(new));
        // A named type on both sides is compared with itself, whatever stands beside it.
        let common: Vec<_> = old
            .iter()
            .filter_map(|choice| self.old.reference(choice))
            .filter(|name| {
                new.iter()
                    .any(|choice| self.new.reference(choice) == Some(name))
            })
            .map(str::to_owned)
            .collect();
        for name in &common {
            self.named(name, name, direction, spot);
        }
        let is_common = |reader: Reader<'_>, choice: &Value| {
            let name = reader.reference(choice);
            name.is_some_and(|name| common.iter().any(|other| other == name))
        };
        old.retain(|choice| !is_common(self.old, choice));
        new.retain(|choice| !is_common(self.new, choice));
        let (old, new) = (json!({"anyOf": old}), json!({"anyOf": new}));
        let key = (old.to_string(), new.to_string(), direction);
        if self.active.insert(key.clone()) {
            let (old, new) = (self.old.shape(&old), self.new.shape(&new));
            let spot = spot.clone();
            let mut at = At {
                comparison: self,
                direction,
                spot,
            };
            at.shapes(&old, &new);
            self.active.remove(&key);
        }
    }

    fn named(&mut self, was: &str, is: &str, direction: Direction, spot: &Spot) {
        if self.told.insert((was.to_owned(), is.to_owned(), direction)) {
            let of = |reader: Reader<'_>, name: &str| reader.schemas.get(name).cloned();
            let anything = || Value::Bool(true);
            let old = of(self.old, was).unwrap_or_else(anything);
            let new = of(self.new, is).unwrap_or_else(anything);
            self.schemas(&old, &new, direction, &spot.owner(is));
        }
    }
}

/// The schemas one of which must hold.
fn choices(schema: &Value) -> Vec<Value> {
    let choices = schema.get("oneOf").or_else(|| schema.get("anyOf"));
    match choices.and_then(Value::as_array) {
        Some(choices) => choices.clone(),
        None => vec![schema.clone()],
    }
}

/// A comparison at one place.
pub struct At<'c, 'a> {
    comparison: &'c mut Comparison<'a>,
    /// Which way it travels.
    pub direction: Direction,
    spot: Spot,
}

impl<'a> At<'_, 'a> {
    /// Notes what became of the schema here.
    pub fn tell(&mut self, kind: Kind, what: &str) {
        self.comparison.changes.push(Change {
            breaks: kind.breaks(self.direction),
            sentence: self.spot.sentence(what),
            kind: Some(kind),
        });
    }

    /// The same, one step further.
    pub fn step(&mut self, step: Step) -> At<'_, 'a> {
        At {
            spot: self.spot.step(step),
            comparison: &mut *self.comparison,
            direction: self.direction,
        }
    }

    /// Compares what stands one step further.
    pub fn below(&mut self, step: Step, old: &Value, new: &Value) {
        let spot = self.spot.step(step);
        self.comparison.schemas(old, new, self.direction, &spot);
    }

    fn shapes(&mut self, old: &Shape, new: &Shape) {
        let (old, new) = match (old, new) {
            (Shape::Anything, Shape::Anything) => return,
            (Shape::Anything, _) => return self.tell(Kind::Narrowed, "can't be anything any more"),
            (_, Shape::Anything) => return self.tell(Kind::Widened, "may be anything now"),
            (Shape::OneOf(old), Shape::OneOf(new)) => (Sorted::of(old), Sorted::of(new)),
        };
        match (old.is_nullable, new.is_nullable) {
            (false, true) => self.tell(Kind::Widened, "may be null now"),
            (true, false) => self.tell(Kind::Narrowed, "can't be null any more"),
            _ => {}
        }
        let (were, are) = (old.types(), new.types());
        if !were.is_empty() && !are.is_empty() && were.is_disjoint(&are) {
            let list =
                |types: &BTreeSet<&str>| types.iter().copied().collect::<Vec<_>>().join(" or ");
            let what = format!("is {} and was {}", list(&are), list(&were));
            return self.tell(Kind::Replaced, &what);
        }
        for name in were.difference(&are) {
            self.tell(Kind::Narrowed, &format!("can't be {name} any more"));
        }
        for name in are.difference(&were) {
            self.tell(Kind::Widened, &format!("may be {name} now"));
        }
        if let (Some(old), Some(new)) = (&old.number, &new.number) {
            self.numbers(old, new);
        }
        if let (Some(old), Some(new)) = (&old.text, &new.text) {
            self.texts(old, new);
        }
        if !old.lists.is_empty() && !new.lists.is_empty() {
            self.all_lists(&old.lists, &new.lists);
        }
        if !old.objects.is_empty() && !new.objects.is_empty() {
            self.all_objects(&old.objects, &new.objects);
        }
    }

    fn numbers(&mut self, old: &Number, new: &Number) {
        match (old.is_integer, new.is_integer) {
            (true, false) => self.tell(Kind::Widened, "may be a fraction now"),
            (false, true) => self.tell(Kind::Narrowed, "can't be a fraction any more"),
            _ => {}
        }
        self.least("", old.least, new.least);
        self.most("", old.most, new.most);
    }

    fn texts(&mut self, old: &Text, new: &Text) {
        match (&old.values, &new.values) {
            (Some(_), None) => self.tell(Kind::Widened, "may be any text now"),
            (None, Some(_)) => self.tell(Kind::Narrowed, "can't be any text any more"),
            (Some(old), Some(new)) => {
                for value in old.difference(new) {
                    self.tell(Kind::Narrowed, &format!("can't be {value:?} any more"));
                }
                for value in new.difference(old) {
                    self.tell(Kind::Widened, &format!("may be {value:?} now"));
                }
            }
            (None, None) => {}
        }
        self.least(" characters", old.least, new.least);
        self.most(" characters", old.most, new.most);
    }

    fn least(&mut self, of: &str, old: Option<f64>, new: Option<f64>) {
        let what = bounds("lower", of, old, new);
        let below = f64::NEG_INFINITY;
        let (old, new) = (old.unwrap_or(below), new.unwrap_or(below));
        self.bound(&what, new < old, new > old);
    }

    fn most(&mut self, of: &str, old: Option<f64>, new: Option<f64>) {
        let what = bounds("upper", of, old, new);
        let above = f64::INFINITY;
        let (old, new) = (old.unwrap_or(above), new.unwrap_or(above));
        self.bound(&what, new > old, new < old);
    }

    fn bound(&mut self, what: &str, is_wider: bool, is_narrower: bool) {
        if is_wider {
            self.tell(Kind::Widened, what);
        } else if is_narrower {
            self.tell(Kind::Narrowed, what);
        }
    }

    fn all_lists(&mut self, old: &[List], new: &[List]) {
        let (pairs, gone, added) = pairs(old, new);
        for (old, new) in pairs {
            self.lists(old, new);
        }
        for _ in 0..gone {
            self.tell(Kind::Narrowed, "can't be one of the lists that it could be");
        }
        for _ in 0..added {
            self.tell(Kind::Widened, "may be a further kind of list now");
        }
    }

    fn lists(&mut self, old: &List, new: &List) {
        if old.first.is_empty() != new.first.is_empty() {
            let name = |list: &List| match list.first.len() {
                0 => "a list".to_owned(),
                length => format!("a tuple of {length}"),
            };
            let what = format!("is {} and was {}", name(new), name(old));
            return self.tell(Kind::Replaced, &what);
        }
        for (index, (old, new)) in old.first.iter().zip(&new.first).enumerate() {
            self.below(Step::Element(index), old, new);
        }
        if let (Some(old), Some(new)) = (&old.rest, &new.rest) {
            self.below(Step::Each, old, new);
        }
        self.least(" elements", old.least, new.least);
        self.most(" elements", old.most, new.most);
    }
}

fn bounds(name: &str, of: &str, old: Option<f64>, new: Option<f64>) -> String {
    let text = |bound: Option<f64>| match bound {
        Some(bound) => format!("the {name} bound {bound}{of}"),
        None => format!("no {name} bound"),
    };
    format!("has {} and had {}", text(new), text(old))
}

/// What stands in both, then the rest in the order in which it stands, then what is left over: how
/// much on the old side, how much on the new one.
pub fn pairs<'s, T: PartialEq>(old: &'s [T], new: &'s [T]) -> (Vec<(&'s T, &'s T)>, usize, usize) {
    let mut left: Vec<_> = new.iter().collect();
    let (mut pairs, mut unpaired) = (Vec::new(), Vec::new());
    for item in old {
        match left.iter().position(|other| *other == item) {
            Some(position) => pairs.push((item, left.remove(position))),
            None => unpaired.push(item),
        }
    }
    let (gone, added) = (
        unpaired.len().saturating_sub(left.len()),
        left.len().saturating_sub(unpaired.len()),
    );
    pairs.extend(unpaired.into_iter().zip(left));
    (pairs, gone, added)
}
