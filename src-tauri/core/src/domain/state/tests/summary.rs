//! `of_summary`, against the order and the exceptions of DOMAIN §4.

use proptest::prelude::*;

use super::{arrivals, lists_up_to, rank};
use crate::domain::consent::every::{BOTH, or_none};
use crate::domain::state::{Contribution, State, of_source, of_summary};

/// Everything a source can be counted as, the impossible among it: the function is total.
fn contributions() -> Vec<Contribution> {
    let mut all = Vec::new();
    for state in or_none(State::ALL) {
        for has_statement in BOTH {
            for has_entry in BOTH {
                for has_none_known in BOTH {
                    all.push(Contribution {
                        state,
                        has_statement,
                        has_entry,
                        has_none_known,
                    });
                }
            }
        }
    }
    all
}

/// Every contribution that real sources make, with up to three statements each.
fn real_contributions() -> Vec<Contribution> {
    let mut all = vec![Contribution::REFUSED];
    for (delivery, withheld) in arrivals() {
        for list in lists_up_to(3) {
            let made = Contribution::permitted(of_source(delivery, withheld, &list), &list);
            if !all.contains(&made) {
                all.push(made);
            }
        }
    }
    all
}

/// The prose, told once more: what each exception makes of the sources, then the first in the order.
fn told(sources: &[Contribution]) -> State {
    let permitted: Vec<Contribution> = sources
        .iter()
        .copied()
        .filter(|c| c.state.is_some())
        .collect();
    let refused = sources.len() - permitted.len();
    let silent = [State::WithheldByRule, State::Awaited, State::Unreachable];
    let answering: Vec<&Contribution> = permitted
        .iter()
        .filter(|c| c.state.is_some_and(|s| !silent.contains(&s)))
        .collect();
    let mut said: Vec<State> = permitted.iter().filter_map(|c| c.state).collect();
    // "`unreachable` stands only if no permitted source delivered that part, otherwise it is `incomplete`"
    if answering.iter().any(|c| c.has_statement) && said.contains(&State::Unreachable) {
        said.retain(|state| *state != State::Unreachable);
        said.push(State::Incomplete);
    }
    // "a refused source beside a delivering one is `incomplete`"
    if refused > 0 && !answering.is_empty() {
        said.push(State::Incomplete);
    }
    // "'none known' in one source beside an entry in another is `contradictory`"
    for (at, one) in sources.iter().enumerate() {
        let mut others = sources.iter().enumerate().filter(|(other, _)| *other != at);
        if one.has_none_known && others.any(|(_, c)| c.has_entry) {
            said.push(State::Contradictory);
        }
    }
    said.sort_by_key(|state| rank(*state));
    said.first().copied().unwrap_or(State::NotAsserted)
}

fn state_of(state: State) -> Contribution {
    Contribution {
        state: Some(state),
        has_statement: matches!(
            state,
            State::Contradictory | State::Unreadable | State::Known | State::NoneKnown
        ),
        has_entry: matches!(state, State::Contradictory | State::Known),
        has_none_known: matches!(state, State::Contradictory | State::NoneKnown),
    }
}

/// Every multiset of three, with what `check` says of it.
fn for_every_three(all: &[Contribution], check: impl Fn(&[Contribution])) {
    check(&[]);
    for (i, a) in all.iter().enumerate() {
        check(&[*a]);
        for (j, b) in all.iter().enumerate().skip(i) {
            check(&[*a, *b]);
            for c in &all[j..] {
                check(&[*a, *b, *c]);
            }
        }
    }
}

#[test]
fn the_state_is_that_of_the_prose_for_every_three_sources() {
    for_every_three(&contributions(), |sources| {
        assert_eq!(of_summary(sources), told(sources), "{sources:?}");
    });
}

#[test]
fn the_order_of_the_sources_makes_no_difference() {
    for_every_three(&contributions(), |sources| {
        if let [a, b, c] = *sources {
            let one_way = of_summary(&[a, b, c]);
            for another in [[a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]] {
                assert_eq!(of_summary(&another), one_way, "{another:?}");
            }
        }
    });
}

#[test]
fn the_summary_is_never_surer_than_any_of_its_permitted_sources() {
    for_every_three(&real_contributions(), |sources| {
        let summary = of_summary(sources);
        for state in sources.iter().filter_map(|source| source.state) {
            let named_exception = (state, summary) == (State::Unreachable, State::Incomplete);
            assert!(
                rank(summary) <= rank(state) || named_exception,
                "{summary:?} over {sources:?}"
            );
        }
    });
}

#[test]
fn none_known_of_a_summary_is_none_known_at_every_source_and_nobody_refused() {
    for_every_three(&real_contributions(), |sources| {
        let unanimous =
            !sources.is_empty() && sources.iter().all(|s| s.state == Some(State::NoneKnown));
        assert_eq!(
            of_summary(sources) == State::NoneKnown,
            unanimous,
            "{sources:?}"
        );
    });
}

#[test]
fn a_single_source_speaks_for_itself() {
    for state in State::ALL {
        assert_eq!(of_summary(&[state_of(state)]), state);
    }
}

#[test]
fn no_source_at_all_is_nothing_received() {
    assert_eq!(of_summary(&[]), State::NotAsserted);
    assert_eq!(of_summary(&[Contribution::REFUSED]), State::NotAsserted);
}

#[test]
fn withheld_at_one_source_is_withheld_in_the_summary() {
    for other in real_contributions() {
        assert_eq!(
            of_summary(&[state_of(State::WithheldByRule), other]),
            State::WithheldByRule,
            "{other:?}"
        );
    }
}

#[test]
fn an_entry_at_one_pharmacy_and_none_known_at_the_practice_is_contradictory() {
    assert_eq!(
        of_summary(&[state_of(State::Known), state_of(State::NoneKnown)]),
        State::Contradictory
    );
}

#[test]
fn a_refused_source_beside_one_that_answered_leaves_the_list_incomplete() {
    for state in [
        State::Incomplete,
        State::Contradictory,
        State::Unreadable,
        State::Known,
        State::NotAsserted,
        State::NoneKnown,
    ] {
        assert_eq!(
            of_summary(&[Contribution::REFUSED, state_of(state)]),
            State::Incomplete,
            "{state:?}"
        );
    }
}

#[test]
fn a_time_out_is_incomplete_only_beside_a_source_that_has_something_of_the_part() {
    let out_of_reach = state_of(State::Unreachable);
    assert_eq!(
        of_summary(&[out_of_reach, state_of(State::Known)]),
        State::Incomplete
    );
    assert_eq!(
        of_summary(&[out_of_reach, state_of(State::NoneKnown)]),
        State::Incomplete
    );
    assert_eq!(
        of_summary(&[out_of_reach, state_of(State::NotAsserted)]),
        State::Unreachable
    );
    assert_eq!(
        of_summary(&[out_of_reach, Contribution::REFUSED]),
        State::Unreachable
    );
}

fn any_sources() -> impl Strategy<Value = Vec<Contribution>> {
    proptest::collection::vec(proptest::sample::select(contributions()), 0..24)
}

proptest! {
    #[test]
    fn many_sources_follow_the_prose_too(sources in any_sources()) {
        prop_assert_eq!(of_summary(&sources), told(&sources));
    }

    #[test]
    fn many_sources_in_any_order_say_the_same(
        (sources, shuffled) in any_sources().prop_flat_map(|s| (Just(s.clone()), Just(s).prop_shuffle())),
    ) {
        prop_assert_eq!(of_summary(&sources), of_summary(&shuffled));
    }

    #[test]
    fn one_more_source_that_is_not_reached_or_refused_never_makes_the_summary_surer(
        sources in proptest::collection::vec(proptest::sample::select(real_contributions()), 1..24),
        more in proptest::sample::select(vec![Contribution::REFUSED, state_of(State::Awaited), state_of(State::WithheldByRule)]),
    ) {
        let with_it = [sources.as_slice(), &[more]].concat();
        prop_assert!(rank(of_summary(&with_it)) <= rank(of_summary(&sources)));
    }
}
