//! The lists of CONTRIBUTING.md under "How to add …" name the files that there are, and no more than have to be touched.

use std::fs;
use std::path::{Path, PathBuf};

use cstore::format::Format;
use cstore::option::OPTIONS;

use crate::read;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The lists, with what stands in backticks in each, by the first words.
fn lists() -> Vec<(String, Vec<String>)> {
    let text = read("CONTRIBUTING.md");
    let (_, lists) = text.split_once("## How to add …").unwrap();
    let lists = lists.split("\n**").skip(1).map(|list| {
        let (what, text) = list.split_once("**").unwrap();
        let tokens = text.split('`').skip(1).step_by(2).map(|token| token.replace('\n', " ")).collect();
        (what.to_owned(), tokens)
    });
    lists.collect()
}

fn is_path(token: &str) -> bool {
    let extension = Path::new(token).extension().and_then(|extension| extension.to_str());
    token.bytes().all(|b| b.is_ascii_alphanumeric() || b"./_-".contains(&b))
        && (token.contains('/') || matches!(extension, Some("rs" | "py" | "md" | "yml")))
}

#[test]
fn every_path_and_every_target_of_make_that_a_list_names_is_there() {
    let makefile = read("Makefile");
    let mut named = 0;
    for (what, tokens) in lists() {
        // A file that is named without a folder lies in the one that was named before it.
        let mut folder = PathBuf::new();
        for token in tokens {
            if let Some(target) = token.strip_prefix("make ") {
                assert!(makefile.contains(&format!("\n{target}:")), "{what}: there is no `make {target}`");
                named += 1;
            } else if is_path(&token) {
                let path = if token.contains('/') || root().join(&token).exists() {
                    PathBuf::from(&token)
                } else {
                    folder.join(&token)
                };
                assert!(root().join(&path).exists(), "{what}: there is no {}", path.display());
                folder = if token.ends_with('/') { path } else { path.parent().unwrap().to_owned() };
                named += 1;
            }
        }
    }
    assert!(named > 40, "{named} were found: are the lists still written as this test reads them?");
}

/// The sources below a folder, as path and text, without their unit tests.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
                found.push((path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned(), code));
            }
        }
    }
    found.sort();
    found
}

fn that_have<'a>(sources: &'a [(String, String)], text: &str) -> Vec<&'a str> {
    sources.iter().filter(|(_, code)| code.contains(text)).map(|(path, _)| path.as_str()).collect()
}

/// Formats whose names are no words of the language: what names them is theirs.
#[test]
fn a_format_is_its_own_file_a_line_of_the_table_and_a_test() {
    let (code, tests) = (sources("src"), sources("tests/format"));
    let names: Vec<_> = Format::NAMES.iter().filter(|name| name.contains('-')).collect();
    assert!(names.len() > 4);
    for name in names {
        let module = name.replace('-', "_");
        assert_eq!(that_have(&code, &format!("\"{name}\"")), [format!("src/format/{module}.rs")]);
        assert_eq!(that_have(&code, &module), ["src/format/mod.rs"], "{name}");
        assert_eq!(that_have(&tests, &format!("\"{name}\"")).len(), 1, "{name}");
    }
}

#[test]
fn an_option_is_a_row_of_the_table_and_what_reads_it() {
    let code = sources("src");
    for option in OPTIONS {
        let constant = option.name.replace('-', "_").to_uppercase();
        let readers = [")", ",", ";"].map(|after| that_have(&code, &format!("&{constant}{after}"))).concat();
        let is_read = readers
            .iter()
            .any(|path| ["src/request/", "src/action/", "src/cli/"].iter().any(|folder| path.starts_with(folder)));
        assert!(is_read, "{} is read by {readers:?}", option.name);
        if option.name.contains('-') {
            let mut named = that_have(&code, &format!("\"{}\"", option.name));
            // What the SDK is told of who gives the credentials.
            named.retain(|path| *path != "src/identity/sts.rs");
            assert!(matches!(named[..], [path] if path.starts_with("src/option/table/")), "{named:?}");
        }
    }
}

/// What lies directly in a folder, as `ARCHITECTURE.md` names it: files and folders.
fn rooms(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap());
    let name = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() { format!("{name}/") } else { name }
    };
    entries.map(name).filter(|name| !["mod.rs", "lib.rs"].contains(&name.as_str())).collect()
}

#[test]
fn every_room_is_on_the_map() {
    let map = crate::read("ARCHITECTURE.md");
    // Files of one type, or of a few lines.
    let unnamed = ["excerpt.rs", "nearest.rs", "secret.rs", "request.rs"];
    for room in rooms("src").into_iter().filter(|room| !unnamed.contains(&room.as_str())) {
        assert!(map.contains(&format!("`src/{room}`")), "src/{room} is not named");
    }
    for room in rooms("src/cli") {
        // A folder is the room of the file of its name.
        assert!(map.contains(&format!("`{room}`")), "src/cli/{room} is not named");
    }
    let (_, rows) = map.split_once("| below `src/cli/` |").unwrap();
    let rows = rows.lines().skip(2).take_while(|line| line.starts_with('|'));
    for named in
        rows.flat_map(|row| row.split('|').nth(1).unwrap().split(", ").map(|name| name.trim().trim_matches('`')))
    {
        assert!(root().join("src/cli").join(named).exists(), "src/cli/{named} is not there");
    }
}
