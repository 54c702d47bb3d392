//! The training exchange: a child process of the app, real TLS on loopback.
//!
//! It speaks JSON lines over its standard streams: it says when it is ready,
//! signs our certificate request, and ends when its input ends, so that it never
//! outlives the app. The private key never leaves this process.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use inzage_core::domain::consent::Measure;
use inzage_core::domain::date::PartialDate;
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_ECDSA_P256_SHA256};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::client::Client;
use super::error::ExchangeError;

/// To start, make its authority and listen: a second on a slow machine, ten with a disk check.
const START_WAIT: Duration = Duration::from_secs(20);
/// For one answer on its standard output.
const LINE_WAIT: Duration = Duration::from_secs(10);
/// One look at the measure: it is read every second.
const MEASURE_WAIT: Duration = Duration::from_millis(900);

/// The running child.
pub struct TrainingExchange {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    /// Port on 127.0.0.1.
    pub port: u16,
    /// Its authority's certificate.
    pub ca_pem: String,
    /// The name in its certificate.
    pub server_name: String,
}

/// A fictitious patient with what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TrainingPatient {
    /// Nine digits.
    pub bsn: String,
    /// ISO date.
    pub birth_date: String,
    /// What it shows, in Dutch.
    pub label_nl: String,
    /// What it shows, in English.
    pub label_en: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Ready {
        port: u16,
        ca_pem: String,
        server_name: String,
    },
    Enrolled {
        certificate_pem: String,
    },
    Measure(#[allow(dead_code, reason = "only that it answered matters")] serde_json::Value),
    Error {
        code: String,
    },
}

/// Why the training exchange could not be started or used.
#[derive(Debug)]
pub enum TrainingError {
    /// The program is not beside the app.
    Missing(PathBuf),
    /// It did not start, or ended.
    NotStarted(std::io::Error),
    /// It said an error, with its code.
    Said(String),
    /// It said nothing in time, or something else than expected.
    Silent,
}

impl core::fmt::Display for TrainingError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "the training exchange is not at {}", path.display()),
            Self::NotStarted(error) => write!(f, "the training exchange did not start: {error}"),
            Self::Said(code) => write!(f, "the training exchange says: {code}"),
            Self::Silent => f.write_str("the training exchange does not answer"),
        }
    }
}

impl std::error::Error for TrainingError {}

impl TrainingExchange {
    /// Starts the program that lies beside this one.
    ///
    /// # Errors
    /// When it is missing, does not start, or says why it cannot (a broken `index.toml`).
    pub async fn start(state: &Path, patients: Option<&Path>) -> Result<Self, TrainingError> {
        let program = beside_this_program().map_err(TrainingError::NotStarted)?;
        if !program.is_file() {
            return Err(TrainingError::Missing(program));
        }
        let mut command = Command::new(program);
        command.arg("--state-dir").arg(state);
        if let Some(patients) = patients {
            command.arg("--patients").arg(patients);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .map_err(TrainingError::NotStarted)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(TrainingError::Silent);
        };
        let mut exchange = Self {
            child,
            input,
            output: BufReader::new(output).lines(),
            port: 0,
            ca_pem: String::new(),
            server_name: String::new(),
        };
        match exchange.hear(START_WAIT).await? {
            Said::Ready {
                port,
                ca_pem,
                server_name,
            } => {
                exchange.port = port;
                exchange.ca_pem = ca_pem;
                exchange.server_name = server_name;
                Ok(exchange)
            }
            Said::Error { code } => Err(TrainingError::Said(code)),
            _ => Err(TrainingError::Silent),
        }
    }

    /// Has a certificate made for `key_pem`; returns the certificate (PEM).
    ///
    /// # Errors
    /// When the key is not usable or the authority refuses.
    pub async fn enrol(
        &mut self,
        key_pem: &str,
        common_name: &str,
    ) -> Result<String, TrainingError> {
        let key = KeyPair::from_pem(key_pem)
            .map_err(|_| TrainingError::Said("client_key_unusable".into()))?;
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, common_name);
        let request = params
            .serialize_request(&key)
            .and_then(|request| request.pem())
            .map_err(|_| TrainingError::Said("client_key_unusable".into()))?;
        self.say(&serde_json::json!({ "enrol": { "csr_pem": request } }))
            .await?;
        match self.hear(LINE_WAIT).await? {
            Said::Enrolled { certificate_pem } => Ok(certificate_pem),
            Said::Error { code } => Err(TrainingError::Said(code)),
            _ => Err(TrainingError::Silent),
        }
    }

    /// The child's process id, while it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.child.id()
    }

    async fn say(&mut self, line: &serde_json::Value) -> Result<(), TrainingError> {
        let text = format!("{line}\n");
        self.input
            .write_all(text.as_bytes())
            .await
            .map_err(TrainingError::NotStarted)?;
        self.input.flush().await.map_err(TrainingError::NotStarted)
    }

    async fn hear(&mut self, wait: Duration) -> Result<Said, TrainingError> {
        let line = tokio::time::timeout(wait, self.output.next_line())
            .await
            .map_err(|_| TrainingError::Silent)?
            .map_err(TrainingError::NotStarted)?
            .ok_or(TrainingError::Silent)?;
        serde_json::from_str(&line).map_err(|_| TrainingError::Silent)
    }
}

/// A fresh client key: ECDSA P-256, PKCS#8 PEM.
///
/// # Errors
/// When the machine has no randomness.
pub fn new_client_key() -> Result<zeroize::Zeroizing<String>, ExchangeError> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)
        .map(|key| zeroize::Zeroizing::new(key.serialize_pem()))
        .map_err(|_| ExchangeError::ClientKeyUnusable)
}

/// The patients it knows.
///
/// # Errors
/// When it cannot be asked.
pub async fn patients(client: &Client) -> Result<Vec<TrainingPatient>, ExchangeError> {
    let answered = client
        .send(
            reqwest::Method::GET,
            "/training/patients",
            &[],
            None,
            Vec::new(),
        )
        .await?;
    serde_json::from_slice(&answered.body).map_err(|_| ExchangeError::NotAnAnswer)
}

#[derive(Deserialize)]
struct MeasureAnswer {
    state: String,
    since: Option<String>,
    decided_by: Option<String>,
}

/// The state of the corona measure.
///
/// # Errors
/// When it does not answer within a second.
pub async fn measure(client: &Client) -> Result<Measure, ExchangeError> {
    let asked = client.send(
        reqwest::Method::GET,
        "/training/measure",
        &[],
        None,
        Vec::new(),
    );
    let answered = tokio::time::timeout(MEASURE_WAIT, asked)
        .await
        .map_err(|_| ExchangeError::TimedOut)??;
    let answer: MeasureAnswer =
        serde_json::from_slice(&answered.body).map_err(|_| ExchangeError::NotAnAnswer)?;
    let since = answer.since.as_deref().map(PartialDate::parse);
    match (answer.state.as_str(), since) {
        ("active", Some(since)) => Ok(Measure::Active {
            since,
            decided_by: answer.decided_by.unwrap_or_default(),
        }),
        ("stopped", since) => Ok(Measure::Stopped {
            since,
            decided_by: answer.decided_by,
        }),
        _ => Err(ExchangeError::NotAnAnswer),
    }
}

/// Switches the measure, as a trainer does.
///
/// # Errors
/// When the exchange does not take it.
pub async fn switch_measure(client: &Client, active: bool) -> Result<(), ExchangeError> {
    let state = if active { "active" } else { "stopped" };
    let body = serde_json::json!({ "state": state })
        .to_string()
        .into_bytes();
    let answered = client
        .send(
            reqwest::Method::PUT,
            "/training/measure",
            &[],
            Some("application/json"),
            body,
        )
        .await?;
    if answered.status == 200 {
        Ok(())
    } else {
        Err(ExchangeError::HttpStatus(answered.status))
    }
}

fn beside_this_program() -> std::io::Result<PathBuf> {
    let name = format!("inzage-training-exchange{}", std::env::consts::EXE_SUFFIX);
    let here = std::env::current_exe()?;
    let folder = here.parent().unwrap_or_else(|| Path::new("."));
    // Test binaries lie one folder deeper.
    let beside = folder.join(&name);
    if !beside.is_file() && folder.ends_with("deps") {
        return Ok(folder.with_file_name(name));
    }
    Ok(beside)
}
