//! The TLS configuration of a sink: one provider, the authorities that it names and no others.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::error::DeliveryError;
use crate::sink::Sink;

pub(crate) fn client_config(sink: &Sink) -> Result<ClientConfig, DeliveryError> {
    let wrong = |key| DeliveryError::Settings { key };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(sink.trusted_ca_pem.as_bytes()) {
        let certificate = certificate.map_err(|_| wrong("ca"))?;
        roots.add(certificate).map_err(|_| wrong("ca"))?;
    }
    if roots.is_empty() {
        return Err(wrong("ca"));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions: &[&rustls::SupportedProtocolVersion] = if sink.allow_tls12 {
        &[&rustls::version::TLS13, &rustls::version::TLS12]
    } else {
        &[&rustls::version::TLS13]
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|_| wrong("allow_tls12"))?
        .with_root_certificates(roots);
    let Some(client) = &sink.client else {
        return Ok(config.with_no_client_auth());
    };
    let chain = CertificateDer::pem_slice_iter(client.chain_pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| wrong("certificate"))?;
    let key = PrivateKeyDer::from_pem_slice(client.key_pem.as_bytes())
        .map_err(|_| wrong("certificate"))?;
    config
        .with_client_auth_cert(chain, key)
        .map_err(|_| wrong("certificate"))
}
