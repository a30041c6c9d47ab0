//! The S3 servers that the tests of one test program share.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    self, PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode,
};
use aws_sigv4::sign::v4;

use super::http::{self, Request, Response};
use super::in_memory;

/// The server's region.
pub(crate) const REGION: &str = "us-east-1";

/// The job's access key. A server that verifies signatures has to know it, and its secret.
pub(crate) const ACCESS_KEY: &str = "ASIATESTSTESTSTESTS0";
pub(crate) const SECRET_KEY: &str = "aws-secret-access-key-of-the-tests";

/// A server, for as long as this process lives.
pub(crate) struct Server {
    port: u16,
    verifies_signatures: bool,
    /// The server's, whose stdin this holds open. It ends when that closes, which the kernel sees to however this process
    /// ends; a `static` is never dropped, so a `Drop` would not do. The server in memory has none.
    _process: Option<Child>,
}

impl Server {
    /// The moto of this test program, started by whoever asks first.
    pub(crate) fn shared() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(Self::start)
    }

    /// The server in memory: the benchmark's, on threads of this process. It answers S3, and STS who asks.
    pub(crate) fn in_memory() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(|| {
            let server = in_memory::Server::start(1).expect("there is a free port");
            Self { port: server.ports()[0], verifies_signatures: false, _process: None }
        })
    }

    /// A server that verifies signatures, and knows [`ACCESS_KEY`]. It ends with the process whose stdin this holds.
    pub(crate) fn verifying(port: u16, process: Option<Child>) -> Self {
        Self { port, verifies_signatures: true, _process: process }
    }

    /// A moto that one test has to itself, for what concerns a whole account. It lives as long as the test program.
    pub(crate) fn of_its_own() -> &'static Self {
        Box::leak(Box::new(Self::start()))
    }

    /// Its port of the loopback.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What `AWS_ENDPOINT_URL` is set to.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Whether it is a server that lets in only who has a key.
    pub(crate) fn verifies_signatures(&self) -> bool {
        self.verifies_signatures
    }

    /// Sends a request to one of the server's services, such as `s3`.
    ///
    /// moto looks into the authorization only to see which service is meant and who asks; it checks no signature.
    pub(crate) fn send(&self, service: &str, mut request: Request) -> Response {
        if self.verifies_signatures {
            sign(&mut request, self.port, service);
            return http::send(self.port, &request);
        }
        let credential = format!("AKIAHARNESS/20200101/{REGION}/{service}/aws4_request");
        let authorization = format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0");
        request.headers.push(("Authorization".to_owned(), authorization));
        http::send(self.port, &request)
    }

    /// Passes on a request that is signed already.
    pub(crate) fn send_signed(&self, request: &Request) -> Response {
        http::send(self.port, request)
    }

    fn start() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        let log_name = format!("s3-server-{}-{}.log", env!("CARGO_CRATE_NAME"), COUNT.fetch_add(1, Ordering::Relaxed));
        let log_path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(log_name);
        let log = File::create(&log_path).expect("the server's log can be written");
        let mut process = Command::new(python())
            .arg(file_beside("s3_server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("python starts");
        let mut port = String::new();
        // The line comes when the server listens, and an end of file when it could not be started.
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let Ok(port) = port.trim().parse() else {
            panic!("the S3 server did not start:\n{}", std::fs::read_to_string(log_path).unwrap());
        };
        Self { port, verifies_signatures: false, _process: Some(process) }
    }
}

/// Signs a request with the job's key.
fn sign(request: &mut Request, port: u16, service: &str) {
    let identity = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "tests").into();
    let mut settings = SigningSettings::default();
    // As S3 wants it: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name(service)
        .time(SystemTime::now())
        .settings(settings);
    let headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let uri = format!("http://127.0.0.1:{port}{}", request.target);
    let signable = SignableRequest::new(request.method, uri, headers, SignableBody::Bytes(&request.body)).unwrap();
    let (instructions, _) = http_request::sign(signable, &params.build().unwrap().into()).unwrap().into_parts();
    let (added, _) = instructions.into_parts();
    request.headers.extend(added.into_iter().map(|header| (header.name().to_owned(), header.value().to_owned())));
}

/// The interpreter of the tests' virtual environment.
pub(crate) fn python() -> PathBuf {
    let venv = std::env::var_os("CSTORE_TEST_VENV")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(".venv"), PathBuf::from);
    let python = venv.join("bin/python");
    assert!(python.exists(), "there is no {}: `make test` sets up what the tests need", python.display());
    python
}

/// What runs a command under limits and tells what it took.
pub(crate) fn limits_script() -> PathBuf {
    file_beside("limits.py")
}

/// A file of the harness that is no Rust.
fn file_beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/harness").join(name)
}
