//! One typed call; what the commands of a generated client are made of.

use serde::{Serialize, de::DeserializeOwned};

use crate::{IpcError, Transport, error::sentence};

/// The arguments of a command that takes none.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct NoArgs {}

/// Calls `command` with the fields of `args`, whose keys are in lowerCamelCase, and gives what it
/// answers. A command that answers with raw bytes gives a `Vec<u8>`.
///
/// A generated client does this for every command of its contract; by hand it is for those of
/// plugins, as `plugin:log|log`.
///
/// # Errors
/// Whatever stood in the way, told apart.
pub async fn call<T, E>(
    transport: &dyn Transport,
    command: &'static str,
    args: &impl Serialize,
) -> Result<T, IpcError<E>>
where
    T: DeserializeOwned + 'static,
    E: DeserializeOwned + 'static,
{
    let args = serde_json::to_string(args)
        .map_err(|why| IpcError::BadArguments(sentence(command, why)))?;
    match transport.invoke(command, args).await {
        Ok(answer) => answer
            .decode()
            .map_err(|why| IpcError::Decode(sentence(command, why))),
        Err(rejection) => Err(IpcError::from_rejection(command, rejection)),
    }
}
