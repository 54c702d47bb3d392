//! Wrong PINs: counted per person, with a pause that grows.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Wrong PINs before the first pause: a slip and two more.
const TRIES_MAX: u32 = 3;
/// The first pause.
const PAUSE_FIRST: Duration = Duration::from_secs(30);
/// The longest: at this pace the ten thousand PINs of four digits take a month.
const PAUSE_MAX: Duration = Duration::from_secs(300);

/// Whose tries these are, for what is no person's own.
pub(crate) const SUPERVISOR: &str = "supervisor";

/// The wrong PINs of everybody since the app started. Nobody's right one clears another's.
#[derive(Default)]
pub(crate) struct Tries(BTreeMap<String, Wrong>);

#[derive(Default)]
struct Wrong {
    count: u32,
    next_at: Option<Instant>,
}

impl Tries {
    /// Seconds until this person's next try is taken, if there is a pause.
    pub(crate) fn pause(&self, who: &str, now: Instant) -> Option<u32> {
        let left = self.0.get(who)?.next_at?.checked_duration_since(now)?;
        (!left.is_zero()).then(|| {
            u32::try_from(left.as_secs())
                .unwrap_or(u32::MAX)
                .saturating_add(1)
        })
    }

    /// A wrong PIN; the pause it causes, in seconds.
    pub(crate) fn wrong(&mut self, who: &str, now: Instant) -> u32 {
        let wrong = self.0.entry(who.to_owned()).or_default();
        wrong.count = wrong.count.saturating_add(1);
        let Some(beyond) = wrong.count.checked_sub(TRIES_MAX) else {
            return 0;
        };
        let pause = PAUSE_FIRST
            .saturating_mul(1_u32 << beyond.min(8))
            .min(PAUSE_MAX);
        wrong.next_at = Some(now + pause);
        u32::try_from(pause.as_secs()).unwrap_or(u32::MAX)
    }

    /// The right one: this person begins anew.
    pub(crate) fn right(&mut self, who: &str) {
        self.0.remove(who);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_wrong_pin_pauses_and_each_further_one_pauses_longer() {
        let (mut tries, start) = (Tries::default(), Instant::now());
        assert_eq!(
            [0, 1, 2, 3, 4].map(|_| tries.wrong("a", start)),
            [0, 0, 30, 60, 120]
        );
        assert_eq!(tries.pause("a", start), Some(121));
        assert_eq!(tries.pause("a", start + Duration::from_secs(121)), None);
        assert_eq!((0..20).map(|_| tries.wrong("a", start)).last(), Some(300));
    }

    #[test]
    fn nobodys_right_pin_clears_anothers_wrong_ones() {
        let (mut tries, now) = (Tries::default(), Instant::now());
        tries.wrong("a", now);
        tries.wrong("a", now);
        tries.right("b");
        assert_eq!(tries.wrong("a", now), 30);
    }
}
