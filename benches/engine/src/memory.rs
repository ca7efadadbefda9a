//! The resident size of this process, where the system tells it.
//!
//! What is held, by whom and how much of it, is the contenders' business.

/// Bytes of this process that are in memory now; `None` where the system has no such file.
///
/// From `/proc/self/status`, which counts in kilobytes: `statm` counts in pages, and how large a
/// page is can't be asked without unsafe code or another dependency.
pub fn resident_bytes() -> Option<u64> {
    resident_of(&std::fs::read_to_string("/proc/self/status").ok()?)
}

fn resident_of(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// How much larger the process is than it was; `None` where the system doesn't tell.
pub fn grown_since(before: Option<u64>) -> Option<u64> {
    Some(resident_bytes()?.saturating_sub(before?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_read_and_its_absence_is_no_number() {
        assert_eq!(
            resident_of("VmPeak:\t9 kB\nVmRSS:\t    12 kB\n"),
            Some(12 * 1024)
        );
        assert_eq!(resident_of("VmPeak:\t9 kB\n"), None);
    }

    #[test]
    fn what_is_touched_counts() {
        let before = resident_bytes();
        // Opaque, or an optimised build would do without it.
        let held = std::hint::black_box(vec![1_u8; 32 << 20]);
        if let Some(grown) = grown_since(before) {
            assert!(grown > 16 << 20, "{grown}");
        }
        assert_eq!(held[1 << 20], 1);
    }
}
