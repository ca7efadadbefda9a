//! What archives are opened with: the programs that people have, and `extract`.

use super::*;

/// Something that opens archives of one format.
#[derive(Clone, Copy, Debug)]
pub struct Opener {
    pub format: &'static str,
    /// None is `extract`.
    program: Option<&'static str>,
    /// Tests the archive and unpacks it into the folder `out`.
    line: &'static str,
    /// Whether any bytes may be a name, as on disk.
    pub knows_all_names: bool,
}

const fn program(format: &'static str, program: &'static str, line: &'static str) -> Opener {
    Opener {
        format,
        program: Some(program),
        line,
        knows_all_names: true,
    }
}

const fn extract(format: &'static str) -> Opener {
    Opener {
        format,
        program: None,
        line: "",
        knows_all_names: true,
    }
}

const OPENERS: [Opener; 12] = [
    // To unzip a backslash is a slash.
    Opener {
        knows_all_names: false,
        ..program(
            "zip",
            "unzip",
            "unzip -qq -t a.zip && unzip -q a.zip -d out",
        )
    },
    // These only test; the second unpacks into names of its own choice.
    Opener {
        knows_all_names: false,
        ..program("zip", "zip", "zip -q -T a.zip && unzip -q a.zip -d out")
    },
    Opener {
        knows_all_names: false,
        ..program("zip", "7z", "7z t -bd a.zip && unzip -q a.zip -d out")
    },
    Opener {
        knows_all_names: false,
        ..program("zip", "bsdtar", "bsdtar -xpf a.zip -C out")
    },
    program("tar", "tar", "tar -xpf a.tar -C out"),
    program("tar", "bsdtar", "bsdtar -xpf a.tar -C out"),
    program(
        "tar.gz",
        "gzip",
        "gzip -t a.tar.gz && tar -xpzf a.tar.gz -C out",
    ),
    program(
        "tar.zst",
        "zstd",
        "zstd -q -t a.tar.zst && tar --zstd -xpf a.tar.zst -C out",
    ),
    extract("zip"),
    extract("tar"),
    extract("tar.gz"),
    extract("tar.zst"),
];

/// Those that are here. With `TOOLROOM_TEST_PROGRAMS` set, all that are needed must be.
pub fn openers() -> Vec<Opener> {
    let is_here = |opener: &Opener| {
        let Some(program) = opener.program else {
            return true;
        };
        let found = match program {
            // Not installed for tests: a second opinion where it is.
            "bsdtar" => installed_program(program),
            _ => reference_program(program),
        };
        found.is_some()
    };
    OPENERS.into_iter().filter(is_here).collect()
}

impl Opener {
    /// Opens `a.FORMAT` into a new folder `out`.
    pub async fn open(self, folder: &TestFolder) {
        let into = folder.join("out");
        if into.exists() {
            fs::remove_dir_all(&into).unwrap();
        }
        fs::create_dir(&into).unwrap();
        if self.program.is_none() {
            let archive = format!("a.{}", self.format);
            let end = TestRun::of(toolroom_tools::extract::Extract)
                .within(folder)
                .input(json!({ "archive": archive, "into": "out" }))
                .run()
                .await;
            assert!(end.output()["skipped"].as_array().unwrap().iter().all(
                // It makes no links that lead out.
                |skipped| skipped["reason"] == "link_leads_out"
            ));
            return;
        }
        let end = Command::new("sh")
            .args(["-ec", self.line])
            // Names are bytes.
            .env("LC_ALL", "C.UTF-8")
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&end.stderr);
        assert!(end.status.success(), "{}: {said}", self.line);
    }

    /// Whether it makes links that lead out of the folder.
    pub fn makes_all_links(self) -> bool {
        self.program.is_some()
    }
}
