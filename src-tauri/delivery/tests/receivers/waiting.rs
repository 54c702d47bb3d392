//! Every wait has a limit, and says what was waited for.

use std::time::{Duration, Instant};

use inzage_delivery::{Delivery, State, Status};

/// Long enough for a loaded machine; a test that reaches it has failed.
pub const LIMIT: Duration = Duration::from_secs(90);

pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < LIMIT, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub fn status(delivery: &Delivery, at: usize) -> Status {
    delivery.statuses()[at].borrow().clone()
}

pub async fn until_code(delivery: &Delivery, code: &str) -> Status {
    until(code, || status(delivery, 0).state.code() == Some(code)).await;
    status(delivery, 0)
}

pub async fn until_all(delivery: &Delivery, at: usize, last: u64) -> Status {
    let begun = Instant::now();
    loop {
        let now = status(delivery, at);
        if now.state == State::Delivered && now.acknowledged >= last {
            return now;
        }
        assert!(begun.elapsed() < LIMIT, "not delivered: {now:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
