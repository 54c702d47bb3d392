//! Looking into what was received, on a thread that keeps nothing of it.
//!
//! A stack is not given back when a function returns: what stood in its frames stays until others
//! happen to stand there, and a thread that waits for the network stands still for hours.
//!
//! **Architecture Invariant:** what a source answered is parsed in [`apart`] and nowhere else by the window.

use core::hint::black_box;

use tokio::task::JoinError;

/// Wiped behind the work: readers go no deeper than their limits allow, and stay far above this.
const WIPED_BYTES: usize = 1 << 20;

/// Runs `work` where it holds up nobody, and wipes the stack that it stood on.
///
/// # Errors
/// Where the work panicked.
pub(crate) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    tokio::task::spawn_blocking(move || {
        let done = work();
        wipe();
        done
    })
    .await
}

/// Overwrites the stack below the caller.
#[inline(never)]
#[allow(
    clippy::large_stack_arrays,
    reason = "the stack is what is to be overwritten"
)]
fn wipe() {
    black_box(&mut [0_u8; WIPED_BYTES]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_done_comes_back_and_a_panic_is_an_error() {
        assert_eq!(apart(|| 6 * 7).await.unwrap(), 42);
        assert!(apart(|| panic!("on purpose")).await.is_err());
    }

    /// The kernel shows a process its own memory as it stands; the thread waits for more work meanwhile.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn the_stack_that_the_work_stood_on_is_wiped() {
        use std::fs::File;
        use std::os::unix::fs::FileExt;

        const WORD: [u8; 64] = *b"words of a patient that stand on a stack and nowhere else at all";
        /// Stands on the stack some times over in a debug build.
        const ROOM: usize = WIPED_BYTES / 8;
        fn bytes_at(at: usize) -> [u8; WORD.len()] {
            let mut bytes = [0; WORD.len()];
            let memory = File::open("/proc/self/mem").unwrap();
            memory.read_exact_at(&mut bytes, at as u64).unwrap();
            bytes
        }
        #[inline(never)]
        fn stand() -> (usize, [u8; WORD.len()]) {
            let word = black_box(WORD);
            let at = core::ptr::from_ref(&word).addr();
            (at, bytes_at(at))
        }
        // Deeper than anything that the thread does afterwards.
        #[inline(never)]
        fn stand_deep() -> (usize, [u8; WORD.len()]) {
            let room = black_box([1_u8; ROOM]);
            let stood = stand();
            black_box(&room);
            stood
        }
        let (at, seen) = apart(stand_deep).await.unwrap();
        assert_eq!(seen, WORD, "it stood there");
        assert_ne!(bytes_at(at), WORD, "it stands there still");
    }
}
