//! Whose comment is kept up to date: that of the account whose token it is.

use serde_json::json;

use crate::harness::github_api::description::nullable_fields;
use crate::harness::{Action, Bucket, GitHubApi};
use crate::story::{CHANGED, DEPLOYED, NUMBER, comments, deployed};

fn by_person(api: &GitHubApi, bucket: &Bucket, files: &[(&str, &str)]) -> Action {
    api.for_person(comments(api, bucket, files))
}

#[test]
fn a_persons_token_keeps_the_persons_own_comment() {
    for api in [GitHubApi::start(), GitHubApi::of_ones_own()] {
        let bucket = deployed();
        by_person(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
        let marker = api.state().texts(NUMBER)[0].lines().next().unwrap().to_owned();
        assert_eq!(api.state().comments[0]["user"]["login"], "mona");
        // Of another person, of an app, and of an account that is deleted.
        let others =
            [json!({"login": "mallory", "id": 78, "type": "User"}), json!({"login": "a[bot]", "id": 9, "type": "Bot"})];
        for (id, user) in others.into_iter().chain([serde_json::Value::Null]).enumerate() {
            let text = format!("{marker}\nAll is well.");
            api.state().comments.insert(0, json!({"issue": NUMBER, "id": 500 + id, "body": text, "user": user}));
        }
        by_person(&api, &bucket, DEPLOYED).run().succeeds().says("Comment brought up to date: ");
        let state = api.state();
        let texts = state.texts(NUMBER);
        assert!(texts[3].contains("the difference that was told here is gone"), "{texts:#?}");
        assert!(texts[..3].iter().all(|text| text.ends_with("All is well.")), "{texts:#?}");
        drop(state);
        assert_eq!((api.count("POST"), api.count("PATCH"), api.count("DELETE")), (1, 1, 0));
    }
}

#[test]
fn whatever_may_be_null_of_an_account_disturbs_nothing() {
    let bucket = deployed();
    let fields = nullable_fields("get", "/user");
    assert!(fields.len() > 3, "{fields:?}");
    for field in fields {
        let api = GitHubApi::start();
        api.state().null = Some(("/user", field));
        by_person(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
        by_person(&api, &bucket, CHANGED).run().succeeds().says("Comment unchanged: ");
    }
}
