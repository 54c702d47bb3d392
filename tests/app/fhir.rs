//! The FHIR client on the wire: what it sends, what it follows, and what it hands to the core.

use std::sync::{Arc, Mutex};

use inzage::exchange::client::Client;
use inzage::exchange::fhir::{Credentials, Fhir, Source, Sources, Summary};
use inzage::exchange::tls::{TlsMaterial, client_config};
use inzage::exchange::{Asking, ExchangeError, Fetched, Located, Requests};
use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::user::Setting;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

const BSN: &str = "999900006";
const REQUEST: &str = "9f6e0a52-0f0a-4d0e-8a3b-0a9a3e0d8a11";
const JSON: &str = "application/fhir+json";
const PATIENT: &str = r#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Patient","id":"a1"}}]}"#;
const DOCUMENT: &str = r#"{"resourceType":"Bundle","type":"document"}"#;

type Answer = (u16, &'static str, String);
type Script = dyn Fn(&str) -> Answer + Send + Sync;

/// A source that answers by a script and keeps every request it got.
struct Scripted {
    base: String,
    certificate: String,
    key: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    async fn start(script: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, script): (_, Arc<Script>) = (Arc::clone(&requests), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, kept, script) =
                    (acceptor.clone(), Arc::clone(&kept), Arc::clone(&script));
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        serve(stream, &kept, script.as_ref()).await;
                    }
                });
            }
        });
        Self {
            base: format!("https://localhost:{port}/fhir"),
            certificate: made.cert.pem(),
            key: made.signing_key.serialize_pem(),
            requests,
        }
    }

    async fn ask(&self, summary: Summary, token: Option<&str>) -> Result<Fetched, ExchangeError> {
        self.ask_with(summary, token, &Requests::default()).await
    }

    async fn ask_with(
        &self,
        summary: Summary,
        token: Option<&str>,
        requests: &Requests,
    ) -> Result<Fetched, ExchangeError> {
        let tls = client_config(&TlsMaterial {
            trusted_ca_pem: &self.certificate,
            client_certificate_pem: &self.certificate,
            client_key_pem: &self.key,
            revocation_lists_pem: None,
            allow_tls12: false,
        })
        .unwrap();
        let client = Client::new(&self.base, tls).unwrap();
        let located = Located {
            id: "linde".into(),
            name: "De Linde".into(),
        };
        let sources = Sources::Configured(vec![Source {
            located: located.clone(),
            client: client.clone(),
        }]);
        let credentials = Credentials {
            aorta_version: "2".into(),
            token: token.map(|token| token.to_owned().into()),
        };
        let asking = Asking {
            bsn: Bsn::parse(BSN).unwrap(),
            request_id: REQUEST.into(),
            setting: Setting::Emergency,
            now_hl7: "20261122021405".into(),
        };
        Fhir::new(client, sources, credentials, summary)
            .ask(&asking, &located, requests)
            .await
    }

    fn seen(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve<S>(mut stream: S, kept: &Mutex<Vec<String>>, script: &Script)
where
    S: AsyncReadExt + AsyncWriteExt + Unpin,
{
    let mut request = String::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        request.push_str(&String::from_utf8_lossy(&buffer[..count]));
        let Some((head, body)) = request.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().unwrap())
        });
        if body.len() >= length.unwrap_or(0) {
            break;
        }
    }
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    kept.lock().unwrap().push(request);
    let (status, kind, body) = script(&path);
    let answer = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let _gone = stream.write_all(answer.as_bytes()).await;
    let _gone = stream.shutdown().await;
}

fn summary_script(path: &str) -> Answer {
    match path {
        "/fhir/Patient/_search" => (200, JSON, PATIENT.to_owned()),
        "/fhir/Patient/a1/$summary" => (200, JSON, DOCUMENT.to_owned()),
        _ => (404, "text/plain", String::new()),
    }
}

fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[tokio::test]
async fn no_number_stands_in_an_address_and_every_request_has_an_id_of_its_own() {
    let source = Scripted::start(summary_script).await;
    let requests = Requests::default();
    let fetched = source
        .ask_with(Summary::Summary, Some("geheim"), &requests)
        .await
        .unwrap();
    assert_eq!(fetched.answers, [DOCUMENT.as_bytes()]);
    let seen = source.seen();
    assert_eq!(seen.len(), 2);
    assert!(
        seen[0].starts_with("POST /fhir/Patient/_search "),
        "{}",
        seen[0]
    );
    assert!(
        seen[0].ends_with("NamingSystem%2Fbsn%7C999900006"),
        "{}",
        seen[0]
    );
    let sent = requests.sent();
    assert_eq!(sent.len(), 2, "known for the log");
    assert_ne!(sent[0], sent[1]);
    for (request, id) in seen.iter().zip(&sent) {
        let head = request.split("\r\n\r\n").next().unwrap();
        assert!(!head.contains(BSN));
        assert_eq!(
            header(head, "aorta-id").unwrap(),
            format!("initialRequestID={REQUEST}; requestID={id}")
        );
        assert_eq!(header(head, "aorta-version"), Some("2"));
        assert_eq!(header(head, "authorization"), Some("Bearer geheim"));
        assert!(header(head, "accept").unwrap().starts_with(JSON));
    }
}

#[tokio::test]
async fn a_document_is_followed_below_the_sources_own_address_and_nowhere_else() {
    for (url, followed) in [
        ("Bundle/d1", true),
        ("https://localhost:1/fhir/Bundle/d1", false),
        ("../admin", false),
        ("//localhost/fhir/Bundle/d1", false),
    ] {
        let listed = format!(
            r#"{{"resourceType":"Bundle","type":"searchset","entry":[{{"resource":{{"resourceType":"DocumentReference","content":[{{"attachment":{{"url":"{url}"}}}}]}}}}]}}"#
        );
        let source = Scripted::start(move |path| match path {
            "/fhir/DocumentReference/_search" => (200, JSON, listed.clone()),
            "/fhir/Bundle/d1" => (200, JSON, DOCUMENT.to_owned()),
            _ => (404, "text/plain", String::new()),
        })
        .await;
        let answered = source.ask(Summary::DocumentReference, None).await;
        if followed {
            assert_eq!(answered.unwrap().answers, [DOCUMENT.as_bytes()]);
        } else {
            assert_eq!(
                answered.unwrap_err(),
                ExchangeError::DocumentElsewhere,
                "{url}"
            );
            assert_eq!(source.seen().len(), 1, "nothing else was asked");
        }
    }
}

#[tokio::test]
async fn what_a_source_says_went_wrong_reaches_the_core_and_a_bare_status_is_an_error() {
    let outcome =
        r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden"}]}"#;
    for (status, kind, body, expected) in [
        (403, JSON, outcome, Ok(outcome)),
        (500, JSON, outcome, Ok(outcome)),
        (
            500,
            "text/html",
            "<p>stuk</p>",
            Err(ExchangeError::HttpStatus(500)),
        ),
        (401, "text/plain", "", Err(ExchangeError::TokenRefused)),
        (302, "text/plain", "", Err(ExchangeError::HttpStatus(302))),
    ] {
        let source = Scripted::start(move |path| match path {
            "/fhir/Patient/_search" => (200, JSON, PATIENT.to_owned()),
            _ => (status, kind, body.to_owned()),
        })
        .await;
        let answered = source.ask(Summary::Summary, None).await;
        let bytes = answered.map(|fetched| fetched.answers[0].clone());
        assert_eq!(
            bytes,
            expected.map(|text| text.as_bytes().to_vec()),
            "{status}"
        );
    }
}

#[tokio::test]
async fn several_records_of_one_number_are_each_asked_and_too_many_are_not_believed() {
    let listed = |count: usize| {
        let entries: Vec<String> = (1..=count)
            .map(|nr| format!(r#"{{"resource":{{"resourceType":"Patient","id":"a{nr}"}}}}"#))
            .collect();
        format!(
            r#"{{"resourceType":"Bundle","type":"searchset","entry":[{}]}}"#,
            entries.join(",")
        )
    };
    for (count, expected) in [(2, Ok(2)), (9, Err(ExchangeError::TooLarge))] {
        let list = listed(count);
        let source = Scripted::start(move |path| match path {
            "/fhir/Patient/_search" => (200, JSON, list.clone()),
            _ => (200, JSON, DOCUMENT.to_owned()),
        })
        .await;
        let answered = source.ask(Summary::Summary, None).await;
        assert_eq!(answered.map(|fetched| fetched.answers.len()), expected);
    }
}
