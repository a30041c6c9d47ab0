//! Pages go through a pager on a terminal, and nowhere else.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Bucket, Laptop, Typed};
use crate::shared::two_laptops;

/// Prints a page.
fn list(laptop: &Laptop) -> Typed {
    laptop.cstore(["list", "files"])
}

fn laptop() -> (Bucket, Laptop) {
    let bucket = Bucket::versioned();
    let [laptop, _] = two_laptops(&bucket);
    (bucket, laptop)
}

#[test]
fn on_a_terminal_pages_go_through_the_pager_that_is_named() {
    let (_bucket, laptop) = laptop();
    let laptop = laptop.with_env("PAGER", "sed s/^/general:/");
    list(&laptop).on_a_terminal().ended().succeeds().says("general:service/dev/.env");
    let own = laptop.with_env("CSTORE_PAGER", "sed s/^/own:/");
    list(&own).on_a_terminal().ended().succeeds().says("own:service/dev/.env").does_not_say("general:");
    list(&own).run().succeeds().prints("service/dev/.env\nservice/dev/config.json\n");
    for none in ["", "cat"] {
        let ran = list(&own).env("CSTORE_PAGER", none).on_a_terminal().ended().succeeds();
        ran.says("service/dev/.env").does_not_say("own:").does_not_say("general:");
    }
}

#[test]
fn the_pager_that_nobody_names_is_less_which_leaves_a_short_page_on_the_screen() {
    let (_bucket, laptop) = laptop();
    laptop.plain_file("programs/less", "#!/bin/sh\necho \"less was given: $*\"\nexec cat\n");
    let less = laptop.workspace().path("programs/less");
    fs::set_permissions(&less, Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", less.parent().unwrap().display());
    let shown = list(&laptop).env("PATH", &path).on_a_terminal().ended().succeeds();
    shown.says("less was given: -FRX").says("service/dev/.env");
    list(&laptop).env("PATH", &path).run().succeeds().prints("service/dev/.env\nservice/dev/config.json\n");
    for page in [["log", "-n9"], ["show", "head"], ["diff", "--name-only"]] {
        laptop.cstore(page).env("PATH", &path).on_a_terminal().ended().succeeds().says("less was given");
    }
}

#[test]
fn a_page_is_shown_where_the_pager_is_not() {
    let (_bucket, laptop) = laptop();
    let named = list(&laptop).env("PAGER", "no-such-pager -x").on_a_terminal().ended().succeeds();
    named.says("no-such-pager").says("service/dev/.env");
    // Nobody has asked for the default.
    let usual = list(&laptop).env("PATH", "/nowhere").on_a_terminal().ended().succeeds();
    usual.says("service/dev/.env").does_not_say("less");
}

#[test]
fn a_pager_that_ends_early_has_shown_enough() {
    let (_bucket, laptop) = laptop();
    for pager in ["exec <&-", "true", "head -c 3", "cat; exit 3"] {
        list(&laptop).env("PAGER", pager).on_a_terminal().ended().succeeds();
    }
}

#[test]
fn ctrl_c_is_the_pagers() {
    let (_bucket, laptop) = laptop();
    let pager = "trap '' INT; cat; echo all-shown; read key </dev/tty; echo pressed-$key";
    let typed = list(&laptop).env("PAGER", pager).on_a_terminal().sees("all-shown");
    typed.presses("\x03").types("q").sees("pressed-q").ended().succeeds();
}

#[test]
fn the_exit_code_is_that_of_the_command_and_not_of_its_pager() {
    let (_bucket, laptop) = laptop();
    laptop.file("service/dev/.env", "TOKEN=swordfish\nGREETING=another-one\n");
    let diff = laptop.cstore(["diff", "--exit-code"]).env("PAGER", "sed s/^/paged:/");
    diff.on_a_terminal().ended().exits(1).says("paged:");
}
