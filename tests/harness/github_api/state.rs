//! What the server keeps.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::description::{example, query_of};
use super::refusal;
use crate::harness::http::Response;

/// The number of the account that writes with the token of a job.
pub(super) const JOB: u64 = 41_898_282;
/// That of the person.
pub(super) const MONA: u64 = 77;

/// What the server keeps, for tests to look at and to change.
pub(crate) struct State {
    /// The comments of all pull requests, each with the number of its own as `issue`.
    pub(crate) comments: Vec<Value>,
    /// The pull requests.
    pub(crate) pulls: Vec<Value>,
    /// The tags: name, and the objects that lead from it to its commit, each as its kind and its hash.
    pub(crate) tags: HashMap<String, Vec<(&'static str, String)>>,
    /// The repository's number.
    pub(crate) repository_id: u64,
    /// The releases: number, tag and notes; none of one without.
    pub(crate) releases: Vec<(u64, String, Option<String>)>,
    /// The numbers of those that are drafts.
    pub(crate) drafts: HashSet<u64>,
    /// The files of releases: the release's number, the file's own, its name and its bytes.
    pub(crate) files: Vec<(u64, u64, String, Vec<u8>)>,
    /// A field of the answers of a route that is null, as a pointer.
    pub(crate) null: Option<(&'static str, String)>,
    next_id: u64,
}

/// A request, and what is described of it.
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    pub(super) route: &'static str,
    pub(super) parameters: &'a HashMap<&'static str, String>,
    pub(super) query: &'a str,
    pub(super) body: &'a Value,
    /// The same as it came.
    pub(super) bytes: &'a [u8],
    /// Whether it is a person who asks, and no app.
    pub(super) is_person: bool,
    pub(super) description: &'a Value,
    /// Where the server is, with the path of its API.
    pub(super) host: &'a str,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            comments: Vec::new(),
            pulls: Vec::new(),
            tags: HashMap::new(),
            repository_id: 4711,
            releases: Vec::new(),
            drafts: HashSet::new(),
            files: Vec::new(),
            null: None,
            next_id: 1,
        }
    }

    /// The texts of a pull request's comments, the oldest first.
    pub(crate) fn texts(&self, pull_request: u64) -> Vec<&str> {
        let of_pull = self.comments.iter().filter(|comment| comment["issue"] == json!(pull_request));
        of_pull.map(|comment| comment["body"].as_str().unwrap()).collect()
    }

    /// Has somebody write a comment; whoever is no bot is a person.
    pub(crate) fn comment_by(&mut self, login: &str, pull_request: u64, text: &str) {
        let kind = if login.ends_with("[bot]") { "Bot" } else { "User" };
        let id = match login {
            "github-actions[bot]" => JOB,
            "mona" => MONA,
            _ => 78,
        };
        let user = json!({"login": login, "id": id, "type": kind});
        self.add_comment(&user, pull_request, text);
    }

    fn add_comment(&mut self, user: &Value, pull_request: u64, text: &str) -> Value {
        let comment = json!({"issue": pull_request, "id": self.next_id, "body": text, "user": user});
        self.next_id += 1;
        self.comments.push(comment.clone());
        comment
    }

    /// Has a tag lead to a commit, through so many annotated tags.
    pub(crate) fn tag(&mut self, name: &str, commit: &str, annotated: usize) {
        let tags = (0..annotated).map(|number| ("tag", format!("{number:040}")));
        self.tags.insert(name.to_owned(), tags.chain([("commit", commit.to_owned())]).collect());
    }

    /// Answers what is described.
    pub(super) fn answer(&mut self, asked: &Asked<'_>) -> Response {
        let Asked { method, route, parameters, query, body, bytes, is_person, description, host } = *asked;
        let number = |name: &str| parameters[name].parse::<u64>().unwrap_or_default();
        let not_found = || refusal(404, "Not Found", &[]);
        let answer = |status: u16, value: &Value| Response::new(status, value.to_string());
        let repository = "/repos/{owner}/{repo}";
        if parameters.get("owner").is_some_and(|owner| owner != "acme") {
            return not_found();
        }
        match (method, route.strip_prefix(repository).unwrap_or(route)) {
            ("GET", "/issues/{issue_number}/comments") => {
                let issue = json!(number("issue_number"));
                let all: Vec<_> = self.comments.iter().filter(|comment| comment["issue"] == issue).collect();
                let (page, more) = page_of(&all, query, &format!("{host}/repositories/4711/issues/{issue}/comments"));
                let like = &example(description, 200)[0];
                let page: Vec<_> = page.iter().map(|comment| shown(comment, like)).collect();
                let mut response = answer(200, &json!(page));
                response.headers.extend(more.map(|link| ("link".to_owned(), link)));
                response
            }
            ("POST", "/issues/{issue_number}/comments") => {
                let text = body["body"].as_str().unwrap();
                if text.chars().count() > 65_536 {
                    return refusal(422, "Body is too long (maximum is 65536 characters)", &[]);
                }
                let user = match is_person {
                    true => json!({"login": "mona", "id": MONA, "type": "User"}),
                    false => json!({"login": "github-actions[bot]", "id": JOB, "type": "Bot"}),
                };
                let comment = self.add_comment(&user, number("issue_number"), text);
                answer(201, &shown(&comment, &example(description, 201)))
            }
            (_, "/issues/comments/{comment_id}") => {
                let id = json!(number("comment_id"));
                let Some(at) = self.comments.iter().position(|comment| comment["id"] == id) else { return not_found() };
                match method {
                    "DELETE" => {
                        self.comments.remove(at);
                        Response::new(204, "")
                    }
                    "PATCH" => {
                        self.comments[at]["body"] = body["body"].clone();
                        answer(200, &shown(&self.comments[at], &example(description, 200)))
                    }
                    _ => answer(200, &shown(&self.comments[at], &example(description, 200))),
                }
            }
            ("GET", "/user") if !is_person => refusal(403, "Resource not accessible by integration", &[]),
            ("GET", "/user") => {
                let mut shown = example(description, 200);
                (shown["id"], shown["login"]) = (json!(MONA), json!("mona"));
                answer(200, &shown)
            }
            ("GET", "/pulls") => {
                let head = query_of(query).into_iter().find(|(name, _)| name == "head").map(|(_, head)| json!(head));
                let like = &example(description, 200)[0];
                let found = self.pulls.iter().filter(|pull| head.as_ref().is_none_or(|head| pull["label"] == *head));
                let found = found.map(|pull| {
                    let mut shown = like.clone();
                    shown["number"] = pull["number"].clone();
                    // The example lacks what the description demands.
                    shown["requested_teams"] = json!([]);
                    shown["head"]["sha"] = pull["sha"].clone();
                    shown
                });
                answer(200, &json!(found.collect::<Vec<_>>()))
            }
            ("GET", "") => {
                let mut shown = example(description, 200);
                shown["id"] = json!(self.repository_id);
                // The example lacks what the description demands.
                (shown["language"], shown["source"]["language"]) = (Value::Null, Value::Null);
                answer(200, &shown)
            }
            ("GET", "/git/ref/{ref}") => {
                let name = parameters["ref"].strip_prefix("tags/");
                let Some((kind, sha)) = name.and_then(|name| self.tags.get(name)?.first()) else { return not_found() };
                let mut shown = example(description, 200);
                (shown["ref"], shown["object"]["type"]) = (json!(format!("refs/{}", parameters["ref"])), json!(kind));
                shown["object"]["sha"] = json!(sha);
                answer(200, &shown)
            }
            ("GET", "/git/tags/{tag_sha}") => {
                let sha = &parameters["tag_sha"];
                let after = |objects: &Vec<(&'static str, String)>| {
                    let at = objects.iter().position(|(kind, own)| *kind == "tag" && own == sha)?;
                    objects.get(at + 1).cloned()
                };
                let Some((kind, sha)) = self.tags.values().find_map(after) else { return not_found() };
                let mut shown = example(description, 200);
                (shown["object"]["type"], shown["object"]["sha"]) = (json!(kind), json!(sha));
                answer(200, &shown)
            }
            (_, "/releases/tags/{tag}" | "/releases/{release_id}") => {
                let is_it = |(id, tag, _): &(u64, String, Option<String>)| {
                    parameters.get("tag") == Some(tag) && !self.drafts.contains(id)
                        || parameters.contains_key("release_id") && *id == number("release_id")
                };
                let Some(at) = self.releases.iter().position(is_it) else { return not_found() };
                if method == "PATCH" {
                    let notes = body["body"].as_str().unwrap();
                    if notes.chars().count() > 125_000 {
                        return refusal(422, "body is too long (maximum is 125000 characters)", &[]);
                    }
                    self.releases[at].2 = Some(notes.to_owned());
                }
                answer(200, &self.release(at, &example(description, 200), host))
            }
            ("GET", "/releases") => {
                let like = &example(description, 200)[0];
                let all: Vec<_> = (0..self.releases.len()).map(|at| self.release(at, like, host)).collect();
                let (page, more) =
                    page_of(&all.iter().collect::<Vec<_>>(), query, &format!("{host}/repositories/4711/releases"));
                let mut response = answer(200, &json!(page));
                response.headers.extend(more.map(|link| ("link".to_owned(), link)));
                response
            }
            ("POST", "/releases/{release_id}/assets") => {
                let name = query_of(query).into_iter().find(|(name, _)| name == "name").unwrap().1;
                let release = number("release_id");
                if self.files.iter().any(|(of, _, own, _)| *of == release && *own == name) {
                    return refusal(422, "Validation Failed: already_exists", &[]);
                }
                self.files.push((release, self.next_id, name.clone(), bytes.to_vec()));
                self.next_id += 1;
                let mut shown = example(description, 201);
                shown["name"] = json!(name);
                answer(201, &shown)
            }
            ("DELETE", "/releases/assets/{asset_id}") => {
                let id = number("asset_id");
                self.files.retain(|(_, own, ..)| *own != id);
                Response::new(204, "")
            }
            _ => not_found(),
        }
    }

    /// A release as GitHub shows it, like its example.
    fn release(&self, at: usize, like: &Value, host: &str) -> Value {
        let (id, tag, notes) = &self.releases[at];
        let mut shown = like.clone();
        (shown["id"], shown["tag_name"], shown["body"]) = (json!(id), json!(tag), json!(notes));
        shown["html_url"] = json!(format!("https://github.com/acme/shop/releases/tag/{tag}"));
        shown["draft"] = json!(self.drafts.contains(id));
        // A server of one's own takes files beside its API.
        let uploads = host.replace("/api/v3", "/api/uploads");
        shown["upload_url"] = json!(format!("{uploads}/repos/acme/shop/releases/{id}/assets{{?name,label}}"));
        let file = |(_, file, name, bytes): &(u64, u64, String, Vec<u8>)| {
            let mut shown = like["assets"][0].clone();
            let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            (shown["id"], shown["name"]) = (json!(file), json!(name));
            shown["digest"] = json!(format!("sha256:{digest}"));
            shown
        };
        shown["assets"] = self.files.iter().filter(|(of, ..)| of == id).map(file).collect();
        shown
    }

    /// Makes the field null that is to be.
    pub(super) fn nullify(&self, route: &str, response: &mut Response) {
        let Some((_, pointer)) = self.null.as_ref().filter(|(of, _)| *of == route) else { return };
        let mut body: Value = serde_json::from_slice(&response.body).unwrap();
        if let Some(field) = body.pointer_mut(pointer) {
            *field = Value::Null;
        }
        response.body = body.to_string().into_bytes();
    }
}

/// A comment as GitHub shows it, like its example.
fn shown(comment: &Value, like: &Value) -> Value {
    let mut shown = like.clone();
    for name in ["id", "body"] {
        shown[name] = comment[name].clone();
    }
    let id = &comment["id"];
    shown["html_url"] = json!(format!("https://github.com/acme/shop/pull/{}#issuecomment-{id}", comment["issue"]));
    match comment["user"].as_object() {
        Some(user) => user.iter().for_each(|(name, value)| shown["user"][name] = value.clone()),
        // As of an account that is deleted.
        None => shown["user"] = Value::Null,
    }
    shown
}

/// A page of a list, and the header that names the others.
fn page_of<'a>(all: &[&'a Value], query: &str, url: &str) -> (Vec<&'a Value>, Option<String>) {
    let query = query_of(query);
    let number = |name: &str, default: usize| {
        query.iter().find(|(own, _)| own == name).and_then(|(_, text)| text.parse().ok()).unwrap_or(default)
    };
    let (size, page) = (number("per_page", 30), number("page", 1));
    let last = all.len().div_ceil(size).max(1);
    let link = |page: usize, rel: &str| format!("<{url}?per_page={size}&page={page}>; rel=\"{rel}\"");
    let links = (page < last).then(|| format!("{}, {}", link(page + 1, "next"), link(last, "last")));
    (all.iter().skip((page - 1) * size).take(size).copied().collect(), links)
}
