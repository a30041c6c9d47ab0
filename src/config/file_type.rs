mod extension;

use self::extension::is_telling;
use crate::name::ConfigPath;

/// The format of a config file, by which its values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileType {
    /// `KEY=value` lines.
    Dotenv,
    /// JSON (RFC 8259).
    Json,
    /// YAML 1.2.
    Yaml,
    /// TOML 1.
    Toml,
    /// Bytes that are stored and restored as they are, such as a certificate: never read, so without keys.
    Raw,
}

impl FileType {
    /// All of them, by the names that users write.
    pub const ALL: [(&str, Self); 5] = [
        ("dotenv", Self::Dotenv),
        ("json", Self::Json),
        ("yaml", Self::Yaml),
        ("toml", Self::Toml),
        ("raw", Self::Raw),
    ];

    /// The type that a file's name tells, upper and lower case alike.
    ///
    /// `.json`, `.jsonc`, `.yml`, `.yaml` and `.toml` count wherever they stand, so `.env.json` is JSON. Then the names
    /// of dotenv files are known, unless their last extension says what the file is: `.env.sh` is a script.
    #[must_use]
    pub fn detect(path: &ConfigPath) -> Self {
        let name = path.file_name().to_ascii_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension {
            "json" | "jsonc" => Self::Json,
            "yml" | "yaml" => Self::Yaml,
            "toml" => Self::Toml,
            _ if is_dotenv_name(&name) && !is_telling(extension) => Self::Dotenv,
            _ => Self::Raw,
        }
    }

    /// The type that a manifest or a catalog records. A word that is merely the file's extension says nothing new, and
    /// nothing of it is known for other words: then the path decides. The Go cStore records the extension of every file
    /// (`local` of `.env.local`).
    #[must_use]
    pub fn from_recorded(recorded: &str, path: &ConfigPath) -> Self {
        let recorded = recorded.to_ascii_lowercase();
        if extension_of(path).is_some_and(|extension| extension.eq_ignore_ascii_case(&recorded)) {
            return Self::detect(path);
        }
        Self::of_word(&recorded).unwrap_or_else(|| Self::detect(path))
    }

    /// Whether a word, in lower case, is one that [`from_recorded`](Self::from_recorded) knows.
    #[must_use]
    pub fn is_recorded_word(word: &str) -> bool {
        Self::of_word(word).is_some()
    }

    /// Whether a recorded word says that a file is raw, and is more than the file's extension.
    #[must_use]
    pub fn is_said_to_be_raw(recorded: &str, path: &ConfigPath) -> bool {
        let is_extension = extension_of(path).is_some_and(|extension| extension.eq_ignore_ascii_case(recorded));
        !is_extension && Self::of_word(&recorded.to_ascii_lowercase()) == Some(Self::Raw)
    }

    fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "env" | "dotenv" => Self::Dotenv,
            "json" | "jsonc" => Self::Json,
            "yml" | "yaml" => Self::Yaml,
            "toml" => Self::Toml,
            "raw" | "other" | "text" | "file" | "bin" | "binary" | "none" => Self::Raw,
            _ => return None,
        })
    }

    /// The word for it in a manifest, which [`from_recorded`](Self::from_recorded) reads again whatever the file's name
    /// is.
    #[must_use]
    pub fn as_recorded(self, path: &ConfigPath) -> &'static str {
        match self {
            Self::Dotenv => "env",
            Self::Json => "json",
            Self::Yaml => "yml",
            Self::Toml => "toml",
            // It would be the extension of `.env.raw`, which says nothing.
            Self::Raw if extension_of(path).is_some_and(|extension| extension.eq_ignore_ascii_case("raw")) => "other",
            Self::Raw => "raw",
        }
    }

    /// The word for it in a new entry of a catalog: the extension where the name tells that the file is not read, as
    /// the Go cStore writes it; empty for a file without one.
    #[must_use]
    pub fn as_catalog_type(self, path: &ConfigPath) -> &str {
        match self {
            Self::Raw if Self::detect(path) == Self::Raw => extension_of(path).unwrap_or_default(),
            known => known.as_recorded(path),
        }
    }
}

/// What follows the last dot of a file's name.
fn extension_of(path: &ConfigPath) -> Option<&str> {
    path.file_name().rsplit_once('.').map(|(_, extension)| extension)
}

/// Whether a name, in lower case, is that of a dotenv file, whatever its last extension.
fn is_dotenv_name(name: &str) -> bool {
    const WITHOUT_A_DOT: [&str; 5] = ["env.example", "env.sample", "env.dist", "env.template", "env.local"];
    name.ends_with(".env")
        || name.contains(".env.")
        || name.starts_with(".env-")
        || name == ".flaskenv"
        || WITHOUT_A_DOT.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> ConfigPath {
        ConfigPath::new(text).unwrap()
    }

    #[track_caller]
    fn assert_types(names: &str, expected: FileType) {
        for name in names.split_whitespace() {
            assert_eq!(FileType::detect(&path(name)), expected, "{name}");
        }
    }

    #[test]
    fn the_name_tells_the_type() {
        assert_types(
            ".env service/dev/.env prod.env PROD.ENV .env.production .Env.Local .env.prod.local prod.env.example \
             a.env.b .env-prod .env-prod.bak env.example env.sample env.dist env.template env.local ENV.EXAMPLE .flaskenv \
             prod.env.bak .env.old .env.orig .env.txt .env.vault .env.keys .env.secret .env.ci .env.in .env.es .env.docker",
            FileType::Dotenv,
        );
        assert_types(".env.json .env-prod.json a.JSON a.jsonc prod.env.json", FileType::Json);
        assert_types("a.yml a.yaml .env.yaml .env-prod.YML", FileType::Yaml);
        assert_types("a.toml .env.toml", FileType::Toml);
        assert_types(
            ".envrc env .env_prod .env~ env.production json config.json/ca.pem .env.d/ca.pem noextension x.flaskenv",
            FileType::Raw,
        );
    }

    #[test]
    fn a_last_extension_that_says_what_a_file_is_makes_its_name_none_of_a_dotenv_file() {
        assert_types(
            ".env.sh .env.ts .env.d.ts .env.md .env.MD .env.example.md .env.patch .env.php .env.j2 .env.gpg .env.py \
             .env.rb .env.js .env.ps1 .env.tpl .env.tmpl .env.erb .env.prod.age .env.enc .env.asc .env.zip .env.tar.gz \
             .env.diff .env.html .env.sql .env.json5 .env.ini .env.xml .env.pem .env.key .env.swp .env-prod.sh \
             prod.env.sh .env.local.php",
            FileType::Raw,
        );
    }

    #[test]
    fn no_extension_that_says_what_a_file_is_is_also_one_that_is_read() {
        for read in ["env", "json", "jsonc", "yml", "yaml", "toml", "example", "local", "bak", "template", "dist"] {
            assert!(!is_telling(read), "{read}");
        }
    }

    #[test]
    fn a_recorded_type_comes_before_the_name_and_an_unknown_one_after_it() {
        for (recorded, name, expected) in [
            ("env", "settings", FileType::Dotenv),
            ("ENV", ".env.json", FileType::Dotenv),
            ("dotenv", "settings", FileType::Dotenv),
            ("yaml", "x.json", FileType::Yaml),
            ("json", "x", FileType::Json),
            ("pem", "ca.pem", FileType::Raw),
            ("pem", ".env", FileType::Dotenv),
            ("", "x.toml", FileType::Toml),
        ] {
            assert_eq!(FileType::from_recorded(recorded, &path(name)), expected, "{recorded} of {name}");
        }
        for word in ["raw", "other", "text", "file", "bin", "binary", "none", "RAW"] {
            assert_eq!(FileType::from_recorded(word, &path("x.json")), FileType::Raw, "{word}");
        }
    }

    #[test]
    fn a_recorded_type_that_is_the_files_extension_says_nothing_new() {
        for (name, expected) in [
            (".env.local", FileType::Dotenv),
            ("prod.env.example", FileType::Dotenv),
            (".env.text", FileType::Dotenv),
            (".env.file", FileType::Dotenv),
            (".env.raw", FileType::Dotenv),
            (".env.json", FileType::Json),
            ("x.text", FileType::Raw),
            ("notes.file", FileType::Raw),
            ("x.yaml", FileType::Yaml),
            (".env.sh", FileType::Raw),
        ] {
            let path = path(name);
            let extension = extension_of(&path).unwrap();
            assert_eq!(FileType::from_recorded(extension, &path), expected, "{name}");
            assert_eq!(FileType::from_recorded(&extension.to_uppercase(), &path), expected, "{name}");
        }
    }

    #[test]
    fn what_is_recorded_is_read_again_whatever_the_name() {
        for name in [".env", "a.json", "a.yml", "a.yaml", "a.toml", "a.pem", "a", ".env.raw", "a.other", "x.env.dotenv"]
        {
            for (_, file_type) in FileType::ALL {
                let path = path(name);
                assert_eq!(FileType::from_recorded(file_type.as_recorded(&path), &path), file_type, "{name}");
                assert_eq!(FileType::from_recorded(file_type.as_catalog_type(&path), &path), file_type, "{name}");
            }
        }
    }
}
