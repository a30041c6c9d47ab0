//! Extensions that say what a file is, so that a name such as `.env.sh` is none of a dotenv file.
//!
//! A file that is wrongly taken for dotenv fails its push, which says how to store it. A file that is wrongly taken for
//! something else silently has no keys. So an extension is listed only where it hardly ever names a stage, a team or a
//! country: `in`, `ex` and `es` are not, nor are words for copies such as `bak`, `old` and `orig`.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Extensions in lower case, by kind.
const TELLING: [&str; 10] = [
    // Source code and scripts.
    "sh bash zsh fish csh ksh nu ps1 psm1 psd1 bat cmd vbs py pyi pyc ipynb rb php phtml phar pl pm js mjs cjs jsx ts mts \
     cts tsx vue svelte astro go rs java kt kts scala groovy gradle clj cljs cs fs vb swift dart lua cpp hpp hs erl exs elm \
     nim zig jl sol proto graphql gql css scss sass less nix dhall cue bzl bazel cmake mk dockerfile wasm tf",
    // Templates that something has to fill in by a language of its own.
    "j2 jinja jinja2 erb ejs hbs handlebars mustache tpl tmpl gotmpl tftpl ctmpl njk nunjucks twig mako liquid vm ftl ftlh \
     jsonnet libsonnet pug haml eta",
    // Config of another syntax.
    "json5 hjson ndjson jsonl hcl tfvars tfstate ini properties plist xml csv tsv",
    // Documents and images.
    "md mdx markdown rst adoc asciidoc html htm pdf doc docx xls xlsx odt rtf tex png jpg jpeg gif svg webp ico",
    // Changes to a file.
    "patch diff rej",
    // Archives.
    "zip gz tgz bz2 xz zst lz4 br 7z rar tar jar war",
    // Encrypted files and signatures.
    "gpg pgp asc age enc encrypted crypt sig minisig p7m p7s aes kdbx",
    // Keys, certificates and sums.
    "pem key pub crt cer der csr p12 pfx jks keystore ppk md5 sha1 sha256 sha512",
    // Data of programs.
    "db sqlite sqlite3 sql log bin exe dll so dylib",
    // What editors leave.
    "swp swo swn",
];

/// The same, one by one.
static EACH: LazyLock<HashSet<&str>> =
    LazyLock::new(|| TELLING.iter().flat_map(|kind| kind.split_whitespace()).collect());

/// Whether an extension, in lower case and without its dot, says what the file is.
pub(super) fn is_telling(extension: &str) -> bool {
    EACH.contains(extension)
}
