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
    /// The type that a file's name tells, upper and lower case alike.
    ///
    /// `.json`, `.yml`, `.yaml` and `.toml` count wherever they stand, so `.env.json` is JSON. Then `.env`, `*.env`
    /// and `.env.*` are dotenv files, but not encrypted ones such as `.env.gpg`.
    #[must_use]
    pub fn detect(path: &ConfigPath) -> Self {
        let name = path.file_name().to_ascii_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension {
            "json" => Self::Json,
            "yml" | "yaml" => Self::Yaml,
            "toml" => Self::Toml,
            "env" => Self::Dotenv,
            "age" | "asc" | "enc" | "gpg" => Self::Raw,
            _ if name.starts_with(".env.") => Self::Dotenv,
            _ => Self::Raw,
        }
    }

    /// The type that a manifest or a catalog records: a name of [`as_recorded`](Self::as_recorded), or the file's
    /// extension as the Go cStore writes it (`env`, `json`, `yml`). Of a word that says nothing here (the Go tool
    /// records `local` for `.env.local`) the path decides.
    #[must_use]
    pub fn from_recorded(recorded: &str, path: &ConfigPath) -> Self {
        match recorded.to_ascii_lowercase().as_str() {
            "env" => Self::Dotenv,
            "json" => Self::Json,
            "yml" | "yaml" => Self::Yaml,
            "toml" => Self::Toml,
            _ => Self::detect(path),
        }
    }

    /// The word for it in manifests and catalogs, one that the Go cStore understands where it knows the type.
    #[must_use]
    pub const fn as_recorded(self) -> &'static str {
        match self {
            Self::Dotenv => "env",
            Self::Json => "json",
            Self::Yaml => "yml",
            Self::Toml => "toml",
            Self::Raw => "other",
        }
    }

    /// Whether its keys are nested, so that some may have no name as an output.
    #[must_use]
    pub const fn is_nested(self) -> bool {
        matches!(self, Self::Json | Self::Yaml | Self::Toml)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> ConfigPath {
        ConfigPath::new(text).unwrap()
    }

    #[test]
    fn the_name_tells_the_type() {
        for (name, expected) in [
            (".env", FileType::Dotenv),
            ("service/dev/.env", FileType::Dotenv),
            ("prod.env", FileType::Dotenv),
            ("PROD.ENV", FileType::Dotenv),
            (".env.production", FileType::Dotenv),
            (".env.json", FileType::Json),
            (".env.gpg", FileType::Raw),
            (".envrc", FileType::Raw),
            ("env", FileType::Raw),
            ("prod.env.bak", FileType::Raw),
            ("a.JSON", FileType::Json),
            ("a.yml", FileType::Yaml),
            ("a.yaml", FileType::Yaml),
            ("a.toml", FileType::Toml),
            ("json", FileType::Raw),
            ("config.json/ca.pem", FileType::Raw),
            ("noextension", FileType::Raw),
        ] {
            assert_eq!(FileType::detect(&path(name)), expected, "{name}");
        }
    }

    #[test]
    fn a_recorded_type_comes_before_the_name_and_an_unknown_one_after_it() {
        assert_eq!(FileType::from_recorded("env", &path("settings")), FileType::Dotenv);
        assert_eq!(FileType::from_recorded("yaml", &path("x.json")), FileType::Yaml);
        assert_eq!(FileType::from_recorded("local", &path(".env.local")), FileType::Dotenv);
        assert_eq!(FileType::from_recorded("pem", &path("ca.pem")), FileType::Raw);
        assert_eq!(FileType::from_recorded("", &path("x.toml")), FileType::Toml);
    }

    #[test]
    fn what_is_recorded_is_read_again() {
        for name in [".env", "a.json", "a.yml", "a.toml", "a.pem"] {
            let path = path(name);
            let file_type = FileType::detect(&path);
            assert_eq!(FileType::from_recorded(file_type.as_recorded(), &path), file_type);
        }
    }
}
