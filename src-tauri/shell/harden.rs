//! What this process does to itself before anything clinical can reach it.

use std::io;

/// Freed memory of the C allocator is overwritten with the complement of this byte:
/// after two megabytes of summary had passed through the web view's bridge, copies
/// stayed in freed memory without it, and none with it.
#[cfg(target_os = "linux")]
const PERTURB: (&str, &str) = ("MALLOC_PERTURB_", "165");

/// Without the C library's cache per thread, which the setting above does not reach: a small
/// piece of memory that was freed kept all but its first 16 bytes there.
#[cfg(target_os = "linux")]
const NO_CACHE: (&str, &str) = ("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0");

/// WebKit has an allocator of its own, which overwrites nothing: with this set it uses the
/// C library's. What a page asks and is answered passes through it.
#[cfg(target_os = "linux")]
const NO_ALLOCATOR_OF_ITS_OWN: (&str, &str) = ("Malloc", "1");

/// Says that the process was started anew.
#[cfg(target_os = "linux")]
const STARTED_ANEW: (&str, &str) = ("INZAGE_STARTED_ANEW", "1");

/// A panic of a dependency may quote what it was given: only its place is told.
pub fn keep_panics_silent() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        eprintln!("inzage: a fault in the program at {place}");
    }));
}

/// No core dump, no debugger of the same user, and no clinical text in freed memory.
/// On Linux the process starts itself anew once, as the C library reads the setting at start.
///
/// # Errors
/// When the operating system refuses one of these.
#[cfg(target_os = "linux")]
pub fn harden() -> io::Result<()> {
    use std::os::unix::process::CommandExt;

    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

    if std::env::var_os(STARTED_ANEW.0).is_none() {
        let mut again = std::process::Command::new(std::env::current_exe()?);
        again.args(std::env::args_os().skip(1)).envs([
            PERTURB,
            NO_CACHE,
            NO_ALLOCATOR_OF_ITS_OWN,
            STARTED_ANEW,
        ]);
        return Err(again.exec());
    }
    keep_from_children();
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

/// The settings are for this process alone: those that show pages end at every lock, and the
/// software renderer of Mesa crashes in a process with the first of them.
#[cfg(target_os = "linux")]
#[allow(
    unsafe_code,
    reason = "there is no other way to change the environment"
)]
fn keep_from_children() {
    for (name, _) in [PERTURB, NO_CACHE, NO_ALLOCATOR_OF_ITS_OWN, STARTED_ANEW] {
        // SAFETY: called once, at start, while this is the only thread.
        unsafe { std::env::remove_var(name) };
    }
}
