//! A running app and the organisation's own repository: a real FHIR server, over real TLS.

use inzage::app::config::Config;
use inzage::app::contract::DeliveryState;
use inzage_core::domain::user::Setting;
use inzage_delivery::{ReceivesSetting, SinkKindSetting, SinkSettings};
use inzage_viewlog::LogReader;

use crate::fhir_server::{FhirServer, assert_exactly_once};
use crate::pki::Pki;
use crate::running::{Folder, Inzage};
use crate::waiting::until;

const SHOWCASE: &str = "999900006";

pub fn delivering_to(port: u16, pki: &Pki) -> Config {
    Config {
        delivery: vec![SinkSettings {
            name: "register".into(),
            kind: SinkKindSetting::Fhir,
            address: format!("https://localhost:{port}/fhir"),
            receives: ReceivesSetting::OwnRepository,
            ca: pki.ca.clone(),
            certificate: None,
            allow_tls12: false,
            heartbeat_minutes: 15,
            enterprise: None,
            accept_plain_close: false,
        }],
        ..Config::training()
    }
}

pub fn entries(inzage: &Inzage) -> u64 {
    let reader = LogReader::open(&inzage.folders.log()).unwrap();
    reader.counts().unwrap().entries
}

#[tokio::test(flavor = "multi_thread")]
async fn every_view_reaches_the_organisations_repository_and_one_out_of_reach_stops_nobody() {
    let folder = Folder::new();
    let pki = Pki::new(&folder.0);
    let mut server = FhirServer::start(&pki, &folder.0.join("register"), false);
    let inzage = Inzage::start_with(&folder.0.join("data"), delivering_to(server.port, &pki)).await;
    inzage.doctor().await;
    inzage.shown(SHOWCASE).await;
    inzage.app.sign_out().await;
    // With the checkpoint that signing out signs.
    until("all entries and the checkpoint", || {
        server.has().len() as u64 > entries(&inzage)
    })
    .await;
    assert_exactly_once(&server.has(), entries(&inzage), 1);
    let told = serde_json::to_string(&server.has()).unwrap();
    assert!(
        told.contains(SHOWCASE) && told.contains("M. van Dijk"),
        "the organisation's own repository knows who and whom"
    );

    server.kill();
    inzage.doctor().await;
    inzage.shown(SHOWCASE).await;
    inzage.app.sign_out().await;
    inzage.sign_in("t-007", Setting::AfterHours, None).await;
    let line = loop {
        let line = inzage.app.open_log().await.unwrap().delivery.remove(0);
        if line.state == DeliveryState::Waiting {
            break line;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert!(line.undelivered > 0 && line.oldest.is_some(), "{line:?}");
    assert_eq!(line.code.as_deref(), Some("delivery_unreachable"));
    // Behind for seconds only. (The disk of a test machine may be nearly full.)
    let remark = inzage.app.bootstrap().await.remark;
    assert!(
        remark.is_none_or(|remark| !remark.code.starts_with("delivery_")),
        "told too early"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_says_of_each_receiver_whether_it_takes_the_log() {
    let folder = Folder::new();
    let pki = Pki::new(&folder.0);
    let server = FhirServer::start(&pki, &folder.0.join("register"), false);
    let inzage = Inzage::start_with(&folder.0.join("data"), delivering_to(server.port, &pki)).await;
    let delivery = inzage.app.ready().await.unwrap();
    let lines = inzage::app::deliver::settled(delivery.delivery()).await;
    assert_eq!(lines[0].state, DeliveryState::Delivered, "{lines:?}");
    assert_eq!(lines[0].undelivered, 0);
}
