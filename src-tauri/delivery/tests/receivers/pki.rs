//! An authority, a server's certificate and a client's, made for one test.

use std::fs;
use std::path::{Path, PathBuf};

use inzage_delivery::ClientCertificate;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use zeroize::Zeroizing;

pub struct Pki {
    pub ca_pem: String,
    pub ca: PathBuf,
    pub certificate: PathBuf,
    pub key: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

impl Pki {
    pub fn new(folder: &Path) -> Self {
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, "Inzage delivery tests");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().unwrap();
        let ca_pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        let (certificate_pem, key_pem) =
            leaf(&issuer, "localhost", ExtendedKeyUsagePurpose::ServerAuth);
        let write = |name: &str, text: &str| {
            let file = folder.join(name);
            fs::write(&file, text).unwrap();
            file
        };
        Self {
            ca: write("ca.pem", &ca_pem),
            certificate: write("server.pem", &certificate_pem),
            key: write("server.key.pem", &key_pem),
            ca_pem,
            issuer,
        }
    }

    pub fn client(&self) -> ClientCertificate {
        let (chain_pem, key_pem) =
            leaf(&self.issuer, "balie-2", ExtendedKeyUsagePurpose::ClientAuth);
        ClientCertificate {
            chain_pem,
            key_pem: Zeroizing::new(key_pem),
        }
    }
}

fn leaf(
    issuer: &Issuer<'_, KeyPair>,
    name: &str,
    purpose: ExtendedKeyUsagePurpose,
) -> (String, String) {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![purpose];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, issuer).unwrap();
    (certificate.pem(), key.serialize_pem())
}
