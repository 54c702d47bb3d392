//! The states of allergies, contra-indications and treatment limits.

mod source;
mod summary;

use super::{Delivery, Evidence, State, StatementKind, WithheldCause};
use crate::domain::consent::every::{BOTH, every, or_none};

/// Every statement, signed and dated or not.
pub(super) fn statements() -> Vec<Evidence> {
    StatementKind::ALL
        .into_iter()
        .flat_map(|kind| BOTH.map(|attributed| Evidence { kind, attributed }))
        .collect()
}

/// Every list of at most `length` statements, in every order.
pub(super) fn lists_up_to(length: usize) -> Vec<Vec<Evidence>> {
    let mut all = vec![Vec::new()];
    let mut longest = all.clone();
    for _ in 0..length {
        longest = longest
            .iter()
            .flat_map(|list| {
                statements()
                    .into_iter()
                    .map(move |one| [list.as_slice(), &[one]].concat())
            })
            .collect();
        all.extend(longest.iter().cloned());
    }
    all
}

/// Every way of arriving: (delivery, withheld).
pub(super) fn arrivals() -> Vec<(Delivery, Option<WithheldCause>)> {
    let causes = or_none(WithheldCause::ALL);
    Delivery::ALL
        .into_iter()
        .flat_map(|delivery| {
            causes
                .clone()
                .into_iter()
                .map(move |cause| (delivery, cause))
        })
        .collect()
}

/// How sure a state is of what it says, most cautious first: the table of DOMAIN §4, told once more.
pub(super) fn rank(state: State) -> u8 {
    match state {
        State::WithheldByRule => 0,
        State::Awaited => 1,
        State::Unreachable => 2,
        State::Incomplete => 3,
        State::Contradictory => 4,
        State::Unreadable => 5,
        State::Known => 6,
        State::NotAsserted => 7,
        State::NoneKnown => 8,
    }
}

#[test]
fn the_order_of_the_states_is_the_order_of_the_list() {
    let every_state = every!(
        State: WithheldByRule, Awaited, Unreachable, Incomplete, Contradictory, Unreadable, Known, NotAsserted,
        NoneKnown
    );
    assert_eq!(State::ALL, every_state);
    assert!(State::ALL.is_sorted());
    assert_eq!(State::ALL.map(rank), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn the_published_lists_hold_every_variant() {
    assert_eq!(
        StatementKind::ALL,
        every!(StatementKind: Entry, Negated, NoneKnown, Scoped, NoInformation, Refuted, Unreadable)
    );
    assert_eq!(
        WithheldCause::ALL,
        every!(WithheldCause: Corona, NotEstablished, NationalRule)
    );
    // The kinds of delivery have no order or name of their own outside this module.
    assert_eq!(
        Delivery::ALL,
        every!(Delivery: Awaited, Failed, Whole, Partial)
    );
}
