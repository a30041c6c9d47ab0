//! Which certificates a server may show.

use std::fmt;
use std::path::{Path, PathBuf};

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// A file of certificates that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificatesError {
    /// The variable that names it.
    pub variable: &'static str,
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a file of certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It cannot be read: the system's words.
    Unreadable(String),
    /// It holds no certificate in PEM form.
    Empty,
    /// One of its certificates is none, counted from 1.
    Malformed(usize),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(reason) => write!(f, "cannot be read: {reason}"),
            Self::Empty => f.write_str("holds no certificate in PEM form"),
            Self::Malformed(number) => write!(f, "holds something else than a certificate as its entry {number}"),
        }
    }
}

/// The system's certificates and those of `AWS_CA_BUNDLE`. `system` is the variable that names the system's own, when
/// one does: `SSL_CERT_FILE` or `SSL_CERT_DIR`.
///
/// The HTTP client takes for granted that both can be used, so that is seen to here.
pub(super) fn trust(
    bundle: Option<&Path>,
    system: Option<(&'static str, &Path)>,
) -> Result<TlsContext, CertificatesError> {
    let error = |variable, path: &Path, problem| CertificatesError { variable, path: path.to_owned(), problem };
    if let Some((variable, path)) = system {
        // As the client will load them.
        let loaded = rustls_native_certs::load_native_certs();
        let unreadable = loaded.errors.first().and_then(|error| match &error.kind {
            rustls_native_certs::ErrorKind::Io { inner, .. } => Some(Problem::Unreadable(inner.to_string())),
            _ => None,
        });
        let problem = unreadable.unwrap_or(Problem::Empty);
        if RootCertStore::empty().add_parsable_certificates(loaded.certs).0 == 0 {
            return Err(error(variable, path, problem));
        }
    }
    let mut trust = TrustStore::default();
    if let Some(path) = bundle {
        let pem = read_all(path).map_err(|problem| error("AWS_CA_BUNDLE", path, problem))?;
        trust = trust.with_pem_certificate(pem);
    }
    // Building it cannot fail: certificates are its only part, and they are looked at later.
    Ok(TlsContext::builder().with_trust_store(trust).build().unwrap_or_default())
}

/// A file of nothing but certificates, at least one.
fn read_all(path: &Path) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: std::io::Error| Problem::Unreadable(error.to_string());
    // A pipe would keep the run waiting for ever.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(Problem::Unreadable("it is no file".to_owned()));
    }
    let pem = std::fs::read(path).map_err(unreadable)?;
    let found = certificates(&pem).collect::<Result<Vec<_>, _>>()?;
    if found.is_empty() { Err(Problem::Empty) } else { Ok(pem) }
}

/// The certificates of a PEM file, each as it can be trusted.
fn certificates(pem: &[u8]) -> impl Iterator<Item = Result<(), Problem>> {
    CertificateDer::pem_slice_iter(pem).enumerate().map(|(index, certificate)| {
        let certificate = certificate.map_err(|_| Problem::Malformed(index + 1))?;
        RootCertStore::empty().add(certificate).map_err(|_| Problem::Malformed(index + 1))
    })
}
