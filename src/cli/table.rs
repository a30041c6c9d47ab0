//! The commands of the command line, in the order of its help.

use crate::option::Command;

/// A command, as a person types it. Its options are those of the table of options.
pub(super) struct CommandLine {
    pub(super) command: Command,
    /// Other names for it.
    pub(super) aliases: &'static [&'static str],
    /// What it does, in a few words.
    pub(super) about: &'static str,
    /// Command lines, and what each does.
    pub(super) examples: &'static [(&'static str, &'static str)],
    /// What stands there without a flag.
    pub(super) arguments: &'static [Argument],
}

/// What stands on a command line without a flag before it.
pub(super) struct Argument {
    /// What help calls it, such as `FILE`; it is asked for by this name, too.
    pub(super) name: &'static str,
    pub(super) number: Number,
    pub(super) help: &'static str,
}

/// How often an argument stands there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    One,
    /// Once, or not at all.
    Optional,
    /// As often as one likes.
    Any,
    /// Once or more, and whatever follows is part of it.
    CommandLine,
}

/// The files that a command is about.
const FILES: Argument =
    Argument { name: "FILE", number: Number::Any, help: "A path or pattern of files; all where none is given" };

/// All commands.
pub(super) static COMMANDS: &[CommandLine] = &[
    CommandLine {
        command: Command::Init,
        aliases: &[],
        about: "Write a catalog, and what git is to ignore",
        examples: &[
            ("cstore init", "ask for context, bucket and KMS key"),
            ("cstore init --context shop --bucket acme-config --yes", "ask nothing"),
        ],
        arguments: &[],
    },
    CommandLine {
        command: Command::Status,
        aliases: &[],
        about: "Say what lies here, what was changed, and what is newer in the bucket",
        examples: &[
            ("cstore status", "compare the files here with the bucket's"),
            ("cstore status -v v1.4.2", "compare them with those of a version"),
        ],
        arguments: &[FILES],
    },
    CommandLine {
        command: Command::Push,
        aliases: &[],
        about: "Store files, in the head or as a version",
        examples: &[
            ("cstore push", "store the catalog's files in the head"),
            ("cstore push service/dev/.env", "store one file, and list it in the catalog"),
            (
                "cstore push -v v1.4.2 -m 'New database'",
                "publish the files as a version, which nobody changes any more",
            ),
        ],
        arguments: &[FILES],
    },
    CommandLine {
        command: Command::Pull,
        aliases: &[],
        about: "Write files, and keep what you have changed",
        examples: &[
            ("cstore pull", "write the files of the head, with your changes merged"),
            ("cstore pull -v v1.4.2 --to /tmp/v1.4.2", "write those of a version into a folder of their own"),
        ],
        arguments: &[FILES],
    },
    CommandLine {
        command: Command::Export,
        aliases: &[],
        about: "Print the values to standard output",
        examples: &[
            ("eval \"$(cstore export)\"", "set the values of the head in this shell"),
            ("cstore export -v v1.4.2 -g json | jq", "print those of a version as JSON"),
        ],
        arguments: &[FILES],
    },
    CommandLine {
        command: Command::Exec,
        aliases: &["run"],
        about: "Run a program with the values in its environment",
        examples: &[
            ("cstore exec -v v1.4.2 -- node server.js", "start it with the values of a version"),
            ("cstore exec -t service --pristine -- ./server", "with the files of a tag, and little else"),
            ("cstore exec --file certs/ca.pem=CA_FILE -- ./server", "with a file that touches no disk"),
        ],
        arguments: &[Argument {
            name: "COMMAND",
            number: Number::CommandLine,
            help: "The program and its arguments; write -- before them",
        }],
    },
    CommandLine {
        command: Command::Get,
        aliases: &[],
        about: "Print one value",
        examples: &[("cstore get DATABASE_URL", "print it as it is, without a line break of its own")],
        arguments: &[Argument { name: "KEY", number: Number::One, help: "The config key" }],
    },
    CommandLine {
        command: Command::List,
        aliases: &["ls"],
        about: "List contexts, versions, files, tags or keys",
        examples: &[
            ("cstore list", "name the files of the head"),
            ("cstore list versions", "name what is published, the newest first"),
            ("cstore list keys -v v1.4.2", "name the config keys of a version, and no value"),
        ],
        arguments: &[Argument {
            name: "WHAT",
            number: Number::Optional,
            help: "contexts, versions, files, tags or keys [default: files]",
        }],
    },
    CommandLine {
        command: Command::Log,
        aliases: &[],
        about: "Tell who published which version, when and why",
        examples: &[
            ("cstore log", "tell of the last 20 versions"),
            ("cstore log -n 100 DATABASE_URL", "of the last 100, name those that changed this key"),
        ],
        arguments: &[Argument {
            name: "KEY",
            number: Number::Optional,
            help: "Only versions that changed this config key",
        }],
    },
    CommandLine {
        command: Command::Show,
        aliases: &[],
        about: "Tell all of one version: who, when, why, and what it changed",
        examples: &[
            ("cstore show v1.4.2", "name the files that it changed"),
            ("cstore show --keys", "name the keys that the last push of the head changed"),
        ],
        arguments: &[Argument { name: "REF", number: Number::Optional, help: "The version [default: head]" }],
    },
    CommandLine {
        command: Command::Diff,
        aliases: &[],
        about: "Say which files and keys differ between two versions, environments or folders",
        examples: &[
            ("cstore diff", "what the files here change in the head"),
            ("cstore diff v1.4.1 v1.4.2", "what a version changed"),
            ("cstore diff shop-staging@head shop@head --exit-code", "exit with 1 if two environments differ"),
        ],
        arguments: &[
            Argument {
                name: "A",
                number: Number::Optional,
                help: "What it was: a REF, or . for the files here [default: head]",
            },
            Argument { name: "B", number: Number::Optional, help: "What it became, likewise [default: .]" },
        ],
    },
    CommandLine {
        command: Command::Verify,
        aliases: &[],
        about: "Compare every stored object with its manifest",
        examples: &[
            ("cstore verify v1.4.2", "name all files of a version that are missing, damaged or replaced"),
            ("cstore verify --same-keys shop-staging@head shop@head", "name the keys that one environment lacks"),
        ],
        arguments: &[Argument {
            name: "REF",
            number: Number::Optional,
            help: "The version, as [CONTEXT@]VERSION [default: head]",
        }],
    },
    CommandLine {
        command: Command::Clean,
        aliases: &[],
        about: "Delete local copies of files that are in the bucket as they lie here",
        examples: &[
            ("cstore clean --dry-run", "name what would be deleted, and what would stay, and why"),
            ("cstore clean service/dev/.env", "delete one file, if a pull brings it back"),
        ],
        arguments: &[FILES],
    },
    CommandLine {
        command: Command::Completions,
        aliases: &[],
        about: "Print a script that completes command lines in a shell",
        examples: &[
            ("source <(cstore completions bash)", "complete in this bash; in ~/.bashrc, in every new one"),
            ("cstore completions fish > ~/.config/fish/completions/cstore.fish", "complete in fish"),
        ],
        arguments: &[Argument { name: "SHELL", number: Number::One, help: "bash, elvish, fish, powershell or zsh" }],
    },
];
