//! Files in the workspace that are none: a pull request can bring links, and steps before can leave anything.

use std::os::unix::net::UnixListener;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::harness::{Action, Bucket, shows};
use crate::story::{ENV, published, pull, refused};

type Plant = fn(&Path) -> std::io::Result<()>;

/// What can stand where a file is looked for. None of them ends, or none may be touched.
const PLANTS: [(&str, Plant); 5] = [
    ("a pipe that nobody writes to", |at| Ok(mknodat(CWD, at, FileType::Fifo, Mode::RWXU, 0)?)),
    ("a socket", |at| UnixListener::bind(at).map(drop)),
    ("a link to /dev/zero", |at| std::os::unix::fs::symlink("/dev/zero", at)),
    ("a link to /proc/self/mem", |at| std::os::unix::fs::symlink("/proc/self/mem", at)),
    ("a link to itself", |at| std::os::unix::fs::symlink(at, at)),
];

/// What only root can plant.
const DEVICE: [(&str, Plant); 1] =
    [("/dev/zero", |at| Ok(mknodat(CWD, at, FileType::CharacterDevice, Mode::RWXU, rustix::fs::makedev(1, 5))?))];

/// Plants each and hands the step over.
fn each(plants: &[(&str, Plant)], path: &str, step: impl Fn() -> Action, then: impl Fn(&Action, &str)) {
    for (what, plant) in plants {
        let step = step();
        let at = step.workspace().path(path);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        plant(&at).unwrap_or_else(|error| panic!("{what}: {error}"));
        then(&step, what);
    }
}

fn in_a_restored_files_place_are(plants: &[(&str, Plant)]) {
    let shown = shows(
        "T2",
        "a pipe, a socket, a device or a link stands where a pull restores a file",
        "code 2, naming the path; left as it is",
    );
    let bucket = published();
    each(
        plants,
        ENV,
        || pull(&bucket, "v1"),
        |step, what| {
            refused(step, 2, what).says(ENV);
            shown.case();
        },
    );
}

fn in_a_pushed_files_place_are(plants: &[(&str, Plant)]) {
    let shown = shows(
        "T2",
        "a pipe, a socket, a device or a link stands where a push reads a file",
        "code 2, naming the path; nothing sent",
    );
    let bucket = published();
    let step = || Action::push(&bucket).version("v2").files(&[ENV]).measured();
    each(plants, ENV, step, |step, what| {
        refused(step, 2, what).says(ENV);
        shown.case();
    });
    assert!(bucket.keys().iter().all(|key| !key.contains("v2")), "{:?}", bucket.keys());
}

fn in_the_catalogs_place_are(plants: &[(&str, Plant)]) {
    let shown = shows("T2", "a pipe, a socket, a device or a link stands in the catalog's place", "code 2, naming it");
    let bucket = published();
    each(
        plants,
        "cstore.yml",
        || pull(&bucket, "v1"),
        |step, what| {
            refused(step, 2, what).says("cstore.yml");
            shown.case();
        },
    );
}

fn in_the_place_of_what_an_input_names_are(plants: &[(&str, Plant)]) {
    let shown = shows(
        "T2",
        "a pipe, a socket, a device or a link stands where a template, a schema or the formatted file belongs",
        "code 2, naming the path",
    );
    let bucket = published();
    for input in ["template", "schema", "format-file"] {
        let step = || {
            let step = pull(&bucket, "v1").input(input, "named/file");
            if input == "format-file" { step.input("format", "json") } else { step }
        };
        each(plants, "named/file", step, |step, what| {
            refused(step, 2, &format!("{input}: {what}")).says("named/file");
            shown.case();
        });
    }
}

#[test]
fn in_a_restored_files_place() {
    in_a_restored_files_place_are(&PLANTS);
}

#[test]
fn in_a_pushed_files_place() {
    in_a_pushed_files_place_are(&PLANTS);
}

#[test]
fn in_the_catalogs_place() {
    in_the_catalogs_place_are(&PLANTS);
}

#[test]
fn in_the_place_of_what_an_input_names() {
    in_the_place_of_what_an_input_names_are(&PLANTS);
}

#[test]
#[ignore = "needs root"]
fn a_device_in_any_place() {
    in_a_restored_files_place_are(&DEVICE);
    in_a_pushed_files_place_are(&DEVICE);
    in_the_catalogs_place_are(&DEVICE);
    in_the_place_of_what_an_input_names_are(&DEVICE);
}

#[test]
fn a_pipe_or_a_device_that_the_sdk_would_read() {
    let shown = shows(
        "T18",
        "a variable names a pipe or a device as AWS's configuration, credentials or token",
        "code 3 at once, naming both",
    );
    for variable in shown.each([
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    ]) {
        let step = pull(&Bucket::missing(), "v1").env(variable, "/dev/zero");
        refused(&step, 3, variable).says(variable).says("/dev/zero").says("is not a regular file");
        let step = pull(&Bucket::missing(), "v1");
        let pipe = step.workspace().outside("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
        let step = step.env(variable, pipe.to_str().unwrap());
        refused(&step, 3, variable).says(variable).says("is not a regular file");
    }
}
