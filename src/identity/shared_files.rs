//! What is wrong with the files that AWS's tools share, `~/.aws/config` and `~/.aws/credentials`. The SDK takes one
//! that cannot be read for an empty one, and says of one that cannot be parsed neither which nor where.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fs, io};

use aws_config::meta::ProviderChainError;
use aws_config::profile::{self, Profile, ProfileSet};
use aws_credential_types::provider::error::CredentialsError;
use aws_types::os_shim_internal::{Env, Fs};

use super::{IdentityError, UnknownProfile};
use crate::nearest::nearest;
use crate::network::{chain, find, innermost};

/// Each with the variable that names another.
const FILES: [(&str, &str); 2] =
    [("AWS_CONFIG_FILE", "~/.aws/config"), ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")];

const WEB_IDENTITY: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";

/// The variables that name files with a token, which the SDK reads as well.
const TOKEN_FILES: [&str; 2] = [WEB_IDENTITY, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"];

/// The largest of these files, in bytes: more than any has.
const LARGEST: u64 = 1024 * 1024;

/// Checks the files that the SDK is about to read: it would wait for a pipe, and read a device to its end.
///
/// # Errors
/// [`IdentityError::SharedFile`] for one that is not a regular file, or larger than 1 MiB. One that is not there is
/// none.
pub(crate) fn check(env: &Env) -> Result<(), IdentityError> {
    irregular(env).map_or(Ok(()), |problem| Err(IdentityError::SharedFile { problem }))
}

fn irregular(env: &Env) -> Option<String> {
    let shared = FILES.into_iter().map(|(variable, usual)| (variable, Some(usual)));
    let tokens = TOKEN_FILES.into_iter().map(|variable| (variable, None));
    shared.chain(tokens).find_map(|(variable, usual)| {
        let named = env.get(variable).ok();
        let path = at_home(env, named.as_deref().or(usual)?);
        let found = fs::metadata(&path).ok()?;
        // A folder cannot be read, which is said later; /dev/null is how one says that there is no file.
        let is_endless = !found.is_file() && !found.is_dir() && path != Path::new("/dev/null");
        let why = if is_endless {
            "is not a regular file"
        } else if found.len() > LARGEST {
            "is larger than 1 MiB"
        } else {
            return None;
        };
        let naming = named.map(|_| format!(", which {variable} names,")).unwrap_or_default();
        Some(format!("{}{naming} {why}", path.display()))
    })
}

/// Says what is wrong with a file where that may be why there are no existing credentials: which file, and where in it,
/// never what stands there. Any other error is given back as it is.
pub(super) async fn explained(error: IdentityError, cause: &(impl Error + Sync + 'static), env: &Env) -> IdentityError {
    if !matches!(error, IdentityError::NoCredentials { .. }) {
        return error;
    }
    let problem = match find::<ProviderChainError<CredentialsError>>(cause) {
        // All of them were asked, and had none.
        Some(all) => unreadable(env).or_else(|| undefined_profile(all)),
        None if chain(cause).contains("could not parse profile file") => unparsable(env).await,
        None => unusable_profile(cause),
    };
    if problem.is_none()
        && is_of_single_sign_on(&chain(cause))
        && let Some(profile) = profile_of_single_sign_on(env).await
    {
        return error.not_signed_in(profile);
    }
    match problem {
        Some(problem) => IdentityError::SharedFile { problem },
        None => no_token(env).await.map_or(error, |problem| IdentityError::TokenFile { problem }),
    }
}

/// What is wrong with the file that a token is to be read from, or with what belongs to it.
async fn no_token(env: &Env) -> Option<String> {
    let unreadable = |path: &str, naming: &str| {
        let why = match fs::read(path) {
            Ok(token) if token.trim_ascii().is_empty() => "is empty".to_owned(),
            Ok(_) => return None,
            Err(error) => format!("cannot be read: {error}"),
        };
        Some(format!("{path}, which {naming} names, {why}"))
    };
    let named = TOKEN_FILES.into_iter().find_map(|variable| unreadable(&env.get(variable).ok()?, variable));
    if named.is_some() {
        return named;
    }
    if env.get(WEB_IDENTITY).is_ok() && env.get("AWS_ROLE_ARN").is_err() {
        return Some(format!("{WEB_IDENTITY} is set, and AWS_ROLE_ARN, which says what role its token is for, is not"));
    }
    let profiles = profile::load(&Fs::real(), env, &Default::default(), None).await.ok()?;
    let name = profiles.selected_profile().to_owned();
    let path = profiles.get_profile(&name)?.get("web_identity_token_file")?;
    unreadable(path, &format!("the profile `{name}`"))
}

/// Whether an error's words are those of a session that is not there, has expired or is no longer accepted
/// (`aws-config`'s `sso::token` and `sso::cache`, and the portal's `UnauthorizedException`).
fn is_of_single_sign_on(words: &str) -> bool {
    ["SSO token", "sso/cache", "UnauthorizedException"].into_iter().any(|word| words.contains(word))
}

/// The profile that `aws sso login` takes: the one that is used, or the one that it takes its credentials from. The
/// default one has no name here unless somebody named it.
async fn profile_of_single_sign_on(env: &Env) -> Option<Option<String>> {
    let profiles = profile::load(&Fs::real(), env, &Default::default(), None).await.ok()?;
    let (name, _) = sources(&profiles)
        .find(|(_, profile)| ["sso_session", "sso_start_url"].into_iter().any(|key| profile.get(key).is_some()))?;
    let is_unnamed = name == "default" && env.get("AWS_PROFILE").is_err();
    Some((!is_unnamed).then(|| name.to_owned()))
}

/// What is wrong with a profile that AWS_PROFILE names, and that no file has.
pub(super) async fn unknown_profile(env: &Env) -> Option<IdentityError> {
    let name = env.get("AWS_PROFILE").ok()?;
    // A file that cannot be parsed is told of itself.
    let profiles = profile::load(&Fs::real(), env, &Default::default(), None).await.ok()?;
    if profiles.get_profile(&name).is_some() {
        return None;
    }
    let [config, credentials] = FILES.map(|(variable, usual)| {
        let named = env.get(variable).ok();
        at_home(env, named.as_deref().unwrap_or(usual)).display().to_string()
    });
    if let Some(problem) = unreadable(env) {
        return Some(IdentityError::SharedFile { problem });
    }
    let meant = nearest(&name, profiles.profiles()).map(ToOwned::to_owned);
    Some(IdentityError::NoProfile(Box::new(UnknownProfile { name, config, credentials, meant })))
}

/// The region of the profile that is used, or of the one that it takes its credentials from.
pub(crate) async fn region_of_profile(env: &Env) -> Option<String> {
    let profiles = profile::load(&Fs::real(), env, &Default::default(), None).await.ok()?;
    sources(&profiles).find_map(|(_, profile)| profile.get("region")).map(ToOwned::to_owned)
}

/// The profile that is used, and those that it takes its credentials from, each with its name.
fn sources(profiles: &ProfileSet) -> impl Iterator<Item = (&str, &Profile)> {
    let mut seen = Vec::new();
    let mut next = Some(profiles.selected_profile());
    std::iter::from_fn(move || {
        let name = next.take().filter(|name| !seen.contains(name))?;
        let profile = profiles.get_profile(name)?;
        seen.push(name);
        next = profile.get("source_profile");
        Some((name, profile))
    })
}

async fn unparsable(env: &Env) -> Option<String> {
    let parsed = profile::load(&Fs::real(), env, &Default::default(), None).await;
    Some(innermost(&parsed.err()?).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What the provider of profiles says of the profile that it found.
fn unusable_profile(cause: &(dyn Error + 'static)) -> Option<String> {
    let words = innermost(cause);
    let problem = words.strip_prefix("ProfileFile provider could not be built: ")?;
    Some(format!("the AWS profile cannot be used, {}", first_line(problem)))
}

/// What the provider of profiles says of a profile that is named and not there.
fn undefined_profile(all: &ProviderChainError<CredentialsError>) -> Option<String> {
    let words = all.attempts().iter().filter(|attempt| attempt.name() == "Profile");
    let mut words = words.filter_map(|attempt| attempt.error().source()).map(innermost);
    words.find(|words| words.contains("was not defined")).as_deref().map(first_line)
}

/// A line that is indented by mistake belongs to the value of the one before it, and may hold a secret.
fn first_line(words: &str) -> String {
    words.lines().next().unwrap_or_default().to_owned()
}

fn unreadable(env: &Env) -> Option<String> {
    FILES.into_iter().find_map(|(variable, usual)| {
        let named = env.get(variable).ok();
        let path = at_home(env, named.as_deref().unwrap_or(usual));
        let why = match fs::read(&path) {
            Ok(bytes) => {
                let end = std::str::from_utf8(&bytes).err()?.valid_up_to();
                let line = bytes.iter().take(end).filter(|byte| **byte == b'\n').count() + 1;
                format!("is not UTF-8 text on line {line}")
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => return None,
            Err(error) => format!("cannot be read: {error}"),
        };
        let naming = named.map(|_| format!(", which {variable} names,")).unwrap_or_default();
        Some(format!("{}{naming} {why}", path.display()))
    })
}

/// A path in which `~` stands for the home folder, as the SDK takes it.
fn at_home(env: &Env, path: &str) -> PathBuf {
    let home = || env.get("HOME").or_else(|_| env.get("USERPROFILE")).ok();
    match path.strip_prefix("~/").and_then(|rest| Some((home()?, rest))) {
        Some((home, rest)) => PathBuf::from(home).join(rest),
        None => PathBuf::from(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_a_problem_only_when_it_is_named() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().to_str().unwrap();
        assert_eq!(unreadable(&Env::from_slice(&[("HOME", home)])), None);
        let problem = unreadable(&Env::from_slice(&[("HOME", home), ("AWS_CONFIG_FILE", "~/aws.ini")])).unwrap();
        let expected = format!("{home}/aws.ini, which AWS_CONFIG_FILE names, cannot be read: ");
        assert!(problem.starts_with(&expected), "{problem}");
    }

    #[test]
    fn only_regular_files_of_sensible_size_are_read() {
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
        fs::write(path("small"), "[default]\n").unwrap();
        fs::File::create(path("large")).unwrap().set_len(LARGEST + 1).unwrap();
        let home = path("");
        for variable in FILES.map(|(variable, _)| variable).into_iter().chain(TOKEN_FILES) {
            let problem = |path: &str| irregular(&Env::from_slice(&[("HOME", &home), (variable, path)]));
            for harmless in [&path("small"), &path("none"), &home, "/dev/null"] {
                assert_eq!(problem(harmless), None, "{harmless}");
            }
            for (name, why) in [("/dev/zero", "is not a regular file"), (&path("large"), "is larger than 1 MiB")] {
                let problem = problem(name).unwrap();
                assert!(problem.contains(variable) && problem.contains(why), "{problem}");
            }
        }
    }

    #[test]
    fn what_is_no_text_is_told_by_its_line() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(".aws")).unwrap();
        fs::write(home.path().join(".aws/credentials"), b"[default]\n# caf\xe9\n").unwrap();
        let home = home.path().to_str().unwrap();
        let expected = format!("{home}/.aws/credentials is not UTF-8 text on line 2");
        assert_eq!(unreadable(&Env::from_slice(&[("HOME", home)])), Some(expected));
    }
}
