use std::fs;
use std::process::Command;

use super::*;

/// A workspace with these files.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(path, text)| place.write(path, text));
        place
    }

    fn write(&self, path: &str, contents: impl AsRef<[u8]>) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    fn git(&self, folder: &str, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=mona", "-c", "user.email=mona@example.com", "-c", "protocol.file.allow=always"]);
        git.env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", self.folder.path()).args(arguments);
        let output = git.current_dir(self.folder.path().join(folder)).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn taken(&self, files: &[&str]) -> TakenAlong {
        let files: Vec<_> = files.iter().map(|path| ConfigPath::new(path).unwrap()).collect();
        taken_along(&Workspace::open(self.folder.path()).unwrap(), &files, None)
    }

    fn unignored(&self, files: &[&str]) -> Vec<String> {
        self.taken(files).unignored.iter().map(ToString::to_string).collect()
    }
}

fn texts(paths: &[ConfigPath]) -> Vec<&str> {
    paths.iter().map(ConfigPath::as_str).collect()
}

#[test]
fn without_a_checkout_there_is_nothing_to_say() {
    let place = Place::new(&[("a/.env", "x"), (".gitignore", ""), (".dockerignore", "")]);
    assert_eq!(place.taken(&["a/.env", ".env"]), TakenAlong::default());
}

#[test]
fn what_git_tracks_is_known_whatever_the_indexs_version() {
    for version in ["2", "3", "4"] {
        for format in ["sha1", "sha256"] {
            let long = format!("{}x.env", "folder/".repeat(30));
            let place = Place::new(&[
                (".env", "A=1"),
                ("a/b.env", "A=1"),
                ("a/bc.env", "A=1"),
                (&long, "A=1"),
                (".gitignore", "*.env\n"),
            ]);
            place.git("", &["init", "--quiet", "--object-format", format]);
            place.git("", &["add", "--force", ".env", "a/b.env", &long]);
            if version == "3" {
                // An entry with more flags.
                place.git("", &["add", "--force", "--intent-to-add", "a/bc.env"]);
            }
            place.git("", &["update-index", "--index-version", version]);
            let taken = place.taken(&["a/b.env", ".env", "a/bc.env", "b.env", &long]);
            let mut expected = vec!["a/b.env", ".env", &long];
            if version == "3" {
                expected.insert(2, "a/bc.env");
            }
            assert_eq!(texts(&taken.tracked), expected, "version {version} with {format}");
            assert_eq!(taken.unignored, [], "version {version} with {format}");
        }
    }
}

#[test]
fn repositories_in_the_workspace_are_each_their_own() {
    let place = Place::new(&[("app/.gitignore", ".env\n"), ("app/a.env", "A=1"), ("library/l.env", "A=1")]);
    place.git("library", &["init", "--quiet"]);
    place.git("library", &["add", "l.env"]);
    place.git("library", &["commit", "--quiet", "-m", "x"]);
    place.git("app", &["init", "--quiet"]);
    place.git("app", &["add", "a.env"]);
    // Its `.git` is a file that names a folder of the other.
    place.git("app", &["submodule", "--quiet", "add", "../library", "sub"]);
    let taken = place.taken(&["app/a.env", "app/.env", "app/new.env", "app/sub/l.env", "app/sub/new.env", "none.env"]);
    assert_eq!(texts(&taken.tracked), ["app/a.env", "app/sub/l.env"]);
    assert_eq!(texts(&taken.unignored), ["app/new.env", "app/sub/new.env"]);
}

#[test]
fn what_git_ignores_is_what_git_says_it_does() {
    let paths = [
        ".env",
        "a.env",
        "A.env",
        "a/.env",
        "a/b/.env",
        "a/b/c.env",
        "b/.env",
        "b/keep.env",
        "out/x/.env",
        "out/keep.env",
        "secrets/a.json",
        "x/secrets/a.json",
        "name with blank",
        "#hash",
        "!bang",
        "{a,b}.env",
        "a1.env",
        "a2.env",
        "deep/1/2/3/.env",
        "deep/keep/.env",
        "é.env",
        "log/.env",
        "x/log",
        "sub/own.env",
        "sub/not.env",
        "ax.cfg",
        "a/x.cfg",
    ];
    let rules = "\u{feff}# a comment\n\n.env\n!/b/.env\r\nout/\n!out/keep.env\n/secrets/*.json\nname\\ with\\ blank  \n\
                 \\#hash\n\\!bang\n{a,b}.env\na[^1].env\ndeep/**/.env\n!deep/keep/\nlog/\né*.env\n/a?.cfg\n";
    let place = Place::new(&[(".gitignore", rules), ("sub/.gitignore", "*\n!not.env\n"), ("a/.gitignore", "/b\n")]);
    place.git("", &["init", "--quiet"]);
    place.write(".git/info/exclude", "A.env\n!sub/own.env\n");
    for path in paths {
        place.write(path, "A=1");
    }
    let output = Command::new("git")
        .args(["-c", "core.quotePath=false", "check-ignore", "--no-index"])
        .args(paths)
        .current_dir(place.folder.path())
        .output();
    let output = String::from_utf8(output.unwrap().stdout).unwrap();
    let ignored: Vec<_> = output.lines().collect();
    assert!(ignored.len() > 10, "{ignored:?}");
    let expected: Vec<_> = paths.into_iter().filter(|path| !ignored.contains(path)).collect();
    assert_eq!(place.unignored(&paths), expected);
}

#[test]
fn what_a_dockerfile_copies_is_told_unless_it_is_ignored() {
    for (dockerfile, ignore, copied) in [
        ("FROM scratch\nCOPY . /app\n", "", true),
        ("FROM scratch\ncopy --chown=1:1 ./ /app\n", "# .env\nnode_modules\n", true),
        ("FROM scratch\nADD [\"a b\", \"service\", \"/app\"]\n", "", true),
        ("FROM scratch\nCOPY package.json \\\n  # why\n  serv*/ /app/\n", "", true),
        ("FROM scratch\nONBUILD COPY service/.env /app/\n", "", true),
        ("FROM scratch\nCOPY $SOURCE /app/\n", "", true),
        ("FROM scratch\nCOPY . /app\n", ".env\n*.env\n", true),
        ("FROM scratch\nCOPY . /app\n", "**\n!service\n", true),
        ("FROM scratch\nCOPY . /app\n", "**/.env\n", false),
        ("FROM scratch\nCOPY . /app\n", "/service/\n", false),
        ("FROM scratch\nCOPY . /app\n", "*\n!src\n", false),
        ("FROM scratch\nCOPY . /app\n", "*/.e[^x]v\n", false),
        ("FROM scratch\nCOPY --from=build . /app\n", "", false),
        ("FROM scratch\n# COPY . /app\nRUN echo COPY . /app\n", "", false),
        ("FROM scratch\nCOPY src service.txt /app/\nADD https://x.example/. <<EOF /\n", "", false),
        ("COPY", "", false),
    ] {
        let place = Place::new(&[("Dockerfile", dockerfile), (".dockerignore", ignore)]);
        let taken = place.taken(&["service/.env"]).copied;
        assert_eq!(taken.len(), usize::from(copied), "{dockerfile} {ignore}");
    }
    let place = Place::new(&[
        ("app/Containerfile", "COPY . ."),
        ("app/.dockerignore", ""),
        ("app/Containerfile.dockerignore", "a.env"),
        ("Dockerfile", "COPY other ."),
    ]);
    let taken = place.taken(&["app/a.env", "app/b.env", "c.env"]);
    let copied: Vec<_> = taken.copied.iter().map(|(file, by)| format!("{file} {by}")).collect();
    assert_eq!(copied, ["app/b.env app/Containerfile"]);
    let place = Place::new(&[
        ("app/Dockerfile.prod", "COPY . ."),
        ("app/Dockerfile.prod.dockerignore", "COPY . .\nb.env"),
        ("app/dev.dockerfile", "COPY b.env ."),
        ("app/Dockerfiles", "COPY . ."),
        ("docker/Dockerfile", "COPY . ."),
    ]);
    let taken = place.taken(&["app/a.env", "app/b.env", "c.env"]);
    let copied: Vec<_> = taken.copied.iter().map(|(file, by)| format!("{file} {by}")).collect();
    assert_eq!(copied, ["app/a.env app/Dockerfile.prod", "app/b.env app/dev.dockerfile"]);
}

#[test]
fn what_cannot_be_read_says_nothing_and_fails_nothing() {
    let damaged: [&[u8]; 9] = [
        b"",
        b"DIRC",
        b"DIRC\0\0\0\x02\0\0\0\x01",
        b"DIRC\0\0\0\x09\xff\xff\xff\xff",
        &[b"DIRC\0\0\0\x04\xff\xff\xff\xff".as_slice(), &[0xff; 4096]].concat(),
        &[b"DIRC\0\0\0\x02\xff\xff\xff\xff".as_slice(), &[0; 4096]].concat(),
        &[b"DIRC\0\0\0\x03\0\0\0\x01".as_slice(), &[0x40; 64], b".env"].concat(),
        &[b'x'; 100],
        &[0; 100],
    ];
    for index in damaged {
        let place = Place::new(&[(".gitignore", ".env")]);
        place.write(".git/index", index);
        assert_eq!(place.taken(&[".env"]), TakenAlong::default(), "{:?}", &index[..index.len().min(20)]);
    }
    for git in ["gitdir: /etc", "gitdir: ../../..", "gitdir: ../.git", "gitdir:", "", "gitdir: a\0b", "\u{fffd}"] {
        let place = Place::new(&[("app/.git", git), ("app/.gitignore", ".env")]);
        assert_eq!(place.taken(&["app/.env"]), TakenAlong::default(), "{git}");
    }
    #[cfg(unix)]
    for path in [".git", ".gitignore", "Dockerfile", ".dockerignore", ".git/index"] {
        let place = Place::new(&[("Dockerfile", "COPY a /")]);
        let link = place.folder.path().join(path);
        let _ = fs::remove_file(&link);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        place.taken(&[".env"]);
    }
}

#[test]
fn rules_and_folders_without_end_are_given_up() {
    let rules = format!("{}x\n", "*a".repeat(400)).repeat(1_000);
    let place =
        Place::new(&[(".gitignore", &rules), (".git/HEAD", ""), ("Dockerfile", "COPY . ."), (".dockerignore", &rules)]);
    let files: Vec<_> = (0..50).map(|n| format!("{}/{n}", ["a"; 100].join("a/"))).collect();
    let files: Vec<_> = files.iter().map(String::as_str).collect();
    let taken = place.taken(&files);
    assert!(taken.unignored.len() < files.len() && taken.copied.len() < files.len());

    let place = Place::new(&[(".git/HEAD", "")]);
    let files: Vec<_> = (0..1_000).map(|n| format!("{n}/.env")).collect();
    let files: Vec<_> = files.iter().map(String::as_str).collect();
    assert_eq!(place.taken(&files).unignored.len(), 1_000);
}
