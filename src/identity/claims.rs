use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::secret::Secret;

/// What a job's token says of the job, as far as a role's trust policy asks for it
/// (<https://docs.github.com/en/actions/reference/security/oidc#oidc-token-claims>). No secret: it names repository,
/// ref or environment, and the audience that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims {
    /// Who: `repo:OWNER/REPO:ref:refs/heads/main`.
    pub subject: String,
    /// For whom: `sts.amazonaws.com`.
    pub audience: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Deserialize)]
struct Payload {
    sub: String,
    aud: OneOrMore,
}

impl Claims {
    /// Reads the middle part of a JSON Web Token, unverified: AWS verifies it; here it is for a person to compare.
    #[must_use]
    pub fn from_token(token: &Secret<String>) -> Option<Self> {
        let payload = token.expose().split('.').nth(1)?;
        let payload: Payload = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        let audience = match payload.aud {
            OneOrMore::One(audience) => audience,
            OneOrMore::More(audiences) => audiences.join(", "),
        };
        Some(Self { subject: payload.sub, audience })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &str) -> Secret<String> {
        Secret::new(format!("e30.{}.c2lnbmF0dXJl", BASE64_URL_SAFE_NO_PAD.encode(payload)))
    }

    #[test]
    fn subject_and_audience_are_read() {
        let claims =
            Claims::from_token(&token(r#"{"sub":"repo:acme/shop:environment:prod","aud":"sts.amazonaws.com","x":1}"#));
        let claims = claims.unwrap();
        assert_eq!(claims.subject, "repo:acme/shop:environment:prod");
        assert_eq!(claims.audience, "sts.amazonaws.com");
        assert_eq!(Claims::from_token(&token(r#"{"sub":"s","aud":["a","b"]}"#)).unwrap().audience, "a, b");
    }

    #[test]
    fn what_is_no_token_has_no_claims() {
        for text in ["", "a.b", "a.!.c", "opaque"] {
            assert_eq!(Claims::from_token(&Secret::from(text)), None, "{text}");
        }
        assert_eq!(Claims::from_token(&token("[]")), None);
    }
}
