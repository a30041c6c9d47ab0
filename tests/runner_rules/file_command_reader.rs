//! Reads GITHUB_OUTPUT and GITHUB_ENV as the runner does.
//!
//! Source: [`EnvFileKeyValuePairs`, `SetOutputFileCommand` and `SetEnvFileCommand`](https://github.com/actions/runner/blob/258d6c857db3519913f7deb6004b60172f8043ae/src/Runner.Worker/FileCommandManager.cs).

use std::collections::BTreeMap;

/// `EnvFileKeyValuePairs`: the entries in the order of the file. The error is the runner's message; entries before it
/// have taken effect by then.
pub(crate) fn pairs(bytes: &[u8]) -> Result<Vec<(String, String)>, String> {
    let text = read_all_text(bytes);
    let text = text.as_str();
    let mut pairs = Vec::new();
    let mut index = 0;
    while let Some((line, _)) = read_line(text, &mut index) {
        if line.is_empty() {
            continue;
        }
        let equals_index = line.find('=');
        let heredoc_index = line.find("<<");
        match (equals_index, heredoc_index) {
            (Some(equals), heredoc) if heredoc.is_none_or(|heredoc| equals < heredoc) => {
                pairs.push((line[..equals].to_owned(), line[equals + 1..].to_owned()));
            }
            (_, Some(heredoc)) => {
                let (key, delimiter) = (&line[..heredoc], &line[heredoc + 2..]);
                if key.is_empty() || delimiter.is_empty() {
                    return Err(format!(
                        "Invalid format '{line}'. Name must not be empty and delimiter must not be empty"
                    ));
                }
                let start_index = index;
                let mut end_index = index;
                loop {
                    match read_line(text, &mut index) {
                        None => return Err(format!("Invalid value. Matching delimiter not found '{delimiter}'")),
                        Some((line, _)) if line == delimiter => break,
                        Some((_, None)) => return Err("Invalid value. EOF marker missing new line.".to_owned()),
                        Some((_, Some(newline))) => end_index = index - newline.len(),
                    }
                }
                let output = if end_index > start_index { &text[start_index..end_index] } else { "" };
                pairs.push((key.to_owned(), output.to_owned()));
            }
            _ => return Err(format!("Invalid format '{line}'")),
        }
    }
    Ok(pairs)
}

/// A step's outputs after the file was read. Their names ignore case, and the last of one name holds.
pub(crate) fn outputs(bytes: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let mut outputs = BTreeMap::<String, String>::new();
    for (name, value) in pairs(bytes)? {
        if name.is_empty() {
            return Err("Value cannot be null. (Parameter 'name')".to_owned());
        }
        outputs.retain(|other, _| other.to_uppercase() != name.to_uppercase());
        outputs.insert(name, value);
    }
    Ok(outputs)
}

/// What the file adds to the environment of the later steps, and the names that the runner refuses with an error.
pub(crate) fn environment(bytes: &[u8]) -> Result<(BTreeMap<String, String>, Vec<String>), String> {
    let mut environment = BTreeMap::new();
    let mut blocked = Vec::new();
    for (name, value) in pairs(bytes)? {
        if name.eq_ignore_ascii_case("NODE_OPTIONS") {
            blocked.push(name);
        } else {
            environment.insert(name, value);
        }
    }
    Ok((environment, blocked))
}

/// `File.ReadAllText`: UTF-8 unless a byte order mark says otherwise; the mark itself vanishes.
fn read_all_text(bytes: &[u8]) -> String {
    let utf_16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<_> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// `EnvFileKeyValuePairs.ReadLine` as compiled for Linux: the line and its line break, none when it has none.
fn read_line<'a>(text: &'a str, index: &mut usize) -> Option<(&'a str, Option<&'a str>)> {
    let rest = text.get(*index..).filter(|rest| !rest.is_empty())?;
    match rest.find('\n') {
        None => {
            *index = text.len();
            Some((rest, None))
        }
        Some(lf_index) => {
            *index += lf_index + 1;
            Some((&rest[..lf_index], Some("\n")))
        }
    }
}
