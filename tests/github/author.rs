//! Whose comment is kept up to date: that of the account whose token it is.

use serde_json::json;

use crate::harness::github_api::description::nullable_fields;
use crate::harness::github_api::refusal;
use crate::harness::http::Response;
use crate::harness::{Action, Bucket, GitHubApi};
use crate::story::{CHANGED, DEPLOYED, NUMBER, comments, deployed, titled};

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

/// Another app's comment may begin with the marker: it may echo what somebody said.
#[test]
fn a_comment_of_another_app_is_neither_edited_nor_removed() {
    for api in [GitHubApi::start(), GitHubApi::of_ones_own()] {
        let bucket = deployed();
        comments(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
        let marker = api.state().texts(NUMBER)[0].lines().next().unwrap().to_owned();
        let (before, after) = (format!("{marker}\nBefore."), format!("{marker}\nAfter."));
        let other = json!({"login": "dependabot[bot]", "id": 49_699_333, "type": "Bot"});
        let comment = |id: u64, text: &str| json!({"issue": NUMBER, "id": id, "body": text, "user": other});
        api.state().comments[0]["id"] = json!(600);
        api.state().comments.insert(0, comment(500, &before));
        api.state().comments.push(comment(700, &after));
        comments(&api, &bucket, CHANGED).run().succeeds().says("Comment unchanged: ");
        comments(&api, &bucket, DEPLOYED).run().succeeds().says("Comment brought up to date: ");
        let texts: Vec<_> = api.state().texts(NUMBER).into_iter().map(ToOwned::to_owned).collect();
        assert_eq!((&texts[0], &texts[2]), (&before, &after));
        assert!(texts[1].contains("the difference that was told here is gone"), "{texts:#?}");
        // Where there is none of its own, it writes one beside the other's, or nothing.
        api.state().comments.remove(1);
        comments(&api, &bucket, DEPLOYED).run().succeeds().says("Comment none: nothing differs");
        comments(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
        assert_eq!(api.state().texts(NUMBER)[..2], [before, after]);
        assert_eq!((api.count("POST"), api.count("PATCH"), api.count("DELETE")), (2, 1, 0));
    }
}

/// The answer to what is written names the account then.
#[test]
fn where_github_does_not_say_who_the_token_is_what_is_written_tells() {
    let answers = [
        refusal(403, "Resource not accessible by integration", &[]),
        refusal(404, "Not Found", &[]),
        Response::new(200, r#"{"data": null, "errors": [{"type": "FORBIDDEN", "message": "no"}]}"#),
        Response::new(200, r#"{"data": {"viewer": {"databaseId": null}}}"#),
        Response::new(200, "<html>"),
    ];
    for answer in answers {
        let bucket = deployed();
        let api = GitHubApi::before(move |request, _| request.target.ends_with("/graphql").then(|| answer.clone()));
        comments(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
        let marker = api.state().texts(NUMBER)[0].lines().next().unwrap().to_owned();
        // Its own is found again, and no second one stays.
        comments(&api, &bucket, DEPLOYED).run().succeeds().says("Comment brought up to date: ");
        assert_eq!((api.state().texts(NUMBER).len(), api.count("PATCH"), api.count("DELETE")), (1, 1, 1));
        // Another app's is left alone, and nothing stays beside it where there is nothing to say.
        api.state().comments.clear();
        api.state().comment_by("dependabot[bot]", NUMBER, &format!("{marker}\nMine."));
        comments(&api, &bucket, DEPLOYED).run().succeeds().says("Comment none: nothing differs");
        assert_eq!(api.state().texts(NUMBER), [format!("{marker}\nMine.")]);
        comments(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
        assert_eq!(api.state().texts(NUMBER)[0], format!("{marker}\nMine."));
        assert_eq!(api.state().texts(NUMBER).len(), 2);
    }
}

/// It was written to find out whose the others are.
#[test]
fn a_comment_that_was_written_to_ask_and_cannot_be_removed_is_told() {
    let bucket = deployed();
    let [unknown, unremovable] = ["Resource not accessible by integration", "Must have admin rights to Repository."];
    let api = GitHubApi::before(move |request, _| match request.method {
        "POST" if request.target.ends_with("/graphql") => Some(refusal(403, unknown, &[])),
        "DELETE" => Some(refusal(403, unremovable, &[])),
        _ => None,
    });
    comments(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
    let own = api.state().texts(NUMBER)[0].to_owned();
    api.state().comments.clear();
    api.state().comment_by("dependabot[bot]", NUMBER, &own);
    let run = comments(&api, &bucket, DEPLOYED).run().succeeds();
    let run = run.says("Comment none: nothing differs (one that says so is left)");
    let [told] = titled(&run, "Comment")[..] else { panic!("{}", run.printed()) };
    assert!(told.starts_with("A comment that was written to find out whose the others are could not be"), "{told}");
    assert!(told.contains("Must have admin rights"), "{told}");
    let texts: Vec<_> = api.state().texts(NUMBER).into_iter().map(ToOwned::to_owned).collect();
    assert!(texts.len() == 2 && texts[0] == own && texts[1].contains("the difference that was told here is gone"));
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
