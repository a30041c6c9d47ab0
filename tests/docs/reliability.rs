//! The tables of faults and threats in `docs/reliability.md` have a row for each [`shows`] of a test, and no other.
//!
//! The tests leave the rows when they run and `make reliability` puts them there. Here the page is held to the tests'
//! source, so that a row does not outlive its test.
//!
//! [`shows`]: ../harness/report.rs

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, Lit, LitStr, Macro, Token};

/// What an argument is, as far as the source says it.
enum Word {
    Literal(String),
    /// The literal pieces around what is filled in when the test runs.
    Format(Vec<String>),
    /// A variable, or what a function returns.
    Unknown,
}

/// A call of `shows(number, what, outcome)`.
struct Call {
    at: String,
    words: [Word; 3],
}

/// All calls of a file, and all of its string literals: what a call does not say itself must be one of them.
#[derive(Default)]
struct Source {
    path: String,
    calls: Vec<Call>,
    literals: BTreeSet<String>,
}

impl Word {
    fn read(argument: &Expr) -> Self {
        match argument {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Self::Literal(text.value()),
                _ => Self::Unknown,
            },
            Expr::Macro(call) if call.mac.path.is_ident("format") => {
                let arguments = call.mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).unwrap();
                let Some(Self::Literal(text)) = arguments.first().map(Self::read) else { return Self::Unknown };
                let pieces = text.split('{').enumerate();
                // After the first piece each begins with the name of what is filled in.
                let piece = |(n, piece): (usize, &str)| match n {
                    0 => piece.to_owned(),
                    _ => piece.split_once('}').unwrap().1.to_owned(),
                };
                Self::Format(pieces.map(piece).collect())
            }
            _ => Self::Unknown,
        }
    }

    /// Whether it can have become this text, given the literals beside it.
    fn is(&self, text: &str, literals: &BTreeSet<String>) -> bool {
        match self {
            Self::Literal(own) => own == text,
            // Two of them are what `concat!` makes.
            Self::Unknown => literals.contains(text) || fills(&[const { String::new() }; 3], text, literals),
            Self::Format(pieces) => fills(pieces, text, literals),
        }
    }
}

/// Whether a text is these pieces with literals between them.
fn fills(pieces: &[String], text: &str, literals: &BTreeSet<String>) -> bool {
    let [first, rest @ ..] = pieces else { return text.is_empty() };
    let Some(text) = text.strip_prefix(first.as_str()) else { return false };
    if rest.is_empty() {
        return text.is_empty();
    }
    let fitting = literals.iter().filter_map(|literal| text.strip_prefix(literal.as_str()));
    fitting.into_iter().any(|text| fills(rest, text, literals))
}

impl<'ast> Visit<'ast> for Source {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let is_shows = matches!(&*call.func, Expr::Path(path) if path.path.is_ident("shows"));
        if is_shows {
            let words: Vec<_> = call.args.iter().map(Word::read).collect();
            let words = words.try_into().unwrap_or_else(|_| panic!("{}: `shows` takes three arguments", self.path));
            self.calls.push(Call { at: self.path.clone(), words });
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_lit_str(&mut self, text: &'ast LitStr) {
        self.literals.insert(text.value());
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.read_tokens(call.tokens.clone());
    }
}

impl Source {
    /// Literals in what only a macro understands.
    fn read_tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    let text = syn::parse2::<LitStr>(TokenTree::from(literal).into());
                    self.literals.extend(text.map(|text| text.value()));
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<PathBuf> = ["src", "tests"].map(|folder| root.join(folder)).into();
    let mut sources = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let mut source = Source { path: path.display().to_string(), ..Source::default() };
            // Most files show nothing, and parsing takes its time.
            if text.contains("shows(") {
                source.visit_file(&syn::parse_file(&text).unwrap());
            }
            sources.push(source);
        }
    }
    sources.retain(|source| !source.calls.is_empty());
    sources
}

/// Number, what happens, and outcome of each row of both tables.
pub(crate) fn rows() -> Vec<[String; 3]> {
    let page = super::read("docs/reliability.md");
    let is_row = |line: &&str| line.starts_with("| F") || line.starts_with("| T");
    let read = |line: &str| {
        let cells: Vec<_> = line.trim_matches(['|', ' ']).split(" | ").map(str::to_owned).collect();
        let [number, what, _cases, outcome] = cells.try_into().unwrap_or_else(|_| panic!("{line}"));
        [number, what, outcome]
    };
    page.lines().filter(is_row).map(read).collect()
}

#[test]
fn every_row_of_faults_and_threats_is_a_tests_and_every_test_has_its_row() {
    let (sources, rows) = (sources(), rows());
    let is = |source: &Source, call: &Call, row: &[String; 3]| {
        call.words.iter().zip(row).all(|(word, cell)| word.is(cell, &source.literals))
    };
    let calls = || sources.iter().flat_map(|source| source.calls.iter().map(move |call| (source, call)));
    let of_no_test: Vec<_> = rows.iter().filter(|row| !calls().any(|(source, call)| is(source, call, row))).collect();
    assert!(of_no_test.is_empty(), "no test shows these rows of docs/reliability.md: {of_no_test:#?}");
    let without_row = calls().filter(|(source, call)| !rows.iter().any(|row| is(source, call, row)));
    let without_row: Vec<_> = without_row.map(|(_, call)| call).map(Call::to_string).collect();
    assert!(
        without_row.is_empty(),
        "docs/reliability.md lacks what is shown, see `make reliability`: {without_row:#?}"
    );
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:", self.at)?;
        self.words.iter().try_for_each(|word| match word {
            Word::Literal(text) => write!(f, " {text:?}"),
            Word::Format(pieces) => write!(f, " {:?}", pieces.join("{}")),
            Word::Unknown => f.write_str(" _"),
        })
    }
}

/// A row that was put there by hand would be put elsewhere by `make reliability`.
#[test]
fn rows_are_in_the_order_that_the_script_gives_them_and_no_two_have_the_same_words() {
    let rows = rows();
    let key = |row: &[String; 3]| (row[0].as_bytes()[0], row[0][1..].parse::<u32>().unwrap(), row[1..].to_vec());
    let misplaced = rows.windows(2).find(|pair| key(&pair[0]) >= key(&pair[1]));
    assert!(misplaced.is_none(), "{misplaced:#?}");
}

#[test]
fn every_fault_and_threat_by_number_is_shown() {
    let shown: BTreeSet<_> = rows().into_iter().map(|[number, ..]| number).collect();
    let faults = (1..=32).map(|number| format!("F{number}"));
    let threats = (1..=28).map(|number| format!("T{number}"));
    assert_eq!(shown, faults.chain(threats).collect());
}
