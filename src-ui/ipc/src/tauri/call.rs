//! Calls on their way, and what becomes of them.
//!
//! JavaScript calls one of a few functions of ours when a call is answered. Making those anew for
//! each call costs more than all else that a small call does in WebAssembly, since JavaScript has to
//! watch them for being collected; so a set whose call is over serves the next one.

// The bindings to JavaScript expand to foreign functions, which Rust calls unsafe.
#![allow(unsafe_code)]

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    future::Future,
    pin::Pin,
    rc::{Rc, Weak},
    task::{Context, Poll, Waker},
};

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::received::LONG;

#[wasm_bindgen(module = "/src/tauri/page.js")]
extern "C" {
    fn invoke(
        command: &JsString,
        args: &str,
        longest: u32,
        take_text: &JsValue,
        take_other: &JsValue,
        take_refusal: &JsValue,
    );
}

/// What became of a call.
pub enum Settlement {
    /// A value whose JSON text is short: that text.
    Text(String),
    /// Any other value, and its JSON text if it has one.
    Other(JsValue, Option<JsString>),
    /// What it was refused with, or the exception that kept it from being made.
    Refusal(JsValue),
}

/// How many idle sets are kept: more calls than this are seldom under way at once.
const IDLE: usize = 64;

thread_local! {
    /// The names of the commands that were called, as JavaScript has them: making one takes as long
    /// as reading a small answer.
    static NAMES: RefCell<HashMap<&'static str, &'static JsString>> = RefCell::default();
    static IDLE_SETS: RefCell<Vec<Rc<Functions>>> = const { RefCell::new(Vec::new()) };
}

/// Makes a call; `args` is the text of an object. Dropped, it is waited for no more; it goes its own
/// way.
pub fn call(command: &'static str, args: &str) -> Pending {
    let idle = IDLE_SETS.with_borrow_mut(Vec::pop);
    let set = idle.unwrap_or_else(Functions::new);
    set.under_way.set(Some(Rc::clone(&set)));
    // An object without fields need not be read.
    let args = if args == "{}" { "" } else { args };
    invoke(
        name(command),
        args,
        LONG,
        set.take_text.as_ref(),
        set.take_other.as_ref(),
        set.take_refusal.as_ref(),
    );
    Pending(set)
}

fn name(command: &'static str) -> &'static JsString {
    // Kept for good: there are as many as the contract has commands.
    NAMES.with_borrow_mut(|names| {
        let name = names.entry(command);
        *name.or_insert_with(|| Box::leak(Box::new(command.into())))
    })
}

/// A call on its way.
pub struct Pending(Rc<Functions>);

impl Future for Pending {
    type Output = Settlement;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Settlement> {
        match self.0.settlement.take() {
            Some(settlement) => Poll::Ready(settlement),
            None => {
                self.0.waiting.set(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.waiting.take();
        // While JavaScript may call it, it stays with that.
        let under_way = self.0.under_way.take();
        match under_way {
            Some(_) => self.0.under_way.set(under_way),
            None => Rc::clone(&self.0).put_back(),
        }
    }
}

/// Functions, for one call at a time.
struct Functions {
    take_text: Closure<dyn Fn(String)>,
    take_other: Closure<dyn Fn(JsValue, Option<JsString>)>,
    take_refusal: Closure<dyn Fn(JsValue)>,
    settlement: Cell<Option<Settlement>>,
    waiting: Cell<Option<Waker>>,
    /// Itself, for as long as JavaScript may call its functions, whether or not anybody waits.
    under_way: Cell<Option<Rc<Functions>>>,
}

impl Functions {
    fn new() -> Rc<Self> {
        let settle = |set: &Weak<Self>, settlement| {
            if let Some(set) = set.upgrade() {
                set.settle(settlement);
            }
        };
        Rc::new_cyclic(|set| Self {
            take_text: Closure::new({
                let set = Weak::clone(set);
                move |text| settle(&set, Settlement::Text(text))
            }),
            take_other: Closure::new({
                let set = Weak::clone(set);
                move |value, json| settle(&set, Settlement::Other(value, json))
            }),
            take_refusal: Closure::new({
                let set = Weak::clone(set);
                move |refusal| settle(&set, Settlement::Refusal(refusal))
            }),
            settlement: Cell::new(None),
            waiting: Cell::new(None),
            under_way: Cell::new(None),
        })
    }

    fn settle(self: Rc<Self>, settlement: Settlement) {
        drop(self.under_way.take());
        if Rc::strong_count(&self) == 1 {
            // Nobody waits any more.
            self.put_back();
            return;
        }
        self.settlement.set(Some(settlement));
        if let Some(waiting) = self.waiting.take() {
            waiting.wake();
        }
    }

    /// Keeps it for another call, unless there are enough.
    fn put_back(self: Rc<Self>) {
        self.settlement.take();
        IDLE_SETS.with_borrow_mut(|idle| {
            if idle.len() < IDLE {
                idle.push(self);
            }
        });
    }
}
