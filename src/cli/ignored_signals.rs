//! Signals that whoever started the process wants it to ignore, as `nohup` does.

/// Which signals are ignored, of those that nothing here hears. Elsewhere than on Linux nothing says so.
#[derive(Debug, Clone, Copy)]
pub(super) struct IgnoredSignals {
    /// The first signal is the lowest bit.
    #[cfg(target_os = "linux")]
    mask: u64,
}

impl IgnoredSignals {
    /// As they are now.
    #[cfg(target_os = "linux")]
    pub(super) fn read() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        Self { mask: mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default() }
    }

    /// Whether a signal is among them, by its number.
    #[cfg(target_os = "linux")]
    pub(super) const fn contain(self, signal: i32) -> bool {
        self.mask >> (signal - 1) & 1 == 1
    }

    /// None that is known.
    #[cfg(not(target_os = "linux"))]
    pub(super) const fn read() -> Self {
        Self {}
    }

    /// Never, as far as is known.
    #[cfg(not(target_os = "linux"))]
    pub(super) const fn contain(self, _: i32) -> bool {
        false
    }
}
