//! The one door through which a tool gets a secret's text.

use std::{fmt, sync::Arc};

use tokio_util::sync::CancellationToken;
use toolroom_shared::{AppError, SecretName};

use super::{Form, Revealed, Secret, SecretText, error};
use crate::{BlockingPool, ToolError};

/// Where secrets are kept. For the engine.
pub trait SecretSource: Send + Sync + fmt::Debug {
    /// The secret of that name; none if there is none. May block for as long as a person is asked.
    ///
    /// # Errors
    /// `secret_store`.
    fn get(&self, name: &SecretName) -> Result<Option<SecretText>, AppError>;
}

/// The one door through which a tool gets a secret's text. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Secrets {
    revealed: Revealed,
    source: Option<Arc<dyn SecretSource>>,
    pool: BlockingPool,
    cancel: CancellationToken,
}

impl Secrets {
    /// For an attempt: `revealed` is told each secret that the tool gets, those that are kept are in
    /// `source`, and whoever waits for one there hears `cancel`.
    #[must_use]
    pub const fn new(
        revealed: Revealed,
        source: Option<Arc<dyn SecretSource>>,
        pool: BlockingPool,
        cancel: CancellationToken,
    ) -> Self {
        Self {
            revealed,
            source,
            pool,
            cancel,
        }
    }

    /// The same, with those in `source`. For tests.
    #[must_use]
    pub fn with_source(mut self, source: Arc<dyn SecretSource>) -> Self {
        self.source = Some(source);
        self
    }

    /// The text of a secret. Ask at the last moment, and let go of it soon. From now on it is taken out
    /// of all that the job says.
    ///
    /// # Errors
    /// `secret_gone`, `unknown_secret`, `secret_store`, or if the job is to stop.
    pub async fn reveal(&self, secret: &Secret) -> Result<SecretText, ToolError> {
        let text = match &secret.0 {
            Form::Inline(text) => text.clone(),
            Form::Gone => return Err(error::secret_gone().into()),
            Form::Named(name) => self.find(name).await?,
        };
        self.revealed.add(&text);
        Ok(text)
    }

    async fn find(&self, name: &SecretName) -> Result<SecretText, ToolError> {
        let Some(source) = self.source.clone() else {
            let message =
                "There is no place here where secrets are kept. Type the secret in instead.";
            return Err(error::secret_store(message).into());
        };
        let wanted = name.clone();
        let found = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(ToolError::canceled()),
            found = self.pool.run(move || source.get(&wanted)) => found,
        };
        match found {
            Some(Ok(Some(text))) => Ok(text),
            Some(Ok(None)) => Err(error::unknown_secret(name).into()),
            Some(Err(error)) => Err(error.into()),
            // The runtime is going down.
            None => Err(ToolError::canceled()),
        }
    }
}
