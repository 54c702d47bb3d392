//! Looking into what was received, on a thread that keeps nothing of it.
//!
//! A stack is not given back when a function returns: what stood in its frames stays until others
//! happen to stand there, and a thread that waits for the network stands still for hours.
//!
//! **Architecture Invariant:** received content is parsed in [`apart`] and nowhere else by the window.

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
}
