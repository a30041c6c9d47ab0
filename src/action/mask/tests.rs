use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::*;
use crate::action::runner_rules::command_reader::{Reading, read};
use crate::config::{FileType, Setting, Value, ValueKind, parse};
use crate::format::render;
use crate::tried::holds;

fn masks_of(entries: &[(&str, &str)], is_selected: impl Fn(&str) -> bool) -> Masks {
    let entries: Vec<_> = entries.iter().map(|(key, value)| (*key, Value::text(*value))).collect();
    masks(entries.iter().map(|(key, value)| (*key, value)), &[], is_selected).unwrap()
}

fn lines(masks: &Masks) -> Vec<&str> {
    masks.commands.iter().map(|command| command.expose().as_str()).collect()
}

/// What the runner makes of the commands for one value.
pub(super) fn runner(value: &str) -> Reading {
    let masks = masks_of(&[("KEY", value)], |_| true);
    let reading = read(lines(&masks).join("\n").as_bytes());
    assert_eq!(reading.log, Vec::<String>::new(), "only masks, and none of them blank");
    reading
}

#[test]
fn short_and_common_values_stay_readable() {
    for value in [
        "",
        " ",
        "x",
        "ab",
        " ab ",
        "üü",
        "true",
        "False",
        "NULL",
        "0",
        "42",
        "9999",
        "-9999",
        "0.5",
        "1e3",
        "info",
        "debug",
        "dev",
        "prod",
        "production",
        "localhost",
        " Production ",
        "\"production\"",
        "a\nb",
        "{\n}",
        "---\n",
        "\n\n",
        "true,\nfalse,",
    ] {
        let masks = masks_of(&[("KEY", value)], |_| true);
        assert_eq!(masks.unmasked, ["KEY"], "{value:?}");
        let reading = read(lines(&masks).join("\n").as_bytes());
        assert!(reading.masker.mask(value) == value, "{value:?}");
    }
    // Its lines say nothing, the whole does.
    assert_eq!(runner("[\n\"ab\",\n\"cd\"\n]").masker.mask("x=[\"ab\",\"cd\"]"), "x=***");
    for value in ["abc", "üüü", "10000", "-10000", "0042", "1.2.3", "1e5", "truer", "---", "1 2", "\"abc\""] {
        assert_eq!(runner(value).masker.mask(&format!("<{value}>")), "<***>", "{value:?}");
    }
}

#[test]
fn only_selected_keys_are_masked_and_each_text_once() {
    let entries = [("B", "hunter2"), ("LOG_LEVEL", "verbose"), ("A", "hunter2"), ("C", "100%"), ("D", "true")];
    let masks = masks_of(&entries, |key| key != "LOG_LEVEL");
    assert_eq!(lines(&masks), ["::add-mask::hunter2", "::add-mask::100%25"]);
    assert_eq!(masks.unmasked, ["D"]);
    assert_eq!(masks_of(&entries, |_| false), Masks::default());
}

#[test]
fn a_word_is_written_alike_by_every_form() {
    let word = "AZaz09_-.";
    assert!(is_word(word));
    for escape in Format::all_escapes() {
        assert!(matches!(escape, Escape::Base64) || escape.apply(word) == word);
    }
    let longer = "a-rather-long_word.of-every.kind".repeat(9);
    let masks = masks_of(&[("KEY", &longer)], |_| true);
    assert_eq!(lines(&masks), [format!("::add-mask::{longer}")]);
}

fn unkeyed(unkeyed: Unkeyed) -> Result<Masks, TooManyMasks> {
    masks([], &[(ConfigPath::new("broken.env").unwrap(), unkeyed)], |_| false)
}

#[test]
fn what_has_no_key_is_hidden_whatever_keys_are_selected() {
    let masks = unkeyed(Unkeyed::Value(Value::text("be\0hind"))).unwrap();
    assert_eq!(lines(&masks), ["::add-mask::hind"]);
    let text = "services:\n[db.main]\nPIN=s3cret # mine\nPORT=80\n\tstray s3cr3t\n{\n".to_owned();
    let masks = unkeyed(Unkeyed::Text(Secret::new(text))).unwrap();
    let masker = read(lines(&masks).join("\n").as_bytes()).masker;
    for hidden in ["s3cret", "s3cret # mine", "stray s3cr3t"] {
        assert_eq!(masker.mask(hidden), "***", "{hidden}");
    }
    assert_eq!(masker.mask("services: db.main PIN PORT 80 {"), "services: db.main PIN PORT 80 {");
}

#[test]
fn more_than_can_be_masked_of_a_file_without_keys_is_an_error_that_names_the_file() {
    let text = (0..=MOST_NESTED).map(|number| format!("line {number}\n")).collect::<String>();
    let error = unkeyed(Unkeyed::Text(Secret::new(text))).unwrap_err();
    assert_eq!(error, TooManyMasks::File(ConfigPath::new("broken.env").unwrap()));
}

#[test]
fn a_value_of_telling_lines_is_sent_whole_and_line_by_line() {
    let masks = masks_of(&[("KEY", "first line\nsecond%0Aline\r\n\nthird line\n")], |_| true);
    let whole = "::add-mask::first line%0Asecond%250Aline%0D%0A%0Athird line%0A";
    let each = ["::add-mask::first line", "::add-mask::second%250Aline", "::add-mask::third line"];
    assert_eq!(lines(&masks), [&[whole], &each[..]].concat());
}

#[test]
fn a_pretty_document_does_not_mask_its_braces() {
    let value = "{\n  \"user\": \"shop\",\n  \"list\": [\n    true,\n    \"s3cr3t\"\n  ]\n}\n";
    let masker = runner(value).masker;
    assert!(!masker.originals.iter().any(|text| text.trim().len() <= 2 || text == "true,"), "braces would be masked");
    assert_eq!(masker.mask("fn main() { [true, false] }"), "fn main() { [true, false] }");
    for shown in ["  \"user\": \"shop\",", "\"s3cr3t\""] {
        assert!(masker.mask(shown).ends_with("***"), "{shown}");
    }
    let compact = "{\"user\":\"shop\",\"list\":[true,\"s3cr3t\"]}";
    assert_eq!(masker.mask(compact), "***");
    assert_eq!(masker.mask(&format!("[{}]", json_escape(value))), "[***]");
    assert_eq!(masker.mask(&STANDARD.encode(value)), "***");
}

#[test]
fn a_private_key_is_hidden_line_by_line() {
    let value = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nRg==\n-----END KEY-----\n";
    let masker = runner(value).masker;
    assert_eq!(masker.mask("MIIEvQIBADANBgkqhkiG"), "***");
    assert_eq!(masker.mask("-----BEGIN KEY-----\\nMIIEvQIBADANBgkqhkiG\\nRg==\\n-----END KEY-----\\n"), "***");
}

#[test]
fn forms_that_formats_write_are_hidden() {
    let masker = runner("it's a $ecret").masker;
    assert_eq!(masker.mask("export A='it'\\''s a $ecret'"), "export A='***'");
    assert_eq!(masker.mask("A=\"it's a \\$ecret\""), "A=\"***\"");
    assert_eq!(runner("first\t$1\nsecond\n").masker.mask("A=\"first\t\\$1\\nsecond\\n\""), "A=\"***\"");
    let masker = runner("tell \"me\"\u{2028}").masker;
    assert_eq!(masker.mask("\"tell \\\"me\\\"\u{2028}\""), "\"***\"");
    // A line of a longer value too.
    assert_eq!(runner("{\nit's me\n").masker.mask("it'\\''s me"), "***");
}

/// The text of a config value that no line of a log may show.
const CORE: &str = "s3cr3t";

/// A value that every form takes: to ecs-secrets it is a parameter's name.
const MARK: &str = "/shop/MARK";

/// When somebody prints a file in this form, nothing of the value is left to read, but for quotes and white space.
/// Gives how the form wrote it, if it can.
fn assert_hidden(format: Format, value: &Value) -> Option<&'static str> {
    let in_file = |text: &str| {
        let value = Value::new(text.to_owned(), value.kind);
        render(format, &[Setting { name: "A".to_owned(), value }], "shop").map(Secret::into_exposed)
    };
    let text = value.text.expose();
    let (Ok(file), Ok(empty)) = (in_file(text), in_file(MARK)) else { return None };
    let masker = runner(text).masker;
    let shown = file.lines().map(|line| masker.mask(line)).collect::<Vec<_>>().join("\n");
    let plain = |text: &str| text.replace(|c: char| c.is_whitespace() || matches!(c, '\'' | '"'), "");
    let lines = |text: &str| text.split(['\r', '\n']).count();
    if lines(&file) == lines(&empty) {
        let expected = empty.replace(MARK, "***").replace(&STANDARD.encode(MARK), "***");
        assert_eq!(plain(&shown), plain(&expected), "{format} of {text:?}");
        Some("in a line")
    } else {
        assert!(!shown.contains(CORE), "{format} of {text:?}:\n{shown}");
        Some("in lines")
    }
}

/// Gives the forms that have written it, and how.
fn assert_hidden_in_every_format(text: &str, kind: ValueKind) -> Vec<&'static str> {
    let hidden = |format: &Format| Some([format.name(), assert_hidden(*format, &Value::new(text.to_owned(), kind))?]);
    Format::ALL.iter().filter_map(hidden).flatten().collect()
}

/// All that [`assert_hidden_in_every_format`] can give.
fn every_way(least: usize) -> Vec<(&'static str, usize)> {
    Format::ALL.iter().map(|format| format.name()).chain(["in a line", "in lines"]).map(|way| (way, least)).collect()
}

#[test]
fn no_format_writes_a_value_that_is_not_hidden() {
    let mut met = Vec::new();
    for awkward in [
        "plain-s3cr3t",
        "/shop/s3cr3t",
        "it's a $s3cr3t",
        "'s3cr3t'",
        "\"s3cr3t\" & `id`",
        r"C:\s3cr3t\\new\",
        "tab\ts3cr3t",
        "bell\u{7}s3cr3t\u{1b}[2J",
        "nul\0s3cr3t",
        "delete\u{7f}s3cr3t\u{80}\u{9f}",
        "next\u{85}s3cr3t\u{2028}\u{2029}",
        "mark\u{feff}s3cr3t\u{fffe}\u{ffff}",
        "s3cr3t 日本 😀 e\u{301}",
        "  s3cr3t  ",
        "%s3cr3t%0A::",
        "s3cr3t\\",
        "s3cr3t line\nnext 's3cr3t'\n",
        "s3cr3t\r\n$s3cr3t \"two\"\r\n",
        "{\n  \"s3cr3t\": 'it\\'s',\n  \"b\": \"$s3cr3t\"\n}\n",
        "\ts3cr3t\u{feff}\n}\n's3cr3t",
    ] {
        met.extend(assert_hidden_in_every_format(awkward, ValueKind::Text));
    }
    assert!(every_way(1).iter().all(|(way, _)| met.contains(way)), "{met:?}");
    // A number with an exponent is spelt in another way in YAML.
    for number in ["1234567890", "-1.5e300", "123456E3", "12345678901234567890.10e-2"] {
        let met = assert_hidden_in_every_format(number, ValueKind::Number);
        // To ecs-secrets it is no reference.
        assert_eq!(met.len(), 2 * (Format::ALL.len() - 1), "every other form can write {number}");
    }
}

#[test]
fn a_number_is_hidden_as_its_file_spells_it_too() {
    for (file_type, line, spelled) in [
        (FileType::Toml, "a = 1_234_567", "1_234_567"),
        (FileType::Toml, "a = 0xDEAD_BEEF", "0xDEAD_BEEF"),
        (FileType::Toml, "a = +12_345.678_9", "+12_345.678_9"),
        (FileType::Toml, "a = 12_3e8", "12_3e8"),
        (FileType::Json, "{\"a\": 12345e6}", "12345e6"),
        (FileType::Json, "{\"a\": 12345E6}", "12345E6"),
        (FileType::Json, "{\"a\": 12345E+6}", "12345E+6"),
        (FileType::Json, "{\"a\": -123456789E-2}", "-123456789E-2"),
        (FileType::Yaml, "a: 12345E6", "12345E6"),
    ] {
        let entries = parse(file_type, line.as_bytes(), "_").unwrap().entries;
        // The value came from another file before.
        let other = Value::new(entries[0].value.text.expose().clone(), entries[0].value.kind);
        let masks = masks([("OTHER", &other), ("a", &entries[0].value)], &[], |_| true).unwrap();
        let masker = read(lines(&masks).join("\n").as_bytes()).masker;
        assert_eq!(masker.mask(line), line.replace(spelled, "***"));
        assert_eq!(masker.mask(entries[0].value.text.expose()), "***");
    }
    // A small number stays readable however it is spelled.
    let entries = parse(FileType::Toml, b"a = 1_000\nb = 1e0_3", "_").unwrap().entries;
    let masks = masks(entries.iter().map(|entry| (entry.key.as_str(), &entry.value)), &[], |_| true).unwrap();
    assert_eq!((lines(&masks), masks.unmasked.len()), (vec![], 2));
}

#[test]
fn a_value_that_hides_the_commands_colons_is_masked_all_the_same() {
    for value in ["\u{301}secret", "\u{301}secret line\nsecond line", "\u{301}secret line\n}"] {
        let masker = runner(value).masker;
        for line in value.lines().filter(|line| line.len() > 1) {
            assert_eq!(masker.mask(line), "***", "{line:?}");
        }
        assert_eq!(masker.mask(&json_escape(value)), "***", "{value:?}");
    }
}

#[test]
fn nothing_prints_a_value() {
    let masks = masks_of(&[("KEY", "hunter2")], |_| true);
    assert!(!format!("{masks:?}").contains("hunter2"));
}

/// A line with the core in it, among what some form escapes.
fn awkward_line() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "'", "\"", "`", "\\", "\\\\", "$", "${A}", "%", "!", "#", "&+", "&", ":", ",", " ", "\t", "\u{7}", "\u{7f}",
        "\u{85}", "\u{a0}", "\u{2028}", "\u{feff}", "\u{ffff}", "\u{301}", "é", "😀", "word", "true", "1e5",
    ]);
    let pieces = || proptest::collection::vec(piece.clone(), 0..4).prop_map(|pieces| pieces.concat());
    (pieces(), pieces()).prop_map(|(before, after)| format!("{before}{CORE}{after}"))
}

#[test]
fn no_format_writes_any_value_that_is_not_hidden() {
    let others = proptest::collection::vec(prop_oneof![3 => awkward_line(), 1 => Just("{".to_owned())], 0..3);
    let ends = proptest::sample::select(vec!["\n", "\r\n", "\r"]);
    // What one form takes is seldom awkward: references alone.
    let seldom = |way: &str| way == "ecs-secrets";
    let usual: Vec<_> = every_way(30).into_iter().filter(|(way, _)| !seldom(way)).collect();
    holds(128, &(awkward_line(), others, ends), &usual, |(line, others, end)| {
        let mut met = assert_hidden_in_every_format(&[&others[..], &[line]].concat().join(end), ValueKind::Text);
        met.retain(|way| !seldom(way));
        met
    });
}

proptest! {
    #[test]
    fn the_runner_masks_what_is_worth_it_and_nothing_short(
        pieces in proptest::collection::vec(
            prop_oneof![
                3 => "\\PC{0,9}",
                1 => ".{0,4}",
                2 => Just("\n".to_owned()),
                1 => Just("\r\n".to_owned()),
                1 => Just("{".to_owned()),
                1 => Just("%0A".to_owned()),
                1 => Just("::".to_owned()),
                1 => Just("true".to_owned()),
                1 => Just("\"".to_owned()),
            ],
            0..8,
        )
    ) {
        let value = pieces.concat();
        let reading = runner(&value);
        let is_one_line = !value.contains(['\r', '\n']);
        for text in &reading.masker.originals {
            prop_assert!(is_worth_it(text), "{:?} is masked", text);
        }
        for line in value.split(['\r', '\n']) {
            if if is_one_line { is_worth_it(line) } else { is_telling_line(line.trim()) } {
                prop_assert_eq!(reading.masker.mask(line.trim()), "***");
            }
        }
    }
}
