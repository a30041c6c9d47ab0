//! The command lines of `docs/rotation.md` are run as they are written, one after the other, and print what the page says.

use std::fs;

use crate::harness::{Bucket, Laptop, Ran};

const ENV: &str = "service/.env";

/// What differs from run to run, as the page has it.
const VARYING: [&str; 3] = ["2026-03-07T12:00:00Z", "3HL4kqtJvjVBH40Nrjfkd", "[…]"];

/// The command lines of the page, each with the lines that it is said to print.
fn commands(page: &str) -> Vec<(String, Vec<String>)> {
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    for block in page.split("```console\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap();
        for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match line.strip_prefix("$ ") {
                Some(command) => commands.push((command.to_owned(), Vec::new())),
                None => commands.last_mut().unwrap().1.push(line.to_owned()),
            }
        }
    }
    commands
}

/// Types a command line, and what it asks for.
fn typed(laptop: &Laptop, line: &str) -> Ran {
    let mut words = line.split(' ').map(str::to_owned);
    assert_eq!(words.next().as_deref(), Some("cstore"), "{line}");
    let typed = laptop.cstore_with(words);
    let (asked, answer) = match line {
        "cstore set DATABASE_PASSWORD" => ("Value of DATABASE_PASSWORD: ", "anglerfish-of-now"),
        "cstore promote head --to shop@v1.4.3" => ("[y/N] ", "y"),
        "cstore purge v1.4.2 --value-of DATABASE_PASSWORD" => ("key's name, DATABASE_PASSWORD: ", "DATABASE_PASSWORD"),
        "cstore purge v1.4.2" => ("type its name, v1.4.2: ", "v1.4.2"),
        "cstore purge service/.env" => ("type its name, service/.env: ", ENV),
        _ => return typed.run(),
    };
    typed.on_a_terminal().sees(asked).types(answer).ended()
}

/// Whether a printed line is what the page says.
fn is_alike(printed: &str, said: &str) -> bool {
    let parts = VARYING
        .iter()
        .fold(vec![said], |parts, varying| parts.into_iter().flat_map(|part| part.split(varying)).collect());
    let mut rest = printed;
    parts.into_iter().all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

#[test]
fn the_page_is_run_as_it_is_written() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket);
    let publish = |version: &str| drop(laptop.cstore(["push", "-v", version, "-y", "-q", ENV]).run().succeeds());
    laptop.file(ENV, "DATABASE_PASSWORD=swordfish-of-old\n");
    ["v1.4.1", "v1.4.2", "head"].into_iter().for_each(publish);
    laptop.cstore(["promote", "v1.4.2", "--to", "shop-dev", "-y", "-q"]).run().succeeds();
    // Step 3 has to move it, or step 4 is refused.
    laptop.cstore(["promote", "v1.4.2", "--to", ":prod", "-y", "-q"]).run().succeeds();

    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rotation.md")).unwrap();
    let commands = commands(&page.replace("cstore-shop", bucket.name()));
    assert!(commands.len() > 8, "{commands:?}");
    for (line, said) in &commands {
        if line == "cstore purge v1.4.2" {
            publish("v1.4.2");
        }
        let ran = typed(&laptop, line).succeeds();
        if line == "cstore purge service/.env" {
            laptop.cstore(["rollback", "-y"]).run().fails(6);
        }
        for said in said {
            let is_printed = ran.stderr.lines().any(|printed| is_alike(printed, said));
            assert!(is_printed, "`{line}` did not print {said:?} but\n{}", ran.stderr);
        }
        if line == "cstore purge v1.4.2 --value-of DATABASE_PASSWORD" {
            let inline = "cstore purge shop-dev@v1.4.2";
            assert!(page.contains(&format!("`{inline}`")));
            laptop.cstore(["purge", "shop-dev@v1.4.2", "-y"]).run().succeeds();
        }
        if line == "cstore push --overwrite service/.env" {
            nothing_holds_the_old_value(&bucket);
        }
    }
}

/// After the steps no S3 version of anything has it.
fn nothing_holds_the_old_value(bucket: &Bucket) {
    for listed in bucket.versions().into_iter().filter(|listed| !listed.is_delete_marker) {
        if let Some(object) = bucket.find_version(&listed.key, &listed.version_id) {
            assert!(!object.text().contains("swordfish"), "{listed:?}");
        }
    }
}
