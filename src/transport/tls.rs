//! TLS: rustls with ring, trusting the computer's roots, Mozilla's and those of a CA file that the host names.
//!
//! The platform's own verifier is left out: on Windows it may ask a revocation server for seconds, during which every
//! other request would wait. Mozilla's roots stand beside the computer's because an old Windows lacks the newer ones.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::{Error, Result, Status};

/// The certificates of a PEM file.
pub fn read_ca_file(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let fault = |what: &str| Error::argument(format!("the CA file {what}"));
    let bytes =
        std::fs::read(path).map_err(|error| fault(&format!("can't be read: {}", error.kind())))?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&bytes)
        .collect::<std::result::Result<_, _>>()
        .map_err(|_| fault("is not a PEM file"))?;
    if certificates.is_empty() {
        return Err(fault(
            "holds no certificate (PEM with BEGIN CERTIFICATE is expected)",
        ));
    }
    let mut roots = RootCertStore::empty();
    for certificate in &certificates {
        roots
            .add(certificate.clone())
            .map_err(|_| fault("holds a certificate that can't be used as a trusted root"))?;
    }
    Ok(certificates)
}

pub fn config(extra: &[CertificateDer<'static>]) -> Result<ClientConfig> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    // A certificate store often holds entries that no TLS library can use; they are passed over.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots.add_parsable_certificates(extra.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::new(Status::Tls, "no version of TLS can be offered"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}
