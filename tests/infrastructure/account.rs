//! The AWS account that the module is applied to: a server of its own, whose IAM the test sets up by plain requests.

use crate::harness::xml;
use crate::harness::{Action, Bucket, GitHub, Request, Run, Server, encode};

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

    /// A key that the account has already: its id.
    pub(crate) fn key(&self) -> String {
        let headers = [("X-Amz-Target", "TrentService.CreateKey"), ("Content-Type", "application/x-amz-json-1.1")];
        // Said here, for the server remembers no default.
        let body = r#"{"KeyUsage":"ENCRYPT_DECRYPT","KeySpec":"SYMMETRIC_DEFAULT"}"#;
        let answer = self.server.send("kms", Request::new("POST", "/").headers(&headers).body(body)).succeeded();
        let answer: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
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
        let headers = [("X-Amz-Target", "TrentService.GetKeyPolicy"), ("Content-Type", "application/x-amz-json-1.1")];
        let body = serde_json::json!({"KeyId": key, "PolicyName": "default"}).to_string();
        self.server.send("kms", Request::new("POST", "/").headers(&headers).body(body)).succeeded().text()
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

    fn query(&self, service: &str, parameters: &[(&str, &str)]) -> String {
        let version = if service == "iam" { "2010-05-08" } else { "2011-06-15" };
        let form = parameters.iter().map(|(name, value)| format!("{name}={}&", encode(value).replace('/', "%2F")));
        let body = format!("{}Version={version}", form.collect::<String>());
        let request = Request::new("POST", "/").headers(&[("Content-Type", "application/x-www-form-urlencoded")]);
        self.server.send(service, request.body(body)).succeeded().text()
    }
}
