//! How much is kept, what was done to it, and what the app is made of.

use proptest::{collection::vec, prelude::*};
use toolroom_shared::{About, CleanUp, HistoryCopy, PartLicence, PartVersion, StorageReport};

use super::json::{text, whole};

pub fn storage() -> impl Strategy<Value = StorageReport> {
    (text(), any::<u32>(), [whole(), whole(), whole(), whole()]).prop_map(
        |(folder, jobs, [database_bytes, outputs_bytes, audit_bytes, window_bytes])| {
            StorageReport {
                folder,
                jobs,
                database_bytes,
                outputs_bytes,
                audit_bytes,
                window_bytes,
            }
        },
    )
}

pub fn clean_up() -> impl Strategy<Value = CleanUp> {
    (any::<u32>(), whole()).prop_map(|(jobs, output_bytes)| CleanUp { jobs, output_bytes })
}

pub fn history_copy() -> impl Strategy<Value = HistoryCopy> {
    any::<[u32; 2]>().prop_map(|[jobs, left_out]| HistoryCopy { jobs, left_out })
}

pub fn about() -> impl Strategy<Value = About> {
    let part = || (text(), text()).prop_map(|(name, version)| PartVersion { name, version });
    let licence = (text(), text(), text()).prop_map(|(name, version, licence)| PartLicence {
        name,
        version,
        licence,
    });
    let texts = (text(), text(), text(), text());
    (texts, vec(part(), 0..3), vec(licence, 0..3)).prop_map(|(texts, parts, licences)| {
        let (version, contract_hash, data_folder, system) = texts;
        About {
            version,
            contract_hash,
            data_folder,
            system,
            parts,
            licences,
        }
    })
}
