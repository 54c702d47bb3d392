//! What the tests share: a folder that goes away, a client over mutual TLS, the query.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use inzage_training_exchange::{
    ACUTE_CARE_PATH, Config, Exchange, PROFESSIONAL_SUMMARY_PATH, Running, SOURCE_HEADER,
};
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

pub(crate) type Answer = Result<(StatusCode, String), Box<dyn Error + Send + Sync>>;

/// A folder of this test alone, removed with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("inzage-training-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.0.join(name), text).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running exchange with an enrolled client.
pub(crate) struct Trained {
    pub(crate) running: Running,
    pub(crate) client: Client,
    _state: Folder,
}

impl Trained {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let state = Folder::new();
        let mut config = Config::new(&state.0);
        change(&mut config);
        let running = Exchange::start(config).await.unwrap();
        let client = Client::enrolled(running.port(), running.ca_pem(), |csr| {
            running.enrol(csr).unwrap()
        });
        Self {
            running,
            client,
            _state: state,
        }
    }

    pub(crate) async fn with_patients(folder: &Path) -> Self {
        Self::with(|config| config.patients_dir = Some(folder.to_owned())).await
    }

    pub(crate) fn measure(&self, state: inzage_training_exchange::MeasureState) {
        self.running
            .set_measure(inzage_training_exchange::Switch::to(state));
    }
}

/// A key and a certificate request for it, both in PEM.
pub(crate) fn key_and_csr() -> (KeyPair, String) {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "werkplek 4");
    let csr = params.serialize_request(&key).unwrap().pem().unwrap();
    (key, csr)
}

pub(crate) struct Client {
    port: u16,
    config: Arc<ClientConfig>,
}

impl Client {
    pub(crate) fn enrolled(port: u16, ca_pem: &str, enrol: impl FnOnce(&str) -> String) -> Self {
        let (key, csr) = key_and_csr();
        let certificate = enrol(&csr);
        Self::new(
            port,
            ca_pem,
            Some((&certificate, &key.serialize_pem())),
            rustls::ALL_VERSIONS,
        )
    }

    pub(crate) fn new(
        port: u16,
        ca_pem: &str,
        identity: Option<(&str, &str)>,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Self {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap())
            .unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(
            rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots);
        let config = match identity {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => builder
                .with_client_auth_cert(
                    vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
                    PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
                )
                .unwrap(),
        };
        Self {
            port,
            config: Arc::new(config),
        }
    }

    /// One request on a connection of its own. An error is a handshake, a cut or a length that
    /// does not hold.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let name = ServerName::try_from("localhost")?;
        let stream = TlsConnector::from(Arc::clone(&self.config))
            .connect(name, stream)
            .await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = sender
            .send_request(request.body(Full::new(Bytes::from(body.to_owned())))?)
            .await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        connection.abort();
        Ok((status, String::from_utf8(body.to_vec())?))
    }

    /// Why the server does not let this client in: the alert that comes instead of a handshake
    /// (TLS 1.2) or right after the client thinks it is done (TLS 1.3). Nothing is sent, so that
    /// no reset can overtake the alert.
    pub(crate) async fn refusal(&self) -> String {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        match TlsConnector::from(Arc::clone(&self.config))
            .connect(name, stream)
            .await
        {
            Ok(mut stream) => stream.read_u8().await.expect_err("refused").to_string(),
            Err(error) => error.to_string(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> serde_json::Value {
        let (status, body) = self.ask("GET", path, &[], "").await.unwrap();
        assert_eq!(status, StatusCode::OK, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// The ids of the sources that hold data of this patient.
    pub(crate) async fn locate(&self, bsn: &str) -> Vec<String> {
        let body = serde_json::json!({ "bsn": bsn }).to_string();
        let (status, body) = self
            .ask("POST", "/training/locate", &[], &body)
            .await
            .unwrap();
        assert_eq!(status, StatusCode::OK, "{body}");
        let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
        answer["sources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|source| source["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The professional summary of this patient, from one source or from all.
    pub(crate) async fn summary(&self, bsn: &str, source: Option<&str>) -> Answer {
        let mut headers = vec![
            ("content-type", "text/xml; charset=utf-8"),
            ("soapaction", "\"\""),
        ];
        headers.extend(source.map(|id| (SOURCE_HEADER, id)));
        self.ask("POST", PROFESSIONAL_SUMMARY_PATH, &headers, &query(bsn))
            .await
    }

    /// The building blocks of acute care of this patient, from one source or from all.
    pub(crate) async fn acute(&self, bsn: &str, source: Option<&str>) -> Answer {
        let mut headers = vec![
            ("content-type", "text/xml; charset=utf-8"),
            ("soapaction", "\"\""),
        ];
        headers.extend(source.map(|id| (SOURCE_HEADER, id)));
        let body = query(bsn)
            .replace("QUPC_IN990001NL", "GQZG_IN000001NL")
            .replace("patientID", "patientId");
        self.ask("POST", ACUTE_CARE_PATH, &headers, &body).await
    }

    /// A FHIR request with everything it must carry; `accept` is the notation asked for.
    pub(crate) async fn fhir(&self, method: &str, path: &str, accept: &str, form: &str) -> Answer {
        let aorta_id = format!(
            "initialRequestID={}; requestID={}",
            uuid::Uuid::new_v4(),
            uuid::Uuid::new_v4()
        );
        let headers = [
            ("accept", accept),
            ("aorta-id", &aorta_id),
            ("aorta-version", "1"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        self.ask(method, &format!("/fhir{path}"), &headers, form)
            .await
    }

    /// The ids of the records with this number, by a search.
    pub(crate) async fn records(&self, bsn: &str) -> Vec<String> {
        let form = format!("identifier=http%3A%2F%2Ffhir.nl%2Ffhir%2FNamingSystem%2Fbsn%7C{bsn}");
        let (status, body) = self
            .fhir("POST", "/Patient/_search", "application/fhir+json", &form)
            .await
            .unwrap();
        assert_eq!(status, StatusCode::OK, "{body}");
        let bundle: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(bundle["type"], "searchset");
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        let ids = entries
            .iter()
            .map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned());
        ids.collect()
    }

    /// The document of a patient with one record.
    pub(crate) async fn document(&self, bsn: &str) -> serde_json::Value {
        let records = self.records(bsn).await;
        let path = format!("/Patient/{}/$summary", records[0]);
        let (status, body) = self
            .fhir("GET", &path, "application/fhir+json", "")
            .await
            .unwrap();
        assert_eq!(status, StatusCode::OK, "{body}");
        serde_json::from_str(&body).unwrap()
    }
}

/// The professional-summary query for a patient.
pub(crate) fn query(bsn: &str) -> String {
    format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<QUPC_IN990001NL xmlns="urn:hl7-org:v3"><id extension="message-7" root="2.16.840.1.113883.2.4.6.6.90000001.1"/>
<sender><device><id extension="90000001" root="2.16.840.1.113883.2.4.6.6"/></device></sender>
<ControlActProcess moodCode="EVN"><queryByParameter>
<queryId extension="query-7" root="2.16.840.1.113883.2.4.6.6.90000001.2"/>
<patientId><value extension="{bsn}" root="2.16.840.1.113883.2.4.6.3"/></patientId>
</queryByParameter></ControlActProcess></QUPC_IN990001NL></s:Body></s:Envelope>"#
    )
}
