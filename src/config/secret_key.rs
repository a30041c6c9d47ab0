//! Which keys look like those of secrets, by their names or by what they hold.

use super::{OutputCase, Setting};

/// Last words of a secret's key.
const WORDS: [&str; 14] = [
    "password",
    "passwd",
    "passphrase",
    "pass",
    "pw",
    "pwd",
    "passcode",
    "secret",
    "token",
    "credential",
    "cred",
    "key",
    "salt",
    "pepper",
];
/// Ends of a last word that stands for several, such as `APIKEY` and `PGPASSWORD`.
const ENDS: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "token",
    "apikey",
    "privatekey",
    "accesskey",
    "secretkey",
    "signingkey",
    "encryptionkey",
];
/// Words before `key` that make it something else.
const OTHER_KEYS: [&str; 11] = [
    "public",
    "publishable",
    "primary",
    "foreign",
    "partition",
    "sort",
    "cache",
    "object",
    "routing",
    "idempotency",
    "range",
];
/// Words for what is signed in to, before `pass` and `pw` in one word, as in `DBPASS`: `COMPASS` and `BYPASS` end so
/// too.
const SIGNED_IN_TO: [&str; 14] =
    ["admin", "app", "auth", "db", "ftp", "ldap", "mail", "mysql", "pg", "postgres", "redis", "root", "smtp", "user"];
/// How credentials in an `Authorization` header begin (RFC 9110, section 11.6.2), whatever the key.
const SCHEMES: [&str; 2] = ["bearer ", "basic "];
/// Folders of a shell.
const FOLDERS: [&str; 2] = ["pwd", "oldpwd"];

/// Whether a value is probably a secret: its key's name ends as those of secrets do, or it holds a private key, or a
/// password in a URL or a connection string. A reference to a secret (an ARN), a switch and a small number are none.
#[must_use]
pub fn looks_secret(Setting { name, value }: &Setting) -> bool {
    let text = value.text.expose();
    !says_nothing(text) && is_secret_key(name)
        || has_private_key(text)
        || has_password(text)
        || has_secret_field(text)
        || has_driver_password(text)
        || has_credentials(text)
}

/// Whether a value is none of a secret, whatever its key is: nothing, a switch, a small number or a reference.
fn says_nothing(text: &str) -> bool {
    let is_switch =
        ["", "true", "false", "yes", "no", "none", "null"].iter().any(|word| text.eq_ignore_ascii_case(word));
    let is_small_number = text.len() < 7 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_switch || is_small_number || text.starts_with("arn:")
}

/// Whether a key's name ends as those of secrets do: `DB_PASSWORD`, `clientSecret`, `api-key`, `PGPASSWORD`, `TOKEN_2`.
#[must_use]
pub fn is_secret_key(key: &str) -> bool {
    let snake = OutputCase::Snake.apply(key);
    !FOLDERS.contains(&snake.as_str()) && ends_as_a_secret(&snake)
}

/// Whether words joined by `_` end as the keys of secrets do.
fn ends_as_a_secret(snake: &str) -> bool {
    // What numbers one of several says nothing.
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    let mut words = snake.rsplit('_').skip_while(is_number);
    let last = words.next().unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit());
    let before = words.next().unwrap_or_default();
    let is_secret = |word: &str| match word {
        "key" => !OTHER_KEYS.contains(&before),
        word => WORDS.contains(&word) || ENDS.iter().any(|end| word.ends_with(end)) || is_pass_of(word),
    };
    is_secret(last) || last.strip_suffix('s').is_some_and(is_secret)
}

fn is_pass_of(word: &str) -> bool {
    let what = ["pass", "pw"].iter().find_map(|end| word.strip_suffix(end));
    what.is_some_and(|what| SIGNED_IN_TO.contains(&what))
}

/// Whether a text holds a private key in PEM (RFC 7468), or as much of its first line as one of a dotenv file that was
/// cut holds.
fn has_private_key(text: &str) -> bool {
    text.contains("-----BEGIN ") && text.contains("PRIVATE KEY") || text.trim() == "-----BEGIN"
}

/// Whether a text is what an `Authorization` header holds.
fn has_credentials(text: &str) -> bool {
    SCHEMES.iter().any(|scheme| {
        let begins = text.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
        // Words go on with others.
        begins && text.len() >= scheme.len() + 8 && !text[scheme.len()..].contains(' ')
    })
}

/// Whether a text holds a URL with a password (RFC 3986, section 3.2.1).
fn has_password(text: &str) -> bool {
    text.match_indices("://").any(|(at, scheme_end)| {
        let rest = &text[at + scheme_end.len()..];
        let authority = rest.split(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'')).next();
        let user = authority.and_then(|authority| authority.rsplit_once('@')).map(|(user, _)| user);
        user.and_then(|user| user.split_once(':')).is_some_and(|(_, password)| !password.is_empty())
    })
}

/// Whether a text has a field such as `Password=…` or `AccountKey=…`, as connection strings, the queries of URLs and
/// the options of programs have them. A field that something is yet to fill in (`${…}`, `<…>`) is none.
fn has_secret_field(text: &str) -> bool {
    /// Longer names and values need not be looked at to their ends.
    const ENOUGH: usize = 64;
    let ends = |c: char| c.is_whitespace() || matches!(c, ';' | '&' | '?' | ',' | '=' | '"' | '\'' | '(' | '{' | '[');
    text.match_indices('=').any(|(at, _)| {
        let name = text[..at].trim_end_matches([' ', '\t']).rsplit(ends).next().unwrap_or_default();
        let snake = OutputCase::Snake.apply(name);
        // Alone this word names no secret in a text: `key=value`.
        if name.len() > ENOUGH || matches!(snake.as_str(), "key" | "keys") || !ends_as_a_secret(&snake) {
            return false;
        }
        let value = text[at + 1..].trim_start_matches([' ', '\t']).trim_start_matches(['"', '\'']);
        let value: String = value
            .chars()
            .take(ENOUGH)
            .take_while(|c| !c.is_whitespace() && !matches!(c, ';' | '&' | ',' | '"' | '\''))
            .collect();
        let is_open = ["${", "$(", "{", "<", "%"].iter().any(|beginning| value.starts_with(beginning));
        !says_nothing(&value) && !is_open
    })
}

/// Whether a text is a data source of Go's drivers with a password: `user:password@tcp(db:3306)/shop`.
fn has_driver_password(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let network = text[at + 1..].trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        if !network.starts_with('(') {
            return false;
        }
        let user = text[..at].rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '\'')).next();
        user.and_then(|user| user.split_once(':')).is_some_and(|(_, password)| !password.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Value;

    #[test]
    fn keys_of_secrets_are_known_by_their_last_words() {
        for key in [
            "PASSWORD",
            "DB_PASSWORD",
            "dbPassword",
            "db.password",
            "client-secret",
            "clientSecret",
            "GITHUB_TOKEN",
            "api_key",
            "APIKEY",
            "ApiKey",
            "PRIVATE_KEY",
            "MYSQL_PWD",
            "DB_PASS",
            "SMTP_PASSWD",
            "PGPASSWORD",
            "AZURE_CREDENTIALS",
            "GOOGLE_CREDENTIAL",
            "DB_PASSWORD_2",
            "TOKEN1",
            "tokens_0",
            "keys",
            "ConnectionStrings_Db_Password",
            "DBPASS",
            "SMTP_PW",
            "dbpw",
            "SIGNING_SALT",
            "KEYSTORE_PASSCODE",
            "AWS_CREDS",
        ] {
            assert!(is_secret_key(key), "{key}");
        }
        for key in [
            "DB_HOST",
            "PUBLIC_KEY",
            "publishableKey",
            "KEY_PREFIX",
            "TOKEN_URL",
            "MONKEY",
            "turkey",
            "AWS_ACCESS_KEY_ID",
            "SECRET_NAME",
            "PASSWORD_FILE",
            "PWD",
            "OLDPWD",
            "CACHE_KEY",
            "BYPASS",
            "COMPASS",
            "ENCOMPASS",
            "AUTH_URL",
            "BASALT",
            "SACRED",
            "",
            "_",
            "1",
        ] {
            assert!(!is_secret_key(key), "{key}");
        }
    }

    #[test]
    fn values_say_what_their_keys_do_not() {
        let looks = |name: &str, text: &str| looks_secret(&Setting { name: name.to_owned(), value: Value::text(text) });
        for (name, text) in [
            ("DB_PASSWORD", "hunter2"),
            ("CERT", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"),
            ("CERT", "-----BEGIN RSA PRIVATE KEY-----\\nMIIE"),
            ("DATABASE_URL", "postgres://app:hunter2@db/app"),
            ("BROKERS", "amqp://a@one amqps://app:p@ss@two/x"),
            ("API_KEY", "1234567"),
            ("AUTH", "Bearer abcdefghijk"),
            ("HEADER", "basic YWxhZGRpbjpvcGVu"),
            ("PRIVATE", "-----BEGIN"),
            ("CERT", "-----BEGIN EC PRIVATE KEY"),
            ("DEFAULT", "Server=db;User Id=sa;Password=hunter22;"),
            ("DEFAULT", "server=db;uid=sa;pwd = hunter22"),
            ("DEFAULT", "Server=db;PASSWORD='hunter22';"),
            ("STORAGE", "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=aHVudGVyMg=="),
            ("BUS", "Endpoint=sb://shop/;SharedAccessKeyName=root;SharedAccessKey=hunter22"),
            ("PG", "host=db user=app password=hunter22 sslmode=require"),
            ("JDBC", "jdbc:postgresql://db/shop?user=app&password=hunter22"),
            ("HOOK", "https://hooks.example/?api_key=hunter22"),
            ("OPTIONS", "-Dspring.datasource.password=hunter22 --token=x"),
            ("DSN", "app:hunter22@tcp(db:3306)/shop"),
        ] {
            assert!(looks(name, text), "{name} {text}");
        }
        for (name, text) in [
            ("DB_PASSWORD", ""),
            ("USE_TOKEN", "True"),
            ("MAX_TOKENS", "4096"),
            ("DB_PASSWORD", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db"),
            ("CERT", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
            ("CERT", "-----BEGIN PUBLIC KEY-----\nMIIB"),
            ("URL", "https://shop.example/a:b@c"),
            ("AUTH", "Bearer"),
            ("TEXT", "Basic settings of the shop"),
            ("URL", "https://app@shop.example"),
            ("URL", "https://app:@shop.example:443/"),
            ("DEFAULT", "Server=db;Integrated Security=true;Persist Security Info=False;Password=;"),
            ("DEFAULT", "Server=db;Password=${DB_PASSWORD};Token=<token>"),
            ("LABELS", "key=value, partition_key=shop-1"),
            ("BUS", "SharedAccessKeyName=RootManageSharedAccessKey"),
            ("ARGS", "--max-tokens=4096 --monkey=see"),
            ("DSN", "app@tcp(db:3306)/shop"),
            ("MAIL", "shop:sales@shop.example (us)"),
        ] {
            assert!(!looks(name, text), "{name} {text}");
        }
    }
}
