//! What this process does to itself before anything clinical can reach it.

use std::io;

/// Freed memory of the C allocator is overwritten with the complement of this byte:
/// after two megabytes of summary had passed through the web view's bridge, copies
/// stayed in freed memory without it, and none with it.
#[cfg(target_os = "linux")]
const PERTURB: &str = "165";

/// No core dump, no debugger of the same user, and no clinical text in freed memory.
/// On Linux the process starts itself anew once, as the C library reads the setting at start.
///
/// # Errors
/// When the operating system refuses one of these.
#[cfg(target_os = "linux")]
pub fn harden() -> io::Result<()> {
    use std::os::unix::process::CommandExt;

    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

    if std::env::var_os("MALLOC_PERTURB_").is_none() {
        let mut again = std::process::Command::new(std::env::current_exe()?);
        again
            .args(std::env::args_os().skip(1))
            .env("MALLOC_PERTURB_", PERTURB);
        return Err(again.exec());
    }
    setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    )?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// Elsewhere the zeroing allocator is what there is.
///
/// # Errors
/// None.
#[cfg(not(target_os = "linux"))]
#[allow(clippy::unnecessary_wraps, reason = "the same call on every platform")]
pub const fn harden() -> io::Result<()> {
    Ok(())
}
