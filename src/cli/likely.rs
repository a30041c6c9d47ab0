//! Files that probably hold configuration, by their names.

use std::path::Path;

/// The most files that are named.
const MOST: usize = 5;
/// Extensions of config files in a folder that is made for them.
const EXTENSIONS: [&str; 5] = ["env", "json", "yml", "yaml", "toml"];
/// What a template of a `.env` file ends in, which belongs into git.
const TEMPLATES: [&str; 4] = [".example", ".sample", ".template", ".dist"];

/// Files that probably hold configuration, relative to the folder that they are looked for in: `.env` and its like, and
/// what lies in `config/`. At most five, sorted by path.
pub(super) fn config_files(folder: &Path) -> Vec<String> {
    let mut found: Vec<_> = names(folder).filter(|name| is_env_file(name)).collect();
    found
        .extend(names(&folder.join("config")).filter(|name| is_config_file(name)).map(|name| format!("config/{name}")));
    found.sort_unstable();
    found.truncate(MOST);
    found
}

/// The names of the regular files in a folder.
fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = folder.read_dir().into_iter().flatten().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|found| found.is_file()));
    files.filter_map(|entry| entry.file_name().into_string().ok())
}

fn is_env_file(name: &str) -> bool {
    let is_template = || TEMPLATES.iter().any(|ending| name.ends_with(ending));
    (name == ".env" || name.starts_with(".env.")) && !is_template()
}

fn is_config_file(name: &str) -> bool {
    let has_extension = || name.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension));
    is_env_file(name) || !name.starts_with('.') && has_extension()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_and_other_files_are_no_config() {
        for name in [".env", ".env.production"] {
            assert!(is_env_file(name) && is_config_file(name), "{name}");
        }
        for name in [".env.example", ".env.dist", ".environment", "env", "README.md", ".eslintrc.json"] {
            assert!(!is_env_file(name) && !is_config_file(name), "{name}");
        }
        assert!(is_config_file("app.yaml") && is_config_file("prod.env") && !is_config_file("app.ts"));
    }
}
