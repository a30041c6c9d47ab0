use super::*;
use crate::name::{ChannelName, ConfigPath};

fn read(text: &str) -> Catalog {
    Catalog::read(text.as_bytes()).unwrap()
}

fn error(text: &str) -> String {
    Catalog::read(text.as_bytes()).unwrap_err().to_string()
}

/// The catalogs that the Go cStore wrote.
macro_rules! recorded {
    ($name:literal) => {
        read(include_str!(concat!("../../../tests/go_cstore/fixtures/", $name, "/cstore.yml")))
    };
}

/// An entry as the Go cStore writes it when it is asked for nothing special.
fn plain(path: &str, file_type: &str, bucket: &str, tags: &[&str], line: usize) -> CatalogFile {
    CatalogFile {
        path: PathTemplate::new(path.to_owned(), line),
        alternate_path: None,
        store: Some("aws-s3".to_owned()),
        is_ref: false,
        delete_after_push: false,
        file_type: Some(file_type.to_owned()),
        bucket: Some(bucket.to_owned()),
        kms_key: None,
        data: Vec::new(),
        tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
        versions: Vec::new(),
        line,
    }
}

fn service_dev() -> CatalogFile {
    plain("service/dev/.env", "env", "project-configs", &["service", "dev"], 9)
}

#[test]
fn recorded_catalogs_of_one_plain_file() {
    for catalog in [
        recorded!("first-push-defaults/workspace"),
        recorded!("conflict/workspace"),
        recorded!("errors/workspace"),
        recorded!("ghost-subfolder/workspace"),
    ] {
        assert_eq!(catalog.version, Some(CatalogVersion::V4));
        assert_eq!(catalog.context, Some(Context::new("project").unwrap()));
        assert_eq!(catalog.files, [service_dev()]);
    }
}

#[test]
fn recorded_catalogs_with_one_thing_more() {
    let mut with = service_dev();
    with.delete_after_push = true;
    assert_eq!(recorded!("delete-after-push/workspace").files, [with]);

    let mut with = service_dev();
    with.alternate_path = Some(PathTemplate::new(".env".to_owned(), 10));
    assert_eq!(recorded!("alternate-path/workspace").files, [with]);

    let mut with = service_dev();
    with.kms_key = Some("KMS_KEY_ID".to_owned());
    assert_eq!(recorded!("kms/workspace").files, [with.clone()]);

    with.bucket = Some("my-bucket".to_owned());
    let catalog = recorded!("first-push-prompts/workspace");
    assert_eq!(catalog.context, Some(Context::new("shop").unwrap()));
    assert_eq!(catalog.files, [with]);

    let mut with = service_dev();
    with.versions = vec!["v1.1.0".to_owned()];
    assert_eq!(recorded!("versions/workspace").files, [with]);
}

#[test]
fn recorded_catalogs_of_several_files() {
    let file = |path, kind, tags, line| plain(path, kind, "project-configs", tags, line);
    assert_eq!(
        recorded!("many-files-tags/workspace").files,
        [
            service_dev(),
            file("service/qa/.env", "env", &["service", "qa"], 21),
            file("web/dev/config.json", "json", &["web", "dev"], 33),
            file("certs/ca.pem", "pem", &["certs"], 45),
        ]
    );
    assert_eq!(
        recorded!("secrets/workspace").files,
        [service_dev(), file("service/dev/config.json", "json", &["service", "dev"], 21)]
    );
}

#[test]
fn a_recorded_catalog_with_a_variable() {
    let catalog = recorded!("path-tokens/workspace");
    let path = &catalog.files[0].path;
    assert_eq!(path.as_str(), "service/${ENV}/.env");
    let resolved = path.resolve(|name| (name == "ENV").then(|| "qa".to_owned()));
    assert_eq!(resolved, Ok(ConfigPath::new("service/qa/.env").unwrap()));
}

#[test]
fn a_recorded_catalog_with_a_link() {
    let catalog = recorded!("linked-catalog/workspace");
    assert_eq!(catalog.files[0], service_dev());
    let mut link = plain("child/cstore.yml", "yml", "", &["child"], 21);
    link.is_ref = true;
    link.bucket = None;
    assert_eq!(catalog.links().collect::<Vec<_>>(), [&link]);
    assert!(link.supported_store().is_ok());

    let child = recorded!("linked-catalog/workspace/child");
    assert_eq!(child.context, Some(Context::new("child").unwrap()));
    assert_eq!(child.files, [plain("dev/.env", "env", "child-configs", &["dev"], 9)]);
}

#[test]
fn a_recorded_v2_catalog() {
    let catalog = recorded!("v2-push/workspace");
    assert_eq!(catalog.version, Some(CatalogVersion::V2));
    let mut file = plain("service/dev/.env", "env", "cstore-project", &["service", "dev"], 9);
    file.versions = vec!["v1.0.0".to_owned()];
    assert_eq!(catalog.files, [file]);
}

#[test]
fn every_recorded_catalog_is_read() {
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/go_cstore/fixtures"))];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for item in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if item.path().is_dir() {
                folders.push(item.path());
            } else if item.file_name() == "cstore.yml" {
                let read = Catalog::read(&std::fs::read(item.path()).unwrap());
                assert!(read.is_ok(), "{:?}: {read:?}", item.path());
                count += 1;
            }
        }
    }
    assert_eq!(count, 15);
}

#[test]
fn what_may_be_absent_or_null() {
    for empty in
        ["", "# nothing\n", "---\n", "~\n", "files:\n", "files: []\n", "files: {}\n", "version:\ncontext: ''\n"]
    {
        assert_eq!(read(empty), Catalog::default(), "{empty:?}");
    }
    let file = &read("files:\n- path: a\n  data:\n  tags: ~\n  versions:\n  store: ''\n  isRef:\n").files[0];
    assert_eq!((&file.store, file.is_ref, file.tags.len(), file.versions.len()), (&None, false, 0, 0));
    assert!(file.supported_store().is_ok());
    let file = &read("files:\n- path: a\n  data: {AWS_S3_BUCKET: '', AWS_STORE_KMS_KEY_ID:, OTHER: 1}\n").files[0];
    assert_eq!((&file.bucket, &file.kms_key), (&None, &None));
    assert_eq!(file.data, [("OTHER".to_owned(), "1".to_owned())]);
}

#[test]
fn texts_are_taken_as_written_and_flags_as_the_go_tool_takes_them() {
    let file =
        &read("files:\n- {path: a, versions: [1.0, '2.0', v3, 0x1f], isRef: yes, deleteAfterPush: Off}\n").files[0];
    assert_eq!(file.versions, ["1.0", "2.0", "v3", "0x1f"]);
    assert!(file.is_ref && !file.delete_after_push);
}

#[test]
fn a_channel_is_a_name_and_may_be_absent() {
    assert_eq!(read("channel: prod\n").channel, Some(ChannelName::new("prod").unwrap()));
    assert_eq!(read("channel: ~\n").channel, None);
    assert_eq!(read("channel: ''\n").channel, None);
}

#[test]
fn anchors_aliases_and_merge_keys_are_understood() {
    let catalog = read(
        "x-base: &base\n  store: aws-s3\n  data: &data {AWS_S3_BUCKET: b}\n  tags: [t]\nfiles:\n\
                        - <<: *base\n  path: a\n- path: c\n  data: *data\n  <<: [{tags: [u]}, *base]\n",
    );
    let seen: Vec<_> = catalog.files.iter().map(|file| (file.bucket.as_deref(), file.tags.join(","))).collect();
    assert_eq!(seen, [(Some("b"), "t".to_owned()), (Some("b"), "u".to_owned())]);
}

#[test]
fn scalars_are_texts_as_written_as_the_go_tool_reads_them() {
    let catalog = read(
        "version: 4\ncontext: 5\nfiles:\n- path: 1.0\n  type: 7\n  tags: [1, true]\n  versions: [2.0]\n  data: {A: 012}\n",
    );
    assert_eq!(catalog.version, Some(CatalogVersion::V4));
    assert_eq!(catalog.context, Some(Context::new("5").unwrap()));
    let file = &catalog.files[0];
    assert_eq!((file.path.as_str(), file.file_type.as_deref()), ("1.0", Some("7")));
    assert_eq!((file.tags.join(" "), file.versions.join(" ")), ("1 true".to_owned(), "2.0".to_owned()));
    assert_eq!(file.data, [("A".to_owned(), "012".to_owned())]);
}

#[test]
fn faults_name_field_and_line() {
    let cases = [
        ("- a\n", "line 1: a catalog must be a map, not a list"),
        ("version: v1\n", r#"line 1: version "v1" is not one that can be read (v2, v3 and v4 are)"#),
        ("version: 5\n", r#"line 1: version "5" is not one that can be read (v2, v3 and v4 are)"#),
        ("version: [v4]\n", "line 1: version must be a string, not a list"),
        ("version: v4\ncontext: a/../b\n", "line 2: the context cannot be used: `.` and `..` are not allowed in it"),
        ("channel: [prod]\n", "line 1: channel must be a string, not a list"),
        (
            "context: shop\nchannel: :prod\n",
            "line 2: the channel cannot be used: it must begin with a small letter or a digit",
        ),
        ("files: a\n", "line 1: files must be a list or a map, not a string"),
        ("files:\n- a\n", "line 2: an entry of files must be a map, not a string"),
        ("files:\n- store: aws-s3\n", "line 2: an entry of files has no path"),
        ("files:\n- path: a\n  tags: b\n", "line 3: tags must be a list, not a string"),
        ("files:\n- path: a\n  tags: [[b]]\n", "line 3: each item of tags must be a string, not a list"),
        ("files:\n- path: a\n  data: [b]\n", "line 3: data must be a map, not a list"),
        ("files:\n- path: a\n  data:\n    B: {}\n", "line 4: each key and value of data must be a string, not a map"),
        ("files:\n- path: a\n  isRef: maybe\n", "line 3: isRef must be true or false, not other text"),
        ("files:\n- path: !!binary YQ==\n", "line 2: path must be a string, not a tagged string"),
        ("files:\n- path: a\n- path: b\n- path: a\n", r#"line 4: the path "a" is listed twice (first on line 2)"#),
        (
            "files:\n  k1:\n    path: a\n  k2:\n    path: a\n",
            r#"line 5: the path "a" is listed twice (first on line 3)"#,
        ),
        ("files:\n- path: a\n  path: b\n", r#"line 3: the key "path" is given twice (first on line 2)"#),
        ("a: &x [1, *x]\n", "line 1: an alias is inside the node that it names"),
        ("a: 1\n---\nb: 1\n", "line 2: a second document begins here; a catalog is one document"),
        (
            "a: @b\n",
            "line 1: it is not valid YAML at column 4: a value cannot begin with this character, unless it is in \
             quotes",
        ),
        (
            "context: a: b\n",
            "line 1: it is not valid YAML at column 11: there is a `: ` where none can be; a value that holds one needs \
             quotes",
        ),
        ("files: [a, b\n", "line 1: it is not valid YAML at column 8: this bracket is not closed"),
    ];
    for (text, message) in cases {
        assert_eq!(error(text), message, "{text}");
    }
}

#[test]
fn nesting_is_bounded() {
    let nested: String = (0..40).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(error(&nested), "line 33: it is nested too deeply");
    assert!(error(&"[".repeat(200)).ends_with("it is nested too deeply"));
}

#[test]
fn size_and_encoding_are_checked_first() {
    let large = "#".repeat((1 << 20) + 1);
    assert_eq!(error(&large), "line 1: it is larger than 1 MiB");
    assert_eq!(read(&large[1..]), Catalog::default());
    assert_eq!(Catalog::read(b"a: b\n\nc: \xff\n").unwrap_err(), CatalogErrorKind::NotUtf8.at(3));
}

#[test]
fn aliases_that_would_take_for_ever_are_refused() {
    // Each of many entries names one long list.
    let mut text = format!("x: &long [{}]\nfiles:\n", "a,".repeat(100_000));
    for index in 0..10_000 {
        text += &format!("- {{path: p{index}, tags: *long}}\n");
    }
    assert!(error(&text).ends_with("its aliases expand to too much"));

    // A long text by many aliases: in a list, in the data, and in a field of each entry.
    let text = format!("x: &long {}\nfiles:\n", "a".repeat(500_000));
    let aliases = "*long, ".repeat(1_000);
    let pairs = (0..1_000).fold(String::new(), |pairs, n| pairs + &format!("k{n}: *long, "));
    let entries = (0..1_000).fold(String::new(), |entries, n| entries + &format!("- {{path: p{n}, store: *long}}\n"));
    for entries in [format!("- {{path: p, tags: [{aliases}]}}"), format!("- {{path: p, data: {{{pairs}}}}}"), entries] {
        assert!(error(&(text.clone() + &entries)).ends_with("its aliases expand to too much"));
    }

    // Merge keys that fan out.
    let mut text = "a0: &a0 {x: y}\n".to_owned();
    for level in 1..=9 {
        let below = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} {{<<: [{}]}}\n", [below.as_str(); 10].join(", "));
    }
    text += "files:\n- <<: *a9\n  store: aws-s3\n";
    assert!(error(&text).ends_with("its aliases expand to too much"));
}

#[test]
fn a_large_catalog_is_read() {
    let entry = "  store: aws-s3\n  type: env\n  data:\n    AWS_S3_BUCKET: project-configs\n  tags:\n  - service\n";
    let text: String = std::iter::once("files:\n".to_owned())
        .chain((0..8_000).map(|index| format!("- path: service/{index}/.env\n{entry}")))
        .collect();
    assert_eq!(read(&text).files.len(), 8_000);
}

#[test]
fn what_says_where_files_go_has_no_variables_and_nothing_hidden() {
    let catalog = |data: &str| format!("context: shop\n\nfiles:\n- path: a\n  data: {{{data}}}\n");
    let bucket = "the bucket has a variable, and only paths may have variables";
    assert_eq!(error(&catalog("AWS_S3_BUCKET: 'b-${STAGE}'")), format!("line 4: {bucket}"));
    assert!(error(&catalog("AWS_STORE_KMS_KEY_ID: '${KEY}'")).contains("the KMS key has a variable"));
    assert!(error(&catalog("AWS_S3_BUCKET: \"b\\nb\"")).contains("the bucket has characters that cannot be shown"));
    assert!(error("data: {AWS_S3_BUCKET: '${B}'}\nfiles: []\n").contains(bucket));
    assert!(error("context: shop-${STAGE}\nfiles: []\n").starts_with("line 1: the context has a variable"));
    assert!(error("channel: ${STAGE}\n").starts_with("line 1: the channel has a variable"));
}
