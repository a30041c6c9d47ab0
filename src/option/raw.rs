//! The texts of the options that a front end was given, and how each kind of text is read.

use std::collections::BTreeMap;
use std::time::Duration;

use super::error::{OptionError, OptionProblem, UnknownName};
use super::spec::{Command, FrontEnd, Kind, OptionSpec, flag_of};
use super::table::{NOT_YET, OPTIONS};
use crate::excerpt::excerpt_of;
use crate::name::{ConfigPath, NameError};
use crate::nearest::nearest;

/// The options that are given, each as text. An option whose text is empty or blank counts as not given.
#[derive(Clone, Default)]
pub struct RawOptions {
    texts: BTreeMap<&'static str, String>,
    /// The variables that gave some of them.
    variables: BTreeMap<&'static str, String>,
    /// The arguments without a flag that gave others, as the command's usage names them.
    arguments: BTreeMap<&'static str, &'static str>,
    /// Whether the context was typed with its bucket.
    is_place_typed: bool,
}

/// Where an option's text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// What the front end calls an option: an input of the action, a flag of the command line.
    Option,
    /// A variable of this name.
    Variable(String),
}

impl RawOptions {
    /// Takes options of a front end by their names.
    ///
    /// # Errors
    /// Those of [`from_texts`](Self::from_texts).
    pub fn new<N: AsRef<str>>(
        front_end: FrontEnd,
        given: impl IntoIterator<Item = (N, String)>,
    ) -> Result<Self, OptionError> {
        Self::from_texts(front_end, given.into_iter().map(|(name, text)| (name, text, Origin::Option)))
    }

    /// Takes options of a front end by their names, which may come from variables. Of several texts for one option the
    /// last counts.
    ///
    /// # Errors
    /// All names that are no option's: [`OptionProblem::Unknown`] or [`OptionProblem::NotYet`] for one,
    /// [`OptionProblem::SeveralUnknown`] for more.
    pub fn from_texts<N: AsRef<str>>(
        front_end: FrontEnd,
        given: impl IntoIterator<Item = (N, String, Origin)>,
    ) -> Result<Self, OptionError> {
        let mut options = Self::default();
        let mut unknown = Vec::new();
        for (name, text, origin) in given.into_iter().filter(|(_, text, _)| !text.trim().is_empty()) {
            match known(front_end, name.as_ref()) {
                Ok(option) => options.take(option, &text, origin),
                Err(name) => unknown.push(name),
            }
        }
        unknown.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        match (unknown.len(), unknown.first()) {
            (_, None) => Ok(options),
            (1, Some(only)) => Err(only.clone().into()),
            (_, Some(first)) => Err(OptionError {
                name: first.name.clone(),
                option: None,
                problem: OptionProblem::SeveralUnknown(unknown),
            }),
        }
    }

    fn take(&mut self, option: &OptionSpec, text: &str, origin: Origin) {
        self.texts.insert(option.name, trimmed(text).to_owned());
        self.arguments.remove(option.name);
        match origin {
            Origin::Option => drop(self.variables.remove(option.name)),
            Origin::Variable(name) => drop(self.variables.insert(option.name, name)),
        }
    }

    /// The variable that gave an option's text; none where it is not given, or as the front end calls it.
    #[must_use]
    pub fn variable(&self, option: &OptionSpec) -> Option<&str> {
        self.variables.get(option.name).map(String::as_str)
    }

    /// Has an option say this, whatever it was given.
    pub(crate) fn set(&mut self, option: &OptionSpec, text: &str) {
        self.clear(option);
        self.texts.insert(option.name, text.to_owned());
    }

    /// The same, as the argument without a flag says that the command's usage has by this name.
    pub(crate) fn set_by_argument(&mut self, option: &OptionSpec, text: &str, argument: &'static str) {
        self.set(option, text);
        self.arguments.insert(option.name, argument);
    }

    /// The argument without a flag that gave an option's text, as the command's usage names it.
    pub(crate) fn argument(&self, option: &OptionSpec) -> Option<&'static str> {
        self.arguments.get(option.name).copied()
    }

    /// The same as [`set`](Self::set), as a variable of this name says.
    pub(crate) fn set_by_variable(&mut self, option: &OptionSpec, text: &str, variable: &str) {
        self.take(option, text, Origin::Variable(variable.to_owned()));
    }

    /// Has an option be as if it was not given.
    pub(crate) fn clear(&mut self, option: &OptionSpec) {
        self.texts.remove(option.name);
        self.variables.remove(option.name);
        self.arguments.remove(option.name);
    }

    /// Has an option that was given say the same in other words. It stays the variable's that gave it.
    pub(crate) fn replace(&mut self, option: &OptionSpec, text: String) {
        self.texts.insert(option.name, text);
    }

    /// Notes that the context was typed with its bucket, so that it may be one of several segments.
    pub(crate) const fn set_place_typed(&mut self) {
        self.is_place_typed = true;
    }

    /// Whether the context was typed with its bucket, as in `s3://BUCKET/CONTEXT`.
    pub(crate) const fn is_place_typed(&self) -> bool {
        self.is_place_typed
    }

    /// The text of an option, if it is given.
    pub(crate) fn text(&self, option: &OptionSpec) -> Option<&str> {
        self.texts.get(option.name).map(String::as_str)
    }

    /// The text of an option, else its default.
    pub(crate) fn text_or_default(&self, option: &'static OptionSpec) -> &str {
        self.text(option).unwrap_or(option.default)
    }

    /// Reads `true` and `false` as YAML 1.2's core schema writes them, which is what other actions take
    /// (<https://yaml.org/spec/1.2.2/#10212-boolean>).
    pub(crate) fn flag(&self, option: &'static OptionSpec) -> Result<bool, OptionError> {
        let text = self.text_or_default(option);
        flag_of(text).ok_or_else(|| OptionError::new(option, OptionProblem::NotAFlag(shortened(text))))
    }

    /// Reads one of several words; none when the option is not given and has no default.
    pub(crate) fn choice<T: Copy>(
        &self,
        option: &'static OptionSpec,
        choices: &[(&'static str, T)],
    ) -> Result<Option<T>, OptionError> {
        let text = self.text_or_default(option);
        match choices.iter().find(|(word, _)| *word == text) {
            Some((_, value)) => Ok(Some(*value)),
            None if text.is_empty() => Ok(None),
            None => {
                let words = if let Kind::Choice(words) = option.kind { words } else { &[] };
                let meant = nearest(text, words.iter().copied());
                Err(OptionError::new(option, OptionProblem::NotAChoice { given: shortened(text), words, meant }))
            }
        }
    }

    /// The lines of a list, without blanks around them and without empty ones.
    pub(crate) fn lines(&self, option: &OptionSpec) -> impl Iterator<Item = &str> {
        self.text(option).unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty())
    }

    /// Reads a number of seconds.
    pub(crate) fn seconds(&self, option: &'static OptionSpec) -> Result<Duration, OptionError> {
        self.number(option).map(Duration::from_secs)
    }

    /// Reads a whole number.
    pub(crate) fn number(&self, option: &'static OptionSpec) -> Result<u64, OptionError> {
        let (least, most, problem) = match option.kind {
            Kind::Seconds(least, most) => (least, most, OptionProblem::NotSeconds(least, most)),
            Kind::Number(least, most) => (least, most, OptionProblem::NotANumber(least, most)),
            _ => (0, u64::MAX, OptionProblem::NotANumber(0, u64::MAX)),
        };
        let number = self.text_or_default(option).trim().parse().ok();
        number.filter(|number| (least..=most).contains(number)).ok_or_else(|| OptionError::new(option, problem))
    }

    /// Reads a path below the workspace; a leading `./` is allowed.
    pub(crate) fn path(&self, option: &'static OptionSpec) -> Result<Option<ConfigPath>, OptionError> {
        let text = self.text_or_default(option).trim();
        if text.is_empty() {
            return Ok(None);
        }
        let path = ConfigPath::new(text.strip_prefix("./").unwrap_or(text));
        path.map(Some).map_err(|error| OptionError::new(option, OptionProblem::NotAPath(error)))
    }

    /// Reads a name.
    pub(crate) fn name<T>(
        &self,
        option: &'static OptionSpec,
        new: impl Fn(&str) -> Result<T, NameError>,
    ) -> Result<Option<T>, OptionError> {
        let name = self.text(option).map(|text| new(text.trim())).transpose();
        name.map_err(|error| OptionError::unusable(option, error))
    }

    /// Refuses what contradicts the command.
    pub(crate) fn refuse_other_commands(&self, running: Command) -> Result<(), OptionError> {
        let refused = |option: &&&'static OptionSpec| {
            let is_others = option.is_refused_elsewhere && !option.commands.contains(&running);
            (is_others || option.refused_by.contains(&running)) && self.asks_for(option)
        };
        match OPTIONS.iter().find(refused) {
            None => Ok(()),
            Some(&option) => {
                let instead = option.instead.filter(|_| option.refused_by.contains(&running));
                let problem = OptionProblem::OfAnotherCommand { of: option.commands, running, instead };
                Err(OptionError::new(option, problem))
            }
        }
    }

    /// Refuses an option that contradicts another, as far as the command takes it.
    pub(crate) fn refuse_contradictions(&self, running: Command) -> Result<(), OptionError> {
        let taken = |option: &&&'static OptionSpec| option.commands.contains(&running) && self.asks_for(option);
        for &option in OPTIONS.iter().filter(taken) {
            if let Some(relation) = option.needs.iter().find(|relation| !self.asks_for(relation.other)) {
                let problem = OptionProblem::Needs { other: relation.other, why: relation.why };
                return Err(OptionError::new(option, problem));
            }
            if let Some(relation) = option.excludes.iter().find(|relation| self.asks_for(relation.other)) {
                let problem = OptionProblem::Excluded { other: relation.other, why: relation.why };
                return Err(OptionError::new(option, problem));
            }
        }
        Ok(())
    }

    pub(crate) fn asks_for(&self, option: &OptionSpec) -> bool {
        self.text(option).is_some_and(|text| option.is_asked_for_by(text))
    }
}

/// Trims a text of one line: a YAML block leaves blanks and a line break around it. Several lines stay as they are,
/// since messages name their numbers.
fn trimmed(text: &str) -> &str {
    let line = text.trim();
    if line.contains('\n') { text } else { line }
}

fn known(front_end: FrontEnd, name: &str) -> Result<&'static OptionSpec, UnknownName> {
    let offered = || OPTIONS.iter().filter(|option| option.front_ends.contains(&front_end));
    if let Some(option) = offered().find(|option| option.name == name) {
        return Ok(option);
    }
    let is_planned = NOT_YET.contains(&name);
    let names: Vec<_> = offered().map(|option| option.name).collect();
    // Whoever writes `export_env` means `export-env`.
    let hyphened = name.replace('_', "-");
    let same = || names.iter().find(|known| **known == hyphened).copied();
    let meant = if is_planned { None } else { same().or_else(|| nearest(&hyphened, names.iter().copied())) };
    Err(UnknownName { name: name.to_owned(), meant, is_planned })
}

/// A text, shortened for a message.
pub(crate) fn shortened(text: &str) -> String {
    excerpt_of(text, 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::option::{BUCKET, EXPORT_ENV, FILES, TAGS, VERSION};

    fn raw<const N: usize>(given: [(&str, &str); N]) -> Result<RawOptions, OptionError> {
        RawOptions::new(FrontEnd::Action, given.map(|(name, text)| (name, text.to_owned())))
    }

    #[test]
    fn what_is_empty_or_blank_is_not_given() {
        let raw = raw([("export-env", "true"), ("files", "a\nb\n"), ("version", ""), ("tags", " \n")]).unwrap();
        assert_eq!(raw.text(&EXPORT_ENV), Some("true"));
        assert_eq!(raw.text(&FILES), Some("a\nb\n"));
        assert_eq!((raw.text(&VERSION), raw.text(&TAGS)), (None, None));
    }

    #[test]
    fn the_last_text_counts_and_where_it_is_from() {
        let from = |origins: &[Origin]| {
            let texts = origins.iter().enumerate().map(|(n, origin)| ("bucket", n.to_string(), origin.clone()));
            let raw = RawOptions::from_texts(FrontEnd::CommandLine, texts).unwrap();
            (raw.text(&BUCKET).map(ToOwned::to_owned), raw.variable(&BUCKET).map(ToOwned::to_owned))
        };
        let variable = || Origin::Variable("CSTORE_BUCKET".to_owned());
        assert_eq!(from(&[Origin::Option]), (Some("0".to_owned()), None));
        assert_eq!(from(&[variable()]), (Some("0".to_owned()), Some("CSTORE_BUCKET".to_owned())));
        assert_eq!(from(&[variable(), Origin::Option]), (Some("1".to_owned()), None));
    }

    #[test]
    fn an_unknown_option_is_refused_with_the_nearest() {
        for (name, meant) in
            [("export_env", Some("export-env")), ("file", Some("files")), ("buket", Some("bucket")), ("qqq", None)]
        {
            let Err(error) = raw([(name, "x")]) else { panic!("{name} was taken") };
            assert!(matches!(error.problem, OptionProblem::Unknown(found) if found == meant), "{error:?}");
        }
        assert!(matches!(raw([("resolve", "x")]), Err(OptionError { problem: OptionProblem::NotYet, .. })));
    }

    #[test]
    fn all_unknown_options_are_named_at_once() {
        let Err(error) = raw([("zzz", "x"), ("files", "a"), ("resolve", "x"), ("buket", "x"), ("blank", " ")]) else {
            panic!("unknown options were taken")
        };
        let OptionProblem::SeveralUnknown(unknown) = error.problem else { panic!("{error:?}") };
        let told: Vec<_> = unknown.iter().map(|name| (name.name.as_str(), name.meant, name.is_planned)).collect();
        assert_eq!(told, [("buket", Some("bucket"), false), ("resolve", None, true), ("zzz", None, false)]);
    }

    #[test]
    fn contradictions_come_from_the_table() {
        let problem = |given, command| {
            let raw = raw([given]).unwrap();
            let refused = raw.refuse_other_commands(command).and_then(|()| raw.refuse_contradictions(command));
            refused.err().map(|error| error.problem)
        };
        assert!(matches!(problem(("digest", "x"), Command::Push), Some(OptionProblem::OfAnotherCommand { .. })));
        assert!(problem(("digest", "x"), Command::Pull).is_none());
        // What says no more than its default contradicts nothing.
        assert!(problem(("if-missing", "fail"), Command::Push).is_none());
        assert!(problem(("export-env", "False"), Command::Push).is_none());
        assert!(matches!(problem(("no-overwrite", "true"), Command::Pull), Some(OptionProblem::Needs { .. })));
        let both = raw([("role-to-assume", "x"), ("role-chaining", "true"), ("audience", "x")]).unwrap();
        let error = both.refuse_contradictions(Command::Pull).unwrap_err();
        assert!(matches!(error.problem, OptionProblem::Excluded { .. }), "{error:?}");
    }
}
