//! The system's keyring: the Secret Service (GNOME, KDE) on Linux, the Keychain on macOS, the Credential
//! Manager on Windows.

use keyring::{Entry, Error};
use toolroom_toolkit::SecretText;

use super::vault::{Trouble, Vault};

/// What a keyring shows as the owner of an entry.
const SERVICE: &str = "Toolroom";

/// The system's keyring.
#[derive(Debug)]
pub struct SystemKeyring;

impl Vault for SystemKeyring {
    fn get(&self, account: &str) -> Result<Option<SecretText>, Trouble> {
        match entry(account)?.get_password() {
            Ok(text) => Ok(Some(text.into())),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(&error)),
        }
    }

    fn set(&self, account: &str, secret: &SecretText) -> Result<(), Trouble> {
        let set = entry(account)?.set_password(secret);
        set.map_err(|error| refused(&error))
    }

    fn remove(&self, account: &str) -> Result<(), Trouble> {
        match entry(account)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(&error)),
        }
    }
}

fn entry(account: &str) -> Result<Entry, Trouble> {
    if let Err(error) = Entry::store_status() {
        return Err(Trouble::Absent(format!(
            "The system's keyring can't be reached ({}).",
            words(error)
        )));
    }
    Entry::new(SERVICE, account).map_err(|error| refused(&error))
}

fn refused(error: &Error) -> Trouble {
    Trouble::Refused(match error {
        Error::NoStorageAccess(_) => {
            "The system's keyring is locked, or it wasn't allowed to be used. Unlock it and try again.".to_owned()
        }
        Error::TooLong(_, limit) => format!(
            "The system's keyring takes at most {limit} characters. Keep a shorter secret."
        ),
        error => format!("The system's keyring refused ({}).", words(error)),
    })
}

/// Its words, but for those that may hold what it keeps.
fn words(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::Ambiguous(_) => {
            "it holds something else under that name".to_owned()
        }
        error => error.to_string(),
    }
}
