//! `of_source`, against the table of DOMAIN §4.

use proptest::prelude::*;

use super::{arrivals, lists_up_to, rank, statements};
use crate::domain::state::{Delivery, Evidence, State, StatementKind, WithheldCause, of_source};

/// The table, told once more: every state whose evidence is there, and of those the first.
fn told(delivery: Delivery, withheld: Option<WithheldCause>, evidence: &[Evidence]) -> State {
    let count = |kind: StatementKind| evidence.iter().filter(|e| e.kind == kind).count();
    let signed = |kind: StatementKind| {
        evidence
            .iter()
            .filter(|e| e.kind == kind && e.attributed)
            .count()
    };
    let mut fitting = Vec::new();
    if count(StatementKind::NoneKnown) > 0 && signed(StatementKind::NoneKnown) > 0 {
        fitting.push(State::NoneKnown);
    }
    let only_scoped_or_refuted =
        count(StatementKind::Scoped) + count(StatementKind::Refuted) == evidence.len();
    let unsigned_none = count(StatementKind::NoneKnown) > signed(StatementKind::NoneKnown);
    // An empty list is one without anything else, too.
    if only_scoped_or_refuted
        || unsigned_none
        || count(StatementKind::NoInformation) + count(StatementKind::Negated) > 0
    {
        fitting.push(State::NotAsserted);
    }
    if count(StatementKind::Entry) > 0 {
        fitting.push(State::Known);
    }
    if count(StatementKind::Unreadable) > 0 {
        fitting.push(State::Unreadable);
    }
    if count(StatementKind::NoneKnown) > 0 && count(StatementKind::Entry) > 0 {
        fitting.push(State::Contradictory);
    }
    match delivery {
        Delivery::Partial => fitting.push(State::Incomplete),
        Delivery::Failed => fitting.push(State::Unreachable),
        Delivery::Awaited => fitting.push(State::Awaited),
        Delivery::Whole => {}
    }
    if withheld.is_some() {
        fitting.push(State::WithheldByRule);
    }
    fitting
        .into_iter()
        .min_by_key(|state| rank(*state))
        .expect("some evidence fits every list")
}

fn whole(evidence: &[Evidence]) -> State {
    of_source(Delivery::Whole, None, evidence)
}

fn signed(kind: StatementKind) -> Evidence {
    Evidence {
        kind,
        attributed: true,
    }
}

#[test]
fn the_state_is_that_of_the_table_for_every_list_of_three_however_it_arrived() {
    let lists = lists_up_to(3);
    assert_eq!(lists.len(), 1 + 14 + 14 * 14 + 14 * 14 * 14);
    for (delivery, withheld) in arrivals() {
        for list in &lists {
            let state = of_source(delivery, withheld, list);
            assert_eq!(
                state,
                told(delivery, withheld, list),
                "{delivery:?} {withheld:?} {list:?}"
            );
        }
    }
}

#[test]
fn none_known_needs_a_signed_statement_a_whole_delivery_and_nothing_against_it() {
    for (delivery, withheld) in arrivals() {
        for list in lists_up_to(3) {
            if of_source(delivery, withheld, &list) != State::NoneKnown {
                continue;
            }
            assert_eq!((delivery, withheld), (Delivery::Whole, None));
            assert!(list.contains(&signed(StatementKind::NoneKnown)), "{list:?}");
            for one in &list {
                let harmless = matches!(
                    one.kind,
                    StatementKind::NoneKnown | StatementKind::Scoped | StatementKind::Refuted
                );
                assert!(harmless, "\"none known\" beside {one:?}");
            }
        }
    }
}

#[test]
fn a_single_statement_has_the_state_of_its_kind() {
    for one in statements() {
        let expected = match (one.kind, one.attributed) {
            (StatementKind::Entry, _) => State::Known,
            (StatementKind::Unreadable, _) => State::Unreadable,
            (StatementKind::NoneKnown, true) => State::NoneKnown,
            _ => State::NotAsserted,
        };
        assert_eq!(whole(&[one]), expected, "{one:?}");
    }
}

#[test]
fn nothing_received_is_not_none() {
    assert_eq!(whole(&[]), State::NotAsserted);
}

#[test]
fn none_known_with_an_entry_beside_it_is_contradictory_signed_or_not() {
    for attributed in [false, true] {
        let none = Evidence {
            kind: StatementKind::NoneKnown,
            attributed,
        };
        assert_eq!(
            whole(&[none, signed(StatementKind::Entry)]),
            State::Contradictory
        );
    }
}

#[test]
fn a_refuted_entry_does_not_stand_in_the_way_of_none_known() {
    assert_eq!(
        whole(&[
            signed(StatementKind::Refuted),
            signed(StatementKind::NoneKnown)
        ]),
        State::NoneKnown
    );
}

#[test]
fn one_more_statement_makes_no_state_surer_but_by_what_it_says() {
    for list in lists_up_to(2) {
        for one in statements() {
            let longer = [list.as_slice(), &[one]].concat();
            let said = one.kind == StatementKind::NoneKnown && one.attributed;
            assert!(
                rank(whole(&longer)) <= rank(whole(&list)) || said,
                "{one:?} beside {list:?}"
            );
        }
    }
}

#[test]
fn a_part_that_is_missing_or_withheld_never_sounds_surer_than_the_whole() {
    for list in lists_up_to(3) {
        for (delivery, withheld) in arrivals() {
            let state = of_source(delivery, withheld, &list);
            let untouched = (delivery, withheld) == (Delivery::Whole, None);
            assert!(
                untouched || rank(state) < rank(whole(&list)),
                "{delivery:?} {withheld:?} {list:?}"
            );
        }
    }
}

#[test]
fn withheld_is_said_whatever_arrived_and_however() {
    for list in lists_up_to(2) {
        for (delivery, withheld) in arrivals() {
            let state = of_source(delivery, withheld, &list);
            assert_eq!(
                state == State::WithheldByRule,
                withheld.is_some(),
                "{delivery:?} {withheld:?} {list:?}"
            );
        }
    }
}

fn any_list() -> impl Strategy<Value = Vec<Evidence>> {
    proptest::collection::vec(proptest::sample::select(statements()), 0..40)
}

proptest! {
    #[test]
    fn long_lists_follow_the_table_too(list in any_list(), (delivery, withheld) in proptest::sample::select(arrivals())) {
        prop_assert_eq!(of_source(delivery, withheld, &list), told(delivery, withheld, &list));
    }

    #[test]
    fn the_order_received_makes_no_difference(
        (list, shuffled) in any_list().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        (delivery, withheld) in proptest::sample::select(arrivals()),
    ) {
        prop_assert_eq!(of_source(delivery, withheld, &list), of_source(delivery, withheld, &shuffled));
    }

    #[test]
    fn a_statement_said_twice_says_no_more_than_once(list in any_list()) {
        prop_assert_eq!(whole(&list), whole(&[list.as_slice(), &list].concat()));
    }
}
