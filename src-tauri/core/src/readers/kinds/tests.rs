//! What counts as "none known", code by code.

use proptest::prelude::*;

use super::*;
use crate::domain::date::PartialDate;

const SNOMED: &str = "2.16.840.1.113883.6.96";

fn coded(system: &str, code: &str, display: &str) -> Coded {
    Coded {
        code: Some(code.to_owned()),
        system: Some(system.to_owned()),
        display: Some(display.to_owned()),
        ..Coded::default()
    }
}

fn said<'s>(text: Option<&'s str>, value: Option<&'s Coded>, period: &'s Period) -> Said<'s> {
    Said {
        section: Section::Allergies,
        negated: Ok(false),
        status: Some("completed"),
        text,
        value,
        code: None,
        more: false,
        null_flavor: false,
        uncertain: false,
        period,
    }
}

fn kind(text: Option<&str>, value: Option<&Coded>) -> StatementKind {
    kind_of(&said(text, value, &Period::default())).0
}

#[test]
fn an_empty_section_is_a_none_only_where_reason_and_words_agree() {
    let reason = |code: &str| {
        coded(
            "http://terminology.hl7.org/CodeSystem/list-empty-reason",
            code,
            "Nil Known",
        )
    };
    let nil = reason("nilknown");
    for words in [
        None,
        Some("No known active allergies"),
        Some("Geen bekende allergieën."),
    ] {
        assert_eq!(of_empty_reason(&nil, words), StatementKind::NoneKnown);
    }
    assert_eq!(
        of_empty_reason(&nil, Some("Penicillin")),
        StatementKind::NoInformation
    );
    for other in [
        "notasked",
        "withheld",
        "unavailable",
        "notstarted",
        "closed",
        "nil",
    ] {
        assert_eq!(
            of_empty_reason(&reason(other), None),
            StatementKind::NoInformation,
            "{other}"
        );
    }
    assert_eq!(
        of_empty_reason(&coded("urn:other", "nilknown", "Nil Known"), None),
        StatementKind::NoInformation
    );
}

#[test]
fn an_absence_of_medication_says_nothing_about_allergies() {
    const ABSENT: &str = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
    assert!(says_no_allergies(ABSENT, "no-known-medication-allergies"));
    assert!(says_no_allergies(ABSENT, "no-allergy-info"));
    assert!(!says_no_allergies(ABSENT, "no-known-medications"));
    assert!(!says_no_allergies(ABSENT, "no-problem-info"));
}

#[test]
fn a_written_allergy_without_a_code_is_an_entry() {
    for text in [
        "penicilline anafylaxie",
        "Geen penicilline!",
        "allergisch voor latex",
        "geen allergie behalve noten",
    ] {
        assert_eq!(kind(Some(text), None), StatementKind::Entry, "{text}");
    }
}

#[test]
fn a_written_absence_gives_no_information_and_never_a_none() {
    for text in [
        "No known allergies",
        "Geen bekende allergieën.",
        "geen allergieen bekend bij navraag",
        "NKDA",
        "Geen",
        "onbekend",
        "Geen intoleranties of contra-indicaties",
        "n.v.t.",
        "Niets bekend",
    ] {
        assert_eq!(
            kind(Some(text), None),
            StatementKind::NoInformation,
            "{text}"
        );
    }
}

#[test]
fn words_of_absence_without_a_denial_are_an_entry() {
    assert_eq!(
        kind(Some("Bekend met allergie"), None),
        StatementKind::Entry
    );
}

#[test]
fn only_the_unscoped_code_is_a_none() {
    let none = coded(SNOMED, NO_KNOWN_ALLERGY, "geen bekende allergie");
    assert_eq!(kind(None, Some(&none)), StatementKind::NoneKnown);
    assert_eq!(
        kind(Some("Geen allergieën bekend"), Some(&none)),
        StatementKind::NoneKnown
    );
    for scoped in NO_KNOWN_SCOPED {
        assert_eq!(
            kind(None, Some(&coded(SNOMED, scoped, "x"))),
            StatementKind::Scoped
        );
    }
    assert_eq!(
        kind(None, Some(&coded(SNOMED, NO_INFORMATION, "x"))),
        StatementKind::NoInformation
    );
    assert_eq!(
        kind(None, Some(&coded("1.2.3", NO_KNOWN_ALLERGY, "pinda"))),
        StatementKind::Entry
    );
}

#[test]
fn words_that_do_not_say_that_there_are_none_do_not_confirm_a_none() {
    let none = coded(SNOMED, NO_KNOWN_ALLERGY, "No known allergy (situation)");
    for text in ["Geen bekende allergieën", "No known allergies", "NKA"] {
        assert_eq!(kind(Some(text), Some(&none)), StatementKind::NoneKnown);
    }
    for text in [
        "Allergie niet gevraagd",
        "Niet gevraagd",
        "Onbekend",
        "Geen informatie beschikbaar",
        "Niet vastgesteld",
        "Not recorded",
        "unknown",
        "Geen voedselallergie",
        "Geen medicijnallergie bekend",
        "Geen bekende allergie behalve penicilline",
        "Bekende allergie",
    ] {
        assert_eq!(
            kind(Some(text), Some(&none)),
            StatementKind::NoInformation,
            "{text}"
        );
        let display = coded(SNOMED, NO_KNOWN_ALLERGY, text);
        assert_eq!(
            kind(None, Some(&display)),
            StatementKind::NoInformation,
            "{text}"
        );
    }
}

#[test]
fn a_none_beside_which_more_is_said_gives_no_information() {
    let none = coded(SNOMED, NO_KNOWN_ALLERGY, "geen bekende allergie");
    let translated = Coded {
        translations: vec![coded("1.2.3", "7", "penicilline")],
        ..none.clone()
    };
    let nothing = Period::default();
    let general = coded("2.16.840.1.113883.5.4", "INTLRNC", "Intolerantie");
    let food = coded("2.16.840.1.113883.5.4", "FALG", "Allergie");
    let with = |code| Said {
        code: Some(code),
        ..said(None, Some(&none), &nothing)
    };
    assert_eq!(kind_of(&with(&general)).0, StatementKind::NoneKnown);
    assert_eq!(kind_of(&with(&food)).0, StatementKind::NoInformation);
    // A substance in another code system beside it: there is something, nobody can say what.
    assert_eq!(kind(None, Some(&translated)), StatementKind::Unreadable);
    let more = Said {
        more: true,
        ..said(None, Some(&none), &nothing)
    };
    assert_eq!(kind_of(&more).0, StatementKind::NoInformation);
}

#[test]
fn a_none_that_is_not_beyond_doubt_gives_no_information() {
    let none = coded(SNOMED, NO_KNOWN_ALLERGY, "geen bekende allergie");
    let ended = Period {
        high: Some(PartialDate::parse("2019")),
        ..Period::default()
    };
    let garbled = Period {
        at: Some(PartialDate::parse("ooit")),
        ..Period::default()
    };
    let nothing = Period::default();
    let cases = [
        said(Some("behalve penicilline"), Some(&none), &nothing),
        said(None, Some(&none), &ended),
        said(None, Some(&none), &garbled),
        Said {
            status: Some("suspended"),
            ..said(None, Some(&none), &nothing)
        },
        Said {
            uncertain: true,
            ..said(None, Some(&none), &nothing)
        },
        Said {
            null_flavor: true,
            ..said(None, Some(&none), &nothing)
        },
        Said {
            section: Section::ContraIndications,
            ..said(None, Some(&none), &nothing)
        },
    ];
    for case in cases {
        assert_eq!(kind_of(&case).0, StatementKind::NoInformation);
    }
}

#[test]
fn a_negated_none_is_unreadable_and_a_negated_substance_is_negated() {
    let none = coded(SNOMED, NO_KNOWN_ALLERGY, "x");
    let nuts = coded("1.2.3", "7", "noten");
    let nothing = Period::default();
    let negated = |value| Said {
        negated: Ok(true),
        ..said(None, value, &nothing)
    };
    assert_eq!(
        kind_of(&negated(Some(&none))),
        (
            StatementKind::Unreadable,
            Some(FindingCode::UnexpectedStructure)
        )
    );
    assert_eq!(kind_of(&negated(Some(&nuts))).0, StatementKind::Negated);
    assert_eq!(
        kind_of(&negated(None)),
        (StatementKind::Unreadable, Some(FindingCode::EmptyEntry))
    );
    let unclear = Said {
        negated: Err(()),
        ..said(None, Some(&nuts), &nothing)
    };
    assert_eq!(kind_of(&unclear).0, StatementKind::Unreadable);
}

#[test]
fn a_withdrawn_statement_is_refuted_whatever_it_says() {
    let none = coded(SNOMED, NO_KNOWN_ALLERGY, "x");
    let nothing = Period::default();
    for status in WITHDRAWN {
        let case = Said {
            status: Some(status),
            ..said(Some("noten"), Some(&none), &nothing)
        };
        assert_eq!(kind_of(&case).0, StatementKind::Refuted);
    }
}

#[test]
fn an_empty_element_is_unreadable_and_a_null_flavor_gives_no_information() {
    let nothing = Period::default();
    assert_eq!(kind(None, None), StatementKind::Unreadable);
    let flavored = Said {
        null_flavor: true,
        ..said(None, None, &nothing)
    };
    assert_eq!(kind_of(&flavored).0, StatementKind::NoInformation);
}

#[test]
fn an_unknown_code_whose_words_put_an_absence_is_no_allergy() {
    let retired = coded(SNOMED, "160244002", "No known allergies");
    assert_eq!(kind(None, Some(&retired)), StatementKind::NoInformation);
}

#[test]
fn a_treatment_limit_in_words_of_denial_is_an_entry() {
    let nothing = Period::default();
    for text in ["Niet reanimeren", "Geen", "geen medicatie"] {
        let case = Said {
            section: Section::TreatmentLimits,
            ..said(Some(text), None, &nothing)
        };
        assert_eq!(kind_of(&case).0, StatementKind::Entry);
    }
}

proptest! {
    #[test]
    fn no_text_ever_becomes_a_none(text in ".{0,40}", negated in any::<bool>()) {
        let nothing = Period::default();
        let case = Said { negated: Ok(negated), ..said(Some(&text), None, &nothing) };
        prop_assert_ne!(kind_of(&case).0, StatementKind::NoneKnown);
    }
}
