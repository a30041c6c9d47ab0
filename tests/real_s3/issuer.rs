//! GitHub's token service with keys: what it signs, a server can verify.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use crate::harness::github::SUBJECT;
use crate::harness::{GitHub, Response, Service, python};

/// How long a token is good for, in seconds.
const LIFETIME: u64 = 300;

/// The issuer: its published key, and another one.
pub(crate) struct Issuer {
    service: Service,
    key: RsaKeyPair,
    other_key: RsaKeyPair,
}

/// What a job's token says, where it is not what GitHub would say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Token {
    /// Another repository's job.
    pub(crate) subject: Option<&'static str>,
    /// More than GitHub's other claims.
    pub(crate) claims: &'static [(&'static str, &'static str)],
    /// Other than the job has asked for.
    pub(crate) audience: Option<&'static str>,
    /// How many seconds ago it was signed.
    pub(crate) age: u64,
    /// Signed with a key that the issuer does not publish.
    pub(crate) is_forged: bool,
}

impl Issuer {
    /// Publishes its key on a port of its own.
    pub(crate) fn start() -> Self {
        let (key, other_key) = (new_key(), new_key());
        let public = PublicKeyComponents::<Vec<u8>>::from(key.public_key());
        let keys = json!({"keys": [{
            "kty": "RSA", "alg": "RS256", "use": "sig", "kid": "key-1",
            "n": BASE64_URL_SAFE_NO_PAD.encode(&public.n), "e": BASE64_URL_SAFE_NO_PAD.encode(&public.e),
        }]});
        let service = Service::start(move |request| match request.target.as_str() {
            "/jwks" => Response {
                headers: vec![("content-type".to_owned(), "application/json".to_owned())],
                ..Response::new(200, keys.to_string())
            },
            _ => Response::new(404, ""),
        });
        Self { service, key, other_key }
    }

    /// The `iss` of all tokens.
    pub(crate) fn url(&self) -> String {
        self.service.endpoint()
    }

    /// Where its keys are published.
    pub(crate) fn keys_url(&self) -> String {
        format!("{}/jwks", self.url())
    }

    /// A token service that gives such tokens.
    pub(crate) fn github(&'static self, token: Token) -> GitHub {
        GitHub::answering(move |audience| {
            Response::new(200, json!({"count": 1, "value": self.sign(audience, token)}).to_string())
        })
    }

    fn sign(&self, audience: &str, token: Token) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() - token.age;
        let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
        let header = json!({"typ": "JWT", "alg": "RS256", "kid": "key-1"});
        let mut claims = json!({
            "iss": self.url(), "sub": token.subject.unwrap_or(SUBJECT), "aud": token.audience.unwrap_or(audience),
            "iat": now, "nbf": now - 5, "exp": now + LIFETIME, "jti": "token-1",
            "repository": "acme/shop", "environment": "production", "ref": "refs/heads/main",
        });
        for (name, value) in token.claims {
            claims[name] = json!(value);
        }
        let text = format!("{}.{}", encode(&header), encode(&claims));
        let key = if token.is_forged { &self.other_key } else { &self.key };
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
        format!("{text}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}

fn new_key() -> RsaKeyPair {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real_s3/rsa_key.py");
    let output = Command::new(python()).arg(script).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    RsaKeyPair::from_pkcs8(&BASE64_STANDARD.decode(output.stdout.trim_ascii()).unwrap()).unwrap()
}
