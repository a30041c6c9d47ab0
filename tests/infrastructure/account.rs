//! The AWS account that the module is applied to: a server of its own, whose IAM the test sets up by plain requests.

use crate::harness::xml;
use serde_json::{Value, json};

use crate::harness::{Action, Bucket, GitHub, REGION, Request, Run, Server, decode, encode};

/// Lets everybody assume a role; the server looks at no trust.
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

/// An account of the test server.
#[derive(Clone, Copy)]
pub(crate) struct Account {
    server: &'static Server,
}

impl Account {
    pub(crate) fn new() -> Self {
        Self { server: Server::of_its_own() }
    }

    pub(crate) fn server(&self) -> &'static Server {
        self.server
    }

    /// Its number.
    pub(crate) fn number(&self) -> &'static str {
        "123456789012"
    }

    /// What tells AWS's own tools of the account.
    pub(crate) fn environment(&self) -> [(&'static str, String); 5] {
        [
            ("AWS_ENDPOINT_URL", self.server.endpoint()),
            ("AWS_ACCESS_KEY_ID", "AKIASETUP".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "made-up".to_owned()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_DEFAULT_REGION", REGION.to_owned()),
        ]
    }

    /// A role that the account has already, below a path such as `/ecs/`.
    pub(crate) fn role(&self, name: &str, path: &str) -> &Self {
        self.query(
            "iam",
            &[("Action", "CreateRole"), ("RoleName", name), ("Path", path), ("AssumeRolePolicyDocument", TRUST)],
        );
        self
    }

    /// An IAM user that the account has already.
    pub(crate) fn user(&self, name: &str) -> &Self {
        self.query("iam", &[("Action", "CreateUser"), ("UserName", name)]);
        self
    }

    /// A bucket that the account has already.
    pub(crate) fn bucket(&self, name: &str) -> Bucket {
        self.server.send("s3", Request::new("PUT", format!("/{name}"))).succeeded();
        Bucket::existing(self.server, name)
    }

    /// A bucket of another region.
    pub(crate) fn bucket_of(&self, region: &str, name: &str) {
        let place = format!(
            "<CreateBucketConfiguration><LocationConstraint>{region}</LocationConstraint></CreateBucketConfiguration>"
        );
        self.server.send("s3", Request::new("PUT", format!("/{name}")).body(place)).succeeded();
    }

    /// A key that the account has already: its id.
    pub(crate) fn key(&self) -> String {
        // Said here, for the server remembers no default.
        let answer = self.kms("CreateKey", &json!({"KeyUsage": "ENCRYPT_DECRYPT", "KeySpec": "SYMMETRIC_DEFAULT"}));
        let answer: Value = serde_json::from_str(&answer).unwrap();
        answer["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
    }

    /// What S3 answers about a bucket: its `policy`, `versioning` and so on, without the ids of the request.
    pub(crate) fn about(&self, bucket: &str, what: &str) -> String {
        let answer = self.server.send("s3", Request::new("GET", format!("/{bucket}?{what}"))).text();
        answer.split("<RequestId>").next().unwrap_or_default().to_owned()
    }

    /// Sets one of those.
    pub(crate) fn set(&self, bucket: &str, what: &str, text: &str) -> &Self {
        self.server.send("s3", Request::new("PUT", format!("/{bucket}?{what}")).body(text)).succeeded();
        self
    }

    /// An OIDC provider that the account has already.
    pub(crate) fn oidc_provider(&self, url: &str) -> &Self {
        let parameters =
            [("Action", "CreateOpenIDConnectProvider"), ("Url", url), ("ClientIDList.member.1", "sts.amazonaws.com")];
        self.query("iam", &parameters);
        self
    }

    /// The policy of a key.
    pub(crate) fn key_policy(&self, key: &str) -> String {
        let answer: Value =
            serde_json::from_str(&self.kms("GetKeyPolicy", &json!({"KeyId": key, "PolicyName": "default"}))).unwrap();
        answer["Policy"].as_str().unwrap().to_owned()
    }

    /// Replaces it.
    pub(crate) fn set_key_policy(&self, key: &str, policy: &str) -> &Self {
        self.kms("PutKeyPolicy", &json!({"KeyId": key, "PolicyName": "default", "Policy": policy}));
        self
    }

    /// A role as who asks for something: its ARN, what its sessions are called, and the policy that it has of its own.
    pub(crate) fn asking_as(&self, role: &str, policy: &str) -> Value {
        let about = self.query("iam", &[("Action", "GetRole"), ("RoleName", role)]);
        let own = self.query("iam", &[("Action", "GetRolePolicy"), ("RoleName", role), ("PolicyName", policy)]);
        let own: Value = serde_json::from_str(&decode(xml::all(&own, "PolicyDocument")[0])).unwrap();
        json!({
            "arn": xml::all(&about, "Arn")[0],
            "context": {"aws:userid": format!("{}:cstore-1", xml::all(&about, "RoleId")[0])},
            "policies": [own],
        })
    }

    /// Whom a role trusts.
    pub(crate) fn trust(&self, role: &str) -> Value {
        let about = self.query("iam", &[("Action", "GetRole"), ("RoleName", role)]);
        serde_json::from_str(&decode(xml::all(&about, "AssumeRolePolicyDocument")[0])).unwrap()
    }

    /// The names of all roles, sorted.
    pub(crate) fn roles(&self) -> Vec<String> {
        let answer = self.query("iam", &[("Action", "ListRoles")]);
        let mut names: Vec<_> = xml::all(&answer, "RoleName").into_iter().map(str::to_owned).collect();
        names.sort_unstable();
        names
    }

    /// Takes the bucket's policy away. The server holds everybody to its statements whomever and whatever they are
    /// about, so nothing would be allowed.
    pub(crate) fn without_bucket_policy(&self, bucket: &Bucket) -> &Self {
        self.server.send("s3", Request::new("DELETE", format!("/{}?policy", bucket.name()))).succeeded();
        self
    }

    /// Runs a step of a job that may have a token and has no credentials. The server holds each request to the policies
    /// of the role that it comes from.
    pub(crate) fn run(&self, step: Action) -> Run {
        let step = GitHub::start().job(step);
        // The first request is free: it exchanges the token, and is not signed.
        self.check_requests_after("1");
        let run = step.run();
        self.check_requests_after("inf");
        run
    }

    fn check_requests_after(&self, count: &str) {
        self.server.send("moto-api", Request::new("POST", "/moto-api/reset-auth").body(count)).succeeded();
    }

    fn kms(&self, operation: &str, body: &Value) -> String {
        let target = format!("TrentService.{operation}");
        let headers = [("X-Amz-Target", target.as_str()), ("Content-Type", "application/x-amz-json-1.1")];
        let request = Request::new("POST", "/").headers(&headers).body(body.to_string());
        self.server.send("kms", request).succeeded().text()
    }

    fn query(&self, service: &str, parameters: &[(&str, &str)]) -> String {
        let version = if service == "iam" { "2010-05-08" } else { "2011-06-15" };
        let form = parameters.iter().map(|(name, value)| format!("{name}={}&", encode(value).replace('/', "%2F")));
        let body = format!("{}Version={version}", form.collect::<String>());
        let request = Request::new("POST", "/").headers(&[("Content-Type", "application/x-www-form-urlencoded")]);
        self.server.send(service, request.body(body)).succeeded().text()
    }
}
