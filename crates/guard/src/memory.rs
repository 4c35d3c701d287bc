//! The memory of this process.

use std::io;

/// The address space that a process may use beyond its memory and its stacks: the program, arenas of the allocator.
const RESERVED: u64 = 768 << 20;

/// Limits the address space of this process, as a second limit besides `memory` MiB of resident
/// memory. The limit is twice `memory`, because a growing table exists twice for a moment, plus `reserved` MiB for
/// stacks, plus 768 MiB.
///
/// On systems other than Unix the call does nothing.
///
/// # Errors
/// The system refuses.
#[cfg(unix)]
pub fn limit_address_space(memory: u64, reserved: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let stacks = reserved.saturating_mul(1 << 20);
    let wanted = memory
        .saturating_mul(2 << 20)
        .saturating_add(stacks)
        .saturating_add(RESERVED);
    let now = getrlimit(Resource::As);
    // A lower limit of the system or the user stays.
    let lowest = |limit: Option<u64>| limit.map_or(wanted, |limit| limit.min(wanted));
    let current = lowest(now.maximum).min(lowest(now.current));
    Ok(setrlimit(
        Resource::As,
        Rlimit {
            current: Some(current),
            maximum: now.maximum,
        },
    )?)
}

/// Does nothing: this system has no such limit.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn limit_address_space(_memory: u64, _reserved: u64) -> io::Result<()> {
    Ok(())
}

/// The resident bytes of this process. `None` on systems other than Linux.
#[must_use]
pub fn resident() -> Option<u64> {
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kibibytes: u64 = line.split_ascii_whitespace().next()?.parse().ok()?;
        kibibytes.checked_mul(1 << 10)
    }
    #[cfg(not(target_os = "linux"))]
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn touched_memory_is_resident() {
        let before = resident().unwrap();
        let touched = vec![1_u8; 64 << 20];
        let after = resident().unwrap();
        assert!(after > before + (32 << 20), "{before} {after}");
        assert_eq!(touched[touched.len() / 2], 1);
    }
}
