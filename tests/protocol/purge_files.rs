//! Purge of files of the head, over the library: what goes of a key, and whose objects stay there.

use cstore::name::ConfigPath;
use cstore::store::{Error, PurgeProgress, Purged};

use crate::harness::proxy::{Fault, request};
use crate::harness::{Bucket, Proxy};
use crate::library::{Place, info};
use crate::shop::{SHOP, assert_pulls, catalog, head_manifest, paths, pull, push_head};

fn ask(place: &Place<'_>, path: &str) -> Result<Purged, Error> {
    place.run(async |store| {
        let paths = [ConfigPath::new(path).unwrap()];
        let info = info("00000000-0000-4000-8000-000000000009");
        store.purge_files(&paths, &info, None, &PurgeProgress::default()).await
    })
}

#[test]
fn another_service_that_ignores_conditions_of_deletes_loses_no_file() {
    let bucket = Bucket::unversioned();
    push_head(&bucket, &SHOP).run().succeeds();
    let proxy = Proxy::before(bucket.server());
    proxy.on(request("DELETE", "shop/.cstore/conditions.json").times(1), Fault::s3(204, "", ""));
    let place = Place { endpoint: proxy.endpoint(), is_other_service: true, ..Place::of(&bucket) };
    let failed = ask(&place, "service/.env");
    assert!(matches!(failed, Err(Error::IgnoresConditions { .. })), "{failed:?}");
    assert_eq!(proxy.requests().iter().filter(|seen| seen.method == "DELETE").count(), 1);
    assert_pulls(&bucket, "head", &SHOP);
    // Where it honours them, the file goes.
    ask(&Place { is_other_service: true, ..Place::of(&bucket) }, "service/.env").unwrap();
    assert!(bucket.find("shop/service/.env").is_none());
    assert_pulls(&bucket, "head", &SHOP[1..]);
}

/// A context may be called `shop/api`, and then a file of its head has the key of a file of the head of `shop`.
#[test]
fn what_the_head_of_another_context_has_at_the_key_stays() {
    let bucket = Bucket::versioned();
    push_head(&bucket, &[("api/service/.env", "TOKEN=of-the-shop\n"), SHOP[1]]).run().succeeds();
    let of_api = [("service/.env", "TOKEN=of-the-api\n")];
    let as_api = catalog(&of_api).replace("context: shop", "context: shop/api");
    push_head(&bucket, &of_api).repository_file("cstore.yml", &as_api).run().succeeds();
    let purged = ask(&Place::of(&bucket), "api/service/.env").unwrap();
    assert!(purged.removed.is_empty(), "{purged:?}");
    assert!(purged.staying.iter().all(|listed| listed.key.as_str() == "shop/api/service/.env"), "{purged:?}");
    assert_eq!(purged.staying.len(), 2, "{purged:?}");
    assert_eq!(paths(&head_manifest(&bucket)), ["web/config.json"]);
    let pulled = pull(&bucket, "head").repository_file("cstore.yml", &as_api).run().succeeds();
    assert_eq!((pulled.file("service/.env"), pulled.output("config-integrity")), (of_api[0].1.into(), "verified"));
}
