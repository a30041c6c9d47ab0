//! The option `version` as a person types it: which may name a context and a bucket, too.

use std::path::Path;

use super::contradiction::Contradiction;
use super::failure::Failure;
use super::invocation::Invocation;
use crate::config::FileType;
use crate::name::{ChannelReference, ConfigPath, Reference, StoredReference, VersionName, VersionRequest};
use crate::option::{
    BUCKET, CHANNEL, CONTEXT, Command, FILES, FROM, OptionError, OptionSpec, PUSH_TO, RawOptions, TO, VALUE_FILES,
    VALUE_OF, VERSION,
};

/// What stands for the files that lie here.
const HERE: &str = ".";

/// Why a command that takes what is in a bucket cannot take the files here.
#[derive(Debug, thiserror::Error)]
#[error("`.` stands for the files in this folder, and this command takes what is in the bucket")]
struct Working;

/// Has the options say what was typed in the place of a version.
///
/// # Errors
/// A flag says another version; a file where `diff` takes a version.
pub(super) fn take_references(invocation: &mut Invocation) -> Result<(), Contradiction> {
    let (name, option) = match invocation.command {
        Command::Show | Command::Verify => ("REF", &VERSION),
        Command::Purge => {
            if take_files_to_purge(invocation)? {
                return Ok(());
            }
            ("REF|FILE", &VERSION)
        }
        Command::Diff => ("A", &FROM),
        Command::Promote => {
            let source = invocation.argument("REF").map(ToOwned::to_owned);
            source.iter().for_each(|source| invocation.raw.set_by_argument(&FROM, source, "REF"));
            return Ok(());
        }
        Command::Rollback => {
            let first = invocation.argument("REF").map(ToOwned::to_owned);
            let second = invocation.argument("VERSION").map(ToOwned::to_owned);
            let (channel, target) = match first {
                Some(channel) if Reference::names_channel(&channel) => {
                    require_channel(&channel)?;
                    (Some(channel), second.map(|target| (target, "VERSION")))
                }
                Some(first) if second.is_some() => {
                    return Err(Contradiction::between(&first, &second.unwrap_or_default(), "versions"));
                }
                first => (None, first.map(|target| (target, "REF"))),
            };
            channel.iter().for_each(|channel| invocation.raw.set(&CHANNEL, channel));
            if let Some((target, argument)) = target {
                invocation.raw.set_by_argument(&FROM, &target, argument);
            }
            return Ok(());
        }
        Command::Push => {
            if let Some(channel) = invocation.raw.text(&PUSH_TO).map(ToOwned::to_owned) {
                invocation.raw.set(&CHANNEL, &channel);
            }
            return Ok(());
        }
        _ => return Ok(()),
    };
    let typed = invocation.argument(name).map(ToOwned::to_owned);
    let to = invocation.argument("B").map(ToOwned::to_owned);
    if *option == FROM
        && let Some(file) = typed.iter().chain(&to).find(|typed| Reference::new(typed).is_err() && is_file(typed))
    {
        return Err(Contradiction::file_in_place_of_version(file));
    }
    if let (Command::Show | Command::Verify, Some(file)) =
        (invocation.command, typed.iter().find(|typed| Reference::new(typed).is_err() && is_file(typed)))
    {
        return Err(Contradiction::file_in_place_of(invocation.command, file));
    }
    let raw = &mut invocation.raw;
    if let Some(files) = raw.text(&VALUE_FILES).map(ToOwned::to_owned) {
        raw.set(&FILES, &files);
    }
    let flag = raw.text(&VERSION).map(ToOwned::to_owned);
    if let (Some(typed), Some(flag)) = (&typed, flag.as_ref().filter(|_| raw.variable(&VERSION).is_none()))
        && typed.trim() != flag.trim()
    {
        let contradiction = Contradiction::between(typed, &format!("-v {flag}"), "versions");
        return Err(if *option == FROM && to.is_none() {
            contradiction.with_next(format!("To compare the two, run: cstore diff {flag} {typed}"))
        } else {
            contradiction
        });
    }
    if *option == FROM {
        raw.clear(&VERSION);
        to.iter().for_each(|to| raw.set(&TO, to));
    }
    match (typed, flag) {
        (Some(typed), _) => raw.set_by_argument(option, &typed, name),
        (None, flag) => flag.iter().for_each(|flag| raw.set(option, flag)),
    }
    Ok(())
}

/// Whether what is to be purged are files of the head; the options then say so, with the files as they were typed. A
/// version is one word without a `/`, or a reference with `@` or `s3://`.
///
/// # Errors
/// A word that may be either, and a version among other words.
fn take_files_to_purge(invocation: &mut Invocation) -> Result<bool, Contradiction> {
    let typed: Vec<_> = invocation.arguments("REF|FILE").map(ToOwned::to_owned).collect();
    let is_reference = |word: &str| word.starts_with("s3://") || word.contains('@') && Reference::new(word).is_ok();
    if let [_, _, ..] = typed.as_slice()
        && let Some(reference) = typed.iter().find(|word| is_reference(word))
    {
        return Err(Contradiction::one_version_at_a_time(reference));
    }
    let is_path = |word: &str| word.contains(['/', '*', '?']) || word != HERE && word.starts_with('.');
    let are_files = match typed.as_slice() {
        _ if invocation.raw.text(&VALUE_OF).is_some() => false,
        [] => false,
        [word] if is_reference(word) => false,
        [word] if is_path(word) => true,
        [word] if is_file(word) && VersionName::new(word).is_ok_and(|name| name.is_release()) => {
            return Err(Contradiction::version_or_file(word));
        }
        [word] => is_file(word) || is_name_of_config_file(word),
        _ => true,
    };
    if are_files {
        invocation.raw.set(&VERSION, &VersionRequest::Head.to_string());
        invocation.raw.set(&FILES, &typed.join("\n"));
    }
    Ok(are_files)
}

/// Whether a word, which is no file here, is a name as config files have, such as `app.env`, and no release.
fn is_name_of_config_file(word: &str) -> bool {
    let is_release = VersionName::new(word).is_ok_and(|name| name.is_release());
    !is_release && ConfigPath::new(word).is_ok_and(|path| FileType::detect(&path) != FileType::Raw)
}

/// Refuses a channel in a FILE's place, whose name no path may have.
///
/// # Errors
/// It reads as a channel.
pub(super) fn refuse_channel(command: Command, typed: &str) -> Result<(), Contradiction> {
    if !typed.starts_with(':') {
        return Ok(());
    }
    require_channel(typed)?;
    Err(Contradiction::channel_in_place_of_file(command, typed))
}

/// Refuses what is typed as a channel, with its colon, in the place of something else, and cannot be one.
///
/// # Errors
/// It is no channel.
pub(super) fn require_channel(typed: &str) -> Result<(), Contradiction> {
    ChannelReference::new(typed.trim()).map(drop).map_err(|error| Contradiction::no_channel(typed, &error))
}

fn is_file(typed: &str) -> bool {
    Path::new(typed).is_file()
}

/// Takes `CONTEXT@VERSION` and `s3://BUCKET/CONTEXT[@VERSION]` apart: what they name counts before what variables and
/// the catalog say.
///
/// # Errors
/// What can be no reference, the working files, and a flag that says another context or bucket.
pub(super) fn resolve_reference(raw: &mut RawOptions) -> Result<(), Failure> {
    resolve(raw, &VERSION)
}

/// Whether a `verify` looks at the files that lie here, in place of a version.
pub(super) fn names_files_here(invocation: &Invocation) -> bool {
    invocation.command == Command::Verify && invocation.raw.text(&VERSION).map(str::trim) == Some(HERE)
}

/// The same of what a rollback goes back to. What it cannot go back to, its request says.
///
/// # Errors
/// A flag that says another context or bucket.
pub(super) fn resolve_target(raw: &mut RawOptions) -> Result<(), Failure> {
    let text = raw.text(&FROM).map(str::trim).filter(|text| !Reference::names_channel(text));
    match text.map(Reference::new) {
        Some(Ok(Reference::Stored(_))) => resolve(raw, &FROM),
        _ => Ok(()),
    }
}

fn resolve(raw: &mut RawOptions, version_option: &'static OptionSpec) -> Result<(), Failure> {
    let Some(text) = raw.text(version_option).map(str::trim) else { return Ok(()) };
    // What is a version alone is read with all that is said of versions.
    if text != HERE && !text.contains(['@', ':']) {
        return Ok(());
    }
    let mut of_reference = Vec::new();
    let StoredReference { bucket, context, version } =
        match Reference::new(text).map_err(|error| OptionError::unusable(version_option, error))? {
            Reference::Working => return Err(OptionError::unusable(version_option, Working).into()),
            Reference::Stored(stored) => stored,
        };
    let context = context.map(|context| context.to_string());
    for (named, option, things) in [(bucket, &BUCKET, "buckets"), (context, &CONTEXT, "contexts")] {
        let Some(named) = named else { continue };
        if let Some(flag) = flag_with_another(raw, option, &named) {
            return Err(Contradiction::between(text, &flag, things).into());
        }
        of_reference.push((option, named));
    }
    if of_reference.iter().any(|(option, _)| **option == BUCKET) {
        raw.set_place_typed();
    }
    let argument = raw.argument(version_option);
    for (option, named) in of_reference {
        match argument {
            Some(argument) => raw.set_by_argument(option, &named, argument),
            None => raw.set(option, &named),
        }
    }
    raw.replace(version_option, version.to_string());
    Ok(())
}

/// Notes that flags name both context and bucket, as command lines do that a message suggests.
pub(super) fn take_place(raw: &mut RawOptions) {
    let is_typed = |option: &OptionSpec| raw.text(option).is_some() && raw.variable(option).is_none();
    if is_typed(&CONTEXT) && is_typed(&BUCKET) {
        raw.set_place_typed();
    }
}

/// A flag that says something else than a reference does.
fn flag_with_another(raw: &RawOptions, option: &OptionSpec, named: &str) -> Option<String> {
    let flag = raw.text(option).filter(|flag| raw.variable(option).is_none() && flag.trim() != named)?;
    Some(format!("--{} {flag}", option.flag_name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::option::{FrontEnd, Origin};

    fn resolved(version: &str) -> Result<[Option<String>; 3], Failure> {
        let variable = |name: &str| Origin::Variable(name.to_owned());
        let given = [
            ("version", version, Origin::Option),
            ("context", "here", variable("C")),
            ("bucket", "own", variable("B")),
        ];
        let given = given.map(|(name, text, origin)| (name, text.to_owned(), origin));
        let mut raw = RawOptions::from_texts(FrontEnd::CommandLine, given)?;
        resolve_reference(&mut raw)?;
        Ok([&BUCKET, &CONTEXT, &VERSION].map(|option| raw.text(option).map(ToOwned::to_owned)))
    }

    #[test]
    fn a_reference_says_where_before_all_else() {
        for (text, means) in [
            ("v1.2.3", ["own", "here", "v1.2.3"]),
            ("^1.2", ["own", "here", "^1.2"]),
            ("shop@head", ["own", "shop", "head"]),
            ("shop-dev@^1", ["own", "shop-dev", "^1"]),
            ("s3://other/shop-dev@v1", ["other", "shop-dev", "v1"]),
            ("s3://other/shop", ["other", "shop", "head"]),
            (":prod", ["own", "here", ":prod"]),
            ("shop:prod", ["own", "shop", ":prod"]),
            ("s3://other/shop:prod", ["other", "shop", ":prod"]),
        ] {
            assert_eq!(resolved(text).unwrap().map(Option::unwrap), means, "{text}");
        }
        for bad in [".", "@v1", "shop@", "s3://other", "../x@v1"] {
            assert!(resolved(bad).is_err(), "{bad}");
        }
    }
}
