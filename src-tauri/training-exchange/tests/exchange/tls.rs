use std::time::Duration;

use inzage_training_exchange::{Config, Exchange, PATIENTS_PATH, ServerCertificate};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::version::{TLS12, TLS13};

use crate::client::{Client, Folder, Trained, key_and_csr};

#[tokio::test]
async fn a_client_without_a_certificate_is_refused_in_both_versions_of_tls() {
    let trained = Trained::start().await;
    for version in [&TLS13, &TLS12] {
        let stranger = Client::new(
            trained.running.port(),
            trained.running.ca_pem(),
            None,
            &[version],
        );
        let refusal = stranger.refusal().await;
        assert!(
            refusal.contains("CertificateRequired"),
            "{version:?}: {refusal}"
        );
    }
}

#[tokio::test]
async fn a_client_certificate_of_another_ca_is_refused() {
    let (trained, other) = (Trained::start().await, Trained::start().await);
    let (key, csr) = key_and_csr();
    let (certificate, key) = (other.running.enrol(&csr).unwrap(), key.serialize_pem());
    for version in [&TLS13, &TLS12] {
        let identity = Some((certificate.as_str(), key.as_str()));
        let stranger = Client::new(
            trained.running.port(),
            trained.running.ca_pem(),
            identity,
            &[version],
        );
        let refusal = stranger.refusal().await;
        assert!(refusal.contains("fatal alert"), "{version:?}: {refusal}");
        let known = Client::new(
            other.running.port(),
            other.running.ca_pem(),
            identity,
            &[version],
        );
        assert!(
            known.ask("GET", PATIENTS_PATH, &[], "").await.is_ok(),
            "the same certificate is good at home"
        );
    }
}

#[tokio::test]
async fn the_servers_own_certificate_opens_no_door() {
    let state = Folder::new();
    let running = Exchange::start(Config::new(&state.0)).await.unwrap();
    let read = |name: &str| std::fs::read_to_string(state.0.join(name)).unwrap();
    let (certificate, key) = (read("server.pem"), read("server.key.pem"));
    let client = Client::new(
        running.port(),
        running.ca_pem(),
        Some((&certificate, &key)),
        rustls::ALL_VERSIONS,
    );
    let refusal = client.refusal().await;
    assert!(
        refusal.contains("fatal alert"),
        "it is not for client authentication: {refusal}"
    );
}

#[tokio::test]
async fn each_bad_server_certificate_is_refused_for_its_own_reason() {
    for (presents, reason) in [
        (ServerCertificate::Expired, "expired"),
        (ServerCertificate::WrongName, "not valid for name"),
        (ServerCertificate::UnknownCa, "BadSignature"),
    ] {
        let trained = Trained::with(|config| config.presents = presents).await;
        let error = trained
            .client
            .ask("GET", PATIENTS_PATH, &[], "")
            .await
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(reason) || error.contains("UnknownIssuer"),
            "{presents:?}: {error}"
        );
    }
    assert!(
        Trained::start()
            .await
            .client
            .ask("GET", PATIENTS_PATH, &[], "")
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn the_ca_survives_a_restart_and_so_does_an_enrolment() {
    let state = Folder::new();
    let first = Exchange::start(Config::new(&state.0)).await.unwrap();
    let (key, csr) = key_and_csr();
    let (ca, certificate) = (first.ca_pem().to_owned(), first.enrol(&csr).unwrap());
    drop(first);
    let second = Exchange::start(Config::new(&state.0)).await.unwrap();
    assert_eq!(second.ca_pem(), ca);
    let key = key.serialize_pem();
    let client = Client::new(
        second.port(),
        &ca,
        Some((&certificate, &key)),
        rustls::ALL_VERSIONS,
    );
    client.get(PATIENTS_PATH).await;
}

#[tokio::test]
async fn an_unreadable_or_expiring_ca_is_made_anew() {
    let state = Folder::new();
    let ca = |running: &inzage_training_exchange::Running| running.ca_pem().to_owned();
    let first = ca(&Exchange::start(Config::new(&state.0)).await.unwrap());

    state.write("ca.pem", "not a certificate");
    let second = ca(&Exchange::start(Config::new(&state.0)).await.unwrap());
    assert_ne!(second, first);

    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_before = rcgen::date_time_ymd(2020, 4, 14);
    params.not_after = rcgen::date_time_ymd(2023, 4, 4);
    state.write("ca.pem", params.self_signed(&key).unwrap().pem());
    state.write("ca.key.pem", key.serialize_pem());
    let expired = std::fs::read_to_string(state.0.join("ca.pem")).unwrap();
    let running = Exchange::start(Config::new(&state.0)).await.unwrap();
    assert_ne!(running.ca_pem(), expired);
    let client = Client::enrolled(running.port(), running.ca_pem(), |csr| {
        running.enrol(csr).unwrap()
    });
    client.get(PATIENTS_PATH).await;
}

#[tokio::test]
async fn a_key_that_is_not_the_cas_is_noticed() {
    let state = Folder::new();
    drop(Exchange::start(Config::new(&state.0)).await.unwrap());
    state.write("ca.key.pem", KeyPair::generate().unwrap().serialize_pem());
    let running = Exchange::start(Config::new(&state.0)).await.unwrap();
    Client::enrolled(running.port(), running.ca_pem(), |csr| {
        running.enrol(csr).unwrap()
    })
    .get(PATIENTS_PATH)
    .await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_state_folder_is_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let state = Folder::new();
    std::fs::set_permissions(&state.0, std::fs::Permissions::from_mode(0o755)).unwrap();
    drop(Exchange::start(Config::new(&state.0)).await.unwrap());
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state.0), 0o700);
    let files: Vec<_> = std::fs::read_dir(&state.0)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(
        files.len(),
        4,
        "CA and server, certificate and key: {files:?}"
    );
    for file in files {
        assert_eq!(mode(&file), 0o600, "{file:?}");
    }
}

#[tokio::test]
async fn a_state_folder_that_cannot_be_made_is_said_with_its_code() {
    let state = Folder::new();
    state.write("in-the-way", "");
    let error = Exchange::start(Config::new(state.0.join("in-the-way")))
        .await
        .err()
        .unwrap();
    assert_eq!(error.code(), "state_dir");
}

#[tokio::test]
async fn a_request_gets_client_authentication_and_nothing_more() {
    let trained = Trained::start().await;
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, "would-be CA");
    let csr = params.serialize_request(&key).unwrap().pem().unwrap();
    let pem = trained.running.enrol(&csr).unwrap();
    let (_, der) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).unwrap();
    let certificate = der.parse_x509().unwrap();
    assert!(!certificate.is_ca());
    assert!(certificate.subject_alternative_name().unwrap().is_none());
    let usage = certificate.extended_key_usage().unwrap().unwrap().value;
    assert!(usage.client_auth && !usage.server_auth && !usage.any);
    assert!(
        certificate.subject().to_string().contains("would-be CA"),
        "the subject is the request's"
    );
    let days = certificate
        .validity()
        .time_to_expiration()
        .unwrap()
        .whole_days();
    assert!((29..=30).contains(&days), "{days}");

    let issuer = Issuer::from_ca_cert_pem(&pem, key);
    let forged = issuer.map(|issuer| {
        let (key, _) = key_and_csr();
        let certificate = CertificateParams::default()
            .signed_by(&key, &issuer)
            .unwrap();
        (certificate.pem(), key.serialize_pem())
    });
    let (certificate, key) = forged.unwrap();
    let client = Client::new(
        trained.running.port(),
        trained.running.ca_pem(),
        Some((&certificate, &key)),
        rustls::ALL_VERSIONS,
    );
    let refusal = client.refusal().await;
    assert!(
        refusal.contains("fatal alert"),
        "a client certificate signs nothing: {refusal}"
    );
}

#[tokio::test]
async fn an_unacceptable_certificate_request_is_refused_with_a_code() {
    let trained = Trained::start().await;
    let (key, csr) = key_and_csr();
    let mut tampered = csr.clone();
    let at = tampered.find("\n").unwrap() + 60;
    let swapped = if tampered.as_bytes()[at] == b'A' {
        "B"
    } else {
        "A"
    };
    tampered.replace_range(at..=at, swapped);
    let mut nameless = CertificateParams::default();
    nameless.distinguished_name = rcgen::DistinguishedName::new();
    let nameless = nameless.serialize_request(&key).unwrap().pem().unwrap();
    for bad in ["", "hello", &tampered, &nameless, trained.running.ca_pem()] {
        let error = trained.running.enrol(bad).unwrap_err();
        assert_eq!(error.code(), "csr", "{error}");
    }
}

#[tokio::test]
async fn a_dropped_exchange_closes_its_port() {
    let trained = Trained::start().await;
    let Trained {
        running, client, ..
    } = trained;
    client.get(PATIENTS_PATH).await;
    drop(running);
    let closed = async {
        while client.ask("GET", PATIENTS_PATH, &[], "").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), closed)
        .await
        .expect("the port closes");
}
