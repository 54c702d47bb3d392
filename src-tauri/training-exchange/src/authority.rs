//! The training CA: made at first start, kept in the state folder, signs the server's certificate
//! and the client certificates of those who enrol.

use std::path::Path;

use chrono::{Datelike, Days, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, SerialNumber,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::Error;
use crate::limits::{CA_DAYS, CLIENT_DAYS, DAYS_LEFT_MIN, SERVER_DAYS};
use crate::state_dir::StateDir;

/// The name under which the server's certificate is valid (127.0.0.1 is the other).
pub const SERVER_NAME: &str = "localhost";

/// Which certificate the server presents. Everything but `Good` is there to be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ServerCertificate {
    /// Valid now, for localhost and 127.0.0.1, signed by the announced CA.
    #[default]
    Good,
    /// As good, but its validity ended a week ago.
    Expired,
    /// As good, but for another name.
    WrongName,
    /// As good, but signed by a CA that is not announced.
    UnknownCa,
}

/// The CA with its key, and the server's certificate with its key.
pub(crate) struct Authority {
    ca_pem: String,
    issuer: Issuer<'static, KeyPair>,
    server_pem: String,
    server_key_pem: String,
}

impl Authority {
    /// Reads the authority from the state folder, or makes what is missing, unreadable, or near
    /// its end of validity. A new CA means that everyone enrols again.
    pub(crate) fn open(state_dir: &Path, presents: ServerCertificate) -> Result<Self, Error> {
        let dir = StateDir::open(state_dir)?;
        let (ca_pem, issuer, is_new) = match stored_ca(&dir) {
            Some((pem, issuer)) => (pem, issuer, false),
            None => {
                let (pem, key_pem, issuer) = new_ca()?;
                dir.write("ca.key.pem", &key_pem)?;
                dir.write("ca.pem", &pem)?;
                (pem, issuer, true)
            }
        };
        let stored = if is_new || presents != ServerCertificate::Good {
            None
        } else {
            stored_server(&dir)
        };
        let (server_pem, server_key_pem) = match stored {
            Some(pair) => pair,
            None => {
                let pair = new_server(&issuer, presents)?;
                if presents == ServerCertificate::Good {
                    dir.write("server.key.pem", &pair.1)?;
                    dir.write("server.pem", &pair.0)?;
                }
                pair
            }
        };
        Ok(Self {
            ca_pem,
            issuer,
            server_pem,
            server_key_pem,
        })
    }

    pub(crate) fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    pub(crate) fn ca_der(&self) -> Result<CertificateDer<'static>, Error> {
        certificate_der(&self.ca_pem)
    }

    pub(crate) fn server_der(
        &self,
    ) -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), Error> {
        let key = PrivateKeyDer::from_pem_slice(self.server_key_pem.as_bytes())
            .map_err(|_| Error::Tls("the server's key is not readable".into()))?;
        Ok((certificate_der(&self.server_pem)?, key))
    }

    /// A client certificate for a PKCS#10 request in PEM: the subject and the key of the request,
    /// [`CLIENT_DAYS`] days, for client authentication and nothing else the request asks for.
    pub(crate) fn enrol(&self, csr_pem: &str) -> Result<String, Error> {
        let mut csr = CertificateSigningRequestParams::from_pem(csr_pem).map_err(|_| {
            Error::Csr(
                "the certificate request is not a readable, signed PKCS#10 request in PEM".into(),
            )
        })?;
        if csr.params.distinguished_name.iter().next().is_none() {
            return Err(Error::Csr(
                "the certificate request names no subject".into(),
            ));
        }
        let subject = std::mem::take(&mut csr.params.distinguished_name);
        csr.params = leaf(
            subject,
            ExtendedKeyUsagePurpose::ClientAuth,
            -1,
            CLIENT_DAYS,
        )?;
        let certificate = csr
            .signed_by(&self.issuer)
            .map_err(|_| Error::Csr("the certificate request could not be signed".into()))?;
        Ok(certificate.pem())
    }
}

fn new_ca() -> Result<(String, String, Issuer<'static, KeyPair>), Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = name("Inzage training CA (fictitious patients only)");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    validity(&mut params, -1, CA_DAYS)?;
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(tls)?;
    let certificate = params.self_signed(&key).map_err(tls)?;
    let key_pem = key.serialize_pem();
    Ok((certificate.pem(), key_pem, Issuer::new(params, key)))
}

fn new_server(
    issuer: &Issuer<'_, KeyPair>,
    presents: ServerCertificate,
) -> Result<(String, String), Error> {
    let (from_days, to_days) = if presents == ServerCertificate::Expired {
        (-90, -7)
    } else {
        (-1, SERVER_DAYS)
    };
    let mut params = leaf(
        name("Inzage training exchange"),
        ExtendedKeyUsagePurpose::ServerAuth,
        from_days,
        to_days,
    )?;
    let names: &[&str] = if presents == ServerCertificate::WrongName {
        &["elsewhere.example"]
    } else {
        &[SERVER_NAME, "127.0.0.1"]
    };
    let named = CertificateParams::new(
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>(),
    )
    .map_err(tls)?;
    params.subject_alt_names = named.subject_alt_names;
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(tls)?;
    let certificate = if presents == ServerCertificate::UnknownCa {
        let (_, _, stranger) = new_ca()?;
        params.signed_by(&key, &stranger)
    } else {
        params.signed_by(&key, issuer)
    };
    Ok((certificate.map_err(tls)?.pem(), key.serialize_pem()))
}

fn stored_ca(dir: &StateDir) -> Option<(String, Issuer<'static, KeyPair>)> {
    let pem = dir.read("ca.pem")?;
    let key = KeyPair::from_pem(&dir.read("ca.key.pem")?).ok()?;
    if !lasts(&pem, &key) {
        return None;
    }
    let issuer = Issuer::from_ca_cert_pem(&pem, key).ok()?;
    Some((pem, issuer))
}

fn stored_server(dir: &StateDir) -> Option<(String, String)> {
    let (pem, key_pem) = (dir.read("server.pem")?, dir.read("server.key.pem")?);
    lasts(&pem, &KeyPair::from_pem(&key_pem).ok()?).then_some((pem, key_pem))
}

/// Whether a stored certificate belongs to its key and is valid for long enough.
fn lasts(pem: &str, key: &KeyPair) -> bool {
    let Ok(der) = CertificateDer::from_pem_slice(pem.as_bytes()) else {
        return false;
    };
    let Ok((_, certificate)) = x509_parser::parse_x509_certificate(&der) else {
        return false;
    };
    let now_s = Utc::now().timestamp();
    let left_s = certificate.validity().not_after.timestamp() - now_s;
    certificate.validity().not_before.timestamp() <= now_s
        && left_s > DAYS_LEFT_MIN * 24 * 60 * 60
        && certificate.public_key().raw == rcgen::PublicKeyData::subject_public_key_info(key)
}

fn leaf(
    subject: DistinguishedName,
    purpose: ExtendedKeyUsagePurpose,
    from_days: i64,
    to_days: i64,
) -> Result<CertificateParams, Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = subject;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![purpose];
    params.use_authority_key_identifier_extension = true;
    params.serial_number = Some(SerialNumber::from_slice(uuid::Uuid::new_v4().as_bytes()));
    validity(&mut params, from_days, to_days)?;
    Ok(params)
}

/// Sets the validity in whole days from today (UTC).
fn validity(params: &mut CertificateParams, from_days: i64, to_days: i64) -> Result<(), Error> {
    let day = |offset: i64| {
        let today = Utc::now().date_naive();
        let days = Days::new(offset.unsigned_abs());
        let date = if offset < 0 {
            today.checked_sub_days(days)
        } else {
            today.checked_add_days(days)
        };
        let date = date.ok_or_else(|| Error::Tls("the clock is outside the calendar".into()))?;
        let (month, of_month) = (u8::try_from(date.month()), u8::try_from(date.day()));
        match (month, of_month) {
            (Ok(month), Ok(of_month)) => Ok(rcgen::date_time_ymd(date.year(), month, of_month)),
            _ => Err(Error::Tls("the clock is outside the calendar".into())),
        }
    };
    params.not_before = day(from_days)?;
    params.not_after = day(to_days)?;
    Ok(())
}

fn name(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name.push(DnType::OrganizationName, "Inzage training");
    name
}

fn certificate_der(pem: &str) -> Result<CertificateDer<'static>, Error> {
    CertificateDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| Error::Tls("a certificate is not readable".into()))
}

fn tls(error: rcgen::Error) -> Error {
    Error::Tls(format!("a certificate could not be made: {error}"))
}
