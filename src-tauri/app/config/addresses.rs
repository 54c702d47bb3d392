//! Which exchange is asked, in which protocol, and how it is reached.

use std::path::PathBuf;

use serde::Deserialize;

use crate::exchange::fhir::Summary;

/// Which exchange is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exchange {
    /// The training exchange, as a child process; with a folder of own patients, if any.
    Training {
        /// Folder with an `index.toml`.
        patients: Option<PathBuf>,
        /// In which protocol it is asked.
        protocol: Protocol,
    },
    /// A real one that speaks HL7v3.
    Aorta(AortaAddress),
    /// Sources that speak FHIR.
    Fhir(FhirAddress),
}

/// What an exchange speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "training", derive(clap::ValueEnum))]
pub enum Protocol {
    /// HL7v3 over SOAP.
    #[default]
    Hl7v3,
    /// FHIR.
    Fhir,
}

/// How a connection is secured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secured {
    /// PEM file with the authorities that are trusted.
    pub trusted_ca: PathBuf,
    /// PEM file with our certificate chain; its key stands in the keychain.
    pub certificate: PathBuf,
    /// PEM file with revocation lists; an expired list is an error too.
    pub revocation_lists: Option<PathBuf>,
    /// Also accept TLS 1.2.
    pub allow_tls12: bool,
}

/// How a real HL7v3 exchange is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AortaAddress {
    /// `https://…`, without a trailing slash.
    pub url: String,
    /// AORTA application id of this installation.
    pub application_id: String,
    /// Certificates.
    pub secured: Secured,
}

/// How FHIR sources are reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FhirAddress {
    /// The sources, each with an address of its own.
    pub sources: Vec<FhirSource>,
    /// How a summary is come by.
    pub summary: Summary,
    /// The header `AORTA-Version`, verbatim.
    pub aorta_version: String,
    /// Whether a bearer token from the keychain goes with every request.
    pub bearer_token: bool,
    /// Certificates.
    pub secured: Secured,
}

/// One FHIR source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FhirSource {
    /// Its id within this configuration.
    pub id: String,
    /// Its name, as the screen shows it until an answer gives another.
    pub name: String,
    /// Base address, `https://…`, without a trailing slash.
    pub url: String,
}

/// `[exchange]` as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExchangeEntry {
    #[serde(default)]
    protocol: Protocol,
    url: Option<String>,
    application_id: Option<String>,
    fhir_summary: Option<Summary>,
    aorta_version: Option<String>,
    #[serde(default)]
    bearer_token: bool,
    trusted_ca: PathBuf,
    certificate: PathBuf,
    revocation_lists: Option<PathBuf>,
    #[serde(default)]
    allow_tls12: bool,
    #[serde(default)]
    source: Vec<FhirSource>,
}

impl ExchangeEntry {
    /// The address in the protocol's own terms; a setting of the other protocol is an error, so
    /// that nobody believes it has an effect.
    pub(super) fn exchange(self) -> Result<Exchange, String> {
        let secured = Secured {
            trusted_ca: self.trusted_ca,
            certificate: self.certificate,
            revocation_lists: self.revocation_lists,
            allow_tls12: self.allow_tls12,
        };
        match self.protocol {
            Protocol::Hl7v3 => {
                let foreign = [
                    ("fhir_summary", self.fhir_summary.is_some()),
                    ("aorta_version", self.aorta_version.is_some()),
                    ("bearer_token", self.bearer_token),
                    ("source", !self.source.is_empty()),
                ];
                refuse("hl7v3", &foreign)?;
                let url = needed(self.url, "url")?;
                check_address("exchange.url", &url)?;
                Ok(Exchange::Aorta(AortaAddress {
                    url,
                    application_id: needed(self.application_id, "application_id")?,
                    secured,
                }))
            }
            Protocol::Fhir => {
                let foreign = [
                    ("url", self.url.is_some()),
                    ("application_id", self.application_id.is_some()),
                ];
                refuse("fhir", &foreign)?;
                check_sources(&self.source)?;
                let aorta_version = needed(self.aorta_version, "aorta_version")?;
                if aorta_version.is_empty()
                    || !aorta_version.bytes().all(|b| (0x20..0x7f).contains(&b))
                {
                    return Err(
                        "exchange.aorta_version must be printable ASCII: it is a header".into(),
                    );
                }
                Ok(Exchange::Fhir(FhirAddress {
                    sources: self.source,
                    summary: self.fhir_summary.unwrap_or_default(),
                    aorta_version,
                    bearer_token: self.bearer_token,
                    secured,
                }))
            }
        }
    }
}

fn needed(value: Option<String>, name: &str) -> Result<String, String> {
    value.ok_or_else(|| format!("exchange.{name} is missing"))
}

fn refuse(protocol: &str, foreign: &[(&str, bool)]) -> Result<(), String> {
    match foreign.iter().find(|(_, given)| *given) {
        Some((name, _)) => Err(format!(
            "exchange.{name} has no meaning where protocol = \"{protocol}\""
        )),
        None => Ok(()),
    }
}

fn check_sources(sources: &[FhirSource]) -> Result<(), String> {
    if sources.is_empty() {
        return Err("[[exchange.source]] is missing: a FHIR exchange needs at least one".into());
    }
    for (position, source) in sources.iter().enumerate() {
        check_address("exchange.source.url", &source.url)?;
        if sources
            .iter()
            .take(position)
            .any(|other| other.id == source.id)
        {
            return Err(format!("two [[exchange.source]] have the id {}", source.id));
        }
    }
    Ok(())
}

fn check_address(name: &str, url: &str) -> Result<(), String> {
    let host = url.strip_prefix("https://");
    if host
        .is_none_or(|rest| rest.is_empty() || rest.ends_with('/') || rest.contains(['?', '#', '@']))
    {
        return Err(format!(
            "{name} must begin with https:// and end without a slash, a query or a fragment"
        ));
    }
    Ok(())
}
