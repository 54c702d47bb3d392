//! What the exchange client refuses, against real servers.

use inzage::exchange::ExchangeError;
use inzage::exchange::client::Client;
use inzage::exchange::tls::{TlsMaterial, client_config};
use inzage::exchange::training::new_client_key;
use inzage_training_exchange::{Config, Exchange, Running, ServerCertificate};

use crate::running::Folder;

struct Server {
    running: Running,
    certificate: String,
    key: String,
    _folder: Folder,
}

async fn server(presents: ServerCertificate) -> Server {
    let folder = Folder::new();
    let mut config = Config::new(folder.0.clone());
    config.presents = presents;
    let running = Exchange::start(config).await.expect("the exchange starts");
    let key = new_client_key().unwrap().to_string();
    let pair = rcgen::KeyPair::from_pem(&key).unwrap();
    let request = rcgen::CertificateParams::default()
        .serialize_request(&pair)
        .unwrap()
        .pem()
        .unwrap();
    let certificate = running.enrol(&request).unwrap();
    Server {
        running,
        certificate,
        key,
        _folder: folder,
    }
}

async fn ask(server: &Server, name: &str, ca: &str) -> Result<u16, ExchangeError> {
    let tls = client_config(&TlsMaterial {
        trusted_ca_pem: ca,
        client_certificate_pem: &server.certificate,
        client_key_pem: &server.key,
        revocation_lists_pem: None,
        allow_tls12: false,
    })?;
    let client = Client::new(&format!("https://{name}:{}", server.running.port()), tls)?;
    let answered = client
        .send(
            reqwest::Method::GET,
            "/training/measure",
            &[],
            None,
            Vec::new(),
        )
        .await?;
    Ok(answered.status)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_certificate_is_not_right_is_asked_nothing() {
    for (presents, accepted) in [
        (ServerCertificate::Good, vec![]),
        (
            ServerCertificate::Expired,
            vec![ExchangeError::CertificateExpired],
        ),
        (
            ServerCertificate::WrongName,
            vec![ExchangeError::CertificateWrongName],
        ),
        // The unknown authority bears the known one's name, so that its signature is what fails.
        (
            ServerCertificate::UnknownCa,
            vec![
                ExchangeError::CertificateUnknownIssuer,
                ExchangeError::CertificateRefused,
            ],
        ),
    ] {
        let name = format!("{presents:?}");
        let server = server(presents).await;
        let asked = ask(&server, "localhost", server.running.ca_pem()).await;
        match asked {
            Ok(200) => assert!(accepted.is_empty(), "{name} must be refused"),
            Ok(other) => panic!("{name}: status {other}"),
            Err(error) => assert!(accepted.contains(&error), "{name}: {error:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_is_not_ours_is_unknown() {
    let theirs = server(ServerCertificate::Good).await;
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, "another authority");
    let ours = params.self_signed(&key).unwrap().pem();
    assert_eq!(
        ask(&theirs, "localhost", &ours).await,
        Err(ExchangeError::CertificateUnknownIssuer)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_certificate_of_another_authority_is_refused_by_the_exchange() {
    let one = server(ServerCertificate::Good).await;
    let mut other = server(ServerCertificate::Good).await;
    other.certificate.clone_from(&one.certificate);
    other.key.clone_from(&one.key);
    let asked = ask(&other, "localhost", other.running.ca_pem()).await;
    assert_eq!(asked, Err(ExchangeError::ClientCertificateRefused));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_that_is_gone_is_unreachable() {
    let server = server(ServerCertificate::Good).await;
    let (ca, port) = (server.running.ca_pem().to_owned(), server.running.port());
    let (certificate, key) = (server.certificate.clone(), server.key.clone());
    drop(server);
    let tls = client_config(&TlsMaterial {
        trusted_ca_pem: &ca,
        client_certificate_pem: &certificate,
        client_key_pem: &key,
        revocation_lists_pem: None,
        allow_tls12: false,
    })
    .unwrap();
    let client = Client::new(&format!("https://localhost:{port}"), tls).unwrap();
    let asked = client
        .send(reqwest::Method::GET, "/", &[], None, Vec::new())
        .await;
    assert_eq!(asked.unwrap_err(), ExchangeError::Unreachable);
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_and_foreign_keys_are_refused_before_anything_is_sent() {
    let server = server(ServerCertificate::Good).await;
    let tls = || {
        client_config(&TlsMaterial {
            trusted_ca_pem: server.running.ca_pem(),
            client_certificate_pem: &server.certificate,
            client_key_pem: &server.key,
            revocation_lists_pem: None,
            allow_tls12: false,
        })
    };
    let client = Client::new(
        &format!("http://localhost:{}", server.running.port()),
        tls().unwrap(),
    )
    .unwrap();
    assert!(
        client
            .send(reqwest::Method::GET, "/", &[], None, Vec::new())
            .await
            .is_err()
    );
    let mismatched = client_config(&TlsMaterial {
        trusted_ca_pem: server.running.ca_pem(),
        client_certificate_pem: &server.certificate,
        client_key_pem: &new_client_key().unwrap(),
        revocation_lists_pem: None,
        allow_tls12: false,
    });
    assert_eq!(mismatched.err(), Some(ExchangeError::ClientKeyUnusable));
}
