//! Our TLS configuration: one provider, mutual authentication, TLS 1.3
//! (1.2 only where the configuration says so), revocation where lists are given.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use super::error::ExchangeError;

/// What a connection is built from. PEM texts.
pub struct TlsMaterial<'a> {
    /// The authorities whose server certificates are trusted; no others.
    pub trusted_ca_pem: &'a str,
    /// Our certificate chain.
    pub client_certificate_pem: &'a str,
    /// Its private key.
    pub client_key_pem: &'a str,
    /// Revocation lists; when given, an expired list is an error too.
    pub revocation_lists_pem: Option<&'a str>,
    /// Also accept TLS 1.2.
    pub allow_tls12: bool,
}

/// The rustls configuration for the exchange.
///
/// # Errors
/// [`ExchangeError::ClientKeyUnusable`] when key, certificate or trusted authority cannot be read.
pub fn client_config(material: &TlsMaterial<'_>) -> Result<ClientConfig, ExchangeError> {
    let unusable = |_| ExchangeError::ClientKeyUnusable;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(material.trusted_ca_pem.as_bytes()) {
        let certificate = certificate.map_err(|_| ExchangeError::ClientKeyUnusable)?;
        roots
            .add(certificate)
            .map_err(|_| ExchangeError::ClientKeyUnusable)?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    if let Some(pem) = material.revocation_lists_pem {
        let lists = CertificateRevocationListDer::pem_slice_iter(pem.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| ExchangeError::ClientKeyUnusable)?;
        verifier = verifier.with_crls(lists).enforce_revocation_expiration();
    }
    let verifier = verifier
        .build()
        .map_err(|_| ExchangeError::ClientKeyUnusable)?;
    let chain = CertificateDer::pem_slice_iter(material.client_certificate_pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| ExchangeError::ClientKeyUnusable)?;
    let key = PrivateKeyDer::from_pem_slice(material.client_key_pem.as_bytes())
        .map_err(|_| ExchangeError::ClientKeyUnusable)?;
    let versions: &[&rustls::SupportedProtocolVersion] = if material.allow_tls12 {
        &[&rustls::version::TLS13, &rustls::version::TLS12]
    } else {
        &[&rustls::version::TLS13]
    };
    ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(unusable)?
        .with_webpki_verifier(verifier)
        .with_client_auth_cert(chain, key)
        .map_err(unusable)
}
