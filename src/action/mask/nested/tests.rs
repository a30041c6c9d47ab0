use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::*;
use crate::action::mask::tests::runner;
use crate::action::mask::{MOST_NESTED, TooManyMasks, masks};
use crate::action::runner_rules::command_reader::Masker;
use crate::config::Value;

const PEM: &str =
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSjAgEAAoIBAQC7\n-----END PRIVATE KEY-----\n";

/// What the runner hides once a value is masked.
fn masker(value: &str) -> Masker {
    runner(value).masker
}

fn hides(masker: &Masker, text: &str) {
    assert_eq!(masker.mask(&format!("before {text} after")), "before *** after", "{text:?}");
}

/// Each line of the key by itself, as a log has them, and with the end of it that some programs leave out.
fn hides_the_key(masker: &Masker) {
    PEM.lines().for_each(|line| hides(masker, line));
}

fn one_line(text: &str) -> String {
    text.replace('\n', "\\n")
}

#[test]
fn fields_of_json_are_hidden_and_their_keys_are_not() {
    let value = format!(
        r#"{{"type":"service_account","project_id": "acme-shop", "pin" : 123456, "limit": 98765E4, "small": 42,
            "private_key":"{}","client":{{"email":["deploy@acme.example"],"quote":"say \"ten\" \u0041\/"}}}}"#,
        one_line(PEM)
    );
    let masker = masker(&value);
    for field in
        ["service_account", "acme-shop", "123456", "98765E4", "98765e+4", "deploy@acme.example", "say \"ten\" A/"]
    {
        hides(&masker, field);
    }
    hides_the_key(&masker);
    let keys = "project_id private_key client email quote small 42";
    assert_eq!(masker.mask(keys), keys);
}

#[test]
fn what_is_nearly_json_is_looked_into_as_well() {
    for value in [
        "{\"password\": \"swordfish\"",                            // cut off
        "{\"password\": \"swordfish",                              // cut off within
        "[\"swordfish\",]",                                        // a comma too many
        "{ // it's \"quoted\n \"password\": \"swordfish\" }",      // comments
        "{ /* \" */ \"password\": \"swordfish\" }",                //
        "{\"key\": \"line\nbreak\", \"password\": \"swordfish\"}", // a line end in a string
        "{\"a\": \"b\"}\n{\"password\": \"swordfish\"}",           // several documents
        r#"{\"password\":\"swordfish\"}"#,                         // escaped once more
        r#""{\"password\":\"swordfish\"}""#,                       // in a string
        "{password: \"swordfish\", a: b-12345678}",                // a key without quotes
        "\u{a0}{\"é\": \"swordfish\"}",
    ] {
        hides(&masker(value), "swordfish");
    }
}

#[test]
fn what_only_looks_like_the_beginning_of_json_is_no_trouble() {
    for value in
        ["{", "[", "\"", "{\"", "{\"\\", "[\"é\\", "{/", "{//", "{/*", "{\"a\":", "[-", "{é", "\"a\" b", "[12345678"]
    {
        masker(value);
    }
    let deep = "[".repeat(200_000) + "\"swordfish\"";
    hides(&masker(&deep), "swordfish");
}

#[test]
fn texts_in_texts_are_hidden() {
    let json = |text: &str| serde_json::json!({ "field": text }).to_string();
    let base64 = |text: &str| STANDARD.encode(text);
    for value in [
        json(&json(PEM)),
        base64(&json(&base64(PEM))),
        json(&base64(&json(PEM))),
        base64(&base64(&base64(PEM))),
        json(&json(&one_line(&base64(&one_line(PEM))))),
    ] {
        hides_the_key(&masker(&value));
    }
    let docker = format!(r#"{{"auths":{{"ghcr.io":{{"auth":"{}"}}}}}}"#, STANDARD.encode("deployer:swordfish"));
    hides(&masker(&STANDARD.encode(docker)), "deployer:swordfish");
}

#[test]
fn lines_that_are_written_as_escapes_are_hidden() {
    hides_the_key(&masker(&one_line(PEM)));
    hides_the_key(&masker(&PEM.replace('\n', "\\r\\n")));
    hides_the_key(&masker(&format!("\"{}\"", one_line(PEM))));
    // What `sh` and bash print.
    let masker = masker(r"pass\\word\twith\x41\0102 \u00e9 and\'quotes\c gone");
    hides(&masker, "pass\\word\twith\\x41B \\u00e9 and\\'quotes");
    hides(&masker, "pass\\word\twithAB é and'quotes\\c gone");
    for odd in ["\\", "a\\", "\\x", "\\u12", "\\U00110000", "\\0", "\\é", "\\xé", "\\777"] {
        variants(odd);
    }
}

#[test]
fn a_windows_path_does_not_garble_the_log() {
    for (value, text) in [
        (r"ACME\nina", "in a nice ACME package"),
        (r"C:\new\table", "the new table: ew, able, C:"),
        (r"\\host\names\rest", "rest ames host"),
    ] {
        assert_eq!(masker(value).mask(text), text, "{value}");
        hides(&masker(value), value);
    }
    hides(&masker(r"first-part\nsecond-part"), "second-part");
}

#[test]
fn text_in_base64_is_hidden() {
    let text = "deployer:sword~fish??>>"; // its base64 has + and /
    let encoded = STANDARD.encode(text);
    assert!(encoded.contains('+') && encoded.contains('/') && encoded.ends_with('='), "{encoded}");
    let (first, second) = encoded.split_at(8);
    for value in [
        encoded.clone(),
        STANDARD_NO_PAD.encode(text),
        URL_SAFE.encode(text),
        URL_SAFE_NO_PAD.encode(text),
        format!("{first}\n{second}\n"),
        format!("{first}\r\n  {second}"),
        format!("{first}\\n{second}\\n"),
        format!(" {encoded} "),
    ] {
        hides(&masker(&value), text);
    }
    for text in ["12345678", "pässwörd", "swordfish\n"] {
        hides(&masker(&STANDARD.encode(text)), text.trim());
    }
    hides_the_key(&masker(&STANDARD.encode(PEM)));
}

#[test]
fn what_is_not_text_in_base64_is_not_decoded() {
    for value in ["production", "value-number-1234", "0123456789abcdef0123456789abcdef", "a sentence of words", "===="]
    {
        assert_eq!(decoded(value), None, "{value}");
    }
    for text in [&b"short12"[..], b"bell\x07 and more", b"\xff\xfe and more", &[0; 32]] {
        assert_eq!(decoded(&STANDARD.encode(text)), None, "{text:?}");
    }
    assert_eq!(decoded(&format!("x{}", STANDARD.encode("swordfish"))), None);
    assert_eq!(decoded(&format!("{}.x", STANDARD.encode("swordfish"))), None);
}

#[test]
fn values_of_lines_are_hidden() {
    let config = format!(
        "kind: Config\nusers:\n- name: deployer-of-acme\n  user:\n    token: \"eyJhbGciOi.swordfish\"\n    \
         client-key-data: {}\nexport DB_PASSWORD='hunter2-hunter2'\nDB.URL = mysql://u:p@db\n",
        STANDARD.encode(PEM)
    );
    for value in [config.clone(), STANDARD.encode(&config)] {
        let masker = masker(&value);
        for text in ["deployer-of-acme", "eyJhbGciOi.swordfish", "hunter2-hunter2", "mysql://u:p@db"] {
            hides(&masker, text);
        }
        hides_the_key(&masker);
        assert_eq!(masker.mask("a Config of users"), "a Config of users");
    }
}

#[test]
fn values_of_lines_are_hidden_without_what_yaml_puts_around_them() {
    let lines = [
        ("pw: secretvalue8 # c", &["secretvalue8", "secretvalue8 # c"][..]),
        ("z: \"dq \\\"secret\" # c", &["dq \"secret"]),
        ("z: 'it''s secret'", &["it's secret", "it''s secret"]),
        ("x: {password: flowpassw1, k: 'flow, passw2'}", &["flowpassw1", "flow, passw2"]),
        ("y: [abcdefgh1, ijklmnop2]", &["abcdefgh1", "ijklmnop2"]),
        ("- listsecret1", &["listsecret1"]),
        ("[section]\npassword = \"inisecret1\" ; c", &["inisecret1"]),
    ];
    for (line, texts) in lines {
        for value in [line.to_owned(), format!("first line here\n  {line}\n"), STANDARD.encode(line)] {
            let masker = masker(&value);
            texts.iter().for_each(|text| hides(&masker, text));
        }
    }
}

#[test]
fn the_value_of_an_assignment_alone_is_hidden() {
    for value in ["token: singleline1", "TOKEN=singleline1", "export TOKEN='singleline1'"] {
        hides(&masker(value), "singleline1");
    }
    hides(&masker(&format!("data:text/plain;base64,{}", STANDARD.encode("singleline1"))), "singleline1");
    assert_eq!(masker("kind=Config").mask("a Config"), "a Config");
}

#[test]
fn passwords_in_urls_and_connection_strings_are_hidden() {
    for value in [
        "postgres://user:p%40ss1@db/x",
        "the line before\npostgres://user:p%40ss1@db/x",
        "Server=db;Password=p@ss1;Port=1",
        "host=db password='p@ss1' port=1",
        "jdbc:postgresql://db/x?user=u&password=p@ss1&ssl=true",
    ] {
        hides(&masker(value), "p@ss1");
    }
    assert_eq!(masker("Server=db-one;Port=12345").mask("db-one 12345"), "db-one 12345");
}

#[test]
fn what_many_lines_cost_is_bounded() {
    let look = |value: &str| {
        let mut looked = 0_usize;
        let found = |nested: Nested<'_>| {
            looked += nested.text.len();
            Ok(())
        };
        let mut nest = Nest { bytes_left: 1 << 20, shortest: SHORTEST_OF_LINES, found };
        (nest.look_into(value), nest.bytes_left, looked)
    };
    // Lines are paid for, be they empty.
    assert_eq!(look(&"\n".repeat(1 << 17)).0, Err(TooMuch));
    assert_eq!(look(&"[\"x\n\n".repeat(1 << 16)).0, Err(TooMuch));
    let (result, left, _) = look(&"\n".repeat(999));
    assert_eq!((result, left), (Ok(()), (1 << 20) - 1000 * COST));
    for value in ["key=".repeat(1 << 18), "a: &a ".repeat(1 << 17), "[a,".repeat(1 << 17), "://a:b@".repeat(1 << 17)] {
        let (_, _, looked) = look(&value);
        assert!(looked <= 1 << 20, "{looked}");
    }
}

#[test]
fn more_than_can_be_masked_is_an_error_that_names_the_key() {
    let fields = |count: usize| {
        let fields: Vec<_> = (0..count).map(|number| format!("\"field-{number}\"")).collect();
        format!("[{}]", fields.join(","))
    };
    let lines = |count: usize| (0..count).map(|number| format!("line {number}\n")).collect::<String>();
    let result = |value: String| {
        let entries = [("FINE", Value::text("fine")), ("LARGE", Value::text(value))];
        masks(entries.iter().map(|(key, value)| (*key, value)), &[], |_| true).map(|masks| masks.commands.len())
    };
    let too_many = Err(TooManyMasks::Key("LARGE".to_owned()));
    assert_eq!(result(fields(MOST_NESTED)).map(|count| count > MOST_NESTED), Ok(true));
    assert_eq!(result(fields(MOST_NESTED + 1)), too_many);
    assert_eq!(result(lines(MOST_NESTED + 1)), too_many);
    // The same text many times is one mask.
    assert!(result(format!("[{}\"same\"]", "\"same\",".repeat(300_000))).is_ok());
}

#[test]
fn bytes_are_counted_at_each_level() {
    let value = format!(r#"["[\"{}\"]"]"#, "x".repeat(100));
    let look =
        |bytes_left| Nest { bytes_left, shortest: SHORTEST_OF_LINES, found: |_: Nested<'_>| Ok(()) }.look_into(&value);
    let texts = 204 + 2 * COST;
    assert_eq!((look(texts), look(texts - 1)), (Ok(()), Err(TooMuch)));
}

proptest! {
    #[test]
    fn no_text_is_too_odd_to_be_looked_into(value in "[\\[{\"\\\\,:/*nrux0-9é\n =-]{0,40}|.{0,40}") {
        masker(&value);
    }

    #[test]
    fn a_secret_is_hidden_however_it_is_wrapped(
        secret in "[a-zA-Z0-9~!@#%^&*()_+=:;<>,.?/ -]{8,30}",
        wraps in proptest::collection::vec(0..5_usize, 0..4),
    ) {
        prop_assume!(secret.trim() == secret && crate::action::mask::is_worth_it(&secret));
        let value = wraps.iter().fold(secret.clone(), |text, wrap| match wrap {
            0 => serde_json::json!({ "field": text }).to_string(),
            1 => serde_json::json!([1, text, true]).to_string(),
            2 => STANDARD.encode(text),
            3 => URL_SAFE_NO_PAD.encode(text),
            _ => format!("first line\\n{text}\\nlast line"),
        });
        prop_assert_eq!(masker(&value).mask(&secret), "***", "{}", value);
    }
}
