//! A service in whose place nobody knows whether it has conditional writes, and ones that have none.

use crate::harness::proxy::{Fault, put, request};
use crate::harness::{Action, Bucket, Proxy, shows};
use crate::shop::{OTHER, SHOP, assert_pulls, push, push_head};

/// Has a step know the proxy as another service than AWS's.
fn at_another_service(action: Action, proxy: &Proxy) -> Action {
    action.without_env("AWS_ENDPOINT_URL").input("endpoint-url", &proxy.endpoint())
}

fn puts(proxy: &Proxy) -> Vec<String> {
    proxy.lines().into_iter().filter(|line| line.starts_with("PUT ")).collect()
}

#[test]
fn a_service_that_refuses_conditions_is_named_with_what_it_lacks() {
    let shown = shows("F31", "a store knows no conditional writes (501)", "code 1, naming the store and what it lacks");
    let words = "A header you provided implies functionality that is not implemented";
    let bucket = Bucket::versioned();
    for push in shown.each([push(&bucket, "v1", &SHOP), push_head(&bucket, &SHOP)]) {
        let proxy = Proxy::start();
        proxy.on(put("").for_ever(), Fault::s3(501, "NotImplemented", words));
        let run = at_another_service(push, &proxy).run().fails(1);
        let run = run.says("No conditional writes").says(&proxy.endpoint()).says("If-None-Match").says(words);
        run.says("NotImplemented").does_not_say("health.aws.amazon.com");
        assert_eq!(puts(&proxy).len(), 1, "it is not tried again");
    }
    assert!(bucket.keys().is_empty());
}

#[test]
fn a_service_that_ignores_conditions_gets_nothing_but_the_claim() {
    let shown = shows("F31", "a store ignores the conditions of writes", "code 1 before a file is put");
    for header_ignored in ["if-none-match", "if-match"] {
        let bucket = Bucket::unversioned();
        for (push, left) in shown.each([
            (push(&bucket, "v1", &SHOP), "shop/.cstore/claims/v1.json"),
            (push(&bucket, "v2", &SHOP).input("overwrite", "true"), "shop/.cstore/claims/v2.json"),
            (push_head(&bucket, &SHOP), "shop/.cstore/conditions.json"),
        ]) {
            let proxy = Proxy::start();
            proxy.on(put("").for_ever(), Fault::IgnoreCondition(header_ignored));
            let run = at_another_service(push, &proxy).run().fails(1);
            run.says("No conditional writes").says(&proxy.endpoint()).says(left).says("ignores the conditions");
            assert!(puts(&proxy).iter().all(|line| line == &format!("PUT {left}")), "{:?}", puts(&proxy));
            bucket.delete(left);
        }
        assert!(bucket.keys().is_empty(), "{:?}", bucket.keys());
    }
}

#[test]
fn a_service_that_a_profile_names_for_s3_alone_is_asked_as_well() {
    let bucket = Bucket::unversioned();
    for (is_for_s3_alone, code) in [(true, 1), (false, 0)] {
        let proxy = Proxy::start();
        proxy.on(put("").for_ever(), Fault::IgnoreCondition("if-match"));
        let url = proxy.endpoint();
        let profile = if is_for_s3_alone {
            format!("[profile here]\nservices = here\n[services here]\ns3 =\n  endpoint_url = {url}\n")
        } else {
            format!("[profile here]\nendpoint_url = {url}\n")
        };
        let step = push(&bucket, "v1", &SHOP).without_env("AWS_ENDPOINT_URL").env("AWS_PROFILE", "here");
        let step = step.repository_file("profile", profile);
        let file = step.workspace().path("profile");
        let run = step.env("AWS_CONFIG_FILE", file.to_str().unwrap()).run();
        if code == 0 {
            run.succeeds()
        } else {
            run.fails(code).says("No conditional writes")
        };
    }
}

#[test]
fn a_service_that_ignores_conditions_gets_no_file_again_that_has_gone() {
    let bucket = Bucket::unversioned();
    push(&bucket, "v1", &SHOP).run().succeeds();
    bucket.delete("shop/v1/service/.env");
    let proxy = Proxy::start();
    proxy.on(put("").for_ever(), Fault::IgnoreCondition("if-match"));
    at_another_service(push(&bucket, "v1", &SHOP), &proxy).run().fails(1).says("No conditional writes");
    assert!(!bucket.keys().iter().any(|key| key == "shop/v1/service/.env"));
}

#[test]
fn a_service_that_honours_conditions_is_asked_twice_in_one_trip() {
    let bucket = Bucket::versioned();
    let proxy = Proxy::start();
    // Both are under way before either is answered.
    proxy.on(request("PUT", "/claims/").nth(2).times(2), Fault::Until(3 + 2));
    at_another_service(push(&bucket, "v1", &SHOP), &proxy).run().succeeds();
    assert_eq!(proxy.requests().len(), 3 + 2 + SHOP.len() + 1);
    assert_pulls(&bucket, "v1", &SHOP);
    proxy.clear();
    at_another_service(push(&bucket, "v1", &SHOP), &proxy).run().succeeds();
    assert_eq!(puts(&proxy), ["PUT shop/.cstore/claims/v1.json"], "what puts no file tries nothing");
    at_another_service(push(&bucket, "v1", &OTHER), &proxy).run().fails(4);

    for files in [&SHOP, &OTHER] {
        proxy.clear();
        at_another_service(push_head(&bucket, files), &proxy).run().succeeds();
        assert_eq!(puts(&proxy).len(), 1 + 2 + SHOP.len() + 1, "{:#?}", proxy.lines());
    }
    assert_pulls(&bucket, "head", &OTHER);
}

#[test]
fn aws_is_not_asked_whether_it_honours_conditions() {
    let bucket = Bucket::versioned();
    let proxy = Proxy::start();
    // All of AWS under another name.
    push(&bucket, "v1", &SHOP).through(&proxy).run().succeeds();
    push_head(&bucket, &SHOP).through(&proxy).run().succeeds();
    assert_eq!(proxy.requests().len(), (3 + SHOP.len() + 1) + (2 + SHOP.len() + 1));
    assert!(!bucket.keys().iter().any(|key| key.ends_with("conditions.json")));
}

#[test]
fn a_service_that_creates_nothing_where_nothing_is_is_named_with_the_key() {
    type Step = fn(&Bucket) -> Action;
    let steps: [(Step, &str); 9] = [
        (|bucket| push_head(bucket, &SHOP), "shop/service/.env"),
        (|bucket| push_head(bucket, &SHOP), "shop/.cstore/head.json"),
        (|bucket| push(bucket, "v1", &SHOP), "shop/.cstore/claims/v1.json"),
        (|bucket| push(bucket, "v1", &SHOP), "shop/v1/service/.env"),
        (|bucket| push(bucket, "v1", &SHOP), "shop/.cstore/versions/v1.json"),
        (|bucket| push(bucket, "v1", &SHOP).input("kms-key-id", "alias/one"), "shop/.cstore/settings.json"),
        (|bucket| push(bucket, "v1", &SHOP).input("overwrite", "true"), "shop/.cstore/claims/v1.json"),
        (|bucket| push(bucket, "v1", &SHOP).input("overwrite", "true"), "shop/v1/service/.env"),
        (|bucket| push(bucket, "v1", &SHOP).input("overwrite", "true"), "shop/.cstore/versions/v1.json"),
    ];
    for (step, key) in steps {
        for is_named in [true, false] {
            let bucket = Bucket::versioned();
            let proxy = Proxy::start();
            proxy.on(put(key).for_ever(), Fault::s3(412, "PreconditionFailed", ""));
            let step = step(&bucket);
            let step = if is_named { at_another_service(step, &proxy) } else { step.through(&proxy) };
            let run = step.run().fails(1).says("Create refused").says(key).does_not_say("Others keep changing");
            run.says(&if is_named { proxy.endpoint() } else { "The service refuses".to_owned() });
            // A claim is put twice more to try the conditions.
            let tried = puts(&proxy).into_iter().filter(|line| *line == format!("PUT {key}")).count();
            assert!((3..=6).contains(&tried), "{key}: {tried}");
        }
    }
}

#[test]
fn an_object_that_comes_and_goes_twice_is_created_all_the_same() {
    for key in ["shop/service/.env", "shop/.cstore/head.json"] {
        let bucket = Bucket::versioned();
        let proxy = Proxy::start();
        proxy.on(put(key).times(2), Fault::s3(412, "PreconditionFailed", ""));
        push_head(&bucket, &SHOP).through(&proxy).run().succeeds();
        assert_pulls(&bucket, "head", &SHOP);
    }
    for key in ["shop/.cstore/claims/v1.json", "shop/v1/service/.env", "shop/.cstore/versions/v1.json"] {
        for overwrite in ["true", "false"] {
            let bucket = Bucket::versioned();
            let proxy = Proxy::start();
            proxy.on(put(key).times(2), Fault::s3(412, "PreconditionFailed", ""));
            push(&bucket, "v1", &SHOP).input("overwrite", overwrite).through(&proxy).run().succeeds();
            assert_pulls(&bucket, "v1", &SHOP);
        }
    }
}

#[test]
fn a_service_that_refuses_every_if_match_is_named_and_not_others_who_change_things() {
    for bucket in [Bucket::versioned(), Bucket::unversioned()] {
        push_head(&bucket, &SHOP).run().succeeds();
        push(&bucket, "v1", &SHOP).input("kms-key-id", "alias/one").run().succeeds();
        let steps: [&dyn Fn() -> Action; 5] = [
            &|| push_head(&bucket, &OTHER),
            &|| push_head(&bucket, &crate::shop::MORE),
            &|| push(&bucket, "v1", &OTHER).input("overwrite", "true"),
            &|| push(&bucket, "v1", &SHOP).input("overwrite", "true"),
            &|| push(&bucket, "v2", &SHOP).input("kms-key-id", "alias/two"),
        ];
        for step in steps {
            for is_named in [true, false] {
                let proxy = Proxy::start();
                proxy.on(put("").for_ever(), Fault::RefuseIfMatch);
                let step = if is_named { at_another_service(step(), &proxy) } else { step().through(&proxy) };
                let run = step.run().fails(1).says("If-Match not honoured").says("the very state that it is in");
                let run = run.does_not_say("Others keep changing").does_not_say("concurrency");
                run.says(&if is_named { proxy.endpoint() } else { "The service refuses".to_owned() });
                assert!(puts(&proxy).len() < 40, "{:?}", puts(&proxy));
            }
        }
    }
}
