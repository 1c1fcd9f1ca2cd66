//! What went wrong below HTTP, in words that a help desk understands and without the URL.

use std::error::Error as _;
use std::io::ErrorKind;

use crate::error::{Error, Status};

/// A request that brought no answer.
pub struct Failure {
    pub error: Error,
    /// Whether the service may have seen the request.
    pub may_have_arrived: bool,
    /// The computer is there but nobody listens on the port.
    pub refused: bool,
    /// Whether the service may have seen an attempt of the same call before this one.
    pub earlier_may_have_arrived: bool,
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        failure.error
    }
}

impl Failure {
    /// Nothing has left this computer.
    pub fn before(error: Error) -> Failure {
        Failure {
            error,
            may_have_arrived: false,
            refused: false,
            earlier_may_have_arrived: false,
        }
    }

    pub fn after(error: Error) -> Failure {
        Failure {
            may_have_arrived: true,
            ..Failure::before(error)
        }
    }
}

/// What went wrong below HTTP, told by kind alone: the texts of reqwest hold whole URLs.
pub(super) fn failure(fault: &reqwest::Error, host: &str) -> Failure {
    let connecting = fault.is_connect();
    let mut refused = false;
    let mut unknown_name = false;
    let mut error = None;
    let mut source = fault.source();
    while let Some(cause) = source {
        if let Some(tls) = innermost(cause).downcast_ref::<rustls::Error>() {
            error = Some(tls_error(tls, host));
        } else if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            refused |= io.kind() == ErrorKind::ConnectionRefused;
            error = error.or_else(|| io_error(io, connecting, host));
        }
        // hyper's error of a look-up is of a private type.
        unknown_name |= cause.to_string() == "dns error";
        source = cause.source();
    }
    let error = error.unwrap_or_else(|| {
        if fault.is_timeout() {
            Error::new(
                Status::Timeout,
                format!("{host} could not be reached in time"),
            )
        } else if connecting && unknown_name {
            Error::new(
                Status::Network,
                format!("the name {host} could not be looked up"),
            )
            .advise("Check the network connection and the DNS server.")
        } else if connecting {
            Error::new(
                Status::Network,
                format!("no connection to {host} could be made"),
            )
        } else {
            Error::new(
                Status::Network,
                format!("the connection to {host} broke before the answer was complete"),
            )
        }
    });
    Failure {
        may_have_arrived: !connecting && !fault.is_builder(),
        refused,
        ..Failure::before(error)
    }
}

/// What an error of the standard library wraps, which its `source` leaves out.
fn innermost<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> &'a (dyn std::error::Error + 'static) {
    match error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref)
    {
        Some(inner) => innermost(inner),
        None => error,
    }
}

fn io_error(io: &std::io::Error, connecting: bool, host: &str) -> Option<Error> {
    match io.kind() {
        ErrorKind::ConnectionRefused => Some(Error::new(
            Status::Network,
            format!("{host} refused the connection (nothing listens on that port)"),
        )),
        ErrorKind::TimedOut => Some(Error::new(
            Status::Timeout,
            format!("{host} could not be reached in time"),
        )),
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => Some(Error::new(
            Status::Network,
            format!("there is no way to {host}: the network is unreachable"),
        )),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted if connecting => {
            Some(Error::new(
                Status::Network,
                format!("the connection to {host} was cut while it was being made"),
            ))
        }
        _ => None,
    }
}

fn tls_error(fault: &rustls::Error, host: &str) -> Error {
    use rustls::{CertificateError, Error as Tls};
    let what = match fault {
        Tls::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its certificate comes from an issuer that is not trusted".to_owned()
        }
        Tls::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => "its certificate has expired by this computer's clock".to_owned(),
        Tls::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => "its certificate is not valid yet by this computer's clock".to_owned(),
        Tls::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "its certificate is for another name".to_owned(),
        Tls::InvalidCertificate(_) => "its certificate can't be verified".to_owned(),
        // By number: what dependencies show for debugging is left out of the DLLs.
        Tls::AlertReceived(alert) => {
            let number = u8::from(*alert);
            format!("it ended the handshake with TLS alert {number} (RFC 8446, section 6)")
        }
        Tls::InvalidMessage(_) => "it does not speak TLS on that port".to_owned(),
        _ => "the handshake failed".to_owned(),
    };
    Error::new(
        Status::Tls,
        format!("no secure connection to {host}: {what}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::dns::{Name, Resolve, Resolving};

    struct Nowhere;

    impl Resolve for Nowhere {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(async { Err("no such name".into()) })
        }
    }

    #[test]
    fn a_name_that_nobody_knows_is_told_apart_from_a_computer_that_does_not_answer() {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(super::super::tls::config(&[]).unwrap())
            .no_proxy()
            .dns_resolver(std::sync::Arc::new(Nowhere))
            .build()
            .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let asked = client.get("http://scanner.example/").send();
        let failure = failure(&runtime.block_on(asked).err().unwrap(), "scanner.example");
        assert_eq!(
            failure.error.message,
            "the name scanner.example could not be looked up"
        );
        assert!(!failure.may_have_arrived);
    }
}
