//! What can go wrong between here and a source, each with a stable code.

use core::fmt;
use std::error::Error as StdError;

/// Why a question got no answer. Never carries a BSN or content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExchangeError {
    /// Nobody listens at the address, or the network is down.
    Unreachable,
    /// No answer within the time.
    TimedOut,
    /// The server's certificate is past its date.
    CertificateExpired,
    /// The server's certificate is for another name.
    CertificateWrongName,
    /// The server's certificate was issued by someone this installation does not trust.
    CertificateUnknownIssuer,
    /// The server's certificate is refused for another reason (revoked, not yet valid, bad signature).
    CertificateRefused,
    /// The exchange does not accept our client certificate.
    ClientCertificateRefused,
    /// The two sides have no TLS version or cipher in common.
    TlsVersion,
    /// The answer is larger than the limit.
    TooLarge,
    /// The connection broke in the middle of the answer.
    BrokenOff,
    /// The exchange answered with an HTTP error.
    HttpStatus(u16),
    /// The exchange answered something that is no answer.
    NotAnAnswer,
    /// A document was named that lies outside the source's own address: it is not followed.
    DocumentElsewhere,
    /// The source does not take our token, or wants one.
    TokenRefused,
    /// The client key or certificate cannot be used.
    ClientKeyUnusable,
    /// The user stopped it.
    Cancelled,
}

impl ExchangeError {
    /// Stable code, for the log and the screen.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "exchange_unreachable",
            Self::TimedOut => "exchange_timed_out",
            Self::CertificateExpired => "exchange_certificate_expired",
            Self::CertificateWrongName => "exchange_certificate_wrong_name",
            Self::CertificateUnknownIssuer => "exchange_certificate_unknown_issuer",
            Self::CertificateRefused => "exchange_certificate_refused",
            Self::ClientCertificateRefused => "client_certificate_refused",
            Self::TlsVersion => "exchange_tls_version",
            Self::TooLarge => "answer_too_large",
            Self::BrokenOff => "answer_broken_off",
            Self::HttpStatus(_) => "exchange_http_error",
            Self::NotAnAnswer => "answer_not_understood",
            Self::DocumentElsewhere => "document_elsewhere",
            Self::TokenRefused => "exchange_token_refused",
            Self::ClientKeyUnusable => "client_key_unusable",
            Self::Cancelled => "cancelled",
        }
    }

    /// Every error, for generated checks.
    pub const ALL: [Self; 16] = [
        Self::Unreachable,
        Self::TimedOut,
        Self::CertificateExpired,
        Self::CertificateWrongName,
        Self::CertificateUnknownIssuer,
        Self::CertificateRefused,
        Self::ClientCertificateRefused,
        Self::TlsVersion,
        Self::TooLarge,
        Self::BrokenOff,
        Self::HttpStatus(500),
        Self::NotAnAnswer,
        Self::DocumentElsewhere,
        Self::TokenRefused,
        Self::ClientKeyUnusable,
        Self::Cancelled,
    ];
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl StdError for ExchangeError {}

impl From<reqwest::Error> for ExchangeError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        if let Some(tls) = cause::<rustls::Error>(&error) {
            return from_tls(tls);
        }
        if error.is_connect() {
            return Self::Unreachable;
        }
        if error.is_body() || error.is_decode() || error.is_request() {
            return Self::BrokenOff;
        }
        Self::NotAnAnswer
    }
}

fn from_tls(error: &rustls::Error) -> ExchangeError {
    use rustls::{AlertDescription, CertificateError, Error};
    match error {
        Error::InvalidCertificate(why) => match why {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                ExchangeError::CertificateExpired
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                ExchangeError::CertificateWrongName
            }
            CertificateError::UnknownIssuer => ExchangeError::CertificateUnknownIssuer,
            _ => ExchangeError::CertificateRefused,
        },
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
        ) => ExchangeError::ClientCertificateRefused,
        Error::AlertReceived(
            AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure,
        )
        | Error::PeerIncompatible(_) => ExchangeError::TlsVersion,
        _ => ExchangeError::BrokenOff,
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
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => this.source(),
        };
    }
    None
}
