//! What each step of the tests does.
//!
//! Mostly other programs are started, whose own output stays visible. The order of the steps and
//! the account of them are kept in the module above.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::binaries::{self, Program};
use crate::needs::{self, Stage, WasmToolchain, tools, wasm};
use crate::page::{self, Page};
use crate::workspace::Workspace;
use crate::{codegen, npm, process, tidy, typescript};

/// How long the database of advisories may take to arrive before the tests go on without it.
const ADVISORIES_LIMIT: Duration = Duration::from_secs(20);

/// What the steps share.
pub struct Context<'a> {
    workspace: &'a Workspace,
    all: bool,
}

impl<'a> Context<'a> {
    /// For one run of the tests; `all` also asks for the slow tests.
    pub fn new(workspace: &'a Workspace, all: bool) -> Self {
        Self { workspace, all }
    }

    /// Installs what is missing.
    pub fn needs(&self) -> Result<()> {
        self.toolchain().map(|_| ())
    }

    /// Code is laid out by rustfmt.
    pub fn fmt(&self) -> Result<()> {
        process::run(&mut self.workspace.cargo(["fmt", "--all", "--check"])?)
    }

    /// The rules of the house.
    pub fn tidy(&self) -> Result<()> {
        tidy::run(self.workspace)
    }

    /// Generated files are up to date.
    pub fn codegen(&self) -> Result<()> {
        codegen::run(self.workspace, true)
    }

    /// The pages can be built, and lie in `dist/` for the steps to come.
    pub fn page(&self) -> Result<()> {
        let toolchain = self.toolchain()?;
        page::build(self.workspace, &toolchain, Page::App, false)?;
        page::build(self.workspace, &toolchain, Page::Lab, false)
    }

    /// No warnings, natively and for the pages.
    pub fn clippy(&self) -> Result<()> {
        page::ensure_some(self.workspace)?;
        process::run(&mut self.workspace.cargo([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])?)?;
        let toolchain = self.toolchain()?;
        if !toolchain.has_clippy {
            eprintln!(
                "clippy was not run on the pages for {}: it needs rustup's target, and the pages \
                 are built with {}",
                wasm::TARGET,
                toolchain.origin
            );
            return Ok(());
        }
        let arguments = [
            "clippy",
            "--package",
            "toolroom-ui",
            "--package",
            "toolroom-ipc-lab-page",
            "--features",
            "toolroom-ipc-lab-page/every-function",
            "--target",
            wasm::TARGET,
            "--",
            "-D",
            "warnings",
        ];
        let mut clippy = self.workspace.cargo(arguments)?;
        clippy.env("CARGO_TARGET_DIR", &self.workspace.wasm_target);
        process::run(&mut clippy)
    }

    /// Tests beside the code, and the examples in its documentation.
    pub fn unit(&self) -> Result<()> {
        self.toolchain()?;
        page::ensure_some(self.workspace)?;
        let mut test =
            self.workspace
                .cargo(["test", "--workspace", "--exclude", "toolroom-tests"])?;
        self.widen(&mut test);
        // The reference programs were installed: a test that doesn't find one fails.
        test.env("TOOLROOM_TEST_PROGRAMS", "1");
        process::run(&mut test)
    }

    /// The TypeScript client compiles, strictly, and does what it promises.
    pub fn typescript(&self) -> Result<()> {
        self.toolchain()?;
        typescript::test(self.workspace)
    }

    /// Tests from outside: the real window, also as those find it who see or point badly (axe), the
    /// real terminal program, the reference programs.
    pub fn end_to_end(&self) -> Result<()> {
        self.toolchain()?;
        npm::install(self.workspace, "tests/axe")?;
        page::ensure_some(self.workspace)?;
        let programs = [Program::Terminal, Program::Desktop, Program::Lab];
        let folder = binaries::programs(self.workspace, &programs, false)?;
        let mut test = self
            .workspace
            .cargo(["test", "--package", "toolroom-tests"])?;
        test.env("TOOLROOM_BIN_DIR", folder)
            .env(
                "TOOLROOM_B3SUM",
                tools::B3SUM.program(&self.workspace.cache),
            )
            .env(
                "TOOLROOM_SCREENSHOTS",
                self.workspace.root.join("tests/screenshots"),
            );
        self.widen(&mut test);
        process::run(&mut test)
    }

    /// Licences, sources and bans of all dependencies; advisories where their database can be
    /// reached.
    pub fn deny(&self) -> Result<()> {
        self.toolchain()?;
        process::run(
            &mut self
                .workspace
                .cargo(["deny", "check", "licenses", "bans", "sources"])?,
        )?;
        let mut fetch = self.workspace.cargo(["deny", "fetch", "db"])?;
        // Asking for a name and a password would only wait for somebody who is not there.
        fetch.env("GIT_TERMINAL_PROMPT", "0");
        if !process::succeeds_within(&mut fetch, ADVISORIES_LIMIT)? {
            eprintln!("advisories were not checked: their database cannot be reached from here");
            return Ok(());
        }
        process::run(&mut self.workspace.cargo([
            "deny",
            "check",
            "--disable-fetch",
            "advisories",
        ])?)
    }

    /// Every dependency is used.
    pub fn unused(&self) -> Result<()> {
        self.toolchain()?;
        let mut machete = self.workspace.cargo(["machete", "--skip-target-dir"])?;
        // By this variable, which cargo sets for us, it would think that it was not started by
        // cargo, and take its own name for a folder.
        machete.env_remove("CARGO_PKG_NAME");
        process::run(&mut machete)
    }

    /// The page can also be built with Debian's compiler. `dist/` stays as it is.
    pub fn wasm_debian(&self) -> Result<()> {
        self.toolchain()?;
        let debian = needs::ensure_wasm_from_debian(&self.workspace.cache)?;
        page::stage(self.workspace, &debian, Page::App, false)?;
        page::stage(self.workspace, &debian, Page::App, true).map(|_| ())
    }

    /// Installs what is missing at most once: afterwards the checks are cheap.
    fn toolchain(&self) -> Result<WasmToolchain> {
        needs::ensure(&self.workspace.cache, Stage::Test)
    }

    fn widen(&self, test: &mut Command) {
        if self.all {
            test.env("TOOLROOM_TEST_ALL", "1")
                .args(["--", "--include-ignored"]);
        }
    }
}
