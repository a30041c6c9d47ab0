//! SeaweedFS: started by the test that asks first, and shared by all of this program.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::harness::{ACCESS_KEY, Authority, Bucket, REGION, SECRET_KEY, Server, Versioning, python};
use crate::issuer::Issuer;
use crate::module_roles;

/// The KMS key that it knows.
pub(crate) const KMS_KEY: &str = "alias/seaweedfs-default";

/// The key of somebody who may read all objects, and list none.
pub(crate) const NOT_LISTING: (&str, &str) = ("AKIANOTLISTING000000", "secret-key-of-who-may-not-list");

/// A role that may pull.
pub(crate) const PULLER: &str = "arn:aws:iam::111122223333:role/puller";
/// A role that may pull and push.
pub(crate) const PUSHER: &str = "arn:aws:iam::111122223333:role/pusher";

/// The module's promoter, who reads `shop-dev` and publishes in `shop-prod`.
pub(crate) const PROMOTER: &str = "arn:aws:iam::111122223333:role/promoter";
/// A role that may push to `shop-prod` and see its S3 versions, which a rollback takes.
pub(crate) const OPERATOR: &str = "arn:aws:iam::111122223333:role/operator";
/// A role that may do in `shop-prod` what a purge takes.
pub(crate) const PURGER: &str = "arn:aws:iam::111122223333:role/purger";

/// Tells a process of this program that another one has started the server, and on which port.
pub(crate) const PORT: &str = "CSTORE_TEST_SEAWEEDFS_PORT";

/// A server and what belongs to it.
pub(crate) struct SeaweedFs {
    server: Server,
    /// Where it answers over TLS, as `localhost`.
    pub(crate) https_endpoint: String,
    /// Who vouches for its certificate.
    pub(crate) authority: Authority,
    /// Whose tokens its STS accepts.
    pub(crate) issuer: Issuer,
}

/// The process that runs a server until its stdin closes.
pub(crate) struct Launched {
    pub(crate) process: Child,
    pub(crate) port: u16,
    https_port: u16,
    pub(crate) folder: PathBuf,
}

/// The server of this test program.
pub(crate) fn shared() -> &'static SeaweedFs {
    static SHARED: OnceLock<SeaweedFs> = OnceLock::new();
    SHARED.get_or_init(|| {
        let (authority, issuer) = (Authority::new(), Issuer::start());
        let launched = launch(&authority, &issuer);
        SeaweedFs {
            server: Server::verifying(launched.port, Some(launched.process)),
            https_endpoint: format!("https://localhost:{}", launched.https_port),
            authority,
            issuer,
        }
    })
}

/// Where buckets are made.
pub(crate) fn server() -> &'static Server {
    static OF_ANOTHER_PROCESS: OnceLock<Option<Server>> = OnceLock::new();
    let port = || env::var(PORT).ok()?.parse().ok();
    OF_ANOTHER_PROCESS
        .get_or_init(|| Some(Server::verifying(port()?, None)))
        .as_ref()
        .unwrap_or_else(|| &shared().server)
}

/// A fresh bucket with versioning.
pub(crate) fn versioned() -> Bucket {
    Bucket::on(server(), Versioning::Enabled)
}

/// A fresh bucket that never had versioning.
pub(crate) fn unversioned() -> Bucket {
    Bucket::on(server(), Versioning::Off)
}

/// Starts a server whose log is in `target/tmp`, and waits until it can be used.
pub(crate) fn launch(authority: &Authority, issuer: &Issuer) -> Launched {
    static COUNT: AtomicUsize = AtomicUsize::new(1);
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // The process that is started removes it, so that it goes also when this one is killed.
    let folder = tempfile::Builder::new().prefix("seaweedfs-").tempdir_in(tmp).unwrap().keep();
    let (certificate, key) = authority.issue("localhost", 2099);
    fs::write(folder.join("tls.pem"), certificate.pem()).unwrap();
    fs::write(folder.join("tls.key"), key.serialize_pem()).unwrap();
    fs::write(folder.join("s3.json"), keys().to_string()).unwrap();
    fs::write(folder.join("iam.json"), roles(issuer).to_string()).unwrap();
    let log_path = tmp.join(format!("seaweedfs-{}.log", COUNT.fetch_add(1, Ordering::Relaxed)));
    let mut process = Command::new(python())
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real_s3/seaweedfs.py"))
        .arg(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(File::create(&log_path).unwrap())
        .spawn()
        .expect("python starts");
    let mut ports = String::new();
    // The line comes when the server can be used, and an end of file when it could not be started.
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut ports).unwrap();
    let Some((port, https_port)) = ports.trim().split_once(' ') else {
        panic!("SeaweedFS did not start:\n{}", fs::read_to_string(log_path).unwrap());
    };
    Launched { process, port: port.parse().unwrap(), https_port: https_port.parse().unwrap(), folder }
}

/// Who has keys, and the KMS.
fn keys() -> serde_json::Value {
    let identity = |name: &str, (id, secret): (&str, &str), actions: &[&str]| json!({"name": name, "credentials": [{"accessKey": id, "secretKey": secret}], "actions": actions});
    json!({
        "identities": [
            identity("admin", (ACCESS_KEY, SECRET_KEY), &["Admin", "Read", "Write", "List", "Tagging"]),
            identity("not-listing", NOT_LISTING, &["Read"]),
        ],
        "kms": {"default_provider": "local", "providers": {"local": {"type": "local"}}},
    })
}

/// Whose tokens get which role, and what it may do.
fn roles(issuer: &Issuer) -> serde_json::Value {
    let statement =
        |actions: &[&str], resource: &str| json!({"Effect": "Allow", "Action": actions, "Resource": [resource]});
    let document = |name: &str, statements: Vec<serde_json::Value>| json!({"name": name, "document": {"Version": "2012-10-17", "Statement": statements}});
    let policy = |name: &str, on_objects: &[&str]| {
        let list = statement(&["s3:ListBucket"], "arn:aws:s3:::*");
        document(name, vec![statement(on_objects, "arn:aws:s3:::*/*"), list])
    };
    // As docs/setup.md has them, on the objects of one context.
    let reads = ["s3:GetObject", "s3:GetObjectVersion"];
    let writes = [reads[0], reads[1], "s3:PutObject"];
    let deletes = [reads[0], reads[1], "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"];
    let in_context = |context: &str| format!("arn:aws:s3:::*/{context}/*");
    let list = |actions: &[&str]| statement(actions, "arn:aws:s3:::*");
    let prod = in_context("shop-prod");
    let list_versions = ["s3:ListBucket", "s3:ListBucketVersions"];
    let role = |arn: &str, policy: &str| {
        json!({
            "roleName": arn.rsplit('/').next(), "roleArn": arn, "attachedPolicies": [policy],
            "trustPolicy": {"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": {"Federated": "github"}, "Action": ["sts:AssumeRoleWithWebIdentity"],
                "Condition": {"StringEquals": {"oidc:sub": crate::harness::github::SUBJECT}},
            }]},
        })
    };
    json!({
        "sts": {
            "tokenDuration": "1h", "maxSessionLength": "12h", "issuer": "seaweedfs-sts", "region": REGION,
            "signingKey": "c2lnbnMtdGhlLXNlc3Npb25zLW9mLXRoZS10ZXN0cw==",
        },
        "providers": [{"name": "github", "type": "oidc", "enabled": true, "config": {
            "issuer": issuer.url(), "clientId": "sts.amazonaws.com", "jwksUri": issuer.keys_url(),
        }}],
        "policy": {"defaultEffect": "Deny", "storeType": "memory"},
        "policies": [
            policy("puller", &["s3:GetObject", "s3:GetObjectVersion"]),
            policy("pusher", &writes),
            module_roles::promoters_policy(),
            document("operator", vec![statement(&writes, &prod), list(&list_versions)]),
            document("purger", vec![statement(&deletes, &prod), list(&list_versions)]),
            module_roles::policy("puller"),
            module_roles::policy("pusher"),
            module_roles::policy("releaser"),
        ],
        "roles": [
            role(PULLER, "puller"),
            role(PUSHER, "pusher"),
            role(PROMOTER, "promoter"),
            role(OPERATOR, "operator"),
            role(PURGER, "purger"),
            module_roles::role("puller"),
            module_roles::role("pusher"),
            module_roles::role("releaser"),
            module_roles::deployer(),
        ],
    })
}
