//! One scheme of names in all that a user reads: the bucket `cstore-shop`, the roles `cstore-shop-puller` and so on.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The bucket, that of another account, and the copy in another region.
const BUCKETS: &[&str] = &["cstore-shop", "cstore-shop-prod", "cstore-shop-copy"];

/// Roles that the module makes, and those of the examples that are not for configuration: what deploys, what runs, who administers.
const ROLES: &[&str] = &[
    "cstore-shop-puller",
    "cstore-shop-puller-preview",
    "cstore-shop-pusher",
    "cstore-shop-pusher-api",
    "cstore-shop-releaser",
    "cstore-shop-operator",
    "cstore-shop-prod-operator",
    "cstore-shop-names",
    "shop",
    "shop-deployer",
    "appconfig-alarms",
    "appconfig-shop",
    "ecs/shop-task",
    "devops",
    "terraform",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn add_files(path: &Path, files: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        files.push(path.to_owned());
        return;
    }
    for entry in fs::read_dir(path).unwrap().map(|entry| entry.unwrap()) {
        // What Terraform leaves, and what the module's own tests try.
        if !["tests", ".terraform"].contains(&entry.file_name().to_string_lossy().as_ref()) {
            add_files(&entry.path(), files);
        }
    }
}

/// The pages, the examples, the module, the help, and the actions.
fn texts() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for place in ["README.md", "SUPPORT.md", "SECURITY.md", "action.yml", "docs", "examples", "infrastructure", "setup"]
    {
        add_files(&root().join(place), &mut files);
    }
    for place in ["src/option/table", "src/cli/table.rs", "scripts/demo.py", "scripts/pictures"] {
        add_files(&root().join(place), &mut files);
    }
    files.retain(|file| {
        let extension = file.extension().unwrap_or_default();
        !["svg", "html", "txt", "hcl"].iter().any(|other| extension == *other)
    });
    files
}

/// What follows each place where `before` is, as long as it can be a name. Placeholders are in capital letters.
fn names<'a>(line: &'a str, before: &str) -> impl Iterator<Item = &'a str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    line.split(before).skip(1).map(move |rest| rest.split(|c| !is_part(c)).next().unwrap_or_default())
}

#[test]
fn buckets_and_roles_have_the_same_names_everywhere() {
    let is_placeholder = |name: &str| {
        let is_filled_in = name.contains(['{', '$']);
        is_filled_in || name.trim_matches(['/', '.']).is_empty() || name.starts_with(char::is_uppercase)
    };
    let (mut seen, mut odd) = (BTreeSet::new(), Vec::new());
    for file in texts() {
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            let setting = line.trim_start().trim_start_matches("- ");
            let of_a_setting = ["bucket: ", "bucket = \"", "bucket_name = \""].into_iter().filter_map(|key| {
                let value = setting.strip_prefix(key)?;
                Some(value.split(|c: char| c.is_whitespace() || "\"#`".contains(c)).next().unwrap_or_default())
            });
            let buckets = names(line, "s3://").map(|name| name.split('/').next().unwrap_or_default());
            let buckets = buckets.chain(names(line, "--bucket ")).chain(names(line, "--bucket=")).chain(of_a_setting);
            let roles = names(line, ":role/");
            let found = buckets.map(|name| (name, BUCKETS)).chain(roles.map(|name| (name, ROLES)));
            for (name, allowed) in found.filter(|(name, _)| !is_placeholder(name)) {
                if allowed.contains(&name.trim_end_matches('.')) {
                    seen.insert(name.to_owned());
                } else {
                    odd.push(format!("{}:{}: {name}", file.strip_prefix(root()).unwrap().display(), number + 1));
                }
            }
        }
    }
    assert!(odd.is_empty(), "names of another scheme: {odd:#?}");
    for name in BUCKETS.iter().chain(ROLES) {
        assert!(seen.contains(*name), "{name} is in no text: take it out of the list");
    }
}
