//! The form `shell`: `export NAME='value'` lines, to be sourced or given to `eval`.
//!
//! Only what POSIX promises is used: in single quotes every character stands for itself (Shell Command Language,
//! section 2.2.2), and a single quote is written as `'\''`. So it does not matter which shell reads it, but for
//! variables that a shell keeps as numbers: what is assigned to them is evaluated, and may run a command.

use std::borrow::Cow;

use super::escape::Escape;
use super::form::{Form, Keeps, Refusal};
use crate::config::Setting;
use crate::name::{is_variable_name, variable_name};

pub(super) const FORM: Form = Form {
    name: "shell",
    go_name: "terminal-export",
    extension: "sh",
    description: "`export NAME='value'` lines for any POSIX shell",
    keeps: Keeps::Anything,
    name_of: variable_name,
    render,
    escapes: &[Escape::Text(escape)],
};

/// Names that are read-only in bash: setting one fails, which ends a script under `set -e`.
const READ_ONLY: [&str; 6] = ["BASHOPTS", "BASH_VERSINFO", "EUID", "PPID", "SHELLOPTS", "UID"];

/// Variables that bash, mksh or zsh keep as integers. What is assigned to one is evaluated as an arithmetic expression,
/// quoted or not, and its subscripts may hold command substitutions: `RANDOM='a[$(reboot)]'`. A plain number is safe.
const NUMBERS: [&str; 33] = [
    "ARGC",
    "BASHPID",
    "BAUD",
    "COLUMNS",
    "EGID",
    "EPOCHSECONDS",
    "ERRNO",
    "FUNCNEST",
    "GID",
    "HISTCMD",
    "HISTSIZE",
    "KEYTIMEOUT",
    "KSHEGID",
    "KSHGID",
    "KSHUID",
    "LINENO",
    "LINES",
    "LISTMAX",
    "LOGCHECK",
    "MAILCHECK",
    "OPTIND",
    "PGRP",
    "PIPESTATUS",
    "RANDOM",
    "SAVEHIST",
    "SECONDS",
    "SHLVL",
    "SRANDOM",
    "TMOUT",
    "TRY_BLOCK_ERROR",
    "TRY_BLOCK_INTERRUPT",
    "TTYIDLE",
    "USER_ID",
];

/// Names are those of shell variables, `[A-Za-z_][A-Za-z0-9_]*`. A value may be any text without NUL.
fn render(settings: &[Setting], _context: &str) -> Result<String, Refusal> {
    let mut out = String::new();
    for setting in settings {
        if !is_variable_name(&setting.name) {
            return Err(Refusal::from_setting(
                setting,
                "a name must begin with a letter or _ and go on with letters, digits and _",
            ));
        }
        if READ_ONLY.contains(&setting.name.as_str()) {
            return Err(Refusal::from_setting(setting, "the variable is read-only in bash"));
        }
        let value = setting.value.text.expose();
        if NUMBERS.contains(&setting.name.as_str()) && !is_plain_number(value) {
            return Err(Refusal::from_setting(
                setting,
                "a shell evaluates what it assigns to the variable as arithmetic, which may run commands; only a plain number \
                 is safe",
            ));
        }
        if value.contains('\0') {
            return Err(Refusal::from_setting(setting, "its value contains a NUL character"));
        }
        out.push_str("export ");
        out.push_str(&setting.name);
        out.push_str("='");
        out.push_str(&escape(value));
        out.push_str("'\n");
    }
    Ok(out)
}

/// Whether it is a decimal number, and so no expression.
fn is_plain_number(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A text between single quotes.
fn escape(text: &str) -> Cow<'_, str> {
    if text.contains('\'') { Cow::Owned(text.replace('\'', r"'\''")) } else { Cow::Borrowed(text) }
}
