//! What an overview must say of itself and of a look-up, lest something stay out of sight.

use inzage_core::domain::event::What;

use super::overviews::{append, ask, at, day, heading, of_patient, requested, seen};
use super::{event, open};
use crate::overview::{Language, Question, for_patient};

#[test]
fn that_data_arrived_is_said_whatever_failed_or_was_refused_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let delivered = || What::Delivered {
        source: "Huisartsenpraktijk Rietveld".into(),
        ura: None,
    };
    let failed = What::Failed {
        source: Some("Huisartsenpraktijk ’t Veld".into()),
        code: "timeout".into(),
    };
    let refused = What::Refused {
        source: None,
        reason: "measure_stopped".into(),
    };
    // No release follows: the disk is full, or the app was stopped.
    for (number, then) in [failed, refused].into_iter().enumerate() {
        for (second, what) in [requested(), delivered(), then].into_iter().enumerate() {
            let time = format!("2026-11-22T01:1{number}:0{second}");
            append(&mut log, &at(event(what), &time, &format!("r{number}")));
        }
    }
    let found = ask(&folder, &of_patient());
    let codes: Vec<_> = found.rows.iter().map(|row| row.outcome.code()).collect();
    assert_eq!(codes, ["delivered", "delivered"]);
    let told = for_patient(&found, &heading(), Language::Nl).join("\n");
    for said in [
        "is ontvangen; nergens staat dat zij getoond is. Van deze bron is niets gekomen: Huisartsenpraktijk ’t Veld.",
        "is ontvangen; nergens staat dat zij getoond is. Niet toegestaan: coronamaatregel gestopt.",
    ] {
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn a_period_to_the_end_of_all_years_has_everything() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    for (from, to, bounded) in [
        ("0000-01-01", "9999-12-31", (false, false)),
        ("0001-01-01", "9999-12-29", (true, true)),
        ("-0500-01-01", "+12000-01-01", (false, false)),
    ] {
        let question = Question {
            from: day(from),
            to: day(to),
            ..of_patient()
        };
        assert!(question.from.is_some() && question.to.is_some(), "{to}");
        let found = ask(&folder, &question);
        assert_eq!(found.rows.len(), 1, "{from} to {to}");
        let (begin, end) = question.moments();
        assert_eq!((begin.is_some(), end.is_some()), bounded, "{from} to {to}");
    }
    let never = Question {
        from: day("+12000-01-01"),
        ..of_patient()
    };
    assert!(ask(&folder, &never).rows.is_empty());
}
