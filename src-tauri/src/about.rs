//! What this app is made of.

use toolroom_shared::{About, PartLicence, PartVersion, contract_hash};

/// Everything that is built in, with its licence: a line each.
const LICENCES: &str = include_str!("../licences.txt");

/// What this app is made of, with its data folder.
pub fn about(data_folder: String) -> About {
    let part = |name: &str, version: String| PartVersion {
        name: name.to_owned(),
        version,
    };
    let webview = tauri::webview_version().unwrap_or_else(|_| "not known".to_owned());
    About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        contract_hash: contract_hash().to_owned(),
        data_folder,
        system: format!("{} ({})", std::env::consts::OS, std::env::consts::ARCH),
        parts: vec![
            part("Tauri", tauri::VERSION.to_owned()),
            part(WEBVIEW, webview),
            part("SQLite", toolroom_engine::sqlite_version().to_owned()),
        ],
        licences: LICENCES.lines().filter_map(licence).collect(),
    }
}

const WEBVIEW: &str = if cfg!(target_os = "linux") {
    "WebKitGTK"
} else if cfg!(windows) {
    "WebView2"
} else {
    "WebKit"
};

/// What a line says; a header says nothing.
fn licence(line: &str) -> Option<PartLicence> {
    let mut words = line.split('\t').map(str::to_owned);
    Some(PartLicence {
        name: words.next()?,
        version: words.next()?,
        licence: words.next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_built_in_has_a_name_a_version_and_a_licence() {
        let about = about(String::new());
        for name in ["tauri", "rusqlite", "leptos"] {
            assert!(
                about.licences.iter().any(|part| part.name == name),
                "{name}"
            );
        }
        for part in about.licences {
            assert!(
                !part.version.is_empty() && !part.licence.is_empty(),
                "{part:?}"
            );
        }
    }
}
