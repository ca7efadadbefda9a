//! How much memory a window's processes hold, and when the first of them began: as Linux tells it.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

/// A window's processes.
pub struct Processes {
    first: u32,
}

impl Processes {
    /// Those of the program that was started with this data folder.
    pub fn of(data_dir: &Path) -> Result<Self> {
        let folder = data_dir.to_str().context("the folder is not text")?;
        for entry in fs::read_dir("/proc")? {
            let entry = entry?;
            let Some(pid) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok())
            else {
                continue;
            };
            // What has gone meanwhile isn't it.
            let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let mut arguments = line.split(|byte| *byte == 0);
            let program = arguments.next().unwrap_or_default();
            let is_app =
                !program.ends_with(b"WebKitWebDriver") && !program.ends_with(b"WebProcess");
            if is_app && arguments.any(|argument| argument == folder.as_bytes()) {
                return Ok(Self { first: pid });
            }
        }
        anyhow::bail!("no process has the data folder {folder}")
    }

    /// Their proportional memory together, in MB: what they share counts by parts.
    pub fn memory(&self) -> Result<f64> {
        let mut family = vec![self.first];
        let parents: Vec<(u32, u32)> = fs::read_dir("/proc")?
            .filter_map(|entry| {
                let pid = entry.ok()?.file_name().to_str()?.parse().ok()?;
                Some((pid, field(pid, 1)?.parse().ok()?))
            })
            .collect();
        let mut place = 0;
        while let Some(parent) = family.get(place).copied() {
            let children = parents.iter().filter(|(_, of)| *of == parent);
            family.extend(children.map(|(pid, _)| *pid));
            place += 1;
        }
        let mut kilobytes = 0.0;
        for pid in &family {
            let Ok(rollup) = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")) else {
                continue;
            };
            let pss = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
            let number = pss.and_then(|pss| pss.split_whitespace().next());
            kilobytes += number.map_or(Ok(0.0), str::parse::<f64>)?;
        }
        ensure!(
            family.len() > 1 && kilobytes > 0.0,
            "the window has no processes"
        );
        Ok(kilobytes * 1_024.0 / 1e6)
    }

    /// When the first of them began, in milliseconds since 1970.
    pub fn began(&self) -> Result<f64> {
        /// Linux tells this in hundredths of a second everywhere.
        const TICKS: f64 = 100.0;
        let ticks = field(self.first, 19).context("the process has gone")?;
        let stat = fs::read_to_string("/proc/stat")?;
        let boot = stat.lines().find_map(|line| line.strip_prefix("btime "));
        let boot: f64 = boot.context("no boot time")?.trim().parse()?;
        // The boot's time is told in whole seconds only; what has passed since tells it better.
        let uptime = fs::read_to_string("/proc/uptime")?;
        let up: f64 = uptime.split(' ').next().unwrap_or_default().parse()?;
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
        let exact = now.as_secs_f64() - up;
        ensure!(
            (exact - boot).abs() < 2.0,
            "the clock was set since the start"
        );
        Ok((exact + ticks.parse::<f64>()? / TICKS) * 1_000.0)
    }
}

/// A field of `/proc/PID/stat`, counted from the one after the program's name.
fn field(pid: u32, place: usize) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    rest.split(' ').nth(place).map(str::to_owned)
}
