//! That a step does not cost more for what lies beside.

use crate::harness::shows;
use crate::shop::Shop;

const BESIDE: usize = 10_000;
/// A listing's page.
const PAGE: usize = 1_000;

#[test]
fn a_pull_of_a_version_takes_the_same_requests_beside_ten_thousand_others() {
    let _shown = shows("F26", "one version beside 10,000 others", "pulled with the same requests");
    let shop = Shop::open();
    shop.push("v1.0.0", 3).run().succeeds();
    let alone = shop.count(&shop.pull("v1.0.0", 3)).0;
    assert_eq!(alone.len(), 1 + 3, "{alone:?}");
    shop.crowd(BESIDE);
    assert_eq!(shop.count(&shop.pull("v1.0.0", 3)).0, alone);
}

#[test]
fn a_push_takes_the_same_requests_beside_ten_thousand_others() {
    let shop = Shop::open();
    let push = |version| shop.count(&shop.push(version, 3)).0;
    push("v1.0.0");
    // The last one is the manifest of the version before.
    let name = |lines: Vec<String>, version, before| -> Vec<String> {
        lines.iter().map(|line| line.replace(version, "THIS").replace(before, "THE-ONE-BEFORE")).collect()
    };
    let alone = name(push("v1.0.1"), "v1.0.1", "v1.0.0");
    assert_eq!(alone.len(), 9 + 3 + 1 + 1, "{alone:?}");
    shop.crowd(BESIDE);
    assert_eq!(name(push("v1.0.2"), "v1.0.2", "v1.0.1"), alone);
}

#[test]
fn a_requirement_lists_only_what_it_can_allow() {
    let shop = Shop::open();
    shop.push("v1.0.0", 3).run().succeeds();
    shop.crowd(BESIDE);
    // With the `v` and without.
    assert_eq!(shop.count(&shop.pull("^1.0", 3)).0.len(), 2 + 1 + 3);
}

#[test]
fn the_highest_version_costs_a_listing_for_each_thousand() {
    let _shown = shows("F26", "10,000 versions", "the newest is found");
    let shop = Shop::open();
    shop.push("v1.0.0", 3).run().succeeds();
    let alone = shop.count(&shop.pull("latest", 3)).0;
    assert_eq!(alone.len(), 1 + 1 + 3, "{alone:?}");
    shop.crowd(BESIDE);
    let beside = shop.count(&shop.pull("latest", 3)).0;
    assert_eq!(beside.len(), alone.len() + BESIDE / PAGE, "{beside:?}");
}

#[test]
fn versions_are_listed_by_a_page_for_each_thousand_and_nothing_else() {
    let shop = Shop::open();
    shop.crowd(BESIDE);
    let list = shop.asking("list").input("list", "versions");
    let asked = shop.count(&list).0;
    assert_eq!(asked.len(), BESIDE / PAGE, "{asked:?}");
}

#[test]
fn a_log_takes_a_page_for_each_thousand_and_the_manifests_that_it_shows() {
    let shop = Shop::open();
    shop.push("v1.0.0", 3).run().succeeds();
    shop.crowd(BESIDE - 1);
    let asked = shop.count(&shop.asking("log").input("limit", "20")).0;
    let manifests = asked.iter().filter(|line| line.starts_with("GET /shop/.cstore/versions/")).count();
    // What the last is compared with, too. Beside them only the head's is asked for.
    assert_eq!(manifests, 20 + 1, "{asked:?}");
    assert_eq!(asked.iter().filter(|line| line.contains("shop/.cstore/head.json")).count(), 1);
    assert_eq!(asked.len(), BESIDE / PAGE + manifests + 1, "{asked:?}");
}

#[test]
fn contexts_are_found_without_what_lies_in_them() {
    let shop = Shop::open();
    shop.push("v1.0.0", 3).run().succeeds();
    shop.crowd(BESIDE);
    let asked = shop.count(&shop.asking("list").input("list", "contexts")).0;
    assert_eq!(asked.len(), 1 + 1, "{asked:?}");
}
