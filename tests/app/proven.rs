//! The corona marker is proven by reading it, and in no other way.

use inzage::app::config::{Config, Exchange, Protocol};
use inzage::app::proven::{NotProven, Proven};
use inzage_core::domain::consent::MarkerElement;
use inzage_core::domain::event::What;

use crate::running::{Folder, Inzage};

const MARKED: &str = "999910942";
const NOT_MARKED: &str = "999900006";
/// Passes the eleven-test and stands on no list of test patients.
const SOMEBODY: &str = "111222333";

#[tokio::test(flavor = "multi_thread")]
async fn a_marked_test_patient_proves_the_marker_and_both_steps_are_in_the_log() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    let data = inzage.folders.data.clone();
    let proven = inzage
        .app
        .prove_marker(&data, MARKED, "M. Bakker")
        .await
        .unwrap();
    assert_eq!(proven.by, "M. Bakker");
    assert_eq!(proven.element, MarkerElement::ConfidentialityCode);
    let kept = Proven::read(&data).expect("it was recorded");
    assert_eq!(kept, proven);
    assert!(kept.holds_for(&Config::training()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(data.join("marker-proven.toml"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(
        inzage.events(),
        ["segment_started", "requested", "marker_read"]
    );
    let entries = inzage.entries();
    assert!(matches!(
        entries[2].what,
        What::MarkerRead {
            element: MarkerElement::ConfidentialityCode,
            ..
        }
    ));
    inzage_viewlog::verify(&inzage.folders.log()).expect("the log verifies");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_marker_is_unproven_again() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    let data = inzage.folders.data.clone();
    let proven = inzage
        .app
        .prove_marker(&data, MARKED, "M. Bakker")
        .await
        .unwrap();
    let mut changed = Config::training();
    changed.profile.corona.pop();
    assert!(!proven.holds_for(&changed));
    let in_fhir = Config {
        exchange: Exchange::Training {
            patients: None,
            protocol: Protocol::Fhir,
        },
        ..Config::training()
    };
    assert!(!proven.holds_for(&in_fhir));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_a_test_patient_is_read_for_it() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    let data = inzage.folders.data.clone();
    for number in [SOMEBODY, "geen nummer"] {
        let refused = inzage.app.prove_marker(&data, number, "M. Bakker").await;
        assert!(matches!(refused, Err(NotProven::NotATestPatient)));
        let text = refused.unwrap_err().to_string();
        assert!(
            text.contains("test patients") && !text.contains(number),
            "{text}"
        );
    }
    assert!(matches!(
        inzage.app.prove_marker(&data, MARKED, "  ").await,
        Err(NotProven::NoName)
    ));
    assert_eq!(inzage.events(), ["segment_started"], "nothing was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_without_the_marker_proves_nothing() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    let data = inzage.folders.data.clone();
    let refused = inzage
        .app
        .prove_marker(&data, NOT_MARKED, "M. Bakker")
        .await;
    assert!(matches!(refused, Err(NotProven::NoMarker)));
    assert!(Proven::read(&data).is_none());
    assert_eq!(inzage.events(), ["segment_started", "requested", "failed"]);
}
