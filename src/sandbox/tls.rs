//! The sandbox's own certificate authority, made anew at each start, and the certificate that it gives the ports.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::error::Error;
use std::io;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

pub struct Authority {
    /// The authority's certificate, for whoever is to trust it.
    pub pem: String,
    pub acceptor: TlsAcceptor,
}

impl Authority {
    pub fn new() -> io::Result<Self> {
        make().map_err(|error| io::Error::other(format!("no certificate could be made: {error}")))
    }
}

fn make() -> Result<Authority, Box<dyn Error + Send + Sync>> {
    let mut root = CertificateParams::new(Vec::new())?;
    root.distinguished_name
        .push(DnType::CommonName, "itero sandbox authority");
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let root_key = KeyPair::generate()?;
    let root_certificate = root.self_signed(&root_key)?;
    let issuer = Issuer::new(root, root_key);

    let mut leaf = CertificateParams::new(vec!["127.0.0.1".to_owned(), "localhost".to_owned()])?;
    leaf.distinguished_name
        .push(DnType::CommonName, "itero sandbox");
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    let leaf_key = KeyPair::generate()?;
    let leaf_certificate = leaf.signed_by(&leaf_key, &issuer)?;

    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf_certificate.der().clone()], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Authority {
        pem: root_certificate.pem(),
        acceptor: TlsAcceptor::from(Arc::new(config)),
    })
}
