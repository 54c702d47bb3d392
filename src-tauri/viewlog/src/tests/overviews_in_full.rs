//! What an overview must say of itself and of a look-up, lest something stay out of sight.

use inzage_core::domain::event::What;

use super::overviews::{append, ask, at, day, heading, of_patient, requested, seen};
use super::{event, open};
use crate::overview::{Heading, Language, Question, Verdict, for_patient, json, table};

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

#[test]
fn what_verification_remarks_on_is_a_warning_above_the_rows() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    // The clock was set back by a day, and what was seen then is of another day than it says.
    seen(&mut log, 2, "2026-11-21T01:14");
    let found = ask(&folder, &of_patient());
    let with = |verdict: Verdict| Heading {
        verdict: Some(verdict),
        ..heading()
    };
    let warnings = |heading: &Heading| -> Vec<String> {
        let notices = table(&found, heading, None, Language::Nl).notices;
        let warns = notices.into_iter().filter(|notice| notice.warns);
        warns.map(|notice| notice.said).collect()
    };
    assert_eq!(warnings(&heading()), [""; 0]);
    let verified = || crate::verify(folder.path());
    let remarked = with(Verdict::of(verified(), true));
    let warned = warnings(&remarked);
    let [one] = warned.as_slice() else {
        panic!("{warned:?}")
    };
    assert!(
        one.contains("bij 1 regels liep de klok") && one.contains("buiten de gevraagde periode"),
        "{one}"
    );
    let value: serde_json::Value = serde_json::from_str(&json(&found, &remarked, None)).unwrap();
    let verdict = &value["verified"];
    assert_eq!(
        (&verdict["intact"], &verdict["keychain"]),
        (&true.into(), &true.into())
    );
    assert_eq!(verdict["remarks"][0]["code"], "remark_clock_back");
    assert_eq!(verdict["remarks"][0]["entry"], 6);

    // Without the keychain its end is not looked into. Of a copy nobody can.
    let mut alone = with(Verdict::of(verified(), false));
    assert_eq!(warnings(&alone).len(), 2);
    assert!(warnings(&alone)[0].contains("sleutelbos"));
    alone.opening = None;
    assert_eq!(warnings(&alone), warned);

    let more = with(Verdict::Intact {
        keychain: true,
        remarks: vec![crate::Remark {
            class: crate::RemarkClass::KeychainLost,
            sequence: 4,
        }],
        remarks_more: 7,
    });
    let [lost, others] = warnings(&more).try_into().unwrap();
    assert!(lost.contains("vanaf nummer 4 "), "{lost}");
    assert!(others.contains("nog iets op, 7 keer"), "{others}");
}
