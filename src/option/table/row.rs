//! What rows of the table are made of.
//!
//! A row names the fields in which it differs from a base. Its doc comment is the option's description, and becomes a
//! sentence of `action.yml` and of the documentation. Below a `;` stands how a command line offers the option: with a
//! doc comment of its own where the description differs, and with the fields of a [`Flag`] that differ from the usual.

use crate::option::spec::{Flag, FrontEnd, Kind, OptionSpec};

pub(super) const ACTION: &[FrontEnd] = &[FrontEnd::Action];
pub(super) const COMMAND_LINE: &[FrontEnd] = &[FrontEnd::CommandLine];

/// What most flags have in common.
pub(super) const FLAG: Flag = Flag {
    name: "",
    short: None,
    no_short_of: &[],
    aliases: &[],
    value_name: "",
    bare: "",
    description: "",
    for_commands: &[],
    may_be_empty: false,
    has_variable: true,
    not_of: &[],
    is_brief: false,
};

/// The base of an option of any kind.
pub(super) const USUAL: OptionSpec = OptionSpec {
    name: "",
    kind: Kind::Text,
    default: "",
    commands: super::commands::ALL,
    is_refused_elsewhere: false,
    refused_by: &[],
    instead: None,
    front_ends: &[FrontEnd::Action, FrontEnd::CommandLine],
    flag: FLAG,
    needs: &[],
    excludes: &[],
    syntax: "",
    description: "",
};

/// The base of an option that takes one line.
pub(super) const TEXT: OptionSpec = OptionSpec { kind: Kind::Text, ..USUAL };

/// The base of an option that takes one item a line.
pub(super) const LINES: OptionSpec = OptionSpec { kind: Kind::Lines, ..USUAL };

/// The base of an option that is `true` or `false`, and `false` when it is not given.
pub(super) const SWITCH: OptionSpec = OptionSpec { kind: Kind::Flag, default: "false", ..USUAL };

/// The base of such an option of the command line alone.
pub(super) const CLI_SWITCH: OptionSpec = OptionSpec { front_ends: COMMAND_LINE, ..SWITCH };

/// The words of a choice.
pub(super) const fn words<T, const N: usize>(choices: &[(&'static str, T); N]) -> [&'static str; N] {
    let mut words = [""; N];
    let mut i = 0;
    while i < N {
        words[i] = choices[i].0;
        i += 1;
    }
    words
}

macro_rules! options {
    ($(
        $(#[doc = $doc:literal])+
        $row:ident: $base:ident {
            $($field:ident: $value:expr),+ $(,)?
            $(; $(#[doc = $own_doc:literal])* flag: { $($flag_field:ident: $flag_value:expr),* $(,)? })?
        }
    )+) => {
        $(
            $(#[doc = $doc])+
            pub(crate) static $row: $crate::option::spec::OptionSpec = $crate::option::spec::OptionSpec {
                $($field: $value,)+
                description: concat!($($doc),+).trim_ascii(),
                flag: $crate::option::spec::Flag {
                    $($($flag_field: $flag_value,)*)?
                    description: concat!($($($own_doc),*)?).trim_ascii(),
                    ..$crate::option::table::row::FLAG
                },
                ..$base
            };
        )+

        /// The options of this subject, in the order of the documentation.
        pub(super) const ROWS: &[&$crate::option::spec::OptionSpec] = &[$(&$row),+];
    };
}
pub(super) use options;
