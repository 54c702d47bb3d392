//! Look-ups end to end below the window, and the log entries that each produced.

use inzage::app::contract::{LookUpResult, Notice, SignInResult};
use inzage_core::domain::consent::{Basis, Reason};
use inzage_core::domain::event::{AskAnswer, CloseCause, LockCause, What};
use inzage_core::domain::state::State;
use inzage_core::domain::summary::source::Delivery;
use inzage_core::domain::user::Setting;

use crate::running::{Folder, Inzage, request};

const SHOWCASE: &str = "999900006";
const CORONA: &str = "999910942";
const CORONA_WITH_ICA: &str = "999911016";

#[tokio::test(flavor = "multi_thread")]
async fn an_explicit_summary_is_shown_after_its_release_is_in_the_log() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    let view = inzage.shown(SHOWCASE).await;
    assert_eq!(view.summary.allergies.state, Some(State::Known));
    assert_eq!(
        view.summary.allergies.entries.len(),
        2,
        "both allergies are there"
    );
    assert_eq!(view.summary.sources[0].basis, Some(Basis::Explicit));
    assert!(
        view.summary.ask.is_none(),
        "nothing was withheld, so nothing is asked for"
    );
    inzage.app.painted(&view.view_id).await;
    inzage.app.close_view(&view.view_id).await;
    assert_eq!(
        inzage.events(),
        [
            "segment_started",
            "signed_in",
            "requested",
            "delivered",
            "released",
            "displayed",
            "closed"
        ]
    );
    inzage_viewlog::verify(&inzage.folders.log()).expect("the log verifies");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_the_patient_only_to_the_holder_of_the_organisations_key() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    inzage.shown(SHOWCASE).await;
    let released = inzage
        .entries()
        .into_iter()
        .find(|e| matches!(e.what, What::Released { .. }))
        .unwrap();
    let event = released
        .unseal(&inzage.organisation_key())
        .expect("the privacy officer can read it");
    assert_eq!(event.patient.unwrap().reveal(), SHOWCASE);
    assert_eq!(event.actor.unwrap().user.name, "M. van Dijk");
    for file in std::fs::read_dir(inzage.folders.log()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in [SHOWCASE.as_bytes(), b"van Dijk"] {
            assert!(
                !bytes.windows(secret.len()).any(|w| w == secret),
                "the file gives away who or whom"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn under_corona_the_ask_prompt_stands_and_what_wrongly_arrived_is_nowhere() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    let without = inzage.shown(CORONA).await;
    let with = inzage.shown(CORONA_WITH_ICA).await;
    assert_eq!(without.summary.allergies.state, Some(State::WithheldByRule));
    assert!(without.summary.ask.is_some());
    // Everything but the number and what names the message must be the same to the letter.
    let text = |view: &inzage::app::contract::View, bsn: &str, grouped: &str| {
        let mut json = serde_json::to_value(view).unwrap();
        for key in ["view_id", "logged_at", "agreed_at"] {
            json[key] = serde_json::Value::Null;
        }
        json["summary"]["sources"][0]["retrieved_at"] = serde_json::Value::Null;
        // The fixtures name their messages 100005 and 100006.
        json.to_string()
            .replace(bsn, "BSN")
            .replace(grouped, "BSN")
            .replace("100006", "100005")
    };
    let same = text(&without, CORONA, "9999 10 942") == text(&with, CORONA_WITH_ICA, "9999 11 016");
    assert!(
        same,
        "whether ICA arrived must not be visible anywhere in the view"
    );
    let not_shown = inzage
        .entries()
        .iter()
        .filter(|e| matches!(e.what, What::ReceivedNotShown { .. }))
        .count();
    assert_eq!(not_shown, 1, "the anomaly is in the log, once");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_patients_data_are_refused_and_the_refusal_is_logged() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    for (bsn, birth_date, reason) in [
        ("999940004", "", Reason::OtherPatient),
        ("999940016", "17-04-1962", Reason::OtherBirthDate),
    ] {
        let mut asked = request(bsn);
        asked.birth_date = birth_date.into();
        match inzage.app.look_up(asked).await {
            LookUpResult::Refused { reason: found, .. } => assert_eq!(found, reason),
            other => panic!("refused, not {other:?}"),
        }
    }
    let events = inzage.events();
    assert!(
        !events.iter().any(|e| e == "released"),
        "nothing was released"
    );
    assert_eq!(
        events.iter().filter(|e| *e == "received_not_shown").count(),
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_training_patient_answers_as_its_case_says() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    let allergies = |bsn| {
        let inzage = &inzage;
        async move { inzage.shown(bsn).await.summary.allergies.state.unwrap() }
    };
    assert_eq!(
        allergies("999900444").await,
        State::NotAsserted,
        "a contra-indication says nothing of allergies"
    );
    assert_eq!(
        allergies("999900456").await,
        State::NotAsserted,
        "nothing received is not none"
    );
    assert_eq!(
        allergies("999901163").await,
        State::NoneKnown,
        "stated, with author and date"
    );
    assert_eq!(
        allergies("999990068").await,
        State::WithheldByRule,
        "one of two sources withheld"
    );
    assert_eq!(
        allergies("999990238").await,
        State::Incomplete,
        "there is more elsewhere"
    );
    assert_eq!(
        allergies("999940077").await,
        State::Incomplete,
        "an unknown acknowledgement is never success"
    );
    assert_eq!(
        allergies("999940120").await,
        State::Contradictory,
        "none known beside an entry elsewhere"
    );
    assert_eq!(
        allergies("999940090").await,
        State::Incomplete,
        "the source answered with an error"
    );
    let nothing = inzage.shown("999911120").await;
    assert!(nothing.nothing_received && nothing.banner.is_none());
    let limit = inzage.shown("012345672").await;
    assert_eq!(limit.summary.treatment_limits.state, Some(State::Known));
    let large = inzage.shown("999940132").await;
    assert_eq!(large.summary.contacts.len(), 2000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_answer_shows_nothing_and_says_so() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    match inzage.look_up("999940065").await {
        LookUpResult::Failed { trouble } => assert_eq!(trouble.code, "answer_unusable"),
        other => panic!("failed, not {other:?}"),
    }
    let cut = inzage.shown("999940089").await;
    assert!(
        matches!(cut.summary.sources[0].delivery, Delivery::Failed { .. }),
        "cut off is failed"
    );
    assert_eq!(cut.summary.allergies.state, Some(State::Unreachable));
    assert!(!cut.nothing_received, "a failure is not 'nothing received'");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_source_can_be_stopped_and_what_arrived_is_shown() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    let asked = request("999940119");
    let id = asked.request_id.clone();
    let mut notices = inzage.app.notices();
    let app = std::sync::Arc::clone(&inzage.app);
    let looking = tokio::spawn(async move { app.look_up(asked).await });
    loop {
        if let Ok(Notice::Progress { sources, .. }) = notices.recv().await
            && sources
                .iter()
                .any(|s| s.state == inzage::app::contract::ProgressState::Arrived)
        {
            break;
        }
    }
    inzage.app.cancel(&id).await;
    match looking.await.unwrap() {
        LookUpResult::Shown { view } => {
            assert_eq!(
                view.summary.allergies.state,
                Some(State::Incomplete),
                "one of two did not answer"
            );
            assert!(
                view.summary
                    .sources
                    .iter()
                    .any(|s| s.delivery == Delivery::Cancelled)
            );
        }
        other => panic!("what arrived is shown, not {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_measure_stops_an_open_corona_summary_closes_within_two_seconds() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    let view = inzage.shown(CORONA).await;
    inzage.app.painted(&view.view_id).await;
    let mut notices = inzage.app.notices();
    inzage.switch_measure(false).await;
    let started = std::time::Instant::now();
    let closed = tokio::time::timeout(std::time::Duration::from_secs(2), async {
        loop {
            if let Ok(Notice::ViewClosed { cause, .. }) = notices.recv().await {
                return cause;
            }
        }
    });
    assert_eq!(
        closed.await.expect("closed within two seconds"),
        CloseCause::MeasureStopped
    );
    assert!(started.elapsed().as_millis() < 2000);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let entries = inzage.entries();
    let cause = entries.iter().find_map(|e| match e.what {
        What::Closed { cause, .. } => Some(cause),
        _ => None,
    });
    assert_eq!(
        cause,
        Some(CloseCause::MeasureStopped),
        "the closing is in the log"
    );
    // And asking again yields nothing, with nothing said about why.
    assert!(inzage.shown(CORONA).await.nothing_received);
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_the_answer_about_corona_is_logged_and_closes_the_summary() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    let view = inzage.shown(CORONA).await;
    inzage
        .app
        .change_suspicion(inzage::app::contract::SuspicionRequest {
            request_id: uuid::Uuid::new_v4().to_string(),
            view_id: view.view_id.clone(),
            suspicion: false,
        })
        .await;
    let events = inzage.events();
    assert_eq!(events[events.len() - 2..], ["suspicion_changed", "closed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_view_is_refused_and_that_is_logged() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    let code = |result| match result {
        SignInResult::Refused { trouble, .. } => trouble.code,
        SignInResult::SignedIn { .. } => panic!("refused"),
    };
    let here = Setting::AfterHours;
    assert_eq!(
        code(inzage.try_sign_in("t-006", "1234", here, None).await),
        "role_not_allowed"
    );
    assert_eq!(
        code(inzage.try_sign_in("t-004", "1234", here, None).await),
        "responsible_missing"
    );
    assert_eq!(
        code(inzage.try_sign_in("t-001", "0000", here, None).await),
        "wrong_pin"
    );
    assert_eq!(
        inzage
            .events()
            .iter()
            .filter(|e| *e == "sign_in_refused")
            .count(),
        3
    );
    inzage.sign_in("t-004", here, Some("t-001")).await;
    inzage.shown(SHOWCASE).await;
    let released = inzage
        .entries()
        .into_iter()
        .find(|e| matches!(e.what, What::Released { .. }))
        .unwrap();
    let actor = released
        .unseal(&inzage.organisation_key())
        .unwrap()
        .actor
        .unwrap();
    assert_eq!(
        actor.responsible.unwrap().name,
        "M. van Dijk",
        "on whose responsibility is in the log"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_privacy_officer_opens_the_log_and_never_a_summary() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.sign_in("t-007", Setting::AfterHours, None).await;
    assert!(matches!(
        inzage.look_up(SHOWCASE).await,
        LookUpResult::AskRefused { .. }
    ));
    let log = inzage.app.open_log().await.expect("the log opens");
    assert_eq!(
        log.entries[0].event, "log_opened",
        "opening it is an entry of its own"
    );
    inzage.doctor().await;
    assert_eq!(
        inzage.app.open_log().await.unwrap_err().code,
        "not_for_this_role"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn locking_closes_what_is_open_and_a_late_answer_is_dropped_unseen() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    let app = std::sync::Arc::clone(&inzage.app);
    let looking = tokio::spawn(async move { app.look_up(request("999940041")).await });
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert!(inzage.app.lock(LockCause::User).await);
    assert!(matches!(looking.await.unwrap(), LookUpResult::Cancelled));
    assert!(!inzage.events().iter().any(|e| e == "released"));
    assert!(
        matches!(inzage.look_up(SHOWCASE).await, LookUpResult::Failed { .. }),
        "nobody is signed in"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_sent_again_has_no_second_effect() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    let asked = request(CORONA);
    let first = inzage.app.look_up(asked.clone()).await;
    let again = inzage.app.look_up(asked).await;
    let (LookUpResult::Shown { view: first }, LookUpResult::Shown { view: again }) = (first, again)
    else {
        panic!("both are shown");
    };
    assert_eq!(first.view_id, again.view_id);
    assert_eq!(
        inzage.events().iter().filter(|e| *e == "released").count(),
        1
    );
    let answer = inzage::app::contract::AnswerRequest {
        request_id: uuid::Uuid::new_v4().to_string(),
        view_id: first.view_id.clone(),
        answer: AskAnswer::Asked,
    };
    inzage.app.answer_ask(answer.clone()).await;
    inzage.app.answer_ask(answer).await;
    assert_eq!(
        inzage
            .events()
            .iter()
            .filter(|e| *e == "asked_about_allergies")
            .count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_practice_patients_are_accepted_in_training() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    match inzage.look_up("111222333").await {
        LookUpResult::BadInput { field, reason } => {
            assert_eq!(
                (field.as_str(), reason.as_str()),
                ("bsn", "not_a_training_patient")
            );
        }
        other => panic!("bad input, not {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_cannot_be_written_shows_nothing_and_says_why() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    inzage.shown(SHOWCASE).await;
    // The file is taken away under the running app: another one must not be written instead.
    std::fs::rename(inzage.folders.log(), folder.0.join("gone")).unwrap();
    match inzage.look_up(CORONA).await {
        LookUpResult::Failed { trouble } => {
            assert!(trouble.code.starts_with("log_"), "{}", trouble.code)
        }
        other => panic!("nothing is shown, not {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_keychain_starts_a_new_segment_and_says_so() {
    use inzage::keychain::{Keychain, Secret};

    let folder = Folder::new();
    let first = Inzage::start(&folder.0).await;
    first.doctor().await;
    first.shown(SHOWCASE).await;
    assert!(
        first.app.bootstrap().await.remark.is_none(),
        "a new log is nothing to remark on"
    );
    // As after a lost keychain: the key that is there is another one.
    let keychain = Keychain::new(&first.folders.scope());
    keychain.keep(Secret::LogLookupKey, &[7; 32]).unwrap();
    let second = Inzage::start(&folder.0).await;
    assert_eq!(
        second.app.bootstrap().await.remark.unwrap().code,
        "keychain_lost"
    );
    second.doctor().await;
    second.shown(SHOWCASE).await;
    let released = second
        .entries()
        .into_iter()
        .filter(|e| matches!(e.what, What::Released { .. }));
    let key = second.organisation_key();
    for entry in released {
        let patient = entry
            .unseal(&key)
            .expect("both segments open with the organisation's key")
            .patient;
        assert_eq!(patient.unwrap().reveal(), SHOWCASE);
    }
    inzage_viewlog::verify(&second.folders.log()).expect("the chain goes on over segments");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_answer_over_the_wire_shows_nothing_and_says_so() {
    use inzage::app::config::{Config, Exchange, Protocol};

    let folder = Folder::new();
    let patients = folder.0.join("patients");
    std::fs::create_dir_all(&patients).unwrap();
    let entity = b"<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><QUPC_IN990002NL xmlns=\"urn:hl7-org:v3\">&a;</QUPC_IN990002NL>";
    std::fs::write(patients.join("huge.xml"), vec![b' '; 200 * 1024 * 1024]).unwrap();
    std::fs::write(patients.join("entity.xml"), entity).unwrap();
    std::fs::write(patients.join("root.xml"), b"<html><body>No</body></html>").unwrap();
    let mut index = String::new();
    for (bsn, file) in [
        ("999900444", "huge.xml"),
        ("999900456", "entity.xml"),
        ("999901163", "root.xml"),
    ] {
        index.push_str(&format!(
            "[[patient]]\nbsn = \"{bsn}\"\nbirth_date = \"1970-01-01\"\nlabel_nl = \"x\"\nlabel_en = \"x\"\n\
             [[patient.source]]\nname = \"Bron\"\nfile = \"{file}\"\noutcome = \"raw\"\n"
        ));
    }
    std::fs::write(patients.join("index.toml"), index).unwrap();
    let config = Config {
        exchange: Exchange::Training {
            patients: Some(patients),
            protocol: Protocol::default(),
        },
        ..Config::training()
    };
    let inzage = Inzage::start_with(&folder.0.join("data"), config).await;
    inzage.doctor().await;
    let huge = inzage.shown("999900444").await;
    assert_eq!(
        huge.summary.sources[0].delivery,
        Delivery::Failed {
            code: "answer_too_large".into()
        },
        "the stream is dropped at the limit"
    );
    assert_eq!(huge.summary.allergies.state, Some(State::Unreachable));
    for bsn in ["999900456", "999901163"] {
        match inzage.look_up(bsn).await {
            LookUpResult::Failed { trouble } => assert_eq!(trouble.code, "answer_unusable"),
            other => panic!("nothing is shown, not {other:?}"),
        }
    }
    let released = inzage.events().iter().filter(|e| *e == "released").count();
    assert_eq!(
        released, 1,
        "only the failure of the first was released, as what it is"
    );
}
