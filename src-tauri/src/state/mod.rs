//! What commands share.

mod app_state;

pub use app_state::AppState;
