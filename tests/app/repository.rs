//! Overviews of every workstation, at the terminal and in the app: two running apps of one organisation, and
//! its own repository, a real FHIR server over real TLS.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

use inzage::app::config::Config;
use inzage::app::contract::{
    Language, OverviewNotice, OverviewRequest, OverviewResult, OverviewTable,
};
use inzage_core::domain::event::What;
use inzage_core::domain::user::Setting;
use serde_json::Value;

use crate::delivery::{delivering_to, entries};
use crate::fhir_server::FhirServer;
use crate::overview::{overview, words};
use crate::pki::Pki;
use crate::proxy::{Mode, Proxy};
use crate::running::{Folder, Inzage};
use crate::waiting::until;

const SHOWCASE: &str = "999900006";
const DOCTOR: &str = "M. van Dijk";
const ONLY_HERE: &str = "Alleen deze werkplek";
const EVERYWHERE: &str = "Deze werkplek en het register van de organisatie";

/// Two workstations of one organisation that each showed a summary, and the repository that has both logs.
struct Organisation {
    here: Inzage,
    there: Inzage,
    server: FhirServer,
    proxy: Proxy,
    pki: Pki,
    folder: Folder,
}

impl Organisation {
    async fn new() -> Self {
        let folder = Folder::new();
        let pki = Pki::new(&folder.0);
        let server = FhirServer::start(&pki, &folder.0.join("register"), false);
        let proxy = Proxy::new(&pki, server.port).await;
        let here = workstation(&folder.0, "werkplek 4", proxy.port, &pki).await;
        let there = workstation(&folder.0, "werkplek 9", server.port, &pki).await;
        // With the checkpoint that signing out signs, each.
        until("both logs are delivered", || {
            server.has().len() as u64 >= entries(&here) + entries(&there) + 2
        })
        .await;
        Self {
            here,
            there,
            server,
            proxy,
            pki,
            folder,
        }
    }

    fn key(&self) -> PathBuf {
        self.here.folders.data.join("training-organisation.key")
    }

    /// At the terminal of the first workstation, about the patient.
    fn at_terminal(&self, arguments: &[&str]) -> Output {
        let config = self.folder.0.join("inzage.toml");
        std::fs::write(&config, self.configuration()).unwrap();
        let mut all = vec!["--patient", "-", "--config", config.to_str().unwrap()];
        all.extend(arguments);
        overview(&self.here.folders.data, &self.key(), &all, SHOWCASE)
    }

    fn configuration(&self) -> String {
        let ca = self.pki.ca.display();
        let key = self.here.organisation_key().public().to_text();
        let port = self.proxy.port;
        format!(
            r#"setting = "after_hours"
            [organisation]
            ura = "90000901"
            name = "Huisartsenpost Noord-Limburg"
            workstation = "werkplek 4"
            [exchange]
            url = "https://localhost:1"
            application_id = "1"
            trusted_ca = "{ca}"
            certificate = "{ca}"
            [log]
            organisation_key = "{key}"
            [[delivery]]
            name = "register"
            kind = "fhir"
            address = "https://localhost:{port}/fhir"
            receives = "own_repository"
            ca = "{ca}"
            "#
        )
    }

    /// A privacy officer at the first workstation, who opened the key.
    async fn officer(&self) {
        self.here.sign_in("t-007", Setting::AfterHours, None).await;
        let key = self.key();
        self.here.app.open_key(key.to_str().unwrap()).await.unwrap();
    }

    async fn on_screen(&self) -> OverviewTable {
        match self.here.app.overview(about_patient()).await {
            OverviewResult::Shown { overview } => overview,
            other => panic!("an overview is shown, not {other:?}"),
        }
    }
}

/// An app at its own place, with the organisation's key and a repository behind this port, after one look-up.
async fn workstation(folder: &Path, name: &str, port: u16, pki: &Pki) -> Inzage {
    let data = folder.join(name.replace(' ', "-"));
    std::fs::create_dir(&data).unwrap();
    let (key, own) = (
        folder.join("organisation.key"),
        data.join("training-organisation.key"),
    );
    if key.exists() {
        std::fs::copy(&key, &own).unwrap();
    }
    let mut config: Config = delivering_to(port, pki);
    for place in &mut config.places {
        place.organisation.workstation = name.into();
    }
    let inzage = Inzage::start_with(&data, config).await;
    std::fs::copy(&own, &key).unwrap();
    inzage.doctor().await;
    let view = inzage.shown(SHOWCASE).await;
    inzage.app.painted(&view.view_id).await;
    inzage.app.close_view(&view.view_id).await;
    inzage.app.sign_out().await;
    inzage
}

fn about_patient() -> OverviewRequest {
    OverviewRequest {
        bsn: SHOWCASE.into(),
        user: String::new(),
        from: String::new(),
        to: String::new(),
        language: Language::Nl,
    }
}

/// Workstation, how often, and whether it is of another log, of each look-up.
fn look_ups(made: &Value) -> Vec<(&str, u64, bool)> {
    let rows = made["rows"].as_array().unwrap();
    rows.iter()
        .filter(|row| row["what"] == "look_up")
        .map(|row| {
            assert_eq!(row["outcome"], "displayed");
            let at = row["organisation"]["workstation"].as_str().unwrap();
            (at, row["count"].as_u64().unwrap(), !row["log"].is_null())
        })
        .collect()
}

fn json(made: &Output) -> Value {
    assert!(made.status.success(), "{}", words(&made.stderr));
    serde_json::from_slice(&made.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_terminal_every_workstations_look_ups_are_there_once_and_nobody_was_asked_for_by_name()
 {
    let all = Organisation::new().await;
    let made = all.at_terminal(&[]);
    let (shown, said) = (words(&made.stdout), words(&made.stderr));
    assert!(made.status.success() && said.is_empty(), "{said}");
    assert!(
        shown.contains(EVERYWHERE) && !shown.contains(ONLY_HERE),
        "{shown}"
    );
    let of = |workstation: &str| {
        let rows = shown.lines();
        rows.filter(|row| row.contains(workstation) && row.contains(DOCTOR))
            .count()
    };
    assert_eq!((of("werkplek 4"), of("werkplek 9")), (1, 1), "{shown}");
    let last = all.here.entries().pop().unwrap();
    assert!(matches!(&last.what, What::LogOpened { scope } if scope == "overview_patient"));

    let made = json(&all.at_terminal(&["--format", "json"]));
    assert_eq!(
        look_ups(&made),
        [("werkplek 4", 1, false), ("werkplek 9", 1, true)]
    );
    assert_eq!(made["only_this_workstation"], false);
    assert_eq!(made["repository"]["read"], "whole");
    assert_eq!(made["repository"]["unreadable"], 0);
    assert_eq!(made["repository"]["not_searched"], 0);
    let bundle = json(&all.at_terminal(&["--format", "fhir"]));
    let released = |workstation: &str| {
        let entries = bundle["entry"].as_array().unwrap();
        let of = |entry: &&Value| {
            let text = entry.to_string();
            text.contains(workstation) && text.contains("\"released\"")
        };
        entries.iter().filter(of).count()
    };
    assert_eq!((released("werkplek 4"), released("werkplek 9")), (1, 1));
    let told = words(&all.at_terminal(&["--for-patient"]).stdout);
    assert!(
        told.contains(EVERYWHERE) && told.matches("op het scherm getoond").count() == 2,
        "{told}"
    );

    assert_eq!(all.server.searches(), 4);
    all.server.was_asked_about_nobody(&[SHOWCASE, DOCTOR]);
    // Whoever opened the log, and about whom: the repository has that too, whole.
    let opened = || {
        let has = all.server.has().into_iter();
        has.map(|entry| entry.to_string())
            .filter(|entry| entry.contains("organisation-key:"))
            .collect::<Vec<_>>()
    };
    until("the openings are delivered", || opened().len() == 4).await;
    for entry in opened() {
        assert!(
            entry.contains(SHOWCASE) && !entry.contains("urn:inzage:not_opened"),
            "{entry}"
        );
    }
    // Nothing was written into the other log.
    let other = all.there.events();
    assert!(
        !other.iter().any(|event| event == "log_opened"),
        "{other:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_here_asks_no_repository_and_says_that_it_is_of_this_workstation() {
    let all = Organisation::new().await;
    let made = all.at_terminal(&["--only-here"]);
    let (shown, said) = (words(&made.stdout), words(&made.stderr));
    assert!(made.status.success() && said.is_empty(), "{said}");
    assert!(
        shown.contains(ONLY_HERE) && !shown.contains("register"),
        "{shown}"
    );
    assert!(!shown.contains("werkplek 9"), "{shown}");
    let made = json(&all.at_terminal(&["--only-here", "--format", "json"]));
    assert_eq!(look_ups(&made), [("werkplek 4", 1, false)]);
    assert_eq!(made["only_this_workstation"], true);
    assert_eq!(made["repository"]["read"], "not_asked");
    assert_eq!(all.server.searches(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_fails_makes_an_overview_of_this_workstation_that_says_why() {
    let mut all = Organisation::new().await;
    let fails = |all: &Organisation, code: &str| {
        let made = all.at_terminal(&[]);
        let (shown, said) = (words(&made.stdout), words(&made.stderr));
        assert!(made.status.success(), "{code}: {said}");
        assert!(said.starts_with(&format!("{code}: ")), "{code}: {said}");
        let why = format!("LET OP: het register was niet te lezen ({code})");
        assert!(
            shown.contains(ONLY_HERE) && shown.contains(&why),
            "{code}: {shown}"
        );
        assert!(!shown.contains(EVERYWHERE) && !shown.contains("werkplek 9"));
        assert!(shown.contains("op het scherm getoond"), "{code}: {shown}");
        let made = json(&all.at_terminal(&["--format", "json"]));
        assert_eq!(look_ups(&made), [("werkplek 4", 1, false)], "{code}");
        assert_eq!(made["only_this_workstation"], true);
        assert_eq!(made["repository"]["read"], "failed");
        assert_eq!(made["repository"]["code"], code);
    };
    for (mode, code) in [
        (Mode::Answer { status: 403 }, "delivery_forbidden"),
        (Mode::Answer { status: 400 }, "delivery_refused"),
        (Mode::Answer { status: 503 }, "delivery_unavailable"),
        // Within a page: the handshake takes a tenth of it.
        (Mode::CutBack { bytes: 15_000 }, "delivery_broken_off"),
        (
            Mode::Say {
                body: r#"{"resourceType":"Bundle","type":"searchset","entry":["#,
            },
            "delivery_wrong_answer",
        ),
    ] {
        all.proxy.set(mode);
        fails(&all, code);
    }
    all.proxy.set(Mode::Pass);
    all.server.kill();
    fails(&all, "delivery_unreachable");
    all.server.was_asked_about_nobody(&[SHOWCASE, DOCTOR]);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_screen_every_workstation_is_there_once_and_a_repository_that_fails_is_a_warning() {
    let all = Organisation::new().await;
    all.officer().await;
    let shown = all.on_screen().await;
    let first = &shown.notices[0];
    assert_eq!((first.said.as_str(), first.warns), (EVERYWHERE, false));
    let warnings = |shown: &OverviewTable| -> Vec<String> {
        let warns = shown.notices.iter().filter(|notice| notice.warns);
        warns.map(|notice| notice.said.clone()).collect()
    };
    assert_eq!(warnings(&shown), [""; 0]);
    let at = |shown: &OverviewTable, workstation: &str| {
        let of = |row: &&Vec<String>| {
            row[6].contains(workstation) && row[3].contains("op het scherm getoond")
        };
        shown.rows.iter().filter(of).count()
    };
    assert_eq!((at(&shown, "werkplek 4"), at(&shown, "werkplek 9")), (1, 1));
    let told = shown.for_patient.unwrap().join("\n");
    assert!(told.contains(EVERYWHERE), "{told}");
    assert_eq!(told.matches("op het scherm getoond").count(), 2, "{told}");
    assert_eq!(all.server.searches(), 1);
    all.server.was_asked_about_nobody(&[SHOWCASE, DOCTOR]);

    all.proxy.set(Mode::Answer { status: 403 });
    let shown = all.on_screen().await;
    let OverviewNotice { said, warns } = &shown.notices[0];
    assert_eq!((said.as_str(), *warns), (ONLY_HERE, false));
    let warned = warnings(&shown);
    let [one] = warned.as_slice() else {
        panic!("{warned:?}")
    };
    assert!(one.contains("niet te lezen (delivery_forbidden)"), "{one}");
    assert_eq!((at(&shown, "werkplek 4"), at(&shown, "werkplek 9")), (1, 0));
    let openings = all.here.entries().into_iter().filter(
        |entry| matches!(&entry.what, What::LogOpened { scope } if scope == "overview_patient"),
    );
    assert_eq!(openings.count(), 2, "each opening is an entry");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_while_the_repository_is_read_ends_the_reading_and_gets_nothing() {
    let all = Organisation::new().await;
    all.officer().await;
    all.proxy.set(Mode::Silent);
    let before = all.proxy.connections();
    let app = std::sync::Arc::clone(&all.here.app);
    let asking = tokio::spawn(async move { app.overview(about_patient()).await });
    until("the repository is asked", || {
        all.proxy.connections() > before
    })
    .await;
    let ended = Instant::now();
    all.here.app.sign_out().await;
    let OverviewResult::Failed { trouble } = asking.await.unwrap() else {
        panic!("an overview was shown to nobody")
    };
    assert_eq!(trouble.code, "not_signed_in");
    // No connection is given up so soon by itself.
    assert!(ended.elapsed() < Duration::from_secs(4));
}
