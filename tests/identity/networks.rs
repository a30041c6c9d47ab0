//! What lies between here and AWS: certificates of a private CA, proxies, names that nobody knows.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};

use crate::harness::{Action, Authority, Bucket, GitHub, Response, Server, Service, Tunnels, shows};
use crate::sts::{assuming, published, pull};

/// The S3 server behind a certificate for this name, valid until this year.
fn s3_for(ca: &Authority, name: &str, until: i32) -> Service {
    ca.serve(name, until, |request| Server::shared().send_signed(request))
}

fn over_tls(step: Action, s3: &Service) -> Action {
    step.env("AWS_ENDPOINT_URL", &format!("https://localhost:{}", s3.port()))
}

/// A pull that trusts the CA by this variable.
fn trusting(variable: &str, ca: &Authority, step: Action) -> Action {
    step.workspace().write("ca.pem", ca.pem());
    let file = step.workspace().path("ca.pem");
    step.env(variable, file.to_str().unwrap())
}

#[test]
fn a_private_ca_is_trusted_where_a_variable_names_it() {
    let shown = shows("F18", "a certificate of a CA that nobody knows", "code 7, naming the remedy, which helps");
    let (bucket, ca) = (published(), Authority::new());
    let s3 = s3_for(&ca, "localhost", 2099);
    for variable in shown.each(["AWS_CA_BUNDLE", "SSL_CERT_FILE"]) {
        let run = trusting(variable, &ca, over_tls(pull(&bucket), &s3)).run().succeeds();
        assert_eq!(run.output("TOKEN"), "swordfish");
    }
    let run = over_tls(pull(&bucket), &s3).run().fails(7);
    run.says("S3 not reachable").says("invalid peer certificate: UnknownIssuer").says("AWS_CA_BUNDLE");
}

#[test]
fn a_certificate_for_another_host_or_of_the_past_is_not_accepted() {
    let _shown = shows("F18", "a certificate for another host, or of the past", "code 7");
    let (bucket, ca) = (Bucket::missing(), Authority::new());
    for (name, until, words) in [
        ("s3.example", 2099, "not valid for name"),
        ("proxy.dns.example", 2099, "not valid for name"),
        ("localhost", 2001, "certificate expired"),
    ] {
        let s3 = s3_for(&ca, name, until);
        let run = trusting("AWS_CA_BUNDLE", &ca, over_tls(pull(&bucket), &s3)).run().fails(7);
        run.says(words).says("No secure connection could be made").does_not_say("HTTPS_PROXY");
    }
}

#[test]
fn a_file_of_certificates_that_cannot_be_used_is_a_bad_input_that_names_it() {
    let bucket = Bucket::missing();
    for variable in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
        for (contents, words) in
            [(None, "No such file"), (Some(""), "no certificate"), (Some("hello\n"), "no certificate")]
        {
            let step = pull(&bucket);
            if let Some(contents) = contents {
                step.workspace().write("ca.pem", contents);
            }
            let path = step.workspace().path("ca.pem");
            let run = step.env(variable, path.to_str().unwrap()).run().fails(2);
            run.says("Certificates").says(variable).says("ca.pem").says(words);
        }
    }
    let step = pull(&bucket);
    step.workspace().write("ca.pem", "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n");
    let path = step.workspace().path("ca.pem");
    step.env("AWS_CA_BUNDLE", path.to_str().unwrap()).run().fails(2).says("something else than a certificate");
    pull(&bucket).env("SSL_CERT_DIR", "/nowhere").run().fails(2).says("SSL_CERT_DIR").says("/nowhere");
    pull(&bucket).env("SSL_CERT_FILE", "").run().fails(2).says("SSL_CERT_FILE");
    // Empty counts as not set.
    pull(&published()).env("AWS_CA_BUNDLE", "").run().succeeds();
}

#[test]
fn a_proxy_is_used_and_left_out_as_the_variables_say() {
    let (bucket, ca, tunnels) = (published(), Authority::new(), Tunnels::start(None));
    let s3 = s3_for(&ca, "localhost", 2099);
    let step = || {
        let step = trusting("AWS_CA_BUNDLE", &ca, over_tls(pull(&bucket), &s3)).env("HTTPS_PROXY", &tunnels.url());
        step.secrets(["password-of-the-proxy"])
    };
    step().run().succeeds();
    assert_eq!(tunnels.asked()[0], format!("CONNECT localhost:{} HTTP/1.1", s3.port()));
    let so_far = tunnels.asked().len();
    step().env("NO_PROXY", "localhost,.amazonaws.com").run().succeeds();
    assert_eq!(tunnels.asked().len(), so_far);
}

#[test]
fn a_proxy_that_refuses_is_code_7_and_named() {
    let _shown = shows("F18", "a proxy that refuses", "code 7, naming it");
    let bucket = Bucket::missing();
    for refusal in ["403 Forbidden", "407 Proxy Authentication Required"] {
        let tunnels = Tunnels::start(Some(refusal));
        let step = pull(&bucket).env("AWS_ENDPOINT_URL", "https://s3.example").env("HTTPS_PROXY", &tunnels.url());
        let run = step.secrets(["password-of-the-proxy"]).run().fails(7);
        run.says("HTTPS_PROXY");
    }
    let step = pull(&bucket).env("AWS_ENDPOINT_URL", "https://s3.example").env("HTTPS_PROXY", "http://127.0.0.1:1");
    step.run().fails(7).says("HTTPS_PROXY");
}

#[test]
fn a_host_that_nobody_knows_is_code_7_and_says_what_to_check() {
    let _shown = shows("F18", "a host that nobody knows", "code 7, with what to check");
    // A name that is reserved for this: https://www.rfc-editor.org/rfc/rfc6761#section-6.4
    let step = pull(&Bucket::missing()).env("AWS_ENDPOINT_URL", "https://s3.invalid");
    let run = step.run().fails(7).says("S3 not reachable").says("host's name is not known").says("`aws-region`");
    run.says("s3.invalid:443");
}

#[test]
fn nothing_is_sent_to_an_endpoint_of_another_scheme() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    for scheme in ["htps", "ftp", "socks5"] {
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let step = assuming(&Bucket::missing(), &GitHub::start()).env("AWS_ENDPOINT_URL_STS", &url);
        step.run().fails(7).says("only URLs that begin with https:// or http://");
        assert!(listener.accept().is_err(), "{scheme}: somebody came");
    }
    let step = pull(&Bucket::missing()).env("AWS_ENDPOINT_URL", "https://s3.example");
    let proxy = format!("socks5://{}", listener.local_addr().unwrap());
    step.env("HTTPS_PROXY", &proxy).run().fails(7).says("also of proxies").says("HTTPS_PROXY");
    assert!(listener.accept().is_err(), "a SOCKS proxy was asked in HTTP");
}

#[test]
fn what_names_no_proxy_is_refused_and_not_gone_past() {
    let step = || pull(&Bucket::missing()).env("AWS_ENDPOINT_URL", "https://s3.example");
    for (variable, text) in [
        ("HTTPS_PROXY", "garbage:::password-of-the-proxy@"),
        ("https_proxy", "http://user:password-of-the-proxy@"),
        ("ALL_PROXY", "ftp://user:password-of-the-proxy@proxy.example"),
    ] {
        let run = step().env(variable, text).secrets(["password-of-the-proxy"]).run().fails(2);
        run.says(&format!("{variable} holds no URL of a proxy. Write it like http://proxy"));
    }
}

/// The hosts that a step asks for, all of which the proxy refuses.
fn asked(step: Action) -> Vec<String> {
    let tunnels = Tunnels::start(Some("403 Forbidden"));
    let step = step.without_env("AWS_ENDPOINT_URL").env("HTTPS_PROXY", &tunnels.url());
    // It would ask again and again.
    let step = step.input("timeout-seconds", "1");
    step.secrets(["password-of-the-proxy"]).run().fails(7);
    let host = |line: &String| line.trim_start_matches("CONNECT ").trim_end_matches(":443 HTTP/1.1").to_owned();
    tunnels.asked().iter().map(host).collect()
}

/// The one that is asked for credentials, while connections to the bucket are opened already.
fn asked_for_credentials(step: Action) -> String {
    asked(step).into_iter().find(|host| host.starts_with("sts")).unwrap_or_default()
}

#[test]
fn sts_is_asked_in_its_region_and_as_the_sdks_settings_say() {
    let (bucket, github) = (Bucket::missing(), GitHub::start());
    let step = |region: &str| assuming(&bucket, &github).env("AWS_REGION", region);
    for (step, host) in [
        (step("eu-central-1"), "sts.eu-central-1.amazonaws.com"),
        (step("eu-central-1").input("aws-region", "us-west-2"), "sts.us-west-2.amazonaws.com"),
        (step("us-east-1").env("AWS_USE_FIPS_ENDPOINT", "true"), "sts-fips.us-east-1.amazonaws.com"),
        (step("eu-west-1").env("AWS_USE_DUALSTACK_ENDPOINT", "true"), "sts.eu-west-1.api.aws"),
        (
            step("cn-north-1").input("role-to-assume", "arn:aws-cn:iam::111122223333:role/p"),
            "sts.cn-north-1.amazonaws.com.cn",
        ),
        (step("us-gov-west-1"), "sts.us-gov-west-1.amazonaws.com"),
    ] {
        assert_eq!(asked_for_credentials(step), host);
    }
    let nowhere = || step("").without_env("AWS_REGION").without_env("AWS_DEFAULT_REGION");
    let role = |partition: &str| format!("arn:{partition}:iam::111122223333:role/puller");
    for (partition, host) in [
        ("aws", "sts.us-east-1.amazonaws.com"),
        ("aws-cn", "sts.cn-north-1.amazonaws.com.cn"),
        ("aws-us-gov", "sts.us-gov-west-1.amazonaws.com"),
    ] {
        assert_eq!(asked_for_credentials(nowhere().input("role-to-assume", &role(partition))), host);
    }
}

#[test]
fn s3_is_asked_as_the_sdks_settings_say() {
    let step = || pull(&Bucket::missing()).input("bucket", "acme-config").env("AWS_REGION", "us-west-2");
    for (step, host) in [
        (step(), "acme-config.s3.us-west-2.amazonaws.com"),
        (step().env("AWS_USE_FIPS_ENDPOINT", "true"), "acme-config.s3-fips.us-west-2.amazonaws.com"),
        (step().env("AWS_USE_DUALSTACK_ENDPOINT", "true"), "acme-config.s3.dualstack.us-west-2.amazonaws.com"),
    ] {
        let asked = asked(step);
        assert!(!asked.is_empty() && asked.iter().all(|asked| asked == host), "{asked:?} and not {host}");
    }
}

#[test]
fn connections_are_opened_ahead_only_to_where_the_profile_says_that_services_are() {
    let step = assuming(&Bucket::missing(), &GitHub::start()).input("bucket", "acme-config");
    let profile = "[profile here]\nservices = here\n[services here]\n\
                   s3 =\n  endpoint_url = https://s3.here.example\nsts =\n  endpoint_url = https://sts.here.example\n";
    let step = step.repository_file("profile", profile).env("AWS_PROFILE", "here");
    let file = step.workspace().path("profile");
    let asked: BTreeSet<_> = asked(step.env("AWS_CONFIG_FILE", file.to_str().unwrap())).into_iter().collect();
    assert_eq!(asked, BTreeSet::from(["acme-config.s3.here.example", "sts.here.example"].map(ToOwned::to_owned)));
}

#[test]
fn what_goes_to_this_machine_over_http_takes_no_proxy() {
    let bucket = published();
    let proxy = Service::start(|_| crate::harness::http::Response::new(200, "from the proxy"));
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        pull(&bucket).env(variable, &proxy.endpoint()).run().succeeds();
    }
    let github = GitHub::start();
    assuming(&bucket, &github).env("HTTP_PROXY", &proxy.endpoint()).run().succeeds();
    assert_eq!(proxy.count(), 0);
}

#[test]
fn a_proxys_password_is_not_quoted_in_whatever_form_the_proxy_repeats_it() {
    let shown = shows("T25", "a proxy repeats the password that it was given, plain, encoded, as a header", "`***`");
    let forms = ["pa$$ of/proxy", "pa%24%24%20of%2fproxy", "pa%24%24%20of%2Fproxy", "dXNlcjpwYSQkIG9mL3Byb3h5"];
    for form in shown.each(forms) {
        let body = format!("<Error><Code>AccessDenied</Code><Message>You said {form} there</Message></Error>");
        let proxy = Service::start(move |_| Response::new(403, body.clone()));
        let url = format!("http://user:pa%24%24%20of%2Fproxy@127.0.0.1:{}", proxy.port());
        let step = pull(&Bucket::missing()).env("AWS_ENDPOINT_URL", "http://s3.example").input("allow-http", "true");
        let run = step.env("HTTP_PROXY", &url).secrets(forms).run().fails(3);
        run.says("You said *** there");
        let header = proxy.requests()[0].header("proxy-authorization").map(ToOwned::to_owned);
        assert_eq!(header.as_deref(), Some("Basic dXNlcjpwYSQkIG9mL3Byb3h5"));
    }
}

#[test]
fn a_token_in_an_endpoints_query_is_refused_and_not_quoted() {
    let shown = shows("T25", "an endpoint's URL has a token in its query or fragment", "code 2, without the URL");
    let token = "token-of-an-endpoint";
    for url in shown.each([format!("https://s3.example/?x={token}"), format!("https://s3.example/a#{token}")]) {
        let step = || pull(&Bucket::missing()).secrets(["token-of-an-endpoint"]).env("RUNNER_DEBUG", "1");
        step().input("endpoint-url", &url).run().fails(2).says("no query and no fragment");
        step().env("AWS_ENDPOINT_URL_S3", &url).run().fails(2).says("AWS_ENDPOINT_URL_S3");
    }
}

#[test]
fn a_host_that_no_proxy_names_with_its_port_or_by_a_wildcard_takes_no_proxy() {
    let tunnels = Tunnels::start(Some("403 Forbidden"));
    let run = |no_proxy: &str| {
        let step = pull(&Bucket::missing()).env("AWS_ENDPOINT_URL", "https://s3.corp.invalid:9000");
        let step = step.env("HTTPS_PROXY", &tunnels.url()).env("NO_PROXY", no_proxy).input("timeout-seconds", "20");
        step.secrets(["password-of-the-proxy"]).run().fails(7)
    };
    for honoured in
        ["s3.corp.invalid:9000", "*.corp.invalid", "localhost, *.corp.invalid:9000", ".corp.invalid a.invalid"]
    {
        run(honoured).says("host's name is not known");
        assert!(tunnels.asked().is_empty(), "{honoured}: {:?}", tunnels.asked());
    }
    run("s3.corp.invalid:443, *.corporation.invalid").says("HTTPS_PROXY");
    assert!(!tunnels.asked().is_empty());
}
