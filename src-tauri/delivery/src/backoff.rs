//! Longer and longer pauses, and never quite the same: workstations that lost one receiver together do not
//! come back together.

use std::time::Duration;

use crate::pace::Pace;

#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    pub(crate) const fn reset(&mut self) {
        self.failures = 0;
    }

    /// The pause before the next try: doubled with each failure, up to the longest, and of that the
    /// upper half at random.
    pub(crate) fn next(&mut self, pace: &Pace) -> Duration {
        let doubled = pace
            .retry_first
            .saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures = self.failures.saturating_add(1);
        jittered(doubled.min(pace.retry_last), random())
    }
}

/// Between a half and the whole; `share` is of 65,536.
fn jittered(whole: Duration, share: u16) -> Duration {
    let half = whole / 2;
    half + half.mul_f64(f64::from(share) / 65_536.0)
}

/// Where the system gives no random number the pause is the shortest: nothing secret hangs on it.
fn random() -> u16 {
    let mut bytes = [0; 2];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u16::from_le_bytes(bytes),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_begin_anew_after_a_success() {
        let pace = Pace::default();
        let mut backoff = Backoff::default();
        let mut whole = pace.retry_first;
        for _ in 0..40 {
            let pause = backoff.next(&pace);
            assert!(pause >= whole / 2 && pause <= whole, "{pause:?} {whole:?}");
            whole = (whole * 2).min(pace.retry_last);
        }
        assert_eq!(whole, pace.retry_last);
        backoff.reset();
        assert!(backoff.next(&pace) <= pace.retry_first);
    }

    #[test]
    fn a_pause_is_at_least_half_and_below_the_whole() {
        let whole = Duration::from_secs(8);
        assert_eq!(jittered(whole, 0), whole / 2);
        assert!(jittered(whole, u16::MAX) < whole);
    }
}
