//! What lies between here and GitHub: a company's proxy, and certificates of its own.

use crate::harness::{Action, Authority, Bucket, GitHubApi, Service, Tunnels};
use crate::story::{CHANGED, NUMBER, comments, deployed, titled};

/// A step that asks GitHub at this service, whose CA it trusts.
fn step(api: &GitHubApi, bucket: &Bucket, ca: &Authority, secure: &Service) -> Action {
    let step = comments(api, bucket, CHANGED).env("GITHUB_API_URL", &format!("https://localhost:{}", secure.port()));
    step.workspace().write("ca.pem", ca.pem());
    let file = step.workspace().path("ca.pem");
    step.env("AWS_CA_BUNDLE", file.to_str().unwrap()).secrets(["password-of-the-proxy"])
}

#[test]
fn github_is_asked_through_the_proxy_and_with_the_ca_that_s3_is() {
    let (bucket, ca, tunnels) = (deployed(), Authority::new(), Tunnels::start(None));
    let api = GitHubApi::start();
    let secure = api.over_tls(&ca);
    let through = || step(&api, &bucket, &ca, &secure).env("HTTPS_PROXY", &tunnels.url());
    through().run().succeeds().says("Comment written: ");
    assert_eq!(tunnels.asked()[0], format!("CONNECT localhost:{} HTTP/1.1", secure.port()));
    assert_eq!(api.state().texts(NUMBER).len(), 1);
    let so_far = tunnels.asked().len();
    through().env("NO_PROXY", "localhost").run().succeeds().says("Comment unchanged: ");
    assert_eq!(tunnels.asked().len(), so_far);
    // What the server does not say over http is not asked for there.
    assert_eq!(api.asked(), Vec::<String>::new());
}

#[test]
fn what_is_in_the_way_is_named_with_its_remedy_and_fails_nothing() {
    let (bucket, ca) = (deployed(), Authority::new());
    let api = GitHubApi::start();
    let secure = api.over_tls(&ca);
    let unknown = step(&api, &bucket, &ca, &secure).without_env("AWS_CA_BUNDLE");
    let refusing = Tunnels::start(Some("407 Proxy Authentication Required"));
    let refused = step(&api, &bucket, &ca, &secure).env("HTTPS_PROXY", &refusing.url());
    let nobody = step(&api, &bucket, &ca, &secure).env("GITHUB_API_URL", "https://github.invalid");
    for (step, said) in [
        (unknown, "name its certificates in AWS_CA_BUNDLE"),
        (refused, "check HTTPS_PROXY and NO_PROXY"),
        (nobody, "Check the runner's network and HTTPS_PROXY"),
    ] {
        let run = step.run().succeeds();
        let [warning] = titled(&run, "Comment")[..] else { panic!("{}", run.printed()) };
        assert!(warning.contains("GitHub could not be reached") && warning.contains(said), "{warning}");
        assert_eq!(run.output("config-changed"), "true");
    }
    assert_eq!(secure.count(), 0);
}
