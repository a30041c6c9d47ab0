//! The types of plain scalars by YAML's core schema (<https://yaml.org/spec/1.2.2/#103-core-schema>).

/// The type that the core schema gives a plain scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Null,
    Bool(bool),
    Int,
    Float,
    Text,
}

/// The type of a plain scalar: one without a tag and without quotes.
pub(crate) fn meaning(text: &str) -> Meaning {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Meaning::Null,
        "true" | "True" | "TRUE" => Meaning::Bool(true),
        "false" | "False" | "FALSE" => Meaning::Bool(false),
        _ => number(text),
    }
}

fn number(text: &str) -> Meaning {
    let all = |digits: &str, is_digit: fn(&u8) -> bool| !digits.is_empty() && digits.bytes().all(|b| is_digit(&b));
    if let Some(digits) = text.strip_prefix("0x") {
        return if all(digits, u8::is_ascii_hexdigit) { Meaning::Int } else { Meaning::Text };
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return if all(digits, |b| (b'0'..=b'7').contains(b)) { Meaning::Int } else { Meaning::Text };
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Meaning::Float;
    }
    if all(unsigned, u8::is_ascii_digit) {
        return Meaning::Int;
    }
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_mantissa = (!whole.is_empty() || !fraction.is_empty())
        && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
    let is_exponent =
        exponent.is_none_or(|exponent| all(exponent.strip_prefix(['-', '+']).unwrap_or(exponent), u8::is_ascii_digit));
    if is_mantissa && is_exponent { Meaning::Float } else { Meaning::Text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_the_core_schema_says() {
        for (texts, expected) in [
            ("~ null Null NULL", Meaning::Null),
            ("true True TRUE", Meaning::Bool(true)),
            ("false False FALSE", Meaning::Bool(false)),
            ("0 -1 +1 007 0x1f 0o17", Meaning::Int),
            (".5 5. -1.10 +1e5 1E-05 .inf -.Inf +.INF .nan .NaN", Meaning::Float),
            (
                "nULL tRUE yes on y 1_000 0x 0xg 0o8 0b1 -0x1 . e5 .e5 1e 1e+ +.nan 1.2.3 12:30 2024-01-01 a １",
                Meaning::Text,
            ),
        ] {
            for text in texts.split(' ') {
                assert_eq!(meaning(text), expected, "{text}");
            }
        }
        assert_eq!(meaning(""), Meaning::Null);
    }
}
