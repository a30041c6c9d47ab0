//! Which certificates a server may show.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// A file of certificates that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificatesError {
    /// The variable that names it.
    pub variable: &'static str,
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: CertificatesProblem,
}

/// What is wrong with a file of certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificatesProblem {
    /// It cannot be read: the system's words.
    Unreadable(String),
    /// It holds no certificate in PEM form.
    Empty,
    /// One of its certificates is none, counted from 1.
    Malformed(usize),
}

impl fmt::Display for CertificatesProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(reason) => write!(f, "cannot be read: {reason}"),
            Self::Empty => f.write_str("holds no certificate in PEM form"),
            Self::Malformed(number) => write!(f, "holds something else than a certificate as its entry {number}"),
        }
    }
}

/// What is trusted: the system's certificates and those of `AWS_CA_BUNDLE`.
pub(super) struct Trust {
    /// Those that a variable names, in place of the system's usual ones.
    system: Option<RootCertStore>,
    bundle: Vec<CertificateDer<'static>>,
    /// Made for the first connection that needs it: reading the system's certificates is most of what a run takes
    /// before its first request, and a run that speaks to this machine alone needs none.
    config: OnceLock<Result<Arc<ClientConfig>, rustls::Error>>,
}

impl Trust {
    /// Reads what variables name. `system` is the one that names the system's own certificates, when one does:
    /// `SSL_CERT_FILE` or `SSL_CERT_DIR`.
    pub(super) fn read(
        bundle: Option<&Path>,
        system: Option<(&'static str, &Path)>,
    ) -> Result<Self, CertificatesError> {
        let error = |variable, path: &Path, problem| CertificatesError { variable, path: path.to_owned(), problem };
        let system = match system {
            Some((variable, path)) => Some(named(path).map_err(|problem| error(variable, path, problem))?),
            None => None,
        };
        let bundle = match bundle {
            Some(path) => read_all(path).map_err(|problem| error("AWS_CA_BUNDLE", path, problem))?,
            None => Vec::new(),
        };
        Ok(Self { system, bundle, config: OnceLock::new() })
    }

    /// The settings of a client that trusts them.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, rustls::Error> {
        self.config.get_or_init(|| self.make_config()).clone()
    }

    fn make_config(&self) -> Result<Arc<ClientConfig>, rustls::Error> {
        let mut roots = self.system.clone().unwrap_or_else(|| {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            roots
        });
        roots.add_parsable_certificates(self.bundle.iter().cloned());
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::new(config))
    }
}

/// The certificates that `SSL_CERT_FILE` and `SSL_CERT_DIR` name, at least one.
fn named(path: &Path) -> Result<RootCertStore, CertificatesProblem> {
    // A pipe would keep the run waiting for ever.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return Err(CertificatesProblem::Unreadable("it is not a file".to_owned()));
    }
    let loaded = rustls_native_certs::load_native_certs();
    let unreadable = loaded.errors.first().and_then(|error| match &error.kind {
        rustls_native_certs::ErrorKind::Io { inner, .. } => Some(CertificatesProblem::Unreadable(inner.to_string())),
        _ => None,
    });
    let mut roots = RootCertStore::empty();
    match roots.add_parsable_certificates(loaded.certs) {
        (0, _) => Err(unreadable.unwrap_or(CertificatesProblem::Empty)),
        _ => Ok(roots),
    }
}

/// A file of nothing but certificates, at least one.
fn read_all(path: &Path) -> Result<Vec<CertificateDer<'static>>, CertificatesProblem> {
    let unreadable = |error: std::io::Error| CertificatesProblem::Unreadable(error.to_string());
    // A pipe would keep the run waiting for ever.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(CertificatesProblem::Unreadable("it is not a file".to_owned()));
    }
    let pem = std::fs::read(path).map_err(unreadable)?;
    let found = certificates(&pem).collect::<Result<Vec<_>, _>>()?;
    if found.is_empty() { Err(CertificatesProblem::Empty) } else { Ok(found) }
}

/// The certificates of a PEM file, each as it can be trusted.
fn certificates(pem: &[u8]) -> impl Iterator<Item = Result<CertificateDer<'static>, CertificatesProblem>> {
    CertificateDer::pem_slice_iter(pem).enumerate().map(|(index, certificate)| {
        let certificate = certificate.map_err(|_| CertificatesProblem::Malformed(index + 1))?;
        RootCertStore::empty().add(certificate.clone()).map_err(|_| CertificatesProblem::Malformed(index + 1))?;
        Ok(certificate)
    })
}
