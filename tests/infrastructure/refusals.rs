//! What the module's variables may not say: a refusal names the entry that is wrong, and what would be right.

use std::fmt::Write;

use crate::account::Account;
use crate::stack::Stack;
use crate::terraform::{printed, terraform};

/// An entry of each variable of objects that is right.
const RIGHT: [(&str, &str); 5] = [
    ("github_pullers", r#"{ repository = "acme/shop", subjects = ["environment:prod", "pull_request"] }"#),
    (
        "github_pushers",
        r#"{ repository = "acme_corp/shop", subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop", path = "service/*" }, { context = "shop", path = ".env", any_folder = true }], channels = [{ context = "shop", name = "dev" }] }"#,
    ),
    (
        "github_releasers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], channels = [{ context = "acme/shop", name = "prod" }] }"#,
    ),
    ("principals", r#"{ arn = "arn:aws:iam::444455556666:role/shop", id = "AROAX" }"#),
    ("role_paths", r#"[{ context = "shop", path = "service/*" }]"#),
];

/// Entries that are wrong, by the variable that they are in, and what is said of each.
const WRONG: [(&str, &str, &str); 64] = [
    ("github_pullers", r#"{ repository = "acme/*", subjects = ["environment:prod"] }"#, "repository must"),
    ("github_pullers", r#"{ repository = "acme", subjects = ["environment:prod"] }"#, "repository must"),
    ("github_pullers", r#"{ repository = "acme/shop", subjects = [] }"#, "subjects must"),
    ("github_pullers", r#"{ repository = "acme/shop", subjects = ["*"] }"#, "subjects must"),
    ("github_pullers", r#"{ repository = "acme/shop", subjects = ["environment:*"] }"#, "subjects must"),
    ("github_pullers", r#"{ repository = "acme/shop", subjects = ["environment:pro?"] }"#, "subjects must"),
    ("github_pullers", r#"{ repository = "acme/shop", subjects = ["environment:prod\nother:"] }"#, "subjects must"),
    ("github_pullers", r#"{ repository = "acme/shop", subjects = ["environment:$${*}"] }"#, "subjects must"),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", owner_id = 1000, subjects = ["environment:prod"] }"#,
        "give both",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], claims = { runner_environment = ["self-hosted"] } }"#,
        "claims must",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], claims = { ref = [] } }"#,
        "claims must",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], claims = { job_workflow_ref = ["acme/*"] } }"#,
        "claims must",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], claims = { repository_id = ["47*"] } }"#,
        "claims must",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], claims = { actor = ["$${aws:username}"] } }"#,
        "claims must",
    ),
    ("github_pullers", r#"{ repository = "acme/shop", subjects = ["environment:prod"], role = "1st" }"#, "role must"),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "sh*p" }] }"#,
        "a context must",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "sho?" }] }"#,
        "a context must",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "$${aws:username}" }] }"#,
        "a context must",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "shop/.cstore" }] }"#,
        "a context must",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "shop", path = "*/dev/*" }] }"#,
        "a path is",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "shop", path = ".cstore/*" }] }"#,
        "a path is",
    ),
    // Line breaks of YAML 1.1, in which the workflow's comments would end, and what turns a line round.
    ("github_pullers", r#"{ repository = "acme/shop", subjects = ["environment:prod\u0085push"] }"#, "subjects must"),
    ("github_pullers", r#"{ repository = "acme/shop", subjects = ["environment:prod\u2028push"] }"#, "subjects must"),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["ref:refs/heads/main\u2029push"] }"#,
        "subjects must",
    ),
    ("github_pullers", r#"{ repository = "acme/shop", subjects = ["environment:\u202edorp"] }"#, "subjects must"),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", owner_id = -1, repository_id = 4711, subjects = ["environment:prod"] }"#,
        "owner_id and repository_id must",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", owner_id = 1000, repository_id = 0.5, subjects = ["environment:prod"] }"#,
        "owner_id and repository_id must",
    ),
    ("role_paths", r#"[{ context = ".." }]"#, "a context must"),
    ("role_paths", r#"[{ context = "shop//eu" }]"#, "a context must"),
    ("role_paths", r#"[{ context = "shop/" }]"#, "a context must"),
    ("role_paths", r#"[{ context = "shop", path = "../x" }]"#, "a path is"),
    ("role_paths", r#"[{ context = "shop", path = "a//b" }]"#, "a path is"),
    ("role_paths", r#"[{ context = "shop", path = "a/" }]"#, "a path is"),
    ("role_paths", r#"[{ context = "shop", path = "a/b\u2028c" }]"#, "a path is"),
    // To IAM CONTEXT/*/.env is .env in every folder.
    ("role_paths", r#"[{ context = "shop", path = ".env" }]"#, "a path without a folder"),
    ("role_paths", r#"[{ context = "shop", path = "prod*" }]"#, "a path without a folder"),
    // What is denied for the one would be denied for the other.
    (
        "role_paths",
        r#"[{ context = "shop", path = "dev/.env" }, { context = "shop", path = "service/dev/.env" }]"#,
        "of two paths",
    ),
    (
        "role_paths",
        r#"[{ context = "shop", path = "web/*" }, { context = "shop", path = "service/web/dev/*" }]"#,
        "of two paths",
    ),
    ("role_paths", r#"[{ context = "shop" }, { context = "shop/eu", path = "service/*" }]"#, "of two contexts"),
    ("github_pushers", r#"{ repository = "acme/shop", subjects = ["pull_request"] }"#, "a pull request may pull"),
    ("github_pushers", r#"{ repository = "acme/shop", subjects = ["ref:refs/tags/*"] }"#, "subjects must"),
    (
        "github_pushers",
        r#"{ repository = "acme/shop", subjects = ["ref:refs/tags/v*"], channels = [{ context = "shop", name = "dev" }] }"#,
        "who pushes and has channels",
    ),
    // CONTEXT/*/prod.json is also CONTEXT/.cstore/channels/prod.json.
    (
        "github_pushers",
        r#"{ repository = "acme/shop", subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop", path = "prod.json", any_folder = true }], channels = [{ context = "shop", name = "dev" }] }"#,
        "who pushes and has channels",
    ),
    (
        "github_pushers",
        r#"{ repository = "acme/shop", subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop", path = "channels/*" }], channels = [{ context = "shop", name = "dev" }] }"#,
        "who pushes and has channels",
    ),
    (
        "github_pushers",
        r#"{ repository = "acme/shop", subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop", path = ".c*", any_folder = true }], channels = [{ context = "shop", name = "dev" }] }"#,
        "who pushes and has channels",
    ),
    (
        "github_releasers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], channels = [{ context = "shop", name = "prod*" }] }"#,
        "a channel must",
    ),
    (
        "github_releasers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], channels = [] }"#,
        "who may release",
    ),
    ("principals", r#"{ arn = "*", id = "AIDAX" }"#, "arn must"),
    ("principals", r#"{ arn = "arn:aws:iam::444455556666:role/*", id = "AROAX" }"#, "arn must"),
    ("principals", r#"{ arn = "arn:aws:iam::444455556666:root", id = "AIDAX" }"#, "arn must"),
    ("principals", r#"{ arn = "arn:aws:iam::444455556666:user/ci", id = "AROAX" }"#, "id must"),
    ("role_paths", "[]", "name at least one path"),
    (
        "github_pushers",
        r#"{ repository = "acme/shop", subjects = ["ref:refs/tags/v*"], reads = ["shop-dev"] }"#,
        "reads is for who pushes",
    ),
    (
        "github_pushers",
        r#"{ repository = "acme/shop", subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop", path = "service/*" }], reads = ["shop"] }"#,
        "reads is for who pushes",
    ),
    (
        "github_pushers",
        r#"{ repository = "acme/shop", subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop" }], reads = ["shop/dev"] }"#,
        "of two contexts",
    ),
    (
        "github_pushers",
        r#"{ repository = "acme/shop", subjects = ["ref:refs/tags/v*"], paths = [{ context = "shop" }], reads = ["shop-*"] }"#,
        "a context must",
    ),
    (
        "principals",
        r#"{ arn = "arn:aws:iam::444455556666:role/shop", id = "AROAX", paths = [{ context = "shop" }], reads = ["shop-dev"] }"#,
        "reads is for who pushes",
    ),
    // A misspelt restriction would be none.
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], path = [{ context = "shop" }] }"#,
        "it may not have path;",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], claim = { ref = ["refs/heads/main"] }, job_workflow_ref = ["x"] }"#,
        "it may not have claim, job_workflow_ref;",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], paths = [{ context = "shop", file = "service/*" }] }"#,
        "paths may not have file;",
    ),
    (
        "github_pullers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], channels = [] }"#,
        "it may not have channels;",
    ),
    (
        "github_releasers",
        r#"{ repository = "acme/shop", subjects = ["environment:prod"], channels = [{ context = "shop", name = "prod", path = "x" }] }"#,
        "channels may not have path;",
    ),
    (
        "principals",
        r#"{ arn = "arn:aws:iam::444455556666:role/shop", id = "AROAX", path = [] }"#,
        "it may not have path;",
    ),
    ("role_paths", r#"[{ context = "shop", paths = "service/*" }]"#, "paths may not have paths;"),
];

/// Names of which the first is right and the others are wrong.
const NAMES: [(&str, &[&str]); 5] = [
    ("role_users", &["devops/me@example.com", "arn:aws:iam::111122223333:role/devops/me", "devops/*@example.com"]),
    ("identity_center_users", &["DevOps/me@example.com", "AWSReservedSSO_DevOps_0123456789abcdef/me@example.com"]),
    ("source_identities", &["me@example.com", "*@example.com"]),
    ("roles", &["shop-task", "shop-*", "arn:aws:iam::111122223333:role/shop"]),
    ("users", &["ci", "team/ci"]),
];

/// Settings that contradict each other in every way that there is, and what is said of each.
const CONTRADICTIONS: &str = r#"
bucket_name       = "cstore-shop"
role_name_prefix  = "of-32-characters-xxxxxxxxxxxxxxx"
bucket            = "acme-config"
role_users        = ["shop-task/me@example.com"]
role_paths        = { shop-task = [{ context = "shop" }] }
oidc_issuer       = "https://github.acme.example/_services/token"
oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/gitlab.com"
versioning        = false
replicated        = true
event_targets     = { deploy = { arn = "arn:aws:sqs:eu-central-1:111122223333:deploy" } }
github_pullers = [
  { repository = "acme/shop", subjects = ["environment:prod"], role = "ci", claims = { ref = ["refs/heads/main"] } },
  { repository = "acme/shop", subjects = ["environment:prod"] },
  { repository = "acme/shop", subjects = ["environment:prod"], role = "replication" },
  { repository = "acme/shop", subjects = ["environment:prod"], role = "of-31-characters-xxxxxxxxxxxxxx" },
  { repository = "acme/shop", subjects = ["environment:prod"], role = "of-32-characters-xxxxxxxxxxxxxxx" },
  { repository = "acme/deploy", subjects = ["environment:prod"] },
  { repository = "umbrella/deploy", subjects = ["environment:prod"] },
  { repository = "acme/shop", subjects = ["environment:dev"], role = "dev", paths = [{ context = "shop", path = "service/dev/*" }] },
  { repository = "acme/shop", subjects = ["environment:dev"], role = "dev", paths = [{ context = "shop", path = "web/dev/*" }] },
]
github_pushers = [
  { repository = "acme/shop", subjects = ["environment:prod"], role = "ci" },
]
"#;
const SAID: [&str; 16] = [
    "Name either the bucket that is made, in bucket_name, or one that exists, in bucket.",
    "role_paths restricts roles that are not in roles: shop-task.",
    "role_paths would restrict people, too: role_users has sessions of shop-task.",
    "oidc_provider_arn is of another account than this one, 123456789012",
    "For a bucket that is made here: versioning. Set this in `bucket` yourself.",
    "Named in two of github_pullers, github_pushers and github_releasers: ci.",
    "Two repositories come to the role puller-deploy:",
    "Entries of the role dev must name the same paths, reads and channels",
    "and these have more: of-32-characters-xxxxxxxxxxxxxxx-of-32-characters-xxxxxxxxxxxxxxx (65). Give the entry a shorter `role`",
    "replicated makes the role of-32-characters-xxxxxxxxxxxxxxx-replication:",
    "oidc_provider_arn is not that of oidc_issuer, whose ARN ends with oidc-provider/github.acme.example/_services/token.",
    "claims: AWS looks at these claims of GitHub.com's tokens only",
    "replicated is for a bucket that is made here",
    "replicated: say in replica where to",
    "Object Lock and replication need versioning.",
    "event_targets receive nothing unless events = true",
];

/// Settings that do nothing beside the others, which nobody would notice, and what is said of each.
const IDLE: &str = r#"
bucket_name        = null
bucket             = "acme-config"
object_lock        = { days = 90 }
access_log_bucket  = "acme-logs"
manage_key_policy  = true
source_identities  = ["me@example.com"]
find_oidc_provider = true
force_destroy      = true
multipart_days     = 7

noncurrent_version_days  = 30
noncurrent_versions_kept = 5
kms_deletion_window_days = 7

oidc_provider_arn  = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
replica            = { bucket_arn = "arn:aws:s3:::cstore-shop-copy", kms_key_arn = "arn:aws:kms:eu-north-1:123456789012:key/1234" }
github_pullers     = [{ repository = "acme/shop", subjects = ["ref_type:branch:ref:main"] }]
"#;
const SAID_OF_IDLE: [&str; 9] = [
    "For a bucket that is made here: force_destroy, multipart_days, noncurrent_version_days, noncurrent_versions_kept.",
    "kms_deletion_window_days is for a key that is made here",
    "object_lock is for a bucket that is made here",
    "access_log_bucket is for a bucket that is made here",
    "manage_key_policy is for a key that exists",
    "source_identities are those of role_users",
    "find_oidc_provider looks up what oidc_provider_arn names",
    "replica does nothing unless replicated = true",
    "subjects that begin with ref_type: are GitLab's",
];

/// What a plan with such settings says, without its line ends.
fn refused(settings: &str) -> String {
    let terraform = terraform();
    let terraform = terraform.with_file("nothing.tf", "");
    let account = Account::new();
    account.role("devops", "/").role("shop-task", "/").user("ci").bucket("acme-config");
    let plan = Stack::new(&terraform, account).with_settings(settings).run("plan", &[]);
    assert!(!plan.status.success(), "{}", printed(&plan));
    printed(&plan).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
#[ignore = "needs terraform"]
fn a_refusal_names_the_entry_that_is_wrong() {
    let mut settings = "bucket_name = \"cstore-shop\"\n".to_owned();
    let mut expected = Vec::new();
    for (variable, right) in RIGHT {
        let wrong: Vec<_> = WRONG.iter().filter(|(of, _, _)| *of == variable).collect();
        let entries = [right].into_iter().chain(wrong.iter().map(|(_, entry, _)| *entry));
        if matches!(variable, "principals" | "role_paths") {
            let entries: String = entries.zip(0..).map(|(entry, index)| format!("  n{index} = {entry}\n")).collect();
            writeln!(settings, "{variable} = {{\n{entries}}}").unwrap();
            let names = wrong.iter().zip(1..);
            expected.extend(names.map(|((_, _, said), index)| format!("{variable}[\"n{index}\"]: {said}")));
        } else {
            let entries: String = entries.map(|entry| format!("  {entry},\n")).collect();
            writeln!(settings, "{variable} = [\n{entries}]").unwrap();
            expected.extend(wrong.iter().zip(1..).map(|((_, entry, said), index)| {
                let repository = entry.split('"').nth(1).unwrap();
                format!("{variable}[{index}] of {repository}: {said}")
            }));
        }
    }
    for (variable, names) in NAMES {
        writeln!(settings, "{variable} = {names:?}").unwrap();
        expected.push(format!("{}.", names[1..].join(", ")));
    }
    let printed = refused(&settings);
    let missing: Vec<_> = expected.iter().filter(|said| !printed.contains(said.as_str())).collect();
    assert!(missing.is_empty(), "{missing:#?} are not in\n{printed}");
    let said = printed.matches("Error: Invalid value for variable").count();
    assert_eq!(said, expected.len(), "something else is refused, too:\n{printed}");
}

#[test]
#[ignore = "needs terraform"]
fn settings_that_contradict_each_other_are_told_how() {
    let printed = refused(CONTRADICTIONS);
    let missing: Vec<_> = SAID.iter().filter(|said| !printed.contains(*said)).collect();
    assert!(missing.is_empty(), "{missing:#?} are not in\n{printed}");
    let said = printed.matches("Error: Resource precondition failed").count();
    assert_eq!(said, SAID.len(), "something else is refused, too:\n{printed}");
}

#[test]
#[ignore = "needs terraform"]
fn settings_that_would_do_nothing_are_refused() {
    let printed = refused(IDLE);
    let missing: Vec<_> = SAID_OF_IDLE.iter().filter(|said| !printed.contains(*said)).collect();
    assert!(missing.is_empty(), "{missing:#?} are not in\n{printed}");
    let said = printed.matches("Error: Resource precondition failed").count();
    assert_eq!(said, SAID_OF_IDLE.len(), "something else is refused, too:\n{printed}");
}

/// A module of whose policies each has about so many characters more than it needs: the bucket's by the text of an owner's
/// statement, a releaser's by the names of its channels, and a puller's trust by the name of an environment.
fn padded(name: &str, [bucket, role, trust]: [usize; 3]) -> String {
    let channels = (0..90).map(|index| {
        let more = role.saturating_sub(index * 60).min(60);
        format!("{{ context = \"shop\", name = \"c{index}{}\" }}, ", "x".repeat(more))
    });
    let entry = |role: &str, subject: &str, more: &str| {
        format!("[{{ repository = \"acme/shop\", role = \"{role}\", subjects = [{subject}]{more} }}]")
    };
    let subjects: Vec<_> = (0..10).map(|index| format!("\"environment:prod{index}\"")).collect();
    let statement = format!(
        r#"{{\"Statement\": [{{\"Sid\": \"Owners\", \"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:DeleteBucket\", \"Resource\": \"arn:aws:s3:::{}\"}}]}}"#,
        "x".repeat(bucket + 1)
    );
    format!(
        "module \"{name}\" {{\n  source = \"../..\"\n  bucket_name = \"cstore-{name}\"\n  role_users = [\"devops/me@example.com\"]\n  \
         bucket_policy_documents = [\"{statement}\"]\n  github_pullers = {}\n  github_releasers = {}\n}}\n",
        entry("{name}", &format!("{}, \"environment:{}\"", subjects.join(", "), "x".repeat(trust + 1)), "")
            .replace("{name}", name),
        entry("releaser", "\"environment:release\"", &format!(", channels = [{}]", channels.collect::<String>())),
    )
}

/// AWS would say it after the bucket, its key and the roles have been made.
#[test]
#[ignore = "needs terraform"]
fn a_policy_that_aws_would_not_store_is_refused_in_the_plan() {
    const LIMITS: [(&str, usize); 3] = [
        ("S3 stores 20480 bytes of a bucket's policy, and this one would have ", 20480),
        (
            "IAM stores 10240 characters of a role's own policies, and these would have more: cstore-large-releaser (",
            10240,
        ),
        (
            "IAM stores 2048 characters of a role's trust (trust_policy_quota), and these would have more: cstore-large-large (",
            2048,
        ),
    ];
    let terraform = terraform();
    let far = [6_000, 5_000, 1_500];
    let root = terraform.with_example(&[("main.tf", &(padded("small", [0; 3]) + &padded("large", far)))]);
    let account = Account::new();
    account.role("devops", "/");
    let stack = Stack::new(&root, account);
    // How many each would have, as it is said.
    let said = || {
        let plan = stack.run("plan", &[]);
        let printed = printed(&plan).replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(printed.contains(", most of them for cstore-large-releaser. Name"), "{printed}");
        assert_eq!(printed.matches("Error: ").count(), LIMITS.len(), "{printed}");
        LIMITS.map(|(words, _)| {
            let rest = printed.split_once(words).unwrap_or_else(|| panic!("{words} is not in\n{printed}")).1;
            rest.split(|other: char| !other.is_ascii_digit()).next().unwrap().parse::<usize>().unwrap()
        })
    };
    let sizes = said();
    // The releaser's channels are in the bucket's policy as well.
    let role = far[1] + LIMITS[1].1 - sizes[1];
    let trust = far[2] + LIMITS[2].1 - sizes[2];
    let bucket = far[0] + LIMITS[0].1 + far[1] - role - sizes[0];
    // As long as can be, and one more: that a channel has is the bucket's policy's, too.
    let both = padded("small", [bucket, role, trust]) + &padded("large", [bucket, role + 1, trust + 1]);
    std::fs::write(root.folder().join("main.tf"), both).unwrap();
    assert_eq!(said(), LIMITS.map(|(_, limit)| limit + 1));
}

/// A name that is made of the bucket's, and for which the provider would blame the module.
#[test]
#[ignore = "needs terraform"]
fn a_rule_whose_name_becomes_too_long_is_told_of_the_bucket() {
    let name = "x".repeat(55);
    let printed = refused(&format!("bucket_name = \"{name}\"\nevents = true\n"));
    assert!(printed.contains("has more than 64 characters. Name a bucket of 54 at most."), "{printed}");
}
