//! `[[delivery]]` in the configuration file.

use std::path::PathBuf;
use std::time::Duration;

use inzage_viewlog::Receives;
use serde::Deserialize;

use crate::error::DeliveryError;
use crate::sink::{ClientCertificate, Confirmation, Sink, SinkKind};

/// The number that RFC 5612 sets apart for documentation: an organisation that has its own sets it.
const ENTERPRISE: u32 = 32_473;
/// RFC 5425.
const SYSLOG_TLS_PORT: u16 = 6_514;
const HEARTBEAT_MINUTES: u32 = 15;

/// One receiver, as it stands in the configuration. A misspelt key is an error.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SinkSettings {
    /// Under which its progress is kept.
    pub name: String,
    /// FHIR or syslog.
    pub kind: SinkKindSetting,
    /// `https://…` without a slash at its end, or `host` or `host:port`.
    pub address: String,
    /// Who it is. No default: a mistake here sends BSNs away.
    pub receives: ReceivesSetting,
    /// PEM file of the authorities whose certificates are trusted.
    pub ca: PathBuf,
    /// PEM file of the client certificate, where the receiver asks for one. Its key is in the keychain.
    pub certificate: Option<PathBuf>,
    /// Also accept TLS 1.2.
    #[serde(default)]
    pub allow_tls12: bool,
    /// Minutes without anything to send after which a heartbeat goes.
    #[serde(default = "heartbeat_minutes")]
    pub heartbeat_minutes: u32,
    /// Syslog: the organisation's private enterprise number.
    pub enterprise: Option<u32>,
    /// Syslog: take any end of the connection for a confirmation ([`Confirmation::AnyClose`]).
    #[serde(default)]
    pub accept_plain_close: bool,
}

/// What a receiver speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SinkKindSetting {
    /// A FHIR R4 server.
    Fhir,
    /// Syslog over TLS.
    Syslog,
}

/// What a receiver is told of patients and users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceivesSetting {
    /// The organisation's own NEN 7513 repository: BSNs and names.
    OwnRepository,
    /// Any other: keyed look-ups.
    Pseudonyms,
}

const fn heartbeat_minutes() -> u32 {
    HEARTBEAT_MINUTES
}

impl SinkSettings {
    /// The sink, with the contents of the files that it names.
    ///
    /// # Errors
    /// [`DeliveryError::Settings`], with the key that is wrong.
    pub fn sink(
        &self,
        trusted_ca_pem: String,
        client: Option<ClientCertificate>,
    ) -> Result<Sink, DeliveryError> {
        let wrong = |key| DeliveryError::Settings { key };
        if self.name.is_empty() {
            return Err(wrong("name"));
        }
        if self.heartbeat_minutes == 0 {
            return Err(wrong("heartbeat_minutes"));
        }
        if self.certificate.is_some() != client.is_some() {
            return Err(wrong("certificate"));
        }
        let kind = match self.kind {
            SinkKindSetting::Fhir => {
                let rest = self.address.strip_prefix("https://");
                if rest.is_none_or(str::is_empty)
                    || self.address.ends_with('/')
                    || self.address.contains(['?', '#', '@'])
                {
                    return Err(wrong("address"));
                }
                if self.enterprise.is_some() {
                    return Err(wrong("enterprise"));
                }
                if self.accept_plain_close {
                    return Err(wrong("accept_plain_close"));
                }
                SinkKind::Fhir {
                    base: self.address.clone(),
                }
            }
            SinkKindSetting::Syslog => {
                let (host, port) = match self.address.rsplit_once(':') {
                    Some((host, port)) => (host, port.parse().map_err(|_| wrong("address"))?),
                    None => (self.address.as_str(), SYSLOG_TLS_PORT),
                };
                if host.is_empty() || host.contains(['/', ':']) {
                    return Err(wrong("address"));
                }
                SinkKind::Syslog {
                    host: host.to_owned(),
                    port,
                    enterprise: self.enterprise.unwrap_or(ENTERPRISE),
                    confirmation: if self.accept_plain_close {
                        Confirmation::AnyClose
                    } else {
                        Confirmation::CloseNotify
                    },
                }
            }
        };
        Ok(Sink {
            name: self.name.clone(),
            kind,
            receives: match self.receives {
                ReceivesSetting::OwnRepository => Receives::OwnRepository,
                ReceivesSetting::Pseudonyms => Receives::Pseudonyms,
            },
            trusted_ca_pem,
            client,
            allow_tls12: self.allow_tls12,
            heartbeat: Duration::from_secs(u64::from(self.heartbeat_minutes) * 60),
        })
    }
}
