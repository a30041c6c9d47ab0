//! An empty text, as a shell makes it of a variable that is not set, is no flag that was left out.

use crate::harness::{Bucket, Versioning};
use crate::shared::{ENV, two_laptops};

#[test]
fn a_guard_of_an_empty_text_fails_the_run() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    let [one, _] = two_laptops(&bucket);
    for (line, says) in [
        ("cstore get TOKEN --digest \"$UNSET\"", "`--digest` is empty"),
        ("cstore get TOKEN --digest=", "`--digest` is empty"),
        ("cstore get TOKEN --locked=", "Write --locked or --locked=false, or leave it out."),
        ("cstore get TOKEN -v ''", "For the head leave it out, or write -v head."),
        ("cstore get TOKEN --files ''", "`--files` is empty"),
        ("cstore get TOKEN --required-keys ''", "`--required-keys` is empty"),
        ("cstore push \"$UNSET\"", "FILE is empty"),
        ("cstore show \"$UNSET\"", "REF is empty"),
        ("cstore log \"$UNSET\"", "KEY is empty"),
        ("cstore log \":$UNSET\"", "The channel's name in `:` is empty. Perhaps a variable in it is not set."),
        ("cstore rollback \":$UNSET\" v1", "The channel's name in `:` is empty"),
        ("cstore pull \":$UNSET\"", "The channel's name in `:` is empty"),
        ("cstore show \"shop:$UNSET\"", "The channel's name in `shop:` is empty"),
        ("cstore get TOKEN -v \":$UNSET\"", "The channel's name in `:` is empty"),
        ("cstore push -v v9 --to \":$UNSET\"", "The channel's name in `:` is empty"),
    ] {
        let ran = one.shell(line).run().fails(2).says(says);
        assert!(ran.stdout.is_empty(), "{line}: {}", ran.stdout);
    }
    one.shell("cstore exec --digest \"$UNSET\" -- echo started")
        .run()
        .fails(125)
        .says("Nothing was started")
        .prints("");
    one.shell("cstore export --digest \"$UNSET\"").run().fails(2).prints("false\n");
}

#[test]
fn an_empty_text_counts_where_it_means_something_and_a_variable_of_it_counts_as_unset() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    let [one, _] = two_laptops(&bucket);
    one.file(ENV, "TOKEN=mackerel\n").cstore(["push", "-m", "", "--author", "", "-t", ""]).run().succeeds();
    let get = ["get", "TOKEN", "--output-prefix", "", "-t", ""];
    one.cstore(get)
        .env("CSTORE_VERSION", "")
        .env("CSTORE_DIGEST", " ")
        .prints_values()
        .run()
        .succeeds()
        .prints("mackerel");
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.cstore(["list", "-v"]).run().succeeds().prints("v1.0.0\n");
}
