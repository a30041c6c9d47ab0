use std::io::{self, IsTerminal as _, Read as _};

use super::amending::{Amending, ENCODED, refused};
use crate::cli::failure::Failure;
use crate::cli::prompt::Question;
use crate::cli::secret_prompt::SecretPrompt;
use crate::cli::session::Session;
use crate::cli::unamended::Unamended;
use crate::cli::unanswered::PromptError;
use crate::command::{KeyEdit, NewKey, Retyped, amend, new_keys, retyped};
use crate::config::ValueKind;
use crate::error::Error;
use crate::excerpt::listed_key;
use crate::message::in_shell;
use crate::option::{FILES, TAGS};
use crate::secret::Secret;
use crate::store::MAX_FILE_BYTES;

/// Gives keys of the head values.
pub(in crate::cli) async fn set(session: &Session) -> Result<(), Failure> {
    let typed = session.invocation.arguments("KEY[=VALUE]").map(Wanted::new);
    let wanted = typed.collect::<Result<Vec<_>, _>>()?;
    if wanted.iter().filter(|wanted| matches!(wanted.source, Source::Input)).count() > 1 {
        return Err(Unamended::OneInput.into());
    }
    let amending = Amending::new(session)?;
    // Without a terminal nobody would be asked for the value of such a key, so it is a value that was typed apart.
    let is_value = |(_, apart): (&Wanted, &Wanted)| matches!(apart.source, Source::Prompt);
    if !session.terminal.can_ask() && perhaps_apart(&wanted).any(is_value) {
        return Err(Unamended::ValueApart.into());
    }
    // Before anything is sent, and before anybody types a secret that nobody wants.
    wanted.iter().try_for_each(|wanted| wanted.require_source(session))?;
    agree_to_new_keys(session, &amending, &wanted).await?;
    let mut edits = Vec::with_capacity(wanted.len());
    let mut prompt = SecretPrompt::new(session);
    for Wanted { key, source } in wanted {
        let value = match source {
            Source::Typed(value) => value,
            Source::Input if !io::stdin().is_terminal() => input(session, &key).await?,
            Source::Input | Source::Prompt => {
                let question = format!("Value of {key}");
                prompt.ask(Question { text: &question, flag: &by_input(&key) }).await?
            }
        };
        edits.push((key, KeyEdit::Set(value)));
    }
    prompt.finish();
    change(session, &amending, &edits).await
}

/// Removes keys from the head.
pub(in crate::cli) async fn unset(session: &Session) -> Result<(), Failure> {
    let edits: Vec<_> = session.invocation.arguments("KEY").map(|key| (key.to_owned(), KeyEdit::Unset)).collect();
    if let Some((key, _)) = edits.iter().find(|(key, _)| key.is_empty()) {
        return Err(Unamended::NoName(key.clone()).into());
    }
    change(session, &Amending::new(session)?, &edits).await
}

/// The words that could as well be the value of the word before them, typed apart, with that word. A value in Base64
/// may end with `=`.
fn perhaps_apart(wanted: &[Wanted]) -> impl Iterator<Item = (&Wanted, &Wanted)> {
    wanted.iter().zip(wanted.iter().skip(1)).filter(|(before, word)| {
        let lacks_value = match &before.source {
            Source::Prompt | Source::Input => true,
            Source::Typed(value) => value.expose().is_empty(),
        };
        let may_be_value = match &word.source {
            Source::Prompt => true,
            Source::Typed(value) => value.expose().chars().all(|c| c == '='),
            Source::Input => false,
        };
        lacks_value && may_be_value
    })
}

/// Asks whether words that could as well be values, and that no file has as a key, are keys: names of keys are seen
/// everywhere. They are not shown.
async fn agree_to_new_keys(session: &Session, amending: &Amending<'_>, wanted: &[Wanted]) -> Result<(), Failure> {
    let Some((first, _)) = perhaps_apart(wanted).next() else { return Ok(()) };
    if session.terminal.says_yes() {
        return Ok(());
    }
    let head = amending.read().await?;
    let others = perhaps_apart(wanted).map(|(_, word)| word.key.as_str());
    let new = new_keys(&head.files, others, &amending.separator()?);
    if new.is_empty() {
        return Ok(());
    }
    let text = format!(
        "What follows {} is not an existing key, but each word is the name of a key, up to its `=`. Create {}?",
        listed_key(&first.key),
        if new.len() == 1 { "a key with that name".to_owned() } else { format!("{} keys with those names", new.len()) }
    );
    let question = Question { text: &text, flag: "--yes" };
    if session.confirm(question, Some(false)).await? { Ok(()) } else { Err(Unamended::ValueApart.into()) }
}

async fn change(session: &Session, amending: &Amending<'_>, edits: &[(String, KeyEdit)]) -> Result<(), Failure> {
    let head = amending.read().await?;
    let edited =
        amend(&head.files, edits, &amending.separator()?).map_err(|error| refused(session, &head.location, error))?;
    let set = edits.iter().filter(|(_, edit)| matches!(edit, KeyEdit::Set(_))).map(|(key, _)| key.as_str());
    let new = new_keys(&head.files, set, &amending.separator()?);
    refuse_keys_of_linked(session, &new).await?;
    for NewKey { key, meant } in new {
        if let Some(meant) = meant {
            session.terminal.note(&format!("{} is a new key. Did you mean {}?", listed_key(&key), listed_key(&meant)));
        }
    }
    for Retyped { key, before } in retyped(&head.files, edits, &amending.separator()?) {
        let before = match before {
            ValueKind::Bool => "true or false",
            ValueKind::Number => "a number",
            ValueKind::Null | ValueKind::Text => "null",
        };
        session.terminal.note(&format!(
            "{} was {before}, and becomes a string. To write a value of another type, use `cstore edit`.",
            listed_key(&key)
        ));
    }
    amending.store(&head, edited).await
}

/// Refuses new keys that files of linked catalogs have: `get` and `list keys` show them here, so whoever sets one means
/// that one. Who names the files means those.
async fn refuse_keys_of_linked(session: &Session, new: &[NewKey]) -> Result<(), Failure> {
    let mut raw = session.raw();
    session.add_files(&mut raw)?;
    if new.is_empty() || [&FILES, &TAGS].iter().any(|option| raw.text(option).is_some()) {
        return Ok(());
    }
    let keys: Vec<_> = new.iter().map(|NewKey { key, .. }| key.as_str()).collect();
    let Some(found) = session.key_of_linked(&keys).await else { return Ok(()) };
    let again = session.suggested_for_key(&found);
    let next = format!("To do so there: `{again}`. To create it here anyway, name the file with `--files`.");
    Err(Unamended::Text { what: session.is_elsewhere(&found), next }.into())
}

/// A key, and where its value comes from.
struct Wanted {
    key: String,
    source: Source,
}

enum Source {
    Typed(Secret<String>),
    Input,
    Prompt,
}

impl Wanted {
    fn new(typed: &str) -> Result<Self, Failure> {
        let (key, source) = match typed.split_once('=') {
            None => (typed, Source::Prompt),
            Some((key, "-")) => (key, Source::Input),
            Some((key, value)) => (key, Source::Typed(Secret::from(value))),
        };
        if key.is_empty() {
            return Err(Unamended::NoName("=VALUE".to_owned()).into());
        }
        Ok(Self { key: key.to_owned(), source })
    }

    /// Refuses a key whose value nobody can give.
    fn require_source(&self, session: &Session) -> Result<(), Failure> {
        let needs_person = match self.source {
            Source::Typed(_) => false,
            Source::Input => io::stdin().is_terminal(),
            Source::Prompt => true,
        };
        if needs_person && !session.terminal.can_ask() {
            let question = format!("the value of {}", self.key);
            return Err(PromptError::NoAnswer { question, needed: "an answer", flag: by_input(&self.key) }.into());
        }
        Ok(())
    }
}

/// What gives a value without a terminal.
fn by_input(key: &str) -> String {
    format!("`{}`, which reads it from standard input", in_shell(&format!("{key}=-")))
}

/// All of standard input without the line break at its end.
async fn input(session: &Session, key: &str) -> Result<Secret<String>, Failure> {
    // A thread that waits for input cannot be interrupted, and is left behind when the process ends.
    let read = tokio::task::spawn_blocking(|| {
        let mut bytes = Vec::new();
        io::stdin().lock().take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map(|_| bytes)
    });
    let bytes = tokio::select! {
        biased;
        signal = session.cancellation.requested() => return Err(Error::Cancelled(signal).into()),
        read = read => read.map_err(io::Error::other).and_then(|read| read).map_err(Unamended::Input)?,
    };
    let refused = |why, next| Unamended::Value { key: key.to_owned(), why, next };
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(refused("standard input is longer than a file may be", "Check the command that writes it.").into());
    }
    if bytes.is_empty() {
        // Rather a program that failed than a value.
        return Err(refused("standard input is empty", "For an empty value, write KEY= with nothing after it.").into());
    }
    let not_text = |_| refused("standard input is not UTF-8 text", ENCODED);
    let mut text = String::from_utf8(bytes).map_err(not_text)?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(Secret::new(text))
}
