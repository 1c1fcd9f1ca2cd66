//! TLS: rustls with ring, trusting the computer's roots, Mozilla's and those of a CA file that the host names.
//!
//! The platform's own verifier is left out: on Windows it may ask a revocation server for seconds, during which every
//! other request would wait. Mozilla's roots stand beside the computer's because an old Windows lacks the newer ones.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::provider::provider;
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

/// All roots: Mozilla's, the computer's, the host's.
fn roots(extra: &[CertificateDer<'static>]) -> RootCertStore {
    let mut roots = public_roots();
    // A certificate store often holds entries that no TLS library can use; they are passed over.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots.add_parsable_certificates(extra.iter().cloned());
    roots
}

fn public_roots() -> RootCertStore {
    RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    }
}

pub fn config(extra: &[CertificateDer<'static>]) -> Result<ClientConfig> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::new(Status::Tls, "no version of TLS can be offered"))?
        .with_root_certificates(roots(extra))
        .with_no_client_auth();
    Ok(config)
}

/// What a connection's certificate told, whether it was accepted or not.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Who issued it: organization or name, as the certificate says.
    pub issuer: String,
    /// Whether a public authority vouches for it. If not, and the connection works, something between here and the
    /// service inspects it, or the service has an authority of its own.
    pub is_public: bool,
}

/// The same rules as [`config`], and what was seen of the certificate is kept.
pub fn witness(
    extra: &[CertificateDer<'static>],
) -> Result<(ClientConfig, Arc<Mutex<Option<Seen>>>)> {
    let mut config = config(extra)?;
    let verifier = |roots: RootCertStore| {
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
            .build()
            .map_err(|_| Error::new(Status::Tls, "the trusted roots can't be used"))
    };
    let seen = Arc::new(Mutex::new(None));
    let witness = Witness {
        rules: verifier(roots(extra))?,
        public: verifier(public_roots())?,
        seen: seen.clone(),
    };
    // Not more lenient: the verdict is that of the rules.
    config
        .dangerous()
        .set_certificate_verifier(Arc::new(witness));
    Ok((config, seen))
}

#[derive(Debug)]
struct Witness {
    rules: Arc<WebPkiServerVerifier>,
    public: Arc<WebPkiServerVerifier>,
    seen: Arc<Mutex<Option<Seen>>>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        let is_public = self
            .public
            .verify_server_cert(certificate, intermediates, name, ocsp, now)
            .is_ok();
        let issuer = issuer_of(certificate);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Seen { issuer, is_public });
        self.rules
            .verify_server_cert(certificate, intermediates, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.rules
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.rules
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.rules.supported_verify_schemes()
    }
}

/// The issuer's organization, else its common name; empty when the certificate says neither.
fn issuer_of(certificate: &CertificateDer<'_>) -> String {
    let Ok(parsed) = webpki::EndEntityCert::try_from(certificate) else {
        return String::new();
    };
    let name = parsed.issuer();
    // X.520 attribute types 2.5.4.10 and 2.5.4.3, each followed by a text with a tag and a short length.
    [
        [0x06, 0x03, 0x55, 0x04, 0x0a],
        [0x06, 0x03, 0x55, 0x04, 0x03],
    ]
    .iter()
    .find_map(|kind| {
        let at = name.windows(kind.len()).position(|window| window == kind)? + kind.len();
        let length = usize::from(*name.get(at + 1)?);
        let text = std::str::from_utf8(name.get(at + 2..at + 2 + length)?).ok()?;
        Some(text.chars().filter(|c| !c.is_control()).take(80).collect())
    })
    .unwrap_or_default()
}
