//! What GitHub refuses, or does not answer: the step's own work is done all the same, and a warning says what to do.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::harness::github_api::refusal;
use crate::harness::http::{Request, Response};
use crate::harness::{Action, Bucket, GitHubApi, Run, Service};
use crate::story::{CHANGED, NUMBER, comments, deployed};

/// The one warning of a step that wrote no comment, and did everything else.
fn warning(run: &Run) -> &str {
    assert_eq!(run.output("config-changed"), "true");
    let warnings = run.messages("warning");
    assert_eq!(warnings.len(), 1, "{}", run.printed());
    assert!(warnings[0].starts_with("The pull request has no comment on this. "), "{}", warnings[0]);
    assert!(run.summary.contains("not written: "), "{}", run.summary);
    warnings[0]
}

fn always(answer: impl Fn() -> Response + Send + Sync + 'static) -> GitHubApi {
    GitHubApi::before(move |_, _| Some(answer()))
}

#[test]
fn each_refusal_says_what_to_do_and_fails_nothing() {
    let bucket = deployed();
    let permissions = [("x-accepted-github-permissions", "issues=write; pull_requests=write")];
    for (status, message, headers, said) in [
        (
            403,
            "Resource not accessible by integration",
            &permissions[..],
            "GitHub forbids it: Resource not accessible by integration. Add `pull-requests: write` to `permissions:` of the job.",
        ),
        (
            403,
            "Resource not accessible by personal access token",
            &permissions,
            "access token. Add `pull-requests: write` to `permissions:` of the job.",
        ),
        // The right is there, and another one would not help.
        (
            403,
            "Unable to create comment because issue is locked.",
            &permissions,
            "GitHub forbids it: Unable to create comment because issue is locked. Unlock the conversation of the pull request.",
        ),
        (
            403,
            "Repository was archived so is read-only.",
            &permissions,
            "so is read-only. Nothing can be written in a repository that is archived.",
        ),
        (
            403,
            "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
            &[("x-github-sso", "required; url=https://github.com/orgs/acme/sso?authorization_request=x")],
            "access to this organization. Allow the token for the organization's single sign-on, or write",
        ),
        (
            403,
            "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.",
            &permissions,
            "to access this resource. If it is for want of a permission: Add `pull-requests: write` to",
        ),
        (403, "Repository access blocked", &[], "GitHub forbids it: Repository access blocked."),
        (
            403,
            "",
            &permissions,
            "GitHub forbids it (GET /repos/acme/shop/issues/7/comments). Add `pull-requests: write`",
        ),
        (401, "Bad credentials", &[], "Write `github-token: ${{ github.token }}`."),
        (404, "Not Found", &[], "Its answer is the same if the token"),
        (410, "This issue was deleted", &[], "status 410: This issue was deleted."),
        (
            403,
            "API rate limit exceeded",
            &[("retry-after", "3600")],
            "waiting 3600 s would take longer than this step may",
        ),
    ] {
        let headers = headers.to_vec();
        let api = always(move || refusal(status, message, &headers));
        let run = comments(&api, &bucket, CHANGED).run().succeeds();
        assert!(warning(&run).contains(said), "{}", warning(&run));
        assert_eq!(api.asked().len(), 1, "{said}");
    }
}

#[test]
fn what_passes_is_asked_again_and_what_may_have_had_an_effect_is_not() {
    let bucket = deployed();
    for (method, status, headers) in [
        ("GET", 500, &[][..]),
        ("GET", 503, &[("retry-after", "1")]),
        ("GET", 403, &[("retry-after", "1")]),
        ("GET", 429, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")]),
        // It was refused, and so had none.
        ("POST", 403, &[("retry-after", "1")]),
    ] {
        let asked = AtomicUsize::new(0);
        let headers = headers.to_vec();
        let api = GitHubApi::before(move |request, _| {
            let is_first = request.method == method && asked.fetch_add(1, Ordering::Relaxed) == 0;
            is_first.then(|| refusal(status, "You have exceeded a secondary rate limit.", &headers))
        });
        comments(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
        assert_eq!(api.state().texts(NUMBER).len(), 1);
    }
    let api = GitHubApi::before(|request, _| (request.method == "POST").then(|| refusal(502, "Server Error", &[])));
    let run = comments(&api, &bucket, CHANGED).run().succeeds();
    assert!(warning(&run).contains("status 502"), "{}", warning(&run));
    // After each it was looked whether the comment is there.
    assert_eq!((api.count("POST"), api.count("GET")), (3, 4));
}

#[test]
fn whoever_does_not_answer_keeps_nobody_waiting_for_ever() {
    let bucket = deployed();
    let step = |url: &str| comments(&GitHubApi::start(), &bucket, CHANGED).env("GITHUB_API_URL", url);
    let run = step("http://127.0.0.1:1").run().succeeds();
    assert!(warning(&run).contains("GitHub could not be reached: 127.0.0.1:1"), "{}", warning(&run));
    let api = always(|| refusal(500, "", &[]));
    let run = comments(&api, &bucket, CHANGED).run().succeeds();
    assert!(warning(&run).contains("status 500. Run this again later."), "{}", warning(&run));
    assert_eq!(api.count("GET"), 6);
}

#[test]
fn an_answer_that_makes_no_sense_is_a_warning() {
    let bucket = deployed();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [
        "<html><body>Sign in to the proxy</body></html>",
        "",
        "null",
        "{}",
        "[null]",
        r#"[{"id": "7"}]"#,
        r#"[{"id": -1}]"#,
        r#"[{"id": 1, "body": ["::error::x"], "user": 7}]"#,
        "\u{feff}[]",
        deep.as_str(),
    ] {
        let body = body.to_owned();
        let api = always(move || Response::new(200, body.clone()));
        let run = comments(&api, &bucket, CHANGED).run().succeeds();
        assert!(warning(&run).contains("What GitHub answered cannot be used: line 1"), "{}", warning(&run));
        assert_eq!(api.asked().len(), 1);
    }
    let hostile = "No.\n::error::x\r##[error]y \u{202E}<img src=x> ".repeat(5_000);
    let api = always(move || refusal(422, &hostile, &[]));
    let run = comments(&api, &bucket, CHANGED).run().succeeds();
    assert!(warning(&run).len() < 1_000, "{}", warning(&run));
    assert!(
        !run.stdout.contains("##[") && !run.stdout.lines().any(|line| line.starts_with("::error")),
        "{}",
        run.stdout
    );
}

#[test]
fn pages_without_end_are_left_at_some_time() {
    let api = GitHubApi::before(|request, _| {
        let mut page = Response::new(200, "[]");
        let next = format!("<http://{}/repositories/4711/issues/7/comments>; rel=\"next\"", request.header("host")?);
        page.headers.push(("link".to_owned(), next));
        (request.method == "GET").then_some(page)
    });
    comments(&api, &deployed(), CHANGED).run().succeeds().says("Comment written: ");
    assert_eq!(api.count("GET"), 200);
}

#[test]
fn whoever_takes_the_request_and_says_nothing_is_left_when_the_time_is_up() {
    let bucket = deployed();
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let step =
        comments(&GitHubApi::start(), &bucket, CHANGED).env("GITHUB_API_URL", &url).input("timeout-seconds", "3");
    let run = step.run().succeeds();
    assert!(warning(&run).contains("The time of the step was up before GitHub had answered."), "{}", warning(&run));
}

#[test]
fn the_token_goes_nowhere_else() {
    let bucket = deployed();
    let elsewhere = Service::start(|_: &Request| Response::new(200, "[]"));
    let url = format!("http://localhost:{}/x", elsewhere.port());
    for status in [301, 302, 307, 308] {
        let to = url.clone();
        let api = always(move || refusal(status, "Moved", &[("location", to.as_str())]));
        let run = comments(&api, &bucket, CHANGED).run().succeeds();
        assert!(warning(&run).contains("leads to localhost, where the token is not sent"), "{}", warning(&run));
    }
    let next = format!("<{url}>; rel=\"next\"");
    let api = always(move || {
        let mut page = Response::new(200, "[]");
        page.headers.push(("link".to_owned(), next.clone()));
        page
    });
    let run = comments(&api, &bucket, CHANGED).run().succeeds();
    assert!(warning(&run).contains("where the token is not sent"), "{}", warning(&run));
    for url in ["http://github.corp.example/api/v3", "ftp://127.0.0.1", "x"] {
        let run =
            comments(&api, &bucket, CHANGED).env("GITHUB_API_URL", url).input("allow-http", "true").run().succeeds();
        assert!(warning(&run).contains("GITHUB_API_URL is to be an https URL"), "{}", warning(&run));
    }
    assert_eq!(elsewhere.count(), 0);
}

#[test]
fn a_repository_that_was_renamed_is_followed_on_the_same_host() {
    let bucket = deployed();
    let api = GitHubApi::before(|request, _| {
        let rest = request.target.strip_prefix("/repos/acme/old-name/")?;
        let to = format!("/repositories/4711/{rest}");
        let host = request.header("host").unwrap();
        (request.method == "GET")
            .then(|| refusal(301, "Moved Permanently", &[("location", &format!("http://{host}{to}"))]))
    });
    api.state().comment_by("mona", NUMBER, "Nice.");
    let run =
        comments(&api, &bucket, crate::story::DEPLOYED).env("GITHUB_REPOSITORY", "acme/old-name").run().succeeds();
    run.says("Comment none: nothing differs");
}

#[test]
fn a_change_is_sent_to_where_it_is_to_be_sent_on_the_same_host() {
    let bucket = deployed();
    for (status, said) in [
        (307, "Comment written: "),
        (308, "Comment written: "),
        // These do not say that what is sent there is to be the same.
        (301, "GitHub refused it with status 301: Moved."),
        (302, "GitHub refused it with status 302: Moved."),
    ] {
        let api = GitHubApi::before(move |request, _| {
            let rest = request.target.strip_prefix("/repos/acme/shop/").filter(|_| request.method == "POST")?;
            let to = format!("http://{}/repositories/4711/{rest}", request.header("host")?);
            Some(refusal(status, "Moved", &[("location", &to)]))
        });
        comments(&api, &bucket, CHANGED).run().succeeds().says(said);
        assert_eq!(api.state().texts(NUMBER).len(), usize::from(status > 302));
    }
}

#[test]
fn places_that_lead_to_each_other_are_left_at_some_time() {
    let api = GitHubApi::before(|request, _| {
        let here = format!("http://{}{}", request.header("host")?, request.target);
        Some(refusal(302, "Found", &[("location", &here)]))
    });
    let run = comments(&api, &deployed(), CHANGED).run().succeeds();
    assert!(warning(&run).contains("it led to another place more than 3 times"), "{}", warning(&run));
}

#[test]
fn a_limit_that_stays_is_not_said_to_be_a_wait_of_nothing() {
    let api = always(|| refusal(429, "Slow down.", &[("retry-after", "0")]));
    let run = comments(&api, &deployed(), CHANGED).run().succeeds();
    assert!(warning(&run).contains("was still reached after 6 attempts"), "{}", warning(&run));
}

#[test]
fn without_a_token_a_comment_is_an_error_that_names_it() {
    let bucket = Bucket::missing();
    let step = || Action::new(&bucket).input("command", "diff").input("comment", "true");
    step().run().fails(2).says("The input `comment` is set, but `github-token` is not set. Set `github-token: ${{ github.token }}`, or remove it.");
    let step = step().input("github-token", "two words");
    step.run().fails(2).says("The input `github-token` is not a valid token.").does_not_say("two words");
}
