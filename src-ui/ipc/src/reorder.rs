//! Puts numbered messages that come in any order back into theirs.
//!
//! Pure: who waits for a message, and how it is read, is `channel`'s business.

use std::{
    collections::{BTreeMap, VecDeque},
    task::Poll,
};

/// Messages on their way: each is given out once, in the order of its number, up to the end.
#[derive(Debug)]
pub struct Reorder<T> {
    /// In order, and not yet given out.
    ready: VecDeque<T>,
    /// Those whose predecessors have not come.
    early: BTreeMap<usize, T>,
    /// The number of the message that is missing next.
    missing: usize,
    /// How many there are in all, once that is known.
    count: Option<usize>,
}

impl<T> Default for Reorder<T> {
    fn default() -> Self {
        Self {
            ready: VecDeque::new(),
            early: BTreeMap::new(),
            missing: 0,
            count: None,
        }
    }
}

impl<T> Reorder<T> {
    /// Takes in the message numbered `index`, from 0. One that was there already, or lies beyond
    /// the end, is dropped.
    pub fn insert(&mut self, index: usize, message: T) {
        if index < self.missing || self.count.is_some_and(|count| index >= count) {
            return;
        }
        if index > self.missing {
            self.early.entry(index).or_insert(message);
            return;
        }
        self.ready.push_back(message);
        self.missing += 1;
        while let Some(next) = self.early.remove(&self.missing) {
            self.ready.push_back(next);
            self.missing += 1;
        }
    }

    /// Learns that there are `count` messages in all. The first word stands.
    pub fn end(&mut self, count: usize) {
        if self.count.is_none() {
            self.count = Some(count);
            self.early.split_off(&count);
        }
    }

    /// Ends after what is in order by now: nothing more is coming.
    pub fn end_here(&mut self) {
        if !self.is_complete() {
            self.count = Some(self.missing);
            self.early.clear();
        }
    }

    /// The next message in order; none at the end; pending until either is known.
    pub fn next(&mut self) -> Poll<Option<T>> {
        match self.ready.pop_front() {
            Some(message) => Poll::Ready(Some(message)),
            None if self.is_complete() => Poll::Ready(None),
            None => Poll::Pending,
        }
    }

    /// Whether [`next`](Self::next) has something to give, were it the end.
    pub fn is_ready(&self) -> bool {
        !self.ready.is_empty() || self.is_complete()
    }

    /// Whether nothing more needs to come, read or not.
    pub fn is_complete(&self) -> bool {
        self.count.is_some_and(|count| self.missing >= count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Delivery {
        Message(usize),
        End,
    }

    /// All messages and the end in any order, some of them more than once, and a few that were
    /// never sent.
    fn deliveries() -> impl Strategy<Value = (usize, Vec<Delivery>)> {
        (0..40_usize).prop_flat_map(|count| {
            let again = proptest::collection::vec(0..count + 3, 0..10);
            again
                .prop_map(move |again| {
                    let sent = (0..count).chain(again).map(Delivery::Message);
                    sent.chain([Delivery::End, Delivery::End])
                        .collect::<Vec<_>>()
                })
                .prop_shuffle()
                .prop_map(move |deliveries| (count, deliveries))
        })
    }

    fn drain(order: &mut Reorder<usize>, into: &mut Vec<usize>) -> Poll<()> {
        loop {
            match order.next() {
                Poll::Ready(Some(message)) => into.push(message),
                Poll::Ready(None) => return Poll::Ready(()),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn in_order(arrived: &[bool]) -> usize {
        arrived.iter().take_while(|there| **there).count()
    }

    proptest! {
        #[test]
        fn each_message_is_given_out_once_in_order_and_then_the_end_for_good(
            (count, deliveries) in deliveries(),
            eager: bool,
        ) {
            let mut order = Reorder::default();
            let mut given = Vec::new();
            let mut arrived = vec![false; count + 3];
            // How many there are to be: known with the end. What came in order before it and
            // lies beyond it may have been read already, so it counts.
            let mut all = None;
            for delivery in deliveries {
                match delivery {
                    Delivery::Message(index) => {
                        arrived[index] = true;
                        order.insert(index, index);
                    }
                    Delivery::End => {
                        all = all.or(Some(count.max(in_order(&arrived))));
                        order.end(count);
                    }
                }
                if eager {
                    let is_ready = order.is_ready();
                    let before = given.len();
                    let state = drain(&mut order, &mut given);
                    prop_assert_eq!(is_ready, state.is_ready() || given.len() > before);
                    let expected = in_order(&arrived).min(all.unwrap_or(usize::MAX));
                    prop_assert_eq!(given.len(), expected);
                    prop_assert_eq!(state.is_ready(), all == Some(expected));
                }
            }
            prop_assert_eq!(drain(&mut order, &mut given), Poll::Ready(()));
            prop_assert_eq!(Some(given.len()), all);
            prop_assert!(given.iter().copied().eq(0..given.len()));
            order.insert(given.len(), 0);
            order.end(given.len() + 1);
            prop_assert_eq!(order.next(), Poll::Ready(None));
        }

        #[test]
        fn what_was_in_order_when_it_was_cut_short_is_still_given_out(
            sent in proptest::collection::vec(0..20_usize, 0..20),
        ) {
            let mut order = Reorder::default();
            for index in &sent {
                order.insert(*index, *index);
            }
            order.end_here();
            order.insert(99, 99);
            let mut given = Vec::new();
            prop_assert_eq!(drain(&mut order, &mut given), Poll::Ready(()));
            let in_order = (0..).take_while(|index| sent.contains(index)).count();
            prop_assert!(given.iter().copied().eq(0..in_order));
        }
    }
}
