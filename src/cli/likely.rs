//! Files that probably hold configuration, by their names.

use std::fs::FileType;
use std::path::Path;

/// The most files that are named.
const MOST: usize = 5;
/// Extensions of config files in a folder that is made for them.
const EXTENSIONS: [&str; 5] = ["env", "json", "yml", "yaml", "toml"];
/// What a template of a `.env` file ends in, which belongs into git.
const TEMPLATES: [&str; 4] = [".example", ".sample", ".template", ".dist"];

/// How deep below the folder: `services/shop/prod/.env`.
const DEEPEST: usize = 3;
/// The most folders that are looked into, of which somebody's home may have a hundred thousand.
const MOST_FOLDERS: usize = 500;
/// Folders that hold what others wrote, or what was built.
const OTHERS: [&str; 5] = ["node_modules", "vendor", "target", "dist", "build"];

/// Files that probably hold configuration, relative to the folder that they are looked for in: `.env` and its like
/// there and in the folders below, and what lies in `config/`. At most five, sorted by path.
pub(super) fn config_files(folder: &Path) -> Vec<String> {
    let mut found: Vec<_> = folders(folder)
        .iter()
        .flat_map(|below| {
            let files = names(&folder.join(below)).filter(|name| is_env_file(name) && below != "config/");
            files.map(|name| format!("{below}{name}")).collect::<Vec<_>>()
        })
        .collect();
    found
        .extend(names(&folder.join("config")).filter(|name| is_config_file(name)).map(|name| format!("config/{name}")));
    found.sort_unstable();
    found.truncate(MOST);
    found
}

/// The folder itself (an empty text) and those below that belong to the same project, each with a `/` at its end.
fn folders(folder: &Path) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut next = 0;
    while let Some(above) = all.get(next).cloned() {
        next += 1;
        if above.matches('/').count() == DEEPEST {
            continue;
        }
        let is_own = |name: &String| {
            let below = folder.join(&above).join(name);
            let is_other_project = [".git", "cstore.yml"].iter().any(|own| below.join(own).symlink_metadata().is_ok());
            !name.starts_with('.') && !OTHERS.contains(&name.as_str()) && !is_other_project
        };
        let below = entries(&folder.join(&above), FileType::is_dir).filter(is_own);
        let left = MOST_FOLDERS.saturating_sub(all.len());
        all.extend(below.take(left).map(|name| format!("{above}{name}/")).collect::<Vec<_>>());
    }
    all
}

/// The names of the regular files in a folder.
fn names(folder: &Path) -> impl Iterator<Item = String> + use<> {
    entries(folder, FileType::is_file)
}

/// The names of what is of one type in a folder. A symbolic link is neither a file nor a folder.
fn entries(folder: &Path, is_wanted: fn(&FileType) -> bool) -> impl Iterator<Item = String> + use<> {
    let entries = folder.read_dir().into_iter().flatten().filter_map(Result::ok);
    let wanted = entries.filter(move |entry| entry.file_type().is_ok_and(|found| is_wanted(&found)));
    wanted.filter_map(|entry| entry.file_name().into_string().ok())
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
