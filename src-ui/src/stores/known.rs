//! How far something is known that the backend was asked for.

/// Takes what became of something, also after the view that asked for it has gone.
pub type Done<T> = std::sync::Arc<dyn Fn(T) + Send + Sync>;

/// Something that is asked for as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Known<T> {
    /// It is being asked for.
    #[default]
    Loading,
    /// It is here.
    Ready(T),
    /// It could not be had; why, in words.
    Failed(String),
}

impl<T> Known<T> {
    /// What is here, if it is.
    pub const fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}
