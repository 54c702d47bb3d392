//! What a receiver is.

use std::time::Duration;

use inzage_viewlog::Receives;
use zeroize::Zeroizing;

/// One receiver of the log.
#[derive(Debug, Clone)]
pub struct Sink {
    /// Under which its progress is kept: another receiver takes another name, and gets everything.
    pub name: String,
    /// How it is spoken to, and where.
    pub kind: SinkKind,
    /// Whether it is the organisation's own repository.
    pub receives: Receives,
    /// The authorities whose certificates are trusted, PEM; no others.
    pub trusted_ca_pem: String,
    /// With which this workstation shows who it is, where the receiver asks.
    pub client: Option<ClientCertificate>,
    /// Also TLS 1.2. rsyslog's GnuTLS driver of Debian 12 speaks no newer one by itself.
    pub allow_tls12: bool,
    /// How long nothing may be heard from this workstation.
    pub heartbeat: Duration,
}

/// How a receiver is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SinkKind {
    /// `POST [base]/AuditEvent` (IHE ITI-20, FHIR feed). The base begins with `https://` and ends
    /// without a slash.
    Fhir {
        /// The server's base address.
        base: String,
    },
    /// RFC 5424 messages over TLS (RFC 5425).
    Syslog {
        /// The name in its certificate.
        host: String,
        /// 6514 by RFC 5425.
        port: u16,
        /// Private enterprise number in the structured data.
        enterprise: u32,
        /// What counts as sign that a batch arrived.
        confirmation: Confirmation,
    },
}

/// What counts as sign that a syslog receiver read a whole batch: the protocol has no acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// Its own TLS `close_notify` after ours. Nobody else can make one, and it comes after everything
    /// before it was read. rsyslog's OpenSSL driver sends it.
    CloseNotify,
    /// Any end of the connection after ours. rsyslog's GnuTLS driver sends no more than that; it looks
    /// the same when something between here and there drops the connection with a batch on its way.
    AnyClose,
}

/// A client certificate with its key, PEM.
#[derive(Clone)]
pub struct ClientCertificate {
    /// The chain, own certificate first.
    pub chain_pem: String,
    /// Its private key.
    pub key_pem: Zeroizing<String>,
}

impl core::fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ClientCertificate(hidden)")
    }
}
