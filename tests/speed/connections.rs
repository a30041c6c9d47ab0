//! How many connections a step opens: each costs a round trip, and over TLS two, and some CPU on both sides.

use crate::shop::Shop;

/// Twice as many as there are requests at once: the HTTP client opens one when none is free, and then may use another
/// that has become free meanwhile.
const MOST: usize = 256;

#[test]
fn a_step_opens_no_more_connections_than_it_has_requests_at_once() {
    let shop = Shop::open();
    let (requests, connections) = shop.count(&shop.push("v1.0.0", 10));
    assert_eq!(requests.len(), 3 + 10 + 1);
    assert!(connections <= 10, "{connections} connections for ten puts at once");
    let (requests, connections) = shop.count(&shop.pull("v1.0.0", 10));
    assert_eq!(requests.len(), 1 + 10);
    assert!(connections <= 11, "{connections} connections for eleven gets at once");
}

#[test]
fn a_thousand_files_share_their_connections() {
    let shop = Shop::open();
    let (requests, connections) = shop.count(&shop.push("v1.0.0", 1_000));
    assert_eq!(requests.len(), 3 + 1_000 + 1);
    assert!(connections <= MOST, "{connections} connections");
    let (requests, connections) = shop.count(&shop.pull("v1.0.0", 1_000));
    assert_eq!(requests.len(), 1 + 1_000);
    assert!(connections <= MOST, "{connections} connections");
}
