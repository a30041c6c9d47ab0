//! Names and trust, which in an image without a system are the binary's own business.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::harness::container::docker_says;
use crate::harness::{Action, Bucket, Container, Server, python};
use crate::story::{published, pull};

const ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The test server behind TLS, with a certificate of an authority that nobody trusts.
struct Tls {
    endpoint: String,
    folder: TempDir,
    /// Ends when its stdin closes.
    _process: Child,
}

impl Tls {
    fn before(server: &Server) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(python())
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/container/tls_server.py"))
            .args([server.endpoint().as_str(), folder.path().to_str().unwrap()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self { endpoint: format!("https://localhost:{}", port.trim()), folder, _process: process }
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }
}

#[test]
#[ignore = "needs Docker"]
fn the_authorities_that_it_trusts_are_those_of_the_bundle() {
    let bucket = published();
    let tls = Tls::before(bucket.server());
    let step = || pull(&bucket).env("AWS_ENDPOINT_URL", &tls.endpoint).input("timeout-seconds", "20");
    step().in_container(&Container::new()).run().fails(7).says("certificate");
    let run = step().in_container(&Container::new().mounting(&tls.authority(), ROOTS)).run().succeeds();
    assert_eq!(run.output("DB_PASSWORD"), "swordfish");
}

#[test]
#[ignore = "needs Docker"]
fn a_job_can_bring_an_authority_of_its_own() {
    let bucket = published();
    let tls = Tls::before(bucket.server());
    let step = pull(&bucket).env("AWS_ENDPOINT_URL", &tls.endpoint);
    let pem = std::fs::read(tls.authority()).unwrap();
    let step = step.repository_file("company.pem", pem).env("SSL_CERT_FILE", "/github/workspace/company.pem");
    step.in_container(&Container::new()).run().succeeds();
}

#[test]
#[ignore = "needs Docker"]
fn names_are_looked_up_in_the_hosts_file() {
    let bucket = published();
    let endpoint = bucket.server().endpoint().replace("127.0.0.1", "storage");
    let container = Container::new().option("--add-host").option("storage:127.0.0.1");
    let step = pull(&bucket).env("AWS_ENDPOINT_URL", &endpoint).input("allow-http", "true");
    step.in_container(&container).run().succeeds();
}

#[test]
#[ignore = "needs Docker"]
fn names_are_looked_up_by_dns() {
    // Docker's own name server knows the containers of a network, this one included; nothing listens there.
    let container = Container::new();
    docker_says(&["network", "create", "--label", "cstore-test", container.name()]);
    let container = container.clone().on_network(container.name());
    let step = |name: &str| {
        let endpoint = format!("http://{name}:9");
        let step = Action::pull(&Bucket::missing()).version("v1").env("AWS_ENDPOINT_URL", &endpoint);
        step.input("allow-http", "true").input("timeout-seconds", "20").in_container(&container).run().fails(7)
    };
    let (known, unknown) = (step(container.name()), step("nowhere.invalid"));
    docker_says(&["network", "rm", container.name()]);
    known.says("refused");
    unknown.does_not_say("refused");
}
