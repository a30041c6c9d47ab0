use super::*;
use crate::config::MOST_VALUES;

const ALL: [FileType; 4] = [FileType::Dotenv, FileType::Json, FileType::Yaml, FileType::Toml];

fn sample(file_type: FileType) -> &'static str {
    match file_type {
        FileType::Dotenv => "A=1\n",
        FileType::Json => "{\"A\": \"1\"}",
        FileType::Yaml => "A: '1'\n",
        FileType::Toml => "A = '1'\n",
        FileType::Raw => "",
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    for file_type in ALL {
        let plain = parse(file_type, sample(file_type).as_bytes(), "_").unwrap();
        let marked = parse(file_type, format!("\u{FEFF}{}", sample(file_type)).as_bytes(), "_").unwrap();
        assert_eq!(plain, marked);
        assert_eq!(plain.entries[0].key, "A");
    }
}

#[test]
fn carriage_returns_before_line_feeds_are_fine() {
    for file_type in ALL {
        let text = format!("\r\n{}\r\n", sample(file_type).trim_end());
        assert_eq!(parse(file_type, text.as_bytes(), "_").unwrap().entries.len(), 1, "{file_type:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_line() {
    for file_type in ALL {
        for (bad, problem) in [(&b"\n\n\xff"[..], ParseProblem::NotUtf8), (b"\n\n\0", ParseProblem::Nul)] {
            let bytes = [sample(file_type).trim_end().as_bytes(), bad].concat();
            let error = parse(file_type, &bytes, "_").unwrap_err();
            assert_eq!((error.line, error.problem), (Some(3), problem), "{file_type:?}");
        }
    }
}

#[test]
fn empty_files_have_no_keys() {
    for file_type in ALL {
        for text in ["", "\n", "\u{FEFF}", " \r\n"] {
            let parsed = parse(file_type, text.as_bytes(), "_").unwrap();
            assert_eq!(parsed.entries, []);
            assert_eq!(parsed.warnings.len(), usize::from(file_type == FileType::Json), "{file_type:?}");
        }
    }
}

#[test]
fn other_files_are_not_looked_at() {
    assert_eq!(parse(FileType::Raw, b"\xff\0", "_"), Ok(Parsed::default()));
}

#[test]
fn ten_thousand_keys_and_a_line_of_sixteen_mebibytes_are_read() {
    let keys = |line: fn(usize) -> String| (0..10_000).map(line).collect::<String>();
    let json = keys(|i| format!("\"K{i}\": {i},\n"));
    for (file_type, text) in [
        (FileType::Dotenv, keys(|i| format!("K{i}={i}\n"))),
        (FileType::Json, format!("{{{json}\"Z\": 0}}")),
        (FileType::Yaml, keys(|i| format!("K{i}: {i}\n"))),
        (FileType::Toml, keys(|i| format!("K{i} = {i}\n"))),
    ] {
        assert!(parse(file_type, text.as_bytes(), "_").unwrap().entries.len() >= 10_000, "{file_type:?}");
        let long = sample(file_type).replace('1', &"1".repeat(16 * 1024 * 1024));
        let entries = parse(file_type, long.as_bytes(), "_").unwrap().entries;
        assert_eq!(entries[0].value.text.expose().len(), 16 * 1024 * 1024, "{file_type:?}");
    }
}

#[test]
fn the_number_of_values_is_bounded() {
    let text: String = (0..=MOST_VALUES).map(|i| format!("K{i}=\n")).collect();
    assert_eq!(parse(FileType::Dotenv, text.as_bytes(), "_").unwrap_err().problem, ParseProblem::TooManyValues);
}

#[test]
fn places_and_clauses_make_one_line() {
    let problem = || ParseProblem::KeyTwice { key: "a\n\u{202e}b".to_owned(), first_line: Some(1) };
    assert_eq!(
        ParseError { line: Some(2), column: Some(3), problem: problem() }.to_string(),
        "line 2, column 3: the key \"a\\n\\u{202e}b\" occurs twice, first on line 1"
    );
    assert_eq!(ParseProblem::OpenQuote.at_line(4).to_string(), "line 4: the quote that begins here is not closed");
    assert_eq!(ParseProblem::TooLarge.at_line(0).to_string(), "keys and values, written out, are longer than 20 MiB");
}
