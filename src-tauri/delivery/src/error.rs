//! What can go wrong between the log and a receiver: what happened, whose fault it probably is, what to do.

use core::fmt;
use std::error::Error as StdError;
use std::io;

use inzage_viewlog::LogError;
use rustls::{AlertDescription, CertificateError};

/// Why something was not delivered. Carries no BSN, no content, and nothing that a receiver said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryError {
    /// Nobody listens there, or the network is down.
    Unreachable,
    /// No answer within the time.
    TimedOut,
    /// The connection broke before the receiver had said that it has it.
    BrokenOff,
    /// The receiver is there and cannot now (HTTP 5xx, 408, 425, 429).
    Unavailable {
        /// HTTP status.
        status: u16,
    },
    /// The receiver will not take this one as it is (HTTP 4xx).
    Refused {
        /// HTTP status.
        status: u16,
    },
    /// The receiver does not let this workstation write (HTTP 401, 403).
    Forbidden {
        /// HTTP status.
        status: u16,
    },
    /// What answers at this address takes no AuditEvents (HTTP 3xx, 404, 405, 410).
    WrongAddress {
        /// HTTP status.
        status: u16,
    },
    /// The receiver's certificate is not one that is trusted for this name and day.
    Certificate,
    /// The receiver wants a client certificate, or another one.
    ClientCertificate,
    /// The two sides found no common TLS.
    Tls,
    /// The receiver has something else under the number of this entry or checkpoint.
    Conflict,
    /// What answers there does not answer as a FHIR server does: a page for people, an answer without end,
    /// or no page of a search, or one that leads elsewhere.
    WrongAnswer,
    /// A syslog receiver ended the connection without its `close_notify`.
    Unconfirmed,
    /// The log itself could not be read, or its outbox not written.
    Log(LogError),
    /// A setting is wrong.
    Settings {
        /// Which.
        key: &'static str,
    },
    /// The task that did it ended early. A defect.
    Internal,
}

impl DeliveryError {
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreachable => "delivery_unreachable",
            Self::TimedOut => "delivery_timed_out",
            Self::BrokenOff => "delivery_broken_off",
            Self::Unavailable { .. } => "delivery_unavailable",
            Self::Refused { .. } => "delivery_refused",
            Self::Forbidden { .. } => "delivery_forbidden",
            Self::WrongAddress { .. } => "delivery_wrong_address",
            Self::Certificate => "delivery_certificate",
            Self::ClientCertificate => "delivery_client_certificate",
            Self::Tls => "delivery_tls",
            Self::Conflict => "delivery_conflict",
            Self::WrongAnswer => "delivery_wrong_answer",
            Self::Unconfirmed => "delivery_unconfirmed",
            Self::Log(_) => "delivery_log",
            Self::Settings { .. } => "delivery_settings",
            Self::Internal => "delivery_internal",
        }
    }

    /// Whether waiting alone does not help: a person has to change something here or there.
    #[must_use]
    pub const fn needs_somebody(&self) -> bool {
        match self {
            Self::Unreachable
            | Self::TimedOut
            | Self::BrokenOff
            | Self::Unavailable { .. }
            | Self::WrongAnswer => false,
            Self::Log(error) => !matches!(error, LogError::Busy),
            Self::Refused { .. }
            | Self::Forbidden { .. }
            | Self::WrongAddress { .. }
            | Self::Certificate
            | Self::ClientCertificate
            | Self::Tls
            | Self::Conflict
            | Self::Unconfirmed
            | Self::Settings { .. }
            | Self::Internal => true,
        }
    }

    /// What an HTTP status says that is not the success that was asked for.
    pub(crate) const fn of_status(status: u16) -> Self {
        match status {
            200..=299 => Self::WrongAnswer,
            401 | 403 => Self::Forbidden { status },
            300..=399 | 404 | 405 | 410 => Self::WrongAddress { status },
            408 | 425 | 429 | 500..=599 => Self::Unavailable { status },
            _ => Self::Refused { status },
        }
    }

    /// What reqwest says.
    pub(crate) fn of_request(error: &reqwest::Error) -> Self {
        if let Some(tls) = cause::<rustls::Error>(error) {
            return Self::of_tls(tls);
        }
        if error.is_timeout() {
            Self::TimedOut
        } else if error.is_connect() {
            Self::Unreachable
        } else {
            Self::BrokenOff
        }
    }

    /// What a connection of our own says, once it is there.
    pub(crate) fn of_stream(error: &io::Error) -> Self {
        cause::<rustls::Error>(error).map_or(Self::BrokenOff, Self::of_tls)
    }

    fn of_tls(error: &rustls::Error) -> Self {
        use rustls::Error;
        match error {
            Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure) => {
                Self::Tls
            }
            Error::InvalidCertificate(_) | Error::NoCertificatesPresented => Self::Certificate,
            Error::AlertReceived(
                AlertDescription::BadCertificate
                | AlertDescription::CertificateRequired
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateUnknown
                | AlertDescription::UnknownCA
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::AccessDenied
                | AlertDescription::DecryptError,
            ) => Self::ClientCertificate,
            Error::AlertReceived(
                AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure,
            )
            | Error::PeerIncompatible(_)
            | Error::InvalidMessage(_) => Self::Tls,
            _ => Self::BrokenOff,
        }
    }
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => f.write_str(
                "nobody listens at the receiver's address, or the network is down; it is tried again; an administrator can check the address and the network",
            ),
            Self::TimedOut => f.write_str(
                "the receiver did not answer in time; it is tried again; its administrator can see whether it is overloaded",
            ),
            Self::BrokenOff => f.write_str(
                "the connection broke before the receiver had confirmed; it is sent again, and a repeat is recognised",
            ),
            Self::Unavailable { status } => write!(
                f,
                "the receiver cannot take entries now (HTTP {status}); it is tried again; its administrator can see why"
            ),
            Self::Refused { status } => write!(
                f,
                "the receiver refuses an entry (HTTP {status}), and all behind it wait; its administrator must see in its own log why, and let it take AuditEvents of FHIR R4"
            ),
            Self::Forbidden { status } => write!(
                f,
                "the receiver does not let this workstation write (HTTP {status}); its administrator must admit this workstation's certificate"
            ),
            Self::WrongAddress { status } => write!(
                f,
                "what answers at the receiver's address takes no AuditEvents (HTTP {status}); an administrator must correct the address in [[delivery]]"
            ),
            Self::Certificate => f.write_str(
                "the receiver's certificate is not trusted for its name and today; its administrator can renew it, or an administrator here correct `ca` and the address in [[delivery]]",
            ),
            Self::ClientCertificate => f.write_str(
                "the receiver does not accept this workstation's certificate; an administrator must set one in [[delivery]] that the receiver trusts",
            ),
            Self::Tls => f.write_str(
                "this workstation and the receiver found no common TLS; its administrator can enable TLS 1.3, or an administrator here set `allow_tls12`",
            ),
            Self::Conflict => f.write_str(
                "the receiver has something else under this entry's number, and this entry and all behind it wait; this workstation's log was put back to an older state, or somebody sent under its name: its administrator can see what it has, and an administrator here whether a backup was restored",
            ),
            Self::WrongAnswer => f.write_str(
                "what answers at the receiver's address does not answer as a FHIR server does; it is tried again; its administrator can see why, or an administrator here correct the address in [[delivery]]",
            ),
            Self::Unconfirmed => f.write_str(
                "the receiver ended the connection without confirming, so it is not known whether it has the entries, and they are sent again; its administrator can use rsyslog's OpenSSL driver, or an administrator here set `accept_plain_close`",
            ),
            Self::Log(error) => write!(f, "the log could not be read for delivery: {error}"),
            Self::Settings { key } => write!(
                f,
                "`{key}` in [[delivery]] is missing or wrong; an administrator must correct it"
            ),
            Self::Internal => {
                f.write_str("delivery stopped by a defect of this program; restart the app and report it")
            }
        }
    }
}

impl StdError for DeliveryError {}

impl From<LogError> for DeliveryError {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

/// Looks for an error of type `E` among the causes, also inside `io::Error` wrappers.
fn cause<'e, E: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e E> {
    let mut current: Option<&'e (dyn StdError + 'static)> = Some(error);
    while let Some(this) = current {
        if let Some(found) = this.downcast_ref::<E>() {
            return Some(found);
        }
        current = match this
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => this.source(),
        };
    }
    None
}
