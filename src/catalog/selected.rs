//! Selects entries of a catalog, and resolves their paths.

use std::collections::HashMap;

use super::error::{CatalogError, CatalogErrorKind};
use super::model::{Catalog, CatalogFile};
use super::select::{FileSelector, Selection};
use super::tag::TagExpression;
use super::token::PathTemplate;
use crate::excerpt::excerpt;
use crate::name::ConfigPath;

/// An entry of the catalog that was selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectedFile<'c> {
    /// The path, its variables replaced.
    pub path: ConfigPath,
    /// The entry.
    pub file: &'c CatalogFile,
}

impl Catalog {
    /// The entries that link other catalogs. They are not files: no selection includes them. Each linked catalog has
    /// its own context, and its paths are relative to its own folder.
    pub fn links(&self) -> impl Iterator<Item = &CatalogFile> {
        self.files.iter().filter(|file| file.is_ref)
    }

    /// The files that `files` and `tags` choose, in the order of `files`, or of the catalog if `files` is empty.
    ///
    /// Where a path cannot be resolved (a variable is missing) or is not valid, `files` is compared with the path as
    /// written. Tags choose among what `files` has chosen: a line that matches only files without these tags counts as
    /// matched. The caller checks the [stores](CatalogFile::supported_store).
    ///
    /// # Errors
    /// A chosen entry whose path cannot be resolved or is not valid; two chosen entries that resolve to one path.
    pub fn select(
        &self,
        files: &FileSelector,
        tags: Option<&TagExpression>,
        resolve: impl Fn(&PathTemplate) -> Result<ConfigPath, CatalogError>,
    ) -> Result<Selection<SelectedFile<'_>>, CatalogError> {
        let mut known: Vec<SamePath<'_>> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for file in self.files.iter().filter(|file| !file.is_ref) {
            let path = resolve(&file.path);
            let name = path.as_ref().map_or(file.path.as_str(), ConfigPath::as_str).to_owned();
            let place = *places.entry(name.clone()).or_insert(known.len());
            if place == known.len() {
                known.push(SamePath { name, entries: Vec::new() });
            }
            known[place].entries.push((path, file));
        }

        let Selection { files, unmatched } = files.select(known, |same| &same.name);
        let mut chosen = Vec::with_capacity(files.len());
        for same in files {
            let mut entries = same.entries.into_iter().filter(|(_, file)| tags.is_none_or(|t| t.matches(&file.tags)));
            let Some((path, file)) = entries.next() else { continue };
            if let Some((_, twin)) = entries.next() {
                return Err(
                    CatalogErrorKind::PathTwice { path: excerpt(twin.path.as_str()), first: file.line }.at(twin.line)
                );
            }
            chosen.push(SelectedFile { path: path?, file });
        }
        Ok(Selection { files: chosen, unmatched })
    }
}

/// The entries that resolve to the same path; nearly always there is only one.
struct SamePath<'c> {
    name: String,
    entries: Vec<(Result<ConfigPath, CatalogError>, &'c CatalogFile)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOG: &str = "context: shop
files:
- path: service/${ENV}/.env
  tags: [service]
- path: service/dev/.env
  tags: [other]
- path: ${MISSING}/.env
  tags: [missing]
- path: child/cstore.yml
  isRef: true
- path: b/.env
  tags: [service]
- path: a/.env
  store: aws-parameter
";

    fn select(files: &str, tags: &str) -> Result<(Vec<String>, Vec<String>), String> {
        let catalog = Catalog::read(CATALOG.as_bytes()).unwrap();
        let tags = (!tags.is_empty()).then(|| TagExpression::new(tags).unwrap());
        let lookup = |name: &str| (name == "ENV").then(|| "dev".to_owned());
        let selection = catalog.select(&FileSelector::new(files).unwrap(), tags.as_ref(), |path| path.resolve(lookup));
        let selection = selection.map_err(|error| error.to_string())?;
        Ok((selection.files.into_iter().map(|entry| entry.path.to_string()).collect(), selection.unmatched))
    }

    fn paths(files: &str, tags: &str) -> Vec<String> {
        let (paths, unmatched) = select(files, tags).unwrap();
        assert!(unmatched.is_empty(), "{unmatched:?}");
        paths
    }

    #[test]
    fn files_and_tags_choose() {
        assert_eq!(paths("b/.env\na/.env", ""), ["b/.env", "a/.env"]);
        assert_eq!(paths("", "service"), ["service/dev/.env", "b/.env"]);
        assert_eq!(paths("[ab]/*", ""), ["a/.env", "b/.env"]);
        assert_eq!(paths("*/.env\n!a/*\n!$*/*", "service"), ["b/.env"]);
        assert_eq!(paths("a/.env\nb/.env", "service"), ["b/.env"]);
        assert_eq!(select("x\nb/.env\nchild/cstore.yml", "").unwrap().1, ["x", "child/cstore.yml"]);
    }

    #[test]
    fn a_missing_variable_matters_only_where_it_was_asked_for() {
        let error = select("", "missing").unwrap_err();
        assert_eq!(error, r#"line 7: the path "${MISSING}/.env" needs the variable MISSING, which is not set"#);
        assert!(select("*/.env", "").unwrap_err().contains("MISSING"));
    }

    #[test]
    fn entries_that_resolve_to_one_path_are_refused_when_both_are_chosen() {
        let error = select("service/**", "").unwrap_err();
        assert_eq!(error, r#"line 5: the path "service/dev/.env" is listed twice (first on line 3)"#);
        assert_eq!(paths("service/**", "other"), ["service/dev/.env"]);
    }

    #[test]
    fn another_store_is_refused_by_name() {
        let catalog = Catalog::read(CATALOG.as_bytes()).unwrap();
        let refused: Vec<_> = catalog.files.iter().filter_map(|file| file.supported_store().err()).collect();
        assert_eq!(refused.len(), 1);
        let message = r#"line 13: the path "a/.env" is kept in the store "aws-parameter"; only aws-s3 is supported"#;
        assert_eq!(refused[0].to_string(), message);
    }
}
