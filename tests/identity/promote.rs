//! Promotions between accounts: one role reads, another writes.

use crate::harness::proxy::{Fault, Seen, request};
use crate::harness::{ACCESS_KEY, Action, Bucket, GitHub, Proxy, SECRET_KEY};
use crate::sts::{At as _, VERSION, push, real_sts};

const READER: &str = "arn:aws:iam::111122223333:role/reader";
const WRITER: &str = "arn:aws:iam::444455556666:role/promoter";

/// A bucket in which `shop-dev` has published a version, and another one.
fn buckets() -> [Bucket; 2] {
    let [source, destination] = [Bucket::versioned(), Bucket::versioned()];
    push(&source).input("context", "shop-dev").run().succeeds();
    [source, destination]
}

fn promote([source, destination]: &[Bucket; 2]) -> Action {
    let from = format!("s3://{}/shop-dev@{VERSION}", source.name());
    Action::new(destination).input("command", "promote").input("from", &from).input("to", "shop")
}

/// The requests of one side, by their context.
fn of<'a>(requests: &'a [Seen], context: &str) -> Vec<&'a Seen> {
    let requests: Vec<_> =
        requests.iter().filter(|seen| format!("{}?{}", seen.key, seen.query).contains(context)).collect();
    assert!(!requests.is_empty(), "{context}");
    requests
}

fn access_keys(requests: &[&Seen]) -> Vec<String> {
    let key = |seen: &&Seen| {
        let text = seen.header("authorization").unwrap();
        text.split("Credential=").nth(1).unwrap().split('/').next().unwrap().to_owned()
    };
    let mut keys: Vec<_> = requests.iter().map(key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn owners<'a>(requests: &[&'a Seen]) -> Vec<Option<&'a str>> {
    let mut owners: Vec<_> = requests.iter().map(|seen| seen.header("x-amz-expected-bucket-owner")).collect();
    owners.dedup();
    owners
}

#[test]
fn each_side_is_asked_with_its_own_role_and_the_source_must_belong_to_its_roles_account() {
    let (buckets, github, sts, proxy) = (buckets(), GitHub::start(), real_sts(), Proxy::start());
    let step = github.job(promote(&buckets)).through(&proxy).at(&sts);
    step.input("role-to-assume", WRITER).input("from-role-to-assume", READER).run().succeeds();
    let asked: Vec<_> = sts.requests().iter().map(|request| request.field("RoleArn").unwrap()).collect();
    let mut sorted = asked.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [READER, WRITER], "{asked:?}");
    assert!(sts.requests().iter().all(|one| one.field("Action").as_deref() == Some("AssumeRoleWithWebIdentity")));
    let requests = proxy.requests();
    let (source, destination) = (of(&requests, "shop-dev/"), of(&requests, "shop/"));
    let (reads, writes) = (access_keys(&source), access_keys(&destination));
    assert!(reads.len() == 1 && writes.len() == 1 && reads != writes, "{reads:?} {writes:?}");
    assert_eq!((owners(&source), owners(&destination)), (vec![Some("111122223333")], vec![None]));
}

#[test]
fn what_is_said_of_accounts_holds_for_the_destination() {
    let (buckets, github, sts, proxy) = (buckets(), GitHub::start(), real_sts(), Proxy::start());
    let step = || {
        let step = github.job(promote(&buckets)).through(&proxy).at(&sts);
        let step = step.input("role-to-assume", WRITER).input("from-role-to-assume", READER);
        step.input("expected-bucket-owner", "444455556666")
    };
    let run = step().input("allowed-account-ids", "111122223333").run().fails(3);
    run.says("Account not allowed").says("The destination,").says("444455556666");
    assert!(proxy.requests().iter().all(|seen| seen.method == "GET"), "{:?}", proxy.lines());
    step().input("allowed-account-ids", "444455556666").run().succeeds();
    let requests = proxy.requests();
    assert_eq!(owners(&of(&requests, "shop-dev/")), [Some("111122223333")]);
    assert_eq!(owners(&of(&requests, "shop/")), [Some("444455556666")]);
}

#[test]
fn the_credentials_at_hand_can_write_and_a_role_read() {
    let (buckets, github, sts, proxy) = (buckets(), GitHub::start(), real_sts(), Proxy::start());
    let step = github.job(promote(&buckets)).through(&proxy).at(&sts).input("from-role-to-assume", READER);
    let step = step.env("AWS_ACCESS_KEY_ID", ACCESS_KEY).env("AWS_SECRET_ACCESS_KEY", SECRET_KEY);
    step.run().succeeds();
    assert_eq!(access_keys(&of(&proxy.requests(), "shop/")), [ACCESS_KEY]);
    assert_eq!(sts.count(), 1, "nobody is asked whose the bucket is that was named");
    assert!(access_keys(&of(&proxy.requests(), "shop-dev/"))[0].starts_with("ASIA"));
    // Both roles with the existing credentials.
    let sts = real_sts();
    let step = promote(&buckets).at(&sts).input("role-to-assume", WRITER).input("from-role-to-assume", READER);
    let step = step.input("role-chaining", "true").input("role-external-id", "agreed-with-the-writer");
    step.input("to", "shop@v2").run().succeeds();
    let external = |arn: &str| {
        let requests = sts.requests();
        let request = requests.iter().find(|request| request.field("RoleArn").as_deref() == Some(arn)).unwrap();
        (request.field("Action").unwrap(), request.field("ExternalId"))
    };
    assert_eq!(external(WRITER), ("AssumeRole".to_owned(), Some("agreed-with-the-writer".to_owned())));
    assert_eq!(external(READER), ("AssumeRole".to_owned(), None), "it was agreed with another");
}

#[test]
fn without_a_role_of_its_own_the_source_must_belong_to_the_account_that_writes() {
    let (buckets, github, sts, proxy) = (buckets(), GitHub::start(), real_sts(), Proxy::start());
    github.job(promote(&buckets)).through(&proxy).at(&sts).input("role-to-assume", WRITER).run().succeeds();
    let requests = proxy.requests();
    assert_eq!(owners(&of(&requests, "shop-dev/")), [Some("444455556666")]);
    assert_eq!(owners(&of(&requests, "shop/")), [None], "who names a bucket may know whose it is");
    assert_eq!(sts.count(), 1);
}

#[test]
fn a_source_of_another_account_is_refused_with_the_input_to_name_its_role_by() {
    let (buckets, github, proxy) = (buckets(), GitHub::start(), Proxy::start());
    // As S3 does it: 403 for every request that expects another owner; the bucket's existence is seen without that.
    proxy.on(request("GET", "shop-dev/").for_ever(), Fault::s3(403, "AccessDenied", "Access Denied"));
    proxy.on(request("HEAD", "").nth(2), Fault::s3(403, "AccessDenied", ""));
    let run = github.job(promote(&buckets)).through(&proxy).input("role-to-assume", WRITER).run().fails(3);
    let run =
        run.says("Bucket of another owner").says("The source,").says("does not belong to the account 444455556666");
    run.says("`from-role-to-assume`").does_not_say("`expected-bucket-owner`");
}

#[test]
fn a_role_that_cannot_be_assumed_is_the_sources_or_the_destinations() {
    let (buckets, github) = (buckets(), GitHub::start());
    for (refused, side) in [(READER, "The source,"), (WRITER, "The destination,")] {
        let sts = crate::sts::sts_that_answers(move |request| {
            if request.field("RoleArn").as_deref() == Some(refused) {
                return crate::sts::sts_error(403, "AccessDenied", "Not authorized to perform: sts:AssumeRole");
            }
            crate::sts::sts_credentials("AssumeRoleWithWebIdentity", "ASIAGIVEN", "2099-01-01T00:00:00Z")
        });
        let proxy = Proxy::start();
        let step = github.job(promote(&buckets)).through(&proxy).at(&sts);
        let run = step.input("role-to-assume", WRITER).input("from-role-to-assume", READER).run().fails(3);
        run.says(side).says(refused);
        assert!(proxy.requests().is_empty(), "{:?}", proxy.lines());
    }
}
