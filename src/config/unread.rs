use super::error::{ParseError, ParseProblem};
use super::file_type::FileType;
use super::likeness::{Likeness, encrypted_with, likeness};
use super::parse::parse;
use super::parsed::{Parsed, Unkeyed, Warning};
use super::selected::check_outputs;
use super::value::Entry;
use crate::name::ConfigPath;
use crate::secret::Secret;

/// Something in a config file that cannot be read as what the file is, or cannot be delivered. It holds no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadFile {
    /// The file's path, relative to the catalog: what a line of `types` is compared with.
    pub path: ConfigPath,
    /// The same, relative to the workspace.
    pub in_workspace: ConfigPath,
    /// What is wrong, and where.
    pub error: ParseError,
    /// What the file looks like.
    pub looks_like: Option<Likeness>,
}

/// Reads a config file as [`parse`] does; an error says what the file looks like, and a warning that it is encrypted
/// though it can be read.
///
/// # Errors
/// Why it cannot be read.
pub fn read_file(
    file_type: FileType,
    bytes: &[u8],
    separator: &str,
    path: &ConfigPath,
    in_workspace: &ConfigPath,
) -> Result<Parsed, Box<UnreadFile>> {
    let parsed = parse(file_type, bytes, separator).map(|mut parsed| {
        if let Some(tool) = encrypted_with(bytes, &parsed.entries).filter(|_| file_type != FileType::Raw) {
            // That it has no keys goes without saying.
            parsed.warnings.retain(|warning| *warning != Warning::NotAMap);
            parsed.warnings.push(Warning::Encrypted(tool));
        }
        parsed
    });
    parsed.map_err(|error| {
        let looks_like = likeness(bytes, file_type, &error.problem, error.line);
        Box::new(UnreadFile { path: path.clone(), in_workspace: in_workspace.clone(), error, looks_like })
    })
}

/// The shortest piece, in bytes, of a line that is not text as a whole.
const SHORTEST_PIECE: usize = 8;

/// What a file holds that could not be read: its lines, as far as they are text.
#[must_use]
pub fn unread_text(bytes: &[u8]) -> Unkeyed {
    let utf_16 = |read: fn([u8; 2]) -> u16| {
        let units: Vec<_> = bytes[2..].chunks_exact(2).map(|unit| read([unit[0], unit[1]])).collect();
        String::from_utf16_lossy(&units).into()
    };
    let text = match bytes {
        [0xFF, 0xFE, ..] => utf_16(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => utf_16(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes),
    };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let is_no_text = ['\0', char::REPLACEMENT_CHARACTER];
    let mut lines = String::with_capacity(text.len());
    for line in text.split_inclusive(['\r', '\n']) {
        if !line.contains(is_no_text) {
            lines.push_str(line);
            continue;
        }
        for piece in line.split(is_no_text).filter(|piece| piece.len() >= SHORTEST_PIECE) {
            lines.push_str(piece);
            lines.push('\n');
        }
    }
    Unkeyed::Text(Secret::new(lines))
}

/// Whether nothing can deliver a value: a process takes a NUL for its end.
#[must_use]
pub fn is_undeliverable(entry: &Entry) -> bool {
    entry.value.text.expose().contains('\0')
}

/// The values that nothing can deliver, each as an error of its file, whose bytes are these.
pub fn undeliverable<'a>(
    entries: &'a [Entry],
    bytes: &'a [u8],
    path: &'a ConfigPath,
    in_workspace: &'a ConfigPath,
) -> impl Iterator<Item = UnreadFile> + 'a {
    entries.iter().filter(|entry| is_undeliverable(entry)).map(|entry| UnreadFile {
        path: path.clone(),
        in_workspace: in_workspace.clone(),
        error: ParseProblem::nul_in_value(&entry.key).at_line(if entry.line > 0 {
            entry.line
        } else {
            first_nul(bytes)
        }),
        looks_like: None,
    })
}

/// Two keys of which a pull of the file could not make outputs, as an error of the file.
#[must_use]
pub fn same_output(entries: &[Entry], path: &ConfigPath, in_workspace: &ConfigPath) -> Option<UnreadFile> {
    let error = check_outputs(entries).err()?;
    Some(UnreadFile { path: path.clone(), in_workspace: in_workspace.clone(), error, looks_like: None })
}

/// The line of the first NUL that JSON's escape writes, from 1; 0 where there is none.
fn first_nul(bytes: &[u8]) -> usize {
    const ESCAPE: &[u8] = b"\\u0000";
    let found = bytes.windows(ESCAPE.len()).position(|bytes| bytes == ESCAPE);
    found.map_or(0, |at| 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_an_unread_file_is_what_of_it_is_text() {
        let utf_16 = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<_>>();
        for (bytes, text) in [
            (b"A=1\n\0B=secret12\xff\xfe,x\nC=2".to_vec(), "A=1\nB=secret12\nC=2"),
            (utf_16("\u{FEFF}A=ü\n", u16::to_le_bytes), "A=ü\n"),
            (utf_16("\u{FEFF}A=ü\n", u16::to_be_bytes), "A=ü\n"),
            (b"\xff\xfe\x00".to_vec(), ""),
            (b"\xef\xbb\xbfA=1".to_vec(), "A=1"),
        ] {
            assert_eq!(unread_text(&bytes), Unkeyed::Text(Secret::new(text.to_owned())), "{text}");
        }
    }
}
