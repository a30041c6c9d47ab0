//! The variables of the program: the values, and what it inherits.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::error::StartError;
use crate::cli::refused_names::RefusedName;
use crate::command::is_refused;
use crate::config::{KeyPatterns, Setting};
use crate::identity::gives_credentials;
use crate::option::{ALLOW_ENV, DROP_AWS, KEEP, NO_OVERWRITE, OptionError, PREFER_ENV, PRISTINE, RawOptions};
use crate::request::variable_names;

/// What every program may know of the machine, also where it is to know little.
const PRISTINE_NAMES: [&str; 8] = ["PATH", "HOME", "USER", "SHELL", "LANG", "TZ", "TERM", "TMPDIR"];

/// And what these begin with: the parts of the locale.
const PRISTINE_PREFIX: &str = "LC_";

/// What is handed over to a program, and what counts before what.
#[derive(Debug)]
pub(super) struct Handover {
    /// Names that are refused otherwise.
    allowed: Vec<String>,
    /// The inherited variables that count before the values, if any do.
    preferred: Option<KeyPatterns>,
    /// What is inherited besides the usual, where not all is.
    pristine: Option<Vec<String>>,
    /// Leave out what gave this tool its credentials.
    drops_credentials: bool,
}

impl Handover {
    /// Reads the options.
    ///
    /// # Errors
    /// The first that is malformed.
    pub(super) fn new(raw: &RawOptions) -> Result<Self, OptionError> {
        let pattern = raw.text(&PREFER_ENV);
        // A variable is set for all runs, and a flag for this one.
        let is_typed =
            pattern.is_some() && raw.variable(&PREFER_ENV).is_none() && raw.variable(&NO_OVERWRITE).is_some();
        let lines = if raw.flag(&NO_OVERWRITE)? && !is_typed { Some("*") } else { pattern };
        let preferred = lines.map(KeyPatterns::new).transpose();
        let keep = variable_names(raw, &KEEP)?;
        Ok(Self {
            allowed: variable_names(raw, &ALLOW_ENV)?,
            preferred: preferred.map_err(|error| OptionError::unusable(&PREFER_ENV, error))?,
            pristine: raw.flag(&PRISTINE)?.then_some(keep),
            drops_credentials: raw.flag(&DROP_AWS)?,
        })
    }

    /// The variables, made of those that are inherited and of the values. `refused`: what is said of one that is not set.
    ///
    /// # Errors
    /// Names that would take over a program.
    pub(super) fn variables(
        &self,
        inherited: impl Iterator<Item = (OsString, OsString)>,
        settings: &[Setting],
        refused: impl Fn(&str) -> RefusedName,
    ) -> Result<BTreeMap<OsString, OsString>, StartError> {
        let mut variables: BTreeMap<_, _> = inherited.filter(|(name, _)| self.is_inherited(name)).collect();
        let is_kept = |name: &str| {
            let is_preferred = self.preferred.as_ref().is_some_and(|patterns| patterns.matches(name));
            is_preferred && variables.contains_key(OsStr::new(name))
        };
        let set: Vec<_> = settings.iter().filter(|setting| !is_kept(&setting.name)).collect();
        // No runner has rules of its own here: a name that is allowed is allowed.
        let is_allowed = |name: &String| self.allowed.contains(name);
        let all = set.iter().filter(|setting| !is_allowed(&setting.name) && is_refused(setting, &[]));
        let all: Vec<_> = all.map(|setting| refused(&setting.name)).collect();
        if !all.is_empty() {
            return Err(StartError::Refused(all));
        }
        for Setting { name, value } in set {
            variables.insert(name.into(), value.text.expose().into());
        }
        Ok(variables)
    }

    /// Whether an inherited variable is handed on. Names that are not text are those of nobody's list.
    fn is_inherited(&self, name: &OsStr) -> bool {
        let text = name.to_str();
        let is_credential = || text.is_some_and(gives_credentials);
        let is_named =
            |keep: &[String]| text.is_some_and(|name| is_pristine(name) || keep.iter().any(|kept| kept == name));
        self.pristine.as_deref().is_none_or(is_named) && !(self.drops_credentials && is_credential())
    }
}

fn is_pristine(name: &str) -> bool {
    PRISTINE_NAMES.contains(&name) || name.starts_with(PRISTINE_PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Value;
    use crate::option::FrontEnd;

    const INHERITED: [(&str, &str); 8] = [
        ("PATH", "/bin"),
        ("LC_ALL", "C"),
        ("A", "inherited"),
        ("B_1", "inherited"),
        ("AWS_PROFILE", "deploy"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://x"),
        ("CSTORE_VERSION", "v1"),
    ];

    /// What becomes of `A` and `B_1`, for which there are values, and of `INHERITED`; as `NAME=value`.
    fn handed_over(given: &[(&str, &str)], values: &[&str]) -> Result<Vec<String>, StartError> {
        let given = given.iter().map(|&(name, text)| (name, text.to_owned()));
        let handover = Handover::new(&RawOptions::new(FrontEnd::CommandLine, given).unwrap()).unwrap();
        let settings: Vec<_> =
            values.iter().map(|name| Setting { name: (*name).to_owned(), value: Value::text("stored") }).collect();
        let inherited = INHERITED.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let refused = |name: &str| RefusedName { name: name.to_owned(), key: name.to_owned() };
        let variables = handover.variables(inherited, &settings, refused)?;
        let text = |os: OsString| os.into_string().unwrap();
        Ok(variables.into_iter().map(|(name, value)| format!("{}={}", text(name), text(value))).collect())
    }

    #[test]
    fn the_stores_value_wins_unless_the_environment_is_preferred() {
        for (given, expected) in [
            (&[][..], ["A=stored", "B_1=stored", "C=stored"]),
            (&[("prefer-env", "*")], ["A=inherited", "B_1=inherited", "C=stored"]),
            (&[("prefer-env", "B_*\nC")], ["A=stored", "B_1=inherited", "C=stored"]),
            (&[("prefer-env", "!A")], ["A=stored", "B_1=inherited", "C=stored"]),
            (&[("no-overwrite", "true")], ["A=inherited", "B_1=inherited", "C=stored"]),
            // What is not handed on cannot count.
            (&[("prefer-env", "*"), ("pristine", "true")], ["A=stored", "B_1=stored", "C=stored"]),
        ] {
            let handed = handed_over(given, &["A", "B_1", "C"]).unwrap();
            assert!(expected.iter().all(|pair| handed.iter().any(|had| had == pair)), "{given:?}: {handed:?}");
        }
    }

    #[test]
    fn little_is_inherited_where_little_is_to_be_and_no_credentials_unless_named() {
        assert_eq!(handed_over(&[("pristine", "true")], &[]).unwrap(), ["LC_ALL=C", "PATH=/bin"]);
        let kept = handed_over(&[("pristine", "true"), ("keep", "AWS_PROFILE\nNONE")], &["X"]).unwrap();
        assert_eq!(kept, ["AWS_PROFILE=deploy", "LC_ALL=C", "PATH=/bin", "X=stored"]);
    }

    #[test]
    fn credentials_are_left_out_and_the_region_stays() {
        let handed = handed_over(&[("drop-aws", "true")], &[]).unwrap();
        let expected = ["A=inherited", "AWS_REGION=eu-central-1", "B_1=inherited", "CSTORE_VERSION=v1", "LC_ALL=C"];
        assert_eq!(handed[..5], expected);
    }

    #[test]
    fn names_that_take_over_a_program_are_refused_unless_allowed_one_by_one() {
        let refused = |given: &[(&str, &str)], values: &[&str]| match handed_over(given, values) {
            Err(StartError::Refused(refused)) => refused.into_iter().map(|refused| refused.name).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            refused(&[], &["A", "LD_PRELOAD", "NODE_OPTIONS", "AWS_CA_BUNDLE"]),
            ["LD_PRELOAD", "NODE_OPTIONS", "AWS_CA_BUNDLE"]
        );
        assert_eq!(refused(&[("allow-env", "LD_PRELOAD")], &["LD_PRELOAD", "PATH"]), ["PATH"]);
        let allowed = [("allow-env", "NODE_OPTIONS\nPATH\nAWS_REGION")];
        assert!(handed_over(&allowed, &["NODE_OPTIONS", "PATH", "AWS_REGION"]).is_ok());
        // A value that is not set takes nothing over.
        assert!(handed_over(&[("prefer-env", "*")], &["PATH"]).is_ok());
    }

    #[test]
    #[cfg(unix)]
    fn what_is_not_text_is_handed_on_as_it_is() {
        use std::os::unix::ffi::OsStringExt as _;
        let os = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
        let handover = Handover::new(&RawOptions::default()).unwrap();
        let inherited = [(os(b"A\xff"), os(b"1\xfe"))].into_iter();
        let variables = handover.variables(inherited, &[], |_| unreachable!("nothing is set")).unwrap();
        assert_eq!(variables[&os(b"A\xff")], os(b"1\xfe"));
    }
}
