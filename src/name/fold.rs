//! What file systems that do not tell all names apart make of a name.

/// A name without what some file system does not see in it: two names of which this is the same may lead to one file.
/// Ordinary names come out in lower case.
///
/// - macOS and Windows do not tell upper from lower case; APFS and ext4 fold `ſ`, `K` (the Kelvin sign) and ligatures,
///   too.
/// - HFS+, and ext4 where it ignores case, do not see characters that are invisible.
pub(crate) fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    // Upper case first: that takes apart what has no single letter there.
    name.chars().filter(|&c| !is_ignorable(c)).flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// The characters that file systems which fold names leave out (Unicode, "DerivedCoreProperties.txt",
/// `Default_Ignorable_Code_Point`; those of HFS+, Apple's TN1150, are among them).
pub(super) const fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_some_file_system_takes_for_one_are_one() {
        for name in ["Makefile", "MAKEFILE", "makefile", "Ma\u{ad}kefile", "ma\u{212a}efile", "Make\u{fb01}le"] {
            assert_eq!(fold(name), "makefile", "{name:?}");
        }
        assert_eq!(fold("cla\u{17f}\u{17f}.jar"), "class.jar");
        assert_ne!(fold("makefilé"), "makefile");
    }
}
