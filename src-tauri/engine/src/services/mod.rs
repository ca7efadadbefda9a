//! Whatever lives as long as the engine: begun in order, watched, begun again when it ends by
//! itself, reported, and stopped in reverse order.
//!
//! `supervisor` keeps the order, `keeper` is the task around one service, `record` is what is known
//! of it, `backoff` says how long a fallen one rests. `owned_task` is what ends with its owner and
//! is not begun again. What a service does is the business of whoever adds it; a service that is a
//! thread (the store's writer) keeps itself and is only listed here.

mod backoff;
mod keeper;
mod owned_task;
mod record;
mod service;
mod supervisor;
#[cfg(test)]
mod tests;

pub use backoff::Backoff;
pub use owned_task::OwnedTask;
pub use record::{ServiceList, ServiceRecord};
pub use service::{Service, ServiceContext, ServiceEnd};
pub use supervisor::Supervisor;
